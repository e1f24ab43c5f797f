"""Setting and taking away tags, on one or many assets, in one transaction, with the way back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.rows import TermRow
from app.store.tables import Asset, AssetTag, Facet, Term
from app.vocabulary import terms

# (asset id, term id, state, source, confidence, by, at)
TagState = tuple[int, int, str, str, float | None, int | None, int]


def tag(
    session: Session,
    me: int,
    asset_ids: Sequence[int],
    *,
    add: Sequence[tuple[str, str]] = (),
    remove: Sequence[tuple[str, str]] = (),
) -> Changes:
    """Set and take away tags. A facet of one value replaces the value that was there.

    Raises UserError for an unknown asset, facet or term; then nothing is changed.
    """
    ids = _checked(session, asset_ids)
    vocabulary = terms.load(session)
    adding = [vocabulary.term(facet, term) for facet, term in add]
    removing = [vocabulary.term(facet, term) for facet, term in remove]
    replaced = _replaced(session, [facet for facet, _ in add], adding, vocabulary)
    touched = [t.id for t in adding] + [t.id for t in removing] + replaced
    before = _snapshot(session, ids, touched)
    gone = [t.id for t in removing] + replaced
    session.execute(delete(AssetTag).where(AssetTag.asset_id.in_(ids), AssetTag.term_id.in_(gone)))
    for term in adding:
        _set(session, me, ids, term.id)
    session.flush()
    return _changes(ids, touched, before, _sentence(len(ids), adding, removing))


def restore(session: Session, me: int, before: object) -> Changes:
    """Put the tags back as they were noted; tags set by others meanwhile on other terms stay."""
    assert isinstance(before, tuple)
    ids, touched, states = before
    now_there = _snapshot(session, list(ids), list(touched))
    session.execute(
        delete(AssetTag).where(AssetTag.asset_id.in_(ids), AssetTag.term_id.in_(touched))
    )
    for asset, term, state, source, confidence, by, at in states:
        session.add(
            AssetTag(
                asset_id=asset, term_id=term, state=state, source=source, confidence=confidence,
                by_id=by if by is not None else me, at=at,
            )
        )  # fmt: skip
    session.flush()
    return _changes(list(ids), list(touched), now_there, f"Tags of {_count(len(ids))} put back.")


def _changes(
    ids: list[int], touched: list[int], before: tuple[TagState, ...], summary: str
) -> Changes:
    inverse = Inverse("restore_tags", ((tuple(ids), tuple(touched), before),))
    return Changes(frozenset({"tags"}), tuple(ids), summary, inverse)


def _checked(session: Session, asset_ids: Sequence[int]) -> list[int]:
    ids = list(dict.fromkeys(asset_ids))
    known = set(session.scalars(select(Asset.id).where(Asset.id.in_(ids))))
    missing = [asset for asset in ids if asset not in known]
    if missing:
        raise UserError(f"There is no asset number {missing[0]} in this library.")
    if not ids:
        raise UserError("Select at least one asset to tag.")
    return ids


def _replaced(
    session: Session,
    facets: list[str],
    adding: list[TermRow],
    vocabulary: terms.Vocabulary,
) -> list[int]:
    """The other terms of each single-valued facet that is being set."""
    single = {vocabulary.facet(text).key for text in facets if not vocabulary.facet(text).multi}
    for key in single:
        chosen = [t for t in adding if t.facet == key]
        if len(chosen) > 1:
            label = vocabulary.facet(key).label
            raise UserError(f"{label} holds one value. Choose one of the {len(chosen)} given.")
    keep = [t.id for t in adding]
    query = (
        select(Term.id)
        .join(Facet, Facet.id == Term.facet_id)
        .where(Facet.key.in_(single), Term.id.not_in(keep))
    )
    return list(session.scalars(query))


def _snapshot(session: Session, asset_ids: list[int], term_ids: list[int]) -> tuple[TagState, ...]:
    query = select(AssetTag).where(AssetTag.asset_id.in_(asset_ids), AssetTag.term_id.in_(term_ids))
    return tuple(
        (t.asset_id, t.term_id, t.state, t.source, t.confidence, t.by_id, t.at)
        for t in session.scalars(query)
    )


def _set(session: Session, me: int, asset_ids: list[int], term_id: int) -> None:
    there = {
        row.asset_id: row
        for row in session.scalars(
            select(AssetTag).where(AssetTag.asset_id.in_(asset_ids), AssetTag.term_id == term_id)
        )
    }
    for asset in asset_ids:
        row = there.get(asset)
        if row is None:
            session.add(
                AssetTag(
                    asset_id=asset, term_id=term_id, state="accepted", source="human", by_id=me
                )
            )
        elif row.state != "accepted":
            row.state, row.source, row.by_id, row.at = "accepted", "human", me, now_ms()


def _count(n: int) -> str:
    return "1 asset" if n == 1 else f"{n:,} assets"


def _sentence(n: int, adding: list[TermRow], removing: list[TermRow]) -> str:
    parts = []
    if adding:
        parts.append("tagged " + ", ".join(t.label for t in adding))
    if removing:
        parts.append("no longer tagged " + ", ".join(t.label for t in removing))
    return f"{_count(n)} {' and '.join(parts) or 'left as they were'}."
