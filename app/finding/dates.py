"""Days, weeks, months and spans of time in words: "last week", Q2 2026, 2026-03, <7d.

Days are UTC days and weeks begin on Monday, as everywhere in the record.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.clock import DAY_MS, day_text

UNIT_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7, "m": 30, "month": 30, "y": 365, "year": 365}
EXPECTED = "<7d, >2026-01-31, 2026-03, Q2 2026, today or “last month”"

_LENGTH = re.compile(
    r"(?:last |past |next )?(\d{1,4}) ?(days|day|weeks|week|months|month|years|year|[dwmy])"
)
_QUARTER = re.compile(r"(?:q([1-4])(?:[ -]?(\d{4}))?|(\d{4})[ -]?q([1-4]))")
_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_MONTHS = {
    name.lower(): number
    for names in (month_name, month_abbr)
    for number, name in enumerate(names)
    if name
}
_COMPARED = re.compile(r"(>=|<=|>|<|=|)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole numbers from ``low`` to ``high``, both included; None leaves that side open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in UTC milliseconds, and how it is said after "changed", "expires", ..."""

    interval: Interval
    said: str


def span(text: str, now: int, *, ahead: bool) -> Span | None:
    """The time meant by a value such as ``<7d`` or ``Q2 2026``; None when it means none.

    A length counts back from ``now`` (UTC ms), or forward when the date lies ``ahead`` as an
    expiry does: ``<30d`` is then within the next 30 days.
    """
    sign, rest = _compared(text)
    if not sign and ".." in rest:
        return _range(rest, now, ahead=ahead)
    days = _length(rest)
    if days is not None:
        return _distance(sign, days, now, ahead=ahead)
    found = _period(rest, now)
    if found is None:
        return None
    return _of_period(sign, *found)


def length_days(text: str) -> int | None:
    """The days of ``90d``, ``2w``, ``3 months``; a bare number is days; None for anything else."""
    text = _plain(text)
    return int(text) if text.isdigit() and len(text) < 5 else _length(text)


def _compared(text: str) -> tuple[str, str]:
    match = _COMPARED.fullmatch(text.strip())
    assert match is not None
    return match[1], _plain(match[2])


def _plain(text: str) -> str:
    """Lower case, with hyphens and underlines between words as spaces."""
    text = re.sub(r"(?<=[a-z])[-_](?=[a-z\d])|(?<=\d)[-_](?=[a-z])", " ", text.strip().lower())
    return " ".join(text.split())


def _length(text: str) -> int | None:
    match = _LENGTH.fullmatch(text)
    return int(match[1]) * UNIT_DAYS[match[2].rstrip("s")] if match else None


def _distance(sign: str, days: int, now: int, *, ahead: bool) -> Span:
    length = days * DAY_MS
    counted = "1 day" if days == 1 else f"{days:,} days"
    if ahead:
        if sign in (">", ">="):
            return Span(Interval(now + length, None), f"in more than {counted}")
        return Span(Interval(now, now + length), f"in the next {counted}")
    if sign in (">", ">="):
        return Span(Interval(None, now - length), f"more than {counted} ago")
    return Span(Interval(now - length, None), f"in the last {counted}")


def _range(text: str, now: int, *, ahead: bool) -> Span | None:
    first, _, last = (side.strip() for side in text.partition(".."))
    if not first and not last:
        return None
    near, far = _length(first), _length(last)
    if (near is not None or not first) and (far is not None or not last):
        return _distances(near or 0, far, now, ahead=ahead)
    begin, end = _period(first, now), _period(last, now)
    if (first and begin is None) or (last and end is None):
        return None
    if begin is None or end is None:
        return _of_period("<=" if begin is None else ">=", *(begin or end or (0, 0)))
    low, high = min(begin[0], end[0]), max(begin[1], end[1])
    return Span(Interval(low, high), _between(low, high))


def _distances(near: int, far: int | None, now: int, *, ahead: bool) -> Span:
    """From so many days away to so many, or to any number."""
    said = f"more than {near:,} days" if far is None else f"{near:,} to {far:,} days"
    close = near * DAY_MS
    distant = None if far is None else far * DAY_MS
    if ahead:
        return Span(Interval(now + close, None if distant is None else now + distant), f"in {said}")
    return Span(Interval(None if distant is None else now - distant, now - close), f"{said} ago")


def _of_period(sign: str, start: int, end: int) -> Span:
    if sign == ">":
        return Span(Interval(end + 1, None), f"after {day_text(end)}")
    if sign == ">=":
        return Span(Interval(start, None), f"since {day_text(start)}")
    if sign == "<":
        return Span(Interval(None, start - 1), f"before {day_text(start)}")
    if sign == "<=":
        return Span(Interval(None, end), f"until {day_text(end)}")
    return Span(Interval(start, end), _between(start, end))


def _between(start: int, end: int) -> str:
    first, last = day_text(start), day_text(end)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _period(text: str, now: int) -> tuple[int, int] | None:
    """First and last millisecond of a day, week, month, quarter or year."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    try:
        days = (
            _named(text, today) or _of_quarter(text, today) or _dated(text) or _month(text, today)
        )
        return (_ms(days[0]), _ms(days[1]) - 1) if days else None
    except (ValueError, OverflowError):
        return None


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


Days = tuple[date, date]
"""The first day, and the first day after."""


def _named(text: str, today: date) -> Days | None:
    near = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(text)
    if near is not None:
        day = today + timedelta(days=near)
        return day, day + timedelta(days=1)
    which, _, unit = text.partition(" ")
    step = {"last": -1, "this": 0, "next": 1}.get(which)
    if step is None:
        return None
    if unit == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    return _months(today.year, (today.month - 1) // months + step, months) if months else None


def _months(year: int, place: int, length: int) -> Days:
    """The ``place``-th run of ``length`` months since the beginning of a year."""
    first, after = place * length, (place + 1) * length
    return (
        date(year + first // 12, first % 12 + 1, 1),
        date(year + after // 12, after % 12 + 1, 1),
    )


def _of_quarter(text: str, today: date) -> Days | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    year = int(match[2] or match[3] or today.year)
    return _months(year, int(match[1] or match[4]) - 1, 3)


def _dated(text: str) -> Days | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not 1900 <= year <= 2999:
        return None
    if day:
        first = date(year, month, day)
        return first, first + timedelta(days=1)
    if match[2]:
        return _months(year, month - 1, 1) if 1 <= month <= 12 else None
    return _months(year, 0, 12)


def _month(text: str, today: date) -> Days | None:
    name, _, year = text.partition(" ")
    number = _MONTHS.get(name)
    if number is None or not (not year or re.fullmatch(r"\d{4}", year)):
        return None
    return _months(int(year or today.year), number - 1, 1)
