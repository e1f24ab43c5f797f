"""Filters in three states, by mouse, by key, as chips, and remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from app.rows import FacetCounts, TermCount
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.models.facet_lines import UNTAGGED
from ui.models.facets import FacetModel
from ui.pages.find import facets
from ui.pages.find.facets import minus_box
from ui.pages.find.page import FindPage

KEY = Qt.Key
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
FINANCE = ("term", "persona", "finance")


def place(page: FindPage, key: tuple[str, str, str] = FINANCE) -> QPoint:
    """The middle of a term's line."""
    index = page.facet_model.index(page.facet_model.row_of(key))
    page.facets.list.scrollTo(index)
    return page.facets.list.visualRect(index).center()


def press(qtbot: QtBot, page: FindPage, at: QPoint, button=LEFT, keys=PLAIN) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(page.facets.list.viewport(), button, keys, at)


def chosen(page: FindPage) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return page.facet_model.filters()


OUT = (("persona", ("-finance",)),)


def test_clicks_go_round_the_three_states(qtbot: QtBot, page: FindPage) -> None:
    seen = []
    for _ in range(3):
        press(qtbot, page, place(page))
        seen.append(chosen(page))
    assert seen == [(("persona", ("finance",)),), OUT, ()]


@pytest.mark.parametrize(("button", "keys"), [(RIGHT, PLAIN), (LEFT, ALT)])
def test_a_right_click_and_alt_leave_out_at_once(
    qtbot: QtBot, page: FindPage, button: Qt.MouseButton, keys: Qt.KeyboardModifier
) -> None:
    press(qtbot, page, place(page), button, keys)
    assert chosen(page) == OUT
    press(qtbot, page, place(page), button, keys)
    assert chosen(page) == ()


def test_the_minus_under_the_pointer_leaves_out(qtbot: QtBot, page: FindPage) -> None:
    rect = QRectF(page.facets.list.visualRect(page.facet_model.index(
        page.facet_model.row_of(FINANCE))))  # fmt: skip
    press(qtbot, page, minus_box(rect).center().toPoint())
    assert chosen(page) == OUT


def test_what_is_left_out_is_gone_and_its_chip_brings_it_back(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    press(qtbot, page, place(page), RIGHT)
    qtbot.waitUntil(lambda: len(page.hit_model.hits) < len(fake_library.hits))
    assert all(tag.slug != "finance" for hit in page.hit_model.hits for tag in hit.tags)
    chip = page.header.chips.buttons[0]
    assert (chip.chip.label, chip.accessibleName()) == ("not Finance", "Remove filter not Finance")
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: len(page.hit_model.hits) == len(fake_library.hits))
    assert chosen(page) == ()


def test_space_goes_round_and_minus_leaves_out_and_says_so(
    qtbot: QtBot, page: FindPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(facets, "announce", lambda _widget, words: said.append(words))
    model, shown = page.facet_model, page.facets.list
    shown.setFocus()
    shown.setCurrentIndex(model.index(model.row_of(FINANCE)))
    qtbot.keyClick(shown, KEY.Key_Minus)
    assert chosen(page) == OUT
    assert said[-1].startswith("Persona: Finance, left out")
    qtbot.keyClick(shown, KEY.Key_Space)
    assert chosen(page) == ()
    qtbot.keyClick(shown, KEY.Key_Space)
    assert chosen(page) == (("persona", ("finance",)),)


def test_a_filter_is_found_by_typing(qtbot: QtBot, page: FindPage) -> None:
    narrow = page.facets.narrow
    assert narrow is not None
    page.facets.list.setFocus()
    qtbot.keyClick(page.facets.list, KEY.Key_Slash)
    assert page.window().focusWidget() is narrow
    qtbot.keyClicks(narrow, "fin")
    labels = [page.facet_model.index(row).data() for row in range(page.facet_model.rowCount())]
    assert labels == ["Persona", "Finance"]
    qtbot.keyClick(narrow, KEY.Key_Down)
    qtbot.keyClick(page.facets.list, KEY.Key_Minus)
    assert chosen(page) == OUT
    qtbot.keyClick(narrow, KEY.Key_Escape)
    assert narrow.text() == ""
    assert page.facet_model.rowCount() > 2


def test_what_is_left_out_is_remembered(qtbot: QtBot, page: FindPage, context: Context) -> None:
    press(qtbot, page, place(page), RIGHT)
    kept: dict[str, object] = {}
    qtbot.waitUntil(
        lambda: context.state.get("find.filters", kept) == {"persona": ["-finance"]}, timeout=3000
    )
    other = FindPage(context)
    qtbot.addWidget(other)
    assert chosen(other) == OUT


def test_what_nothing_is_tagged_with_takes_no_room_until_something_is(dressed: object) -> None:
    def term(label: str, count: int) -> TermCount:
        return TermCount(label.casefold(), label, count, chosen=False)

    def counts(persona: int) -> list[FacetCounts]:
        many = (term("Term 0", persona), *(term(f"Term {n}", 0) for n in range(1, 12)))
        status = (term("Published", 7),)
        return [FacetCounts("persona", "Persona", many), FacetCounts("status", "Status", status)]

    def labels(model: FacetModel) -> list[str]:
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    model = FacetModel()
    model.set_counts(counts(0))
    assert labels(model) == ["Status", "Published", UNTAGGED]
    model.narrow("term 3")
    assert labels(model) == ["Persona", "Term 3"]
    model.narrow("")
    model.set_counts(counts(1))
    assert labels(model)[:3] == ["Persona", "Term 0", "Show all 12"]
    assert UNTAGGED not in labels(model)
    model.set_counts(counts(0))
    assert labels(model)[0] == "Persona", "it stays where it is while one types"
