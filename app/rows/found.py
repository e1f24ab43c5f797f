"""What is told of a hit beside the hit itself: the evidence for its rank, and what is like it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordFound:
    """A word or phrase of the search and where the asset has it.

    ``where`` are title, file name, heading, text and notes; empty when it is nowhere in the title,
    the name or on the page looked at.
    """

    word: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the factors of a hit's rank rest on.

    ``together``: the words stand one after the other on the page, which raises the text match.
    ``shown`` counts the searches of the last ``days`` that showed the asset, ``uses`` its uses in
    these days by people who count.
    """

    asset_id: int
    page_label: str
    words: tuple[WordFound, ...]
    together: bool
    uses: int
    shown: int
    days: int


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """An asset that is like another; ``page`` is the page most like it (0 = none)."""

    asset_id: int
    title: str
    kind: str
    content_type: str
    trust: str
    status: str
    page: int
    page_label: str


@dataclass(frozen=True, slots=True)
class Related:
    """The assets most like another; ``limited`` is a sentence when that cannot be told now."""

    asset_id: int
    rows: tuple[RelatedRow, ...]
    limited: str = ""
