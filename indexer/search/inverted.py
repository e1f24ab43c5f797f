"""Writes the postings file and the terms file of a segment from arrays that are sorted already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.search import packing, segment


class SortedFiles:
    """Takes fields in ascending order, each in one or more runs of ascending terms."""

    def __init__(self, folder: Path, segment_id: str) -> None:
        """Open the postings file for writing."""
        self._folder = folder
        self._id = segment_id
        self._file = (folder / (segment_id + segment.POSTINGS)).open("wb")
        self._file.write(segment.HEADER)
        self._at = len(segment.HEADER)
        self._fields: dict[str, list[tuple[list[bytes], Any, Any, Any, Any]]] = {}

    def add_sorted(
        self,
        field: str,
        terms: list[bytes],
        chosen: NDArray[np.int64],
        frequency: NDArray[np.int64],
        documents: NDArray[np.uint32],
        counts: NDArray[np.uint32],
        places: NDArray[np.uint32],
    ) -> None:
        """Write the postings of the chosen ones of ``terms``.

        ``frequency`` is the number of documents of each; ``documents`` and ``counts`` are end to
        end, and so are ``places``, as many in each document as ``counts`` says.
        """
        starts = np.cumsum(frequency) - frequency
        gaps = documents.copy()
        gaps[1:] -= documents[:-1]
        gaps[starts] = documents[starts]
        total = np.add.reduceat(counts.astype(np.int64), starts)
        data, sizes = packing.interleave(
            [
                packing.pack_many(gaps, frequency),
                packing.pack_many(counts, frequency),
                packing.pack_many(places, total),
            ]
        )
        offset = self._at + np.cumsum(sizes) - sizes
        self._file.write(data.tobytes())
        self._at += len(data)
        largest = np.maximum.reduceat(counts, starts)
        found = [terms[at] for at in chosen.tolist()]
        self._fields.setdefault(field, []).append((found, frequency, total, largest, offset))

    def close(self, surfaces: dict[tuple[str, str], int]) -> None:
        """Finish both files."""
        self._file.close()
        tables = {field: _columns(runs) for field, runs in self._fields.items()}
        data = segment.write_terms(tables, surfaces)
        (self._folder / (self._id + segment.TERMS)).write_bytes(data)

    def abandon(self) -> None:
        """Close without a terms file; what was written is swept up with the next commit."""
        self._file.close()


def _columns(runs: list[tuple[list[bytes], Any, Any, Any, Any]]) -> dict[str, Any]:
    columns = [np.concatenate(found) for found in list(zip(*runs, strict=True))[1:]]
    frequency, total, largest, offset = columns
    return {
        "terms": b"\n".join(term for run in runs for term in run[0]),
        "frequency": frequency.astype(np.uint32),
        "total": total.astype(np.uint32),
        "largest": largest.astype(np.uint32),
        "offset": offset.astype(np.uint64),
    }
