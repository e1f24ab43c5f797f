"""Unpacks the archives of Keynote, Pages and Numbers since 2013: snappy blocks of messages."""

from collections.abc import Iterator

MOST_UNPACKED = 64 << 20
"""Bytes unpacked of one archive."""


def messages(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and bytes of each message of an archive.

    :raises ValueError: when the archive is damaged or unpacks to too much.
    :raises IndexError: when it breaks off.
    """
    data = _unpack(raw)
    at = 0
    while at < len(data):
        length, at = varint(data, at)
        info = data[at : at + length]
        at += length
        for number, wire, value in fields(info):
            if number == 2 and wire == 2 and isinstance(value, bytes):
                kind, size = _message_info(value)
                yield kind, data[at : at + size]
                at += size


def fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Yield number, wire type and value of the fields of a message (Protocol Buffers).

    :raises ValueError: for wire types that nobody uses.
    """
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        wire = key & 7
        if wire == 0:
            number, at = varint(data, at)
            yield key >> 3, wire, number
            continue
        if wire == 2:
            size, at = varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        yield key >> 3, wire, data[at : at + size]
        at += size


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where it ends.

    :raises IndexError: when the data breaks off.
    :raises ValueError: when it is longer than 64 bits.
    """
    number = shift = 0
    while shift < 70:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
    raise ValueError("a number without an end")


def _message_info(data: bytes) -> tuple[int, int]:
    kind = size = 0
    for number, wire, value in fields(data):
        if wire == 0 and isinstance(value, int):
            if number == 1:
                kind = value
            elif number == 3:
                size = value
    return kind, size


def _unpack(raw: bytes) -> bytes:
    """Join the blocks: a zero, three bytes of length, then snappy without its own checksum."""
    parts: list[bytes] = []
    at = left = 0
    left = MOST_UNPACKED
    while at + 4 <= len(raw):
        length = int.from_bytes(raw[at + 1 : at + 4], "little")
        parts.append(_snappy(raw[at + 4 : at + 4 + length], left))
        left -= len(parts[-1])
        at += 4 + length
    return b"".join(parts)


def _snappy(data: bytes, most: int) -> bytes:
    """Decompress one block (google/snappy, format_description.txt)."""
    size, at = varint(data, 0)
    if size > most:
        raise ValueError("the archive unpacks to too much")
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                width = length - 59
                length = int.from_bytes(data[at : at + width], "little")
                at += width
            out += data[at : at + length + 1]
            at += length + 1
        else:
            length, offset, at = _copy(data, tag, at)
            start = len(out) - offset
            if offset == 0 or start < 0:
                raise ValueError("a copy from before the beginning")
            piece = out[start : start + length]
            # A copy may run into what it writes: then the piece repeats.
            out += (piece * (length // len(piece) + 1))[:length]
        if len(out) > size:
            raise ValueError("the block is longer than it says")
    return bytes(out)


def _copy(data: bytes, tag: int, at: int) -> tuple[int, int, int]:
    """Return length and offset of a copy, and where it ends."""
    if tag & 3 == 1:
        return (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at], at + 1
    width = 2 if tag & 3 == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(data[at : at + width], "little"), at + width
