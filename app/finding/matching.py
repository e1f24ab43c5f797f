"""From what was meant to the assets that match, asking for less when nothing has all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.finding.dates import Interval
from app.finding.language import Parsed
from app.finding.snapshot import Snapshot
from app.finding.vocabulary_match import Group, groups_in
from app.finding.widening import Part, Widened, corrected_text, meaningful, widened
from indexer.search.query import And, Everything, Node, Not, Or, Pages, Phrase
from indexer.search.reader import Matches, Searcher

OTHERWISE = 0.6
"""How much a synonym counts of the word itself."""

FEW, SENTENCE = 3, 4
"""Fewer assets than this with all the words of a text of so many words: others are shown too."""

PAIRED = 2.0
"""How much more a word counts that follows the same word as in the text."""

ADJACENT = 1.5
"""How much more a page counts that has the words of the text one after the other."""

LONGEST_PHRASE, MOST_PHRASED = 8, 500
"""Adjacent words are looked for in texts up to so many words with up to so many assets found."""

Bounds = tuple[tuple[Interval, bool], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Assets that match the words: rows of the snapshot, text score, best page, number of pages.

    ``tagged`` names the vocabulary term by which a row matched, if not by its words.
    ``gone`` counts assets that match in the index and cannot be found now. ``named`` are the rows
    whose title is exactly what was typed.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    pages: NDArray[np.int64]
    n_pages: NDArray[np.int64]
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


def answer(searcher: Searcher, parsed: Parsed, text: str, snapshot: Snapshot) -> Answer:
    """The assets that match; less is asked for when nothing matches, and that is said."""
    asker = _Asker(searcher, parsed.pages, snapshot)
    if parsed.node is None or isinstance(parsed.node, Everything):
        found = asker.ask(Everything()) if parsed.pages else everything(snapshot)
        return Answer(found, ways=(asker.bounded(Everything()),) if parsed.pages else ())
    wide = widened(parsed.node, searcher)
    found = asker.ask(wide.node)
    if _may_be_a_phrase(parsed, found):
        found = nearer(found, asker.ask(Phrase(parsed.plain)))
    groups = groups_in(parsed.plain, snapshot.vocabulary)
    for group in groups:
        found = union(found, asker.of_group(group, found))
    ways = [wide.node, *(group.node() for group in groups if group.rest)]
    said = wide.said
    if not len(found.rows) and (less := _less(parsed.node)) is not None:
        found, ways = asker.ask(less), [less]
        if len(found.rows):
            said = said or "The last word was taken as the beginning of a word."
    some = False
    if len(found.rows) < FEW:
        parts, whole = meaningful(wide, snapshot.vocabulary), found
        found, said = _some_of(asker, parts, wide, found, said)
        some = found is not whole
        ways = [_either(parts, _unwanted(wide.node))] if some else ways
    better = corrected_text(text, wide.corrections) if wide.corrections else ""
    return Answer(
        found, "", said if len(found.rows) else "", better,
        tuple(asker.bounded(way) for way in ways), some,
    )  # fmt: skip


def _either(parts: Sequence[Part], unwanted: Sequence[Node]) -> Node:
    """Any of the parts or of what else they may be called."""
    either: Node = Or(tuple(dict.fromkeys(node for part in parts for node, _ in _ways(part))))
    return And((either, *unwanted)) if unwanted else either


def _may_be_a_phrase(parsed: Parsed, found: Matched) -> bool:
    """Whether it pays to look for the words one after the other."""
    n = len(parsed.plain)
    return parsed.only_plain and 2 <= n <= LONGEST_PHRASE and 2 <= len(found.rows) <= MOST_PHRASED


def nearer(found: Matched, phrase: Matched) -> Matched:
    """The same with what has the words one after the other moved up, and that page shown."""
    at = _places(found.rows, phrase.rows)
    known = at >= 0
    scores, pages = found.scores.copy(), found.pages.copy()
    scores[at[known]] *= ADJACENT
    pages[at[known]] = phrase.pages[known]
    return replace(found, scores=scores, pages=pages)


def _less(node: Node) -> Node | None:
    """The same with the last word taken as a beginning; None when it is one already."""
    from indexer.search.query import Word

    if isinstance(node, Word):
        return None if node.prefix else replace(node, prefix=True)
    if isinstance(node, And):
        last = _less(node.parts[-1])
        return None if last is None else And((*node.parts[:-1], last))
    return None


def _some_of(
    asker: _Asker, parts: Sequence[Part], wide: Widened, found: Matched, said: str
) -> tuple[Matched, str]:
    """What has some of the words: when nothing has all, or when a whole sentence was typed."""
    n = len(found.rows)
    if len(parts) < (2 if not n else SENTENCE):
        return found, said
    more = asker.most_of(parts, _unwanted(wide.node))
    if not len(more.rows):
        return found, said
    if not n:
        note = "No asset has all these words. These have some of them."
    else:
        has = "Only 1 asset has" if n == 1 else f"Only {n} assets have"
        note = f"{has} all these words. The others have some of them."
    return more, f"{said} {note}".strip()


def _unwanted(node: Node) -> tuple[Node, ...]:
    parts = node.parts if isinstance(node, And) else ()
    return tuple(part for part in parts if isinstance(part, Not))


class _Asker:
    """Asks one searcher and turns pages into rows of one snapshot."""

    def __init__(self, searcher: Searcher, bounds: Bounds, snapshot: Snapshot) -> None:
        self._searcher = searcher
        self._bounds = page_bounds(bounds)
        self._snapshot = snapshot

    def ask(self, node: Node) -> Matched:
        """The assets with a page that matches."""
        found = self._searcher.search_assets(self.bounded(node), 1)
        pages, n_pages = found.all_pages()
        rows, there, gone = self._rows(found.all_ids)
        return Matched(
            rows, found.all_scores[there].astype(np.float64), pages[there].astype(np.int64),
            n_pages[there].astype(np.int64), {}, found.exact, found.terms, gone,
        )  # fmt: skip

    def most_of(self, parts: Sequence[Part], unwanted: Sequence[Node]) -> Matched:
        """The assets with some of the parts, pages with more of them first.

        The score of a page times the square of the share of the parts found on it, each part
        weighing its inverse document frequency; a synonym counts in part.
        """
        found = self._search(_either(parts, unwanted))
        if not len(found.asset_ids):
            return self._collapsed(found)
        pages = _Pages(found)
        covered, scores, total = pages.zeros(), pages.zeros(), 0.0
        for part in parts:
            page, score, known = pages.zeros(), pages.zeros(), 0.0
            for node, trust in _ways(part):
                hits = self._search(node)
                at, worth = pages.places(hits)
                known = known or self._weight(len(np.unique(hits.asset_ids)))
                page[at] = np.maximum(page[at], trust)
                score[at] = np.maximum(score[at], trust * worth)
            if part.pair is not None:
                at, _ = pages.places(self._search(part.pair))
                score[at] *= PAIRED
            total += known
            covered += known * page
            scores += score
        return self._collapsed(pages.ranked(scores * (covered / total) ** 2))

    def _weight(self, n: int) -> float:
        """The inverse document frequency of what n assets have."""
        return float(np.log(1.0 + len(self._snapshot.ids) / (1.0 + n)))

    def of_group(self, group: Group, base: Matched) -> Matched:
        """Assets that carry a term named in the text and match the other words."""
        carries = self._snapshot.masks[group.facet, group.slug]
        typical = float(np.median(base.scores)) if len(base.scores) else 1.0
        if not group.rest:
            rows = np.flatnonzero(carries)
            n = len(rows)
            return Matched(
                rows, np.full(n, typical), np.zeros(n, np.int64), np.zeros(n, np.int64),
                dict.fromkeys(rows.tolist(), group.label), exact=True, terms=(),
            )  # fmt: skip
        found = self.ask(group.node())
        keep = np.flatnonzero(carries[found.rows])
        return Matched(
            found.rows[keep], found.scores[keep] + typical / 2, found.pages[keep],
            found.n_pages[keep], dict.fromkeys(found.rows[keep].tolist(), group.label),
            found.exact, found.terms,
        )  # fmt: skip

    def _search(self, node: Node) -> Matches:
        """The pages that match, best first."""
        return self._searcher.search(self.bounded(node))

    def bounded(self, node: Node) -> Node:
        """The same within the pages asked for."""
        return And((node, *self._bounds)) if self._bounds else node

    def _rows(self, ids: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
        """Rows of the snapshot, which of the assets have one, and how many have none."""
        rows = self._snapshot.rows_of(ids)
        there = rows >= 0
        return rows[there], there, len(ids) - int(there.sum())

    def _collapsed(self, matches: Matches) -> Matched:
        ids, pages, scores, n_pages = matches.by_asset()
        rows, there, gone = self._rows(ids)
        return Matched(
            rows, scores[there].astype(np.float64), pages[there].astype(np.int64),
            n_pages[there].astype(np.int64), {}, matches.exact, matches.terms, gone,
        )  # fmt: skip


def page_bounds(bounds: Bounds) -> tuple[Node, ...]:
    """The pages that are asked for, as nodes."""
    return tuple(_bound(interval, excluded=no) for interval, no in bounds)


def _bound(interval: Interval, *, excluded: bool) -> Node:
    first = 1 if interval.low is None else max(1, interval.low)
    pages = Pages(first, interval.high)
    return Not(pages) if excluded else pages


def _ways(part: Part) -> list[tuple[Node, float]]:
    """What is looked for and how much finding it counts, the part itself first."""
    return [(part.node, part.trust), *((node, OTHERWISE) for node in part.others)]


class _Pages:
    """The pages of one answer, to be looked up in others."""

    def __init__(self, found: Matches) -> None:
        self._found = found
        self._keys = _keys(found)
        self._order = np.argsort(self._keys)

    def zeros(self) -> NDArray[np.float64]:
        """A nought per page."""
        return np.zeros(len(self._keys))

    def places(self, hits: Matches) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Where the pages of another answer are in this one, and their scores there."""
        keys = _keys(hits)
        at = np.searchsorted(self._keys, keys, sorter=self._order)
        at = self._order[np.minimum(at, len(self._order) - 1)]
        same = self._keys[at] == keys
        return at[same], hits.scores[same]

    def ranked(self, scores: NDArray[np.float64]) -> Matches:
        """The pages with other scores, best first."""
        best = np.argsort(-scores, kind="stable")
        found = self._found
        return replace(
            found, asset_ids=found.asset_ids[best], page_nos=found.page_nos[best],
            scores=scores[best].astype(np.float32),
        )  # fmt: skip


def _keys(matches: Matches) -> NDArray[np.int64]:
    """One number per page."""
    return (matches.asset_ids.astype(np.int64) << 20) + matches.page_nos


def everything(snapshot: Snapshot) -> Matched:
    """Every asset, each with score 1."""
    n = len(snapshot.ids)
    return Matched(
        np.arange(n), np.ones(n), np.zeros(n, np.int64), np.zeros(n, np.int64), {},
        exact=True, terms=(),
    )  # fmt: skip


def of_fallback(found: list[tuple[int, int, float]], snapshot: Snapshot) -> Matched:
    """What the database alone has found."""
    rows = snapshot.rows_of(np.array([asset for asset, _, _ in found], np.int64))
    there = rows >= 0
    return Matched(
        rows[there],
        np.array([score for _, _, score in found], np.float64)[there],
        np.array([page for _, page, _ in found], np.int64)[there],
        np.ones(int(there.sum()), np.int64), {}, exact=True, terms=(),
    )  # fmt: skip


def union(first: Matched, second: Matched) -> Matched:
    """Both sets; where an asset is in both, it keeps its pages and takes the better score."""
    at = _places(first.rows, second.rows)
    known, new = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
    scores = first.scores.copy()
    scores[at[known]] += second.scores[known] / 2
    return Matched(
        np.concatenate([first.rows, second.rows[new]]),
        np.concatenate([scores, second.scores[new]]),
        np.concatenate([first.pages, second.pages[new]]),
        np.concatenate([first.n_pages, second.n_pages[new]]),
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
