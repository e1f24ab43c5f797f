"""Nothing heavy is loaded in the window's process before its first paint (SC-1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.unit.walls.reading import CHECKOUT

# Each of these costs a tenth of a second of CPU or more, and none is needed to paint.
HEAVY = {
    "sqlalchemy", "alembic", "mako", "numpy", "whoosh", "pymupdf", "fitz", "lxml", "olefile",
    "chardet", "watchdog", "pptx", "docx", "xlsxwriter", "asyncio", "multiprocessing",
}  # fmt: skip
# Ours and light, but each a piece of the tenth of a second that a person waits for the find page.
LATE = {
    "app.changes", "app.rows.asset", "app.rows.find", "app.rows.library", "uuid",
    "ui.drops", "ui.help", "ui.overview", "ui.panes", "ui.pictures", "ui.widgets.toast",
    "ui.pages.find.colouring", "ui.pages.find.commands", "ui.pages.find.completing",
    "ui.pages.find.deeds", "ui.pages.find.desk", "ui.pages.find.offers",
    "ui.pages.find.overlay", "ui.pages.find.searches", "ui.pages.find.tips",
    "ui.pages.find.nothing", "ui.pages.find.preview", "ui.pages.find.quicklook",
    "ui.pages.find.understood",
}  # fmt: skip
TIMEOUT = 90


def heavy(modules: Iterable[str]) -> set[str]:
    """The heavy packages among these modules."""
    return {name.split(".")[0] for name in modules} & HEAVY


def first_paint(home: Path, start: list[str]) -> list[str]:
    """Start a program that tells of its first paint and quits; the modules loaded until then."""
    finished = subprocess.run(
        [sys.executable, "-P", *start],
        env={
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "QT_QPA_PLATFORM": "offscreen",
            "DECKHAND_PRINT_AT_FIRST_PAINT": "modules",
            "DECKHAND_QUIT_AT_FIRST_PAINT": "1",
        },
        cwd=home,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout.splitlines()[0])
    assert told["painted_ms"] > 0
    modules: list[str] = told["modules"]
    return modules


def test_first_start_paints_before_anything_heavy_is_loaded(isolated_home: Path) -> None:
    modules = first_paint(isolated_home, ["-m", "deckhand"])
    assert "PySide6.QtWidgets" in modules
    assert heavy(modules) == set()


def test_so_does_a_start_with_a_library(isolated_home: Path) -> None:
    collateral = isolated_home / "collateral"
    collateral.mkdir()
    (collateral / "pricing.md").write_text("# Pricing\n\nWhat a seat costs.\n")
    made = subprocess.run(
        [sys.executable, "-P", "-m", "deckhand", "index", str(collateral)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert (isolated_home / "library" / "library.db").is_file()
    modules = first_paint(isolated_home, ["-m", "deckhand"])
    assert "ui.pages.find.results" in modules
    assert heavy(modules) == set()
    assert LATE & set(modules) == set()


def test_a_heavy_one_is_seen(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import json, sys, lxml.etree\n"
        "print(json.dumps({'painted_ms': 1.0, 'modules': sorted(sys.modules)}))\n"
    )
    assert heavy(first_paint(tmp_path, [str(program)])) == {"lxml"}
