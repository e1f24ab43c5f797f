"""Requests for material: filed, voted for, moved through their states; nothing is erased."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.asking import states
from app.asking.reading import listing, merged_into, one
from app.changes import Changes, Inverse
from app.clock import DAY_MS, now_ms, uuid7
from app.errors import UserError
from app.rows import REQUEST_STATUS_LABELS, REQUEST_STATUSES, NewRequest
from app.store.defaults import norm
from app.store.logs import Request, RequestStatus, RequestTerm, RequestVote
from app.store.tables import Asset, Person
from app.usage import accounts
from app.usage.text import one_line
from app.vocabulary import terms

__all__ = ["file", "listing", "one", "set_status", "vote", "withdraw"]

LONGEST_NEED = 500
LONGEST_TEXT = 10_000
WANTED = ("content_type", "persona", "stage", "value_proposition")


def file(session: Session, me_id: int, new: NewRequest) -> Changes:
    """File a request; ``result`` is its id, the inverse withdraws it.

    Unknown accounts and deals are entered. Raises UserError for an empty need, an unknown term or
    a day that is over.
    """
    need = one_line(new.need)
    if not need:
        raise UserError("Say in one sentence what you need.")
    if len(need) > LONGEST_NEED:
        raise UserError(
            f"Say what you need in at most {LONGEST_NEED} characters; the rest goes into details."
        )
    if new.needed_by is not None and new.needed_by < now_ms() - DAY_MS:
        raise UserError("The day it is needed by is over. Choose a later one or leave it out.")
    wanted = _wanted(session, new)
    account = accounts.match_account(session, new.account)
    deal = accounts.match_deal(session, new.deal, account)
    account_id = account.id if account is not None else None
    if account_id is None and deal is not None:
        account_id = deal.account_id
    request = Request(
        uid=uuid7(), title=need, body=_text(new.details), by_id=me_id, status="submitted",
        due_at=new.needed_by, created_at=now_ms(), account_id=account_id,
        deal_id=deal.id if deal is not None else None, search_norm=norm(one_line(new.search)),
    )  # fmt: skip
    session.add(request)
    session.flush()
    session.add_all(RequestTerm(request_id=request.id, term_id=term) for term in wanted)
    _note(session, me_id, request, "")
    return Changes(
        frozenset({"requests"}), summary=f"Request {request.id} filed: {need}", result=request.id,
        inverse=Inverse("withdraw_request", (request.id,)),
    )  # fmt: skip


def _wanted(session: Session, new: NewRequest) -> list[int]:
    asked = [(facet, getattr(new, facet)) for facet in WANTED]
    if not any(text.strip() for _, text in asked):
        return []
    vocabulary = terms.load(session)
    return [vocabulary.term(facet, text).id for facet, text in asked if text.strip()]


def _text(text: str) -> str:
    """Several lines as they were typed, without what a database or a label cannot carry."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c for c in line if c.isprintable() or c == "\t").rstrip() for line in lines)
    return "\n".join(kept).strip()[:LONGEST_TEXT]


def _note(session: Session, me_id: int, request: Request, note: str) -> None:
    session.add(
        RequestStatus(
            request_id=request.id, status=request.status, by_id=me_id, at=now_ms(), note=note
        )
    )
    session.flush()


def _get(session: Session, request_id: int) -> Request:
    request = session.get(Request, request_id)
    if request is None:
        raise UserError(f"There is no request number {request_id}.")
    return request


def _former(session: Session, request: Request) -> list[str]:
    """The statuses so far, oldest first; steps that were undone have dropped out."""
    query = select(RequestStatus.status, RequestStatus.note).where(
        RequestStatus.request_id == request.id
    )
    path: list[str] = []
    for status, note in session.execute(query.order_by(RequestStatus.id)):
        if note == states.UNDONE and status in path:
            del path[len(path) - path[::-1].index(status) :]
        elif not path or path[-1] != status:
            path.append(status)
    if not path or path[-1] != request.status:
        path.append(request.status)
    return path


def withdraw(session: Session, me_id: int, request_id: int) -> Changes:
    """Close a request because it is not needed any more; its history stays.

    The inverse opens it again. Raises UserError when it is finished already.
    """
    request = _get(session, request_id)
    former = request.status
    if former == "closed":
        raise UserError(f"Request {request_id} is closed already.")
    if "closed" not in states.NEXT[former]:
        label = REQUEST_STATUS_LABELS[former]
        raise UserError(f"Request {request_id} is {label} and cannot be withdrawn.")
    request.status = "closed"
    session.flush()
    person = session.get(Person, me_id)
    _note(session, me_id, request, f"withdrawn by {person.name if person else 'somebody'}")
    return Changes(
        frozenset({"requests"}), summary=f"Request {request_id} withdrawn.", result=request_id,
        inverse=Inverse("set_request", (request_id, former, states.UNDONE)),
    )  # fmt: skip


def set_status(
    session: Session,
    me_id: int,
    request_id: int,
    status: str,
    note: str = "",
    *,
    fulfilled_by: int | None = None,
    duplicate_of: int | None = None,
) -> Changes:
    """Move a request on, or take its last step back.

    Declining, asking back and closing an open request need a note; answered and delivered need
    the asset (``fulfilled_by``), merged needs the other request (``duplicate_of``), which from
    then on speaks for the requester and the voters of this one. The same status again with a note
    adds the note. Whoever accepts or starts a request that nobody has taken takes it.
    Raises UserError that says what is missing or which steps there are.
    """
    request = _get(session, request_id)
    note = _text(note)
    present = request.status
    if status == present and not note:
        return Changes(summary=f"Request {request_id} is {REQUEST_STATUS_LABELS[status]} already.")
    if status != present:
        _check_step(request, status, note, _former(session, request))
        _set_links(session, request, status, fulfilled_by, duplicate_of)
        if status in states.TAKEN and request.assignee_id is None:
            request.assignee_id = me_id
        request.status = status
        session.flush()
    _note(session, me_id, request, note)
    # A merge names the other request, which an inverse cannot: it is taken back, not done again.
    inverse = Inverse("set_request", (request_id, present, states.UNDONE))
    can_return = status != present and present != "merged"
    touched = (fulfilled_by,) if fulfilled_by is not None else ()
    return Changes(
        frozenset({"requests"}), touched, f"Request {request_id}: {REQUEST_STATUS_LABELS[status]}.",
        inverse if can_return else None, request_id,
    )  # fmt: skip


def _check_step(request: Request, status: str, note: str, former: list[str]) -> None:
    label = REQUEST_STATUS_LABELS.get(status, status)
    if status not in REQUEST_STATUSES:
        raise UserError(
            f"{status!r} is no status of a request. They are {', '.join(REQUEST_STATUSES)}."
        )
    if not states.may_follow(status, former):
        known = ", ".join(states.NEXT[request.status])
        raise UserError(
            f"Request {request.id} is {REQUEST_STATUS_LABELS[request.status]} and cannot become "
            f"{label}. Next may come {known}."
        )
    if states.needs_note(status, request.status) and not note:
        raise UserError(f"{label} needs a note that tells the requester why.")


def _set_links(
    session: Session,
    request: Request,
    status: str,
    fulfilled_by: int | None,
    duplicate_of: int | None,
) -> None:
    label = REQUEST_STATUS_LABELS[status]
    if fulfilled_by is not None and status not in states.FULFILLED:
        raise UserError(f"{label} names no asset; Answered and Delivered do.")
    if duplicate_of is not None and status != "merged":
        raise UserError(f"{label} names no other request; Merged does.")
    if status in states.FULFILLED:
        chosen = fulfilled_by if fulfilled_by is not None else request.fulfilled_by_id
        if chosen is None:
            raise UserError(f"{label} needs the asset that meets the request.")
        if session.get(Asset, chosen) is None:
            raise UserError(f"There is no asset number {chosen} in this library.")
        request.fulfilled_by_id = chosen
    request.duplicate_of_id = None
    if status == "merged":
        request.duplicate_of_id = _target_of_merge(session, request, duplicate_of)


def _target_of_merge(session: Session, request: Request, duplicate_of: int | None) -> int:
    if duplicate_of is None:
        raise UserError("Merged needs the number of the request that says the same.")
    target = merged_into(session, _get(session, duplicate_of).id)
    if target == request.id:
        raise UserError(
            f"Request {duplicate_of} cannot take in request {request.id}: it is the same, or was "
            "merged into it."
        )
    return target


def vote(session: Session, me_id: int, request_id: int) -> Changes:
    """Say "I need this too"; a vote for a merged request goes to the one it was merged into.

    The requester and people who have voted change nothing. Raises UserError for no request.
    """
    target = merged_into(session, _get(session, request_id).id)
    request = _get(session, target)
    known = session.get(RequestVote, (target, me_id)) is not None
    if known or request.by_id == me_id:
        return Changes(summary=f"You are among those who need request {target}.", result=target)
    session.add(RequestVote(request_id=target, person_id=me_id, at=now_ms()))
    session.flush()
    return Changes(
        frozenset({"requests"}), summary=f"Request {target}: you need this too.", result=target
    )
