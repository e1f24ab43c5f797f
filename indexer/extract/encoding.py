"""Reads bytes as text, whatever wrote them (NM-3)."""

import codecs

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 << 10
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1b\x08\x1a"))


def decode(data: bytes) -> str:
    """Return the text of some bytes, with replacement characters rather than failure.

    Byte order mark, then ISO-2022 by its escape (which would pass as UTF-8), then UTF-8, then
    detection on 64 KiB.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    wide = _utf16_without_mark(data)
    if wide is not None:
        return data.decode(wide, "replace")
    if b"\x1b$" not in data[:_SAMPLE]:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start >= len(data) - 3 and error.start > 0:
                return data.decode("utf-8", "replace")
    return data.decode(_detected(data), "replace")


def looks_like_text(head: bytes) -> bool:
    """Say whether the first bytes of a file are text in some encoding."""
    if any(head.startswith(mark) for mark, _ in _BYTE_ORDER_MARKS):
        return True
    if _utf16_without_mark(head) is not None:
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\x00" not in head and controls * 200 <= len(head)


def _utf16_without_mark(data: bytes) -> str | None:
    """Name UTF-16 by its zero bytes: Latin text has one in every second place."""
    sample = data[:2_000]
    pairs = len(sample) // 2
    if pairs < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd * 10 >= pairs * 7 and even * 20 <= pairs:
        return "utf-16-le"
    if even * 10 >= pairs * 7 and odd * 20 <= pairs:
        return "utf-16-be"
    return None


def _detected(data: bytes) -> str:
    import chardet

    name = chardet.detect(data[:_SAMPLE])["encoding"] or "cp1252"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
