"""What people decided about two assets: kept, shown, and taken back; chains and "not a copy".

Taking back dates a decision and never erases it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import assets
from app.catalogue.versions import quoted
from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.rows_copies import CopyDecision
from app.store.tables import Asset, AssetFile, Person
from app.store.tables_copies import CopyDecision as Decision

_SENTENCES = {
    "merge": "{second} was merged into {first}.",
    "accept_move": "{second} is {first}, moved and edited.",
    "chain": "{second} is an older version of {first}.",
    "not_a_copy": "{second} is not a copy of {first}.",
}


def into(session: Session, asset_id: int) -> int:
    """The asset that an asset was merged into, at the end of the chain; itself if it was not."""
    seen = {asset_id}
    while True:
        target = session.scalar(select(Asset.merged_into_id).where(Asset.id == asset_id))
        if target is None or target in seen:
            return asset_id
        seen.add(target)
        asset_id = target


def family(session: Session, asset_id: int) -> list[int]:
    """The asset and all that were merged into it: whose events are its history."""
    found, fresh = [asset_id], [asset_id]
    while fresh:
        fresh = list(session.scalars(select(Asset.id).where(Asset.merged_into_id.in_(fresh))))
        fresh = [other for other in fresh if other not in found]
        found += fresh
    return found


def stands_aside(session: Session, asset: Asset, file: AssetFile, version_id: int) -> bool:
    """Whether what is in a place says nothing about the asset's current content.

    So it is with a place that holds what it held before, though another version is current, and
    with the place of an asset that was merged in: an edit of a rep's copy is no edit of the deck.
    """
    if asset.current_version_id is None or file.version_id in (None, asset.current_version_id):
        return False
    if file.version_id == version_id:
        return True
    return file.id in merged_places(session, asset.id)


def merged_places(session: Session, asset_id: int) -> set[int]:
    """The files of an asset that came to it with an asset which was merged into it."""
    query = select(Decision.detail).where(
        Decision.what == "merge", Decision.first_id == asset_id, Decision.undone_at.is_(None)
    )
    return {file for detail in session.scalars(query) for file in detail["files"]}


def two(session: Session, first_id: int, second_id: int) -> tuple[Asset, Asset]:
    """Two different assets of which neither was merged away. Raises UserError."""
    if first_id == second_id:
        raise UserError(f"{title(session, first_id)} cannot be compared with itself.")
    first, second = assets.get(session, first_id), assets.get(session, second_id)
    for asset in (first, second):
        if asset.merged_into_id is not None:
            kept = title(session, into(session, asset.id))
            raise UserError(f"{quoted(asset.title)} was merged into {kept} already.")
    return first, second


def decide(
    session: Session, me_id: int, what: str, first_id: int, second_id: int, detail: dict[str, Any]
) -> None:
    """Keep a decision; ``detail`` holds what taking it back needs."""
    session.add(
        Decision(
            what=what, first_id=first_id, second_id=second_id, by_id=me_id, at=now_ms(),
            detail=detail,
        )
    )  # fmt: skip
    session.flush()


def active(session: Session, what: tuple[str, ...], *, second_id: int) -> Decision | None:
    """The newest decision of these kinds about ``second_id`` that still holds."""
    query = (
        select(Decision)
        .where(
            Decision.what.in_(what), Decision.second_id == second_id, Decision.undone_at.is_(None)
        )
        .order_by(Decision.id.desc())
    )
    return session.scalars(query).first()


def title(session: Session, asset_id: int) -> str:
    """An asset's title in quotation marks."""
    return quoted(assets.get(session, asset_id).title)


def sentence(session: Session, what: str, first_id: int, second_id: int) -> str:
    """A decision told for people."""
    return _SENTENCES[what].format(first=title(session, first_id), second=title(session, second_id))


def listed(session: Session) -> tuple[CopyDecision, ...]:
    """The decisions that hold, newest first."""
    titles = select(Asset.id, Asset.title)
    first, second = titles.subquery(), titles.subquery()
    query = (
        select(Decision, first.c.title, second.c.title, Person.name)
        .join(first, first.c.id == Decision.first_id)
        .join(second, second.c.id == Decision.second_id)
        .join(Person, Person.id == Decision.by_id)
        .where(Decision.undone_at.is_(None))
        .order_by(Decision.at.desc(), Decision.id.desc())
    )
    return tuple(
        CopyDecision(
            row.what, row.first_id, one, row.second_id, two, by, row.at,
            _SENTENCES[row.what].format(first=quoted(one), second=quoted(two)),
        )
        for row, one, two, by in session.execute(query)
    )  # fmt: skip


# ---- chain, and not a copy -----------------------------------------------------------------


def chain(session: Session, me_id: int, newer_id: int, older_id: int) -> Changes:
    """Say that ``older`` is an older version of ``newer``. Raises UserError."""
    newer, older = two(session, newer_id, older_id)
    if older.superseded_by_id == newer.id:
        return Changes(summary=f"{quoted(older.title)} is superseded by it already.")
    at: Asset | None = newer
    seen: set[int] = set()
    while at is not None and at.id not in seen:
        if at.id == older.id:
            raise UserError(
                f"{quoted(newer.title)} is itself an older version of {quoted(older.title)}. "
                "Take that back first."
            )
        seen.add(at.id)
        at = session.get(Asset, at.superseded_by_id or 0)
    former = older.superseded_by_id
    older.superseded_by_id = newer.id
    decide(session, me_id, "chain", newer.id, older.id, {"former": former})
    return Changes(
        frozenset({"assets"}), (newer.id, older.id),
        sentence(session, "chain", newer.id, older.id), Inverse("unchain", (older.id,)),
    )  # fmt: skip


def unchain(session: Session, older_id: int) -> Changes:
    """Take back that an asset is an older version of another. Raises UserError."""
    older = assets.get(session, older_id)
    newer_id = older.superseded_by_id
    if newer_id is None:
        raise UserError(f"{quoted(older.title)} is not superseded by another asset.")
    decision = active(session, ("chain",), second_id=older_id)
    if decision is not None and decision.first_id == newer_id:
        older.superseded_by_id = decision.detail.get("former")
        decision.undone_at = now_ms()
    else:
        older.superseded_by_id = None
    session.flush()
    return Changes(
        frozenset({"assets"}), (newer_id, older_id),
        f"{quoted(older.title)} is an asset of its own again.",
        Inverse("chain", (newer_id, older_id)),
    )  # fmt: skip


def not_a_copy(session: Session, me_id: int, first_id: int, second_id: int) -> Changes:
    """Remember that two assets are no copies of each other. Raises UserError."""
    first, second = two(session, *sorted((first_id, second_id)))
    if _pair(session, first.id, second.id) is None:
        decide(session, me_id, "not_a_copy", first.id, second.id, {})
    return Changes(
        frozenset({"assets"}), (first.id, second.id),
        sentence(session, "not_a_copy", first.id, second.id),
        Inverse("forget_not_a_copy", (first.id, second.id)),
    )  # fmt: skip


def forget_not_a_copy(session: Session, first_id: int, second_id: int) -> Changes:
    """Take back that two assets are no copies of each other. Raises UserError."""
    first_id, second_id = sorted((first_id, second_id))
    decision = _pair(session, first_id, second_id)
    if decision is None:
        raise UserError("Nobody has said that these two are not copies of each other.")
    decision.undone_at = now_ms()
    session.flush()
    return Changes(
        frozenset({"assets"}), (first_id, second_id),
        f"{title(session, second_id)} and {title(session, first_id)} are compared again.",
        Inverse("not_a_copy", (first_id, second_id)),
    )  # fmt: skip


def _pair(session: Session, first_id: int, second_id: int) -> Decision | None:
    query = select(Decision).where(
        Decision.what == "not_a_copy", Decision.first_id == first_id,
        Decision.second_id == second_id, Decision.undone_at.is_(None),
    )  # fmt: skip
    return session.scalars(query).first()
