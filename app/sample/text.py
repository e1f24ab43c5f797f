"""Reads the texts of the sample library: a small header in TOML, then sections of simple blocks.

A text begins with ``+++``, a TOML table, ``+++``. Then ``# `` starts a section (a slide, a page
part or a sheet). Within it: ``## `` a heading, ``- `` bullets, ``1. `` steps, ``| a | b |`` a table
whose first row is the head, ``> `` a quote whose last line ``> — who`` names the speaker,
``!stats`` callout numbers (``62 % | what``), ``!chart kind title`` a native chart (first row: the
names), ``!notes`` speaker notes up to the next section, ``!page`` a page break.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

Rows = tuple[tuple[str, ...], ...]
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``kind`` is paragraph, heading, bullets, steps, table, quote, stats, chart, page.

    ``lines`` holds text lines (bullets, paragraphs, the quote and its speaker), ``rows`` the cells
    of a table, of callout numbers or of a chart; ``kind_of`` the sort of chart.
    """

    kind: str
    lines: tuple[str, ...] = ()
    rows: Rows = ()
    kind_of: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A slide, a part of a document or a sheet: its title, blocks and speaker notes."""

    title: str
    blocks: tuple[Block, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed text: the header as a table, and the sections in order."""

    header: Mapping[str, object]
    sections: tuple[Section, ...]


@dataclass
class _Open:
    """A section while its lines are being read."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def split_header(source: str) -> tuple[Mapping[str, object], str]:
    """The header as a table and the body as text.

    Raises ValueError when the text does not begin with a header between two lines of ``+++``.
    """
    parts = source.split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError("a sample text begins with '+++', a TOML header and '+++'")
    return tomllib.loads(parts[1]), parts[2]


def parse_body(body: str) -> tuple[Section, ...]:
    """The sections of a body; text before the first ``# `` is an error (ValueError)."""
    sections: list[_Open] = []
    in_notes = False
    chunk: list[str] = []

    def flush() -> None:
        lines, chunk[:] = [line for line in chunk if line.strip()], []
        if not lines:
            return
        if not sections:
            raise ValueError(f"text before the first section: {lines[0]!r}")
        if in_notes:
            sections[-1].notes.append(" ".join(lines))
        else:
            sections[-1].blocks.extend(_blocks(lines))

    for line in body.splitlines():
        if line.startswith("# "):
            flush()
            in_notes = False
            sections.append(_Open(line[2:].strip()))
        elif line.strip() == "!notes":
            flush()
            in_notes = True
        elif not line.strip():
            flush()
        else:
            chunk.append(line)
    flush()
    return tuple(Section(s.title, tuple(s.blocks), "\n".join(s.notes)) for s in sections)


def plain(text: str) -> str:
    """The text without marks for bold type."""
    return _BOLD.sub(r"\1", text)


def runs(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is bold; no piece is empty."""
    pieces = [(piece, index % 2 == 1) for index, piece in enumerate(_BOLD.split(text))]
    return [(piece, bold) for piece, bold in pieces if piece]


def _blocks(lines: list[str]) -> list[Block]:
    """The blocks of lines that no empty line parts."""
    found: list[Block] = []
    rest = lines
    while rest:
        kind = _kind(rest[0])
        size = _with_rows(rest) if kind in ("stats", "chart") else _same(rest, kind)
        found.append(_block(kind, rest[:size]))
        rest = rest[size:]
    return found


def _kind(line: str) -> str:
    marks = (
        ("## ", "heading"), ("- ", "bullets"), ("|", "table"), ("> ", "quote"),
        ("!stats", "stats"), ("!chart ", "chart"), ("!page", "page"),
    )  # fmt: skip
    for mark, kind in marks:
        if line.startswith(mark):
            return kind
    return "steps" if re.match(r"\d+\. ", line) else "paragraph"


def _with_rows(lines: list[str]) -> int:
    """How many of the first lines are a mark and the rows that follow it."""
    return next((i for i, line in enumerate(lines) if i and "|" not in line), len(lines))


def _same(lines: list[str], kind: str) -> int:
    """How many of the first lines belong to one block of this kind."""
    if kind in ("heading", "page"):
        return 1
    return next((i for i, line in enumerate(lines) if _kind(line) != kind), len(lines))


def _block(kind: str, lines: list[str]) -> Block:
    if kind == "heading":
        return Block(kind, (lines[0][3:].strip(),))
    if kind == "bullets":
        return Block(kind, tuple(line[2:].strip() for line in lines))
    if kind == "steps":
        return Block(kind, tuple(line.split(". ", 1)[1].strip() for line in lines))
    if kind == "quote":
        return Block(kind, tuple(line[2:].strip() for line in lines))
    if kind == "table":
        rows = tuple(_cells(line) for line in lines)
        return Block(kind, rows=tuple(row for row in rows if not set("".join(row)) <= {"-"}
                                      or not "".join(row)))  # fmt: skip
    if kind == "stats":
        return Block(kind, rows=tuple(_cells(line) for line in lines[1:]))
    if kind == "chart":
        _, kind_of, title = lines[0].split(" ", 2)
        return Block(kind, (title,), tuple(_cells(line) for line in lines[1:]), kind_of)
    return Block(kind, (" ".join(lines),) if kind == "paragraph" else ())


def _cells(line: str) -> tuple[str, ...]:
    return tuple(
        cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")
    )
