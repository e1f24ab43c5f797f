"""Reading the log of deeds by the rules of what counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.rows import PersonRow
from app.store import people
from app.store.logs import USE_KINDS, UsageEvent
from app.store.prepared import Prepared
from app.store.tables import Asset, Person
from app.usage.counting import Counted, Rules, counted


def counting_people(session: Session) -> tuple[frozenset[int], bool]:
    """The people whose deeds count, also those who have left, and whether there is only one."""
    listed = [
        PersonRow(number, name, role, email or "", team, counts)
        for number, name, role, email, team, counts in session.execute(_PEOPLE)
    ]
    return people.counting_ids(listed), len(listed) == 1


def rules(session: Session) -> Rules:
    """Who counts, who owns what, since when each asset is there, and what was merged."""
    counting, alone = counting_people(session)
    return _with(Rules(counting), plain(session, _RULED), alone=alone)


def rules_of(session: Session, known: Rules, asset_ids: Sequence[int]) -> Rules:
    """The rules with what they say of some assets read anew; people are not looked at."""
    owners, available, merged = dict(known.owners), dict(known.available), dict(known.merged)
    for asset in asset_ids:
        for held in (owners, available, merged):
            held.pop(asset, None)
    rest = Rules(known.counting, owners, available, merged)
    alone = session.scalar(select(func.count()).select_from(Person)) == 1
    return _with(rest, _SOME_RULED.rows(session, asset_ids), alone=alone)


_PEOPLE = select(
    Person.id, Person.name, Person.role, Person.email, Person.team, Person.counts
)
_RULED = select(
    Asset.id, Asset.owner_id, Asset.published_at, Asset.created_at, Asset.merged_into_id
)
_SOME_RULED = Prepared(lambda marks: _RULED.where(Asset.id.in_(marks)))


def _with(known: Rules, found: Iterable[Any], *, alone: bool) -> Rules:
    owners, available, into = dict(known.owners), dict(known.available), dict(known.merged)
    for asset_id, owner_id, published, created, merged in found:
        available[asset_id] = published if published is not None else created
        if merged is not None:
            into[asset_id] = merged
        elif owner_id is not None and not alone:
            # In a library of one person that person owns everything and counts all the same.
            owners[asset_id] = owner_id
    return Rules(known.counting, owners, available, _final(into))


def _final(into: dict[int, int]) -> dict[int, int]:
    """Each merged asset with the one that its chain of merges ends at."""
    final = {}
    for asset in into:
        end, seen = into[asset], {asset}
        while end in into and end not in seen:
            seen.add(end)
            end = into[end]
        final[asset] = end
    return final


def is_use() -> ColumnElement[bool]:
    """The predicate of the partial index over uses."""
    # SQLite takes a partial index only when its predicate is repeated in literals (data.md).
    kinds: BindParameter[str] = bindparam("kinds", USE_KINDS, expanding=True, literal_execute=True)
    return UsageEvent.kind.in_(kinds)


def is_bulk() -> ColumnElement[bool]:
    """Whether an event is part of a bulk job."""
    return func.coalesce(UsageEvent.detail["bulk"].as_boolean(), False)


def uses(session: Session, by: Rules, *conditions: ColumnElement[bool]) -> Counted:
    """The uses that count among those that meet the conditions, oldest first."""
    query = (
        select(
            UsageEvent.at, UsageEvent.asset_id, UsageEvent.person_id, UsageEvent.kind, is_bulk()
        )
        .where(is_use(), *conditions)
        .order_by(UsageEvent.at)
    )  # fmt: skip
    return counted(plain(session, query), by)


def plain(session: Session, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """The rows as plain tuples of the driver: half the time of SQLAlchemy's rows for 100,000."""
    result = session.connection().execute(query)
    assert result.cursor is not None
    rows = list(result.cursor.fetchall())
    result.close()
    return rows
