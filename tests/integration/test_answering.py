"""A library asked from another process answers as one in this process, and survives its child."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from app.answering import AnsweredLibrary, frames, remote, serving
from app.answering import child as minded
from app.errors import EnvironmentProblem, UserError
from app.library import Library
from app.rows import FindSpec
from tests.bench.gen_library import Size, ensure
from tests.hostile import wait_until

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
        remote, "_started",
        lambda folder, known: children.pop() if children else start(folder, known=known),
    )  # fmt: skip
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


def test_after_closing_nothing_is_answered_and_no_child_started(
    library: AnsweredLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that reads three things in a row may be closed after the first."""
    library.status()
    monkeypatch.setattr(remote, "_started", lambda *_args, **_more: pytest.fail("a child began"))
    library.close()
    with pytest.raises(EnvironmentProblem, match="was closed"):
        library.status()
    with pytest.raises(EnvironmentProblem, match="was closed"):
        library.vote(1)


# ---- a child that hangs ----------------------------------------------------------------------


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """``patience(n)``: how many short looks the present child has; the next one has many."""
    monkeypatch.setattr(minded, "LOOK_S", 0.1)

    def looks(number: int) -> None:
        monkeypatch.setattr(minded, "SILENT_LOOKS", number)

    start = remote._started

    def started(folder: Path, *, known: bool) -> subprocess.Popen[bytes]:
        looks(10_000)
        return start(folder, known=known)

    monkeypatch.setattr(remote, "_started", started)
    return looks


def _stop(library: AnsweredLibrary) -> int:
    child = library._line._child
    assert child is not None
    os.kill(child._process.pid, signal.SIGSTOP)
    return child._process.pid


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
def test_a_child_that_stands_still_is_ended_and_its_reads_asked_of_another(
    library: AnsweredLibrary, patience: Callable[[int], None]
) -> None:
    total = library.status().assets
    stopped = _stop(library)
    patience(3)
    assert library.status().assets == total
    assert not _lives(stopped)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
def test_of_a_write_that_hung_it_says_that_nobody_knows(
    library: AnsweredLibrary, patience: Callable[[int], None]
) -> None:
    library.status()
    _stop(library)
    patience(3)
    with pytest.raises(EnvironmentProblem, match=r"did not answer and was ended\. Look whether"):
        library.record_use("open", [1] * 100_000)  # More than a pipe holds.
    assert library.status().assets


def test_what_takes_longer_than_anything_is_ended_though_it_lives(
    library: AnsweredLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import sys, time\n"
        "while True: sys.stdout.buffer.write(bytes(12)); sys.stdout.flush(); time.sleep(0.02)"
    )
    busy = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    children, start = [busy], remote._started

    def started(folder: Path, *, known: bool) -> subprocess.Popen[bytes]:
        monkeypatch.setattr(minded, "READ_LOOKS", 3 if children else 10_000)
        return children.pop() if children else start(folder, known=known)

    monkeypatch.setattr(remote, "_started", started)
    monkeypatch.setattr(minded, "LOOK_S", 0.05)
    monkeypatch.setattr(minded, "SILENT_LOOKS", 10_000)
    assert library.status().assets
    assert busy.wait(10) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP")
def test_closing_leaves_no_child_that_hangs(
    library: AnsweredLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minded, "CLOSE_S", 0.1)
    library.status()
    stopped = _stop(library)
    library.close()
    wait_until(lambda: not _lives(stopped), 10)


@contextmanager
def _served(library: object) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """What serves a library, in a thread: where to ask it, and where it answers."""
    ours, calls = os.pipe()
    answers, theirs = os.pipe()
    with (
        os.fdopen(calls, "wb") as ask, os.fdopen(answers, "rb") as hear,
        os.fdopen(ours, "rb") as asked, os.fdopen(theirs, "wb") as said,
    ):  # fmt: skip
        server = serving.Server(library, asked, said)  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run)
        thread.start()
        yield ask, hear
        ask.close()
        thread.join(10)
    assert not thread.is_alive()


def test_a_child_at_work_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "BEAT_S", 0.01)
    enough = threading.Event()

    class Slow:
        exists = False

        def status(self) -> str:
            enough.wait(30)
            return "done"

    with _served(Slow()) as (ask, hear):
        ask.write(frames.packed(7, frames.Asked("status", (), {})))
        ask.flush()
        assert [frames.read(hear) for _ in range(3)] == [(0, b"")] * 3
        enough.set()
        while (frame := frames.read(hear)) == (0, b""):
            continue
        assert frame is not None
        assert (frame[0], frames.answered(frame[1]).value) == (7, "done")


def test_what_follows_the_results_lets_a_search_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE_S", 30.0)
    monkeypatch.setattr(serving.collector, "keep", lambda: kept.append(True))
    kept: list[bool] = []
    begun, enough = threading.Event(), threading.Event()

    class Slow:
        exists = False

        def find(self) -> str:
            begun.set()
            enough.wait(30)
            return "found"

        def related(self) -> str:
            return "related"

    with _served(Slow()) as (ask, hear):
        for number, method in enumerate(("find", "related", "find")):
            ask.write(frames.packed(number, frames.Asked(method, (), {})))
            ask.flush()
            assert begun.wait(30)
        enough.set()
        told: list[int] = []
        while len(told) < 3 and (frame := frames.read(hear)) is not None:
            told += [frame[0]] if frame[1] else []
    assert sorted(told[:2]) == [0, 2]
    assert kept


# ---- a backup that is put back ---------------------------------------------------------------


def test_a_backup_is_put_back_from_the_window_that_has_the_library_open(tmp_path: Path) -> None:
    library = AnsweredLibrary(tmp_path / "library")
    library.set_me("Ana", "rep")
    (library.folder / "window.lock").write_text(f"{os.getpid()}\ndeckhand\nhost\n")
    copy = library.back_up()
    library.set_me("Ben", "marketer")
    before = library._line._child
    library.restore(copy.path)
    me = library.me()
    assert me is not None
    assert me.name == "Ana"
    assert library._line._child is not before
    assert library.backups()[0].why == "made before a copy was put back"
    library.paths.database.unlink()
    _kill(library)
    with pytest.raises(EnvironmentProblem, match="is gone"):
        library.me()
    library.restore(library.backups()[0].path)
    me = library.me()
    assert me is not None
    assert me.name == "Ben", "the copy that was made before"
    library.close()


def test_a_backup_that_cannot_be_put_back_leaves_all_as_it_was(tmp_path: Path) -> None:
    library = AnsweredLibrary(tmp_path / "library")
    library.set_me("Ana", "rep")
    with pytest.raises(UserError, match="There is no file"):
        library.restore(tmp_path / "nothing.db")
    assert library.me() is not None
    library.close()


# ---- a library that is gone ------------------------------------------------------------------


def test_where_the_library_is_gone_no_child_begins_an_empty_one(tmp_path: Path) -> None:
    library = AnsweredLibrary(tmp_path / "library")
    library.set_me("Ana", "rep")
    away = library.folder.rename(tmp_path / "away")
    _kill(library)
    with pytest.raises(EnvironmentProblem, match=r"library is gone.*Put it back"):
        library.me()
    assert not library.folder.exists()
    away.rename(library.folder)
    me = library.me()
    assert me is not None
    assert me.name == "Ana"
    library.close()


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
