"""Reads Word documents from before 2007, through their piece table ([MS-DOC])."""

import re
import struct
from pathlib import Path

from indexer.extract.model import TEXT_CAP, Draft, PageText, Refused
from indexer.extract.ole import CONTROLS, OLE_ERRORS, PASSWORD, ole_properties, stream
from indexer.extract.sections import SECTION, Block, sections

_DAMAGED = "This document is damaged: its text cannot be read. Ask for a new copy."
_EMPTY = "This document has no text in it, only pictures or nothing at all."

_FLAGS_AT = 0x0A
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_COUNTS_AT = 0x4C
"""Characters of body, footnotes, headers, macros, comments, endnotes, boxes, header boxes."""

_PIECES_AT = 0x1A2
_COMPRESSED = 0x40000000
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14")
_FIELD_WITHOUT_RESULT = re.compile("\x13[^\x13\x14\x15]*\x15")
_SIGNS = str.maketrans({"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x1e": "-", "\x1f": None})


def read(path: Path) -> Draft:
    """Return the pages of a Word 97-2003 document, or its sections.

    :raises Refused: when it is encrypted or its piece table is lost.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            word = stream(container, "WordDocument")
            flags, counts = _header(word)
            table = stream(container, "1Table" if flags & _SECOND_TABLE else "0Table")
            properties = ole_properties(container)
        text = _pieces(word, table)
    except (struct.error, *OLE_ERRORS) as error:
        raise Refused("damaged", _DAMAGED) from error
    body, notes = _parts(text, counts)
    pages = _pages(body, notes)
    title = properties.pop("title", None)
    headings = [line for line in _clean(body[:2_000]).split("\n") if line.strip()][:2]
    return Draft(pages, title, headings, properties, [], _EMPTY)


def _header(word: bytes) -> tuple[int, tuple[int, ...]]:
    flags = struct.unpack_from("<H", word, _FLAGS_AT)[0]
    if flags & _ENCRYPTED:
        raise Refused("protected", PASSWORD)
    return flags, struct.unpack_from("<8i", word, _COUNTS_AT)


def _pieces(word: bytes, table: bytes) -> str:
    """Put the text together from its pieces ([MS-DOC] 2.4.1)."""
    start, length = struct.unpack_from("<II", word, _PIECES_AT)
    listing = table[start : start + length]
    at = 0
    while at < len(listing) and listing[at] == 1:
        at += 3 + struct.unpack_from("<H", listing, at + 1)[0]
    if at >= len(listing) or listing[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", listing, at + 1)[0]
    plan = listing[at + 5 : at + 5 + size]
    count = (len(plan) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plan, 0)
    parts: list[str] = []
    left = 2 * TEXT_CAP
    for index in range(count):
        place = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * index + 2)[0]
        characters = min(ends[index + 1] - ends[index], left)
        if characters <= 0:
            break
        if place & _COMPRESSED:
            at = (place & ~_COMPRESSED) // 2
            parts.append(word[at : at + characters].decode("cp1252", "replace"))
        else:
            parts.append(word[place : place + 2 * characters].decode("utf-16-le", "replace"))
        left -= characters
    return "".join(parts)


def _parts(text: str, counts: tuple[int, ...]) -> tuple[str, list[str]]:
    """Return the body with its text boxes, and footnotes, headers, comments and endnotes."""
    pieces: list[str] = []
    at = 0
    for count in counts:
        pieces.append(text[at : at + max(0, count)])
        at += max(0, count)
    body, footnotes, headers, _, comments, endnotes, boxes, _ = pieces
    if not body.strip():
        return text, []
    lines: dict[str, None] = {}
    for part in (footnotes, headers, comments, endnotes):
        for line in _clean(part).split("\n"):
            if sum(character.isalpha() for character in line) > 1:
                lines.setdefault(line.strip())
    return f"{body}\r{boxes}" if boxes.strip() else body, list(lines)


def _pages(body: str, notes: list[str]) -> list[PageText]:
    """Cut at page breaks by hand where they make pages of a usual size, else into sections."""
    parts = [_clean(part) for part in body.split("\x0c")]
    if len(parts) > 1 and max(map(len, parts)) <= 2 * SECTION:
        filled = [part for part in parts if part]
        pages = [
            PageText(n, "page 1" if n == 1 else f"page ~{n}", "", part, "", hidden=False)
            for n, part in enumerate(filled, 1)
        ]
    else:
        pages = sections(Block(line) for part in parts for line in part.split("\n"))
    if notes:
        first = pages[0] if pages else PageText(1, "section 1", "", "", "", hidden=False)
        text = "\n".join(notes)
        pages[:1] = [PageText(1, first.label, "", first.body, text, hidden=False)]
    return pages


def _clean(text: str) -> str:
    """Drop field codes, keep their results; turn Word's signs into ours."""
    for _ in range(3):
        text = _FIELD_WITHOUT_RESULT.sub("", _FIELD_CODE.sub("", text))
    text = text.replace("\x07\x07", "\n").translate(_SIGNS)
    return CONTROLS.sub("", text).strip()
