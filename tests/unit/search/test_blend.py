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
from indexer.search.kept import Kept
from indexer.search.query import And, Either, Most, Nearby, Node, Phrase, Word
from indexer.search.reader import Searcher
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import byte_to_length, length_to_byte
from indexer.search.writer import IndexWriter
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


def test_little_parts_find_nothing_beside_others_and_count_in_part(tmp_path: Path) -> None:
    searcher = index(
        tmp_path / "index", asset(1, f"lamp moss {FILL}"), asset(2, f"lamp fern {FILL}"),
        asset(3, f"moss fern {FILL}"), *(asset(n, f"the {FILL}") for n in range(4, 20)),
    )  # fmt: skip
    lamp, moss, the = Word("lamp"), Word("moss"), Word("the")
    plain, beside = (scores(searcher, Most((lamp,), little)) for little in ((), (moss,)))
    assert set(plain) == set(beside) == {1, 2}
    assert beside[1] > plain[1] == plain[2] > beside[2]
    lighter = scores(searcher, Most((lamp,), (moss,), 0.1))
    assert beside[2] < lighter[2] < plain[2]
    assert set(scores(searcher, Most((Word("absent"),), (moss,)))) == {1, 3}
    assert scores(searcher, Most((lamp,), (the, moss))) == beside, "it is too common"


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


@given(documents, st.sampled_from(("k", "la", "m", "ne")), st.data())
def test_a_beginning_is_weighed_alike_however_its_lists_are_merged(
    tmp_path_factory: pytest.TempPathFactory,
    found: list[tuple[str, str, str]],
    begin: str,
    data: st.DataObject,
) -> None:
    """Long lists are added up among all documents, short ones sorted; of some documents too."""
    endings = [f"{word}{end}" for word in WORDS for end in ("", "a", "b")]
    extra = [" ".join(data.draw(st.lists(st.sampled_from(endings), max_size=6))) for _ in found]
    docs = [
        _doc(number, title, heading, f"{body} {more}")
        for number, ((title, heading, body), more) in enumerate(zip(found, extra, strict=True), 1)
    ]
    searcher = index(tmp_path_factory.mktemp("merged") / "index", *docs)
    node, beside = Word(begin, prefix=True), And((Word("lamp"), Word(begin, prefix=True)))
    outcomes = []
    for sparse in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blend, "SPARSE", sparse)
            searcher.forget()
            outcomes.append((scores(searcher, node), scores(searcher, beside)))
    for ours, theirs in zip(*outcomes, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)


def test_a_rare_word_and_what_begins_with_it_count_by_the_better_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = ["mo mo rare", *(f"moss{chr(97 + n)} word" for n in range(20))]
    searcher = index(tmp_path / "index", *(asset(n, body) for n, body in enumerate(bodies, 1)))
    begun = Either(((Word("mo"), 1.0), (Word("mo", prefix=True), 1.0)))
    quick = scores(searcher, begun)
    assert blend._wider(*(searcher._state.found(part) for part in _parts(searcher, begun)))
    monkeypatch.setattr(blend, "_wider", lambda *_: None)
    searcher.forget()
    assert quick == pytest.approx(scores(searcher, begun), rel=1e-5)
    assert quick[1] == max(quick.values())


def _parts(searcher: Searcher, node: Node) -> list[object]:
    return [part for part, _ in searcher._planning().plan(node).query.parts]


def test_hits_are_not_taken_for_wider_ones_that_lack_some(tmp_path: Path) -> None:
    docs = (asset(n, "lamp" if n else "moss") for n in range(30))
    searcher = index(tmp_path / "index", *docs)
    few, many = (searcher._state.found(searcher._planning().plan(Word(word)).query)
                 for word in ("moss", "lamp"))  # fmt: skip
    assert len(few.ids) * blend.FEW < len(many.ids)
    assert blend._wider(few, many) is None


def test_pages_with_have_a_word_themselves_and_are_those_that_are_left(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "old lamp", "lamp", title="lamp"), asset(2, "lamp")], (), 1)
        writer.apply([asset(1, "nothing", "a lamp", "e-lamp here", title="lamp")], (), 2)
    searcher = Searcher.open(tmp_path / "index")
    assert searcher._state.alive is not None

    def pages(word: Node, *allowed: int) -> list[tuple[int, int]]:
        found = searcher.pages_with(Word("lamp"), [word], allowed)
        return sorted(zip(found.asset_ids.tolist(), found.page_nos.tolist(), strict=True))

    assert pages(Word("lamp"), 1) == [(1, 2), (1, 3)]
    assert pages(Word("lamp"), 1, 2) == [(1, 2), (1, 3), (2, 1)]
    assert pages(Phrase(("a", "lamp")), 1, 2) == [(1, 2)]
    assert pages(Word("e-lamp"), 1, 2) == [(1, 3)]
    assert pages(Word("lamp", field="title"), 1, 2) == []
    assert pages(Word("absent"), 1, 2) == []


def test_deleted_pages_are_in_no_asset(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(n, "lamp lamp", "lamp") for n in range(1, 6)], (), 1)
        writer.apply([asset(3, "lamp moss")], (5,), 2)
    searcher = Searcher.open(tmp_path / "index")
    found = searcher.search_assets(Word("lamp"), 9)
    counts = dict(zip(found.asset_ids.tolist(), found.page_counts.tolist(), strict=True))
    assert counts == {1: 2, 2: 2, 3: 1, 4: 2}
    assert sorted(found.all_ids.tolist()) == [1, 2, 3, 4]
    some = searcher.search_assets(Word("lamp"), 9, allowed=[2, 3, 5])
    assert sorted(some.asset_ids.tolist()) == [2, 3]
    assert not searcher.search_assets(Word("lamp"), 9, allowed=[5]).total
    assert sorted(searcher.search(Word("lamp")).asset_ids.tolist()) == [1, 1, 2, 2, 3, 4, 4]


def test_what_is_kept_stays_within_its_bytes() -> None:
    kept: Kept[str] = Kept(10, len)
    kept.put("a", "four")
    kept.put("b", "four")
    assert kept.get("a") == "four"
    kept.put("c", "four")
    assert "b" not in kept
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("four", None, "four")
    kept.put("c", "much longer than that")
    assert (kept.get("a"), kept.get("c")) == (None, "much longer than that")
    kept.clear()
    kept.put("d", "0123456789")
    assert kept.get("d")


def test_what_was_asked_last_is_asked_anew_after_a_commit(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        writer.apply([asset(1, "lamp")], (), 1)
        searcher = Searcher.open(tmp_path / "index")
        assert set(scores(searcher, Word("lamp"))) == {1}
        writer.apply([asset(2, "lamp")], (1,), 2)
        assert searcher.reopen()
        assert set(scores(searcher, Word("lamp"))) == {2}
