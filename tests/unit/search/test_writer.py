"""One writer, one commit, the change number with it; replaced and removed assets; merges."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.search import merging
from indexer.search.documents import AssetDoc
from indexer.search.files import Entry
from indexer.search.query import Everything, Phrase, Word
from indexer.search.reader import IndexMissing, Searcher
from indexer.search.writer import IndexBusy, IndexWriter, start_rebuild
from tests.unit.search.made import asset, found, index


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    """IX-8."""
    busy = pytest.raises(IndexBusy, match="writing the search index already")
    with IndexWriter(tmp_path / "index"), busy:
        IndexWriter(tmp_path / "index")
    IndexWriter(tmp_path / "index").close()


def test_the_folder_is_private(tmp_path: Path) -> None:
    IndexWriter(tmp_path / "index").close()
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700


def test_replaced_and_removed_assets(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "old", "old too"), asset(2, "stays"), asset(3, "goes")], (), 10)
        searcher = Searcher.open(tmp_path / "index")
        writer.apply([asset(1, "new")], [3], 11)
        assert found(searcher, Word("old")) == {1}, "an open searcher keeps its commit"
        assert searcher.reopen()
        assert not searcher.reopen()
    assert found(searcher, Word("old")) == set()
    assert found(searcher, Word("new")) == {1}
    assert found(searcher, Everything()) == {1, 2}
    assert (searcher.applied, searcher.doc_count) == (11, 2)


def test_removed_and_added_again_in_one_batch(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "old")], (), 1)
        writer.apply([asset(1, "first"), asset(1, "second")], [1], 2)
    searcher = Searcher.open(tmp_path / "index")
    assert found(searcher, Word("first")) == set()
    assert found(searcher, Word("second")) == {1}
    assert searcher.doc_count == 1


def test_a_change_without_documents_is_held_too(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply((), (), 41)
    with IndexWriter(tmp_path / "index") as writer:
        assert writer.applied == 41
        with pytest.raises(ValueError, match="older than change 41"):
            writer.apply((), (), 40)


def test_a_batch_that_fails_changes_nothing(tmp_path: Path) -> None:
    """IX-9: it is cancelled and not committed as well, and the writer goes on."""
    def broken() -> Iterator[AssetDoc]:
        yield asset(2, "two")
        raise OSError("the disk went away")

    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "one")], (), 1)
        with pytest.raises(OSError, match="went away"):
            writer.apply(broken(), [1], 2)
        assert writer.applied == 1
        writer.apply([asset(3, "three")], (), 2)
    searcher = Searcher.open(tmp_path / "index")
    assert found(searcher, Everything()) == {1, 3}
    assert len(list((tmp_path / "index").rglob("MAIN_*.pst"))) == 2


def test_merging_keeps_answers_and_bounds_segments(tmp_path: Path) -> None:
    """IX-11."""
    with IndexWriter(tmp_path / "index") as writer:
        for change in range(1, 61):
            body = f"number n{change} word red blue"
            writer.apply([asset(change % 20, body, language="de")], [change % 7 + 100], change)
            assert len(writer._manifest.segments) < merging.MOST_SEGMENTS
        while writer.merge_if_idle():
            pass
        assert len(writer._manifest.segments) < merging.WIDTH
    searcher = Searcher.open(tmp_path / "index")
    assert searcher.doc_count == 20
    assert found(searcher, Phrase(("red", "blue"))) == set(range(20))
    for change in range(41, 61):
        assert found(searcher, Word(f"n{change}")) == {change % 20}
    assert found(searcher, Word("n1")) == set()
    assert "n1" not in searcher.completions("n1", k=99)


def test_which_segments_are_joined() -> None:
    def entry(documents: int, name: str = "x") -> Entry:
        return Entry(name, documents, {}, ())

    assert merging.choose(tuple(entry(10) for _ in range(3))) == []
    assert len(merging.choose(tuple(entry(10) for _ in range(4)))) == 4
    large = (entry(100_000), *(entry(10) for _ in range(4)))
    assert max(e.documents for e in merging.choose(large)) == 10
    assert merging.choose((entry(75_000), entry(45_000), entry(10), entry(10))) == []


def test_when_idle_few_segments_are_left() -> None:
    """Those of a first indexing of 120,000 pages, and of some changes since."""
    left = [Entry(str(at), n, {}, ()) for at, n in enumerate((112, 75_000, 122, 45_000, 12, 900))]
    while chosen := merging.choose(tuple(left), idle=True):
        assert len(chosen) > 1
        left = [entry for entry in left if entry not in chosen]
        left.append(Entry("joined", sum(entry.live for entry in chosen), {}, ()))
    assert sorted(entry.live for entry in left) == [246, 900, 120_000]


def test_everything_removed_leaves_an_index_that_answers(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "one")], (), 1)
        writer.apply((), [1], 2)
    searcher = Searcher.open(tmp_path / "index")
    assert found(searcher, Everything()) == set()
    assert searcher.applied == 2
    assert not list((tmp_path / "index").rglob("MAIN_*"))


def test_a_rebuild_leaves_the_old_index_answering_until_the_switch(tmp_path: Path) -> None:
    """IX-1, IX-6: beside the old one, resumable, switched in one step."""
    folder = tmp_path / "index"
    searcher = index(folder, asset(1, "old"), change=5)
    with start_rebuild(folder) as writer:
        assert (writer.rebuilding, writer.applied) == (True, 0)
        writer.apply([asset(1, "new")], (), 3)
    assert found(Searcher.open(folder), Word("old")) == {1}
    with IndexWriter(folder, rebuild=True, resume=False) as writer:
        assert (writer.rebuilding, writer.applied) == (True, 0)
        writer.apply([asset(1, "new")], (), 3)
    with start_rebuild(folder) as writer:
        assert (writer.rebuilding, writer.applied) == (True, 3)
        writer.apply([asset(2, "more")], (), 5)
        assert not searcher.reopen()
        writer.switch()
        assert not writer.rebuilding
        writer.apply([asset(3, "later")], (), 6)
    assert searcher.reopen()
    assert found(searcher, Everything()) == {1, 2, 3}
    assert found(searcher, Word("old")) == set()
    assert len(list(folder.glob("i-*"))) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no such modes here")
def test_an_index_that_others_could_change_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    index(folder, asset(1, "one")).close()
    folder.chmod(0o777)
    with pytest.raises(IndexMissing, match="Other users could change"):
        Searcher.open(folder)
    with IndexWriter(folder) as writer:
        assert writer.rebuilding, "what lay in it is not trusted"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
