"""Words in order and near one another, on places that lie in one flat array per term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search.hits import NOTHING, Hits, starts, together
from indexer.search.packing import Ids, Ints

if TYPE_CHECKING:
    from indexer.search.executor import Snapshot
    from indexer.search.segment import Segment, TermTable

Keys: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int64]
Steps: TypeAlias = Sequence[tuple[int, tuple[bytes, ...]]]

_BITS = 17
_SEVERAL = 6
"""The places of more terms than this are read at once."""

_MIDDLE = 1 << 16
"""Places are counted from the middle of their bits on: no step back leaves its document."""


def phrase(snapshot: Snapshot, node: Any) -> Hits:
    """Run Whoosh's own phrase: each word at most ``slop`` places after the one before."""
    terms = [word if isinstance(word, bytes) else word.encode() for word in node.words]
    steps = [(at, (term,)) for at, term in enumerate(terms)]
    return in_order(snapshot, node.fieldname, steps, node.slop) if steps else NOTHING


def in_order(snapshot: Snapshot, field: str, steps: Steps, slop: int = 1) -> Hits:
    """Documents in which the steps stand at their distances; scores of all steps added up.

    With a ``slop`` above 1 each step may stand up to so many places after the one before.
    """
    frequency = [0] * len(steps)
    found: list[Ids] = []
    counts: list[list[NDArray[Any]]] = [[] for _ in steps]
    for base, _, groups in _by_segment(snapshot, field, steps, None):
        own = [group.frequency() for group in groups]
        frequency = [many + more for many, more in zip(frequency, own, strict=True)]
        ids, _ = _standing(snapshot, groups, slop, None)
        if len(ids):
            found.append(ids + base)
            for each, group in zip(counts, groups, strict=True):
                each.append(group.counts_of(ids))
    if not found:
        return NOTHING
    ids = np.concatenate(found)
    scores = np.zeros(len(ids), np.float32)
    for many, each in zip(frequency, counts, strict=True):
        scores += snapshot.weigh(field, many, ids, np.concatenate(each)).scores
    return Hits(ids, scores)


def standing(
    snapshot: Snapshot, field: str, steps: Steps, slop: int = 1, *, within: Ids | None = None
) -> tuple[Ids, Counts]:
    """Return the documents in which the steps stand at their distances, and how often.

    ``within`` is a list of documents of which alone to tell.
    """
    found = [np.zeros(0, np.int64)]
    often = [np.zeros(0, np.int64)]
    for base, own, groups in _by_segment(snapshot, field, steps, within):
        ids, many = _standing(snapshot, groups, slop, own)
        found.append(ids + base)
        often.append(many)
    return np.concatenate(found), np.concatenate(often)


def _by_segment(
    snapshot: Snapshot, field: str, steps: Steps, within: Ids | None
) -> Iterator[tuple[int, Ids | None, list[_Group]]]:
    """Yield each segment's first document, its part of ``within``, and the steps in it."""
    base = 0
    for segment in snapshot.segments:
        own = None
        if within is not None:
            low, high = np.searchsorted(within, (base, base + segment.count))
            own = within[low:high] - base
        table = segment.table(field)
        yield base, own, [_Group(segment, table, ahead, terms) for ahead, terms in steps]
        base += segment.count


class _Group:
    """The terms of one step in one segment; each term's documents are read once."""

    def __init__(
        self, segment: Segment, table: TermTable, ahead: int, terms: Sequence[bytes]
    ) -> None:
        self.ahead = ahead
        self._segment, self._table = segment, table
        self._rows = [row for term in terms if (row := table.row(term)) is not None]
        self._read: list[tuple[Ids, NDArray[Any], int]] = []
        self._all: tuple[Ids, Ints, Ints] | None = None
        self._merged: tuple[Ids, NDArray[Any]] | None = None

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def size(self) -> int:
        """How often the terms stand in the segment."""
        return sum(int(self._table.total[row]) for row in self._rows)

    def frequency(self) -> int:
        """The number of documents with any of the terms."""
        if len(self._rows) == 1:
            return int(self._table.frequency[self._rows[0]])
        return len(self.merged()[0]) if self._rows else 0

    def merged(self) -> tuple[Ids, NDArray[Any]]:
        """The documents with any of the terms, and how often they stand in each."""
        if self._merged is None:
            self._decode()
            if self._all is not None:
                self._merged = together(*self._all[:2], self._segment.count)
            elif len(self._read) == 1:
                self._merged = self._read[0][:2]
            else:
                ids = np.concatenate([ids for ids, _, _ in self._read])
                counts = np.concatenate([counts for _, counts, _ in self._read])
                self._merged = together(ids, counts, self._segment.count)
        return self._merged

    def _decode(self) -> None:
        """Read the postings."""
        if self._read or self._all is not None:
            return
        if len(self._rows) > _SEVERAL:
            rows = np.array(self._rows, np.int64)
            self._all = self._segment.places_many(self._table, rows)
        else:
            self._read = [self._segment.postings_at(self._table, row) for row in self._rows]

    def counts_of(self, ids: Ids) -> NDArray[Any]:
        """How often the terms stand in documents that have them."""
        documents, counts = self.merged()
        return counts[np.searchsorted(documents, ids)]

    def places(self, within: Ids) -> Keys:
        """Every place of the terms in some documents as one number each, ascending.

        Documents are numbered by their position in ``within``.
        """
        self._decode()
        if self._all is not None:
            keys = self._keys(*self._all, within, ascending=False)
            keys.sort()
            return keys[starts(keys)]
        out = [
            self._keys(
                documents, counts, self._segment.places_at(self._table, row, at), within,
                ascending=True,
            )
            for row, (documents, counts, at) in zip(self._rows, self._read, strict=True)
        ]  # fmt: skip
        keys = out[0]
        if len(out) > 1:
            keys = np.concatenate(out)
            keys.sort(kind="stable")
        # Of one term only the last place of a very long page can be there twice.
        return keys[starts(keys)]

    def _keys(
        self, documents: Ids, counts: Ints, places: Ints, within: Ids, *, ascending: bool
    ) -> Keys:
        found, keys = self._segment.places_within(
            documents, counts, places, within, ascending=ascending
        )
        keys <<= _BITS
        keys += found
        keys += _MIDDLE
        return keys


def _standing(
    snapshot: Snapshot, groups: Sequence[_Group], slop: int, within: Ids | None
) -> tuple[Ids, Counts]:
    """Return the documents of a segment in which the groups stand as they should, and how often."""
    nothing = np.zeros(0, np.int64)
    if not all(groups):
        return nothing, nothing
    common = _common(snapshot, groups) if within is None else within
    # One after the other they may be looked at in any order: what stands seldom first.
    exact = slop == 1
    ordered = sorted(groups, key=lambda group: group.size if exact else group.ahead)
    keys: Keys | None = None
    for at, group in enumerate(ordered if len(common) else ()):
        here = group.places(common)
        if exact:
            here -= group.ahead
        if keys is None:
            keys = here
        else:
            keys = _in_both(keys, here) if exact else _after(keys, here, slop)
        if not len(keys):
            break
        if at < len(ordered) - 1 and (at or within is not None):
            common, keys = _left(common, keys)
    if keys is None or not len(keys):
        return nothing, nothing
    owners = keys >> _BITS
    first = starts(owners)
    return common[owners[first]], np.diff(np.append(first, len(owners)))


def _common(snapshot: Snapshot, groups: Sequence[_Group]) -> Ids:
    """Return the documents that have something of every group."""
    common, *others = sorted((group.merged()[0] for group in groups), key=len)
    for ids in others:
        if len(common):
            common = snapshot.both(common, ids)
    return common


def _left(common: Ids, keys: Keys) -> tuple[Ids, Keys]:
    """Number the documents anew in which something is left: others need not be read further."""
    owners = keys >> _BITS
    first = starts(owners)
    many = np.diff(np.append(first, len(owners)))
    numbered = np.arange(len(first)).repeat(many) << _BITS | keys & (1 << _BITS) - 1
    return common[owners[first]], numbered


def _after(keys: Keys, here: Keys, slop: int) -> Keys:
    """Return the places that stand up to ``slop`` after one of ``keys``."""
    before = np.searchsorted(keys, here) - 1
    found: Keys = here[(before >= 0) & (here - keys[before] <= slop)]
    return found


def _in_both(one: Keys, other: Keys) -> Keys:
    """Return what is in both of two lists that have nothing twice, ascending."""
    both = np.concatenate([one, other])
    # The stable sort finds two ascending lists and merges them.
    both.sort(kind="stable")
    found: Keys = both[:-1][both[1:] == both[:-1]]
    return found
