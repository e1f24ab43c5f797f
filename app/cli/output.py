"""How answers are printed: tables for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def prepare() -> None:
    """Let every character be printed: what the stream's encoding lacks comes as ``\\uXXXX``.

    On Windows a file or a pipe gets UTF-8, because its own code page lacks most of the world.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if sys.platform == "win32" and not stream.isatty():
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Hand over what was printed. Raises OSError when nobody takes it."""
    if sys.stdout is not None:
        sys.stdout.flush()


def abandon() -> None:
    """Let go of a standard output that fails, or the interpreter complains of it at its end."""
    try:
        place = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, place)
    os.close(nowhere)


def as_json(value: Any) -> None:
    """Print one JSON document."""
    encoding = (getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("_", "-")
    print(json.dumps(value, ensure_ascii=encoding not in ("utf-8", "utf8"), indent=1))


def as_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print aligned columns; numbers to the right; control characters never reach the terminal."""
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [
        max([len(name), *(len(row[place]) for row in cells)]) for place, name in enumerate(header)
    ]
    right = [
        bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        for place in range(len(header))
    ]
    print(_line(header, widths, right))
    print(_line(["─" * width for width in widths], widths, right))
    for row in cells:
        print(_line(row, widths, right))


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = [
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(parts).rstrip()


def clean(value: Any) -> str:
    """A value as one line of text without control characters."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def as_csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print CSV whose text cells can never be read as formulas by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    print(out.getvalue(), end="")


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value
