"""Whole numbers as raw arrays: narrow, with the few wide ones set apart, and files made of them."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Ids: TypeAlias = NDArray[np.int64]
"""Numbers of documents, as wide as numpy wants them when they are looked up with."""

Buffer: TypeAlias = Any
"""Bytes, or a memory map: whatever numpy reads from without a copy."""

_WIDTHS: dict[int, type[np.unsignedinteger[Any]]] = {1: np.uint8, 2: np.uint16, 4: np.uint32}
_ALL_ONES = 0
_WITH_WIDE = 8
_COUNT = struct.Struct("<I")
_MAGIC = b"DHSEG1\n\0"


def unpack(data: Buffer, at: int, count: int) -> tuple[Ints, int]:
    """Return ``count`` numbers that ``pack_many`` wrote at a place, and the place after them."""
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


def unpack_into(data: Buffer, at: int, out: NDArray[Any]) -> int:
    """Fill an array with numbers that ``pack_many`` wrote; return the place after them."""
    kind = int(data[at])
    at += 1
    if kind == _ALL_ONES:
        out.fill(1)
        return at
    width = kind & 7
    if kind & _WITH_WIDE:
        (many,) = _COUNT.unpack_from(data, at)
        where = np.frombuffer(data, np.uint32, many, at + 4)
        upper = np.frombuffer(data, np.uint32, many, at + 4 + 4 * many)
        at += 4 + 8 * many
    out[:] = np.frombuffer(data, _WIDTHS[width], len(out), at)
    if kind & _WITH_WIDE:
        out[where] += (upper << np.uint32(8 * width)).astype(out.dtype)
    return at + width * len(out)


def unpack_many(
    data: Buffer, at: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Ints, NDArray[np.int64]]:
    """Return several packed lists end to end, and the places after each of them.

    Thousands of short lists cost little more than one: lists of one kind are read together.
    """
    view = np.frombuffer(data, np.uint8)
    kinds = view[at]
    out = np.ones(int(counts.sum()), np.int32)
    ends = np.cumsum(counts)
    after = at + 1
    for kind in np.unique(kinds).tolist():
        if kind == _ALL_ONES:
            continue
        rows = np.flatnonzero(kinds == kind)
        width, many, begin = kind & 7, counts[rows], after[rows]
        starts = ends[rows] - many
        if kind & _WITH_WIDE:
            wide = _read_uint32(view, begin)
            upper = _ramps(wide) * 4 + np.repeat(begin + 4, wide)
            place = _read_uint32(view, upper) + np.repeat(starts, wide)
            upper = _read_uint32(view, upper + np.repeat(4 * wide, wide)) << (8 * width)
            begin = begin + 4 + 8 * wide
        within = _ramps(many)
        source = np.repeat(begin, many) + within * width
        values = view[source].astype(np.int32)
        for byte in range(1, width):
            values |= view[source + byte].astype(np.int32) << (8 * byte)
        out[np.repeat(starts, many) + within] = values
        if kind & _WITH_WIDE:
            out[place] += upper.astype(np.int32)
        after[rows] = begin + many * width
    return out, after


def _read_uint32(view: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int64]:
    found = view[at].astype(np.int64)
    for byte in range(1, 4):
        found |= view[at + byte].astype(np.int64) << (8 * byte)
    return found


def pack_many(
    values: NDArray[np.uint32], counts: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return several lists, given end to end, as bytes, and the size of each in bytes.

    A list is one byte of kind, then the narrowest array that pays; none may be empty. Numbers too
    wide for the array are cut to its width and their upper part goes before it as two ``uint32``
    arrays (place, upper part), so that one long gap does not widen a whole list (patched frame
    of reference, Zukowski et al. 2006).
    """
    starts = np.cumsum(counts) - counts
    top = np.maximum.reduceat(values, starts)
    ones = (top == 1) & (np.minimum.reduceat(values, starts) == 1)
    wide1 = np.add.reduceat((values > 0xFF).astype(np.int64), starts)
    wide2 = np.add.reduceat((values > 0xFFFF).astype(np.int64), starts)
    costs = np.stack([counts + 8 * wide1, 2 * counts + 8 * wide2, 4 * counts])
    width = np.array([1, 2, 4])[np.argmin(costs, axis=0)]
    width[ones] = 0
    wide = np.where(width == 1, wide1, np.where(width == 2, wide2, 0))
    head = 1 + np.where(wide > 0, 4 + 8 * wide, 0)
    sizes = head + width * counts
    at = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint8)
    out[at] = width + np.where(wide > 0, _WITH_WIDE, 0)
    for step in (1, 2, 4):
        rows = np.flatnonzero(width == step)
        if not len(rows):
            continue
        many = counts[rows]
        ramps = _ramps(many)
        own = values[np.repeat(starts[rows], many) + ramps]
        _write_bytes(out, np.repeat(at[rows] + head[rows], many) + ramps * step, own, step)
        if step < 4 and wide[rows].any():
            _write_wide(out, at[rows], wide[rows], ramps, own >> np.uint32(8 * step))
    return out, sizes


def _write_wide(
    out: NDArray[np.uint8],
    at: NDArray[np.int64],
    wide: NDArray[np.int64],
    ramps: NDArray[np.int64],
    upper: NDArray[np.uint32],
) -> None:
    """Write the places and upper parts of wide numbers of several lists."""
    chosen = np.flatnonzero(upper)
    lists = wide > 0
    _write_bytes(out, at[lists] + 1, wide[lists].astype(np.uint32), 4)
    target = np.repeat(at + 5, wide) + 4 * _ramps(wide)
    _write_bytes(out, target, ramps[chosen].astype(np.uint32), 4)
    _write_bytes(out, target + np.repeat(4 * wide, wide), upper[chosen], 4)


def _write_bytes(
    out: NDArray[np.uint8], at: NDArray[np.int64], values: NDArray[np.uint32], width: int
) -> None:
    for byte in range(width):
        out[at + byte] = (values >> np.uint32(8 * byte)).astype(np.uint8)


def interleave(
    parts: Sequence[tuple[NDArray[np.uint8], NDArray[np.int64]]],
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the first piece of every part, then the second of every part, and so on.

    Parts are (bytes, sizes of the pieces) with equally many pieces; the result is of that shape.
    """
    whole = np.sum([sizes for _, sizes in parts], axis=0)
    begin = np.cumsum(whole) - whole
    out = np.empty(int(whole.sum()), np.uint8)
    for flat, sizes in parts:
        out[np.repeat(begin - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(flat))] = flat
        begin = begin + sizes
    return out, whole


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
