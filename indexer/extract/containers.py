"""Reads the headers of MP4, QuickTime and AVI files, and skips the pictures."""

import os
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO

from indexer.extract.media import Facts

_HEADER_CAP = 32 << 20
_VALUE_CAP = 64 << 10
_MOST_BOXES = 10_000
_DEEPEST = 10
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_FOLDERS = frozenset((b"moov", b"trak", b"mdia", b"udta", b"ilst", b"minf"))
_TAGS = {
    b"\xa9nam": "title",
    b"\xa9ART": "artist",
    b"aART": "artist",
    b"\xa9alb": "album",
    b"\xa9cmt": "comment",
    b"\xa9des": "description",
    b"desc": "description",
    b"ldes": "description",
    b"\xa9gen": "genre",
    b"\xa9day": "created",
    b"\xa9cpy": "copyright",
    b"cprt": "copyright",
    b"keyw": "keywords",
    b"\xa9wrt": "composer",
    b"\xa9lyr": "lyrics",
}
_INFO = {
    b"INAM": "title",
    b"IART": "artist",
    b"ICMT": "comment",
    b"ICOP": "copyright",
    b"ICRD": "created",
    b"IGNR": "genre",
    b"IKEY": "keywords",
    b"ISBJ": "description",
}


def read_mp4(stream: IO[bytes]) -> Facts:
    """Read an MP4 or QuickTime file (ISO/IEC 14496-12).

    :raises ValueError: when there is no header in it.
    """
    stream.seek(0, os.SEEK_END)
    end = stream.tell()
    stream.seek(4)
    brand = stream.read(8)
    name = "QuickTime video" if brand[:4] != b"ftyp" or brand[4:] == b"qt  " else "MP4 video"
    facts = Facts(name)
    at = boxes = 0
    while at + 8 <= end and boxes < _MOST_BOXES:
        stream.seek(at)
        size, kind, head = _box(stream.read(16), end - at)
        if kind == b"moov":
            stream.seek(at + head)
            data = stream.read(min(size - head, _HEADER_CAP))
            _movie(data, facts, 0)
            if not facts.width and facts.has_sound:
                facts.name = "MP4"
            return facts
        at += size
        boxes += 1
    raise ValueError("no header in this recording")


def _box(head: bytes, left: int) -> tuple[int, bytes, int]:
    """Return size, type and length of the head of a box, the size at least that of its head."""
    size, kind = struct.unpack_from(">I4s", head)
    length = 8
    if size == 1 and len(head) >= 16:
        size, length = struct.unpack_from(">Q", head, 8)[0], 16
    elif size == 0:
        size = left
    return max(length, min(size, left)), kind, length


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind, head = _box(data[at : at + 16], len(data) - at)
        yield kind, data[at + head : at + size]
        at += size


def _movie(data: bytes, facts: Facts, depth: int) -> None:
    for kind, body in _boxes(data):
        if kind == b"mvhd":
            _movie_header(body, facts)
        elif kind == b"tkhd":
            _track_header(body, facts)
        elif kind == b"hdlr" and body[8:12] == b"soun":
            facts.has_sound = True
        elif kind == b"meta" and depth < _DEEPEST:
            # QuickTime has the boxes at once, MP4 four bytes of version and flags before them.
            _movie(body if body[4:8] in (b"hdlr", b"ilst") else body[4:], facts, depth + 1)
        elif kind in _TAGS:
            if text := _value(body):
                facts.tags.setdefault(_TAGS[kind], text)
        elif kind in _FOLDERS and depth < _DEEPEST:
            _movie(body, facts, depth + 1)


def _movie_header(body: bytes, facts: Facts) -> None:
    if len(body) < 32:
        return
    if body[0] == 1:
        made, _, scale, length = struct.unpack_from(">QQIQ", body, 4)
    else:
        made, _, scale, length = struct.unpack_from(">IIII", body, 4)
    if scale and length < 1 << 40:
        facts.seconds = length / scale
    if 1 << 30 < made < 1 << 34:
        facts.tags.setdefault("created", f"{_EPOCH + timedelta(seconds=made):%Y-%m-%dT%H:%M:%SZ}")


def _track_header(body: bytes, facts: Facts) -> None:
    """Take the size of a track, in 16.16 fixed point at its end; sound tracks have 0."""
    if len(body) < 84:
        return
    width, height = (value >> 16 for value in struct.unpack_from(">II", body, len(body) - 8))
    if width * height > facts.width * facts.height:
        facts.width, facts.height = width, height


def _value(body: bytes) -> str:
    """Return a tag's text: a "data" box of iTunes, else QuickTime's length and language."""
    for kind, data in _boxes(body):
        if kind == b"data" and len(data) > 8:
            return data[8 : 8 + _VALUE_CAP].decode("utf-8", "replace").strip("\0 ")
        break
    if len(body) > 4:
        length = int.from_bytes(body[:2], "big")
        if 0 < length <= len(body) - 4:
            return body[4 : 4 + length][:_VALUE_CAP].decode("utf-8", "replace").strip("\0 ")
    return ""


def read_avi(stream: IO[bytes]) -> Facts:
    """Read an AVI file (RIFF): its main header and its INFO list.

    :raises ValueError: when the header is missing.
    """
    data = stream.read(1 << 20)
    facts = Facts("AVI video")
    at = data.find(b"avih")
    if at < 0 or at + 48 > len(data):
        raise ValueError("no header in this recording")
    period, frames = struct.unpack_from("<I12xI", data, at + 8)
    facts.width, facts.height = struct.unpack_from("<II", data, at + 40)
    facts.seconds = period * frames / 1e6
    at = data.find(b"INFO")
    for key, name in _INFO.items() if at > 0 else ():
        place = data.find(key, at, at + _VALUE_CAP)
        if place > 0 and place + 8 <= len(data):
            length = struct.unpack_from("<I", data, place + 4)[0]
            raw = data[place + 8 : place + 8 + min(length, _VALUE_CAP)]
            text = raw.decode("utf-8", "replace").strip("\0 ")
            if text:
                facts.tags[name] = text
    return facts
