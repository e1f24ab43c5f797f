"""The words of the attention page: what the numbers of the reports say, in sentences.

Pure functions over frozen rows, so that they can run off the window's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from app.rows import UnusedReport, UnusedRow

SMALL_DENOMINATOR = 5
"""Below this many eligible assets a share is not given as a percentage."""

NBSP = "\N{NO-BREAK SPACE}"
SIGN = f"{NBSP}%"
JOINER = "\N{WORD JOINER}"
QUARTER_MS = 15 * 60 * 1000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

VERDICTS = ("unused", "gone_quiet", "no_use_yet", "too_new", "used")
VERDICT_LABELS = {
    "unused": "Unused", "gone_quiet": "Gone quiet", "no_use_yet": "No use yet",
    "too_new": "Too new", "used": "Used", "not_published": "Not published",
    "expired": "Expired", "superseded": "Superseded", "exempt": "Exempt",
    "out_of_season": "Out of season", "no_audience_yet": "No audience yet",
    "missing": "File missing",
}  # fmt: skip
VERDICT_TONES = {
    "unused": "bad", "gone_quiet": "warn", "no_use_yet": "info", "used": "ok",
}  # fmt: skip
WHY_LABELS = {
    "never_shown": "Never shown", "shown_not_opened": "Shown, not opened",
    "opened_not_sent": "Opened, not sent",
}  # fmt: skip
WHY_HELP = {
    "never_shown": "No search showed these. Their titles, tags or text do not meet what people "
    "look for.",
    "shown_not_opened": "People saw these in searches or previews and nobody opened them. The "
    "title or the match is wrong.",
    "opened_not_sent": "People opened these and did not copy, share or send them. The content may "
    "not fit the moment.",
}  # fmt: skip
EXCLUDED_HELP = {
    "too_new": "Available for less than {grace} days. Too early to judge, so not counted.",
    "not_published": "Drafts and content in review cannot be used yet, so they are not counted.",
    "expired": "Past the expiry date. Nobody should use these, so they are not counted.",
    "superseded": "Replaced by something newer, so they are not counted.",
    "exempt": "Needed seldom and then badly, such as security packs. Not judged by volume.",
    "out_of_season": "Out of season for most of the window, so not counted.",
    "no_audience_yet": "Not meant for reps, so not counted.",
    "missing": "The file is gone from its folder, so it is not counted.",
}  # fmt: skip


DROPPED_LABELS = {
    "not_counted_people": "by people who make content",
    "own_asset": "by the owner of the asset",
    "bulk": "by bulk jobs",
    "just_added": "right after the file appeared",
    "repeated": "repeated within 30 minutes",
}


def plural(count: int, one: str, many: str = "") -> str:
    """``count`` with its noun: "1 asset", "1,204 assets"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def label_of(key: str) -> str:
    """The words for a verdict or exclusion, also for one that this table does not know."""
    return VERDICT_LABELS.get(key) or key.replace("_", " ").capitalize()


def local_date(at: int) -> date:
    """The day of a UTC millisecond time in this machine's time zone."""
    return _day_of_quarter(at // QUARTER_MS)


@lru_cache(maxsize=8192)
def _day_of_quarter(quarter: int) -> date:
    # Local days begin on a quarter of an hour everywhere; asking the system for each is slow.
    moment = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, tz=UTC)
    return moment.astimezone().date()


def day_text(day: date, *, year: bool = True) -> str:
    """A day as "21 Nov 2026"."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def date_text(at: int | None, *, none: str = "") -> str:
    """A UTC millisecond time as a local day, or ``none``."""
    return none if at is None else day_text(local_date(at))


def as_of_text(as_of: int, log_start: int) -> str:
    """When the report was drawn and since when use is known."""
    local = datetime.fromtimestamp(as_of / 1000, tz=UTC).astimezone()
    text = f"As of {day_text(local.date())}, {local:%H:%M}"
    if log_start > 0:
        text += f"  ·  use is known since {date_text(log_start)}"
    return text


def ago_text(at: int, now: int) -> str:
    """An age in the largest whole unit: "today", "3 days", "5 weeks", "7 months"."""
    days = max(0, (local_date(now) - local_date(at)).days)
    if days == 0:
        return "today"
    if days < 14:
        return plural(days, "day")
    if days < 60:
        return plural(days // 7, "week")
    return plural(days // 30, "month") if days < 730 else plural(days // 365, "year")


def percent(share: float) -> int:
    """A share as a whole percentage, halves rounded up."""
    return int(share * 100 + 0.5)


def unused_count(report: UnusedReport) -> int:
    """How many eligible assets were not used in the window."""
    return max(0, report.eligible - report.used)


def share_figure(report: UnusedReport) -> str:
    """The large figure of the first card: a percentage, or the counts when there are few."""
    if report.eligible == 0:
        return "–"
    if report.eligible < SMALL_DENOMINATOR:
        return f"{unused_count(report)} of {report.eligible}"
    return f"{percent(report.unused_share)}{SIGN}"


def share_sentence(report: UnusedReport) -> str:
    """The share of unused content with its denominator and 95 % interval."""
    eligible = report.eligible
    if eligible == 0:
        return "No asset is eligible yet: nothing published has been available long enough."
    was = "was" if eligible == 1 else "were"
    head = (
        f"{unused_count(report):,} of {plural(eligible, 'eligible asset')} {was} not used in "
        f"{plural(report.window_days, 'day')}"
    )
    if eligible < SMALL_DENOMINATOR:
        return f"{head}. Too few for a percentage."
    low, high = report.unused_interval
    # The figure above says the share; the interval must not wrap alone, nor after its dash.
    span = f"{percent(low)}{JOINER}–{JOINER}{percent(high)}{SIGN}"
    return f"{head}{NBSP}({span})"


def first_judgement(report: UnusedReport) -> date | None:
    """The first day on which something can be called unused; None when use was never watched."""
    if report.log_start <= 0:
        return None
    return local_date(report.log_start) + timedelta(days=report.grace_days)


def watching_too_short(report: UnusedReport) -> bool:
    """Whether use has been watched for less than the grace period."""
    day = first_judgement(report)
    return day is None or local_date(report.as_of) < day


def fresh_sentence(report: UnusedReport) -> str:
    """What a fresh library says instead of numbers that it cannot know."""
    day = first_judgement(report)
    if day is None:
        return (
            "Deckhand has not seen any use yet. Opening and sending through Deckhand starts the "
            "record."
        )
    since = local_date(report.log_start)
    return (
        f"Deckhand has watched use since {day_text(since)}. Nothing can be called unused before "
        f"{day_text(day, year=day.year != since.year)}."
    )


def reason(row: UnusedRow, window_days: int, grace_days: int, as_of: int) -> str:
    """Why a row has its verdict, in one or two sentences."""
    since = date_text(row.available_since)
    if row.verdict == "too_new":
        return f"Available since {since}, less than {grace_days} days: too early to judge."
    if row.verdict == "used":
        if row.why:
            return _why_sentence(row, window_days, as_of)
        return f"Used {plural(row.uses, 'time')} in {plural(window_days, 'day')}."
    if row.verdict in EXCLUDED_HELP:
        return EXCLUDED_HELP[row.verdict].format(grace=grace_days)
    head = ""
    if row.verdict == "gone_quiet" and row.last_used_at is not None:
        head = f"Last used {date_text(row.last_used_at)}, then no more. "
    elif row.verdict == "no_use_yet":
        head = f"Available since {since} and not used yet. "
    return head + _why_sentence(row, window_days, as_of)


def _why_sentence(row: UnusedRow, window_days: int, as_of: int) -> str:
    if row.why == "never_shown":
        return (
            f"No search showed it in {plural(window_days, 'day')}: its title, tags or text do not "
            "meet what people look for."
        )
    if row.why == "shown_not_opened":
        where = plural(row.shown, "search", "searches")
        seen = f"Shown in {where}" if row.shown else "Previewed"
        return f"{seen}, never opened: the title or the match is wrong."
    if row.why == "opened_not_sent":
        overdue = row.review_due_at is not None and row.review_due_at < as_of
        return (
            f"Opened {plural(row.opens, 'time')}, never copied, shared or sent: it may not fit the "
            f"moment{', and its review is overdue' if overdue else ''}."
        )
    return f"Not used in {plural(window_days, 'day')}."


def dropped_text(dropped: Sequence[tuple[str, int]]) -> str:
    """What was left out of the count of use, or "": "Left out: 14 by marketing"."""
    parts = [
        f"{count:,} {DROPPED_LABELS.get(key) or key.replace('_', ' ')}"
        for key, count in dropped
        if count
    ]
    return f"Left out: {', '.join(parts)}" if parts else ""


def amount_text(minor: int | None, currency: str) -> str:
    """An amount in hundredths as "EUR 120,000"; "" when there is none."""
    if minor is None:
        return ""
    return f"{currency} {minor // 100:,}".strip()
