"""Requests as rows for people, most wanted first, with the voices of those merged into them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.errors import UserError
from app.rows import OPEN_REQUEST_STATUSES, RequestNote, RequestRow, TagRow
from app.store.logs import Account, Deal, Request, RequestStatus, RequestTerm, RequestVote
from app.store.tables import Asset, Facet, Person, Term

Found = Select[Request, str, str, str, str, str]


def merged_into(session: Session, request_id: int) -> int:
    """The request that speaks for this one: itself, or where its chain of merges ends."""
    query = select(Request.id, Request.duplicate_of_id).where(Request.duplicate_of_id.is_not(None))
    return _end(request_id, {row.id: row.duplicate_of_id for row in session.execute(query)})


def _end(request_id: int, links: Mapping[int, int | None]) -> int:
    seen = set()
    while (following := links.get(request_id)) is not None and request_id not in seen:
        seen.add(request_id)
        request_id = following
    return request_id


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who wants each request, and for which open deals, with those merged into it."""

    people: Mapping[int, set[int]]
    deals: Mapping[int, set[int]]
    amounts: Mapping[int, tuple[int, str]]

    def amount(self, request_id: int) -> tuple[int | None, str]:
        """The sum over the distinct open deals. Currencies are not mixed: the largest sum wins."""
        sums: Counter[str] = Counter()
        for deal in self.deals.get(request_id, ()):
            if deal in self.amounts:
                minor, currency = self.amounts[deal]
                sums[currency] += minor
        if not sums:
            return None, ""
        currency, minor = max(sums.items(), key=lambda pair: (pair[1], pair[0]))
        return minor, currency


def _voices(session: Session) -> _Voices:
    base = session.execute(
        select(Request.id, Request.by_id, Request.deal_id, Request.duplicate_of_id)
    ).all()
    links = {row.id: row.duplicate_of_id for row in base}
    people: defaultdict[int, set[int]] = defaultdict(set)
    deals: defaultdict[int, set[int]] = defaultdict(set)
    spoken: list[tuple[int, int, int | None]] = [(r.id, r.by_id, r.deal_id) for r in base]
    votes = select(RequestVote.request_id, RequestVote.person_id, RequestVote.deal_id)
    spoken.extend(session.execute(votes))
    for request_id, person, deal in spoken:
        for target in {request_id, _end(request_id, links)}:
            people[target].add(person)
            if deal is not None:
                deals[target].add(deal)
    amounts = select(Deal.id, Deal.amount_minor, Deal.currency).where(
        Deal.outcome == "open", Deal.amount_minor.is_not(None)
    )
    known = {row.id: (row.amount_minor, row.currency) for row in session.execute(amounts)}
    return _Voices(people, deals, known)


def listing(session: Session, *, open_only: bool = False) -> tuple[RequestRow, ...]:
    """The requests without their histories: open ones first, then most wanted first.

    Wanted more is what more distinct people want, then what more money of open deals waits for,
    then what is needed sooner, then what was asked for earlier. ``votes`` counts the requester
    and everybody who voted, also on requests merged into this one.
    """
    query = _query()
    if open_only:
        query = query.where(Request.status.in_(OPEN_REQUEST_STATUSES))
    return tuple(sorted(_rows(session, query), key=_order))


def _order(row: RequestRow) -> tuple[bool, int, int, float, int, int]:
    return (
        row.status not in OPEN_REQUEST_STATUSES, -row.votes, -(row.amount_minor or 0),
        row.needed_by if row.needed_by is not None else float("inf"), row.created_at, row.id,
    )  # fmt: skip


def one(session: Session, request_id: int) -> RequestRow:
    """A request with its history, oldest step first. Raises UserError when there is none."""
    rows = list(_rows(session, _query().where(Request.id == request_id)))
    if not rows:
        raise UserError(f"There is no request number {request_id}.")
    notes = (
        select(RequestStatus.at, RequestStatus.status, Person.name, RequestStatus.note)
        .join(Person, Person.id == RequestStatus.by_id)
        .where(RequestStatus.request_id == request_id)
        .order_by(RequestStatus.id)
    )
    history = tuple(RequestNote(*note) for note in session.execute(notes))
    return replace(rows[0], history=history)


def _query() -> Found:
    by, assignee = aliased(Person), aliased(Person)
    return (
        select(Request, by.name, assignee.name, Account.name, Deal.name, Asset.title)
        .join(by, by.id == Request.by_id)
        .outerjoin(assignee, assignee.id == Request.assignee_id)
        .outerjoin(Account, Account.id == Request.account_id)
        .outerjoin(Deal, Deal.id == Request.deal_id)
        .outerjoin(Asset, Asset.id == Request.fulfilled_by_id)
    )


def _rows(session: Session, query: Found) -> Iterable[RequestRow]:
    voices = _voices(session)
    wants = _wants(session)
    for request, by, assignee, account, deal, title in session.execute(query):
        amount, currency = voices.amount(request.id)
        # After a step back the asset once named says nothing about the request.
        done = request.status in ("answered", "delivered", "closed")
        yield RequestRow(
            request.id, request.title, request.body, request.status, by, request.created_at,
            request.due_at, assignee or "", account or "", deal or "", amount, currency,
            tuple(wants.get(request.id, ())), request.search_norm,
            len(voices.people[request.id]), request.fulfilled_by_id if done else None,
            (title or "") if done else "", request.duplicate_of_id,
        )  # fmt: skip


def _wants(session: Session) -> dict[int, list[TagRow]]:
    shown = aliased(Term)
    query = (
        select(
            RequestTerm.request_id, Facet.key, shown.slug, shown.label, Person.name,
            Request.created_at,
        )
        .join(Request, Request.id == RequestTerm.request_id)
        .join(Person, Person.id == Request.by_id)
        .join(Term, Term.id == RequestTerm.term_id)
        .join(shown, shown.id == func.coalesce(Term.canonical_id, Term.id))
        .join(Facet, Facet.id == Term.facet_id)
        .order_by(RequestTerm.request_id, Facet.position, shown.position)
    )  # fmt: skip
    found: dict[int, list[TagRow]] = {}
    for request_id, facet, slug, label, by, at in session.execute(query):
        found.setdefault(request_id, []).append(TagRow(facet, slug, label, by, at))
    return found
