"""Reads PowerPoint decks from before 2007, record by record ([MS-PPT])."""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.extract.model import PAGE_CAP, TEXT_CAP, Draft, PageText, Refused
from indexer.extract.ole import CONTROLS, OLE_ERRORS, PASSWORD, ole_properties, stream

_DAMAGED = "This deck is damaged: its slides cannot be read. Ask for a new copy."
_EMPTY = "This deck has no text in it, only pictures or nothing at all."

_SLIDE, _SLIDE_ATOM, _NOTES_ATOM, _PERSIST_ATOM = 1006, 1007, 1009, 1011
_HEADER, _TEXT_UNICODE, _TEXT_BYTES, _FOOTER_TEXT = 3999, 4000, 4008, 4026
_SLIDE_LIST, _USER_EDIT = 4080, 4085
_TITLES = (0, 6)
_ENCRYPTED = 0xF3D1C4DF
_NOT_SHOWN = 0x04
_SLIDE_SHOW_INFO = 1017
_SHAPE, _SHAPE_DATA, _PLACEHOLDER = 0xF004, 0xF011, 3011
_FURNITURE = (7, 8, 9, 10)
"""Placeholders for date, number, footer and header, which repeat on every slide."""

_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: what it holds lies between two offsets of the stream."""

    version: int
    instance: int
    kind: int
    start: int
    end: int


@dataclass(slots=True)
class _Slide:
    place: int
    number: int
    heading: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Deck:
    """The stream of records, and where each object of the deck lies in it."""

    def __init__(self, data: bytes, user: bytes) -> None:
        self._data = data
        self._places: dict[int, int] = {}
        self._document: int | None = None
        if len(user) >= 20:
            if struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED:
                raise Refused("protected", PASSWORD)
            self._follow_edits(struct.unpack_from("<I", user, 16)[0])

    def _follow_edits(self, at: int) -> None:
        """Collect the places of all objects, from the newest save back to the first."""
        seen: set[int] = set()
        while at and at not in seen and at + 28 <= len(self._data):
            seen.add(at)
            if struct.unpack_from("<HHI", self._data, at)[1] != _USER_EDIT:
                return
            _, _, before, directory, document = struct.unpack_from("<IIIII", self._data, at + 8)
            if self._document is None:
                self._document = document
            self._read_directory(directory)
            at = before

    def _read_directory(self, at: int) -> None:
        if at + 8 > len(self._data):
            return
        end = min(at + 8 + struct.unpack_from("<I", self._data, at + 4)[0], len(self._data))
        at += 8
        while at + 4 <= end:
            head = struct.unpack_from("<I", self._data, at)[0]
            at += 4
            for offset in range(head >> 20):
                if at + 4 > end:
                    return
                place = struct.unpack_from("<I", self._data, at)[0]
                self._places.setdefault((head & 0xFFFFF) + offset, place)
                at += 4

    def records(self, start: int, end: int) -> Iterator[_Record]:
        """Yield the records between two offsets; one that runs over the end is cut."""
        while start + 8 <= end:
            mark, kind, length = struct.unpack_from("<HHI", self._data, start)
            stop = min(start + 8 + length, end)
            yield _Record(mark & 15, mark >> 4, kind, start + 8, stop)
            start = stop

    def object(self, reference: int) -> _Record | None:
        """Return an object by its number in the deck."""
        place = self._places.get(reference)
        if place is None or place + 8 > len(self._data):
            return None
        return next(self.records(place, len(self._data)), None)

    def document(self) -> _Record | None:
        """Return the object that lists the slides."""
        return None if self._document is None else self.object(self._document)

    def everything(self) -> list[str]:
        """Return all texts of the stream, for decks whose directory is lost."""
        lines: list[str] = []
        for record in self.records(0, len(self._data)):
            if record.version == 15:
                self.texts(record, lines)
        return lines

    def text(self, record: _Record) -> str | None:
        """Return the text of a text record, None for any other."""
        data = self._data[record.start : record.end]
        if record.kind == _TEXT_UNICODE:
            return data.decode("utf-16-le", "replace")
        return data.decode("cp1252", "replace") if record.kind == _TEXT_BYTES else None

    def texts(
        self, record: _Record, lines: list[str], titles: list[str] | None = None, depth: int = 0
    ) -> None:
        """Collect the texts below a record, those of titles apart where asked for."""
        is_title = False
        for child in self.records(record.start, record.end):
            text = self.text(child)
            if text is not None:
                (titles if is_title and titles is not None else lines).append(text)
            elif child.kind == _HEADER:
                is_title = self.uint(child, 0) in _TITLES
            elif child.version == 15 and depth < _DEEPEST and not self._repeats(child):
                self.texts(child, lines, titles, depth + 1)

    def _repeats(self, shape: _Record) -> bool:
        """Say whether a shape holds a date, number, footer or header."""
        if shape.kind != _SHAPE:
            return False
        for part in self.records(shape.start, shape.end):
            for atom in self.records(part.start, part.end) if part.kind == _SHAPE_DATA else ():
                if atom.kind == _PLACEHOLDER:
                    return self.uint(atom, 4) & 0xFF in _FURNITURE
        return False

    def uint(self, record: _Record, offset: int) -> int:
        """Return the 32-bit number at an offset of a record, 0 past its end."""
        if record.start + offset + 4 > record.end:
            return 0
        return int(struct.unpack_from("<I", self._data, record.start + offset)[0])


def read(path: Path) -> Draft:
    """Return the slides of a PowerPoint 97-2003 deck, in order, with speaker notes.

    :raises Refused: when it is encrypted or cannot be read.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            # Decks that PowerPoint 95 can read too keep a second, better copy in a storage.
            folder = "PP97_DUALSTORAGE/"
            if not container.exists(f"{folder}PowerPoint Document"):
                folder = ""
            user = stream(container, f"{folder}Current User")
            deck = _Deck(stream(container, f"{folder}PowerPoint Document"), user)
            properties = ole_properties(container)
        pages, warnings = _pages(deck)
    except (struct.error, *OLE_ERRORS) as error:
        raise Refused("damaged", _DAMAGED) from error
    title = properties.pop("title", None)
    first = [pages[0].heading, *pages[0].body.split("\n")[:2]] if pages else []
    return Draft(pages, title, first, properties, warnings, _EMPTY)


def _pages(deck: _Deck) -> tuple[list[PageText], list[str]]:
    slides, notes = _listed(deck)
    if not slides:
        text = "\n".join(filter(None, map(_clean, deck.everything())))[:TEXT_CAP]
        if not text:
            return [], []
        warning = "The order of the slides is lost; their texts were read as one."
        return [PageText(1, "section 1", "", text, "", hidden=False)], [warning]
    pages = [_page(deck, n, slide, notes) for n, slide in enumerate(slides[:PAGE_CAP], 1)]
    return pages, []


def _listed(deck: _Deck) -> tuple[list[_Slide], dict[int, list[str]]]:
    """Return the slides as the deck lists them, and slide number -> its notes."""
    slides: list[_Slide] = []
    notes: dict[int, list[str]] = {}
    document = deck.document()
    for listing in deck.records(document.start, document.end) if document else ():
        if listing.kind == _SLIDE_LIST and listing.instance == 0:
            _list_slides(deck, listing, slides)
        elif listing.kind == _SLIDE_LIST and listing.instance == 2:
            for entry in deck.records(listing.start, listing.end):
                found = deck.object(deck.uint(entry, 0)) if entry.kind == _PERSIST_ATOM else None
                if found is not None:
                    _add_notes(deck, found, notes)
    return slides, _without_furniture(notes)


def _list_slides(deck: _Deck, listing: _Record, slides: list[_Slide]) -> None:
    """Take the slides and the texts of their outline, of which titles are marked."""
    is_title = False
    for entry in deck.records(listing.start, listing.end):
        if entry.kind == _PERSIST_ATOM:
            slides.append(_Slide(deck.uint(entry, 0), deck.uint(entry, 12)))
        elif entry.kind == _HEADER:
            is_title = deck.uint(entry, 0) in _TITLES
        elif slides and (text := deck.text(entry)) is not None:
            (slides[-1].heading if is_title else slides[-1].lines).append(text)


def _add_notes(deck: _Deck, record: _Record, notes: dict[int, list[str]]) -> None:
    lines: list[str] = []
    number = 0
    for child in deck.records(record.start, record.end):
        if child.kind == _NOTES_ATOM:
            number = deck.uint(child, 0)
        elif child.version == 15:
            deck.texts(child, lines)
    notes[number] = [line for line in map(_clean, lines) if line not in ("", "*")]


def _without_furniture(notes: dict[int, list[str]]) -> dict[int, list[str]]:
    """Leave out what stands on most pages of notes: other programs mark it in no way."""
    times = Counter(line for lines in notes.values() for line in set(lines))
    most = max(2, len(notes) // 2)
    return {n: [line for line in lines if times[line] <= most] for n, lines in notes.items()}


def _page(deck: _Deck, number: int, slide: _Slide, notes: dict[int, list[str]]) -> PageText:
    lines, titles = list(slide.lines), list(slide.heading)
    hidden = False
    record = deck.object(slide.place)
    if record is not None and record.kind == _SLIDE:
        deck.texts(record, lines, titles)
        for child in deck.records(record.start, record.end):
            if child.kind == _SLIDE_SHOW_INFO and child.end - child.start >= 12:
                hidden = bool(deck.uint(child, 8) >> 16 & _NOT_SHOWN)
    heading = " ".join(" ".join(map(_clean, titles)).split())
    kept = dict.fromkeys(line for line in map(_clean, lines) if line not in ("", "*"))
    text = "\n".join(kept)
    said = "\n".join(notes.get(slide.number, ()))
    return PageText(number, f"slide {number}", heading, text, said, hidden)


def _clean(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r", "\n").replace("\x0b", "\n")).strip()
