"""Rows of the unused report made ready to be shown, sorted and filtered, away from the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.rows import UnusedReport, UnusedRow
from ui.pages.attention import words

TITLE, VERDICT, WHY, AVAILABLE, LAST_USED, SHOWN, OPENED, USES, TYPE, OWNER = range(10)
HEADERS = (
    "Title", "Verdict", "Why", "Available since", "Last used", "Shown", "Opened", "Uses", "Type",
    "Owner",
)  # fmt: skip
HEADER_HELP = (
    "The asset's title",
    "What the record of use says",
    "Where the asset got stuck",
    "Since when people could have used it",
    "The last use that counts",
    "Searches in the window that showed it",
    "Times it was opened in the window",
    "Uses in the window: opened, copied, shared or sent",
    "Content type",
    "Who looks after it",
)
NUMBERS = frozenset({SHOWN, OPENED, USES})
NOT_USED = "not_used"
ALL = "all"
NOT_USED_VERDICTS = frozenset({"unused", "gone_quiet", "no_use_yet"})

_RANK = {verdict: rank for rank, verdict in enumerate(words.VERDICTS)}
_WHY_RANK = {why: rank for rank, why in enumerate(words.WHY_LABELS)}
_NEVER = -1


@dataclass(frozen=True, slots=True)
class UnusedItem:
    """One row ready to be painted: a text and a sorting key per column, and the reason in words."""

    row: UnusedRow
    cells: tuple[str, ...]
    keys: tuple[object, ...]
    reason: str
    haystack: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted: a verdict (or NOT_USED, ALL), a why (or ""), and words."""

    verdict: str = NOT_USED
    why: str = ""
    text: str = ""


def items_of(report: UnusedReport) -> tuple[UnusedItem, ...]:
    """Every row of the report, ready, by title. Blocks for long reports."""
    made = [_item(row, report) for row in report.rows]
    return tuple(sorted(made, key=_title_key))


def _title_key(item: UnusedItem) -> str:
    return item.row.title.casefold()


def _item(row: UnusedRow, report: UnusedReport) -> UnusedItem:
    verdict = words.label_of(row.verdict)
    why = words.WHY_LABELS.get(row.why, "")
    cells = (
        row.title, verdict, why, words.date_text(row.available_since),
        words.date_text(row.last_used_at, none="Never"), f"{row.shown:,}", f"{row.opens:,}",
        f"{row.uses:,}", row.content_type, row.owner,
    )  # fmt: skip
    keys = (
        row.title.casefold(), (_RANK.get(row.verdict, 99), verdict), _WHY_RANK.get(row.why, 99),
        row.available_since, _NEVER if row.last_used_at is None else row.last_used_at,
        row.shown, row.opens, row.uses, _last(row.content_type), _last(row.owner),
    )  # fmt: skip
    reason = words.reason(row, report.window_days, report.grace_days, report.as_of)
    haystack = " ".join((row.title, verdict, why, row.content_type, row.owner, row.path))
    return UnusedItem(row, cells, keys, reason, haystack.casefold())


def _last(text: str) -> tuple[bool, str]:
    """A key that puts rows without a word behind those that have one."""
    return (not text, text.casefold())


def chosen(items: Sequence[UnusedItem], wanted: Wanted) -> list[UnusedItem]:
    """The items that are wanted, in the order given. Every word must occur somewhere."""
    needles = wanted.text.casefold().split()
    fits = _verdict_test(wanted.verdict)
    return [
        item
        for item in items
        if fits(item.row.verdict)
        and (not wanted.why or item.row.why == wanted.why)
        and all(needle in item.haystack for needle in needles)
    ]


def _verdict_test(verdict: str) -> Callable[[str], bool]:
    if verdict == ALL:
        return lambda _verdict: True
    if verdict == NOT_USED:
        return NOT_USED_VERDICTS.__contains__
    return verdict.__eq__


def ordered(items: Sequence[UnusedItem], column: int, *, descending: bool) -> list[UnusedItem]:
    """The items sorted by a column; equal ones stay as they were, whichever way it runs."""
    # The keys of one column are all of one type, which no annotation can say.
    return sorted(items, key=lambda item: item.keys[column], reverse=descending)  # type: ignore[arg-type,return-value]


def verdict_counts(items: Sequence[UnusedItem]) -> dict[str, int]:
    """How many rows each verdict has, with the sums for NOT_USED and ALL."""
    counts: dict[str, int] = {ALL: len(items), NOT_USED: 0}
    for item in items:
        verdict = item.row.verdict
        counts[verdict] = counts.get(verdict, 0) + 1
        counts[NOT_USED] += verdict in NOT_USED_VERDICTS
    return counts
