"""The pool of reading children: what hostile files do to it, and what they do not (FILE-5)."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.child import module_environment
from indexer.hand import MOST_FILES
from indexer.inhand import InHand
from indexer.limits import Limits
from indexer.worker import Done, Extractors, Job
from tests.unit.indexer import made

PATIENCE_S = 60.0
posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals of POSIX")


class Faulty(Extractors):
    """A pool whose children misbehave on command; see ``faulty_reader``."""

    _MODULE = "tests.integration.faulty_reader"


def _files(folder: Path, *words: str) -> list[Job]:
    jobs = []
    for number, word in enumerate(words):
        path = folder / f"{number}-{word}.txt"
        path.write_text(f"{word} words of the file")
        jobs.append(Job(word, path))
    return jobs


def _run(jobs: list[Job], limits: Limits = Limits(), n: int = 1) -> dict[object, Done]:  # noqa: B008
    with Faulty(n, limits) as pool:
        done = list(pool.run(jobs))
    assert len(done) == len(jobs)
    return {one.key: one for one in done}


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait_until_dead(pid: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while _is_alive(pid):
        assert time.monotonic() < end, "the child outlived its parent"
        time.sleep(0.02)


def test_reads_and_hashes_in_one_go(tmp_path: Path) -> None:
    deck = made.deck(tmp_path / "deck.pptx")
    with Extractors(2) as pool:
        (done,) = pool.run([Job(7, deck)])
    assert done.key == 7
    assert done.extracted.title == "Harbour platform"
    assert done.extracted.pages[2].hidden
    assert done.sha256 == hashlib.sha256(deck.read_bytes()).digest()
    assert done.size == deck.stat().st_size
    assert not done.changed
    assert not done.vanished


def test_many_files_and_two_children_lose_nothing(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.txt").write_text(f"words {number}")
    jobs = [Job(n, tmp_path / f"{n}.txt") for n in range(60)]
    with Extractors(2, Limits(files_per_child=7)) as pool:
        done = {one.key: one.extracted.pages[0].body for one in pool.run(jobs)}
    assert done == {n: f"words {n}" for n in range(60)}


def test_jobs_are_pulled_as_children_become_free(tmp_path: Path) -> None:
    pulled = 0

    def jobs() -> Iterator[Job]:
        nonlocal pulled
        for job in _files(tmp_path, *"abcdefgh"):
            pulled += 1
            yield job

    with Extractors(2) as pool:
        run = pool.run(jobs())
        next(run)
        assert pulled <= 3
        assert len(list(run)) == 7


def _sized(jobs: list[Job]) -> list[Job]:
    return [Job(j.key, j.path, str(j.key), j.path.stat().st_size) for j in jobs]


def test_small_files_lie_ready_and_a_crash_is_held_against_its_own_file_alone(
    tmp_path: Path,
) -> None:
    words = ("fine", "crash", "also", "crash-once", "last")
    with Faulty(1) as pool:
        done = {one.key: one.extracted.state for one in pool.run(_sized(_files(tmp_path, *words)))}
        assert all(not pool.in_hand.deaths(word) for word in words)
    assert done == {**dict.fromkeys(words, "indexed"), "crash": "damaged"}


def test_a_child_reads_on_while_the_caller_is_busy_and_its_marks_are_right(tmp_path: Path) -> None:
    jobs = _sized(_files(tmp_path, "fine", "also", "pid"))
    marks = InHand(tmp_path / "marks")
    with Faulty(1, in_hand=marks) as pool:
        run = pool.run(jobs)
        assert next(run).key == "fine"
        end = time.monotonic() + PATIENCE_S
        while [note.read_text().strip() for note in marks._notes()] != ['"pid"']:
            assert time.monotonic() < end, "the child waits for us"
            time.sleep(0.02)
        run.close()
    assert not InHand(tmp_path / "marks").deaths("pid"), "we broke it off ourselves"


def test_a_pause_puts_aside_what_lies_ready_and_nothing_is_lost(tmp_path: Path) -> None:
    jobs = _sized(_files(tmp_path, *"abcdefgh"))
    with Faulty(1) as pool:
        run = pool.run(jobs)
        done = [next(run)]
        pool.pause()
        threading.Timer(0.2, pool.resume).start()
        done += run
    assert sorted(str(one.key) for one in done) == [*"abcdefgh"]


def test_on_battery_nothing_lies_ready(tmp_path: Path) -> None:
    pulled: list[object] = []

    def jobs() -> Iterator[Job]:
        for job in _sized(_files(tmp_path, *"abcdef")):
            pulled.append(job.key)
            yield job

    with Faulty(2) as pool:
        pool.gentle = True
        run = pool.run(jobs())
        next(run)
        assert pulled == ["a"]
        assert len(list(run)) == 5


def test_a_child_is_replaced_after_its_share_of_bytes(tmp_path: Path) -> None:
    jobs = _sized(_files(tmp_path, *"abcd"))
    assert jobs[0].size is not None
    with Faulty(1, Limits(bytes_per_child=2 * jobs[0].size)) as pool:
        pids = [pool._children[0].pid for _ in pool.run(jobs)]
    assert len(set(pids)) == 2


def test_a_crash_costs_one_file_and_the_run_goes_on(tmp_path: Path) -> None:
    done = _run(_files(tmp_path, "fine", "crash", "leave", "panic", "also"))
    assert [done[k].extracted.state for k in ("fine", "also")] == ["indexed", "indexed"]
    for word in ("crash", "leave", "panic"):
        assert done[word].extracted.state == "damaged"
        assert "crash, twice" in str(done[word].extracted.reason)
        content = f"{word} words of the file".encode()
        assert done[word].sha256 == hashlib.sha256(content).digest()
        assert done[word].size == len(content)


def test_a_crash_that_does_not_come_back_costs_nothing(tmp_path: Path) -> None:
    assert _run(_files(tmp_path, "crash-once"))["crash-once"].extracted.state == "indexed"


@posix
def test_endless_computing_is_ended(tmp_path: Path) -> None:
    done = _run(_files(tmp_path, "spin", "fine"), Limits(cpu_base_s=1.0))
    assert done["spin"].extracted.state == "too_large"
    assert "of computing" in str(done["spin"].extracted.reason)
    assert done["fine"].extracted.state == "indexed"


def test_endless_waiting_is_ended(tmp_path: Path) -> None:
    done = _run(_files(tmp_path, "sleep", "fine"), Limits(wall_base_s=1.0))
    assert done["sleep"].extracted.state == "too_large"
    assert "took longer than 1 seconds" in str(done["sleep"].extracted.reason)
    assert done["fine"].extracted.state == "indexed"


def test_a_child_that_does_not_listen_stops_nobody(tmp_path: Path) -> None:
    """More is to be said of the files behind the first than a pipe holds."""
    (tmp_path / "first").mkdir()
    others = _sized(_files(tmp_path, *(f"fine {i}" for i in range(MOST_FILES))))
    jobs = _sized(_files(tmp_path / "first", "pid"))
    jobs += [replace(job, mark=f"{job.key} {'m' * 4_000}") for job in others]
    with Faulty(1) as pool:
        run = threading.Thread(target=lambda: list(pool.run(jobs)), daemon=True)
        run.start()
        end = time.monotonic() + PATIENCE_S
        while not (tmp_path / "first" / "0-pid.pid").exists():
            assert time.monotonic() < end
            time.sleep(0.02)
        pool.cancel()
        run.join(PATIENCE_S / 2)
        assert not run.is_alive(), "it waits for a child that reads"


@posix
def test_memory_is_bounded(tmp_path: Path) -> None:
    done = _run(_files(tmp_path, "memory", "fine"))
    assert done["memory"].extracted.state == "too_large"
    assert "1,536 MB of memory" in str(done["memory"].extracted.reason)
    assert done["fine"].extracted.state == "indexed"


def test_what_libraries_print_does_not_disturb(tmp_path: Path) -> None:
    assert _run(_files(tmp_path, "noise"))["noise"].extracted.state == "indexed"


def test_a_file_still_being_written_is_to_be_read_again_fw8(tmp_path: Path) -> None:
    done = _run(_files(tmp_path, "grow"))["grow"]
    assert done.changed
    assert done.extracted.state == "name_only"
    assert "still being written" in str(done.extracted.reason)


def test_files_that_vanish(tmp_path: Path) -> None:
    jobs = [*_files(tmp_path, "unlink", "fine"), Job("never", tmp_path / "never.pdf")]
    done = _run(jobs)
    assert [done[key].vanished for key in ("unlink", "never", "fine")] == [True, True, False]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of arbitrary bytes")
def test_names_of_any_bytes_nm1(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n[1] & #.txt"))
    path.write_text("words")
    done = _run([Job(1, path)])[1]
    assert done.extracted.pages[0].body == "words"
    assert done.extracted.title is not None
    done.extracted.title.encode("utf-8")


@posix
def test_fifo_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.pdf")
    done = _run([Job(1, tmp_path / "fifo.pdf")])[1]
    assert done.extracted.reason == "This is not a regular file."


def test_cancel_ends_the_run_and_the_children_at_work(tmp_path: Path) -> None:
    with Faulty(2) as pool:
        run = pool.run(_files(tmp_path, "fine", "sleep", "sleep", "sleep"))
        assert next(run).key == "fine"
        threading.Timer(0.2, pool.cancel).start()
        assert list(run) == []
        assert pool._children == []
        assert [done.key for done in pool.run(_files(tmp_path, "fine"))] == ["fine"]


@posix
def test_closing_the_generator_kills_the_children_at_work(tmp_path: Path) -> None:
    jobs = _files(tmp_path, "fine", "pid")
    with Faulty(2) as pool:
        run = pool.run(jobs)
        next(run)
        note = jobs[1].path.with_suffix(".pid")
        end = time.monotonic() + PATIENCE_S
        while not (note.exists() and note.read_text()):
            assert time.monotonic() < end
            time.sleep(0.02)
        run.close()
        assert not _is_alive(int(note.read_text()))


def test_an_idle_child_that_was_killed_is_replaced(tmp_path: Path) -> None:
    with Faulty(1) as pool:
        list(pool.run(_files(tmp_path, "fine")))
        pool._children[0]._process.kill()
        pool._children[0]._process.wait()
        (done,) = pool.run(_files(tmp_path, "fine"))
    assert done.extracted.state == "indexed"


def test_a_child_is_replaced_after_its_share_of_files(tmp_path: Path) -> None:
    with Faulty(1, Limits(files_per_child=2)) as pool:
        pids = []
        for _ in pool.run(_files(tmp_path, *"abcd")):
            pids.append(pool._children[0].pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("word", ["pid", "idle"])
def test_children_do_not_outlive_a_parent_killed_by_force(tmp_path: Path, word: str) -> None:
    """Neither one that waits for work nor one that spins inside a file."""
    note = tmp_path / "0-pid.pid"
    (tmp_path / "0-pid.txt").write_text("pid" if word == "pid" else "fine")
    program = f"""
import pathlib, time
from tests.integration.test_worker import Faulty, Job
folder = pathlib.Path({str(tmp_path)!r})
pool = Faulty(1)
for done in pool.run([Job(1, folder / "0-pid.txt")]):
    (folder / "0-pid.pid").write_text(str(pool._children[0].pid))
time.sleep(3600)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], env=module_environment())
    end = time.monotonic() + PATIENCE_S
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < end
        time.sleep(0.02)
    child = int(note.read_text())
    assert _is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _wait_until_dead(child)


def test_a_pool_needs_a_child() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Extractors(0)
