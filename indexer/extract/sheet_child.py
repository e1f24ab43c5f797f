"""The throw-away child that reads .xls and .xlsb: ``python -m indexer.extract.sheet_child``.

Arguments: the descriptor of a pipe that closes when the parent dies (-1 for none) and bytes of
memory. It reads one JSON line, {"path": ...}, and answers with a line for each sheet,
{"sheet": name, "hidden": ..., "lines": [...], "cut": ...}, then {"end": true}; or with
{"failed": ...}. The library's memory goes by the corners of a sheet and not by its cells, and it
aborts the process when there is not enough: that is why it is alone here.
"""

import json
import os
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from indexer.limits import die_with_parent, limit_memory, no_core_dumps, quiet_output

SHEET_TEXT_CAP = 1_000_000
"""Characters kept of one sheet."""

TEXT_CAP = 10_000_000
"""Characters kept of one workbook."""


def main(arguments: list[str]) -> int:
    """Serve one workbook."""
    life, memory = int(arguments[0]), int(arguments[1])
    out = quiet_output()
    no_core_dumps()
    limit_memory(memory)
    if life >= 0:
        die_with_parent(life)
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    try:
        _serve(json.loads(line)["path"], out)
    except MemoryError:
        _say(out, {"failed": "memory"})
    except BaseException as error:  # PanicException of Rust is no Exception
        _say(out, {"failed": _why(error)})
    return 0


def _serve(path: str, out: int) -> None:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    left = TEXT_CAP
    with CalamineWorkbook.from_path(path) as book:
        for sheet in book.sheets_metadata:
            lines, cut = _lines(book, sheet.name, min(left, SHEET_TEXT_CAP))
            left -= sum(map(len, lines))
            hidden = sheet.visible != SheetVisibleEnum.Visible
            _say(out, {"sheet": sheet.name, "hidden": hidden, "lines": lines, "cut": cut})
            if left <= 0:
                break
    _say(out, {"end": True})


def _lines(book: Any, name: str, most: int) -> tuple[list[str], str]:
    """Return a sheet's rows, cells parted by tabs, and why it is not whole ("" when it is)."""
    from python_calamine import CalamineError

    lines: list[str] = []
    size = 0
    try:
        sheet = book.get_sheet_by_name(name)
        for row in sheet.iter_rows():
            line = "\t".join(_show(cell) for cell in row if cell not in ("", None))
            if line.strip():
                lines.append(line)
                size += len(line) + 1
            if size > most:
                return lines, "long"
    except (CalamineError, ValueError, KeyError):
        return lines, "damaged"
    return lines, ""


def _show(cell: object) -> str:
    """Return a cell as people see it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime):
        whole = (cell.hour, cell.minute) == (0, 0)
        return f"{cell:%Y-%m-%d}" if whole else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return " ".join(str(cell).split())


def _why(error: BaseException) -> str:
    from python_calamine import PasswordError

    if isinstance(error, PasswordError):
        return "password"
    return "memory" if "capacity overflow" in str(error) else "damaged"


def _say(out: int, message: dict[str, Any]) -> None:
    left = memoryview(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
