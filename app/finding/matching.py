"""From what was meant to the assets that match, asking for less when nothing has all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.finding.conditions import within
from app.finding.dates import Interval
from app.finding.language import Parsed
from app.finding.snapshot import Snapshot
from app.finding.vocabulary_match import Group, groups_in
from app.finding.widening import Widened, corrected_text, meaningful, widened
from indexer.search.query import And, Everything, Node, Not, Or
from indexer.search.reader import Matches, Searcher

Pages = tuple[tuple[Interval, bool], ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Assets that match the words: rows of the snapshot, text score, best page, number of pages.

    ``tagged`` names for each row the vocabulary term by which it matched ("" = by its words).
    ``gone`` counts assets that match in the index and cannot be found now. ``named`` are the rows
    whose title is exactly what was typed.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    pages: NDArray[np.int64]
    n_pages: NDArray[np.int64]
    tagged: tuple[str, ...]
    exact: bool
    terms: tuple[str, ...]
    gone: int = 0
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What matches, and what had to be done for it: sentences, and a corrected text or ""."""

    matched: Matched
    limited: str = ""
    relaxed: str = ""
    suggestion: str = ""


def answer(searcher: Searcher, parsed: Parsed, text: str, snapshot: Snapshot) -> Answer:
    """The assets that match; less is asked for when nothing matches, and that is said."""
    asker = _Asker(searcher, parsed.pages, snapshot)
    if parsed.node is None or isinstance(parsed.node, Everything):
        return Answer(everything(snapshot, parsed.pages, asker))
    wide = widened(parsed.node, searcher)
    found = asker.ask(wide.node)
    for group in groups_in(parsed.plain, snapshot.vocabulary):
        found = union(found, asker.of_group(group, found))
    said = wide.said
    if not len(found.rows) and (less := _less(parsed.node)) is not None:
        found = asker.ask(less)
        said = said or "The last word was taken as the beginning of a word."
    if not len(found.rows):
        found, said = _some_of(asker, wide, found, said)
    better = corrected_text(text, wide.corrections) if wide.corrections else ""
    return Answer(found, relaxed=said if len(found.rows) else "", suggestion=better)


def _less(node: Node) -> Node | None:
    """The same with the last word taken as a beginning; None when it is one already."""
    from indexer.search.query import Word

    if isinstance(node, Word):
        return None if node.prefix else replace(node, prefix=True)
    if isinstance(node, And):
        last = _less(node.parts[-1])
        return None if last is None else And((*node.parts[:-1], last))
    return None


def _some_of(asker: _Asker, wide: Widened, nothing: Matched, said: str) -> tuple[Matched, str]:
    parts = meaningful(wide.node)
    if len(parts) < 2:
        return nothing, said
    found = asker.most_of(parts, _unwanted(wide.node))
    return found, f"{said} No asset has all these words. These have some of them.".strip()


def _unwanted(node: Node) -> tuple[Node, ...]:
    parts = node.parts if isinstance(node, And) else ()
    return tuple(part for part in parts if isinstance(part, Not))


class _Asker:
    """Asks one searcher and turns pages into rows of one snapshot."""

    def __init__(self, searcher: Searcher, pages: Pages, snapshot: Snapshot) -> None:
        self._searcher = searcher
        self._pages = pages
        self._snapshot = snapshot

    def ask(self, node: Node) -> Matched:
        """The assets with a page that matches."""
        return self._collapsed(self._search(node))

    def most_of(self, parts: Sequence[Node], unwanted: Sequence[Node]) -> Matched:
        """The assets with some of the parts, those with more of them first.

        The score of the best page times the square of the share of the parts found anywhere in
        the asset, each part weighing its inverse document frequency.
        """
        either: Node = Or(tuple(parts))
        if unwanted:
            either = And((either, *unwanted))
        found = self._collapsed(self._search(either))
        place = np.full(len(self._snapshot.ids), -1, np.int64)
        place[found.rows] = np.arange(len(found.rows))
        covered, total = np.zeros(len(found.rows)), 0.0
        for part in parts:
            rows = np.unique(self._snapshot.rows_of(self._search(part).asset_ids))
            rows = rows[rows >= 0]
            weight = float(np.log(1.0 + len(self._snapshot.ids) / (1.0 + len(rows))))
            total += weight
            at = place[rows]
            covered[at[at >= 0]] += weight
        share = covered / total if total else covered
        return replace(found, scores=found.scores * share**2)

    def of_group(self, group: Group, base: Matched) -> Matched:
        """Assets that carry a term named in the text and match the other words."""
        carries = self._snapshot.masks[group.facet, group.slug]
        typical = float(np.median(base.scores)) if len(base.scores) else 1.0
        if not group.rest:
            rows = np.flatnonzero(carries)
            n = len(rows)
            return Matched(
                rows, np.full(n, typical), np.zeros(n, np.int64), np.zeros(n, np.int64),
                (group.label,) * n, exact=True, terms=(),
            )  # fmt: skip
        found = self.ask(group.node())
        keep = np.flatnonzero(carries[found.rows])
        return Matched(
            found.rows[keep], found.scores[keep] + typical / 2, found.pages[keep],
            found.n_pages[keep], (group.label,) * len(keep), found.exact, found.terms,
        )  # fmt: skip

    def _search(self, node: Node) -> Matches:
        found = self._searcher.search(node)
        if not self._pages:
            return found
        keep = _on_pages(found.page_nos.astype(np.int64), self._pages)
        return replace(
            found, asset_ids=found.asset_ids[keep], page_nos=found.page_nos[keep],
            scores=found.scores[keep],
        )  # fmt: skip

    def _collapsed(self, matches: Matches) -> Matched:
        ids, pages, scores, n_pages = matches.by_asset()
        rows = self._snapshot.rows_of(ids)
        there = rows >= 0
        n = int(there.sum())
        return Matched(
            rows[there], scores[there].astype(np.float64), pages[there].astype(np.int64),
            n_pages[there].astype(np.int64), ("",) * n, matches.exact, matches.terms,
            gone=len(ids) - n,
        )  # fmt: skip


def _on_pages(numbers: NDArray[np.int64], pages: Pages) -> NDArray[np.bool_]:
    held = np.ones(len(numbers), bool)
    for interval, excluded in pages:
        held &= within(numbers, interval) ^ excluded
    return held


def everything(snapshot: Snapshot, pages: Pages = (), asker: _Asker | None = None) -> Matched:
    """Every asset, each with score 1; with ``pages`` those that have such a page with text."""
    if pages and asker is not None:
        found = asker.ask(Everything())
        return replace(found, scores=np.ones(len(found.rows)))
    n = len(snapshot.ids)
    return Matched(
        np.arange(n), np.ones(n), np.zeros(n, np.int64), np.zeros(n, np.int64), ("",) * n,
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
        np.ones(int(there.sum()), np.int64), ("",) * int(there.sum()), exact=True, terms=(),
    )  # fmt: skip


def union(first: Matched, second: Matched) -> Matched:
    """Both sets; where an asset is in both, it keeps its pages and takes the better score."""
    place = {int(row): at for at, row in enumerate(first.rows)}
    scores, tagged = first.scores.copy(), list(first.tagged)
    fresh = []
    for at, row in enumerate(second.rows):
        known = place.get(int(row))
        if known is None:
            fresh.append(at)
        else:
            scores[known] += second.scores[at] / 2
            tagged[known] = second.tagged[at]
    new = np.array(fresh, np.int64)
    return Matched(
        np.concatenate([first.rows, second.rows[new]]),
        np.concatenate([scores, second.scores[new]]),
        np.concatenate([first.pages, second.pages[new]]),
        np.concatenate([first.n_pages, second.n_pages[new]]),
        (*tagged, *(second.tagged[at] for at in fresh)),
        first.exact and second.exact, tuple(dict.fromkeys((*first.terms, *second.terms))),
        gone=first.gone,
    )  # fmt: skip
