"""In a library without an index the reading children start before the record is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.catalogue.mending import IGNORED
from app.cli.main import main
from app.indexing import Indexing
from app.indexing.readers import ahead_note, early_readers
from app.library import Library
from app.rows import FindSpec
from indexer.inhand import Note
from indexer.watch.ignore import IGNORE_FILE
from indexer.worker import Extractors
from tests.collateral import index, write_pages


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def test_the_children_that_started_early_read_the_files(library: Library, tmp_path: Path) -> None:
    write_pages(tmp_path / "root" / "a.md", ["Opening\nAsk about churn"])
    early = early_readers(library.paths, library.settings, [tmp_path / "root"])
    assert early is not None
    started = [child.pid for child in early._children]
    assert started
    library.add_root(str(tmp_path / "root"))
    with Indexing(library.store, lambda _: None, early) as indexing:
        assert indexing.bring_up_to_date().read == 1
        assert [child.pid for child in early._children] == started
    assert early._children == []
    assert library.find(FindSpec("churn", exact=True)).total == 1


def _told(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """What pools are told from now on of the files that will come."""
    told: list[list[Path]] = []
    keep = lambda _pool, ahead=(), _noted=None: told.append([*ahead])  # noqa: E731
    monkeypatch.setattr(Extractors, "prepare", keep)
    return told


def test_they_are_told_of_the_small_files_that_a_scan_would_find(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _told(monkeypatch)
    root = tmp_path / "root"
    for name in ("b.md", "a/c.txt", "node_modules/no.md", "no.tmp.md"):
        write_pages(root / name, ["Opening"])
    (root / "large.md").write_text("words " * 20_000)
    (root / IGNORE_FILE).write_text("*.tmp.md\n")
    early_readers(library.paths, library.settings, [tmp_path / "nowhere", root])
    assert told == [[root / "b.md", root / "a" / "c.txt"]]


def test_they_read_nothing_ahead_where_people_have_ignored_files(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _told(monkeypatch)
    write_pages(tmp_path / "root" / "a.md", ["Opening"])
    library.settings.set_fact(IGNORED, {"*": ["a.md"]})
    early_readers(library.paths, library.settings, [tmp_path / "root"])
    assert told == [[]]


def test_they_read_nothing_ahead_where_that_may_have_ended_the_program_ix12(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write_pages(tmp_path / "root" / "a.md", ["Opening"])
    library.add_root(str(tmp_path / "root"))
    Note(str(ahead_note(library.paths))).say(str(bad))
    told = _told(monkeypatch)
    early_readers(library.paths, library.settings, [tmp_path / "root"])
    assert told == [[]]
    with Indexing(library.store, lambda _: None) as indexing:
        died: list[str] = []
        monkeypatch.setattr(indexing._in_hand, "died", died.append)
        assert indexing.bring_up_to_date().read == 1
    assert len(died) == 1, "it is held against that file, once"
    assert not ahead_note(library.paths).exists()


def test_none_start_where_an_index_is_there(library: Library, tmp_path: Path) -> None:
    """A second run with nothing changed must not pay for children that find nothing to do."""
    write_pages(tmp_path / "root" / "a.md", ["Opening"])
    index(library, tmp_path / "root")
    assert early_readers(library.paths, library.settings, [tmp_path / "root"]) is None


def test_they_end_when_the_folder_is_refused(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(
        "app.indexing.readers.early_readers",
        lambda *given: made.append(early_readers(*given)) or made[0],
    )
    assert main(["--library", str(library.folder), "index", str(tmp_path / "nowhere")]) == 1
    assert made[0]._children == []
