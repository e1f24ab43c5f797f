"""Reads Keynote, Pages and Numbers: the XML of 2009, the archives since 2013, or the preview."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from indexer.extract.iwa import fields, messages
from indexer.extract.model import PAGE_CAP, TEXT_CAP, Draft, PageText, Refused
from indexer.extract.ole import PASSWORD
from indexer.extract.package import (
    MOST_ENTRIES,
    PART_CAP,
    PART_ERRORS,
    Package,
    attribute,
    local,
    parse,
)
from indexer.extract.sections import Block, sections

_TEXT_STORAGE, _TABLE_STRINGS = 2001, 6005
_OLD = ("index.apxl", "index.xml", "index.apxl.gz", "index.xml.gz")
_PREVIEWS = ("quicklook/preview.pdf", "preview.pdf")
_LEFT_OUT = ("masterslide", "templateslide", "stylesheet", "theme", "annotation", "metadata")
_EMPTY = "No text was found in this file; it may hold only pictures."
_ORDER = "Slides are in the order of their parts in the file, which may differ from the deck's."
_TOTAL_CAP = 128 << 20


def read(path: Path) -> Draft:
    """Return the slides or sections of a Keynote, Pages or Numbers file.

    :raises Refused: when it is encrypted or damaged.
    """
    warnings: list[str] = []
    with Package(path) as package:
        names = package.names()
        old = next((name for name in _OLD if name in names), None)
        is_deck = any(n.rpartition("/")[2].startswith(("slide", "index.apxl")) for n in names)
        if old is not None:
            pages, kind = _read_2009(package, old)
        else:
            pages, kind = _read_2013(package, warnings, is_deck=is_deck), None
        if not any(page.body for page in pages):
            preview = _preview(package)
            if preview is not None:
                preview.kind = kind
                return preview
    headings = pages[0].body.split("\n")[:2] if pages else []
    return Draft(pages, None, headings, {}, warnings, _EMPTY, kind)


def _read_2009(package: Package, name: str) -> tuple[list[PageText], str | None]:
    data = package.read(name)
    if name.endswith(".gz"):
        data = zlib.decompressobj(wbits=31).decompress(data, PART_CAP)
    if b"<" not in data[:200]:
        raise Refused("protected", PASSWORD)
    root = parse(data, package.flaws)
    kind = {"presentation": "pptx"}.get(local(root))
    groups: list[list[str]] = [[]]
    for element in root.iter():
        tag = local(element)
        if tag == "slide" and local(element.getparent()) == "slide-list":
            kind = "pptx"
            groups.append([])
        elif tag == "p":
            text = " ".join("".join(element.itertext()).split())
            if text:
                groups[-1].append(text)
        elif tag in ("ct", "so") and (cell := attribute(element, "s")):
            groups[-1].append(cell)
    if kind == "pptx":
        return _slides(groups[1:] or groups), kind
    return sections(Block(line) for group in groups for line in group), kind


def _read_2013(package: Package, warnings: list[str], *, is_deck: bool) -> list[PageText]:
    groups: list[list[str]] = []
    broken = size = unpacked = 0
    for name, data in _archives(package):
        lines: list[str] = []
        try:
            unpacked += len(data)
            if not data:
                raise ValueError("a broken part")
            if unpacked > _TOTAL_CAP or size > TEXT_CAP:
                warnings.append("Only the first part of this file was read.")
                break
            _take(data, lines)
        except (ValueError, IndexError):
            broken += 1
        size += sum(map(len, lines))
        if lines and (not is_deck or "slide" in name.rpartition("/")[2]):
            groups.append(lines)
    if broken:
        warnings.append(f"{broken} parts of this file could not be read.")
    if is_deck:
        if len(groups) > 1:
            warnings.append(_ORDER)
        return _slides(groups)
    return sections(Block(line) for lines in groups for line in lines)


def _archives(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield the archives in the order of the numbers in their names; b"" for broken ones."""
    wanted = [name for name in package.names() if _is_wanted(name)]
    if wanted:
        for name in sorted(wanted, key=_by_number):
            yield name, _part(package, name)
        return
    inner = next((name for name in package.names() if name.endswith("index.zip")), None)
    if inner is None:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(package.read(inner))) as archive:
            names = [name for name in archive.namelist() if _is_wanted(name.lower())]
            for name in sorted(names, key=_by_number)[:MOST_ENTRIES]:
                with archive.open(name) as stream:
                    yield name.lower(), stream.read(PART_CAP)
    except PART_ERRORS as error:
        raise Refused("damaged", "This file is damaged: its inner archive is broken.") from error


def _is_wanted(name: str) -> bool:
    base = name.rpartition("/")[2]
    return base.endswith(".iwa") and not any(part in base for part in _LEFT_OUT)


def _part(package: Package, name: str) -> bytes:
    try:
        return package.read(name)
    except PART_ERRORS:
        return b""


def _by_number(name: str) -> list[tuple[int, str]]:
    return [(int(p), "") if p.isdigit() else (0, p) for p in re.split(r"(\d{1,9})", name)]


def _take(data: bytes, lines: list[str]) -> None:
    """Collect the texts of an archive: bodies of text, and the strings of tables."""
    for kind, message in messages(data):
        if kind == _TEXT_STORAGE:
            for number, wire, value in fields(message):
                if number == 3 and wire == 2 and isinstance(value, bytes):
                    _add(value, lines)
        elif kind == _TABLE_STRINGS:
            for number, wire, value in fields(message):
                if number == 3 and wire == 2 and isinstance(value, bytes):
                    for inner, inner_wire, text in fields(value):
                        if inner == 3 and inner_wire == 2 and isinstance(text, bytes):
                            _add(text, lines)


def _add(data: bytes, lines: list[str]) -> None:
    text = data.decode("utf-8", "replace").replace("\ufffc", "").strip()
    lines += [line.strip() for line in text.split("\n") if line.strip()]


def _slides(groups: list[list[str]]) -> list[PageText]:
    return [
        PageText(number, f"slide {number}", "", "\n".join(lines), "", hidden=False)
        for number, lines in enumerate(groups[:PAGE_CAP], 1)
    ]


def _preview(package: Package) -> Draft | None:
    """Read the PDF that Pages keeps for a quick look, when the text itself is out of reach."""
    from indexer.extract.pdf import read_bytes

    name = next((name for name in _PREVIEWS if name in package), None)
    if name is None:
        return None
    try:
        draft = read_bytes(package.read(name))
    except (Refused, *PART_ERRORS):
        return None
    draft.warnings.append("The text was read from the preview inside the file.")
    return draft
