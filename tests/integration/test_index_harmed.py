"""Whatever is done to the index while the program runs: always an answer, then repair by itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
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


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    index(opened, folder)
    yield opened
    opened.close()


def truth(library: Library) -> bool:
    """Whether the search tells it; what it says about itself is not looked at."""
    found = sorted(hit.path for hit in library.find(FindSpec("otters", exact=True)).hits)
    (one,) = library.find(FindSpec("only3here", exact=True)).hits
    nothing = library.find(FindSpec("llamas", exact=True)).hits
    return (found, one.path, one.page, nothing) == ([f"{n}.md" for n in range(8)], "3.md", 1, ())


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


HARMS: dict[str, Harm] = {
    "everything deleted": shutil.rmtree,
    "pointer deleted": lambda folder: (folder / "current").unlink(),
    "pointer garbled": lambda folder: (folder / "current").write_text("i-zz/../.."),
    "list cut": lambda folder: _cut(next(folder.rglob(files.MANIFEST))),
    "postings cut": lambda folder: _cut(next(folder.rglob("*.pst"))),
    "words flipped": lambda folder: _flip(next(folder.rglob("*.trm"))),
    "postings flipped by the disk": lambda folder: _flip_unseen(next(folder.rglob("*.pst"))),
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
