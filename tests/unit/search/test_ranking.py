"""Which page of which asset is shown, and what the caller may filter."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.search.query import And, Everything, Word
from tests.unit.search.made import asset, found, index


def test_the_title_finds_the_asset_and_the_body_the_page(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index",
        asset(1, "intro", "our history", "security of data", title="Acme overview"),
        asset(2, "security", title="Other"),
    )
    matches = searcher.search(And((Word("acme"), Word("security"))))
    assert matches.asset_ids.tolist() == [1]
    assert matches.page_nos.tolist() == [3]


def test_of_equal_pages_the_first_is_shown(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", asset(7, "a b", "c d", "e f", title="Acme"))
    ids, pages, scores, counts = searcher.search(Word("acme")).by_asset()
    assert (ids.tolist(), pages.tolist(), counts.tolist()) == ([7], [1], [3])
    assert scores[0] > 0


def test_pages_and_assets_come_best_first(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index",
        asset(1, "price and many other words on this page", "price"),
        asset(2, "nothing", title="Price"),
        asset(3, "price of one thing among very many other things that stand here"),
    )
    matches = searcher.search(Word("price"))
    assert matches.scores.tolist() == sorted(matches.scores.tolist(), reverse=True)
    best = matches.by_asset()
    assert best.asset_ids.tolist() == [2, 1, 3]
    assert best.page_nos.tolist() == [1, 2, 1]
    assert best.page_counts.tolist() == [1, 2, 1]


def test_an_asset_without_text_is_found_by_title_and_name(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", asset(5, title="Launch video", filename="launch.mp4"))
    matches = searcher.search(Word("mp4"))
    assert (matches.asset_ids.tolist(), matches.page_nos.tolist()) == ([5], [0])
    assert found(searcher, Word("video")) == {5}


def test_only_allowed_assets_are_found(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", *(asset(i, "word") for i in (1, 2, 9)))
    for allowed in ({2, 9, 77}, np.array([9, 2]), np.array([False, False, True] + [True] * 7)):
        matches = searcher.search(Word("word"), allowed=allowed)
        assert sorted(matches.asset_ids.tolist()) == [2, 9]
    short = np.array([False, True])
    assert searcher.search(Word("word"), allowed=short).asset_ids.tolist() == [1]
    assert not len(searcher.search(Everything(), allowed=set()).asset_ids)


def test_large_asset_ids(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", asset(2_000_000_000, "word", "word"), asset(3, "word"))
    best = searcher.search(Word("word"), allowed={2_000_000_000}).by_asset()
    assert (best.asset_ids.tolist(), best.page_counts.tolist()) == ([2_000_000_000], [2])


def test_a_page_of_a_hundred_thousand_words(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", asset(1, "word " * 99_999 + "needle"), asset(2, "x"))
    assert found(searcher, Word("needle")) == {1}


def test_an_empty_index_answers(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index")
    assert not len(searcher.search(Everything()).by_asset().asset_ids)
    assert searcher.completions("a") == []
    assert searcher.doc_count == 0
