"""Who is in a generated library, what its assets are tagged with, and a year of what people did."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from app.clock import DAY_MS
from app.finding import saved
from app.rows import FindSpec
from app.store.defaults import norm
from app.store.engine import Store
from app.store.logs import (
    Account,
    Deal,
    Request,
    RequestStatus,
    RequestTerm,
    RequestVote,
    SearchEvent,
    UsageEvent,
)
from app.store.people import FACT
from app.store.tables import Asset, AssetTag, Facet, Person, Term
from tests.bench.gen_pages import PHRASES, TRADE, vocabulary

if TYPE_CHECKING:
    from tests.bench.gen_library import Size

BATCH = 20_000
YEAR_MS = 365 * DAY_MS
KINDS = ("open", "view", "copy", "share", "send")
KIND_SHARES = (0.45, 0.2, 0.12, 0.08, 0.15)
STATUSES = ("published", "published", "published", "published", "published", "published",
            "approved", "draft", "in_review", "under_revision", "archived", "expired")  # fmt: skip
ROLES = ("rep", "rep", "rep", "rep", "rep", "rep", "rep", "rep", "marketer", "lead")
TEAMS = ("EMEA", "DACH", "Nordics", "UK", "Americas", "APAC")
PATHS = (
    ("submitted",), ("submitted", "triage"), ("submitted", "triage", "accepted"),
    ("submitted", "accepted", "in_progress"), ("submitted", "declined"),
    ("submitted", "accepted", "in_progress", "delivered"), ("submitted", "answered"),
)  # fmt: skip


@cache
def _invented() -> list[str]:
    return vocabulary()


def _uid(at: int = 0) -> uuid.UUID:
    """A UUID that sorts by its moment, as those of the program do."""
    return uuid.UUID(int=at << 80 | 7 << 76 | 2 << 62 | random.getrandbits(62))


def _insert(session: Session, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(table), batch)


def _asset_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Asset.id).order_by(Asset.id)))


# ---- people, tags, states ----------------------------------------------------------------


def describe(store: Store, chance: np.random.Generator, size: Size, now: int) -> None:
    """People, one of whom sits at this machine; status, owner, dates and tags of every asset."""
    with store.write() as session:
        session.execute(insert(Person), [_person(number) for number in range(1, size.people + 1)])
        first = session.scalars(select(Person.id).order_by(Person.id)).first()
        ids = _asset_ids(session)
        _states(session, chance, size, now, ids)
        _insert(session, AssetTag, _tags(session, chance, now, ids))
    store.settings.set_fact(FACT, first)


def _person(number: int) -> dict[str, Any]:
    words = _invented()[2_000 + number], _invented()[3_000 + number]
    return {
        "uid": _uid(), "name": " ".join(words).title(), "email": f"{'.'.join(words)}@example.com",
        "role": ROLES[(number - 1) % 10], "team": TEAMS[number % 6], "region": TEAMS[number % 6],
    }  # fmt: skip


def _states(
    session: Session, chance: np.random.Generator, size: Size, now: int, ids: Sequence[int]
) -> None:
    status = chance.integers(0, len(STATUSES), len(ids))
    owners = chance.integers(1, size.people + 1, len(ids))
    due = now + chance.integers(-200, 600, len(ids)) * DAY_MS
    expires = now + chance.integers(-30, 700, len(ids)) * DAY_MS
    rows = [
        {
            "key": asset, "status": STATUSES[status[at]],
            "owner_id": int(owners[at]) if at % 9 else None,
            "review_due_at": int(due[at]) if at % 3 else None,
            "expires_at": int(expires[at]) if at % 7 == 0 else None,
            "superseded_by_id": ids[at + 1] if at % 50 == 3 and at + 1 < len(ids) else None,
        }
        for at, asset in enumerate(ids)
    ]  # fmt: skip
    table = Asset.__table__
    change = sa.update(table).where(table.c.id == bindparam("key"))  # type: ignore[arg-type]
    columns = ("status", "owner_id", "review_due_at", "expires_at", "superseded_by_id")
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    session.connection().execute(change.values(**values), rows)


def _tags(
    session: Session, chance: np.random.Generator, now: int, ids: Sequence[int]
) -> Iterator[dict[str, Any]]:
    """One to three terms of every facet for most assets; one in ten tags is only proposed."""
    query = (
        select(Term.facet_id, Facet.multi, Term.id)
        .join(Facet, Facet.id == Term.facet_id)
        .where(Term.status == "active")
        .order_by(Term.id)
    )
    facets: dict[int, list[int]] = {}
    single: dict[int, bool] = {}
    for facet, multi, term in session.execute(query):
        facets.setdefault(facet, []).append(term)
        single[facet] = not multi
    for asset in ids:
        for facet, terms in facets.items():
            if chance.random() < 0.12:
                continue
            weights = 1.0 / np.arange(1, len(terms) + 1) ** 0.6
            many = 1 if single[facet] else min(len(terms), int(chance.integers(1, 4)))
            drawn = chance.choice(len(terms), many, replace=False, p=weights / weights.sum())
            for term in drawn.tolist():
                guessed = chance.random() < 0.1
                yield {
                    "asset_id": asset, "term_id": terms[term],
                    "state": "proposed" if guessed else "accepted",
                    "source": "suggested" if guessed else "human",
                    "confidence": 0.7 if guessed else None, "by_id": None if guessed else 1,
                    "at": now - int(chance.integers(1, 700)) * DAY_MS,
                }  # fmt: skip


# ---- a year of use -----------------------------------------------------------------------


def enter_use(store: Store, chance: np.random.Generator, size: Size, now: int) -> None:
    """Accounts and deals, searches, deeds, requests with votes and history, saved searches."""
    with store.write() as session:
        versions = dict(
            session.execute(select(Asset.id, Asset.current_version_id).order_by(Asset.id)).all()
        )
        deals = _deals(session, chance, size, now)
        shown = _popular(list(versions), size.searches * 10, chance).reshape(-1, 10)
        searches = _searches(session, chance, size, now, shown)
        _insert(session, UsageEvent, _events(chance, size, now, versions, deals, searches))
        _requests(session, chance, size, now, list(versions))
        for number in range(12):
            spec = FindSpec(text=" ".join(_words(chance)), filters=())
            saved.save(session, 1, f"Saved search {number + 1}", spec)


def _popular(ids: Sequence[int], many: int, chance: np.random.Generator) -> np.ndarray:
    """Asset ids as they are used: a third never comes up, few come up very often."""
    weight = chance.pareto(0.8, len(ids)) * (chance.random(len(ids)) < 0.67) + 1e-12
    return np.array(ids)[chance.choice(len(ids), many, p=weight / weight.sum())]


def _words(chance: np.random.Generator) -> list[str]:
    if chance.random() < 0.2:
        return [PHRASES[int(chance.integers(len(PHRASES)))]]
    drawn = (chance.zipf(1.4, int(chance.integers(1, 4))) - 1) % len(TRADE)
    return [TRADE[at] for at in drawn.tolist()]


def _deals(
    session: Session, chance: np.random.Generator, size: Size, now: int
) -> list[dict[str, Any]]:
    accounts, deals = max(5, size.people), max(10, size.people * 3)
    names = _invented()
    session.execute(
        insert(Account),
        [
            {"source": "crm", "crm_id": f"a{n}", "name": f"{names[4_000 + n].title()} Ltd",
             "industry": TRADE[n % 20], "region": TEAMS[n % 6]}
            for n in range(accounts)
        ],
    )  # fmt: skip
    known = list(session.scalars(select(Account.id).order_by(Account.id)))
    stages = select(Term.id).join(Facet, Facet.id == Term.facet_id).where(Facet.key == "stage")
    terms = list(session.scalars(stages.order_by(Term.id)))
    rows = []
    for n in range(deals):
        outcome = ("open", "won", "lost")[n % 3]
        opened = now - int(chance.integers(30, 400)) * DAY_MS
        rows.append(
            {
                "source": "crm", "crm_id": f"d{n}", "account_id": known[n % len(known)],
                "name": f"{names[4_000 + n % accounts].title()} {n}", "stage_raw": "Evaluate",
                "owner_id": n % size.people + 1, "stage_term_id": terms[n % len(terms)],
                "outcome": outcome, "amount_minor": 100_000 * (n % 90 + 1), "currency": "EUR",
                "opened_at": opened,
                "closed_at": None if outcome == "open" else opened + 20 * DAY_MS,
            }
        )  # fmt: skip
    session.execute(insert(Deal), rows)
    query = select(Deal.id, Deal.account_id, Deal.stage_term_id).order_by(Deal.id)
    return [{"deal_id": d, "account_id": a, "stage_id": s} for d, a, s in session.execute(query)]


def _searches(
    session: Session, chance: np.random.Generator, size: Size, now: int, shown: np.ndarray
) -> list[tuple[uuid.UUID, int, int, list[int]]]:
    """Searches over the year, one in fourteen without a result; returns (uid, who, when, shown)."""
    at = np.sort(chance.integers(now - YEAR_MS, now - DAY_MS, size.searches))
    made, rows = [], []
    for number in range(size.searches):
        text = " ".join(_words(chance))
        top = [] if number % 14 == 0 else list(dict.fromkeys(shown[number].tolist()))
        if not top:
            text = f"{text} {_invented()[9_000 + number % 60]}"
        person, moment = int(chance.integers(1, size.people + 1)), int(at[number])
        made.append((_uid(moment), person, moment, top))
        rows.append(
            {
                "uid": made[-1][0], "person_id": person, "at": moment, "received_at": moment,
                "query": text, "norm": norm(text), "n_results": len(top), "top_ids": top,
                "filters": {"persona": ["finance"]} if number % 9 == 0 else {},
            }
        )  # fmt: skip
    _insert(session, SearchEvent, iter(rows))
    return made


def _events(
    chance: np.random.Generator,
    size: Size,
    now: int,
    versions: dict[int, int | None],
    deals: Sequence[dict[str, Any]],
    searches: Sequence[tuple[uuid.UUID, int, int, list[int]]],
) -> Iterator[dict[str, Any]]:
    """Deeds over the year, in the order of time; a third follow a search, half belong to a deal."""
    assets = _popular(list(versions), size.events, chance)
    at = np.sort(chance.integers(now - YEAR_MS, now - DAY_MS, size.events))
    kinds = chance.choice(len(KINDS), size.events, p=KIND_SHARES)
    persons = chance.integers(1, size.people + 1, size.events)
    for number in range(size.events):
        kind, asset = KINDS[kinds[number]], int(assets[number])
        person, moment, search = int(persons[number]), int(at[number]), None
        if number % 3 == 0:
            uid, who, when, top = searches[number * len(searches) // size.events]
            if top:
                search, person, moment, asset = uid, who, when + 40_000, top[number % len(top)]
        nothing = {"deal_id": None, "account_id": None, "stage_id": None}
        detail = {"channel": "mail", "n_recipients": 1 + number % 3} if kind == "send" else None
        yield {
            "uid": _uid(moment), "kind": kind, "asset_id": asset, "version_id": versions[asset],
            "person_id": person, "team": TEAMS[person % 6], "at": moment, "received_at": moment,
            "search_uid": search, "detail": detail,
            **(deals[number % len(deals)] if number % 2 else nothing),
        }  # fmt: skip


def _requests(
    session: Session, chance: np.random.Generator, size: Size, now: int, ids: Sequence[int]
) -> None:
    terms = list(session.scalars(select(Term.id).order_by(Term.id).limit(20)))
    for number in range(size.requests):
        path = PATHS[number % len(PATHS)]
        created = now - int(chance.integers(5, 300)) * DAY_MS
        done = path[-1] in ("answered", "delivered")
        words = " ".join(_words(chance))
        row = Request(
            uid=_uid(created), title=f"A page about {words} for {TEAMS[number % 6]}",
            body="As short as can be.", by_id=number % size.people + 1, status=path[-1],
            created_at=created, search_norm=norm(words),
            assignee_id=9 if len(path) > 2 and size.people > 8 else None,
            fulfilled_by_id=ids[number % len(ids)] if done else None,
            due_at=now + number * DAY_MS if number % 4 == 0 else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        voters = chance.permutation(size.people)[: min(number % 9, size.people)] + 1
        session.add_all(
            [
                *(RequestStatus(request_id=row.id, status=word, by_id=row.by_id, at=created + step)
                  for step, word in enumerate(path)),
                *(RequestVote(request_id=row.id, person_id=int(who), at=created + 1)
                  for who in voters if int(who) != row.by_id),
                RequestTerm(request_id=row.id, term_id=terms[number % len(terms)]),
            ]
        )  # fmt: skip
