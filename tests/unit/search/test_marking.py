"""Excerpts: the words that were searched for are marked where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.marking import snippet
from indexer.search.query import And, Not, Phrase, Word
from tests.unit.search.made import asset, index


def marked(text: str, terms: tuple[str, ...], width: int = 160) -> list[str]:
    excerpt, ranges = snippet(text, terms, width)
    return [excerpt[a:b] for a, b in ranges]


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Security, securities; insecurity", ("security",), ["Security"]),
        ("Security, securities; insecurity", ("secur*",), ["Security", "securities"]),
        ("Send E-Mail or email", ("email",), ["E-Mail", "email"]),
        ("C# and C and c++", ("c#",), ["C#"]),
        ("Größe der ﬁnance", ("grosse", "finance"), ["Größe", "ﬁnance"]),
        ("inte\u00adgration", ("integration",), ["inte\u00adgration"]),
        ("降价方案和服务", ("方案",), ["方案"]),
        ("x <b>bold</b>", ("bold",), ["bold"]),
        ("nothing here", ("absent",), []),
        ("", ("a",), []),
        ("a b", ("*", ""), []),
    ],
)
def test_words_are_marked(text: str, terms: tuple[str, ...], expected: list[str]) -> None:
    assert marked(text, terms) == expected


def test_the_excerpt_is_where_the_words_stand_together() -> None:
    text = "alpha " + "filler " * 60 + "alpha beside beta " + "filler " * 60 + "beta"
    excerpt, ranges = snippet(text, ("alpha", "beta"))
    assert [excerpt[a:b] for a, b in ranges] == ["alpha", "beta"]
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(excerpt) <= 170


def test_line_breaks_become_spaces() -> None:
    assert snippet("one\ntwo\tthree", ("two",)) == ("one two three", ((4, 7),))


def test_terms_of_a_search_mark_its_inflections(tmp_path: Path) -> None:
    text = "Prices, priced right. Our e-mail says SOC 2 compliance is no secret."
    searcher = index(tmp_path / "index", asset(1, text))
    node = And(
        (Word("price"), Word("email"), Phrase(("soc", "2")), Not(Word("x")), Word("comp", True))
    )
    matches = searcher.search(node)
    assert matches.asset_ids.tolist() == [1]
    expected = ["Prices", "priced", "e-mail", "SOC", "2", "compliance"]
    assert marked(text, matches.terms) == expected


@given(
    st.text(st.sampled_from("ab- ßé\u0301降价\nİﬁC#.'")),
    st.lists(st.text(st.sampled_from("abßé降价ifc#*"), max_size=4), max_size=3),
    st.integers(1, 40),
)
def test_ranges_are_ascending_and_inside(text: str, terms: list[str], width: int) -> None:
    excerpt, ranges = snippet(text, tuple(terms), width)
    end = 0
    for a, b in ranges:
        assert end <= a < b <= len(excerpt)
        end = b
