"""Words in order and near one another, on places that lie in one flat array per term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search.hits import NOTHING, Hits, starts
from indexer.search.packing import Ids

if TYPE_CHECKING:
    from indexer.search.executor import Snapshot

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
    counted = snapshot.counts([(field, terms) for _, terms in steps])
    common, _ = _standing(snapshot, field, steps, slop, _common(snapshot, counted))
    if not len(common):
        return NOTHING
    scores = np.zeros(len(common), np.float32)
    for ids, counts in counted:
        own = counts[np.searchsorted(ids, common)]
        scores += snapshot.weigh(field, len(ids), common, own).scores
    return Hits(common, scores)


def standing(
    snapshot: Snapshot, field: str, steps: Steps, slop: int = 1, *, within: Ids | None = None
) -> tuple[Ids, Counts]:
    """Return the documents in which the steps stand at their distances, and how often.

    ``within`` is a list of documents of which alone to tell.
    """
    if within is None:
        within = _common(snapshot, snapshot.counts([(field, terms) for _, terms in steps]))
    return _standing(snapshot, field, steps, slop, within)


def _common(snapshot: Snapshot, counted: Sequence[tuple[Ids, Any]]) -> Ids:
    """Return the documents that are in all lists."""
    common, *others = sorted((ids for ids, _ in counted), key=len)
    for ids in others:
        if len(common):
            common = snapshot.both(common, ids)
    return common


def _standing(
    snapshot: Snapshot, field: str, steps: Steps, slop: int, common: Ids
) -> tuple[Ids, Counts]:
    """Return those of some documents in which the steps stand as they should, and how often."""
    keys: Keys | None = None
    many: Counts = np.zeros(0, np.int64)
    for ahead, terms in sorted(steps, key=lambda step: step[0]):
        here = _places(snapshot, field, terms, common)
        if slop == 1:
            here -= ahead
            keys = here if keys is None else _in_both(keys, here)
        elif keys is None:
            keys = here
        else:
            before = np.searchsorted(keys, here) - 1
            apart = here - keys[before]
            keys = here[(before >= 0) & (apart <= slop)]
        if not len(keys):
            return common[:0], many[:0]
        # The words that follow need to be read only in the documents that are left.
        owners = keys >> _BITS
        first = starts(owners)
        many = np.diff(np.append(first, len(owners)))
        keys = np.arange(len(first)).repeat(many) << _BITS | keys & (1 << _BITS) - 1
        common = common[owners[first]]
    return common, many


def _in_both(one: Keys, other: Keys) -> Keys:
    """Return what is in both of two lists that have nothing twice, ascending."""
    both = np.concatenate([one, other])
    both.sort()
    found: Keys = both[:-1][both[1:] == both[:-1]]
    return found


def _places(snapshot: Snapshot, field: str, terms: Iterable[bytes], within: Ids) -> Keys:
    """Return every place of some terms in some documents as one number each, ascending."""
    out, base, ordered = [np.zeros(0, np.int64)], 0, True
    for segment in snapshot.segments:
        table = segment.table(field)
        low, high = np.searchsorted(within, (base, base + segment.count))
        own = within[low:high] - base
        rows = [row for term in terms if (row := table.row(term)) is not None]
        if high > low and len(rows) > _SEVERAL:
            found = [segment.places_within_of(table, np.array(rows, np.int64), own)]
            ordered = False
        else:
            found = [segment.places_within(table, row, own) for row in rows if high > low]
        for places, owners in found:
            out.append((owners.astype(np.int64) + low << _BITS) + places + _MIDDLE)
        base += segment.count
    keys = np.concatenate(out)
    if len(out) > 2 or not ordered:
        keys.sort()
    # Of one term only the last place of a very long page can be there twice.
    return keys[starts(keys)]
