"""Reads the headers of Matroska and WebM files (RFC 9559), and skips the pictures."""

import os
import struct
from collections.abc import Iterator
from typing import IO

from indexer.extract.media import Facts

_SEGMENT, _INFO, _TRACKS = 0x18538067, 0x1549A966, 0x1654AE6B
_TAGS, _CHAPTERS = 0x1254C367, 0x1043A770
_HEADER, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SCALE, _DURATION, _TITLE = 0x2AD7B1, 0x4489, 0x7BA9
_TRACK, _TRACK_TYPE, _VIDEO, _WIDTH, _HEIGHT = 0xAE, 0x83, 0xE0, 0xB0, 0xBA
_TAG, _SIMPLE, _NAME, _TEXT = 0x7373, 0x67C8, 0x45A3, 0x4487
_CHAPTER_LISTS = (0x45B9, 0xB6, 0x80)
_CHAPTER_TITLE = 0x85
_NAMES = {
    "TITLE": "title",
    "ARTIST": "artist",
    "AUTHOR": "artist",
    "DIRECTOR": "artist",
    "COMMENT": "comment",
    "DESCRIPTION": "description",
    "SUMMARY": "description",
    "KEYWORDS": "keywords",
    "COPYRIGHT": "copyright",
    "DATE_RELEASED": "created",
    "GENRE": "genre",
}
_PART_CAP = 4 << 20
_MOST_ELEMENTS = 20_000
_MOST_CHAPTERS = 1_000
_UNKNOWN = (1 << 56) - 1


def read_facts(stream: IO[bytes]) -> Facts:
    """Read a Matroska or WebM file.

    :raises ValueError: when there is no header in it.
    """
    stream.seek(0, os.SEEK_END)
    end = stream.tell()
    stream.seek(0)
    facts = Facts("Matroska video")
    found = False
    for identity, size, start in _elements(stream, 0, end):
        if identity == _HEADER:
            if b"webm" in stream.read(min(size, 4_096)):
                facts.name = "WebM video"
        elif identity == _SEGMENT:
            found = _segment(stream, start, min(end, start + size), facts)
            break
    if not found:
        raise ValueError("no header in this recording")
    if not facts.width:
        facts.name = facts.name.removesuffix(" video")
    return facts


def _segment(stream: IO[bytes], start: int, end: int, facts: Facts) -> bool:
    found = False
    for identity, size, at in _elements(stream, start, end):
        if identity not in (_INFO, _TRACKS, _TAGS, _CHAPTERS):
            continue
        stream.seek(at)
        data = stream.read(min(size, _PART_CAP))
        if identity == _INFO:
            _info(data, facts)
            found = True
        elif identity == _TRACKS:
            _tracks(data, facts)
            found = True
        elif identity == _TAGS:
            _tags(data, facts)
        else:
            _chapters(data, facts, 0)
    return found


def _elements(stream: IO[bytes], at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield id, size and place of the elements of a file; the stream stands at each content."""
    for _ in range(_MOST_ELEMENTS):
        if at + 2 > end:
            return
        stream.seek(at)
        head = stream.read(12)
        identity, length = _number(head, 0, keep_mark=True)
        size, more = _number(head, length, keep_mark=False)
        start = at + length + more
        if size >= _UNKNOWN >> 7 * (8 - more):
            size = end - start
        stream.seek(start)
        yield identity, size, start
        at = start + size


def _inner(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(data):
        identity, length = _number(data, at, keep_mark=True)
        size, more = _number(data, at + length, keep_mark=False)
        at += length + more
        yield identity, data[at : at + size]
        at += size


def _number(data: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a number of variable length (RFC 8794, 4), and how long it is.

    :raises ValueError: when there is none.
    """
    first = data[at] if at < len(data) else 0
    if first == 0:
        raise ValueError("no number where one is due")
    length = 9 - first.bit_length()
    raw = data[at : at + length]
    if len(raw) < length:
        raise ValueError("a number breaks off")
    value = int.from_bytes(raw, "big")
    return (value if keep_mark else value - (1 << 7 * length)), length


def _info(data: bytes, facts: Facts) -> None:
    scale, length = 1_000_000, 0.0
    for identity, value in _inner(data):
        if identity == _SCALE:
            scale = int.from_bytes(value[:8], "big")
        elif identity == _DURATION and len(value) in (4, 8):
            length = struct.unpack(">f" if len(value) == 4 else ">d", value)[0]
        elif identity == _TITLE:
            facts.tags["title"] = _words(value)
    seconds = length * scale / 1e9
    facts.seconds = seconds if 0 < seconds < 1e7 else 0.0


def _tracks(data: bytes, facts: Facts) -> None:
    for identity, track in _inner(data):
        if identity != _TRACK:
            continue
        for inner, value in _inner(track):
            if inner == _TRACK_TYPE and value == b"\x02":
                facts.has_sound = True
            elif inner == _VIDEO:
                sizes = {k: int.from_bytes(v[:4], "big") for k, v in _inner(value)}
                facts.width = max(facts.width, sizes.get(_WIDTH, 0))
                facts.height = max(facts.height, sizes.get(_HEIGHT, 0))


def _tags(data: bytes, facts: Facts) -> None:
    for identity, tag in _inner(data):
        for inner, simple in _inner(tag) if identity == _TAG else ():
            if inner != _SIMPLE:
                continue
            parts = {key: _words(value) for key, value in _inner(simple) if key in (_NAME, _TEXT)}
            name = _NAMES.get(parts.get(_NAME, "").upper())
            if name and parts.get(_TEXT):
                facts.tags.setdefault(name, parts[_TEXT])


def _chapters(data: bytes, facts: Facts, depth: int) -> None:
    for identity, value in _inner(data):
        if identity in _CHAPTER_LISTS and depth < 6:
            _chapters(value, facts, depth + 1)
        elif identity == _CHAPTER_TITLE and len(facts.chapters) < _MOST_CHAPTERS:
            facts.chapters.append(_words(value))


def _words(value: bytes) -> str:
    return value[: 64 << 10].decode("utf-8", "replace").strip("\0 ")
