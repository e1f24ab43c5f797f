"""Reads Word documents: pages where Word left marks of them, else sections."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lxml import etree

from indexer.extract import drawing
from indexer.extract.model import Draft, PageText, Refused
from indexer.extract.package import (
    PART_ERRORS,
    Package,
    attribute,
    local,
    read_part,
    relation_id,
    truth,
)
from indexer.extract.sections import SECTION, Block, sections

_SKIPPED = frozenset(
    (
        *("delText", "instrText", "del", "moveFrom", "rPr", "sectPr", "tblPr", "tcPr", "trPr"),
        *("tblGrid", "tabs", "fldData", "footnotePr", "endnotePr", "sdtPr", "Fallback"),
    )
)
_EMPTY = "This document has no text in it, only pictures or nothing at all."


class _Body:
    """Collects paragraphs into pages while a part is walked in document order."""

    def __init__(self, notes: dict[tuple[str, str], str], outline: dict[str, int]) -> None:
        self.pages: list[list[Block]] = [[]]
        self.page_notes: list[list[str]] = [[]]
        self.marks = 0
        self.graphics: dict[str, int] = {}
        self._notes = notes
        self._outline = outline
        self._buffer: list[str] = []
        self._level = 0
        self._paragraphs = 0
        self._rows = 0

    def walk(self, root: "etree._Element") -> None:
        """Read everything under an element."""
        stack: list[tuple[str, Iterator[etree._Element]]] = [("", iter([root]))]
        while stack:
            element = next(stack[-1][1], None)
            if element is None:
                self._leave(stack.pop()[0])
                continue
            name = local(element)
            if name not in _SKIPPED and self._enter(name, element):
                stack.append((name, iter(element)))
        self._flush()

    def _enter(self, name: str, element: "etree._Element") -> bool:
        """Take in an element; say whether its children are to be walked."""
        if name == "t":
            self._buffer.append(element.text or "")
            return False
        if name == "pPr":
            self._level = self._level or self._heading_level(element)
            return False
        simple = {"tab": "\t", "noBreakHyphen": "-", "cr": "\n", "ptab": "\t"}.get(name)
        if simple is not None:
            self._buffer.append(simple)
            return False
        if name == "p":
            # A text box sits inside the paragraph it is anchored to: keep the two apart.
            if self._paragraphs and not self._rows:
                self._flush()
            self._paragraphs += 1
        elif name == "tr":
            self._rows += 1
        self._mark(name, element)
        return True

    def _mark(self, name: str, element: "etree._Element") -> None:
        if name == "br":
            if attribute(element, "type") == "page":
                self._turn()
            else:
                self._buffer.append("\n")
        elif name == "lastRenderedPageBreak":
            self.marks += 1
            self._turn()
        elif name == "tc" and self._buffer:
            self._buffer.append("\t")
        elif name in ("footnoteReference", "endnoteReference"):
            key = (name.removesuffix("Reference"), attribute(element, "id") or "")
            if note := self._notes.get(key):
                self.page_notes[-1].append(note)
        elif name == "docPr":
            self._buffer += [f"{text} " for text in drawing.alt_text([element])]
        elif name in ("relIds", "chart"):
            relation = relation_id(element, "dm" if name == "relIds" else "id")
            self.graphics.setdefault(relation, len(self.pages) - 1)

    def _leave(self, name: str) -> None:
        if name == "tr":
            self._rows -= 1
            self._flush()
        elif name == "p":
            self._paragraphs -= 1
            if self._rows:
                self._buffer.append(" ")
            else:
                self._flush()

    def _heading_level(self, properties: "etree._Element") -> int:
        for child in properties:
            name = local(child)
            if name == "pStyle":
                return self._outline.get(attribute(child, "val") or "", 0)
            if name == "outlineLvl":
                return _level(attribute(child, "val"))
        return 0

    def _turn(self) -> None:
        level = self._level
        self._flush()
        self._level = level
        if self.pages[-1]:
            self.pages.append([])
            self.page_notes.append([])

    def _flush(self) -> None:
        text = "".join(self._buffer).strip()
        self._buffer.clear()
        if text:
            self.pages[-1].append(Block(text, self._level))
        self._level = 0


def read(path: Path) -> Draft:
    """Return the pages of a Word document.

    With Word's own marks of where pages ended the labels are "page 1", "page ~2" and so on;
    without them the text is cut into sections.

    :raises Refused: when the document cannot be opened or its main part is lost.
    """
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise Refused("damaged", "This document is damaged: its text part is missing.")
        warnings: list[str] = []
        relations = _relations(package, main)
        body = _Body(_notes(package, relations, warnings), _outline(package, relations))
        root = package.main_xml(main, "document")
        body.walk(root)
        _add_graphics(package, relations, body, warnings)
        pages = _cut(body)
        furniture = _furniture(package, relations, warnings)
        properties = package.properties()
        if language := _language(package, relations, root):
            properties["language"] = language
        package.tell_flaws(pages, warnings)
    if furniture:
        pages = _with_notes(pages, furniture)
    headings = [block.text for block in _headings(body)]
    title = properties.pop("title", None)
    return Draft(pages, title, headings, properties, warnings, _EMPTY)


def _relations(package: Package, main: str) -> dict[str, tuple[str, str]]:
    try:
        return package.relations(main)
    except PART_ERRORS:
        return {}


def _outline(package: Package, relations: dict[str, tuple[str, str]]) -> dict[str, int]:
    """Return style id -> heading level (1 is the highest), through the styles' ancestry."""
    part = next((part for kind, part in relations.values() if kind == "styles"), "")
    try:
        root = package.xml(part)
    except PART_ERRORS:
        return {}
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in root.iter("{*}style"):
        key = attribute(style, "styleId") or ""
        levels[key] = _style_level(style)
        parents[key] = _child_value(style, "basedOn") or ""
    for key in list(levels):
        ancestor, steps = key, 0
        while not levels.get(ancestor) and ancestor in parents and steps < 12:
            ancestor, steps = parents[ancestor], steps + 1
        levels[key] = levels.get(ancestor, 0)
    return {key: level for key, level in levels.items() if level}


def _style_level(style: "etree._Element") -> int:
    name = (_child_value(style, "name") or "").casefold()
    if name == "title":
        return 1
    if name.startswith("heading ") and name[8:].isdigit():
        return int(name[8:])
    for element in style.iter("{*}outlineLvl"):
        return _level(attribute(element, "val"))
    return 0


def _level(value: str | None) -> int:
    """Turn an outline level (0 is the highest, 9 is body text) into ours."""
    return int(value) + 1 if value is not None and value.isdigit() and int(value) < 9 else 0


def _language(
    package: Package, relations: dict[str, tuple[str, str]], root: "etree._Element"
) -> str:
    """Return the language of most of the text; runs without a mark have that of the styles."""
    characters: dict[str, int] = {}
    marked = 0
    for mark in root.iter("{*}lang"):
        run = mark.getparent().getparent()
        if (value := attribute(mark, "val")) and run is not None and local(run) == "r":
            size = sum(len(child.text or "") for child in run if local(child) == "t")
            characters[value] = characters.get(value, 0) + size
            marked += size
    total = sum(len(text.text or "") for text in root.iter("{*}t"))
    part = next((part for kind, part in relations.values() if kind == "styles"), "")
    try:
        defaults = next(package.xml(part).iter("{*}docDefaults"), None)
        mark = None if defaults is None else next(defaults.iter("{*}lang"), None)
    except PART_ERRORS:
        mark = None
    if mark is not None and (value := attribute(mark, "val")):
        characters[value] = characters.get(value, 0) + total - marked
    return max(characters, key=characters.__getitem__, default="")


def _child_value(element: "etree._Element", name: str) -> str | None:
    for child in element:
        if local(child) == name:
            return attribute(child, "val")
    return None


def _notes(
    package: Package, relations: dict[str, tuple[str, str]], warnings: list[str]
) -> dict[tuple[str, str], str]:
    """Return (footnote or endnote, id) -> its text."""
    found: dict[tuple[str, str], str] = {}

    def add(kind: str, part: str) -> None:
        for note in package.xml(part):
            if not truth(attribute(note, "separator")) and attribute(note, "type") is None:
                key = (kind.removesuffix("s"), attribute(note, "id") or "")
                found[key] = " ".join(drawing.paragraphs(note))

    for kind, part in relations.values():
        if kind in ("footnotes", "endnotes") and part in package:
            read_part(partial(add, kind, part), warnings, "The footnotes")
    return found


def _furniture(
    package: Package, relations: dict[str, tuple[str, str]], warnings: list[str]
) -> list[str]:
    """Return the lines of all headers and footers, each once."""
    lines: dict[str, None] = {}

    def add(part: str) -> None:
        lines.update(dict.fromkeys(drawing.paragraphs(package.xml(part))))

    for kind, part in relations.values():
        if kind in ("header", "footer") and part in package:
            read_part(partial(add, part), warnings, f"A {kind}")
    return [line for line in lines if any(character.isalpha() for character in line)]


def _add_graphics(
    package: Package, relations: dict[str, tuple[str, str]], body: _Body, warnings: list[str]
) -> None:
    def add(kind: str, part: str, index: int) -> None:
        reader = drawing.diagram if kind == "diagramData" else drawing.chart
        body.pages[index].extend(Block(text) for text in reader(package.xml(part)))

    for key, index in body.graphics.items():
        kind, part = relations.get(key, ("", ""))
        if part in package and kind in ("diagramData", "chart", "chartEx"):
            read_part(partial(add, kind, part, index), warnings, "A diagram or chart")


def _cut(body: _Body) -> list[PageText]:
    sizes = [sum(len(block.text) for block in page) for page in body.pages]
    by_hand = len(body.pages) > 1 and max(sizes) <= 2 * SECTION
    if body.marks or by_hand:
        numbered = enumerate(zip(body.pages, body.page_notes, strict=True), 1)
        return [_page(number, blocks, notes) for number, (blocks, notes) in numbered]
    pages = sections(block for page in body.pages for block in page)
    notes = [note for page in body.page_notes for note in page]
    return _with_notes(pages, notes) if notes else pages


def _page(number: int, blocks: list[Block], notes: list[str]) -> PageText:
    heading = next((block.text for block in blocks if block.level), "")
    label = "page 1" if number == 1 else f"page ~{number}"
    text = "\n".join(block.text for block in blocks)
    return PageText(number, label, heading, text, "\n".join(notes), hidden=False)


def _with_notes(pages: list[PageText], notes: list[str]) -> list[PageText]:
    """Add notes to the first page."""
    first = pages[0] if pages else PageText(1, "section 1", "", "", "", hidden=False)
    text = "\n".join([first.notes, *notes]).strip()
    changed = PageText(first.number, first.label, first.heading, first.body, text, first.hidden)
    return [changed, *pages[1:]]


def _headings(body: _Body) -> list[Block]:
    blocks = [block for page in body.pages[:4] for block in page]
    headings = [block for block in blocks if block.level]
    return sorted(headings, key=lambda block: block.level)[:3] if headings else []
