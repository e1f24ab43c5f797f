"""Runs a Whoosh query tree over whole arrays, with the very scores of Whoosh's BM25F."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import inf, log
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search import blend, expand, near
from indexer.search.blend import Counted
from indexer.search.files import Manifest
from indexer.search.hits import NOTHING, Floats, Hits, starts, together
from indexer.search.kept import Kept
from indexer.search.packing import Ids, Ints
from indexer.search.plan import AnyOf, Anywhere, PageRange
from indexer.search.segment import LENGTHS, Segment
from indexer.search.whooshed import query as wq

K1, B = 1.2, 0.75
"""Parameters of BM25, as Whoosh's ``scoring.BM25F`` has them."""

CACHE_BYTES = 64 << 20
"""How much the scores of words may take that are kept between searches."""

COUNTS_BYTES = 16 << 20
"""How much may be kept of how often words stand in which field."""

_WIDE = 16
_ASKED = 1_000

Groups: TypeAlias = "tuple[tuple[str, tuple[bytes, ...], float], ...]"
Terms: TypeAlias = "Sequence[tuple[str, tuple[bytes, ...]]]"


class Unknown(Exception):
    """A kind of query that only Whoosh's own searcher can run."""


class Snapshot:
    """One commit of the index: its documents as arrays, its terms scored on demand.

    Statistics count deleted documents until they are merged away, as Whoosh's do. Not safe for
    threads: the searcher that owns it lets one search in at a time.
    """

    def __init__(self, manifest: Manifest, segments: Sequence[Segment]) -> None:
        """Lay the segments end to end."""
        self.manifest = manifest
        self.segments = tuple(segments)
        self.count = sum(segment.count for segment in segments)
        none = np.zeros(0, np.int32)
        self.asset_ids: Ints = np.concatenate([none, *(s.asset_ids for s in segments)])
        self.page_nos: Ints = np.concatenate([none, *(s.page_nos for s in segments)])
        self.live = sum(entry.live for entry in manifest.segments)
        self._norms: dict[str, tuple[NDArray[np.uint8], Floats]] = {}
        self._cache: Kept[Hits] = Kept(CACHE_BYTES, Hits.nbytes)
        self.counted: Kept[tuple[Counted, ...]] = Kept(COUNTS_BYTES, blend.bytes_of)
        self._asked: set[Any] = set()

    @cached_property
    def alive(self) -> NDArray[np.bool_] | None:
        """True for documents that are not deleted; None when none is."""
        if self.live == self.count:
            return None
        entries = self.manifest.segments
        return np.concatenate(
            [np.ones(e.documents, bool) if e.deleted is None else ~e.deleted for e in entries]
        )

    @cached_property
    def owners(self) -> Ints:
        """The asset of each document, -1 for deleted documents."""
        if self.alive is None:
            return self.asset_ids
        return np.where(self.alive, self.asset_ids, np.int32(-1))

    @cached_property
    def sums(self) -> Floats:
        """A nought per document, to add up in; who does leaves noughts behind."""
        return np.zeros(self.count, np.float32)

    @cached_property
    def long(self) -> Floats:
        """What ``blend`` adds to a count: more for a page that is longer, all its fields added."""
        lengths = np.concatenate([segment.long for segment in self.segments])
        average = float(lengths.mean()) or 1.0
        return (blend.K * ((1 - blend.B) + blend.B * lengths / average)).astype(np.float32)

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """False per document, to mark in; who does leaves nothing marked behind."""
        return np.zeros(self.count, bool)

    @cached_property
    def _scores(self) -> Floats:
        return np.full(self.count, np.nan, np.float32)

    def _norm(self, field: str) -> tuple[NDArray[np.uint8], Floats]:
        """Return the length byte per document, and per such byte what BM25 adds to the count.

        That is K1 * (1 - B + B * length / average length).
        """
        found = self._norms.get(field)
        if found is None:
            lengths = np.concatenate([segment.lengths(field) for segment in self.segments])
            total = sum(segment.total_length(field) for segment in self.segments)
            average = total / self.count or 1.0
            added = (K1 * ((1 - B) + B * LENGTHS / average)).astype(np.float32)
            found = self._norms[field] = (lengths, added)
        return found

    def forget(self) -> None:
        """Let go of the scores kept from earlier searches."""
        self._cache.clear()
        self.counted.clear()
        self._asked.clear()

    def run(self, node: Any) -> Hits:
        """Return every live document that a query finds. Raises Unknown."""
        return self.living(self.found(node)) if self.count else NOTHING

    def living(self, hits: Hits) -> Hits:
        """Return the hits without deleted documents."""
        if self.alive is None:
            return hits
        keep = self.alive[hits.ids]
        return Hits(hits.ids[keep], hits.scores[keep])

    def kept(self, key: Any) -> Hits | None:
        """Return the scores kept under a key, or None."""
        return self._cache.get(key)

    def keep(self, key: Any, hits: Hits) -> None:
        """Keep scores for the searches to come."""
        self._cache.put(key, hits)

    def found(self, node: Any) -> Hits:
        """Return every document that a query finds, deleted ones too."""
        step = _STEPS.get(type(node))
        if step is None:
            raise Unknown(type(node).__name__)
        hits = step(self, node)
        boost = getattr(node, "boost", 1.0)
        return hits if boost == 1.0 else Hits(hits.ids, hits.scores * np.float32(boost))

    def term(self, node: Any) -> Hits:
        """Score one term."""
        text = node.text if isinstance(node.text, bytes) else node.text.encode()
        return self.any_of(((node.fieldname, (text,), 1.0),))

    def any_of(self, groups: Groups) -> Hits:
        """Score (field, terms, boost): terms of a field as if they were one, fields added up."""
        hits = self.kept(groups)
        if hits is None:
            hits = self._add(self._scored(groups))
            self.keep(groups, hits)
        return hits

    def counts(self, groups: Terms) -> list[tuple[Ids, NDArray[Any]]]:
        """Return for each (field, terms) the documents, and how often the terms stand there."""
        return [
            (ids, many) if distinct else together(ids, many, self.count)
            for ids, many, distinct in self.gathered(groups)
        ]

    def gathered(self, groups: Terms) -> list[tuple[Ids, NDArray[Any], bool]]:
        """Return the same term after term; True: no document is there twice, and they ascend."""
        out: list[list[tuple[Ids, NDArray[Any]]]] = [[] for _ in groups]
        distinct = [True] * len(groups)
        base = 0
        for segment in self.segments:
            for at, (ids, many), single in _in_segment(segment, groups):
                out[at].append((ids + base if base else ids, many))
                distinct[at] &= single
            base += segment.count
        return [(*_end_to_end(parts), one) for parts, one in zip(out, distinct, strict=True)]

    def weigh(
        self, field: str, frequency: int, ids: Ids, counts: NDArray[Any], boost: float = 1.0
    ) -> Hits:
        """Weigh counts by BM25 (Robertson & Zaragoza 2009), with Whoosh's inverse frequency.

        ``frequency`` is the number of documents that have the term at all.
        """
        inverse = log(self.count / (frequency + 1)) + 1
        lengths, added = self._norm(field)
        scores = counts.astype(np.float32)
        below = added[lengths[ids]]
        below += scores
        scores *= np.float32(inverse * (K1 + 1) * boost)
        scores /= below
        return Hits(ids, scores)

    def conjunction(self, node: Any) -> Hits:
        """Documents in all parts, scores added up."""
        wanted = [part for part in node.subqueries if type(part) is not wq.Not]
        later = [part for part in wanted if self._waits(part)]
        if len(later) == len(wanted) > 0:
            later.sort(key=self.size)
            del later[0]
        parts = [self.found(part) for part in wanted if not any(part is each for each in later)]
        parts.sort(key=lambda hits: len(hits.ids))
        hits = parts[0] if parts else self.everything(score=0.0)
        for other in parts[1:]:
            if not len(hits.ids):
                return NOTHING
            hits = self._both(hits, other)
        for part in later:
            hits = blend.narrowed(self, hits, part)
        for part in node.subqueries:
            if type(part) is wq.Not and len(hits.ids):
                hits = self._without(hits, self.found(part.query).ids)
                hits = Hits(hits.ids, hits.scores + np.float32(1))
        return hits

    def _waits(self, part: Any) -> bool:
        """Return whether this is a word that is best weighed only where the other words stand.

        Beginnings of many words are, and any word that is asked for the first time: it is weighed
        whole, and kept, when it is asked for again.
        """
        fresh = [word for word in blend.words_of(part) if self.kept(word.key) is None]
        if any(word.widest > _WIDE for word in fresh):
            return True
        keys = {word.key for word in fresh} - self._asked
        if len(self._asked) > _ASKED:
            self._asked.clear()
        self._asked |= keys
        return bool(keys)

    def size(self, part: Any) -> float:
        """Return about how many documents have a word; of many words that is not looked up."""
        words = blend.words_of(part)
        if any(word.widest > _WIDE for word in words):
            return inf
        return sum(sum(self._frequencies(word)) for word in words)

    def has(self, word: blend.Blend) -> bool:
        """Return whether a word of one part stands anywhere, in deleted documents too."""
        return any(self._frequencies(word))

    def _frequencies(self, word: blend.Blend) -> Iterator[int]:
        """Yield how many documents have each term of a word, in each field and segment."""
        for segment in self.segments:
            for field, forms, _ in word.fields:
                table = segment.table(field)
                for form in forms:
                    for term in form[0][1]:
                        row = table.row(term)
                        if row is not None:
                            yield int(table.frequency[row])

    def _both(self, hits: Hits, other: Hits) -> Hits:
        """Return the documents of the first, the shorter, that are in the second too."""
        if len(hits.ids) * 16 < len(other.ids):
            where = np.searchsorted(other.ids, hits.ids)
            where[where == len(other.ids)] = 0
            keep = other.ids[where] == hits.ids
            return Hits(hits.ids[keep], hits.scores[keep] + other.scores[where[keep]])
        spread = self._scores
        spread[other.ids] = other.scores
        added = spread[hits.ids]
        spread[other.ids] = np.nan
        added += hits.scores
        keep = ~np.isnan(added)
        return Hits(hits.ids[keep], added[keep])

    def difference(self, node: Any) -> Hits:
        """Documents of the first part that are not in the second, with the scores of the first."""
        return self._without(self.found(node.a), self.found(node.b).ids)

    def _without(self, hits: Hits, gone: Ids) -> Hits:
        seen = self.seen
        seen[gone] = True
        keep = ~seen[hits.ids]
        seen[gone] = False
        return Hits(hits.ids[keep], hits.scores[keep])

    def both(self, ids: Ids, others: Ids) -> Ids:
        """Return those of the first list, the shorter, that are in the second too."""
        if len(ids) * 16 < len(others):
            where = np.searchsorted(others, ids)
            where[where == len(others)] = 0
            kept: Ids = ids[others[where] == ids]
            return kept
        seen = self.seen
        seen[others] = True
        found = ids[seen[ids]]
        seen[others] = False
        return found

    def disjunction(self, node: Any) -> Hits:
        """Documents in any part, scores added up."""
        parts: list[Hits] = []
        fresh: Groups = ()
        for part in node.subqueries:
            if type(part) is Anywhere and part.groups not in self._cache:
                fresh += part.groups
            else:
                parts.append(self.found(part))
        return self._add(parts + self._scored(fresh))

    def _scored(self, groups: Groups) -> list[Hits]:
        counted = self.counts([(field, terms) for field, terms, _ in groups])
        return [
            self.weigh(field, len(ids), ids, counts, boost)
            for (field, _, boost), (ids, counts) in zip(groups, counted, strict=True)
            if len(ids)
        ]

    def union(self, parts: Sequence[Ids]) -> Ids:
        """Return the documents of all lists, ascending."""
        ids = np.concatenate(parts)
        if len(ids) * 8 < self.count:
            ids.sort(kind="stable")
            return ids[starts(ids)]
        seen = self.seen
        for part in parts:
            seen[part] = True
        found = np.flatnonzero(seen)
        seen[found] = False
        return found

    def _add(self, parts: Sequence[Hits]) -> Hits:
        kept = [part for part in parts if len(part.ids)]
        if len(kept) < 2:
            return kept[0] if kept else NOTHING
        sums = self.sums
        for part in kept:
            sums[part.ids] += part.scores
        ids = self.union([part.ids for part in kept])
        scores = sums[ids]
        sums[ids] = 0
        return Hits(ids, scores)

    def best(self, node: Any) -> Hits:
        """Documents in any part, with the best of its scores."""
        parts = [hits for part in node.subqueries if len((hits := self.found(part)).ids)]
        if len(parts) < 2:
            return parts[0] if parts else NOTHING
        ids = self.union([part.ids for part in parts])
        scores = np.full(len(ids), -np.inf, np.float32)
        for part in parts:
            where = np.searchsorted(ids, part.ids)
            scores[where] = np.maximum(scores[where], part.scores)
        return Hits(ids, scores)

    def perhaps(self, node: Any) -> Hits:
        """Documents of the first part; those that are in the second too score for it as well."""
        wanted, extra = self.found(node.a), self.found(node.b)
        sums = self.sums
        sums[extra.ids] = extra.scores
        scores = wanted.scores + sums[wanted.ids]
        sums[extra.ids] = 0
        return Hits(wanted.ids, scores)

    def required(self, node: Any) -> Hits:
        """Documents in both parts, with the scores of the first."""
        wanted, other = self.found(node.a), self.found(node.b)
        seen = self.seen
        seen[other.ids] = True
        keep = seen[wanted.ids]
        seen[other.ids] = False
        return Hits(wanted.ids[keep], wanted.scores[keep])

    def constant(self, node: Any) -> Hits:
        """Documents of a part, each with the same score."""
        ids = self.found(node.child).ids
        return Hits(ids, np.full(len(ids), node.score, np.float32))

    def expanded(self, node: Any) -> Hits:
        """Documents with any term that a pattern stands for; all score alike, or added up."""
        terms = expand.terms_of(node, self.segments)
        if terms is None:
            raise Unknown(type(node).__name__)
        if not node.constantscore:
            return self._add([self.any_of(((node.fieldname, (term,), 1.0),)) for term in terms])
        ((ids, _),) = self.counts([(node.fieldname, terms)])
        return Hits(ids, np.ones(len(ids), np.float32))

    def negation(self, node: Any) -> Hits:
        """Documents that the part does not find, each with score 1, as in Whoosh."""
        return self._without(self.everything(), self.found(node.query).ids)

    def everything(self, score: float = 1.0) -> Hits:
        """Return every document."""
        ids = np.arange(self.count, dtype=np.int64)
        return Hits(ids, np.full(self.count, score, np.float32))

    def pages(self, node: PageRange) -> Hits:
        """Return the documents with a page number between two, both included."""
        keep = (self.page_nos >= node.first) & (self.page_nos <= node.last)
        ids = np.flatnonzero(keep)
        return Hits(ids, np.full(len(ids), node.score, np.float32))


def _in_segment(
    segment: Segment, groups: Terms
) -> list[tuple[int, tuple[Ids, NDArray[Any]], bool]]:
    """Return documents and counts of those groups that have any in a segment; True: of one term."""
    found: list[tuple[int, Any, list[int]]] = []
    for at, (field, terms) in enumerate(groups):
        table = segment.table(field)
        rows = [row for term in terms if (row := table.row(term)) is not None]
        if rows:
            found.append((at, table, rows))
    if all(len(rows) == 1 for _, _, rows in found):
        return [(at, segment.postings(table, rows[0]), True) for at, table, rows in found]
    offsets = np.concatenate([table.offset[rows] for _, table, rows in found]).astype(np.int64)
    many = np.concatenate([table.frequency[rows] for _, table, rows in found]).astype(np.int64)
    ids, counts = segment.postings_many(offsets, many)
    out, row, low = [], 0, 0
    for at, _, rows in found:
        high = low + int(many[row : row + len(rows)].sum())
        out.append((at, (ids[low:high], counts[low:high]), len(rows) == 1))
        row, low = row + len(rows), high
    return out


def _end_to_end(parts: list[tuple[Ids, NDArray[Any]]]) -> tuple[Ids, NDArray[Any]]:
    if not parts:
        return NOTHING
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


_STEPS: dict[type, Callable[[Snapshot, Any], Hits]] = {
    wq.Term: Snapshot.term,
    AnyOf: lambda snapshot, node: snapshot.any_of(((node.fieldname, node.terms_, 1.0),)),
    Anywhere: lambda snapshot, node: snapshot.any_of(node.groups),
    PageRange: Snapshot.pages,
    blend.Blend: blend.blend,
    blend.Ways: blend.ways,
    blend.Most: blend.most,
    blend.InRow: blend.in_row,
    wq.Phrase: near.phrase,
    wq.And: Snapshot.conjunction,
    wq.AndNot: Snapshot.difference,
    wq.AndMaybe: Snapshot.perhaps,
    wq.Require: Snapshot.required,
    wq.Or: Snapshot.disjunction,
    wq.DisjunctionMax: Snapshot.best,
    wq.ConstantScoreQuery: Snapshot.constant,
    wq.Prefix: Snapshot.expanded,
    wq.Wildcard: Snapshot.expanded,
    wq.FuzzyTerm: Snapshot.expanded,
    wq.TermRange: Snapshot.expanded,
    wq.Not: Snapshot.negation,
    wq.Every: lambda snapshot, _: snapshot.everything(),
    type(wq.NullQuery): lambda *_: NOTHING,
}
