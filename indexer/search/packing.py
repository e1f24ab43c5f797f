"""Whole numbers as raw arrays: narrow, with the few wide ones set apart, and files made of them."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Buffer: TypeAlias = Any
"""Bytes, or a memory map: whatever numpy reads from without a copy."""

_WIDTHS: dict[int, type[np.unsignedinteger[Any]]] = {1: np.uint8, 2: np.uint16, 4: np.uint32}
_ALL_ONES = 0
_WITH_WIDE = 8
_COUNT = struct.Struct("<I")
_MAGIC = b"DHSEG1\n\0"


def pack(values: NDArray[np.uint32]) -> bytes:
    """Return numbers as bytes: one byte of kind, then the narrowest array that pays.

    Numbers too wide for the array are cut to its width and their upper part follows as two
    ``uint32`` arrays (place, upper part), so that one long gap does not widen a whole list
    (patched frame of reference, Zukowski et al. 2006).
    """
    if len(values) == 1:
        return _pack_one(int(values[0]))
    top = int(values.max())
    if top == 1 and int(values.min()) == 1:
        return bytes((_ALL_ONES,))
    costs = {1: len(values) + 8 * int((values > 0xFF).sum()) if top > 0xFF else len(values)}
    costs[2] = 2 * len(values) + (8 * int((values > 0xFFFF).sum()) if top > 0xFFFF else 0)
    costs[4] = 4 * len(values)
    width = min(costs, key=lambda w: (costs[w], w))
    narrow = values.astype(_WIDTHS[width])
    upper = values >> np.uint32(8 * width) if width < 4 else np.zeros(0, np.uint32)
    wide = np.flatnonzero(upper).astype(np.uint32)
    if not len(wide):
        return bytes((width,)) + narrow.tobytes()
    head = bytes((width | _WITH_WIDE,)) + _COUNT.pack(len(wide))
    return head + wide.tobytes() + upper[wide].tobytes() + narrow.tobytes()


def _pack_one(value: int) -> bytes:
    if value == 1:
        return bytes((_ALL_ONES,))
    width = 1 if value <= 0xFF else 2 if value <= 0xFFFF else 4
    return bytes((width,)) + value.to_bytes(width, "little")


def unpack(data: Buffer, at: int, count: int) -> tuple[Ints, int]:
    """Return ``count`` numbers that ``pack`` wrote at a place, and the place after them."""
    kind = data[at]
    at += 1
    if kind == _ALL_ONES:
        return np.ones(count, np.int32), at
    width = kind & 7
    if kind & _WITH_WIDE:
        (many,) = _COUNT.unpack_from(data, at)
        where = np.frombuffer(data, np.uint32, many, at + 4)
        upper = np.frombuffer(data, np.uint32, many, at + 4 + 4 * many)
        at += 4 + 8 * many
    values = np.frombuffer(data, _WIDTHS[width], count, at).astype(np.int32)
    if kind & _WITH_WIDE:
        values[where] += (upper << np.uint32(8 * width)).astype(np.int32)
    return values, at + width * count


def unpack_many(
    data: Buffer, at: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Ints, NDArray[np.int64]]:
    """Return several packed lists end to end, and the places after each of them.

    Hundreds of short lists cost little more than one: lists of one kind are read together.
    """
    view = np.frombuffer(data, np.uint8)
    kinds = view[at]
    out = np.ones(int(counts.sum()), np.int32)
    ends = np.cumsum(counts)
    after = at + 1
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        width = kind & 7
        if kind & _WITH_WIDE:
            for row in rows.tolist():
                values, after[row] = unpack(data, int(at[row]), int(counts[row]))
                out[ends[row] - counts[row] : ends[row]] = values
        elif kind != _ALL_ONES:
            many = counts[rows]
            within = _ramps(many)
            source = np.repeat(at[rows] + 1, many) + within * width
            values = view[source].astype(np.int32)
            for byte in range(1, width):
                values |= view[source + byte].astype(np.int32) << (8 * byte)
            out[np.repeat(ends[rows] - many, many) + within] = values
            after[rows] += many * width
    return out, after


def _ramps(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0, 1, 2 ... for each length, end to end."""
    ends = np.cumsum(lengths)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)


def write_sections(sections: Mapping[str, NDArray[Any] | bytes]) -> bytes:
    """Return a file of named arrays and byte strings, each compressed where that saves."""
    table: dict[str, list[Any]] = {}
    body = bytearray()
    for name, value in sections.items():
        raw = value if isinstance(value, bytes) else np.ascontiguousarray(value).tobytes()
        kind = "bytes" if isinstance(value, bytes) else value.dtype.str
        small = zlib.compress(raw, 1) if len(raw) > 256 else raw
        squeezed = len(small) < len(raw)
        table[name] = [kind, len(body), len(small) if squeezed else len(raw), squeezed]
        body += small if squeezed else raw
    head = json.dumps(table).encode()
    return _MAGIC + _COUNT.pack(len(head)) + head + bytes(body)


class Sections:
    """Reads what ``write_sections`` wrote; every section is unpacked when it is asked for."""

    def __init__(self, data: Buffer) -> None:
        """Read the table. Raises ValueError when the bytes are not such a file."""
        if data[: len(_MAGIC)] != _MAGIC:
            raise ValueError("not a file of this index")
        (length,) = _COUNT.unpack_from(data, len(_MAGIC))
        start = len(_MAGIC) + _COUNT.size
        self._table = json.loads(data[start : start + length])
        self._data = data
        self._base = start + length

    def raw(self, name: str) -> bytes:
        """Return a section as bytes."""
        _, offset, length, squeezed = self._table[name]
        part = self._data[self._base + offset : self._base + offset + length]
        return zlib.decompress(part) if squeezed else part

    def array(self, name: str) -> NDArray[Any]:
        """Return a section as a read-only array."""
        return np.frombuffer(self.raw(name), np.dtype(self._table[name][0]))

    def __contains__(self, name: str) -> bool:
        return name in self._table
