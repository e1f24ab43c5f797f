"""In a library without an index the reading children start before the record is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.main import main
from app.indexing import Indexing
from app.indexing.readers import early_readers
from app.library import Library
from app.rows import FindSpec
from tests.collateral import index, write_pages


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def test_the_children_that_started_early_read_the_files(library: Library, tmp_path: Path) -> None:
    write_pages(tmp_path / "root" / "a.md", ["Opening\nAsk about churn"])
    early = early_readers(library.paths, library.settings)
    assert early is not None
    started = [child.pid for child in early._children]
    assert started
    library.add_root(str(tmp_path / "root"))
    with Indexing(library.store, lambda _: None, early) as indexing:
        assert indexing.bring_up_to_date().read == 1
        assert [child.pid for child in early._children] == started
    assert early._children == []
    assert library.find(FindSpec("churn", exact=True)).total == 1


def test_none_start_where_an_index_is_there(library: Library, tmp_path: Path) -> None:
    """A second run with nothing changed must not pay for children that find nothing to do."""
    write_pages(tmp_path / "root" / "a.md", ["Opening"])
    index(library, tmp_path / "root")
    assert early_readers(library.paths, library.settings) is None


def test_they_end_when_the_folder_is_refused(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(
        "app.indexing.readers.early_readers",
        lambda paths, settings: made.append(early_readers(paths, settings)) or made[0],
    )
    assert main(["--library", str(library.folder), "index", str(tmp_path / "nowhere")]) == 1
    assert made[0]._children == []
