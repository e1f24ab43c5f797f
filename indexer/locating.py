"""Where the words that were searched for stand on a page, sign by sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOST = 400
"""Places told of one page."""

_THIN = 0.1
"""Points: what is thinner than this in both directions cannot be seen."""

Box = tuple[float, float, float, float]


def boxes(page: Any, terms: tuple[str, ...]) -> list[Box]:
    """Return boxes around what is to be marked on a page of MuPDF, in points and unturned.

    ``terms`` are those of the search ("price", or "pric*" for a beginning), so that on the page is
    marked what is marked in the excerpt. A word broken over two lines is marked on both.
    """
    from indexer.search.marking import places

    text, signs = _signs(page)
    found: list[Box] = []
    for start, end in places(text, terms):
        found += _around(signs[start:end])
        if len(found) >= MOST:
            break
    return found[:MOST]


_Sign = tuple[Box, int] | None
"""Where a sign stands and in which line; None for a space between two lines."""


def _signs(page: Any) -> tuple[str, list[_Sign]]:
    """Return the text of a page and for each of its characters where it stands."""
    text: list[str] = []
    signs: list[_Sign] = []
    number = 0
    for line in _lines(page):
        number += 1
        for span in line["spans"]:
            for sign in span["chars"]:
                text.append(sign["c"][:1] or " ")
                signs.append((tuple(sign["bbox"]), number))
        if _is_broken(text):
            # The hyphen at the end of a line is no part of the word that it breaks.
            text.pop()
            signs.pop()
            continue
        text.append(" ")
        signs.append(None)
    return "".join(text), signs


def _lines(page: Any) -> Iterator[dict[str, Any]]:
    for block in page.get_text("rawdict", flags=_FLAGS)["blocks"]:
        yield from block.get("lines", ())


_FLAGS = 1 | 2 | 64
"""MuPDF's own numbers: ligatures and spaces as they are, nothing from outside the page."""


def _is_broken(text: list[str]) -> bool:
    return len(text) > 1 and text[-1] in "\u00ad\u2010-" and text[-2].isalpha()


def _around(signs: list[_Sign]) -> Iterator[Box]:
    """Yield a box per line around some signs."""
    by_line: dict[int, list[Box]] = {}
    for sign in signs:
        if sign is not None:
            by_line.setdefault(sign[1], []).append(sign[0])
    for inside in by_line.values():
        left, top = min(b[0] for b in inside), min(b[1] for b in inside)
        right, bottom = max(b[2] for b in inside), max(b[3] for b in inside)
        if right - left > _THIN or bottom - top > _THIN:
            yield left, top, right, bottom
