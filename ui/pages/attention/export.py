"""The unused report as CSV and as text for the clipboard, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.errors import EnvironmentProblem
from ui.pages.attention.unused_items import HEADERS, UnusedItem

# A spreadsheet takes a cell that begins like this for a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (*HEADERS, "Reason", "Path")


def guarded(text: str) -> str:
    """The text, with a leading apostrophe when a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def suggested_name(day: date) -> str:
    """The file name offered for a report of that day."""
    return f"unused-content-{day.isoformat()}.csv"


def csv_text(items: Sequence[UnusedItem]) -> str:
    """The items with their headings as CSV (RFC 4180)."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(item) for item in items)
    return stream.getvalue()


def clipboard_text(items: Sequence[UnusedItem]) -> str:
    """The items with their headings, cells parted by tabs and rows by line ends."""
    rows = [COLUMNS, *(_cells(item) for item in items)]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def write_csv(target: Path, items: Sequence[UnusedItem]) -> int:
    """Replace ``target`` by the items as CSV; the number of rows written.

    The file is complete or as it was before. Blocks. Raises EnvironmentProblem.
    """
    try:
        # The mark at the start is what makes Excel read the file as UTF-8.
        _replace(target, csv_text(items).encode("utf-8-sig"))
    except OSError as problem:
        raise EnvironmentProblem(
            f"The copy could not be saved to {target}: {problem.strerror or problem}. Choose "
            "another folder or free some space, then try again."
        ) from problem
    return len(items)


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _cells(item: UnusedItem) -> tuple[str, ...]:
    return tuple(guarded(cell) for cell in (*item.cells, item.reason, item.row.path))
