"""What may be done with a request: the steps from each status, by role, as data."""

from __future__ import annotations

from dataclasses import dataclass

from app.rows import OPEN_REQUEST_STATUSES, PersonRow, RequestRow

STAFF = ("marketer", "lead")
DECLINE_REASONS = (
    "Exists already", "Too specific", "Off strategy", "No capacity", "Duplicate",
    "Needs product or legal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the status it leads to, and what it needs.

    ``needs``: "" (nothing), "reason" (one of DECLINE_REASONS, with words), "note" (words),
    "asset" (what answers the request) or "request" (what it duplicates).
    """

    status: str
    label: str
    needs: str = ""


TRIAGE = Step("triage", "Triage")
ACCEPT = Step("accepted", "Accept")
NEEDS_INFO = Step("needs_info", "Needs info…", "note")
ANSWER = Step("answered", "Answer with existing…", "asset")
MERGE = Step("merged", "Mark duplicate of…", "request")
DECLINE = Step("declined", "Decline…", "reason")
SCHEDULE = Step("scheduled", "Schedule")
START = Step("in_progress", "In progress")
REVIEW = Step("in_review", "In review")
DELIVER = Step("delivered", "Delivered…", "asset")
CLOSE = Step("closed", "Close")
GIVE_UP = Step("closed", "Close…", "note")
SUBMIT = Step("submitted", "Submit")
REOPEN = Step("triage", "Open again")
RETURN = Step("in_progress", "Work on again")

# The first one or two are shown as buttons, the rest in a menu.
STEPS: dict[str, tuple[Step, ...]] = {
    "draft": (SUBMIT, CLOSE),
    "submitted": (ACCEPT, ANSWER, TRIAGE, NEEDS_INFO, MERGE, DECLINE, GIVE_UP),
    "triage": (ACCEPT, ANSWER, NEEDS_INFO, MERGE, DECLINE, GIVE_UP),
    "needs_info": (ACCEPT, ANSWER, TRIAGE, MERGE, DECLINE, GIVE_UP),
    "accepted": (START, DELIVER, SCHEDULE, NEEDS_INFO, ANSWER, MERGE, DECLINE, GIVE_UP),
    "scheduled": (START, DELIVER, NEEDS_INFO, ANSWER, MERGE, DECLINE, GIVE_UP),
    "in_progress": (DELIVER, REVIEW, SCHEDULE, NEEDS_INFO, ANSWER, DECLINE, GIVE_UP),
    "in_review": (DELIVER, START, NEEDS_INFO, DECLINE, GIVE_UP),
    "answered": (CLOSE, REOPEN),
    "delivered": (CLOSE, RETURN),
    "merged": (REOPEN,),
    "declined": (REOPEN, CLOSE),
    "closed": (REOPEN,),
}


def steps_for(request: RequestRow, me: PersonRow | None) -> tuple[Step, ...]:
    """The steps that this person may take with this request."""
    if me is None or me.role not in STAFF:
        return ()
    return STEPS.get(request.status, ())


def may_vote(request: RequestRow, me: PersonRow | None) -> bool:
    """Whether "I need this too" makes sense: the request is open and somebody else's."""
    mine = me is not None and request.by == me.name
    return request.status in OPEN_REQUEST_STATUSES and not mine


def may_withdraw(request: RequestRow, me: PersonRow | None) -> bool:
    """Whether the person asked for it and it is still open."""
    mine = me is not None and request.by == me.name
    return request.status in OPEN_REQUEST_STATUSES and mine
