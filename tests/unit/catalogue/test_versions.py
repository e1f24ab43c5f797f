"""What changed from one content to another: numbers, pages, and the laws of the alignment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.versions import as_data, diff, from_data
from app.library import Library
from app.rows import PageRow
from app.rows_copies import NumberChange, VersionDiff
from tests.collateral import index, write_deck, write_pages


def pages(*texts: str, word: str = "slide") -> list[PageRow]:
    """One page per text; its first line is the heading; what follows " // " are notes."""
    rows = []
    for number, text in enumerate(texts, 1):
        shown, _, notes = text.partition(" // ")
        heading, _, body = shown.partition("\n")
        rows.append(PageRow(number, f"{word} {number}", heading, body, notes, False))
    return rows


def kinds(found: VersionDiff) -> list[tuple[str, int, int]]:
    return [(change.kind, change.old_number, change.new_number) for change in found.changes]


INTRO = "Who we are\nWe keep the cold chain cold for makers of food and medicine"
PRICE = "What it costs\nStarter $49 per seat and month\nTeam $99 per seat and month"
PROOF = "Who runs on it\nCalder Biologics and Harrow Pine report fewer excursions"
PILOT = "A pilot\nWe post forty sensors and your team sticks them on the walls"


def test_a_changed_price_is_told_with_its_slide() -> None:
    found = diff(pages(INTRO, PRICE, PROOF), pages(INTRO, PRICE.replace("$49", "$59"), PROOF))
    assert kinds(found) == [("changed", 2, 2)]
    assert found.changes[0].numbers == (NumberChange("$49", "$59"),)
    assert found.sentence == "1 slide changed; slide 2: $49 became $59."
    assert found.same == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Grow from €19 a month", "Grow from €27 a month", ("€19", "€27")),
        ("saves 62 % of the waste", "saves 80 % of the waste", ("62 %", "80 %")),
        ("1,200 sites in use today", "1,450 sites in use today", ("1,200", "1,450")),
        ("hardware at CHF 420 each", "hardware at CHF 390 each", ("CHF 420", "CHF 390")),
        ("paid back in 9.5 months", "paid back in 8.5 months", ("9.5", "8.5")),
        ("the fee is 12 € a month", "the fee, per site, is 14 € a month", ("12 €", "14 €")),
    ],
)
def test_numbers_keep_their_currency_and_unit(old: str, new: str, told: tuple[str, str]) -> None:
    (change,) = diff(pages(f"Facts\n{old}"), pages(f"Facts\n{new}")).changes
    assert change.numbers == (NumberChange(*told),)


def test_added_removed_and_moved_pages() -> None:
    found = diff(pages(INTRO, PRICE, PILOT, PROOF), pages(PROOF, INTRO, PILOT, "Thank\nyou all"))
    assert kinds(found) == [("moved", 4, 1), ("added", 0, 4), ("removed", 2, 0)]
    assert found.sentence == "1 slide added, 1 removed, 1 moved."
    assert (found.same, found.old_pages, found.new_pages) == (3, 4, 4)


def test_a_page_that_moved_and_changed_is_one_change() -> None:
    found = diff(
        pages(INTRO, PRICE, PROOF, PILOT), pages(INTRO, PROOF, PILOT, PRICE.replace("49", "59"))
    )
    assert kinds(found) == [("changed", 2, 4)]
    assert found.changes[0].moved
    assert found.changes[0].sentence == "Slide 4 (slide 2 before): $49 became $59."


def test_a_rewritten_page_is_known_by_its_heading() -> None:
    found = diff(pages(INTRO, "Next steps\nCall us"), pages(INTRO, "Next steps\nBook a workshop"))
    assert kinds(found) == [("changed", 2, 2)]


def test_notes_alone() -> None:
    found = diff(pages(INTRO + " // smile"), pages(INTRO + " // ask first"))
    assert found.changes[0].notes_only
    assert found.sentence == "1 slide changed."
    assert "only its notes" in found.changes[0].sentence


def test_a_new_year_in_the_footer_is_no_change_of_the_slides() -> None:
    texts = (INTRO, PRICE, PROOF, PILOT)
    old = pages(*(f"{text}\nAcme Corp 2025 Confidential" for text in texts))
    new = pages(*(f"{text}\nAcme Corp 2026 Confidential" for text in texts))
    assert diff(old, new).sentence.startswith("The text is the same")


def test_a_lone_figure_that_is_not_the_page_number_counts() -> None:
    found = diff(pages(INTRO, "Customers\n120"), pages(INTRO, "Customers\n190"))
    assert found.changes[0].numbers == (NumberChange("120", "190"),)


def test_line_breaks_bullets_and_hyphens_are_not_changes() -> None:
    """A PDF export of a deck says the same."""
    slide = "Why\n• Inspectors accept the documentation\n• Excursions are found"
    page = "Why\nInspectors accept the documen-\ntation\n– Excursions  are found"
    assert diff(pages(slide), pages(page)).changes == ()


def test_neither_has_text() -> None:
    assert diff([], []).sentence == "Neither has text to compare."


# ---- laws --------------------------------------------------------------------------------

WORDS = ["price", "$49", "$59", "cold", "chain", "pilot", "week", "12", "sensor", "alarm"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
CONTENT = st.lists(st.tuples(TEXT, TEXT), max_size=7).map(
    lambda listed: pages(*(f"{heading}\n{body}" for heading, body in listed))
)


@given(CONTENT)
def test_nothing_changes_from_a_content_to_itself(content: Sequence[PageRow]) -> None:
    found = diff(content, content)
    assert found.changes == ()
    assert found.same == len(content)


@given(CONTENT, CONTENT)
def test_each_page_is_in_exactly_one_place(old: Sequence[PageRow], new: Sequence[PageRow]) -> None:
    found = diff(old, new)
    paired = found.same + len(found.of_kind("changed"))
    assert paired + len(found.of_kind("removed")) == len(old)
    assert paired + len(found.of_kind("added")) == len(new)
    for numbers in (
        [change.old_number for change in found.changes if change.old_number],
        [change.new_number for change in found.changes if change.new_number],
    ):
        assert len(numbers) == len(set(numbers))


@given(CONTENT, CONTENT)
def test_back_is_the_mirror_of_there(old: Sequence[PageRow], new: Sequence[PageRow]) -> None:
    there, back = diff(old, new), diff(new, old)
    mirrored = {"added": "removed", "removed": "added"}
    assert there.same == back.same
    for kind in ("added", "removed", "changed"):
        there_kind = {(c.old_number, c.new_number) for c in there.of_kind(kind)}
        back_kind = {(c.new_number, c.old_number) for c in back.of_kind(mirrored.get(kind, kind))}
        assert there_kind == back_kind
    assert len(there.of_kind("moved")) == len(back.of_kind("moved")) or there.of_kind("changed")


@given(CONTENT, CONTENT)
def test_a_difference_survives_the_record_and_turning_twice(
    old: Sequence[PageRow], new: Sequence[PageRow]
) -> None:
    found = diff(old, new)
    assert from_data(json.loads(json.dumps(as_data(found)))) == found
    again = from_data(as_data(from_data(as_data(found), turned=True)), turned=True)
    assert {(c.kind, c.old_number, c.new_number, c.numbers) for c in again.changes} == {
        (c.kind, c.old_number, c.new_number, c.numbers) for c in found.changes
    }


@given(CONTENT, st.randoms())
def test_shuffling_changes_no_text(content: Sequence[PageRow], random) -> None:
    order = list(content)
    random.shuffle(order)
    other = [
        PageRow(number, f"slide {number}", page.heading, page.body, "", False)
        for number, page in enumerate(order, 1)
    ]
    found = diff(content, other)
    assert {change.kind for change in found.changes} <= {"moved"}


# ---- in the record -------------------------------------------------------------------------


def test_an_asset_tells_its_versions_newest_first(tmp_path: Path) -> None:
    deck = tmp_path / "collateral" / "deck.pptx"
    write_deck(deck, [("Prices", "Starter $49 a month"), ("Proof", "Calder runs on it")])
    library = Library(tmp_path / "library")
    index(library, deck.parent)
    write_deck(deck, [("Prices", "Starter $59 a month"), ("Proof", "Calder runs on it")])
    index(library)
    new, old = library.versions(1)
    assert (new.number, new.current, new.path) == (2, True, "collateral/deck.pptx")
    assert (old.number, old.current, old.path, old.diff) == (1, False, "", None)
    assert new.sentence == "1 slide changed; slide 1: $49 became $59."
    library.close()


def test_a_revert_finds_the_old_version_again(tmp_path: Path) -> None:
    page = tmp_path / "collateral" / "talk.md"
    library = Library(tmp_path / "library")
    for verb in ("churn", "growth", "churn"):
        write_pages(page, [f"Opening\nAsk about {verb}"])
        index(library, page.parent)
    assert [(row.number, row.current) for row in library.versions(1)] == [(2, False), (1, True)]
    library.close()
