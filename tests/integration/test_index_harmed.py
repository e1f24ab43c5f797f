"""Whatever is done to the index while the program runs: always an answer, then repair by itself."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.errors import EnvironmentProblem
from app.indexing import Indexing
from app.indexing.feeding import Feeder
from app.library import Library
from app.rows import FindSpec
from indexer.search import files
from indexer.search.state import applied_in
from indexer.search.writer import IndexWriter
from tests.collateral import index, write_pages

pytestmark = pytest.mark.expect_log
CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
Harm = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for number in range(8):
        write_pages(root / f"{number}.md", [f"Sheet {number}\nabout otters", f"only{number}here"])
    return root


def truth(library: Library) -> bool:
    """Whether the search tells it; what it says about itself is not looked at."""
    found = sorted(hit.path for hit in library.find(FindSpec("otters", exact=True)).hits)
    (one,) = library.find(FindSpec("only3here", exact=True)).hits
    nothing = library.find(FindSpec("llamas", exact=True)).hits
    return (found, one.path, one.page, nothing) == ([f"{n}.md" for n in range(8)], "3.md", 1, ())


def test_what_is_asked_beside_a_search_does_without_a_harmed_index(library: Library) -> None:
    """The pages of a hit, why it stands there and what is like it: no error, only less."""
    spec = FindSpec("otters", exact=True)
    hit = library.find(spec).hits[0]
    assert library.page_hits(spec, hit.asset_id)
    for path in library.paths.index.rglob("*.pst"):
        os.truncate(path, path.stat().st_size // 2)
    assert library.page_hits(spec, hit.asset_id) == ()
    assert library.pages_found(spec, [hit.asset_id])[0].pages == ()
    assert library.related(hit.asset_id).limited
    assert library.evidence(spec, hit.asset_id, hit.page) is not None
    assert truth(library)


def paths(library: Library, word: str) -> list[str]:
    """The files found for a word."""
    return sorted(hit.path for hit in library.find(FindSpec(word, exact=True)).hits)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))


def _flip_unseen(path: Path) -> None:
    """As a failing disk does: no clock tells that the file was written."""
    seen = path.stat()
    _flip(path)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _of_another_version(folder: Path) -> None:
    """As an older or newer program would have written it, whole (IX-4)."""
    manifest = next(folder.rglob(files.MANIFEST))
    described = json.loads(manifest.read_bytes())
    described.pop("sum")
    described["fingerprint"] = "of the next version"
    described["sum"] = zlib.crc32(json.dumps(described, indent=1).encode())
    manifest.write_text(json.dumps(described, indent=1))


HARMS: dict[str, Harm] = {
    "everything deleted": shutil.rmtree,
    "pointer deleted": lambda folder: (folder / "current").unlink(),
    "pointer garbled": lambda folder: (folder / "current").write_text("i-zz/../.."),
    "list cut": lambda folder: _cut(next(folder.rglob(files.MANIFEST))),
    "postings cut": lambda folder: _cut(next(folder.rglob("*.pst"))),
    "words flipped": lambda folder: _flip(next(folder.rglob("*.trm"))),
    "postings flipped by the disk": lambda folder: _flip_unseen(next(folder.rglob("*.pst"))),
    "written by another version": _of_another_version,
    "documents deleted": lambda folder: next(folder.rglob("*.doc")).unlink(),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_harm_behind_a_running_indexer_is_mended_by_it(library: Library, harm: Harm) -> None:
    """IX-1, IX-2, IX-3, IX-10: nobody has to ask for it, and nobody is told wrong meanwhile."""
    assert truth(library)
    with Indexing(library.store, lambda _event: None) as indexing:
        indexing.feed()
        assert indexing.is_fed()
        harm(library.paths.index)
        # Another window, which has not opened the index before.
        other = Library(library.folder)
        assert truth(library)
        assert truth(other)
        assert not indexing.is_fed()
        indexing.feed()
        assert indexing.is_fed()
        assert truth(library)
        assert truth(other)
        assert other.find(FindSpec("otters", exact=True)).limited == ""
        other.close()
    assert len(list(library.paths.index.glob("i-*"))) == 1


def test_a_window_sees_the_index_mended_by_its_child(library: Library) -> None:
    """The whole way, in the child that a window has: deleted, answered, said, rebuilt, said."""
    process = subprocess.Popen(
        library.indexer_command(), cwd=CHECKOUT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    said: list[dict[str, Any]] = []
    reader = threading.Thread(
        target=lambda: said.extend(json.loads(line) for line in process.stdout), daemon=True
    )
    reader.start()

    def until(what: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end, said
            time.sleep(0.02)

    try:
        until(lambda: said[-1:] == [{"event": "state", "state": "watching"}])
        shutil.rmtree(library.paths.index)
        begun = len(said)
        assert truth(library)
        until(lambda: said[begun:][-1:] == [{"event": "state", "state": "watching"}])
        assert {"event": "changed", "kinds": ["index"], "assets": []} in said[begun:]
        assert truth(library)
        assert library.find(FindSpec("otters", exact=True)).limited == ""
    finally:
        process.stdin.close()
        process.wait(PATIENCE_S)
        reader.join()
        process.stdout.close()


def test_an_index_that_holds_less_than_the_record_is_found_out(library: Library) -> None:
    """IX-5: its number says that it is in step, and an asset is not in it."""
    with IndexWriter(library.paths.index) as writer:
        writer.apply([], [4], writer.applied)
    assert paths(library, "only3here") == []
    index(library)
    assert truth(library)


def test_an_interrupted_rebuild_goes_on_where_it_was(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IX-6: batch by batch, each held with its number."""
    monkeypatch.setattr("app.indexing.feeding.BATCH", 2)
    feeder = Feeder(library.store, library.paths.index, rebuild=True)
    batches = iter((False, True))
    assert feeder.apply(lambda: next(batches)) == 4
    feeder.close()
    assert library.find(FindSpec("otters")).limited == ""
    told: list[tuple[int, int]] = []
    feeder = Feeder(library.store, library.paths.index, rebuild=True)
    assert feeder.apply(told=lambda done, total: told.append((done, total))) == 4
    feeder.close()
    assert told == [(2, 4), (4, 4)]
    assert truth(library)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
@pytest.mark.parametrize("most", [0, 100, 300])
def test_a_full_disk_costs_nothing_that_was_there(
    library: Library, folder: Path, most: int
) -> None:
    """No file may grow beyond ``most`` bytes: as if the disk were full at that moment."""
    import resource

    held = applied_in(library.paths.index)
    (library.paths.index).rename(aside := library.folder / "aside")
    write_pages(folder / "late.md", ["Late\nabout llamas"])
    index(library)
    shutil.rmtree(library.paths.index)
    aside.rename(library.paths.index)
    with Indexing(library.store, lambda _event: None) as indexing:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            with pytest.raises(EnvironmentProblem, match="cannot be written"):
                indexing.feed()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert applied_in(library.paths.index) == held
        assert paths(library, "llamas") == ["late.md"]
        indexing.feed()
    assert applied_in(library.paths.index) > held
    assert library.status().index_current
    assert paths(library, "llamas") == ["late.md"]


@pytest.mark.parametrize("refusal", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EIO])
def test_a_folder_that_cannot_be_written_is_told_and_answered_around(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    """What was read is in the record, and is found there, though the index cannot have it."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(refusal, os.strerror(refusal))

    write_pages(folder / "late.md", ["Late\nabout herons"])
    with Indexing(library.store, lambda _event: None) as indexing:
        indexing.feed()
        with monkeypatch.context() as patched:
            patched.setattr(files, "write_safely", refuse)
            with pytest.raises(EnvironmentProblem, match="search answers from the record"):
                indexing.bring_up_to_date()
        assert paths(library, "herons") == ["late.md"]
        assert truth(library)
        indexing.feed()
    assert library.status().index_current
    assert paths(library, "herons") == ["late.md"]


def test_a_file_from_the_future_is_read_once_it_was_seen_twice(
    library: Library, folder: Path
) -> None:
    """The clock was set back: to wait until the file is old enough would take a day."""
    late = write_pages(folder / "late.md", ["Late\nabout llamas"])
    tomorrow = time.time() + 86_400
    os.utime(late, (tomorrow, tomorrow))
    library.settings.set("index.settle_seconds", 0.2)
    with Indexing(library.store, lambda _event: None) as indexing:
        summary = indexing.bring_up_to_date(only=frozenset({1}), settle_s=2.0)
        assert (summary.waiting, summary.read) == (1, 0)
        time.sleep(0.3)
        summary = indexing.bring_up_to_date(only=frozenset({1}), settle_s=2.0)
    assert (summary.waiting, summary.read) == (0, 1)
    assert paths(library, "llamas") == ["late.md"]


BEGINS = """
import sys, time
from pathlib import Path
from app.library import Library
while time.time() < float(sys.argv[2]): pass
library = Library(Path(sys.argv[1]))
library.set_me("Ana", "rep")
print(library.store.engine and library.holdings().uid)
"""


def test_programs_that_start_at_the_same_moment_begin_one_library(tmp_path: Path) -> None:
    """DB-4: whoever is first makes it; the others wait, and find it made. A lock left by a dead
    program stops nobody."""
    folder = tmp_path / "new"
    folder.mkdir()
    for name in ("library.lock", "indexing.lock"):
        (folder / name).write_text("99999999")
    command = [sys.executable, "-c", BEGINS, str(folder), str(time.time() + 1.5)]
    started = [
        subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=PATIENCE_S)[0].strip() for process in started]
    assert len(set(said)) == 1
    assert len(said[0]) == 36
    library = Library(folder)
    assert [person.name for person in library.people()] == ["Ana"]
    with Indexing(library.store, lambda _event: None):
        pass
    library.close()
