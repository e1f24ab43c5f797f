"""What the search needs of the record besides words, as numpy columns over the assets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from app.clock import DAY_MS, now_ms
from app.rows import SHOWN_STATUSES, STATUS_LABELS
from app.settings import BY_KEY
from app.store.logs import Change, SearchEvent, UsageEvent
from app.store.prepared import Fixed
from app.vocabulary.terms import Vocabulary

Mask = NDArray[np.bool_]
_RANKED = tuple(key for key in BY_KEY if key.startswith("rank."))
SHOWN_FACETS = ("persona", "stage", "value_proposition", "content_type", "status")


class Stamp(NamedTuple):
    """A number per log that grows with every change: equal stamps, equal snapshots.

    Statuses and freshness change with the day, and the ranking with its settings.
    """

    changes: int
    events: int
    searches: int
    day: int
    ranking: int


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet as it is counted: its terms (slug, label), and who carries each as a row of bits."""

    label: str
    terms: tuple[tuple[str, str], ...]
    bits: NDArray[np.uint8]


@dataclass(frozen=True)
class Catalogue:
    """The assets that can be found, in ascending order of id, and a value per asset and column.

    ``bare`` are the titles as titles are compared. ``masks`` maps (facet key, slug) to who carries
    the term; "status" is one of the facets.
    ``published`` is when, or the moment of reading where nobody knows; ``newest`` when the content
    was last changed.
    """

    vocabulary: Vocabulary
    ids: NDArray[np.int64]
    titles: tuple[str, ...]
    bare: tuple[str, ...]
    status: tuple[str, ...]
    masks: dict[tuple[str, str], Mask]
    newest: NDArray[np.int64]
    published: NDArray[np.int64]

    @cached_property
    def sunk(self) -> NDArray[np.float64]:
        """The factor of each asset's status."""
        from app.finding import ranking

        found = np.ones(len(self.ids))
        for word, factor in ranking.SINK.items():
            found[self.masks["status", word]] = factor
        return found

    @cached_property
    def by_title(self) -> NDArray[np.int64]:
        """Each asset's place in the order of titles; equal titles share one."""
        folded = [title.casefold() for title in self.titles]
        place = {title: at for at, title in enumerate(sorted(set(folded)))}
        return np.array([place[title] for title in folded], np.int64)

    @cached_property
    def _of_bare(self) -> dict[str, int]:
        return dict(zip(self.bare, range(len(self.bare)), strict=True))

    def titled(self, bare: str) -> list[int]:
        """The rows with a title, given as titles are compared."""
        last = self._of_bare.get(bare)
        if last is None:
            return []
        found = [self.bare.index(bare)]
        while found[-1] != last:
            found.append(self.bare.index(bare, found[-1] + 1))
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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A catalogue with what is known of its use. ``stamp`` says which state this is.

    ``boost`` multiplies the text score (see ``ranking``); ``uses`` and ``users`` are of the last
    90 days.
    """

    stamp: Stamp
    catalogue: Catalogue
    boost: NDArray[np.float64]
    uses: NDArray[np.int64]
    users: NDArray[np.int64]

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary."""
        return self.catalogue.vocabulary

    @property
    def ids(self) -> NDArray[np.int64]:
        """The asset of each row."""
        return self.catalogue.ids

    @property
    def titles(self) -> tuple[str, ...]:
        """The title of each row."""
        return self.catalogue.titles

    @property
    def status(self) -> tuple[str, ...]:
        """The shown status of each row."""
        return self.catalogue.status

    @property
    def masks(self) -> dict[tuple[str, str], Mask]:
        """Who carries each term."""
        return self.catalogue.masks

    def rows_of(self, asset_ids: NDArray[Any]) -> NDArray[np.int64]:
        """The row of each asset id; -1 where it cannot be found now."""
        return self.catalogue.rows_of(asset_ids)


_NEWEST = Fixed(
    select(
        select(func.max(Change.seq)).scalar_subquery(),
        select(func.max(UsageEvent.seq)).scalar_subquery(),
        select(func.max(literal_column("rowid"))).select_from(SearchEvent).scalar_subquery(),
    )
)


def stamp(session: Session) -> Stamp:
    """The stamp of the present state."""
    ((changes, events, searches),) = _NEWEST.rows(session)
    settings = session.info["settings"]
    ranking = hash(settings.several(*_RANKED))
    return Stamp(changes or 0, events or 0, searches or 0, now_ms() // DAY_MS, ranking)
