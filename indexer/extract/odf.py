"""Reads OpenDocument: texts, presentations, spreadsheets and drawings, in a zip or flat."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from indexer.extract.formats import OPEN_DOCUMENT
from indexer.extract.labels import sensitivity
from indexer.extract.model import PAGE_CAP, TEXT_CAP, Draft, PageText, Refused
from indexer.extract.ole import PASSWORD
from indexer.extract.package import (
    BROKEN_OFF,
    PART_CAP,
    PART_ERRORS,
    Package,
    attribute,
    local,
    parse,
)
from indexer.extract.sections import SECTION, Block, sections

_EMPTY = "This file has no text in it, only pictures or nothing at all."
_SKIPPED = frozenset(
    (
        *("tracked-changes", "annotation-end", "forms", "settings", "scripts", "event-listeners"),
        *("bookmark-ref", "sequence-decls", "variable-decls", "automatic-styles", "binary-data"),
    )
)
_FURNITURE = ("header", "footer", "date-time", "page-number", "page")
"""Boxes that repeat on every slide and page of notes."""

_MOST_REPEATED = 100
_ROW_CAP = 400_000
_NAMES = {
    "title": "title",
    "initial-creator": "author",
    "creator": "last_modified_by",
    "subject": "subject",
    "description": "comments",
    "keyword": "keywords",
    "creation-date": "created",
    "date": "modified",
    "generator": "application",
    "language": "language",
}


@dataclass(slots=True)
class _Walk:
    """The paragraphs met while a part of the document is walked in order."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0

    def take(self, root: "etree._Element") -> None:
        """Read everything under an element."""
        pending = [root]
        while pending and self.size <= TEXT_CAP:
            element = pending.pop()
            name = local(element)
            if name in _SKIPPED:
                continue
            if name in ("p", "h"):
                self._paragraph(element, name)
            elif name == "table-row":
                self._row(element)
            elif name in ("desc", "title") and "svg" in str(element.tag):
                self._add(Block((element.text or "").strip()))
            elif name in ("notes", "annotation"):
                self.notes += _lines(element)
            else:
                pending.extend(reversed(element))

    def _paragraph(self, element: "etree._Element", name: str) -> None:
        inner: list[etree._Element] = []
        text = _text(element, inner)
        level = attribute(element, "outline-level") if name == "h" else None
        level_number = int(level) if level is not None and level.isdigit() else 1
        self._add(Block(text.strip(), level_number if name == "h" else 0))
        for child in inner:
            if local(child) in ("note", "annotation"):
                self.notes += _lines(child)
            else:
                self.take(child)

    def _row(self, row: "etree._Element") -> None:
        cells = [" ".join(_lines(cell)) for cell in row if local(cell).endswith("table-cell")]
        self._add(Block("\t".join(cells).strip()))

    def _add(self, block: Block) -> None:
        if block.text:
            self.blocks.append(block)
            self.size += len(block.text) + 1


def _text(paragraph: "etree._Element", inner: "list[etree._Element]") -> str:
    """Return a paragraph's own text; boxes and notes anchored in it go to ``inner``."""
    parts: list[str] = [paragraph.text or ""]
    stack: list[tuple[etree._Element, Iterator[etree._Element]]] = [(paragraph, iter(paragraph))]
    while stack:
        child = next(stack[-1][1], None)
        if child is None:
            done, _ = stack.pop()
            if stack:
                parts.append(done.tail or "")
            continue
        name = local(child)
        if name in ("s", "tab", "line-break"):
            parts.append({"s": _spaces(child), "tab": "\t"}.get(name, "\n"))
        elif name in ("frame", "note", "annotation", "custom-shape", "g", "text-box", "rect"):
            inner.append(child)
        elif name not in _SKIPPED and name not in ("ruby-text", ""):
            parts.append(child.text or "")
            stack.append((child, iter(child)))
            continue
        parts.append(child.tail or "")
    return "".join(parts)


def _spaces(element: "etree._Element") -> str:
    count = attribute(element, "c") or "1"
    return " " * min(int(count) if count.isdigit() else 1, _MOST_REPEATED)


def _lines(element: "etree._Element") -> list[str]:
    """Return the paragraphs under an element, those of boxes in them included."""
    walk = _Walk()
    for child in element:
        walk.take(child)
    return [block.text for block in walk.blocks]


def _own_lines(element: "etree._Element") -> list[str]:
    """Return the paragraphs of an element, itself included."""
    walk = _Walk()
    walk.take(element)
    return [block.text for block in walk.blocks]


def read(path: Path) -> Draft:
    """Return the slides, sheets, drawing pages or sections of an OpenDocument file.

    :raises Refused: when it is encrypted, too large or cannot be read.
    """
    warnings: list[str] = []
    if not zipfile.is_zipfile(path):
        return _read_flat(path, warnings)
    with Package(path) as package:
        manifest = package.read("META-INF/manifest.xml") if _has_manifest(package) else b""
        if b"encryption-data" in manifest:
            raise Refused("protected", PASSWORD)
        root = package.main_xml("content.xml", "document")
        pages, kind = _pages(root, warnings)
        package.tell_flaws(pages, warnings)
        try:
            properties = _properties(package.xml("meta.xml"))
        except PART_ERRORS:
            properties = {}
    return _draft(pages, kind, properties, warnings)


def _has_manifest(package: Package) -> bool:
    return "META-INF/manifest.xml" in package


def _read_flat(path: Path, warnings: list[str]) -> Draft:
    with path.open("rb") as stream:
        data = stream.read(PART_CAP + 1)
    if len(data) > PART_CAP:
        most = PART_CAP >> 20
        reason = f"This file is larger than {most} MB, so it is found by its name only."
        raise Refused("too_large", reason)
    flaws: list[str] = []
    root = parse(data, flaws)
    pages, kind = _pages(root, warnings)
    if flaws and not pages:
        raise Refused("damaged", f"No text of this file could be read. {flaws[0]}")
    warnings += flaws
    return _draft(pages, kind, _properties(root), warnings)


def _draft(
    pages: list[PageText], kind: str | None, properties: dict[str, str], warnings: list[str]
) -> Draft:
    title = properties.pop("title", None)
    first = pages[0] if pages and kind != "xlsx" else None
    headings = [first.heading, *first.body.split("\n")[:2]] if first else []
    return Draft(pages, title, headings, properties, warnings, _EMPTY, kind)


def _pages(root: "etree._Element", warnings: list[str]) -> tuple[list[PageText], str | None]:
    body = next(root.iter("{*}body"), None)
    if body is None:
        raise Refused("damaged", f"No text of this file could be read. {BROKEN_OFF}")
    content = next((child for child in body if local(child) in OPEN_DOCUMENT), body)
    kind, _ = OPEN_DOCUMENT.get(local(content), (None, ""))
    if local(content) == "spreadsheet":
        return _sheets(content, warnings), kind
    if local(content) in ("presentation", "drawing"):
        hidden = _hidden_styles(root)
        noun = "slide" if local(content) == "presentation" else "page"
        slides = [child for child in content if local(child) == "page"]
        return [_slide(n, page, noun, hidden) for n, page in enumerate(slides[:PAGE_CAP], 1)], kind
    return _text_pages(content), kind


def _text_pages(content: "etree._Element") -> list[PageText]:
    """Cut a text at the marks of where pages ended, where its program left any."""
    walk = _Walk()
    pages: list[list[Block]] = [[]]
    marks = 0
    for child in content:
        if any(True for _ in child.iter("{*}soft-page-break")):
            marks += 1
            pages.append([])
        start = len(walk.blocks)
        walk.take(child)
        pages[-1] += walk.blocks[start:]
    found = _by_marks(pages) if marks else sections(walk.blocks)
    if walk.notes:
        first = found[0] if found else PageText(1, "section 1", "", "", "", hidden=False)
        notes = "\n".join(walk.notes)
        found[:1] = [PageText(1, first.label, first.heading, first.body, notes, hidden=False)]
    return found


def _by_marks(pages: list[list[Block]]) -> list[PageText]:
    found: list[PageText] = []
    for number, blocks in enumerate(pages, 1):
        heading = next((block.text for block in blocks if block.level), "")
        text = "\n".join(block.text for block in blocks)
        label = "page 1" if number == 1 else f"page ~{number}"
        found.append(PageText(number, label, heading, text, "", hidden=False))
    if sum(len(page.body) for page in found) > 3 * SECTION * len(found):
        return sections(block for page in pages for block in page)
    return found


def _slide(number: int, page: "etree._Element", noun: str, hidden: set[str]) -> PageText:
    title: list[str] = []
    lines: list[str] = []
    notes: list[str] = []
    for child in page:
        if local(child) == "notes":
            said = (part for part in child if attribute(part, "class") not in _FURNITURE)
            notes += [line for part in said for line in _own_lines(part)]
            continue
        if attribute(child, "class") in _FURNITURE:
            continue
        walk = _Walk()
        walk.take(child)
        texts = [block.text for block in walk.blocks]
        notes += walk.notes
        is_title = attribute(child, "class") == "title" and not title
        (title if is_title else lines).extend(texts)
    heading = " ".join(" ".join(title).split())
    is_hidden = (attribute(page, "style-name") or "") in hidden
    label = f"{noun} {number}"
    return PageText(number, label, heading, "\n".join(lines), "\n".join(notes), is_hidden)


def _hidden_styles(root: "etree._Element") -> set[str]:
    """Return the page styles whose slides are not shown."""
    return {
        attribute(properties.getparent(), "name") or ""
        for properties in root.iter("{*}drawing-page-properties")
        if attribute(properties, "visibility") == "hidden"
    }


def _sheets(content: "etree._Element", warnings: list[str]) -> list[PageText]:
    tables = [child for child in content if local(child) == "table"]
    pages: list[PageText] = []
    size = 0
    for number, table in enumerate(tables, 1):
        name = attribute(table, "name") or str(number)
        lines: list[str] = []
        for row in table.iter("{*}table-row"):
            line = "\t".join(_cells(row)).strip()
            if line:
                lines.append(line)
                size += len(line) + 1
            if size > TEXT_CAP or len(lines) > _ROW_CAP:
                warnings.append(f"Only the first {len(lines):,} rows of sheet {name} were read.")
                break
        for shape in table.iter("{*}shapes"):
            lines += _lines(shape)
        pages.append(PageText(number, f"sheet {name}", name, "\n".join(lines), "", hidden=False))
        if size > TEXT_CAP:
            break
    return pages if any(page.body for page in pages) else []


def _cells(row: "etree._Element") -> list[str]:
    """Return what the cells of a row show; empty cells that repeat count once."""
    found: list[str] = []
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        text = " ".join(" ".join(_lines(cell)).split())
        times = attribute(cell, "number-columns-repeated") or "1"
        repeated = int(times) if times.isdigit() and text else 1
        found += [text] * min(repeated, _MOST_REPEATED)
    return found


def _properties(root: "etree._Element") -> dict[str, str]:
    meta = next(root.iter("{*}meta"), None)
    found: dict[str, str] = {}
    own: dict[str, str] = {}
    for element in () if meta is None else meta:
        text = (element.text or "").strip()
        name = _NAMES.get(local(element))
        if local(element) == "user-defined":
            own[attribute(element, "name") or ""] = text
        elif name == "keywords" and name in found:
            found[name] += f", {text}"
        elif name and text:
            found.setdefault(name, text)
    if "author" not in found and "last_modified_by" in found:
        found["author"] = found["last_modified_by"]
    for name in ("Company", "company"):
        if own.get(name):
            found["company"] = own[name]
    if label := sensitivity(own):
        found["sensitivity"] = label
    return found
