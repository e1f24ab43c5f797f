"""The search itself: words to pages, pages to assets, blended, filtered, counted and explained."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.finding import fallback, hits, language, ranking
from app.finding.snapshot import Mask, Snapshot, stamp, take
from app.finding.vocabulary_match import Group, groups_in
from app.rows import SHOWN_STATUSES, STATUS_LABELS, FacetCounts, FindResult, FindSpec, TermCount
from app.settings import Settings
from app.store.engine import Store
from indexer.search.query import And, Everything, Node, Or
from indexer.search.reader import IndexMissing, Searcher

log = logging.getLogger("deckhand.finding")

SHOWN_FACETS = ("persona", "stage", "value_proposition", "content_type", "status")


@dataclass(frozen=True, slots=True)
class Matched:
    """Assets that match the words: rows of the snapshot, text score, best page, number of pages.

    ``tagged`` names for each row the vocabulary term by which it matched ("" = by its words).
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    pages: NDArray[np.int64]
    n_pages: NDArray[np.int64]
    tagged: tuple[str, ...]
    exact: bool
    terms: tuple[str, ...]


class Finder:
    """Searches one library. Safe to call from several threads; holds a snapshot and a searcher."""

    def __init__(self, store: Store, index: Path, settings: Settings) -> None:
        self._store = store
        self._index = index
        self._settings = settings
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._searcher: Searcher | None = None

    def close(self) -> None:
        """Release the index files."""
        with self._lock:
            if self._searcher is not None:
                self._searcher.close()
                self._searcher = None

    def find(self, spec: FindSpec) -> FindResult:
        """Answer one search; see ``rows.FindResult``."""
        begun = time.perf_counter()
        with self._store.read() as session:
            snapshot = self._fresh(session)
            parsed = language.parse(spec.text, snapshot.vocabulary, exact=spec.exact)
            filters = _merged(spec.filters, parsed.filters)
            node = parsed.node or Everything()
            matched, limited = self._match(session, node, parsed.plain, snapshot)
            relaxed = ""
            if not len(matched.rows):
                matched, limited, relaxed = self._relax(session, spec, node, snapshot, matched)
            return self._answer(
                session, replace(spec, filters=filters), snapshot, matched,
                {"understood": parsed.understood, "relaxed": relaxed, "limited": limited},
                begun,
            )  # fmt: skip

    def _answer(
        self,
        session: Session,
        spec: FindSpec,
        snapshot: Snapshot,
        matched: Matched,
        said: dict[str, str],
        begun: float,
    ) -> FindResult:
        hit_by_words = np.zeros(len(snapshot.ids), bool)
        hit_by_words[matched.rows] = True
        masks = _filter_masks(snapshot, spec.filters)
        wanted = _all_of(masks, len(snapshot.ids))
        chosen = np.flatnonzero(wanted[matched.rows])
        order = _order(spec.sort, snapshot, matched, chosen)[: spec.limit]
        found = hits.build(session, self._settings, snapshot, matched, order)
        empty = not len(chosen)
        return FindResult(
            spec=spec, understood=said["understood"], hits=found, total=len(chosen),
            exact=matched.exact, took_ms=(time.perf_counter() - begun) * 1000,
            facets=_facets(snapshot, masks, dict(spec.filters), hit_by_words),
            relaxed=said["relaxed"],
            suggestion=self._suggestion(spec.text) if empty else "", limited=said["limited"],
            filtered_out=len(matched.rows) if empty else 0, terms=matched.terms,
        )  # fmt: skip

    # ---- the two caches ------------------------------------------------------------------

    def _fresh(self, session: Session) -> Snapshot:
        now = stamp(session)
        snapshot = self._snapshot
        if snapshot is None or snapshot.stamp != now:
            snapshot = self._snapshot = take(session, self._settings)
        return snapshot

    def _open(self) -> Searcher:
        with self._lock:
            if self._searcher is None:
                self._searcher = Searcher.open(self._index)
            else:
                self._searcher.reopen()
            return self._searcher

    # ---- words to assets -----------------------------------------------------------------

    def _relax(
        self, session: Session, spec: FindSpec, node: Node, snapshot: Snapshot, nothing: Matched
    ) -> tuple[Matched, str, str]:
        """Ask for less when nothing has all the words, and say so."""
        if spec.exact:
            begun = language.parse(spec.text, snapshot.vocabulary, exact=False)
            found, limited = self._match(session, begun.node or node, begun.plain, snapshot)
            if len(found.rows):
                return found, limited, "The last word was taken as the beginning of a word."
        if isinstance(node, And) and len(node.parts) > 1:
            found, limited = self._match(session, Or(_positive(node)), (), snapshot)
            if len(found.rows):
                return found, limited, "No asset has all these words. These have some of them."
        return nothing, "", ""

    def _match(
        self, session: Session, node: Node, plain: tuple[str, ...], snapshot: Snapshot
    ) -> tuple[Matched, str]:
        """The assets that match, and "" or a sentence when the index could not be asked."""
        if isinstance(node, Everything):
            return _everything(snapshot), ""
        try:
            searcher = self._open()
            base = _of_engine(searcher.search(node), snapshot)
        except IndexMissing as problem:
            log.info("searching without the index: %s", problem)
            with self._lock:
                self._searcher = None
            return _of_fallback(fallback.search(session, plain), snapshot), (
                "The search index is being rebuilt. Titles and text are searched plainly meanwhile."
            )
        for group in groups_in(plain, snapshot.vocabulary):
            extra = _of_group(searcher, group, snapshot, base)
            base = _union(base, extra)
        return base, ""

    def _suggestion(self, text: str) -> str:
        """The text with each unknown word replaced by a known one near it, or ""."""
        try:
            searcher = self._open()
        except IndexMissing:
            return ""
        words, changed = [], False
        for word in text.split():
            better = searcher.suggest(word) if word.isalpha() else None
            words.append(better or word)
            changed = changed or bool(better and better != word.lower())
        return " ".join(words) if changed else ""


def _positive(node: And) -> tuple[Node, ...]:
    from indexer.search.query import Not

    return tuple(part for part in node.parts if not isinstance(part, Not | Everything))


def _merged(
    chosen: tuple[tuple[str, tuple[str, ...]], ...], typed: tuple[tuple[str, tuple[str, ...]], ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    both: dict[str, list[str]] = {}
    for key, slugs in (*chosen, *typed):
        known = both.setdefault(key, [])
        known.extend(slug for slug in slugs if slug not in known)
    return tuple((key, tuple(slugs)) for key, slugs in both.items() if slugs)


def _filter_masks(
    snapshot: Snapshot, filters: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, Mask]:
    """For each facet with a choice, who carries any of the chosen terms."""
    masks: dict[str, Mask] = {}
    for key, slugs in filters:
        mask = np.zeros(len(snapshot.ids), bool)
        for slug in slugs:
            mask |= snapshot.masks.get((key, slug), np.zeros(len(snapshot.ids), bool))
        masks[key] = mask
    return masks


def _all_of(masks: dict[str, Mask], n: int, *, leaving_out: str = "") -> Mask:
    result = np.ones(n, bool)
    for key, mask in masks.items():
        if key != leaving_out:
            result &= mask
    return result


def _facets(
    snapshot: Snapshot,
    masks: dict[str, Mask],
    chosen: dict[str, tuple[str, ...]],
    by_words: Mask,
) -> tuple[FacetCounts, ...]:
    """Counts per term among the hits, each facet without its own choice."""
    labels = {facet.key: facet for facet in snapshot.vocabulary.facets}
    counted = []
    for key in SHOWN_FACETS:
        among = by_words & _all_of(masks, len(snapshot.ids), leaving_out=key)
        if key == "status":
            terms = [(slug, STATUS_LABELS[slug]) for slug in SHOWN_STATUSES]
            label = "Status"
        elif key in labels:
            terms = [(term.slug, term.label) for term in labels[key].terms]
            label = labels[key].label
        else:
            continue
        counted.append(
            FacetCounts(
                key, label,
                tuple(
                    TermCount(
                        slug, text, int((among & snapshot.masks[key, slug]).sum()),
                        slug in chosen.get(key, ()),
                    )
                    for slug, text in terms
                ),
            )
        )  # fmt: skip
    return tuple(counted)


def _order(
    sort: str, snapshot: Snapshot, matched: Matched, chosen: NDArray[Any]
) -> NDArray[np.int64]:
    """Positions in ``matched`` of the chosen assets, best first; ties by title then id."""
    rows = matched.rows[chosen]
    if sort == "newest":
        key = -snapshot.newest[rows].astype(float)
    elif sort == "used":
        key = -(snapshot.users[rows] * 1e6 + snapshot.uses[rows]).astype(float)
    elif sort == "title":
        titles = [snapshot.titles[row].casefold() for row in rows]
        return np.asarray(chosen[np.array(_ranks(titles), dtype=np.int64)])
    elif sort == "text":
        key = -matched.scores[chosen]
    else:
        sunk = ranking.sinks([snapshot.status[row] for row in rows])
        key = -(matched.scores[chosen] * snapshot.boost[rows] * sunk)
    return np.asarray(chosen[np.lexsort((snapshot.ids[rows], np.round(key, 6)))])


def _ranks(titles: list[str]) -> list[int]:
    return sorted(range(len(titles)), key=lambda place: titles[place])


def _everything(snapshot: Snapshot) -> Matched:
    n = len(snapshot.ids)
    return Matched(
        np.arange(n), np.ones(n), np.zeros(n, np.int64), np.zeros(n, np.int64), ("",) * n,
        exact=True, terms=(),
    )  # fmt: skip


def _of_engine(matches: Any, snapshot: Snapshot) -> Matched:
    ids, pages, scores, n_pages = matches.by_asset()
    rows = snapshot.rows_of(ids)
    there = rows >= 0
    return Matched(
        rows[there], scores[there].astype(np.float64), pages[there].astype(np.int64),
        n_pages[there].astype(np.int64), ("",) * int(there.sum()), matches.exact, matches.terms,
    )  # fmt: skip


def _of_fallback(found: list[tuple[int, int, float]], snapshot: Snapshot) -> Matched:
    rows = snapshot.rows_of(np.array([asset for asset, _, _ in found], np.int64))
    there = rows >= 0
    return Matched(
        rows[there],
        np.array([score for _, _, score in found], np.float64)[there],
        np.array([page for _, page, _ in found], np.int64)[there],
        np.ones(int(there.sum()), np.int64), ("",) * int(there.sum()), exact=True, terms=(),
    )  # fmt: skip


def _of_group(searcher: Searcher, group: Group, snapshot: Snapshot, base: Matched) -> Matched:
    """Assets that carry a term named in the text and match the other words."""
    carries = snapshot.masks[group.facet, group.slug]
    typical = float(np.median(base.scores)) if len(base.scores) else 1.0
    if not group.rest:
        rows = np.flatnonzero(carries)
        n = len(rows)
        return Matched(
            rows, np.full(n, typical), np.zeros(n, np.int64), np.zeros(n, np.int64),
            (group.label,) * n, exact=True, terms=(),
        )  # fmt: skip
    found = _of_engine(searcher.search(group.node()), snapshot)
    keep = np.flatnonzero(carries[found.rows])
    return Matched(
        found.rows[keep], found.scores[keep] + typical / 2, found.pages[keep],
        found.n_pages[keep], (group.label,) * len(keep), found.exact, found.terms,
    )  # fmt: skip


def _union(first: Matched, second: Matched) -> Matched:
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
    )  # fmt: skip
