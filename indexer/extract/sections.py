"""Cuts running text into sections that can be cited, at headings where it has them."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.extract.model import PageText

SECTION = 3_000
"""Characters after which a section ends at the next paragraph."""

_ENOUGH = 200
_MUCH = 1_500


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a heading when ``level`` (1 is the highest) is not 0."""

    text: str
    level: int = 0


def sections(blocks: Iterable[Block]) -> list[PageText]:
    """Return sections labelled "section n".

    A heading of level 1 or 2 opens a section once the one before has some text, any heading
    once it has much, and any paragraph once it is full.
    """
    pages: list[PageText] = []
    heading, lines, size = "", list[str](), 0
    for block in blocks:
        for piece in _pieces(block.text):
            enough = _ENOUGH if 0 < block.level <= 2 else _MUCH if block.level else SECTION
            if lines and size + (0 if block.level else len(piece)) > enough:
                pages.append(_page(len(pages) + 1, heading, lines))
                heading, lines, size = "", [], 0
            if block.level and not lines:
                heading = heading or piece
            lines.append(piece)
            size += len(piece) + 1
    if lines:
        pages.append(_page(len(pages) + 1, heading, lines))
    return pages


def _page(number: int, heading: str, lines: list[str]) -> PageText:
    body = lines[1:] if heading and lines[0] == heading else lines
    return PageText(number, f"section {number}", heading, "\n".join(body), "", hidden=False)


def _pieces(text: str) -> Iterable[str]:
    """Yield a long paragraph in pieces of at most a section, cut at line ends or spaces."""
    text = text.strip()
    at = 0
    # By position: cutting the front off a line of megabytes again and again takes minutes.
    while len(text) - at > SECTION:
        half, end = at + SECTION // 2, at + SECTION
        cut = max(text.rfind("\n", half, end), 0) or max(text.rfind(" ", half, end), 0) or end
        if piece := text[at:cut].strip():
            yield piece
        at = cut
    if piece := text[at:].strip():
        yield piece
