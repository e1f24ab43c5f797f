"""The life of a request as data: which status may follow which, and what each step needs."""

from __future__ import annotations

from collections.abc import Sequence

from app.rows import OPEN_REQUEST_STATUSES

_OUTCOMES = ("needs_info", "answered", "merged", "declined", "accepted", "closed")
_WORK = ("scheduled", "in_progress", "in_review", "delivered")
# A small team need not walk every step: triage may be skipped, and so may planning and review.
NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("submitted", "closed"),
    "submitted": ("triage", *_OUTCOMES),
    "triage": _OUTCOMES,
    "needs_info": ("triage", *_OUTCOMES[1:]),
    "accepted": (*_WORK, "needs_info", "answered", "merged", "declined", "closed"),
    "scheduled": (*_WORK[1:], "accepted", "needs_info", "answered", "merged", "declined", "closed"),
    "in_progress": (
        "in_review", "delivered", "scheduled", "needs_info", "answered", "declined", "closed",
    ),
    "in_review": ("in_progress", "delivered", "needs_info", "declined", "closed"),
    "answered": ("closed", "triage"),
    "delivered": ("closed", "in_progress"),
    "merged": ("triage",),
    "declined": ("closed", "triage"),
    "closed": ("triage",),
}  # fmt: skip
FULFILLED = ("answered", "delivered")
TAKEN = ("accepted", "scheduled", "in_progress")
UNDONE = "undone"


def may_follow(status: str, former: Sequence[str]) -> bool:
    """Whether ``status`` may come next; ``former`` are the statuses so far, oldest first.

    Besides the steps of NEXT a request may go back to where it just came from: a correction.
    """
    return status in NEXT[former[-1]] or is_correction(status, former)


def is_correction(status: str, former: Sequence[str]) -> bool:
    """Whether going to ``status`` takes the last step back."""
    before = [word for word in former if word != former[-1]]
    return bool(before) and before[-1] == status


def needs_note(status: str, present: str) -> bool:
    """Whether the step must be explained: a refusal, a question, an end without an outcome."""
    ends_open = status == "closed" and present in OPEN_REQUEST_STATUSES
    return status in ("declined", "needs_info") or ends_open
