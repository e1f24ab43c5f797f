"""Reads plain text, subtitles, and tables of comma- or tab-separated values."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from indexer.extract.encoding import decode
from indexer.extract.html import READ_CAP
from indexer.extract.model import TEXT_CAP, Draft
from indexer.extract.sections import Block, sections

_TABLES = {".csv": ",;\t|", ".tsv": "\t", ".tab": "\t"}
_SUBTITLES = frozenset((".srt", ".vtt"))
_TIMING = re.compile(r"^(?:\d{1,6}|.*\d\d:\d\d[.,:]\d+\s+-->.*|WEBVTT.*)\s*$")
_EMPTY = "This file has no text in it."


def read(path: Path) -> Draft:
    """Return the sections of a text file, of at most about 3,000 characters each."""
    with path.open("rb") as stream:
        data = stream.read(READ_CAP + 1)
    warnings = ["Only the first 32 MB were read."] if len(data) > READ_CAP else []
    text = decode(data)[: 2 * TEXT_CAP]
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        blocks = _table(text, _TABLES[suffix])
    elif suffix in _SUBTITLES:
        lines = (line for line in text.splitlines() if not _TIMING.match(line[:200]))
        blocks = (Block(line) for line in lines)
    else:
        blocks = (Block(part) for part in re.split(r"\r?\n[ \t]*\r?\n", text))
    return Draft(sections(blocks), None, [], {}, warnings, _EMPTY)


def _table(text: str, delimiters: str) -> Iterator[Block]:
    """Yield rows with their cells parted by tabs; a table that breaks the rules goes by lines."""
    delimiter = max(delimiters, key=text[:20_000].count)
    lines = text.splitlines()
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            yield from (Block(line) for line in lines[max(0, reader.line_num - 1) :])
            return
        if row is None:
            return
        line = "\t".join(" ".join(cell.split()) for cell in row).rstrip("\t")
        if line.strip():
            yield Block(line)
