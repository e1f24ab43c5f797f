"""Reading the index: open, look again after a commit, search, complete, suggest."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search import blend, files, likeness
from indexer.search import text as words
from indexer.search.collapse import AssetMatches, collapse
from indexer.search.executor import Snapshot, Unknown
from indexer.search.files import Damaged, Manifest
from indexer.search.hits import NOTHING, Hits
from indexer.search.kept import Kept
from indexer.search.lexicon import Lexicon
from indexer.search.packing import Ints
from indexer.search.plan import Plan, Planning
from indexer.search.query import Node
from indexer.search.schema import BOOSTS
from indexer.search.segment import Segment

Floats: TypeAlias = NDArray[np.float32]
Allowed: TypeAlias = "NDArray[Any] | Collection[int] | None"

_TRIES = 3
_LATEST = 32 << 20
"""Bytes of the pages of the latest queries that are kept."""
_DENSE = 8_000_000
"""Asset ids up to this are looked up in an array of flags, larger ones by sorting."""


class IndexMissing(Exception):
    """There is no index that can answer; the message is a sentence that says why.

    The caller answers from the database meanwhile and asks for a rebuild.
    """


class ByAsset(NamedTuple):
    """The best page of each asset, best asset first; parallel arrays."""

    asset_ids: Ints
    page_nos: Ints
    scores: Floats
    page_counts: Ints
    """How many pages of the asset match."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Pages that match, best first; parallel arrays.

    ``page_nos`` is 0 where an asset without text matches by its title or file name. ``exact`` is
    False when a beginning stood for more words than were looked up: counts are then "at least".
    ``terms`` are for ``marking.snippet``.
    """

    asset_ids: Ints
    page_nos: Ints
    scores: Floats
    exact: bool
    terms: tuple[str, ...]

    def by_asset(self) -> ByAsset:
        """Return the assets with their best page; of equal pages the first."""
        if not len(self.asset_ids):
            return ByAsset(self.asset_ids, self.page_nos, self.scores, self.asset_ids)
        if int(self.asset_ids.max()) <= _DENSE:
            # Assigned backwards, so that what remains is the first, best row of each asset.
            first = np.full(int(self.asset_ids.max()) + 1, -1, np.int64)
            first[self.asset_ids[::-1]] = np.arange(len(self.asset_ids))[::-1]
            counts = np.bincount(self.asset_ids)
            rows = np.sort(first[first >= 0])
            many = counts[self.asset_ids[rows]]
        else:
            _, rows, many = np.unique(self.asset_ids, return_index=True, return_counts=True)
            order = np.argsort(rows)
            rows, many = rows[order], many[order]
        return ByAsset(
            self.asset_ids[rows], self.page_nos[rows], self.scores[rows], many.astype(np.int32)
        )


class Searcher:
    """Answers searches from the last commit that it has seen; safe to share between threads.

    Every search raises IndexMissing when a file was cut short since the index was opened.
    """

    def __init__(self, folder: Path, state: Snapshot, seen: tuple[object, ...]) -> None:
        """Take what ``open`` has read."""
        self._folder = folder
        self._state = state
        self._seen = seen
        self._lexicon = Lexicon(state.segments)
        self._planner: Planning | None = None
        self._latest: Kept[tuple[Plan, Hits]] = Kept(_LATEST, lambda found: found[1].nbytes())
        self._lock = threading.RLock()

    @classmethod
    def open(cls, folder: Path) -> Searcher:
        """Open the index in a folder. Raises IndexMissing."""
        return cls(folder, *_load(folder, {}))

    @property
    def applied(self) -> int:
        """The change number that the index held when it was opened or reopened."""
        return self._state.manifest.applied

    @property
    def doc_count(self) -> int:
        """The number of pages that can be found."""
        return self._state.live

    def reopen(self) -> bool:
        """Take up commits made since; True when there was one. Raises IndexMissing.

        When this raises, the searcher still answers from what it had.
        """
        with self._lock:
            if _seen(self._folder) == self._seen:
                return False
            known = {segment.id: segment for segment in self._state.segments}
            state, seen = _load(self._folder, known)
            self._seen = seen
            fresh = state.manifest.generation, state.segments
            if fresh == (self._state.manifest.generation, self._state.segments):
                return False
            for name in known.keys() - {segment.id for segment in state.segments}:
                known[name].close()
            self._state, self._lexicon = state, Lexicon(state.segments)
            self._planner = None
            self._latest.clear()
            return True

    def search(self, node: Node, *, allowed: Allowed = None) -> Matches:
        """Return the pages that a query finds, within the assets allowed.

        ``allowed`` is a set or array of asset ids, an array of bool with a flag per asset id,
        or None for all.
        """
        with self._lock:
            plan, hits = self._find(node, allowed)
            state = self._state
            ids, scores = _best_first(hits)
            return Matches(
                state.asset_ids[ids], state.page_nos[ids], scores, plan.exact, plan.terms
            )

    def search_assets(
        self,
        node: Node,
        k: int,
        *,
        allowed: Allowed = None,
        boost: NDArray[np.float32] | None = None,
    ) -> AssetMatches:
        """Return the best ``k`` assets that a query finds, and which assets it finds at all.

        Quicker than ``search``, for nothing is put in order but those ``k``. ``allowed`` is as
        for ``search``; ``boost`` has a factor on the score per asset id (1 beyond its end).
        """
        with self._lock:
            plan, hits = self._found(node)
            state = self._state
            return collapse(
                hits,
                state.owners,
                state.page_nos,
                k,
                keep=None if allowed is None else lambda ids: _flags(ids, allowed),
                boost=boost,
                exact=plan.exact,
                terms=plan.terms,
            )

    def pages_with(self, node: Node, words: Sequence[Node], allowed: Allowed) -> Matches:
        """Return the pages that a query finds and that have one of some words on them.

        Not those of which only the title or the file name of their asset has any. ``allowed`` is
        as for ``search``.
        """
        with self._lock:
            plan, hits = self._find(node, allowed)
            state = self._state
            planned = [self._planning().plan(word).query for word in words]
            ids, scores = _best_first(blend.on_page(state, hits, planned))
            return Matches(
                state.asset_ids[ids], state.page_nos[ids], scores, plan.exact, plan.terms
            )

    def is_whole(self) -> bool:
        """Return whether no file was cut short since the index was opened."""
        with self._lock:
            return self._is_whole()

    def _is_whole(self) -> bool:
        return all(segment.is_whole() for segment in self._state.segments)

    def _require_whole(self) -> None:
        if not self._is_whole():
            raise IndexMissing("A file of the search index was cut short while it was in use.")

    def _find(self, node: Node, allowed: Allowed = None) -> tuple[Plan, Hits]:
        """Return the live pages that a query finds, of the assets allowed."""
        plan, hits = self._found(node)
        if allowed is not None and len(hits.ids):
            keep = _flags(self._state.asset_ids[hits.ids], allowed).nonzero()[0]
            hits = Hits(hits.ids[keep], hits.scores[keep])
        return plan, self._state.living(hits)

    def _found(self, node: Node) -> tuple[Plan, Hits]:
        """Plan and run a query, deleted pages among its hits.

        What was asked last is known, for more is asked about it: the pages of a hit, another order.
        """
        self._require_whole()
        found = self._latest.get(node)
        if found is None:
            plan = self._planning().plan(node)
            hits = self._state.found(plan.query) if self._state.count else NOTHING
            found = plan, hits
            self._latest.put(node, found)
        return found

    def run(self, query: Any) -> Matches:
        """Run a tree of Whoosh's own queries over our fields, by Whoosh's searcher if need be.

        Raises Whoosh's QueryError where Whoosh does, IndexMissing when only Whoosh's searcher
        knows the query and the index has changed under it beyond reading.
        """
        with self._lock:
            self._require_whole()
            state = self._state
            try:
                hits = state.run(query)
            except Unknown:
                hits = self._by_whoosh(query)
            ids, scores = _best_first(hits)
            return Matches(state.asset_ids[ids], state.page_nos[ids], scores, exact=True, terms=())

    def _by_whoosh(self, query: Any) -> Hits:
        from indexer.search.writer import whoosh_index

        target = files.read_pointer(self._folder)
        if target is None:
            raise IndexMissing("There is no search index yet.")
        with whoosh_index(target, self._state.manifest).searcher() as searcher:
            found = sorted((h.docnum, h.score) for h in searcher.search(query, limit=None))
        ids, scores = zip(*found, strict=True) if found else ((), ())
        return Hits(np.array(ids, np.int64), np.array(scores, np.float32))

    def more_like(
        self,
        texts: Iterable[str],
        k: int,
        *,
        language: str | None = None,
        without: Collection[int] = (),
        allowed: Allowed = None,
    ) -> AssetMatches:
        """Return the assets most like some texts, usually the pages of one asset.

        The texts' words that tell most (count times inverse document frequency) are looked for,
        any of them. ``without`` are assets that are not to be shown, such as the one itself.
        """
        with self._lock:
            self._require_whole()
            state = self._state
            hits = state.run(likeness.query(state, texts, language))

            def keep(ids: Ints) -> NDArray[np.bool_]:
                kept = ~np.isin(ids, list(without))
                return kept if allowed is None else kept & _flags(ids, allowed)

            return collapse(hits, state.asset_ids, state.page_nos, k, keep=keep)

    @property
    def stop_words(self) -> frozenset[str]:
        """The folded words that say nothing in the languages of the documents."""
        with self._lock:
            return self._planning().stop

    def _planning(self) -> Planning:
        if self._planner is None:
            languages = {code for e in self._state.manifest.segments for code in e.languages}
            self._planner = Planning(self._lexicon, languages)
        return self._planner

    def warm(self) -> None:
        """Read the lists of words: half a second for 600,000 pages that a first search saves."""
        with self._lock:
            if self._is_whole():
                for segment in self._state.segments:
                    segment.warm(BOOSTS)

    def forget(self) -> None:
        """Let go of what is kept of earlier searches."""
        with self._lock:
            self._state.forget()
            self._latest.clear()

    @property
    def segment_count(self) -> int:
        """The number of segments that a search looks through."""
        return len(self._state.segments)

    def completions(self, prefix: str, k: int = 8) -> list[str]:
        """Return words of the index that begin with what was typed, the most frequent first."""
        start = words.fold(words.clean(prefix.strip()))
        if not start:
            return []
        with self._lock:
            if not self._is_whole():
                return []
            return self._lexicon.completions(start, k, words.stop_words("en"))

    def begins(self, prefix: str) -> bool:
        """Return whether there are completions of what was typed."""
        start = words.fold(words.clean(prefix.strip()))
        with self._lock:
            return bool(
                start and self._is_whole() and self._lexicon.begins(start, words.stop_words("en"))
            )

    def finds(self, node: Node) -> bool:
        """Return whether any page matches."""
        with self._lock:
            self._require_whole()
            words = blend.words_of(self._planning().plan(node).query)
            if words and self._state.alive is None:
                return any(self._state.has(word) for word in words)
            return len(self._find(node)[1].ids) > 0

    def suggest(self, word: str) -> str | None:
        """Return the word that was probably meant, or None: it is known, or nothing is near."""
        with self._lock:
            if not self._is_whole():
                return None
            return self._lexicon.suggest(words.fold(words.clean(word.strip())))

    def close(self) -> None:
        """Let the files go."""
        with self._lock:
            for segment in self._state.segments:
                segment.close()
            self._state = Snapshot(Manifest(0, self.applied, ()), ())
            self._lexicon, self._planner = Lexicon(()), None
            self._latest.clear()


def _flags(asset_ids: Ints, allowed: Any) -> NDArray[np.bool_]:
    """Return which of these assets are allowed."""
    given: Any = allowed if isinstance(allowed, np.ndarray) else np.fromiter(allowed, np.int64)
    top = int(asset_ids.max())
    if given.dtype != np.bool_:
        if top > _DENSE:
            return np.isin(asset_ids, given)
        chosen = given[(given >= 0) & (given <= top)]
        given = np.zeros(top + 1, bool)
        given[chosen] = True
    elif top >= len(given):
        given = np.concatenate([given, np.zeros(top + 1 - len(given), bool)])
    flags: NDArray[np.bool_] = given[asset_ids]
    return flags


def _best_first(hits: Hits) -> Hits:
    """Sort by score descending, then by document.

    The bits of floats that are not negative sort like the floats: score and document in one
    whole number sort several times faster than an index of floats does.
    """
    bits = (hits.scores + np.float32(0)).view(np.uint32).astype(np.uint64)
    keys = ((np.uint64(0xFFFFFFFF) - bits) << np.uint64(32)) | hits.ids.astype(np.uint64)
    keys.sort()
    scores = (np.uint64(0xFFFFFFFF) - (keys >> np.uint64(32))).astype(np.uint32).view(np.float32)
    return Hits((keys & np.uint64(0xFFFFFFFF)).astype(np.int64), scores)


def _seen(folder: Path) -> tuple[object, ...]:
    """Return what changes with every commit and every switch, at the cost of two looks."""
    try:
        target = files.read_pointer(folder)
        found = (target / files.MANIFEST).stat() if target else None
    except (Damaged, OSError):
        return (object(),)
    return (target, found and (found.st_mtime_ns, found.st_ino, found.st_size))


def _load(folder: Path, known: dict[str, Segment]) -> tuple[Snapshot, tuple[object, ...]]:
    """Read the committed index, keeping segments that are open already. Raises IndexMissing."""
    for attempt in range(_TRIES):
        seen = _seen(folder)
        try:
            return _read(folder, known), seen
        except Damaged as error:
            raise IndexMissing(str(error)) from error
        except (OSError, ValueError) as error:
            # A commit may have taken files away between the list and the opening: look again.
            if attempt == _TRIES - 1:
                raise IndexMissing(_sentence(error)) from error
            time.sleep(0.05 * attempt)
    raise AssertionError("unreachable")


def _read(folder: Path, known: dict[str, Segment]) -> Snapshot:
    if not folder.is_dir():
        raise Damaged("There is no search index yet.")
    target = files.read_pointer(folder)
    if target is None:
        raise Damaged("There is no search index yet.")
    for each in (folder, target):
        if sentence := files.why_not_private(each):
            raise Damaged(sentence)
    manifest = files.read_manifest(target)
    segments = []
    for entry in manifest.segments:
        segment = known.get(entry.id)
        if segment is None:
            files.verify(target, entry)
            segment = Segment(target, entry.id)
        segments.append(segment)
    return Snapshot(manifest, segments)


def _sentence(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "A file of the search index is missing."
    return "The search index cannot be read."
