"""Lists of documents with their scores."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search.packing import Ids

Floats: TypeAlias = NDArray[np.float32]


class Hits(NamedTuple):
    """Documents, ascending, and the score of each."""

    ids: Ids
    scores: Floats

    def nbytes(self) -> int:
        """Return the bytes that both take."""
        return self.ids.nbytes + self.scores.nbytes


NOTHING = Hits(np.zeros(0, np.int64), np.zeros(0, np.float32))


def starts(values: NDArray[Any]) -> Ids:
    """Return where in a list of values another value begins."""
    first = np.empty(len(values), np.bool_)
    first[:1] = True
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first.nonzero()[0]


def together(ids: Ids, counts: NDArray[Any], size: int) -> tuple[Ids, NDArray[Any]]:
    """Return the distinct ones of ``ids`` (below ``size``), ascending, their counts added up."""
    if len(ids) * 6 < size:
        keys = ids << 32 | counts
        keys.sort(kind="stable")
        documents = keys >> 32
        begins = starts(documents)
        return documents[begins], np.add.reduceat(keys & 0xFFFFFFFF, begins)
    sums = np.bincount(ids, counts, size)
    found = np.flatnonzero(sums)
    return found, sums[found]
