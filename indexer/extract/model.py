"""The words and shapes in which a reader tells what a file holds."""

from collections.abc import Sequence
from dataclasses import dataclass

STATES = (
    "indexed",
    "no_text",
    "name_only",
    "protected",
    "damaged",
    "too_large",
    "unsupported",
)
"""What became of a file (FILE-1, FILE-4); every state but the first comes with a reason."""

KINDS = (
    *("pdf", "pptx", "docx", "xlsx", "html", "markdown", "text", "ebook"),
    *("image", "video", "audio", "link", "other"),
)
"""Families of formats, told by content.

A family is what people do with the file, whatever program wrote it: every deck is "pptx", be it
from PowerPoint, Impress or Keynote, every text document "docx", every workbook "xlsx". The exact
format is in the property "format" where the family does not say it.
"""

TEXT_CAP = 10_000_000
"""Characters of text kept per file (FILE-6)."""

PAGE_CAP = 5_000
"""Pages kept per file (FILE-6)."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is, told by its beginning.

    ``kind`` is one of :data:`KINDS`; ``reader`` names the module of this package that reads it.
    Where there is nothing to read, ``state`` and ``reason`` say what becomes of the file.
    ``warning`` is a sentence where the suffix claims something else than the content is.
    ``format`` names the exact format ("OpenDocument presentation") where the kind does not.
    """

    kind: str
    state: str | None = None
    reason: str | None = None
    warning: str | None = None
    reader: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page, slide, sheet or section.

    ``number`` counts from 1. ``label`` is how people cite the page: "page 7", "slide 3",
    "sheet Prices", "section 2", or "page ~4" where the number is an estimate. ``notes`` holds
    speaker notes and footnotes. ``hidden`` marks slides and sheets that their author hid.
    """

    number: int
    label: str
    heading: str
    body: str
    notes: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader found in a file.

    ``kind`` is one of :data:`KINDS`, ``state`` one of :data:`STATES`. ``reason`` is a sentence
    for people, present whenever the state is not "indexed". ``warnings`` are sentences about
    parts that could not be read.
    """

    kind: str
    state: str
    reason: str | None
    title: str | None
    pages: tuple[PageText, ...]
    properties: dict[str, str]
    warnings: tuple[str, ...]


_ASIDES = ("This file is named ", "Slides are in the order", "The text was read from the preview")


def left_out(warnings: Sequence[str]) -> list[str]:
    """Return those warnings by which the file is searched only in part; others are mere notes."""
    return [warning for warning in warnings if not warning.startswith(_ASIDES)]


class Refused(Exception):
    """A reader cannot give the text of a file.

    :param state: one of :data:`STATES`.
    :param reason: a sentence for people.
    :param kind: the sniffed kind, where the reader knows better than the caller.
    """

    def __init__(self, state: str, reason: str, kind: str | None = None) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.kind = kind


@dataclass(slots=True)
class Draft:
    """What a reader of one format hands back, before titles, caps and cleaning.

    ``headings`` are candidates for the title, best first. ``kind`` is one of :data:`KINDS` where
    only reading tells it.
    """

    pages: list[PageText]
    title_property: str | None
    headings: list[str]
    properties: dict[str, str]
    warnings: list[str]
    empty_reason: str
    kind: str | None = None
