"""The change feed: what has changed since a number, in the order of the commits."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.store.logs import Change

INDEXED = ("asset", "file")
# Named plainly, the kind makes SQLite walk through the index of all changes of these kinds.
_IS_INDEXED = func.coalesce(Change.entity, "").in_(INDEXED)


def last(session: Session) -> int:
    """The newest change number; 0 when nothing has ever changed."""
    return session.scalar(select(func.max(Change.seq))) or 0


def last_indexed(session: Session) -> int:
    """The newest change number that matters to the search index."""
    query = select(Change.seq).where(_IS_INDEXED).order_by(Change.seq.desc()).limit(1)
    return session.scalar(query) or 0


def assets_since(session: Session, seq: int) -> list[int]:
    """The ids of the assets whose words, names or places changed after ``seq``, ascending."""
    query = (
        select(Change.entity_id)
        .where(Change.seq > seq, _IS_INDEXED)
        .distinct()
        .order_by(Change.entity_id)
    )
    return list(session.scalars(query))


def stale_assets(session: Session, seq: int) -> list[tuple[int, int]]:
    """The assets that ``assets_since`` names with their newest change, in order of that.

    Whoever has dealt with the first of them, up to any change, has dealt with that change and
    all before it.
    """
    newest = func.max(Change.seq)
    query = (
        select(Change.entity_id, newest)
        .where(Change.seq > seq, _IS_INDEXED)
        .group_by(Change.entity_id)
        .order_by(newest)
    )
    return [(asset, change) for asset, change in session.execute(query)]


def described(session: Session, seq: int) -> dict[str, int | str] | None:
    """The change with a number, in full, to know it again; None when there is none."""
    found = session.get(Change, seq)
    if found is None:
        return None
    return {
        "seq": found.seq, "entity": found.entity, "id": found.entity_id, "op": found.op,
        "at": found.at,
    }  # fmt: skip
