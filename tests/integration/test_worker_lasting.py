"""Reading that is broken off: by a file that kills the indexer, a pause, sleep, a battery."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.indexing import Indexing
from app.indexing.readers import ahead_note
from app.library import Library
from app.rows import FindSpec
from indexer.awake import Awake
from indexer.child import module_environment
from indexer.inhand import InHand
from indexer.limits import Limits
from indexer.worker import Job
from tests.collateral import index
from tests.integration.test_worker import PATIENCE_S, Faulty, _files, _is_alive, _wait_until_dead

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills by signals of POSIX")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def _root(tmp_path: Path, *words: str) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    for word in words:
        (root / f"{word}.txt").write_text(f"{word} words of this very file")
    return root


def _start(library: Library) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.integration.faulty_reader"]
    return subprocess.Popen(
        [*command, "--library", str(library.folder)], env=module_environment(),
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _run(library: Library) -> int:
    with _start(library) as process:
        return process.wait(PATIENCE_S)


def _found(library: Library) -> set[str]:
    return {hit.path for hit in library.find(FindSpec("very", exact=True)).hits}


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@posix
def test_a_file_that_kills_the_whole_indexer_is_quarantined_after_two_deaths_ix12(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the program goes; at the third start the rest is there, and one line says why."""
    monkeypatch.setattr("indexer.worker.Extractors._MODULE", Faulty._MODULE)
    library.add_root(str(_root(tmp_path, "also", "fine", "murder", "zebra")))
    library.store  # noqa: B018 - makes the record
    assert [_run(library) for _ in range(2)] == [-signal.SIGKILL] * 2
    assert index(library).read == 1
    assert _found(library) == {"also.txt", "fine.txt", "zebra.txt"}
    (problem,) = library.problems()
    assert (problem.path, problem.state) == ("murder.txt", "damaged")
    assert "ended twice in the middle of reading this file" in problem.reason
    assert index(library).read == 0, "it is not opened again by itself"
    library.retry_files([problem.asset_id])
    assert _run(library) == -signal.SIGKILL, "but when a person asks for it"
    (tmp_path / "root" / "murder.txt").write_text("mended, this very file")
    index(library)
    assert "murder.txt" in _found(library)
    assert library.problems() == ()


@posix
def test_ending_the_indexer_on_purpose_is_held_against_no_file(
    library: Library, tmp_path: Path
) -> None:
    """SIGTERM at the end of a session, in the middle of a long file."""
    root = _root(tmp_path, "slow-once")
    library.add_root(str(root))
    library.store  # noqa: B018
    with _start(library) as process:
        _until((root / "slow-once.begun").exists)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert InHand(library.paths.in_hand)._deaths == {}
    assert not ahead_note(library.paths).exists()


@posix
def test_a_suspect_is_read_alone(tmp_path: Path) -> None:
    """Or the files beside it would be marked by its next death too."""
    jobs = [Job(i, job.path, f"m{i}") for i, job in enumerate(_files(tmp_path, *["fine"] * 6))]
    marks = InHand(tmp_path / "marks")
    marks.begin("m2")
    marks.begin("m3")
    at_work: list[set[str]] = []

    class Watched(InHand):
        def begin(self, mark: str) -> None:
            super().begin(mark)
            at_work.append(set(self._open))

    with Faulty(3, in_hand=Watched(tmp_path / "marks")) as pool:
        assert len(list(pool.run(jobs))) == 6
    assert {"m2"} in at_work
    assert {"m3"} in at_work
    assert not any(len(now) > 1 and now & {"m2", "m3"} for now in at_work)


@posix
def test_pause_stops_a_file_in_the_middle_and_resume_reads_it_anew(tmp_path: Path) -> None:
    (job,) = _files(tmp_path, "slow-once")
    begun = job.path.with_suffix(".begun")
    with Faulty(1) as pool:
        done: list[Any] = []
        reading = threading.Thread(target=lambda: done.extend(pool.run([job])))
        reading.start()
        _until(lambda: begun.exists() and bool(begun.read_text()))
        pool.pause()
        _wait_until_dead(int(begun.read_text()))
        assert not done
        pool.resume()
        reading.join(PATIENCE_S)
    assert [one.extracted.state for one in done] == ["indexed"]


@posix
def test_cancel_ends_a_pause(tmp_path: Path) -> None:
    with Faulty(1) as pool:
        pool.pause()
        threading.Timer(0.1, pool.cancel).start()
        assert list(pool.run(_files(tmp_path, "fine"))) == []


@posix
def test_waking_up_kills_no_healthy_child(tmp_path: Path) -> None:
    """A clock that ran on during a night, as on Windows: the deadline is of waking time."""
    (job,) = _files(tmp_path, "slow-once")
    begun = job.path.with_suffix(".begun")
    night = 0.0
    with Faulty(1, Limits(wall_base_s=30.0)) as pool:
        pool._awake = Awake(lambda: time.monotonic() + night)
        reading = threading.Thread(target=lambda: list(pool.run([job])))
        reading.start()
        _until(lambda: begun.exists() and bool(begun.read_text()))
        child = int(begun.read_text())
        for _ in range(3):
            night += 30_000.0
            pool._events.put(None)
            time.sleep(0.05)
        assert _is_alive(child)
        pool.cancel()
        reading.join(PATIENCE_S)


def test_on_battery_one_child_reads_and_it_is_said(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    power = [True]
    monkeypatch.setattr("app.indexing.pace.on_battery", lambda: power[0])
    monkeypatch.setattr("app.indexing.pace.LOOK_EVERY_S", 0.0)
    library.settings.set("index.workers", 3)
    library.add_root(str(_root(tmp_path, *"abcdefgh")))
    told: list[dict[str, Any]] = []
    with Indexing(library.store, told.append) as indexing:
        pool = indexing._extractors
        assert indexing.bring_up_to_date().read == 8
        assert len(pool._children) == 1
        assert {"event": "pace", "slower": "on battery"} in told
        power[0] = False
        (tmp_path / "root" / "new.txt").write_text("new")
        indexing.bring_up_to_date()
        assert told[-1]["event"] == "done"
        assert {"event": "pace", "slower": ""} in told
        assert not pool.gentle


def test_a_person_may_want_full_speed_on_battery(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.indexing.pace.on_battery", lambda: True)
    library.settings.set("index.on_battery", "as usual")
    library.add_root(str(_root(tmp_path, "a")))
    told: list[dict[str, Any]] = []
    with Indexing(library.store, told.append) as indexing:
        indexing.bring_up_to_date()
        assert not indexing._extractors.gentle
    assert not [event for event in told if event["event"] == "pace"]


def test_a_run_that_nobody_looked_at_leaves_neither_children_nor_blame(tmp_path: Path) -> None:
    """Whoever began it may have failed at something else before."""
    marks = tmp_path / "marks"
    jobs = [Job(job.key, job.path, str(job.key)) for job in _files(tmp_path, "sleep", "fine")]
    pool = Faulty(1, in_hand=InHand(marks))
    pool.run(jobs[:1])
    (left,) = pool._children
    assert [done.key for done in pool.run(jobs[1:])] == ["fine"]
    _wait_until_dead(left.pid)
    assert len(pool._children) == 1
    pool.run(jobs[:1])
    pool.close()
    assert not InHand(marks).deaths("sleep")
