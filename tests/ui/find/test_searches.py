"""Saved and recent searches, and the search tips."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.rows import FindSpec, RecentSearch, SavedSearch
from tests.ui import fake_rows
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from tests.ui.find.conftest import FakeOutside, NoPictures
from tests.ui.find.test_page import KEY, settle
from tests.unit.finding.test_language import read
from ui.context import Context
from ui.pages.find.offers import CROSS
from ui.pages.find.overlay import Overlay
from ui.pages.find.page import FindPage
from ui.pages.find.searches import SearchesPane, filters_in_words, in_words, labels_of
from ui.pages.find.tips import TIPS, TipsSheet

CHECKOUT = Path(__file__).resolve().parents[3]
CTRL = Qt.KeyboardModifier.ControlModifier
FINANCE = (("persona", ("finance", "-it")),)
BOARD = SavedSearch(7, "For the board", FindSpec("trust", FINANCE[:0], "newest", exact=True), 1)
PRICE = SavedSearch(8, "Price", FindSpec("price", FINANCE, exact=True), 1)
RECENT = (
    RecentSearch(FindSpec("zero", exact=True), fake_rows.NOW, 3),
    RecentSearch(FindSpec("", FINANCE, exact=True), fake_rows.NOW, 1),
)


@pytest.fixture
def kept(fake_library: FakeLibrary) -> FakeLibrary:
    """A library with saved and recent searches."""
    fake_library.saved_rows, fake_library.recent_rows = (BOARD, PRICE), RECENT
    return fake_library


def pane(page: FindPage) -> SearchesPane:
    return page.desk.pane


def show(qtbot: QtBot, page: FindPage, key: Qt.Key = KEY.Key_B) -> SearchesPane:
    page.header.field.setFocus()
    qtbot.keyClick(page.header.field, key, CTRL)
    qtbot.waitUntil(lambda: page.desk.pane_is_open)
    return pane(page)


def labels(page: FindPage) -> list[str]:
    return [line.label for line in pane(page).list.lines.lines if line.offer is not None]


def removed(qtbot: QtBot, library: FakeLibrary, count: int) -> None:
    qtbot.waitUntil(lambda: len(library.saved_rows) == count)


# ---- saving --------------------------------------------------------------------------------------


def test_the_present_search_is_saved_with_all_that_is_chosen(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    page.facet_model.set_filters(FINANCE)
    page.header.set_sort("newest")
    page.search_for("zero")
    settle(qtbot, page, "zero")
    shown = show(qtbot, page, KEY.Key_S)
    assert shown.name.hasFocus()
    assert shown.name.text() == shown.name.selectedText() == "zero"
    assert shown.what.text() == "zero · Finance, not IT · Newest"
    qtbot.keyClicks(shown.name, "Board")
    qtbot.keyClick(shown.name, KEY.Key_Return)
    qtbot.waitUntil(lambda: not page.desk.pane_is_open)
    (saved,) = fake_library.saved_rows
    spec = saved.spec
    assert (saved.name, spec.text, spec.filters, spec.sort) == ("Board", "zero", FINANCE, "newest")
    assert told.notices[-1].text == "Search “Board” saved."
    assert page.header.field.hasFocus()
    page.context.bridge.undo()
    removed(qtbot, fake_library, 0)


def test_replacing_is_said_before_and_can_be_undone(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary, told: Told
) -> None:
    page.search_for("zero")
    settle(qtbot, page, "zero")
    shown = show(qtbot, page, KEY.Key_S)
    qtbot.keyClicks(shown.name, " price ")
    assert shown.what.text() == "Replaces the saved search of this name."
    assert shown.save.text() == "Replace"
    qtbot.mouseClick(shown.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[-1].action is not None
    assert {row.spec.text for row in kept.saved_rows} == {"trust", "zero"}
    page.context.bridge.undo()
    qtbot.waitUntil(lambda: PRICE in kept.saved_rows)


def test_a_search_of_filters_alone_is_named_by_them(qtbot: QtBot, page: FindPage) -> None:
    page.facet_model.set_filters(FINANCE)
    assert show(qtbot, page, KEY.Key_S).name.text() == "Finance, not IT"


def test_there_is_nothing_to_save_where_nothing_is_asked(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    shown = show(qtbot, page, KEY.Key_S)
    assert not shown.name.isVisible()
    assert shown.nothing.isVisible()
    assert shown.list.hasFocus()


def test_a_name_is_needed_and_a_refusal_is_said_there(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.search_for("zero")
    settle(qtbot, page, "zero")
    shown = show(qtbot, page, KEY.Key_S)
    shown.name.setText("  ")
    assert not shown.save.isEnabled()
    qtbot.keyClick(shown.name, KEY.Key_Return)
    assert fake_library.saved_rows == ()
    fake_library.fail["save_search"] = UserError("The name is too long.")
    shown.name.setText("x")
    qtbot.keyClick(shown.name, KEY.Key_Return)
    qtbot.waitUntil(lambda: shown.what.text() == "The name is too long.")
    assert page.desk.pane_is_open


# ---- running, removing, forgetting ---------------------------------------------------------------


def test_the_pane_lists_saved_then_recent(qtbot: QtBot, page: FindPage, kept: FakeLibrary) -> None:
    shown = show(qtbot, page)
    assert labels(page) == ["For the board", "Price", "zero", "Finance, not IT"]
    details = [line.detail for line in shown.list.lines.lines if line.offer is not None]
    assert details == ["trust · Newest", "price · Finance, not IT", "3 assets", "1 asset"]
    assert shown.list.hasFocus()


def test_enter_runs_what_is_chosen(qtbot: QtBot, page: FindPage, kept: FakeLibrary) -> None:
    shown = show(qtbot, page)
    qtbot.keyClick(shown.list, KEY.Key_Return)
    settle(qtbot, page, "trust")
    assert page._last is not None
    assert page._last.result.spec.exact
    assert page.header.sort_key() == "newest"
    assert not page.desk.pane_is_open
    assert page.header.field.hasFocus()


def test_a_click_runs_a_recent_search_with_its_filters(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    shown = show(qtbot, page)
    row = shown.list.lines.choices()[-1]
    at = shown.list.visualRect(shown.list.lines.index(row)).center()
    qtbot.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: page.facet_model.filters() == FINANCE)
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.filters == FINANCE)


def test_delete_removes_a_saved_search_and_undo_brings_it_back(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary, told: Told
) -> None:
    shown = show(qtbot, page)
    qtbot.keyClick(shown.list, KEY.Key_Delete)
    qtbot.waitUntil(lambda: labels(page)[0] == "Price")
    assert page.desk.pane_is_open
    chosen = shown.list.chosen()
    assert chosen is not None
    assert chosen.label == "Price", "so that several can be removed one after the other"
    assert told.notices[-1].text == "Search “For the board” removed."
    page.context.bridge.undo()
    removed(qtbot, kept, 2)


def test_delete_on_a_recent_search_removes_nothing(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    shown = show(qtbot, page)
    qtbot.keyClick(shown.list, KEY.Key_End)
    qtbot.keyClick(shown.list, KEY.Key_Delete)
    assert "remove_saved_search" not in {method for method, _ in kept.calls}


def test_the_cross_removes_a_saved_search(qtbot: QtBot, page: FindPage, kept: FakeLibrary) -> None:
    shown = show(qtbot, page)
    box = shown.list.visualRect(shown.list.lines.index(shown.list.lines.choices()[1]))
    at = QPoint(box.right() - CROSS // 2, box.center().y())
    qtbot.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    removed(qtbot, kept, 1)
    assert kept.saved_rows == (BOARD,)
    assert page.desk.pane_is_open


def test_recent_searches_are_forgotten_and_come_back_by_undo(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    shown = show(qtbot, page)
    qtbot.mouseClick(shown.forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: labels(page) == ["For the board", "Price"])
    assert not shown.forget.isVisible()
    page.context.bridge.undo()
    qtbot.waitUntil(lambda: kept.recent_rows == RECENT)


# ---- coming and going ----------------------------------------------------------------------------


def test_it_goes_by_escape_by_a_click_elsewhere_and_with_the_focus(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    shown = show(qtbot, page)
    qtbot.keyClick(shown.list, KEY.Key_Escape)
    assert not page.desk.pane_is_open
    assert page.header.field.hasFocus()
    show(qtbot, page)
    qtbot.mouseClick(page.facets, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert not page.desk.pane_is_open
    show(qtbot, page)
    page.results.setFocus()
    assert not page.desk.pane_is_open
    assert page.results.hasFocus()


def test_up_and_down_go_between_name_and_list(
    qtbot: QtBot, page: FindPage, kept: FakeLibrary
) -> None:
    page.search_for("zero")
    settle(qtbot, page, "zero")
    shown = show(qtbot, page, KEY.Key_S)
    qtbot.keyClick(shown.name, KEY.Key_Down)
    assert shown.list.hasFocus()
    qtbot.keyClick(shown.list, KEY.Key_Up)
    assert shown.name.hasFocus()


def test_it_lies_inside_a_small_window(qtbot: QtBot, page: FindPage, kept: FakeLibrary) -> None:
    kept.recent_rows = tuple(
        RecentSearch(FindSpec(f"search {n}"), fake_rows.NOW, n) for n in range(40)
    )
    page.resize(900, 480)
    shown = show(qtbot, page)
    assert page.rect().contains(shown.geometry())
    assert shown.forget.isVisible()
    assert shown.rect().contains(shown.forget.geometry())


def test_it_goes_with_its_page(
    qtbot: QtBot, context: Context, kept: FakeLibrary, tmp_path: Path
) -> None:
    """Whether another page is shown in its place, or another library opened in the window."""
    window = QWidget()
    qtbot.addWidget(window)
    pictures = context.pictures = NoPictures(tmp_path / "pictures")
    page = FindPage(context, window, outside=FakeOutside())
    QVBoxLayout(window).addWidget(page)
    window.show()
    qtbot.waitExposed(window)
    page.complete()
    page.desk.toggle_searches()
    qtbot.waitUntil(lambda: page.desk.pane_is_open)
    page.hide()
    assert not page.desk.pane_is_open
    page.show()
    page.desk.show_tips()
    assert page.desk.completer.popup.parentWidget() is window
    assert len(window.findChildren(Overlay)) == 2
    page.deleteLater()
    qtbot.waitUntil(lambda: not window.findChildren(Overlay))
    assert not window.findChildren(TipsSheet)
    pictures.close()


def test_the_buttons_in_the_field_have_names(page: FindPage) -> None:
    names = {b.accessibleName() for b in page.header.field.findChildren(QToolButton)}
    assert {"Saved and recent searches (Ctrl+B)", "Search tips (Shift+F1)"} <= names


# ---- in words ------------------------------------------------------------------------------------


def test_a_search_in_words() -> None:
    named = labels_of(fake_rows.FACETS)
    assert filters_in_words(FindSpec(filters=FINANCE), named) == "Finance, not IT"
    whole = FindSpec("zero", (("status", ("draft",)), ("persona", ("gone_by",))), "used")
    assert in_words(whole, named) == "zero · Draft, gone by · Most used"
    assert in_words(FindSpec("zero"), named) == "zero"


# ---- tips ----------------------------------------------------------------------------------------


def test_every_tip_is_understood_and_documented() -> None:
    documented = (CHECKOUT / "docs" / "searching.md").read_text("utf-8")
    for tips in TIPS.values():
        for tip in tips:
            assert not {part.kind for part in read(tip.form).parts} & {"error", "unknown"}, tip
            assert f"`{tip.form}`" in documented, tip.form


def test_a_tip_can_be_tried(qtbot: QtBot, page: FindPage) -> None:
    page.header.field.setFocus()
    qtbot.keyClick(page.header.field, KEY.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert page.desk.tips.isVisible()
    tip = next(b for b in page.desk.tips.findChildren(QPushButton) if b.text() == "secur*")
    qtbot.mouseClick(tip, Qt.MouseButton.LeftButton)
    assert not page.desk.tips.isVisible()
    settle(qtbot, page, "secur*")
    assert page.header.field.hasFocus()
