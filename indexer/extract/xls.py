"""Reads .xls and .xlsb with calamine, in a child process of its own that may die of it."""

import json
import queue
import time
import zipfile
from pathlib import Path

from indexer.child import Child, Line
from indexer.extract.model import Draft, PageText, Refused
from indexer.extract.office import converted, find_office
from indexer.extract.ole import OLE_ERRORS, PASSWORD, ole_properties
from indexer.extract.package import Package

MEMORY = 768 << 20
"""Address space of the child in bytes."""

WALL_S = 45.0
"""Seconds that a workbook may take, less than the reading process itself has."""

_EMPTY = "This workbook has no text or numbers in its cells."
_DAMAGED = (
    "This workbook could not be read: it is damaged, or holds something unusual. Open it in its"
    " own program and save it as .xlsx."
)
_TOO_LARGE = (
    "Reading this workbook needs more than {most} MB of memory, often because of one cell far out"
    " at the edge of a sheet, so it is found by its name only. Saving it as .xlsx may help."
)
_TOO_LONG = (
    "Reading this workbook took longer than {most} seconds, so it is found by its name only."
    " Saving it as .xlsx may help."
)


def read(path: Path) -> Draft:
    """Return the sheets of a workbook in an older or binary format.

    :raises Refused: when it is protected, damaged or too much for its child.
    """
    properties = _properties(path)
    pages, warnings, failed = _ask(path)
    if failed in ("memory", "damaged") and find_office() is not None:
        try:
            return _through_office(path, properties)
        except Refused:
            pass  # the reason of the first try is the truer one
    if failed and not pages:
        _refuse(failed)
    if failed:
        warnings.append(f"Only the first {len(pages)} sheets could be read: {_SHORT[failed]}.")
    if pages and not any(page.body for page in pages):
        if warnings:
            raise Refused("damaged", _DAMAGED)
        pages = []
    title = properties.pop("title", None)
    return Draft(pages, title, [], properties, warnings, _EMPTY)


def _through_office(path: Path, properties: dict[str, str]) -> Draft:
    """Read a workbook that the library cannot read; LibreOffice is slower and takes more."""
    from indexer.extract.xlsx import read as read_copy

    with converted(path, "xlsx") as copy:
        draft = read_copy(copy)
    if not any(page.body for page in draft.pages):
        raise Refused("damaged", _DAMAGED)
    draft.properties = properties
    draft.title_property = draft.properties.pop("title", None)
    return draft


def _ask(path: Path) -> tuple[list[PageText], list[str], str]:
    """Return sheets, warnings, and why the child gave up ("" when it did not)."""
    events: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
    child = Child("indexer.extract.sheet_child", [str(MEMORY)], events)
    pages: list[PageText] = []
    warnings: list[str] = []
    deadline = time.monotonic() + WALL_S
    try:
        child.send({"path": str(path)})
        while True:
            try:
                event = events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return pages, warnings, "time"
            if event is None or event.text is None:
                return pages, warnings, "memory"
            message = json.loads(event.text)
            if "sheet" not in message:
                return pages, warnings, str(message.get("failed", ""))
            pages.append(_page(len(pages) + 1, message, warnings))
    finally:
        child.kill()


def _page(number: int, message: dict[str, object], warnings: list[str]) -> PageText:
    name, lines = str(message["sheet"]), message["lines"]
    rows = lines if isinstance(lines, list) else []
    if message["cut"] == "long":
        warnings.append(f"Only the first {len(rows):,} rows of sheet {name} were read.")
    elif message["cut"]:
        warnings.append(f"A part of sheet {name} could not be read.")
    hidden = bool(message["hidden"])
    return PageText(number, f"sheet {name}", name, "\n".join(rows), "", hidden)


_SHORT = {
    "memory": "the next one needs too much memory",
    "time": "the next one takes too long",
    "damaged": "the next one is damaged",
    "password": "the next one needs a password",
}


def _refuse(failed: str) -> None:
    if failed == "memory":
        raise Refused("too_large", _TOO_LARGE.format(most=MEMORY >> 20))
    if failed == "time":
        raise Refused("too_large", _TOO_LONG.format(most=round(WALL_S)))
    if failed == "password":
        raise Refused("protected", PASSWORD)
    raise Refused("damaged", _DAMAGED)


def _properties(path: Path) -> dict[str, str]:
    if zipfile.is_zipfile(path):
        with Package(path) as package:
            return package.properties()
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            return ole_properties(container)
    except OLE_ERRORS:
        return {}
