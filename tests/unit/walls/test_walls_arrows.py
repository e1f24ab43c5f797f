"""Arrows point ui -> app -> indexer, and inside app/ from the later room to the earlier.

The tables below are the law; a room or a package that stands in none of them is refused, so that
adding one is a decision and not an accident.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.walls.reading import (
    OURS,
    ROOMS,
    Import,
    imports,
    label,
    module_name,
    python_files,
)

# Imported by every room of app/; they import one another and indexer/ at most.
FOUNDATION = (
    "errors", "paths", "settings", "log", "clock", "lanes", "changes", "rows", "rows_copies",
    "rows_find",
)  # fmt: skip
# A room may import itself and the rooms before it.
ORDER = (
    "store", "vocabulary", "catalogue", "usage", "finding", "asking", "messaging", "insight",
    "indexing", "sample", "library_copies", "library_finding", "library_folders", "library",
    "answering", "cli",
)  # fmt: skip
# Where a process begins: these may reach every room of app/.
DOORS = ("app.__main__", "app.indexing.__main__", "app.answering.__main__")
# What the window may know of app/ beside the Library: plain data and the ground under it.
UI_MAY_KNOW = (
    "library", "answering", "rows", "rows_copies", "errors", "paths", "settings", "log", "changes",
    "clock",
)  # fmt: skip
# Third-party package -> where it may be imported (a room, or a room inside app/).
THIRD_PARTY = {
    "PySide6": ("ui",),
    "shiboken6": ("ui",),
    "sqlalchemy": ("app",),
    "alembic": ("app",),
    "pysqlite3": ("app",),
    "sqlite3": ("app",),
    "whoosh": ("indexer",),
    "pymupdf": ("indexer",),
    "lxml": ("indexer",),
    "olefile": ("indexer",),
    "chardet": ("indexer",),
    "watchdog": ("indexer",),
    "pathspec": ("indexer",),
    "tinytag": ("indexer",),
    "python_calamine": ("indexer",),
    "striprtf": ("indexer",),
    "numpy": ("indexer", "app.finding"),
    "pptx": ("app.sample",),
    "docx": ("app.sample",),
    "xlsxwriter": ("app.sample",),
    "PIL": ("indexer", "app.sample"),
    "platformdirs": ("app",),
    "filelock": ("app", "indexer"),
}
# Of the standard library only what speaks SQL is guarded.
FREE = set(sys.stdlib_module_names) - {"sqlite3"}


def breaches(name: str, source: str) -> list[str]:
    """The forbidden imports of the module ``name``, each with its line and the reason."""
    return [
        f"line {found.line}: {name} must not import {found.name} ({reason})"
        for found in imports(source)
        for reason in _reasons(name, found)
    ]


def _reasons(name: str, found: Import) -> Iterator[str]:
    top = found.name.split(".")[0]
    if found.name.startswith("."):
        yield "absolute imports only"
    elif top in ROOMS:
        yield from _wrong_arrow(name, found.name)
    elif top in OURS - {"resources"}:
        yield "the product knows no tests, tools or doors"
    elif top in THIRD_PARTY:
        if not any(_is_in(name, place) for place in THIRD_PARTY[top]):
            yield f"{top} belongs in {', '.join(THIRD_PARTY[top])}"
    elif top not in FREE and top != "resources":
        yield "not in the table of packages"


def _is_in(name: str, place: str) -> bool:
    return name == place or name.startswith(place + ".")


def _wrong_arrow(name: str, target: str) -> Iterator[str]:
    here, there = name.split(".")[0], target.split(".")[0]
    if ROOMS.index(there) > ROOMS.index(here):
        yield f"{there} stands above {here}"
    elif here == "ui" and there == "indexer":
        yield "the window reaches files through the Library"
    elif there == "app" and target != "app" and name not in DOORS:
        yield from _wrong_inside_app(here, name, target)


def _wrong_inside_app(here: str, name: str, target: str) -> Iterator[str]:
    wanted = target.split(".")[1]
    if here == "ui":
        if wanted not in UI_MAY_KNOW:
            yield "the window holds app.library and plain data alone"
        return
    _, room, *_ = *name.split("."), ""
    if wanted in FOUNDATION or wanted == room:
        return
    if room in FOUNDATION:
        yield "the foundation knows no room"
    elif room not in ORDER or wanted not in ORDER:
        yield "a room that has no place in the order"
    elif ORDER.index(wanted) > ORDER.index(room):
        yield f"{wanted} comes after {room}"


@pytest.mark.parametrize("path", python_files(*ROOMS), ids=label)
def test_every_arrow_points_the_right_way(path: Path) -> None:
    assert breaches(module_name(path), path.read_text("utf-8")) == []


# ---- the wall itself can fall ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("indexer.scan", "import app.rows"),
        ("indexer.scan", "from ui import theme"),
        ("app.catalogue.assets", "from ui.tasks import Tasks"),
        ("app.catalogue.assets", "from app.finding.find import Finder"),
        ("app.catalogue.assets", "from app import finding"),
        ("app.store.engine", "import app.vocabulary.terms as terms"),
        ("app.insight.use", "from app.library import Library"),
        ("app.finding.find", "from app.surprise import x"),
        ("app.rows", "from app.store import tables"),
        ("app.usage.events", "from .sending import send"),
        ("app.usage.events", "from tests.collateral import write_pages"),
        ("app.finding.find", "import whoosh.index"),
        ("app.finding.find", "from PySide6.QtCore import QObject"),
        ("app.insight.use", "import numpy as np"),
        ("app.catalogue.assets", "from pptx import Presentation"),
        ("indexer.search.reader", "import sqlalchemy"),
        ("indexer.search.reader", "import sqlite3"),
        ("indexer.search.reader", "import requests"),
        ("ui.window", "from app.finding import find"),
        ("ui.window", "from indexer.scan import scan"),
        ("ui.window", "import numpy"),
        ("ui.window", "import sqlite3"),
        ("ui.window", "import importlib; importlib.import_module('whoosh.index')"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "def later():\n    {}", "if TYPE_CHECKING:\n    {}"])
def test_a_wrong_import_is_seen_wherever_it_stands(name: str, line: str, frame: str) -> None:
    assert len(breaches(name, frame.format(line))) == 1


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("indexer.search.reader", "import numpy, whoosh.index, indexer.search.codec, os.path"),
        ("app.finding.find", "from app.usage import events; import numpy; from app import rows"),
        ("app.store.engine", "import importlib; importlib.import_module('sqlite3')"),
        ("app.library", "from app.sample import load; import app; import indexer.scan"),
        ("app.cli.main", "from app.library import Library; from app.indexing import Indexing"),
        ("app.indexing.__main__", "from app.library import Library"),
        ("app.settings", "from app.errors import UserError"),
        ("ui.window", "from app.library import Library; from app import rows, changes"),
        ("ui.window", "from PySide6.QtWidgets import QWidget; import ui.theme, json, resources"),
    ],
)
def test_a_right_import_is_not(name: str, line: str) -> None:
    assert breaches(name, line) == []
