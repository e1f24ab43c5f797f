"""Text that people typed or files brought, made fit for a name, a header or a log row."""

from __future__ import annotations


def one_line(text: str, longest: int | None = None) -> str:
    """Printable characters with single spaces between, cut at ``longest`` characters.

    Line breaks, control characters, bidirectional overrides and half surrogates become spaces.
    """
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:longest].rstrip()
