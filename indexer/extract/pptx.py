"""Reads PowerPoint decks: slides in order, with tables, SmartArt, charts and speaker notes."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lxml import etree

from indexer.extract import drawing
from indexer.extract.model import PAGE_CAP, Draft, PageText, Refused
from indexer.extract.package import (
    PART_ERRORS,
    Package,
    local,
    read_part,
    relation_id,
)

_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "hdr", "sldImg")
_EMPTY = "This deck has no text in it, only pictures or nothing at all."


@dataclass(slots=True)
class _Slide:
    heading: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Deck:
    """The state of reading one deck: its package, warnings and the footers seen so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.warnings: list[str] = []
        self.footers: set[str] = set()

    def slide(self, number: int, part: str) -> PageText:
        """Return one slide; a damaged one has no text and a warning."""
        slide = _Slide()
        notes: list[str] = []
        hidden = False
        try:
            root = self.package.xml(part)
            hidden = root.get("show") in ("0", "false")
            relations = self.package.relations(part)
            tree = next(root.iter("{*}spTree"), None)
            if tree is not None:
                self._shapes(tree, slide, relations)
            notes = self._notes(relations)
        except PART_ERRORS:
            self.warnings.append(f"Slide {number} is damaged and could not be read.")
        heading = " ".join(" ".join(slide.heading).split())
        body = "\n".join(slide.lines)
        return PageText(number, f"slide {number}", heading, body, "\n".join(notes), hidden)

    def _shapes(
        self, tree: "etree._Element", slide: _Slide, relations: dict[str, tuple[str, str]]
    ) -> None:
        pending = list(reversed(tree))
        while pending:
            shape = pending.pop()
            name = local(shape)
            if name in ("grpSp", "AlternateContent", "Choice"):
                pending.extend(reversed(shape))
            elif name in ("sp", "cxnSp"):
                self._shape(shape, slide)
            elif name == "graphicFrame":
                slide.lines += self._frame(shape, relations)
            elif name == "pic":
                slide.lines += drawing.alt_text(shape.iter("{*}cNvPr"))

    def _shape(self, shape: "etree._Element", slide: _Slide) -> None:
        kind = _placeholder(shape)
        if kind in _FURNITURE:
            return
        lines = drawing.paragraphs(shape)
        if kind in _TITLES:
            slide.heading += lines
        elif kind == "ftr":
            fresh = [line for line in lines if line not in self.footers]
            self.footers.update(fresh)
            slide.lines += fresh
        else:
            slide.lines += lines

    def _frame(self, frame: "etree._Element", relations: dict[str, tuple[str, str]]) -> list[str]:
        lines: list[str] = []
        for element in frame.iter("{*}tbl", "{*}relIds", "{*}chart"):
            if local(element) == "tbl":
                lines += drawing.table(element)
                continue
            wanted = "dm" if local(element) == "relIds" else "id"
            kind, part = relations.get(relation_id(element, wanted), ("", ""))
            if part in self.package and kind in ("diagramData", "chart", "chartEx"):
                lines += self._graphic(kind, part)
        return lines

    def _graphic(self, kind: str, part: str) -> list[str]:
        lines: list[str] = []
        reader = drawing.diagram if kind == "diagramData" else drawing.chart
        what = "A SmartArt diagram" if kind == "diagramData" else "A chart"
        read_part(lambda: lines.extend(reader(self.package.xml(part))), self.warnings, what)
        return lines

    def _notes(self, relations: dict[str, tuple[str, str]]) -> list[str]:
        lines: list[str] = []

        def add(part: str) -> None:
            lines.extend(_note_lines(self.package.xml(part)))

        for kind, part in relations.values():
            if kind == "notesSlide" and part in self.package:
                read_part(partial(add, part), self.warnings, "The speaker notes of a slide")
        return lines


def read(path: Path) -> Draft:
    """Return the slides of a deck.

    :raises Refused: when the deck cannot be opened, or its list of slides is lost.
    """
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise Refused("damaged", "This deck is damaged: its list of slides is missing.")
        deck = _Deck(package)
        parts = _slide_parts(package, main)
        pages = [deck.slide(number, part) for number, part in enumerate(parts[:PAGE_CAP], 1)]
        if len(parts) > PAGE_CAP:
            deck.warnings.append(f"Only the first {PAGE_CAP:,} of {len(parts):,} slides were read.")
        properties = package.properties()
        package.tell_flaws(pages, deck.warnings)
    title = properties.pop("title", None)
    return Draft(pages, title, _headings(pages), properties, deck.warnings, _EMPTY)


def _slide_parts(package: Package, main: str) -> list[str]:
    try:
        root = package.xml(main)
        relations = package.relations(main)
    except PART_ERRORS as error:
        reason = "This deck is damaged: its list of slides cannot be read. Ask for a new copy."
        raise Refused("damaged", reason) from error
    wanted = (relation_id(entry) for entry in _slide_ids(root))
    parts = [relations[key][1] for key in wanted if key in relations]
    return [part for part in parts if part in package]


def _slide_ids(root: "etree._Element") -> "list[etree._Element]":
    listing = next(root.iter("{*}sldIdLst"), None)
    return [] if listing is None else list(listing.iter("{*}sldId"))


def _placeholder(shape: "etree._Element") -> str | None:
    """Return the type of a placeholder, "obj" when it has none, None for other shapes."""
    mark = next(shape.iter("{*}ph"), None)
    return None if mark is None else mark.get("type") or "obj"


def _note_lines(root: "etree._Element") -> list[str]:
    lines: list[str] = []
    for shape in root.iter("{*}sp"):
        if _placeholder(shape) not in (*_FURNITURE, "ftr"):
            lines += drawing.paragraphs(shape)
    return lines


def _headings(pages: list[PageText]) -> list[str]:
    """Return what may name the deck: the first slide's title, else its first line."""
    found = [pages[0].heading, *pages[0].body.split("\n")[:2]] if pages else []
    return [*found, *(page.heading for page in pages[1:4])]
