"""Words nearly right, patterns, nearness, page numbers, likeness, and assets without sorting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from whoosh.query import spans

from indexer.search import lexicon
from indexer.search.query import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Pages,
    Phrase,
    Wildcard,
    Word,
)
from indexer.search.reader import Searcher
from indexer.search.whooshed import query as wq
from tests.unit.search.made import asset, found, index


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    return index(
        tmp_path / "index",
        asset(1, "security of data", "pricing and security", title="Acme"),
        asset(2, "price list", "total cost of ownership", "total of all hidden cost"),
        asset(3, "cost in total", title="Security roadmap"),
    )


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Fuzzy("secuirty"), {1, 3}),
        (Fuzzy("securty"), {1, 3}),
        (Fuzzy("security"), {1, 3}),
        (Fuzzy("securrrity"), set()),
        (Fuzzy("pricng"), {1, 2}),
        (Fuzzy("acne", field="title"), {1}),
        (Fuzzy(""), set()),
        (Wildcard("secur*"), {1, 3}),
        (Wildcard("*cing"), {1, 2}),
        (Wildcard("t?tal"), {2, 3}),
        (Wildcard("p*", field="title"), set()),
        (Wildcard("*"), {1, 2, 3}),
        (Wildcard("zz*"), set()),
        (Phrase(("total", "cost")), {2}),
        (Phrase(("total", "cost"), slop=4), {2}),
        (Phrase(("cost", "total")), set()),
        (Phrase(("cost", "total"), slop=2), {3}),
        (Phrase(("total", "hidden", "cost"), slop=3), {2}),
        (Pages(2), {1, 2}),
        (Pages(3, 3), {2}),
        (Pages(4), set()),
        (And((Word("security"), Pages(1, 1))), {1, 3}),
        (And((Word("security"), Pages(2))), {1}),
        (And((Word("security"), Not(Pages(2)))), {1, 3}),
        (And((Pages(1), Not(Word("security")))), {2}),
        (Or((Word("hidden"), Fuzzy("acm"))), {1, 2}),
    ],
)
def test_what_each_node_finds(searcher: Searcher, node: Node, expected: set[int]) -> None:
    assert found(searcher, node) == expected
    assert set(searcher.search_assets(node, 9).asset_ids.tolist()) == expected


def test_a_page_number_does_not_score_beside_words(searcher: Searcher) -> None:
    alone = searcher.search(Word("hidden")).scores.tolist()
    assert searcher.search(And((Word("hidden"), Pages(3)))).scores.tolist() == alone
    assert searcher.search(Pages(3)).scores.tolist() == [1.0]


def test_many_words_for_a_pattern_are_said_to_be_at_least(tmp_path: Path) -> None:
    many = " ".join(f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(300))
    searcher = index(tmp_path / "index", asset(1, many))
    assert not searcher.search(Wildcard("x*")).exact
    assert searcher.search(Wildcard("xa*")).exact


def test_one_letter_of_very_many_words_looks_in_names(tmp_path: Path) -> None:
    """What one letter begins is in nearly every text; the letter itself is found in texts too."""
    many = " ".join(f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(100))
    searcher = index(
        tmp_path / "index",
        asset(1, many),
        asset(2, "plain", title="Xaa overview"),
        asset(3, "the x factor"),
        asset(4, "plain", filename="xab.pdf"),
    )
    assert found(searcher, Word("x", prefix=True)) == {2, 3, 4}
    assert found(searcher, Word("xa", prefix=True)) == {1, 2, 4}
    assert found(searcher, Word("x", prefix=True, field="body")) == {1, 3}
    both = searcher.search(And((Word("plain"), Word("x", prefix=True))))
    assert both.asset_ids.tolist() == [2, 4], "one letter beside a word loses nothing"
    assert not both.exact
    assert found(searcher, And((Word("factor"), Word("x", prefix=True)))) == {3}
    assert found(searcher, And((Word("factor"), Word("xa", prefix=True)))) == set()


def test_a_beginning_beside_a_word_is_weighed_alike_kept_or_not(tmp_path: Path) -> None:
    many = [f"x{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(60)]
    docs = [asset(i, " ".join(many[i : i + 9]), "red", title="red xa") for i in range(1, 50)]
    searcher = index(tmp_path / "index", *docs, asset(60, "red"), asset(61, "xab blue"))
    node = And((Word("red"), Word("xa", prefix=True)))
    narrowed = searcher.search(node)
    searcher.search(Word("xa", prefix=True))
    kept = searcher.search(node)
    assert len(kept.asset_ids) == 98
    assert narrowed.asset_ids.tolist() == kept.asset_ids.tolist()
    assert narrowed.page_nos.tolist() == kept.page_nos.tolist()
    assert np.allclose(narrowed.scores, kept.scores, rtol=1e-5)
    assert not len(searcher.search(And((Word("absent"), Word("x", prefix=True)))).asset_ids)


def test_one_letter_in_a_large_library_looks_in_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "LARGE", 1)
    searcher = index(tmp_path / "index", asset(1, "apple"), asset(2, "b", title="Apple"))
    matches = searcher.search(Word("a", prefix=True))
    assert (matches.asset_ids.tolist(), matches.exact) == ([2], False)
    assert searcher.search(Word("ap", prefix=True)).exact


def test_the_best_assets_with_boost_and_filter(searcher: Searcher) -> None:
    plain = searcher.search_assets(Word("security"), 1)
    assert (plain.asset_ids.tolist(), plain.total) == ([3], 2)
    assert plain.page_counts.tolist() == [1]
    boosted = searcher.search_assets(Word("security"), 2, boost=np.array([0, 50, 0], np.float32))
    assert boosted.asset_ids.tolist() == [1, 3], "an asset beyond the boosts has the factor 1"
    assert boosted.scores[0] > boosted.scores[1] == plain.scores[0]
    assert boosted.page_nos.tolist() == [1, 1]
    assert boosted.page_counts.tolist() == [2, 1]
    only = searcher.search_assets(Word("security"), 5, allowed={1})
    assert (only.asset_ids.tolist(), only.total) == ([1], 1)
    assert only.matching(3).tolist() == [False, True, False]
    none = searcher.search_assets(Word("absent"), 5, allowed={1})
    assert (none.total, none.asset_ids.tolist()) == (0, [])


def test_likeness_by_the_words_that_tell_most(tmp_path: Path) -> None:
    filler = [asset(i, f"plain filler page number{i} and more plain filler") for i in range(9, 40)]
    searcher = index(
        tmp_path / "index",
        asset(1, "kubernetes kubernetes cluster security", "kubernetes networking"),
        asset(2, "running kubernetes in a cluster"),
        asset(3, "cluster of grapes"),
        *filler,
    )
    texts = ["Kubernetes kubernetes cluster security.", "kubernetes networking"]
    like = searcher.more_like(texts, 5, language="en", without=(1,))
    assert like.asset_ids.tolist() == [2, 3]
    assert searcher.more_like(texts, 5, without=(1,), allowed={3}).asset_ids.tolist() == [3]
    assert searcher.more_like(["of the and", ""], 5).asset_ids.tolist() == []


def test_what_only_whoosh_knows_is_run_by_whoosh(searcher: Searcher) -> None:
    near = spans.SpanNear2(
        [wq.Term("body", "total"), wq.Term("body", "cost")], slop=2, ordered=False
    )
    matches = searcher.run(near)
    assert set(zip(matches.asset_ids.tolist(), matches.page_nos.tolist(), strict=True)) == {
        (2, 2),
        (3, 1),
    }
    assert (matches.scores > 0).all()
    assert searcher.run(wq.Term("body", "hidden")).asset_ids.tolist() == [2]


def test_forgetting_changes_nothing_but_the_memory(searcher: Searcher) -> None:
    before = searcher.search(Everything()), searcher.search(Word("security"))
    searcher.forget()
    searcher.warm()
    after = searcher.search(Everything()), searcher.search(Word("security"))
    for one, other in zip(before, after, strict=True):
        assert one.asset_ids.tolist() == other.asset_ids.tolist()
        assert one.scores.tolist() == other.scores.tolist()
