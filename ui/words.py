"""How numbers, times and states are said in the shell."""

from __future__ import annotations

from app.clock import now_ms

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_KB = 1024


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 asset", "1,014 assets"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ago(ms: int | None, now: int | None = None) -> str:
    """A past moment as people say it: "never", "just now", "12 minutes ago", "9 Nov 2026"."""
    if ms is None:
        return "Never"
    passed = (now_ms() if now is None else now) - ms
    if passed < _MINUTE:
        return "Just now"
    if passed < _HOUR:
        return f"{count(passed // _MINUTE, 'minute')} ago"
    if passed < _DAY:
        return f"{count(passed // _HOUR, 'hour')} ago"
    if passed < 7 * _DAY:
        return f"{count(passed // _DAY, 'day')} ago"
    return day(ms)


def moment(ms: int, now: int | None = None) -> str:
    """A local moment in short: "14:02" of the last day, else "9 Nov 2026"."""
    from PySide6.QtCore import QDateTime, QLocale

    if (now_ms() if now is None else now) - ms >= _DAY:
        return day(ms)
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(ms).time(), "HH:mm")


def day(ms: int) -> str:
    """A local date: "9 Nov 2026"."""
    from PySide6.QtCore import QDateTime, QLocale

    moment = QDateTime.fromMSecsSinceEpoch(ms)
    return QLocale().toString(moment.date(), "d MMM yyyy")


def date_and_time(ms: int) -> str:
    """A local date with its time: "9 Nov 2026, 14:02"."""
    from PySide6.QtCore import QDateTime, QLocale

    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(ms), "d MMM yyyy, HH:mm")


def size(number: int) -> str:
    """Bytes as people say them: "812 B", "14 KB", "1.2 MB", "3.4 GB"."""
    if number < _KB:
        return f"{number} B"
    if number < _KB**2:
        return f"{round(number / _KB):,} KB"
    if number < _KB**3:
        return f"{number / _KB**2:,.1f} MB"
    return f"{number / _KB**3:,.1f} GB"
