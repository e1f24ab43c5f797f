"""From pages that match to assets: the best page of each, how many, and the best assets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.search.hits import Floats, Hits, starts
from indexer.search.packing import Ids, Ints


@dataclass(frozen=True, slots=True)
class AssetMatches:
    """The best assets, best first, as parallel arrays, and all that match.

    ``scores`` have the boost in them. ``all_ids`` are all matching assets in no particular
    order, ``all_scores`` their text scores without boost. ``exact`` is False when a beginning stood
    for more words than were looked up: counts are then "at least". ``terms`` are for
    ``marking.snippet``.
    """

    asset_ids: Ints
    scores: Floats
    all_ids: Ints
    all_scores: Floats
    exact: bool
    terms: tuple[str, ...]
    pages: Pages
    places: Ids
    """Where each of ``asset_ids`` is in ``all_ids``."""

    @property
    def page_nos(self) -> Ints:
        """Each asset's best page, of equal ones the first; 0 for an asset without text."""
        return self.pages.best(self.places)[0]

    @property
    def page_counts(self) -> Ints:
        """How many pages of each asset match."""
        return self.pages.best(self.places)[1]

    def all_pages(self) -> tuple[Ints, Ints]:
        """Return best page and number of pages of each of ``all_ids``."""
        return self.pages.best(np.arange(len(self.all_ids)))

    @property
    def total(self) -> int:
        """The number of assets that match."""
        return len(self.all_ids)

    def matching(self, size: int) -> NDArray[np.bool_]:
        """Return a flag per asset id below ``size``: whether it matches."""
        flags = np.zeros(size, bool)
        flags[self.all_ids[self.all_ids < size]] = True
        return flags


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages behind ``AssetMatches.all_ids``."""

    hits: Hits
    page_nos: Ints
    begins: Ids
    ends: Ids

    def best(self, places: Ids) -> tuple[Ints, Ints]:
        """Return best page and number of pages for assets at some places of ``all_ids``."""
        begins, many = self.begins[places], self.ends[places] - self.begins[places]
        if not len(places):
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        inner = many.cumsum() - many
        of = np.arange(len(places)).repeat(many)
        rows = (begins - inner)[of] + np.arange(len(of))
        scores = self.hits.scores[rows]
        highest = (scores == np.maximum.reduceat(scores, inner)[of]).nonzero()[0]
        rows = rows[highest[starts(of[highest])]]
        return self.page_nos[self.hits.ids[rows]], many.astype(np.int32)


def collapse(
    hits: Hits,
    owners: Ints,
    page_nos: Ints,
    k: int,
    *,
    keep: Callable[[Ints], NDArray[np.bool_]] | None = None,
    boost: Floats | None = None,
    exact: bool = True,
    terms: tuple[str, ...] = (),
) -> AssetMatches:
    """Collapse hits to assets. The pages of an asset lie together in a segment, so in the hits.

    ``owners`` has the asset of every document, -1 for deleted ones: those of an asset are deleted
    together, so that whole runs of hits fall away and no single hit is looked at.
    """
    own = owners[hits.ids]
    begins = starts(own)
    ends = np.empty_like(begins)
    ends[:-1] = begins[1:]
    ends[-1:] = len(own)
    ids = own[begins]
    kept = _kept(ids, keep)
    if kept is not None:
        begins, ends, ids = begins[kept], ends[kept], ids[kept]
        pieces = np.stack([begins, ends], axis=1).reshape(-1)
        # Each reduction ends where the next begins: every second one is a gap left out.
        if len(pieces) and pieces[-1] == len(own):
            pieces = pieces[:-1]
        scores = np.maximum.reduceat(hits.scores, pieces)[::2] if len(ids) else hits.scores[:0]
    else:
        scores = np.maximum.reduceat(hits.scores, begins) if len(ids) else hits.scores[:0]
    blended = scores if boost is None else scores * _boost_of(ids, boost)
    best = _best(blended, ids, k)
    pages = Pages(hits, page_nos, begins, ends)
    return AssetMatches(ids[best], blended[best], ids, scores, exact, terms, pages, best)


def _kept(ids: Ints, keep: Callable[[Ints], NDArray[np.bool_]] | None) -> NDArray[np.bool_] | None:
    """Return which assets stay; None when all do."""
    if not len(ids) or (keep is None and int(ids.min()) >= 0):
        return None
    live = ids >= 0
    if keep is not None and live.any():
        # What is asked knows nothing of deleted documents.
        live[live] = keep(ids[live])
    return None if live.all() else live


def _boost_of(ids: Ints, boost: Floats) -> Floats:
    if not len(ids) or int(ids.max()) < len(boost):
        return boost[ids]
    found = np.ones(len(ids), np.float32)
    inside = ids < len(boost)
    found[inside] = boost[ids[inside]]
    return found


def _best(scores: Floats, ids: Ints, k: int) -> Ids:
    """Return the places of the ``k`` highest scores, highest first; of equal ones lower ids."""
    if k <= 0 or not len(scores):
        return np.zeros(0, np.int64)
    if len(scores) <= k:
        return np.lexsort((ids, -scores))
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = (scores > least).nonzero()[0]
    equal = (scores == least).nonzero()[0]
    equal = equal[np.argsort(ids[equal], kind="stable")[: k - len(above)]]
    chosen = np.concatenate([above, equal])
    found: Ids = chosen[np.lexsort((ids[chosen], -scores[chosen]))]
    return found
