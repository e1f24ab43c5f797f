"""Reading the catalogue that searches look into: whole, or only the assets that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.catalogue import trust
from app.finding import ranking
from app.finding.snapshot import Catalogue, Mask
from app.rows import SHOWN_STATUSES
from app.store.prepared import Fixed, Prepared
from app.store.tables import Asset, AssetFile, AssetTag, AssetVersion, Facet, Term
from app.vocabulary.terms import Vocabulary, load

Numbers = NDArray[np.int64]


class _Row(NamedTuple):
    """An asset that can be found."""

    id: int
    title: str
    status: str
    newest: int
    published: int


def _found() -> Select[*tuple[Any, ...]]:
    present = (
        select(AssetFile.id)
        .where(AssetFile.asset_id == Asset.id, AssetFile.missing_since.is_(None))
        .exists()
    )
    return (
        select(
            Asset.id, Asset.title, Asset.status, Asset.expires_at, Asset.superseded_by_id,
            Asset.published_at, AssetVersion.modified_at,
        )
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(present, Asset.merged_into_id.is_(None))
        .order_by(Asset.id)
    )  # fmt: skip


def _carried() -> Select[*tuple[Any, ...]]:
    shown = aliased(Term)
    return (
        select(AssetTag.asset_id, Facet.key, shown.slug)
        .join(Term, Term.id == AssetTag.term_id)
        .join(shown, shown.id == func.coalesce(Term.canonical_id, Term.id))
        .join(Facet, Facet.id == shown.facet_id)
        .where(AssetTag.state == "accepted")
    )


_ALL, _ALL_TAGS = Fixed(_found()), Fixed(_carried())
_SOME = Prepared(lambda marks: _found().where(Asset.id.in_(marks)))
_SOME_TAGS = Prepared(lambda marks: _carried().where(AssetTag.asset_id.in_(marks)))


def read(session: Session, now: int) -> Catalogue:
    """Read the whole catalogue."""
    vocabulary = load(session)
    return _catalogue(vocabulary, _rows(_ALL.rows(session), now), _ALL_TAGS.rows(session))


def caught_up(session: Session, old: Catalogue, changed: Sequence[int], now: int) -> Catalogue:
    """The catalogue with some assets read anew: entered, changed, or taken out."""
    rows = _rows(_SOME.rows(session, changed), now)
    fresh = _catalogue(old.vocabulary, rows, _SOME_TAGS.rows(session, changed))
    at = old.rows_of(fresh.ids)
    if (at >= 0).all() and np.isin(old.ids, changed).sum() == len(at):
        return _patched(old, fresh, at)
    stay = np.flatnonzero(~np.isin(old.ids, changed))
    ids = np.concatenate([old.ids[stay], fresh.ids])
    order = np.argsort(ids, kind="stable")
    # Where each row of the new order comes from: old rows first, then the ones read anew.
    source = np.concatenate([stay, len(old.ids) + np.arange(len(fresh.ids))])[order]

    def joined(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = np.concatenate([one, other])[source]
        return found

    def listed(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
        both = [*one, *other]
        return tuple([both[row] for row in source.tolist()])

    return Catalogue(
        old.vocabulary, ids[order], listed(old.titles, fresh.titles), listed(old.bare, fresh.bare),
        listed(old.status, fresh.status),
        {key: joined(mask, fresh.masks[key]) for key, mask in old.masks.items()},
        joined(old.newest, fresh.newest), joined(old.published, fresh.published),
    )  # fmt: skip


def _patched(old: Catalogue, fresh: Catalogue, at: Numbers) -> Catalogue:
    """The catalogue with other values in some rows; no row comes or goes."""

    def put(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        held = one.copy()
        held[at] = other
        return held

    def listed(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
        held = list(one)
        for row, value in zip(at.tolist(), other, strict=True):
            held[row] = value
        return tuple(held)

    return Catalogue(
        old.vocabulary, old.ids, listed(old.titles, fresh.titles), listed(old.bare, fresh.bare),
        listed(old.status, fresh.status),
        {key: put(mask, fresh.masks[key]) for key, mask in old.masks.items()},
        put(old.newest, fresh.newest), put(old.published, fresh.published),
    )  # fmt: skip


def _catalogue(vocabulary: Vocabulary, rows: list[_Row], carried: Iterable[Any]) -> Catalogue:
    ids = np.array([row.id for row in rows], np.int64)
    masks = _no_masks(vocabulary, len(rows))
    _mark(masks, ids, carried)
    status = tuple(row.status for row in rows)
    return Catalogue(
        vocabulary, ids, tuple(row.title for row in rows),
        tuple(ranking.bare(row.title) for row in rows), status, {**masks, **_status_masks(status)},
        np.array([row.newest for row in rows], np.int64),
        np.array([row.published for row in rows], np.int64),
    )  # fmt: skip


def _rows(found: Iterable[Any], now: int) -> list[_Row]:
    return [
        _Row(
            key, title,
            trust.shown_status(status, expires_at=expires, superseded=by is not None, now=now),
            max(modified or 0, 0), published or now,
        )
        for key, title, status, expires, by, published, modified in found
    ]  # fmt: skip


def _no_masks(vocabulary: Vocabulary, n: int) -> dict[tuple[str, str], Mask]:
    return {
        (facet.key, term.slug): np.zeros(n, bool)
        for facet in vocabulary.facets
        for term in facet.terms
    }


def _mark(masks: dict[tuple[str, str], Mask], ids: Numbers, carried: Iterable[Any]) -> None:
    """Note in the masks who carries what; terms without a mask are not in use."""
    row_of = {asset: row for row, asset in enumerate(ids.tolist())}
    for asset, key, slug in carried:
        row, mask = row_of.get(asset), masks.get((key, slug))
        if row is not None and mask is not None:
            mask[row] = True


def _status_masks(status: Sequence[str]) -> dict[tuple[str, str], Mask]:
    held = np.array(status, np.str_)
    return {("status", word): np.asarray(held == word) for word in SHOWN_STATUSES}
