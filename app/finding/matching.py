"""From what was meant to the assets that match, asking for less when nothing has all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.finding.dates import Interval
from app.finding.language import Parsed
from app.finding.snapshot import Snapshot
from app.finding.vocabulary_match import Group, groups_in
from app.finding.widening import Weights, Widened, corrected_text, widened
from indexer.search.query import And, Everything, Node, Not, Pages
from indexer.search.reader import Searcher
from indexer.search.text import stop_words

SENTENCE = 3
"""Where few assets have all the words of a text of so many words, others are shown too."""

BestPages: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64]]"
PagesOf: TypeAlias = "Callable[[NDArray[np.int64]], BestPages]"

Bounds = tuple[tuple[Interval, bool], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Assets that match the words: rows of the snapshot and text scores.

    ``pages_of`` gives best page and number of pages that match for some of the rows, by position:
    few are shown, and to look at the pages of all takes as long as to find them.
    ``tagged`` names the vocabulary term by which a row matched, if not by its words.
    ``gone`` counts assets that match in the index and cannot be found now. ``named`` are the rows
    whose title is exactly what was typed.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    pages_of: PagesOf
    tagged: Mapping[int, str]
    exact: bool
    terms: tuple[str, ...]
    gone: int = 0
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What matches, and what had to be done for it: sentences, and a corrected text or "".

    ``ways`` is what was looked for; the pages of an asset are those of the first way that finds
    any. ``some``: pages have some of the words, not all.
    """

    matched: Matched
    limited: str = ""
    relaxed: str = ""
    suggestion: str = ""
    ways: tuple[Node, ...] = ()
    some: bool = False


def answer(
    searcher: Searcher, parsed: Parsed, text: str, snapshot: Snapshot, weights: Weights
) -> Answer:
    """The assets that match; less is asked for when few match, and that is said."""
    asker = _Asker(searcher, parsed.pages, snapshot)
    if parsed.node is None or isinstance(parsed.node, Everything):
        found = asker.ask(Everything()) if parsed.pages else everything(snapshot)
        return Answer(found, ways=(asker.bounded(Everything()),) if parsed.pages else ())
    wide = widened(parsed.node, searcher, weights)
    few = max(1, weights.few)
    groups = groups_in(parsed.plain, snapshot.vocabulary)
    looked, some = wide.all_of(), False
    found = asker.with_groups(asker.ask(looked), groups)
    said = [wide.said] if wide.said else []
    if len(found.rows) < few and (less := _unfinished(wide, len(found.rows))) is not None:
        more = asker.with_groups(asker.ask(less.all_of()), groups)
        if len(more.rows) > len(found.rows):
            also = "also " if len(found.rows) else ""
            said.append(f"The last word was {also}taken as the beginning of a word.")
            found, wide, looked = more, less, less.all_of()
    if len(found.rows) < few and len(wide.pieces) >= (SENTENCE if len(found.rows) else 2):
        most = wide.most_of(snapshot.vocabulary)
        more = asker.with_groups(asker.ask(most), groups)
        if len(more.rows) > len(found.rows):
            said.append(_some_of(len(found.rows)))
            more = replace(more, terms=_telling(more.terms, found.terms))
            found, looked, some = more, most, True
    ways = (looked, *(group.node() for group in groups if group.rest))
    better = corrected_text(text, wide.corrections) if wide.corrections else ""
    return Answer(
        found, "", " ".join(said) if len(found.rows) else "", better,
        tuple(asker.bounded(way) for way in ways), some,
    )  # fmt: skip


def _unfinished(wide: Widened, n: int) -> Widened | None:
    """The same with the last word as a beginning; one word that is known is left as it is."""
    return wide.unfinished() if not n or len(wide.pieces) > 1 else None


def _telling(terms: tuple[str, ...], typed: tuple[str, ...]) -> tuple[str, ...]:
    """What is marked: not the "a" of a synonym such as "select a supplier"."""
    return tuple(term for term in terms if term in typed or term not in stop_words("en"))


def _some_of(n: int) -> str:
    if not n:
        return "No asset has all these words. These have some of them."
    has = "Only 1 asset has" if n == 1 else f"Only {n} assets have"
    return f"{has} all these words. The others have some of them."


class _Asker:
    """Asks one searcher and turns pages into rows of one snapshot."""

    def __init__(self, searcher: Searcher, bounds: Bounds, snapshot: Snapshot) -> None:
        self._searcher = searcher
        self._bounds = page_bounds(bounds)
        self._snapshot = snapshot

    def ask(self, node: Node) -> Matched:
        """The assets with a page that matches."""
        found = self._searcher.search_assets(self.bounded(node), 1)
        rows, there, gone = self._rows(found.all_ids)
        held = np.flatnonzero(there)

        def pages_of(places: NDArray[np.int64]) -> BestPages:
            pages, n_pages = found.pages.best(held[places])
            return pages.astype(np.int64), n_pages.astype(np.int64)

        scores = found.all_scores[there].astype(np.float64)
        return Matched(rows, scores, pages_of, {}, found.exact, found.terms, gone)

    def with_groups(self, found: Matched, groups: Sequence[Group]) -> Matched:
        """The same, and what carries a term that the words name."""
        for group in groups:
            found = union(found, self.of_group(group, found))
        return found

    def of_group(self, group: Group, base: Matched) -> Matched:
        """Assets that carry a term named in the text and match the other words."""
        carries = self._snapshot.masks[group.facet, group.slug]
        typical = float(np.median(base.scores)) if len(base.scores) else 1.0
        if not group.rest:
            rows = np.flatnonzero(carries)
            n = len(rows)
            return Matched(
                rows, np.full(n, typical), _no_pages,
                dict.fromkeys(rows.tolist(), group.label), exact=True, terms=(),
            )  # fmt: skip
        found = self.ask(group.node())
        keep = np.flatnonzero(carries[found.rows])
        return Matched(
            found.rows[keep], found.scores[keep] + typical / 2,
            lambda places: found.pages_of(keep[places]),
            dict.fromkeys(found.rows[keep].tolist(), group.label),
            found.exact, found.terms,
        )  # fmt: skip

    def bounded(self, node: Node) -> Node:
        """The same within the pages asked for."""
        return And((node, *self._bounds)) if self._bounds else node

    def _rows(self, ids: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
        """Rows of the snapshot, which of the assets have one, and how many have none."""
        rows = self._snapshot.rows_of(ids)
        there = rows >= 0
        return rows[there], there, len(ids) - int(there.sum())


def page_bounds(bounds: Bounds) -> tuple[Node, ...]:
    """The pages that are asked for, as nodes."""
    return tuple(_bound(interval, excluded=no) for interval, no in bounds)


def _bound(interval: Interval, *, excluded: bool) -> Node:
    first = 1 if interval.low is None else max(1, interval.low)
    pages = Pages(first, interval.high)
    return Not(pages) if excluded else pages


def _no_pages(places: NDArray[np.int64]) -> BestPages:
    return np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)


def fixed_pages(pages: NDArray[Any], n_pages: NDArray[Any]) -> PagesOf:
    """``Matched.pages_of`` for what is known already."""
    whole, many = pages.astype(np.int64), n_pages.astype(np.int64)
    return lambda places: (whole[places], many[places])


def everything(snapshot: Snapshot) -> Matched:
    """Every asset, each with score 1."""
    n = len(snapshot.ids)
    return Matched(np.arange(n), np.ones(n), _no_pages, {}, exact=True, terms=())


def of_fallback(found: list[tuple[int, int, float]], snapshot: Snapshot) -> Matched:
    """What the database alone has found."""
    rows = snapshot.rows_of(np.array([asset for asset, _, _ in found], np.int64))
    there = rows >= 0
    return Matched(
        rows[there],
        np.array([score for _, _, score in found], np.float64)[there],
        fixed_pages(np.array([page for _, page, _ in found])[there], np.ones(int(there.sum()))),
        {}, exact=True, terms=(),
    )  # fmt: skip


def union(first: Matched, second: Matched) -> Matched:
    """Both sets; where an asset is in both, it keeps its pages and takes the better score."""
    at = _places(first.rows, second.rows)
    known, new = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
    scores = first.scores.copy()
    scores[at[known]] += second.scores[known] / 2

    def pages_of(places: NDArray[np.int64]) -> BestPages:
        pages, n_pages = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        ours = places < len(first.rows)
        pages[ours], n_pages[ours] = first.pages_of(places[ours])
        theirs = new[places[~ours] - len(first.rows)]
        pages[~ours], n_pages[~ours] = second.pages_of(theirs)
        return pages, n_pages

    return Matched(
        np.concatenate([first.rows, second.rows[new]]),
        np.concatenate([scores, second.scores[new]]), pages_of,
        {**first.tagged, **second.tagged},
        first.exact and second.exact, tuple(dict.fromkeys((*first.terms, *second.terms))),
        gone=first.gone,
    )  # fmt: skip


def _places(rows: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of the wanted rows is among some rows, or -1."""
    size = 1 + max(int(each.max(initial=-1)) for each in (rows, wanted))
    place = np.full(size, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return place[wanted]
