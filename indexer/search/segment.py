"""One segment of the index as arrays: documents, terms, postings, places, surfaces."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.search import packing
from indexer.search.packing import Ids, Ints
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import byte_to_length

DOCUMENTS, TERMS, POSTINGS = ".doc", ".trm", ".pst"
EXTENSIONS = (DOCUMENTS, TERMS, POSTINGS)
LENGTHS = np.array([byte_to_length(i) for i in range(256)], np.float32)
"""The field length that each of Whoosh's length bytes stands for."""

_LONG = 300

HEADER = b"DHPST1\n\0"
"""First bytes of a postings file."""


def _map(path: Path) -> mmap.mmap:
    """Map a file: what is mapped can be read after another process has deleted the file."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


class TermTable:
    """The terms of one field, sorted, with what is needed to find and weigh their postings."""

    __slots__ = ("_rows", "field", "frequency", "largest", "offset", "terms", "total")

    def __init__(self, sections: packing.Sections, field: str) -> None:
        """Read the table; a field without terms gives an empty one."""
        self.field = field
        self._rows: dict[bytes, int] | None = None
        if f"{field}.terms" not in sections:
            self.terms: list[bytes] = []
            self.frequency = self.total = self.largest = np.zeros(0, np.uint32)
            self.offset = np.zeros(0, np.uint64)
            return
        self.terms = sections.raw(f"{field}.terms").split(b"\n")
        self.frequency = sections.array(f"{field}.frequency")
        self.total = sections.array(f"{field}.total")
        self.largest = sections.array(f"{field}.largest")
        self.offset = sections.array(f"{field}.offset")

    def row(self, term: bytes) -> int | None:
        """Return the place of a term in the table, or None."""
        if self._rows is None:
            self._rows = {term: row for row, term in enumerate(self.terms)}
        return self._rows.get(term)


class Segment:
    """A written segment, read-only. Its files never change; deletions are kept elsewhere.

    Raises OSError or ValueError when a file is missing or is none of ours.
    """

    def __init__(self, folder: Path, segment_id: str) -> None:
        """Read the documents and map the postings; terms are read when first needed."""
        self.id = segment_id
        documents = packing.Sections((folder / (segment_id + DOCUMENTS)).read_bytes())
        self.asset_ids: Ints = documents.array("aid")
        self.page_nos: Ints = documents.array("page")
        self.count = len(self.asset_ids)
        self._documents = documents
        self._postings = _map(folder / (segment_id + POSTINGS))
        self._terms = _map(folder / (segment_id + TERMS))
        if self._postings[: len(HEADER)] != HEADER:
            raise ValueError("not a postings file of this index")
        self._tables: dict[str, TermTable] = {}

    @cached_property
    def terms(self) -> packing.Sections:
        """The sections of the terms file."""
        return packing.Sections(self._terms)

    def lengths(self, field: str) -> NDArray[np.uint8]:
        """Return the length of a field per document, as the bytes that Whoosh keeps."""
        name = f"{field}.lengths"
        if name not in self._documents:
            return np.zeros(self.count, np.uint8)
        return self._documents.array(name)

    def total_length(self, field: str) -> int:
        """Return the number of words of a field over all documents."""
        name = f"{field}.total"
        return int(self._documents.array(name)[0]) if name in self._documents else 0

    def table(self, field: str) -> TermTable:
        """Return the terms of a field."""
        table = self._tables.get(field)
        if table is None:
            table = self._tables[field] = TermTable(self.terms, field)
        return table

    def postings(self, table: TermTable, row: int) -> tuple[Ids, Ints]:
        """Return a term's documents, ascending, and its count in each."""
        count = int(table.frequency[row])
        gaps, at = packing.unpack(self._postings, int(table.offset[row]), count)
        counts, _ = packing.unpack(self._postings, at, count)
        return np.cumsum(gaps, dtype=np.int64), counts

    def postings_many(
        self, offsets: NDArray[np.int64], many: NDArray[np.int64]
    ) -> tuple[Ids, Ints]:
        """Return documents and counts of several terms of any fields, one term after the other.

        ``offsets`` and ``many`` are the terms' rows of ``TermTable.offset`` and ``frequency``.
        Long lists are read one by one, short ones together.
        """
        ends = np.cumsum(many)
        documents = np.empty(int(ends[-1]), np.int64)
        counts = np.empty(len(documents), np.int32)
        long = many >= _LONG
        for row in np.flatnonzero(long).tolist():
            low, high = int(ends[row] - many[row]), int(ends[row])
            own = documents[low:high]
            at = packing.unpack_into(self._postings, int(offsets[row]), own)
            np.cumsum(own, out=own)
            packing.unpack_into(self._postings, at, counts[low:high])
        short = np.flatnonzero(~long)
        if len(short):
            few = many[short]
            gaps, after = packing.unpack_many(self._postings, offsets[short], few)
            ramp = np.cumsum(few)
            where = np.repeat(ends[short] - ramp, few) + np.arange(int(ramp[-1]))
            documents[where] = _documents(gaps, few)
            counts[where] = packing.unpack_many(self._postings, after, few)[0]
        return documents, counts

    def postings_at(self, table: TermTable, row: int) -> tuple[Ids, Ints, int]:
        """Return a term's documents, its count in each, and where its places are packed."""
        count = int(table.frequency[row])
        gaps, at = packing.unpack(self._postings, int(table.offset[row]), count)
        counts, at = packing.unpack(self._postings, at, count)
        return np.cumsum(gaps, dtype=np.int64), counts, at

    def places_at(self, table: TermTable, row: int, at: int) -> Ints:
        """Return all places of a term, given where they are packed."""
        return packing.unpack(self._postings, at, int(table.total[row]))[0]

    def places_within(
        self, documents: Ids, counts: Ints, places: Ints, within: Ids, *, ascending: bool
    ) -> tuple[Ints, Ids]:
        """Return the places that are in some documents (ascending), and whose each is.

        Documents are numbered by their position in ``within``. Postings of several terms, one term
        after the other, are not ``ascending`` and give the places of one term after the other.
        """
        if len(within) * 16 < len(documents) and ascending:
            where = np.searchsorted(documents, within)
            where[where == len(documents)] = 0
            there = np.flatnonzero(documents[where] == within)
            where = where[there]
        else:
            slots = np.full(self.count, -1, np.int32)
            slots[within] = np.arange(len(within), dtype=np.int32)
            slot = slots[documents]
            where = np.flatnonzero(slot >= 0)
            there = slot[where].astype(np.int64)
        if len(where) == len(documents):
            return places, there.repeat(counts)
        many = counts[where].astype(np.int64)
        ends = np.cumsum(many)
        begins = np.cumsum(counts, dtype=np.int64)[where] - many
        source = np.arange(int(ends[-1]) if len(ends) else 0)
        source += (begins - (ends - many)).repeat(many)
        return places[source], there.repeat(many)

    def places(self, table: TermTable, row: int) -> tuple[Ints, Ints, Ints]:
        """Return a term's documents, its count in each, and all its places in a row."""
        count = int(table.frequency[row])
        documents, at = packing.unpack(self._postings, int(table.offset[row]), count)
        np.cumsum(documents, out=documents)
        counts, at = packing.unpack(self._postings, at, count)
        flat, _ = packing.unpack(self._postings, at, int(table.total[row]))
        return documents, counts, flat

    def places_many(self, table: TermTable, rows: NDArray[np.int64]) -> tuple[Ids, Ints, Ints]:
        """Return documents, counts and places of several terms, one term after the other."""
        many = table.frequency[rows].astype(np.int64)
        gaps, at = packing.unpack_many(self._postings, table.offset[rows].astype(np.int64), many)
        counts, at = packing.unpack_many(self._postings, at, many)
        places, _ = packing.unpack_many(self._postings, at, table.total[rows].astype(np.int64))
        return _documents(gaps, many), counts, places

    @cached_property
    def surfaces(self) -> list[str]:
        """The words as they stood, sorted; one that has two stems is there twice."""
        raw = self.terms.raw("surfaces").decode()
        return raw.split("\n") if raw else []

    @cached_property
    def surface_rows(self) -> dict[str, int]:
        """The first place of each of ``surfaces``."""
        words = self.surfaces
        return dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))

    @cached_property
    def surface_totals(self) -> dict[str, int]:
        """How often each of ``surfaces`` was met, whatever its stem."""
        counts = self.surface_counts.tolist()
        totals = dict(zip(self.surfaces, counts, strict=True))
        if len(totals) < len(counts):
            totals = dict.fromkeys(totals, 0)
            for surface, count in zip(self.surfaces, counts, strict=True):
                totals[surface] += count
        return totals

    @cached_property
    def stems(self) -> list[bytes]:
        """The stem of each of ``surfaces``."""
        raw = self.terms.raw("stems")
        return raw.split(b"\n") if raw else []

    @cached_property
    def surface_counts(self) -> NDArray[np.uint32]:
        """How often each of ``surfaces`` was met when it was indexed."""
        return self.terms.array("counts")

    @cached_property
    def long(self) -> NDArray[np.float32]:
        """The length of each document, all its fields added up."""
        total = np.zeros(self.count, np.float32)
        for field in BOOSTS:
            total += LENGTHS[self.lengths(field)]
        return total

    def warm(self, fields: Iterable[str]) -> None:
        """Read what searches look words up in, so that the first one need not wait for it."""
        for field in fields:
            self.table(field).row(b"")
        _ = self.surface_rows, self.surface_totals, self.stems

    def is_whole(self) -> bool:
        """Return whether the mapped files are as long as they were; reading beyond would kill."""
        return all(mapped.size() >= len(mapped) for mapped in (self._postings, self._terms))

    def close(self) -> None:
        """Let go of the mapped files as far as no array still looks into them."""
        for mapped in (self._postings, self._terms):
            with contextlib.suppress(BufferError):
                mapped.close()


def _documents(gaps: Ints, many: NDArray[np.int64]) -> Ids:
    """Return the documents of several lists of gaps, end to end."""
    running = np.cumsum(gaps, dtype=np.int64)
    starts = np.cumsum(many) - many
    before = np.where(starts > 0, running[starts - 1], 0)
    found: Ids = running - np.repeat(before, many)
    return found


def write_terms(
    tables: dict[str, dict[str, NDArray[Any] | bytes]], surfaces: dict[tuple[str, str], int]
) -> bytes:
    """Return the terms file of a segment, from the columns of each field and the surfaces."""
    sections: dict[str, NDArray[Any] | bytes] = {}
    for field, table in tables.items():
        for name, value in table.items():
            sections[f"{field}.{name}"] = value
    rows = sorted(surfaces.items())
    sections["surfaces"] = "\n".join(surface for (surface, _), _ in rows).encode()
    sections["stems"] = "\n".join(stem for (_, stem), _ in rows).encode()
    sections["counts"] = np.array([min(c, 2**32 - 1) for _, c in rows], np.uint32)
    return packing.write_sections(sections)
