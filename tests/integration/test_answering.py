"""A library asked from another process answers as one in this process, and survives its child."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.answering import AnsweredLibrary, remote
from app.errors import EnvironmentProblem, UserError
from app.library import Library
from app.rows import FindSpec
from tests.bench.gen_library import Size, ensure

HEAVY = "sqlalchemy", "numpy", "whoosh", "pysqlite3"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    size = Size(assets=30, events=100, searches=20, people=10, requests=3)
    return ensure(tmp_path_factory.mktemp("answered") / "library", size)


@pytest.fixture
def library(generated: Path) -> Iterator[AnsweredLibrary]:
    library = AnsweredLibrary(generated)
    yield library
    library.close()


def _kill(library: AnsweredLibrary) -> None:
    child = library._line._child
    assert child is not None
    os.kill(child._process.pid, signal.SIGKILL)


def test_answers_equal_those_of_a_library_in_this_process(
    library: AnsweredLibrary, generated: Path
) -> None:
    plain = Library(generated)
    asset = plain.find(FindSpec()).hits[0].asset_id
    mine, theirs = library.find(FindSpec("pricing")), plain.find(FindSpec("pricing"))
    # A score depends on the moment at which freshness was weighed.
    assert [(h.asset_id, h.marks, h.tags) for h in mine.hits] == [
        (h.asset_id, h.marks, h.tags) for h in theirs.hits
    ]
    assert library.asset(asset) == plain.asset(asset)
    assert library.problems() == plain.problems()
    assert library.requests() == plain.requests()
    assert library.status() == plain.status()
    assert library.saved_searches() == plain.saved_searches()
    assert library.unused(as_of=1_800_000_000_000) == plain.unused(as_of=1_800_000_000_000)
    plain.close()


def test_a_deed_is_done_told_and_undone(library: AnsweredLibrary) -> None:
    asset = library.find(FindSpec()).hits[0].asset_id
    before = library.asset(asset).tags
    changes = library.tag([asset], add=[("persona", "legal"), ("stage", "select")])
    assert asset in changes.asset_ids
    assert library.asset(asset).tags != before
    assert changes.inverse is not None
    library.undo(changes.inverse)
    assert library.asset(asset).tags == before


def test_a_sentence_for_people_crosses_and_anything_else_is_an_error(
    library: AnsweredLibrary,
) -> None:
    with pytest.raises(UserError, match="no asset number 987654"):
        library.asset(987_654)
    with pytest.raises(Exception, match="asset: "):
        library.asset(object)  # type: ignore[arg-type]
    assert library.status().assets


def test_a_read_whose_child_was_killed_is_answered_by_another(library: AnsweredLibrary) -> None:
    total = library.status().assets
    _kill(library)
    assert library.status().assets == total


def test_a_read_that_finds_a_child_deaf_is_not_asked_of_it_again(
    library: AnsweredLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dying child hears nothing for a moment before its end is heard."""
    program = (
        "import os, pathlib, sys, time; os.close(0); pathlib.Path(sys.argv[1]).touch()\n"
        "time.sleep(3600)"
    )
    deaf = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "deaf")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    while not (tmp_path / "deaf").exists():
        time.sleep(0.01)
    children, start = [deaf], remote._started
    monkeypatch.setattr(
        remote, "_started", lambda folder: children.pop() if children else start(folder)
    )
    try:
        assert library.status().assets
    finally:
        deaf.kill()
        deaf.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_of_a_write_whose_child_was_killed_it_says_that_nobody_knows(
    library: AnsweredLibrary, generated: Path
) -> None:
    library.status()
    other = sqlite3.connect(generated / "library.db")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, _kill, [library]).start()
    with pytest.raises(EnvironmentProblem, match="last change"):
        library.vote(1)
    other.rollback()
    other.close()
    assert library.request(1).need


def test_closing_waits_for_the_writes_that_were_accepted(generated: Path) -> None:
    library = AnsweredLibrary(generated)
    asset = library.find(FindSpec()).hits[0].asset_id
    before = len(library.asset(asset).history)
    other = sqlite3.connect(generated / "library.db", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    write = threading.Thread(target=library.record_use, args=("open", [asset]))
    write.start()
    time.sleep(0.2)
    threading.Timer(0.3, other.rollback).start()
    library.close()
    write.join()
    library = AnsweredLibrary(generated)
    assert len(library.asset(asset).history) == before + 1
    library.close()
    other.close()


def test_after_closing_it_can_be_used_again(library: AnsweredLibrary) -> None:
    total = library.status().assets
    library.close()
    assert library.status().assets == total


def test_who_asks_loads_nothing_heavy_and_a_child_ends_with_it(generated: Path) -> None:
    program = (
        "import sys, os; from pathlib import Path\n"
        "from app.answering import AnsweredLibrary; from app.rows import FindSpec\n"
        f"library = AnsweredLibrary(Path({str(generated)!r}))\n"
        "assert library.find(FindSpec('pricing')).total and library.unused().rows\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "print(library._line._child._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded, pid = done.stdout.splitlines()
    assert loaded == "[]"
    end = time.monotonic() + 20
    while time.monotonic() < end and _lives(int(pid)):
        time.sleep(0.05)
    assert not _lives(int(pid))


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
