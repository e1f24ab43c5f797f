"""Places in a text as Python counts them (characters) and as Qt does (UTF-16 units)."""

from __future__ import annotations


def units(text: str, at: int) -> int:
    """Qt's place for Python's ``at``."""
    return at if text.isascii() else len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def index(text: str, at: int) -> int:
    """Python's place for Qt's ``at``; within a character: its beginning."""
    if text.isascii():
        return min(at, len(text))
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * at]
    return len(before.decode("utf-16-le", "ignore"))
