"""Reads Excel workbooks sheet by sheet, as streams with caps."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from indexer.extract import drawing
from indexer.extract.cells import Formats, read_formats
from indexer.extract.model import TEXT_CAP, Draft, PageText, Refused
from indexer.extract.package import PART_CAP, PART_ERRORS, Package, local, read_part, relation_id

SHEET_TEXT_CAP = 1_000_000
"""Characters kept of one sheet."""

CELL_CAP = 400_000
"""Filled cells read of one sheet."""

STRINGS_CAP = 500_000
_STRING_LENGTH = 32_767
_STREAM_CAP = 3 * PART_CAP
_EMPTY = "This workbook has no text or numbers in its cells."


class _Bounded:
    """A stream that ends after a number of bytes, whatever sizes the zip claims."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._left = most

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._stream.read(wanted)
        self._left -= len(data)
        return data


class _Book:
    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self.warnings: list[str] = []
        self.relations = package.relations(main)
        self.strings = self._shared_strings()
        self.formats = self._formats()

    def sheet(self, number: int, entry: "etree._Element") -> PageText:
        """Return one sheet: a line for each row that has something in it, cells parted by tabs."""
        name = (entry.get("name") or f"{number}").strip()
        hidden = entry.get("state") in ("hidden", "veryHidden")
        lines: list[str] = []
        _, part = self.relations.get(relation_id(entry), ("", ""))
        if part in self.package:
            what = f"A part of sheet {name}"
            read_part(lambda: self._rows(part, name, lines), self.warnings, what)
            read_part(lambda: lines.extend(self._drawings(part)), self.warnings, what)
        return PageText(number, f"sheet {name}", name, "\n".join(lines), "", hidden)

    def _rows(self, part: str, name: str, lines: list[str]) -> None:
        size = cells = 0
        with self.package.open(part) as stream:
            for row in _elements(stream, "row"):
                values = [self._value(cell) for cell in row if local(cell) == "c"]
                cells += len(values)
                line = "\t".join(values).strip()
                if line:
                    lines.append(line)
                    size += len(line) + 1
                if size > SHEET_TEXT_CAP or cells > CELL_CAP:
                    self.warnings.append(
                        f"Only the first {len(lines):,} rows of sheet {name} were read."
                    )
                    return

    def _value(self, cell: "etree._Element") -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return " ".join(_text_of(cell).split())
        value = next((child.text for child in cell if local(child) == "v"), None)
        if value is None or kind == "e":
            return ""
        if kind == "s":
            index = int(value) if value.strip().isdigit() else -1
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            return self.formats.show(value, cell.get("s"))
        return " ".join(value.split())

    def _shared_strings(self) -> list[str]:
        part = self._part("sharedStrings")
        strings: list[str] = []
        if part is None:
            return strings
        read_part(lambda: self._fill_strings(part, strings), self.warnings, "Some of the texts")
        return strings

    def _fill_strings(self, part: str, strings: list[str]) -> None:
        size = 0
        with self.package.open(part) as stream:
            for item in _elements(stream, "si"):
                text = " ".join(_text_of(item)[:_STRING_LENGTH].split())
                strings.append(text)
                size += len(text)
                if size > TEXT_CAP or len(strings) >= STRINGS_CAP:
                    self.warnings.append("This workbook has more text than is read from one file.")
                    return

    def _formats(self) -> Formats:
        part = self._part("styles")
        if part is None:
            return Formats((), ())
        try:
            return read_formats(self.package.xml(part))
        except PART_ERRORS:
            return Formats((), ())

    def _part(self, wanted: str) -> str | None:
        parts = (part for kind, part in self.relations.values() if kind == wanted)
        return next((part for part in parts if part in self.package), None)

    def _drawings(self, part: str) -> list[str]:
        lines: list[str] = []
        for kind, target in self.package.relations(part).values():
            if kind != "drawing" or target not in self.package:
                continue
            lines += drawing.paragraphs(self.package.xml(target))
            for inner, chart in self.package.relations(target).values():
                if inner in ("chart", "chartEx") and chart in self.package:
                    lines += drawing.chart(self.package.xml(chart))
        return lines


def read(path: Path) -> Draft:
    """Return the sheets of a workbook.

    :raises Refused: when the workbook cannot be opened, or its list of sheets is lost.
    """
    with Package(path) as package:
        main = package.main_part()
        reason = "This workbook is damaged: its list of sheets cannot be read. Ask for a new copy."
        if main is None:
            raise Refused("damaged", reason)
        try:
            root = package.xml(main)
            book = _Book(package, main)
        except PART_ERRORS as error:
            raise Refused("damaged", reason) from error
        pages = _sheets(book, root)
        properties = package.properties()
    if pages and not any(page.body for page in pages):
        if book.warnings:
            raise Refused("damaged", "This workbook is damaged: none of its sheets can be read.")
        pages = []
    title = properties.pop("title", None)
    return Draft(pages, title, [], properties, book.warnings, _EMPTY)


def _sheets(book: _Book, root: "etree._Element") -> list[PageText]:
    pages: list[PageText] = []
    size = 0
    entries = [entry for entry in root.iter("{*}sheet") if entry.get("name") is not None]
    for number, entry in enumerate(entries, 1):
        pages.append(book.sheet(number, entry))
        size += len(pages[-1].body)
        if size > TEXT_CAP:
            break
    return pages


def _elements(stream: IO[bytes], name: str) -> "Iterator[etree._Element]":
    """Yield the elements of one name as a part streams by, and free them afterwards."""
    events = etree.iterparse(
        _Bounded(stream, _STREAM_CAP),
        events=("end",),
        tag=f"{{*}}{name}",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
    )
    for _, element in events:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _text_of(element: "etree._Element") -> str:
    """Return a rich text without its phonetic readings."""
    return "".join(
        child.text or "" for child in element.iter("{*}t") if local(child.getparent()) != "rPh"
    )
