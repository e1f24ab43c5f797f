"""Weighing that is our own: one saturation over the fields, the best of ways, some of all."""

from __future__ import annotations

from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search import blend
from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.query import And, Either, Most, Nearby, Node, Phrase, Word
from indexer.search.reader import Searcher
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import byte_to_length, length_to_byte
from tests.unit.search.made import asset, index

FILL = "other words stand here too " * 6
WORDS = ("kite", "lamp", "moss", "nest")

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
documents = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8)


def scores(searcher: Searcher, node: Node) -> dict[int, float]:
    matches = searcher.search(node)
    return dict(zip(matches.asset_ids.tolist(), matches.scores.tolist(), strict=True))


def _kept(length: int) -> float:
    """The length of a field as the byte of Whoosh's format keeps it."""
    return byte_to_length(length_to_byte(length)) if length else 0


def _doc(number: int, title: str, heading: str, body: str) -> AssetDoc:
    return AssetDoc(number, title, "", "xx", (PageDoc(1, heading, body, ""),))


@given(documents, st.sampled_from(WORDS))
def test_a_word_is_weighed_once_over_all_fields(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, str, str]], word: str
) -> None:
    docs = [_doc(number, *texts) for number, texts in enumerate(found, 1)]
    searcher = index(tmp_path_factory.mktemp("blend") / "index", *docs)
    named = [dict(zip(("title", "heading", "body"), map(str.split, each), strict=True))
             for each in found]  # fmt: skip
    lengths = [sum(_kept(len(held)) for held in fields.values()) for fields in named]
    many = max(sum(word in fields[name] for fields in named) for name in named[0])
    idf = log(1 + (len(docs) - many + 0.5) / (many + 0.5))
    expected = {}
    for number, (fields, length) in enumerate(zip(named, lengths, strict=True), 1):
        w = sum(BOOSTS[name] * Counter(held)[word] for name, held in fields.items())
        average = sum(lengths) / len(lengths) or 1.0
        if w:
            below = w + blend.K * (1 - blend.B + blend.B * length / average)
            expected[number] = idf * w * (blend.K + 1) / below
    assert scores(searcher, Word(word)) == pytest.approx(expected, rel=1e-4)


def test_a_wide_beginning_weighs_the_same_beside_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [f"lamp {'mo' + chr(97 + n)} {'moss ' * (n % 3)}" for n in range(24)]
    searcher = index(tmp_path / "index", *(asset(n, body) for n, body in enumerate(bodies, 1)))
    begun = Either(((Word("mo"), 1.0), (Word("mo", prefix=True), 1.0)))
    apart = scores(searcher, Word("lamp")), scores(searcher, begun)
    searcher.forget()
    narrowed = []
    monkeypatch.setattr(
        blend, "narrowed", lambda *given, own=blend.narrowed: narrowed.append(1) or own(*given)
    )
    both = scores(searcher, And((Word("lamp"), begun)))
    assert narrowed
    expected = {key: apart[0][key] + apart[1][key] for key in apart[1]}
    assert both == pytest.approx(expected, rel=1e-5)


def test_of_several_ways_the_best_counts_and_a_rare_one_no_more_than_the_word(
    tmp_path: Path,
) -> None:
    searcher = index(
        tmp_path / "index", asset(1, "price"), asset(2, "price"), asset(3, "price"),
        asset(4, "tariff"), asset(5, "lamp"),
    )  # fmt: skip
    found = scores(searcher, Either(((Word("price"), 1.0), (Word("tariff"), 0.5))))
    assert set(found) == {1, 2, 3, 4}
    assert found[4] == pytest.approx(found[1] * 0.5, rel=1e-4)


def test_most_finds_any_and_puts_what_has_more_first(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index", asset(1, "lamp lamp lamp lamp"), asset(2, f"lamp moss {FILL}"),
        asset(3, FILL), asset(4, f"lamp {FILL}"),
    )  # fmt: skip
    matches = searcher.search(Most((Word("lamp"), Word("moss"), Word("absent"))))
    assert matches.asset_ids.tolist() == [2, 1, 4]


def test_words_in_a_row_count_more_also_over_words_that_say_nothing(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index", asset(1, f"trust {FILL} zero"), asset(2, f"{FILL} zero trust"),
        asset(3, f"{FILL} zero of trust"),
    )  # fmt: skip
    both = And((Word("zero"), Word("trust")))
    plain = scores(searcher, both)
    row = scores(searcher, Nearby(both, (Word("zero"), Word("trust"))))
    assert row[2] > plain[2]
    assert (row[1], row[3]) == pytest.approx((plain[1], plain[3]))
    over = scores(searcher, Nearby(both, (Word("zero"), None, Word("trust"))))
    assert over[3] > plain[3]
    assert over[2] > plain[2]


def test_a_beginning_stands_in_a_row_too(tmp_path: Path) -> None:
    endings = ("um", "ee", "or", "ing", "ed", "worthy", "fund", "less")
    searcher = index(
        tmp_path / "index",
        *(asset(n, f"{FILL} zero trust{end}") for n, end in enumerate(endings, 1)),
        asset(50, f"trusting {FILL} zero"),
    )
    begun = Word("trus", prefix=True)
    both = And((Word("zero"), begun))
    plain, row = scores(searcher, both), scores(searcher, Nearby(both, (Word("zero"), begun)))
    assert all(row[n] > plain[n] for n in range(1, len(endings) + 1))
    assert row[50] == pytest.approx(plain[50])


def test_a_phrase_counts_how_often_it_stands_there(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index", asset(1, "zero trust zero trust lamp lamp"),
        asset(2, "zero trust zero lamp trust lamp"),
    )  # fmt: skip
    found = scores(searcher, Phrase(("zero", "trust")))
    assert found[1] > found[2] > 0


def test_nothing_is_left_behind_for_the_next_search(tmp_path: Path) -> None:
    searcher = index(tmp_path / "index", asset(1, "zero trust e-mail"), asset(2, "zero email"))
    for text in ("zero", "e-mail", "trust"):
        word = Word(text, prefix=True)
        searcher.search(Nearby(Most((Word("zero"), word)), (Word("zero"), word)))
    assert not searcher._state.sums.any()
    assert not searcher._state.seen.any()
    assert np.isnan(searcher._state._scores).all()
