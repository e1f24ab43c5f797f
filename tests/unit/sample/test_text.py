"""The texts of the sample are read as they were meant, and mistakes in them are named."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from app.sample.sheets import evaluate
from app.sample.text import Block, parse_body, runs, split_header
from indexer.pdf_write import PageFrame, write_pdf


def test_blocks_of_every_kind() -> None:
    (section,) = parse_body(
        "# Title\nLead\n\n- one\n- two\n\n## Head\n1. first\n2. second\n\n"
        "| a | b |\n| --- | --- |\n| 1 | |\n\n> said\n> — who\n\n!stats\n62 % | less\n\n"
        "!chart bar Loads\nDay | N\nMon | 3\n\n!page\n!notes\nSpoken\nwords\n\nand more\n"
    )
    assert section.title == "Title"
    assert section.notes == "Spoken words\nand more"
    assert section.blocks == (
        Block("paragraph", ("Lead",)),
        Block("bullets", ("one", "two")),
        Block("heading", ("Head",)),
        Block("steps", ("first", "second")),
        Block("table", rows=(("a", "b"), ("1", ""))),
        Block("quote", ("said", "— who")),
        Block("stats", rows=(("62 %", "less"),)),
        Block("chart", ("Loads",), (("Day", "N"), ("Mon", "3")), "bar"),
        Block("page"),
    )


def test_bold_pieces() -> None:
    assert runs("a **b** c") == [("a ", False), ("b", True), (" c", False)]


@pytest.mark.parametrize("source", ["no header", "x\n+++\na=1\n+++\n", "+++\na=1\n"])
def test_a_text_without_header_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="TOML header"):
        split_header(source)


def test_text_before_the_first_section_is_refused() -> None:
    with pytest.raises(ValueError, match="before the first section"):
        parse_body("stray\n# Title\n")


def test_formulas() -> None:
    assert evaluate("-(a+2)*3/b-1", {"a": 1.0, "b": 4.0}) == pytest.approx(-3.25)


@pytest.mark.parametrize("formula", ["__import__('os')", "a.b", "2**9", "unknown+1", "a<b"])
def test_formulas_know_arithmetic_only(formula: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        evaluate(formula, {"a": 1.0, "b": 1.0})


def test_pdf_parts_share_a_page_when_they_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    tall = "<p>tall</p>" * 16
    frame = PageFrame(band_height=100, cover_html="<p>Cover</p>", running="run", footer="foot – 1")
    count = write_pdf(path, ["<p>one</p>", "<p>two</p>", tall, tall], "", frame=frame,
                      metadata={"title": "T"})  # fmt: skip
    with pymupdf.open(path) as document:
        texts = [page.get_text() for page in document]
        assert document.metadata["title"] == "T"
    assert count == len(texts) == 2
    assert {"Cover", "one", "two", "tall", "foot – 1"} <= set(texts[0].split("\n"))
    assert {"run", "tall", "foot – 1"} <= set(texts[1].split("\n"))


def test_a_pdf_part_higher_than_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="higher than the page"):
        write_pdf(tmp_path / "a.pdf", ["<p>line</p>" * 200], "")
    assert not (tmp_path / "a.pdf").exists()
