"""Requests made ready to be shown, and the search for similar ones; pure, off the window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rows import OPEN_REQUEST_STATUSES, REQUEST_STATUS_LABELS, RequestRow
from ui.pages.attention import words

TONES = {
    "submitted": "info", "triage": "info", "needs_info": "warn", "accepted": "ok",
    "scheduled": "ok", "in_progress": "ok", "in_review": "ok", "delivered": "ok",
    "answered": "ok", "declined": "neutral", "merged": "neutral", "closed": "neutral",
    "draft": "neutral",
}  # fmt: skip
OPEN, MINE, EVERY = "open", "mine", "all"
SCOPES = {OPEN: "Open", MINE: "Mine", EVERY: "All"}
# Words that say nothing about what is wanted.
_EMPTY_WORDS = (
    "a an and are as at be by can could do for from have how i in is it me my need needs needed "
    "new of on or our please some something that the their them this to us want we what which "
    "with would you your"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class RequestItem:
    """One request ready to be painted."""

    row: RequestRow
    meta: str
    status: str
    tone: str
    votes: str
    due: str
    late: bool
    spoken: str


def request_items(requests: Iterable[RequestRow], now: int) -> tuple[RequestItem, ...]:
    """Every request, ready; the order stays."""
    return tuple(_item(request, now) for request in requests)


def _item(row: RequestRow, now: int) -> RequestItem:
    age = words.ago_text(row.created_at, now)
    amount = words.amount_text(row.amount_minor, row.currency)
    parts = [row.by, age if age == "today" else f"{age} ago", amount]
    meta = "  ·  ".join(part for part in parts if part)
    is_open = row.status in OPEN_REQUEST_STATUSES
    late = is_open and row.needed_by is not None and row.needed_by < now
    lead = "was needed by" if late else "needed by"
    due = f"{lead} {words.date_text(row.needed_by)}" if row.needed_by is not None else ""
    status = REQUEST_STATUS_LABELS.get(row.status, row.status)
    votes = words.plural(row.votes, "person", "people")
    spoken = ", ".join(
        part
        for part in (
            row.need, status, f"wanted by {votes}", meta.replace("  ·  ", ", "),
            due,
        )
        if part
    )  # fmt: skip
    return RequestItem(
        row, meta, status, TONES.get(row.status, "neutral"), f"{row.votes:,}", due, late, spoken
    )


def in_scope(items: Sequence[RequestItem], scope: str, me: str) -> list[RequestItem]:
    """The open ones, one's own, or all."""
    if scope == MINE:
        return [item for item in items if item.row.by == me]
    if scope == EVERY:
        return list(items)
    return [item for item in items if item.row.status in OPEN_REQUEST_STATUSES]


def meaning(text: str) -> frozenset[str]:
    """The words of a sentence that say what is wanted, folded, plurals cut."""
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") else word
        for word in found
        if len(word) > 1 and word not in _EMPTY
    )


def similar(text: str, requests: Iterable[RequestRow], limit: int = 3) -> tuple[RequestRow, ...]:
    """The open requests that share at least half of the meaning words, most alike first."""
    wanted = meaning(text)
    if not wanted:
        return ()
    scored: list[tuple[float, int, RequestRow]] = []
    for request in requests:
        if request.status not in OPEN_REQUEST_STATUSES:
            continue
        shared = len(wanted & meaning(f"{request.need} {request.search}"))
        share = shared / len(wanted)
        if share >= 0.5:
            scored.append((-share, -request.votes, request))
    scored.sort(key=lambda entry: entry[:2])
    return tuple(request for _share, _votes, request in scored[:limit])
