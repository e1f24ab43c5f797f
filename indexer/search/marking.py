"""Excerpts of a page with the words that were searched for, as ranges to mark."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")


def snippet(
    text: str, terms: tuple[str, ...], width: int = 160
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return an excerpt of about ``width`` characters and the (start, end) ranges to mark in it.

    ``terms`` come from ``Matches.terms``: words, or with a trailing ``*`` beginnings of words.
    The ranges count characters of the excerpt, in order and without overlap.
    """
    whole = {t.casefold() for t in terms if not t.endswith("*")}
    begins = tuple(t[:-1].casefold() for t in terms if t.endswith("*"))
    found = [
        m.span()
        for m in _WORD.finditer(text)
        if m.group().casefold() in whole or (begins and m.group().casefold().startswith(begins))
    ]
    start = max(0, found[0][0] - width // 3) if found else 0
    end = min(len(text), start + width)
    marks = tuple((a - start, b - start) for a, b in found if b <= end)
    return text[start:end], marks
