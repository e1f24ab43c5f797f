"""A Whoosh codec that keeps postings, places, lengths and columns as raw arrays.

Whoosh's segment writer and Whoosh's own searcher work on it through the public codec interface;
the numpy executor reads the same files without Whoosh. There is no pickle in them.
"""

# ruff: noqa: ARG002 (the names and numbers of arguments are Whoosh's)

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from indexer.search import packing, segment
from indexer.search.inverted import SortedFiles
from indexer.search.whooshed import (
    ListMatcher,
    W3Codec,
    W3Segment,
    base,
    byte_to_length,
    length_to_byte,
    reading,
)

NAME = "MAIN"


class Postings:
    """What one term gathers while a segment is written: documents, counts, places."""

    __slots__ = ("counts", "documents", "places")

    def __init__(self) -> None:
        """Start without postings."""
        self.documents = array("I")
        self.counts = array("I")
        self.places = bytearray()


class Pool:
    """Gathers postings by field and term; stands in for Whoosh's pool, which sorts tuples.

    Documents come in ascending order, so a term's postings are born sorted and only the terms
    remain to be sorted: five times less memory and no external runs.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.fields: dict[str, dict[bytes, Postings]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting (field, term, document, weight, places)."""
        field, term, document, _, places = item
        table = self.fields.get(field)
        if table is None:
            table = self.fields[field] = {}
        found = table.get(term)
        if found is None:
            found = table[term] = Postings()
        found.documents.append(document)
        found.counts.append(len(places) >> 1)
        found.places += places

    def iter_postings(self) -> Iterator[tuple[str, bytes, Postings]]:
        """Yield (field, term, postings) in the order in which they are written."""
        for field in sorted(self.fields):
            table = self.fields[field]
            for term in sorted(table):
                yield field, term, table[term]

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields = {}


class ArrayFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Whoosh's interface to ``SortedFiles``."""

    def __init__(self, folder: Path, segment_id: str) -> None:
        """Write to the files of one segment."""
        self._files = SortedFiles(folder, segment_id)
        self.surfaces: dict[tuple[str, str], int] = {}
        self.is_closed = False
        self._written = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Any]) -> None:
        """Write what a ``Pool`` has gathered."""
        for field, group in groupby(items, key=itemgetter(0)):
            terms, frequency = [], []
            documents, counts, places = array("I"), array("I"), bytearray()
            for _, term, found in group:
                terms.append(term)
                frequency.append(len(found.documents))
                documents += found.documents
                counts += found.counts
                places += found.places
            self._files.add_sorted(
                field,
                terms,
                np.arange(len(terms)),
                np.array(frequency, np.int64),
                np.frombuffer(documents, np.uint32),
                np.frombuffer(counts, np.uint32),
                np.frombuffer(places, np.uint16).astype(np.uint32),
            )
        self._written = True

    def close(self) -> None:
        """Finish the files, or leave them when nothing was written."""
        if self._written:
            self._files.close(self.surfaces)
        else:
            self._files.abandon()
        self.is_closed = True


class ArrayDocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Lengths and columns of the documents of a segment."""

    def __init__(self, folder: Path, segment_id: str) -> None:
        """Write to the files of one segment."""
        self._path = folder / (segment_id + segment.DOCUMENTS)
        self._count = 0
        self._columns: dict[str, array[int]] = {"aid": array("i"), "page": array("i")}
        self._lengths: dict[str, bytearray] = {}
        self._totals: dict[str, int] = {}
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin the next document."""
        self._count = docnum + 1

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Note the length of one field of this document, in words."""
        if not length:
            return
        kept = self._lengths.setdefault(fieldname, bytearray())
        kept.extend(bytes(self._count - 1 - len(kept)))
        kept.append(length_to_byte(length))
        self._totals[fieldname] = self._totals.get(fieldname, 0) + length

    def add_column_value(self, fieldname: str, columnobj: Any, value: int) -> None:
        """Note the asset or the page number of this document."""
        self._columns[fieldname].append(value)

    def close(self) -> None:
        """Write the file."""
        self.is_closed = True
        if not self._count:
            return
        lengths = {name: bytes(kept) for name, kept in self._lengths.items()}
        write_documents(
            self._path,
            np.array(self._columns["aid"], np.int32),
            np.array(self._columns["page"], np.int32),
            {n: np.frombuffer(b.ljust(self._count, b"\0"), np.uint8) for n, b in lengths.items()},
            self._totals,
        )


def write_documents(
    path: Path, asset_ids: Any, page_nos: Any, lengths: dict[str, Any], totals: dict[str, int]
) -> None:
    """Write the documents file of a segment."""
    sections = {"aid": asset_ids, "page": page_nos}
    for name, kept in sorted(lengths.items()):
        sections[f"{name}.lengths"] = kept
        sections[f"{name}.total"] = np.array([totals[name]], np.uint64)
    path.write_bytes(packing.write_sections(sections))


class ArrayTermInfo(reading.TermInfo):  # type: ignore[misc]
    """Whoosh's statistics of one term; lengths are bounds, not measured."""

    def __init__(self, table: segment.TermTable, row: int) -> None:
        """Read one row of a term table."""
        super().__init__(
            weight=float(table.total[row]),
            df=int(table.frequency[row]),
            minlength=1,
            maxlength=byte_to_length(255),
            maxweight=float(table.largest[row]),
        )


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]
    """Whoosh's view of the terms and postings of a segment."""

    def __init__(self, found: segment.Segment, names: Iterable[str]) -> None:
        """Look into one segment."""
        self._segment = found
        self._names = sorted(name for name in names if found.table(name).terms)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._segment.table(term[0]).row(term[1]) is not None

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        return self._names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every (field, term) in order."""
        return ((name, term) for name in self._names for term in self._segment.table(name).terms)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield every (field, term) from a place on."""
        terms = self._segment.table(fieldname).terms
        yield from ((fieldname, term) for term in terms[bisect_left(terms, prefix) :])
        later = (name for name in self._names if name > fieldname)
        yield from ((name, term) for name in later for term in self._segment.table(name).terms)

    def items(self) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield every ((field, term), statistics) in order."""
        return ((key, self.term_info(*key)) for key in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield every ((field, term), statistics) from a place on."""
        return ((key, self.term_info(*key)) for key in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, tbytes: bytes) -> ArrayTermInfo:
        """Return the statistics of a term. Raises Whoosh's TermNotFound."""
        table = self._segment.table(fieldname)
        row = table.row(tbytes)
        if row is None:
            raise reading.TermNotFound(f"No term {fieldname}:{tbytes!r}")
        return ArrayTermInfo(table, row)

    def frequency(self, fieldname: str, tbytes: bytes) -> float:
        """Return how often a term stands in all documents. Raises KeyError, as Whoosh expects."""
        return float(self._segment.table(fieldname).total[self._row(fieldname, tbytes)])

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        """Return in how many documents a term stands. Raises KeyError, as Whoosh expects."""
        return int(self._segment.table(fieldname).frequency[self._row(fieldname, tbytes)])

    def _row(self, fieldname: str, tbytes: bytes) -> int:
        row = self._segment.table(fieldname).row(tbytes)
        if row is None:
            raise KeyError(tbytes)
        return row

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        """Return a place among the terms of a field that can be moved."""
        return ArrayCursor(self._segment.table(fieldname))

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> Any:
        """Return Whoosh's matcher over the postings of a term."""
        info = self.term_info(fieldname, tbytes)
        table = self._segment.table(fieldname)
        documents, counts, flat = self._segment.places(table, self._row(fieldname, tbytes))
        raw = flat.astype(np.uint16).tobytes()
        ends = np.cumsum(counts) * 2
        values = [raw[e - 2 * c : e] for e, c in zip(ends.tolist(), counts.tolist(), strict=True)]
        weights = [float(count) for count in counts.tolist()]
        return ListMatcher(
            documents.tolist(),
            weights,
            values,
            format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=info,
        )


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """A place among the terms of one field, for Whoosh's walks through them."""

    def __init__(self, table: segment.TermTable) -> None:
        """Begin at the first term."""
        self._table = table
        self._at = -1
        self.next()

    def first(self) -> str | None:
        """Go to the first term and return it."""
        self._at = -1
        return self.next()

    def find(self, term: str | bytes) -> str | None:
        """Go to the first term that is not before this one and return it."""
        wanted = term if isinstance(term, bytes) else term.encode()
        self._at = bisect_left(self._table.terms, wanted) - 1
        return self.next()

    def next(self) -> str | None:
        """Go to the next term and return it; None at the end."""
        self._at += 1
        return self.text()

    def text(self) -> str | None:
        """Return the term at this place; None beyond the last."""
        return self._table.terms[self._at].decode() if self.is_valid() else None

    def term_info(self) -> ArrayTermInfo | None:
        """Return the statistics of the term at this place."""
        return ArrayTermInfo(self._table, self._at) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Return whether there is a term at this place."""
        return self._at < len(self._table.terms)


class NumberColumn:
    """Whoosh's view of one array of numbers."""

    def __init__(self, values: Any) -> None:
        """Look into an array."""
        self._values = values

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __len__(self) -> int:
        return len(self._values)

    def sort_key(self, docnum: int) -> int:
        """Return what documents are sorted by."""
        return self[docnum]


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Whoosh's view of the documents of a segment and of its deletions."""

    def __init__(self, found: segment.Segment, described: Any) -> None:
        """Look into one segment; ``described`` is Whoosh's object with the deletions."""
        self._segment = found
        self._described = described
        self._lengths: dict[str, Any] = {}

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return int(self._segment.count - self._described.deleted_count())

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return self._segment.count

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._described.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Return whether this document is deleted."""
        return bool(self._described.is_deleted(docnum))

    def deleted_docs(self) -> Iterable[int]:
        """Return the deleted documents."""
        found: Iterable[int] = self._described.deleted_docs()
        return found

    def supports_columns(self) -> bool:
        """Return that there are columns."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Return whether this is one of the two columns."""
        return fieldname in ("aid", "page")

    def column_reader(self, fieldname: str, column: Any) -> NumberColumn:
        """Return one of the two columns."""
        source = self._segment.asset_ids if fieldname == "aid" else self._segment.page_nos
        return NumberColumn(source)

    def _bytes(self, fieldname: str) -> Any:
        if fieldname not in self._lengths:
            self._lengths[fieldname] = self._segment.lengths(fieldname)
        return self._lengths[fieldname]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the number of words of a field of a document, as coarsely as Whoosh keeps it."""
        return int(byte_to_length(int(self._bytes(fieldname)[docnum]))) or default

    def field_length(self, fieldname: str) -> int:
        """Return the number of words of a field over all documents."""
        return self._segment.total_length(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        """Return the shortest length of a field."""
        return int(byte_to_length(int(self._bytes(fieldname).min())))

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return int(byte_to_length(int(self._bytes(fieldname).max())))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return nothing: texts are in the database."""
        return {}


class ArrayCodec(W3Codec):  # type: ignore[misc]
    """The codec that ``index.writer(codec=...)`` is given."""

    length_stats = False

    def __init__(self, names: Iterable[str]) -> None:
        """Know the names of the fields with text."""
        super().__init__()
        self._names = tuple(names)

    def per_document_writer(self, storage: Any, segment: Any) -> ArrayDocumentWriter:
        """Return the writer of lengths and columns."""
        return ArrayDocumentWriter(Path(storage.folder), segment.segment_id())

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        """Return the writer of terms and postings."""
        return ArrayFieldWriter(Path(storage.folder), segment.segment_id())

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        """Return Whoosh's reader of terms."""
        return ArrayTermsReader(_open(storage, segment), self._names)

    def per_document_reader(self, storage: Any, segment: Any) -> ArrayDocumentReader:
        """Return Whoosh's reader of documents."""
        return ArrayDocumentReader(_open(storage, segment), segment)

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """Return the description of a segment to be written."""
        return W3Segment(self, indexname)


def _open(storage: Any, described: Any) -> segment.Segment:
    return segment.Segment(Path(storage.folder), described.segment_id())
