"""Real starts of the program: first paint, single instance, the log (UI-1, UI-2, PERF)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bench.startup import prepare_library

CHECKOUT = Path(__file__).resolve().parents[3]
HEAVY = ("sqlalchemy", "alembic", "whoosh", "pymupdf", "numpy", "lxml", "PIL", "pptx", "docx",
         "asyncio", "multiprocessing", "concurrent", "PySide6.QtNetwork")  # fmt: skip


@contextmanager
def _started(library: Path, *args: str, **extra: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen",
                   "DECKHAND_PRINT_AT_FIRST_PAINT": "modules", **extra}  # fmt: skip
    command = [sys.executable, "deckhand.py", "--library", str(library), *args]
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def _first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr else ""
    facts: dict[str, Any] = json.loads(line)
    return facts


def _loaded(facts: dict[str, Any]) -> list[str]:
    return [m for m in facts["modules"] if any(m == h or m.startswith(h + ".") for h in HEAVY)]


@pytest.mark.parametrize("known", [False, True])
def test_nothing_heavy_is_loaded_before_the_first_paint(tmp_path: Path, known: bool) -> None:
    library = tmp_path / "library"
    if known:
        prepare_library(library)
    with _started(library, DECKHAND_QUIT_AT_FIRST_PAINT="1") as process:
        facts = _first_line(process)
        assert process.wait(60) == 0
    assert _loaded(facts) == []
    page = "ui.pages.find.page" if known else "ui.pages.welcome"
    other = "ui.pages.welcome" if known else "ui.pages.find.page"
    assert page in facts["modules"]
    assert other not in facts["modules"]


def _wait_for_root(library: Path, folder: Path) -> bool:
    settings = library / "settings.json"
    for _ in range(600):
        if settings.exists() and str(folder) in settings.read_text("utf-8"):
            return True
        time.sleep(0.1)
    return False


def test_the_second_start_hands_its_folder_over_and_goes(tmp_path: Path) -> None:
    library, folder = tmp_path / "library", tmp_path / "Decks"
    folder.mkdir()
    with _started(library) as first:
        _first_line(first)
        with _started(library, str(folder)) as second:
            printed, _ = second.communicate(timeout=60)
        assert second.returncode == 0
        assert printed == ""
        assert _wait_for_root(library, folder)
        assert first.poll() is None


def test_the_lock_of_a_killed_window_is_taken_over(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with _started(library) as first:
        _first_line(first)
        first.kill()
    assert (library / "window.lock").exists()
    with _started(library, DECKHAND_QUIT_AT_FIRST_PAINT="1") as second:
        assert _first_line(second)
        assert second.wait(60) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes; profiles are private there")
def test_only_the_person_can_read_the_library(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with _started(library, DECKHAND_QUIT_AT_FIRST_PAINT="1") as process:
        assert process.wait(60) == 0
    assert library.stat().st_mode & 0o077 == 0


def test_a_library_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with _started(blocked / "library") as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "cannot be used" in errors
    assert "Traceback" not in errors


def test_a_start_leaves_no_qt_complaint_behind(tmp_path: Path) -> None:
    with _started(tmp_path / "library", DECKHAND_QUIT_AT_FIRST_PAINT="1") as process:
        _, errors = process.communicate(timeout=60)
    known = "This plugin does not support propagateSizeHints()"
    assert [line for line in errors.splitlines() if line and line != known] == []
