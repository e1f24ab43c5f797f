"""Runs a Whoosh query tree over whole arrays, with the very scores of Whoosh's BM25F."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from math import log
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search.files import Manifest
from indexer.search.packing import Ints
from indexer.search.plan import AnyOf, InOrder
from indexer.search.segment import LENGTHS, Segment
from indexer.search.whooshed import query as wq

K1, B = 1.2, 0.75
"""Parameters of BM25, as Whoosh's ``scoring.BM25F`` has them."""

CACHE_BYTES = 64 << 20
"""How much the scores of terms may take that are kept between searches."""

_PLACE_BITS = 16
_MANY = 4

Floats: TypeAlias = NDArray[np.float32]


class Hits(NamedTuple):
    """Documents, ascending, and the score of each."""

    ids: Ints
    scores: Floats


NOTHING = Hits(np.zeros(0, np.int32), np.zeros(0, np.float32))


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
        self._norms: dict[str, Floats] = {}
        self._cache: OrderedDict[Any, Hits] = OrderedDict()
        self._cached = 0

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
    def _slots(self) -> Ints:
        return np.zeros(self.count, np.int32)

    def norm(self, field: str) -> Floats:
        """Return per document what BM25 adds to the count: K1 * (1 - B + B * length / average)."""
        found = self._norms.get(field)
        if found is None:
            lengths = np.concatenate([LENGTHS[s.lengths(field)] for s in self.segments])
            total = sum(segment.total_length(field) for segment in self.segments)
            average = total / self.count or 1.0
            found = (K1 * ((1 - B) + B * lengths / average)).astype(np.float32)
            self._norms[field] = found
        return found

    def run(self, node: Any) -> Hits:
        """Return every live document that a query finds. Raises Unknown."""
        if not self.count:
            return NOTHING
        hits = self._run(node)
        if self.alive is None:
            return hits
        keep = self.alive[hits.ids]
        return Hits(hits.ids[keep], hits.scores[keep])

    def _run(self, node: Any) -> Hits:
        step = _STEPS.get(type(node))
        if step is None:
            raise Unknown(type(node).__name__)
        hits = step(self, node)
        boost = getattr(node, "boost", 1.0)
        return hits if boost == 1.0 else Hits(hits.ids, hits.scores * np.float32(boost))

    def term(self, node: Any) -> Hits:
        """Score one term."""
        text = node.text if isinstance(node.text, bytes) else node.text.encode()
        return self.any_of(node.fieldname, (text,))

    def any_of(self, field: str, terms: tuple[bytes, ...]) -> Hits:
        """Score several terms of a field as if they were one."""
        key = (field, terms)
        found = self._cache.get(key)
        if found is not None:
            self._cache.move_to_end(key)
            return found
        hits = self._score(field, *self._counts(field, terms))
        self._cache[key] = hits
        self._cached += hits.ids.nbytes + hits.scores.nbytes
        while self._cached > CACHE_BYTES and len(self._cache) > 1:
            _, old = self._cache.popitem(last=False)
            self._cached -= old.ids.nbytes + old.scores.nbytes
        return hits

    def _counts(self, field: str, terms: Iterable[bytes]) -> tuple[Ints, NDArray[Any]]:
        ids, counts, base = [], [], 0
        for segment in self.segments:
            table = segment.table(field)
            rows = [row for term in terms if (row := table.row(term)) is not None]
            if rows:
                if len(rows) > _MANY:
                    parts = [segment.postings_many(table, rows)]
                else:
                    parts = [segment.postings(table, row) for row in rows]
                here, many = _union(parts, segment.count, apart=len(rows) == 1)
                ids.append(here + np.int32(base) if base else here)
                counts.append(many)
            base += segment.count
        if not ids:
            return NOTHING
        if len(ids) == 1:
            return ids[0], counts[0]
        return np.concatenate(ids), np.concatenate(counts)

    def _score(self, field: str, ids: Ints, counts: NDArray[Any]) -> Hits:
        """Weigh counts by BM25 (Robertson & Zaragoza 2009), with Whoosh's inverse frequency."""
        if not len(ids):
            return NOTHING
        inverse = log(self.count / (len(ids) + 1)) + 1
        many = counts.astype(np.float32)
        scores = many * np.float32(inverse * (K1 + 1))
        many += self.norm(field)[ids]
        scores /= many
        return Hits(ids, scores)

    def conjunction(self, node: Any) -> Hits:
        """Documents in all parts, scores added up."""
        parts = [self._run(part) for part in node.subqueries if type(part) is not wq.Not]
        parts.sort(key=lambda hits: len(hits.ids))
        hits = parts[0] if parts else self.everything(score=0.0)
        for other in parts[1:]:
            if not len(hits.ids):
                return NOTHING
            keep, where = self._find(hits.ids, other.ids)
            hits = Hits(hits.ids[keep], hits.scores[keep] + other.scores[where])
        for part in node.subqueries:
            if type(part) is wq.Not and len(hits.ids):
                hits = self._without(hits, self._run(part.query).ids)
                hits = Hits(hits.ids, hits.scores + np.float32(1))
        return hits

    def difference(self, node: Any) -> Hits:
        """Documents of the first part that are not in the second, with the scores of the first."""
        return self._without(self._run(node.a), self._run(node.b).ids)

    def _find(self, ids: Ints, others: Ints) -> tuple[NDArray[np.bool_], NDArray[Any]]:
        """Return which of ``ids`` are in ``others``, and where those stand there."""
        if len(ids) * 16 < len(others):
            where = np.searchsorted(others, ids)
            where[where == len(others)] = 0
            keep = others[where] == ids
            return keep, where[keep]
        slots = self._slots
        slots[others] = np.arange(1, len(others) + 1, dtype=np.int32)
        found = slots[ids]
        slots[others] = 0
        keep = found > 0
        return keep, found[keep] - 1

    def _without(self, hits: Hits, gone: Ints) -> Hits:
        keep, _ = self._find(hits.ids, gone)
        return Hits(hits.ids[~keep], hits.scores[~keep])

    def disjunction(self, node: Any) -> Hits:
        """Documents in any part, scores added up."""
        return self._add([self._run(part) for part in node.subqueries])

    def _add(self, parts: Sequence[Hits]) -> Hits:
        return Hits(*_union([part for part in parts if len(part.ids)], self.count))

    def best(self, node: Any) -> Hits:
        """Documents in any part, with the best of its scores."""
        parts = [hits for part in node.subqueries if len((hits := self._run(part)).ids)]
        if not parts:
            return NOTHING
        found = np.unique(np.concatenate([part.ids for part in parts]))
        scores = np.zeros(len(found), np.float32)
        for part in parts:
            where = np.searchsorted(found, part.ids)
            scores[where] = np.maximum(scores[where], part.scores)
        return Hits(found, scores)

    def negation(self, node: Any) -> Hits:
        """Documents that the part does not find, each with score 1, as in Whoosh."""
        return self._without(self.everything(), self._run(node.query).ids)

    def everything(self, score: float = 1.0) -> Hits:
        """Return every document."""
        ids = np.arange(self.count, dtype=np.int32)
        return Hits(ids, np.full(self.count, score, np.float32))

    def in_order(self, field: str, steps: Sequence[tuple[int, tuple[bytes, ...]]]) -> Hits:
        """Documents in which the steps stand at their distances; scores of all steps added up."""
        scored = [self.any_of(field, terms) for _, terms in steps]
        common = min(scored, key=lambda hits: len(hits.ids)).ids
        for hits in scored:
            if not len(common):
                return NOTHING
            common = common[self._find(common, hits.ids)[0]]
        keys: NDArray[np.int64] | None = None
        for ahead, terms in sorted(steps, key=lambda step: step[0]):
            here = self._places(field, terms, common) - ahead
            keys = here if keys is None else keys[np.isin(keys, here, assume_unique=True)]
        assert keys is not None
        ids = np.unique(keys >> _PLACE_BITS + 1).astype(np.int32)
        scores = np.zeros(len(ids), np.float32)
        for hits in scored:
            scores += hits.scores[self._find(ids, hits.ids)[1]]
        return Hits(ids, scores)

    def _places(self, field: str, terms: Iterable[bytes], within: Ints) -> NDArray[np.int64]:
        """Return every place of some terms in some documents as one number each, unique."""
        out, base = [np.zeros(0, np.int64)], 0
        for segment in self.segments:
            table = segment.table(field)
            low, high = np.searchsorted(within, (base, base + segment.count))
            for term in terms if high > low else ():
                row = table.row(term)
                if row is None:
                    continue
                ids, counts, flat = segment.places(table, row)
                keep = np.repeat(self._find(ids + np.int32(base), within[low:high])[0], counts)
                wide = (np.repeat(ids, counts)[keep] + base).astype(np.int64) << _PLACE_BITS + 1
                # One more bit than a place needs, and places from the middle of it on: going
                # back by a step then never reaches into the document before.
                out.append(wide + flat[keep] + (1 << _PLACE_BITS))
            base += segment.count
        return np.unique(np.concatenate(out))


def _union(
    parts: Sequence[tuple[Ints, NDArray[Any]]], count: int, *, apart: bool = True
) -> tuple[Ints, NDArray[Any]]:
    """Return the ascending union of lists of documents, with what belongs to each added up.

    ``apart`` says that no list has a document twice.
    """
    if not parts:
        return NOTHING
    if len(parts) == 1 and apart:
        return parts[0]
    ids = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[1] for part in parts])
    if len(ids) * 8 < count:
        found, inverse = np.unique(ids, return_inverse=True)
        return found, np.bincount(inverse, values).astype(np.float32)
    seen = np.zeros(count, bool)
    seen[ids] = True
    found = np.flatnonzero(seen).astype(np.int32)
    return found, np.bincount(ids, values, count)[found].astype(np.float32)


def _phrase(snapshot: Snapshot, node: Any) -> Hits:
    """Run Whoosh's own phrase, of slop 1."""
    if node.slop != 1:
        raise Unknown("Phrase with slop")
    if not node.words:
        return NOTHING
    terms = [word if isinstance(word, bytes) else word.encode() for word in node.words]
    return snapshot.in_order(node.fieldname, [(at, (term,)) for at, term in enumerate(terms)])


_STEPS: dict[type, Callable[[Snapshot, Any], Hits]] = {
    wq.Term: Snapshot.term,
    AnyOf: lambda snapshot, node: snapshot.any_of(node.fieldname, node.terms_),
    InOrder: lambda snapshot, node: snapshot.in_order(node.fieldname, node.steps),
    wq.Phrase: _phrase,
    wq.And: Snapshot.conjunction,
    wq.AndNot: Snapshot.difference,
    wq.Or: Snapshot.disjunction,
    wq.DisjunctionMax: Snapshot.best,
    wq.Not: Snapshot.negation,
    wq.Every: lambda snapshot, _: snapshot.everything(),
    type(wq.NullQuery): lambda *_: NOTHING,
}
