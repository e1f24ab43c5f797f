"""What the search needs of the record besides words, as numpy columns over the assets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from app.catalogue import trust
from app.clock import DAY_MS, now_ms
from app.rows import SHOWN_STATUSES, STATUS_LABELS
from app.settings import BY_KEY, Settings
from app.store.logs import Change, SearchEvent, UsageEvent
from app.store.prepared import Fixed
from app.store.tables import Asset, AssetFile, AssetTag, AssetVersion, Facet, Term
from app.usage import log as usage_log
from app.usage.counting import Deed
from app.vocabulary.terms import Vocabulary, load

Mask = NDArray[np.bool_]
WINDOW_DAYS = 90
_RANKED = tuple(key for key in BY_KEY if key.startswith("rank."))


SHOWN_FACETS = ("persona", "stage", "value_proposition", "content_type", "status")


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet as it is counted: its terms (slug, label), and who carries each as a row of bits."""

    label: str
    terms: tuple[tuple[str, str], ...]
    bits: NDArray[np.uint8]


@dataclass(frozen=True)
class Snapshot:
    """The assets that can be found, in ascending order of id, and a value per asset and column.

    ``masks`` maps (facet key, slug) to who carries the term; "status" is one of the facets.
    ``boost`` multiplies the text score (see ``ranking``). ``stamp`` says which state this is.
    """

    stamp: tuple[int, ...]
    vocabulary: Vocabulary
    ids: NDArray[np.int64]
    titles: tuple[str, ...]
    status: tuple[str, ...]
    masks: dict[tuple[str, str], Mask]
    boost: NDArray[np.float64]
    newest: NDArray[np.int64]
    uses: NDArray[np.int64]
    users: NDArray[np.int64]

    @cached_property
    def sunk(self) -> NDArray[np.float64]:
        """The factor of each asset's status."""
        from app.finding import ranking

        return ranking.sinks(self.status)

    @cached_property
    def by_title(self) -> NDArray[np.int64]:
        """Each asset's place in the order of titles; equal titles share one."""
        folded = [title.casefold() for title in self.titles]
        place = {title: at for at, title in enumerate(sorted(set(folded)))}
        return np.array([place[title] for title in folded], np.int64)

    @cached_property
    def bare_titles(self) -> dict[str, list[int]]:
        """The rows of each title as titles are compared."""
        from app.finding import ranking

        found: dict[str, list[int]] = {}
        for row, title in enumerate(self.titles):
            found.setdefault(ranking.bare(title), []).append(row)
        return found

    @cached_property
    def shown(self) -> dict[str, ShownFacet]:
        """The facets that are counted, in the order in which they are shown."""
        known = {
            f.key: (f.label, [(t.slug, t.label) for t in f.terms]) for f in self.vocabulary.facets
        }
        known["status"] = ("Status", [(slug, STATUS_LABELS[slug]) for slug in SHOWN_STATUSES])
        return {
            key: ShownFacet(label, tuple(terms), self._bits(key, terms))
            for key, (label, terms) in ((k, known[k]) for k in SHOWN_FACETS if k in known)
        }

    def _bits(self, key: str, terms: list[tuple[str, str]]) -> NDArray[np.uint8]:
        held = [self.masks[key, slug] for slug, _ in terms]
        return np.packbits(np.array(held, bool).reshape(len(terms), len(self.ids)), axis=1)

    def rows_of(self, asset_ids: NDArray[Any]) -> NDArray[np.int64]:
        """The row of each asset id; -1 where it cannot be found now."""
        if not len(self.ids):
            return np.full(len(asset_ids), -1, np.int64)
        at = np.searchsorted(self.ids, asset_ids)
        at[at == len(self.ids)] = 0
        return np.where(self.ids[at] == asset_ids, at, -1)


_NEWEST = Fixed(
    select(
        select(func.max(Change.seq)).scalar_subquery(),
        select(func.max(UsageEvent.seq)).scalar_subquery(),
        select(func.max(literal_column("rowid"))).select_from(SearchEvent).scalar_subquery(),
    )
)


def stamp(session: Session) -> tuple[int, ...]:
    """A number per log that grows with every change: equal stamps, equal snapshots."""
    ((changes, events, searches),) = _NEWEST.rows(session)
    # Statuses and freshness change with the day, and the ranking with its settings.
    settings = session.info["settings"]
    ranking = hash(tuple([settings.get(key) for key in _RANKED]))
    return changes or 0, events or 0, searches or 0, now_ms() // DAY_MS, ranking


def take(session: Session, settings: Settings) -> Snapshot:
    """Read the snapshot of the present state."""
    now = now_ms()
    mark = stamp(session)
    vocabulary = load(session)
    assets = _assets(session)
    ids = np.array([row.id for row in assets], np.int64)
    status = tuple(
        trust.shown_status(
            row.status, expires_at=row.expires_at, superseded=row.superseded_by_id is not None,
            now=now,
        )
        for row in assets
    )  # fmt: skip
    by = usage_log.rules(session)
    deeds = usage_log.uses(session, by).deeds
    uses, users = _uses(ids, deeds, now - WINDOW_DAYS * DAY_MS)
    published = np.array([row.published_at or now for row in assets], np.int64)
    from app.finding import ranking

    boost = ranking.boosts(
        ids, published, deeds, _impressions(session, by.counting, now, settings), now, settings
    )
    return Snapshot(
        mark, vocabulary, ids, tuple(row.title for row in assets), status,
        {**_term_masks(session, ids, vocabulary), **_status_masks(status)}, boost,
        np.array([max(row.modified_at or 0, 0) for row in assets], np.int64), uses, users,
    )  # fmt: skip


def _assets(session: Session) -> list[Any]:
    present = (
        select(AssetFile.id)
        .where(AssetFile.asset_id == Asset.id, AssetFile.missing_since.is_(None))
        .exists()
    )
    query = (
        select(
            Asset.id, Asset.title, Asset.status, Asset.expires_at, Asset.superseded_by_id,
            Asset.published_at, Asset.owner_id, AssetVersion.modified_at,
        )
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(present, Asset.merged_into_id.is_(None))
        .order_by(Asset.id)
    )  # fmt: skip
    return list(session.execute(query))


def _term_masks(
    session: Session, ids: NDArray[np.int64], vocabulary: Vocabulary
) -> dict[tuple[str, str], Mask]:
    masks = {
        (facet.key, term.slug): np.zeros(len(ids), bool)
        for facet in vocabulary.facets
        for term in facet.terms
    }
    canonical = func.coalesce(Term.canonical_id, Term.id)
    shown = select(Term.id, Term.slug, Facet.key).join(Facet, Facet.id == Term.facet_id).subquery()
    query = (
        select(AssetTag.asset_id, shown.c.key, shown.c.slug)
        .join(Term, Term.id == AssetTag.term_id)
        .join(shown, shown.c.id == canonical)
        .where(AssetTag.state == "accepted")
    )
    row_of = {int(asset): row for row, asset in enumerate(ids)}
    for asset, key, slug in session.execute(query):
        row, mask = row_of.get(asset), masks.get((key, slug))
        if row is not None and mask is not None:
            mask[row] = True
    return masks


def _status_masks(status: tuple[str, ...]) -> dict[tuple[str, str], Mask]:
    return {
        ("status", word): np.fromiter((s == word for s in status), bool, len(status))
        for word in SHOWN_STATUSES
    }


def _uses(
    ids: NDArray[np.int64], deeds: tuple[Deed, ...], since: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row_of = {int(asset): row for row, asset in enumerate(ids)}
    uses = np.zeros(len(ids), np.int64)
    who: dict[int, set[int]] = {}
    for at, asset, person, *_ in deeds:
        row = row_of.get(asset)
        if row is not None and at >= since:
            uses[row] += 1
            who.setdefault(row, set()).add(person)
    users = np.zeros(len(ids), np.int64)
    for row, persons in who.items():
        users[row] = len(persons)
    return uses, users


def _impressions(
    session: Session, counting: frozenset[int], now: int, settings: Settings
) -> list[tuple[int, list[int]]]:
    """(moment, assets shown) of the searches recent enough to weigh anything."""
    since = now - int(8 * settings.number("rank.use_days") * DAY_MS)
    query = select(SearchEvent.at, SearchEvent.top_ids).where(
        SearchEvent.at >= since, SearchEvent.person_id.in_(counting)
    )
    return [(at, ids) for at, ids in session.execute(query)]
