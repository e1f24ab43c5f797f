"""A damaged index says so in a sentence, is never answered from, and is rebuilt beside itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.search import files
from indexer.search.query import Everything, Word
from indexer.search.reader import IndexMissing, Searcher
from indexer.search.writer import IndexWriter
from tests.unit.search.made import asset, found, index


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(bytes(data))


HARMS = [_truncate, _empty, _flip, Path.unlink]
NAMES = ["current", files.MANIFEST, "*.doc", "*.trm", "*.pst"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__.strip("_"))
def test_harm_is_noticed_and_repaired(
    tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    """IX-1, IX-3."""
    folder = tmp_path / "index"
    index(folder, *(asset(i, f"word number {i}") for i in range(1, 9)), change=9).close()
    (victim,) = folder.rglob(name)
    harm(victim)
    with pytest.raises(IndexMissing, match=r"^[A-Z].*\.$"):
        Searcher.open(folder)
    with IndexWriter(folder) as writer:
        assert writer.applied == 0
        if writer.rebuilding:
            with pytest.raises(IndexMissing):
                Searcher.open(folder)
        writer.apply([asset(1, "word again")], (), 10)
        writer.switch()
    searcher = Searcher.open(folder)
    assert (searcher.applied, found(searcher, Word("word"))) == (10, {1})


def test_no_index_is_not_an_empty_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="no search index yet"):
        Searcher.open(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_another_version_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IX-4."""
    index(tmp_path / "index", asset(1, "one")).close()
    monkeypatch.setattr(files.words, "ANALYSER", 99)
    with pytest.raises(IndexMissing, match="another version"):
        Searcher.open(tmp_path / "index")
    with IndexWriter(tmp_path / "index") as writer:
        assert writer.rebuilding


def test_a_pointer_cannot_lead_elsewhere(tmp_path: Path) -> None:
    index(tmp_path / "index", asset(1, "one")).close()
    (tmp_path / "index" / "current").write_text("i-../../other")
    with pytest.raises(IndexMissing, match="damaged"):
        Searcher.open(tmp_path / "index")


def test_a_searcher_answers_on_when_the_index_is_damaged_behind_it(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    searcher = index(folder, asset(1, "one"))
    (manifest,) = folder.rglob(files.MANIFEST)
    manifest.write_text("{}")
    with pytest.raises(IndexMissing):
        searcher.reopen()
    assert found(searcher, Everything()) == {1}


@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file cannot be cut there")
@pytest.mark.parametrize("name", ["*.trm", "*.pst"])
def test_a_file_cut_short_under_a_searcher_is_not_read(tmp_path: Path, name: str) -> None:
    """Reading a mapped file beyond its end would end the program."""
    searcher = index(tmp_path / "index", asset(1, "one"))
    (victim,) = (tmp_path / "index").rglob(name)
    _empty(victim)
    for ask in (
        lambda: searcher.search(Word("one")),
        lambda: searcher.search_assets(Word("one"), 1),
        lambda: searcher.more_like(["one"], 1),
    ):
        with pytest.raises(IndexMissing, match="cut short"):
            ask()
    assert searcher.completions("o") == []
    assert searcher.suggest("onne") is None


def test_the_manifest_tells_what_the_index_holds(tmp_path: Path) -> None:
    index(tmp_path / "index", asset(1, "one"), change=77).close()
    (manifest,) = (tmp_path / "index").rglob(files.MANIFEST)
    told = json.loads(manifest.read_bytes())
    assert told["applied"] == 77
    assert {"format", "fingerprint", "analyser", "generation"} <= told.keys()
