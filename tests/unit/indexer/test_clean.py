"""Text fit to be stored and shown, within its caps."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.clean import clean, clean_line, clean_pages
from indexer.extract.model import PAGE_CAP, PageText


def _page(number: int, body: str) -> PageText:
    return PageText(number, f"page {number}", "", body, "", hidden=False)


def test_spells_out_ligatures_and_keeps_the_meaning_of_numbers() -> None:
    assert clean("eﬃcient ﬂow, 10² m, ½ price™") == "efficient flow, 10² m, ½ price™"
    assert clean("\ufefb") == "\u0644\u0627"


def test_drops_control_characters_and_lone_surrogates() -> None:
    assert clean("a\x00b\x07c\udce9d\u200be\u00adf") == "abcdef"


def test_orders_white_space() -> None:
    assert clean(" a \u00a0 b\r\nc \t d\n\n\n\n e\x0bf ") == "a b\nc\td\n\ne\nf"


@given(st.text())
def test_clean_text_is_storable_and_stable(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert "\x00" not in once
    assert unicodedata.is_normalized("NFC", once)
    assert clean(once) == once


def test_line_is_cut_with_a_mark() -> None:
    assert clean_line("a\nb  c") == "a b c"
    assert clean_line("x" * 20, 10) == "x" * 9 + "…"


def test_text_cap_ends_the_pages_and_says_so_file6(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.extract.clean.TEXT_CAP", 1_000)
    warnings: list[str] = []
    pages = clean_pages([_page(n, "x" * 501) for n in (1, 2, 3)], warnings)
    assert [len(page.body) for page in pages] == [501, 499]
    assert warnings == ["Only the first 1,000 characters were read, up to page 2 of 3."]


def test_page_cap_file6() -> None:
    warnings: list[str] = []
    pages = clean_pages([_page(n, "x") for n in range(PAGE_CAP + 3)], warnings)
    assert len(pages) == PAGE_CAP
    assert warnings == ["Only the first 5,000 pages were read."]
