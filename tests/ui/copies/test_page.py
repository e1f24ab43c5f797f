"""Pairs side by side and what is decided about them, on a real record (DUP-1, DUP-2, DUP-4)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.errors import EnvironmentProblem
from tests.ui.attention.material import nameless
from tests.ui.copies.conftest import Desk
from tests.ui.find.conftest import NoPictures
from ui.pages.copies import items as rows
from ui.pages.copies.page import CopiesPage
from ui.pages.copies.sheets import PairSheet


def _titles(page: CopiesPage) -> list[str]:
    return [item.title for item in page.copies.model.items]


def _empty(page: CopiesPage) -> bool:
    return not page.copies.model.items


def _sheet(page: CopiesPage) -> PairSheet:
    sheet = page.copies.deeds.sheet
    assert isinstance(sheet, PairSheet)
    return sheet


def test_a_pair_is_told_with_both_sides(page: CopiesPage) -> None:
    (item,) = page.copies.model.items
    view = page.copies.detail.pair
    assert item.kind == "near"
    assert item.caption.startswith("Near copy · ")
    assert view.sentence.text().replace("\u200b", "").endswith("slide 8 differs: $49 became $59.")
    assert "newer" in view.right.date.text()
    assert "newer" not in view.left.date.text()
    assert view.left.place.text() == "collateral/Team/mine.pptx"
    assert page.tabs.tabText(0) == "In the library  1"


def test_the_page_with_other_numbers_is_shown_first(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    view = page.copies.detail.pair
    found = view.list.current()
    assert found is not None
    assert (found.name, found.text) == ("Slide 8", "$49 became $59")
    pictures = desk.context.pictures
    assert isinstance(pictures, NoPictures)
    qtbot.waitUntil(lambda: {w.page for w in pictures.asked} == {8})
    assert len({w.sha for w in pictures.asked}) == 2
    assert "slide 8" in view.left.canvas.accessibleName()


def test_not_a_copy_is_remembered_and_can_be_undone(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    view = page.copies.detail.pair
    qtbot.mouseClick(view.buttons["not_a_copy"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)
    assert page.copies.notice.heading() == "Nothing left to decide"
    assert desk.library.copies() == ()
    assert desk.notices[-1].action is not None
    desk.context.bridge.undo()
    qtbot.waitUntil(lambda: not _empty(page), timeout=15000)


def test_merging_asks_which_one_is_kept_and_says_what_happens(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    pair = desk.library.copies()[0]
    page.copies.detail.pair.decide("merge")
    sheet = _sheet(page)
    assert sheet.isVisibleTo(page)
    assert sheet.chosen[0].asset_id == pair.original.asset_id
    assert "No file is changed, moved or deleted" in sheet.follows.text()
    assert sheet.follows.text().startswith(f"“{pair.copy.title}” becomes part of")
    sheet.choices[1].setChecked(True)
    assert sheet.follows.text().startswith(f"“{pair.original.title}” becomes part of")
    sheet.choices[0].setChecked(True)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(sheet.choices[0], Qt.Key.Key_Return, control)
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)
    kept = desk.library.asset(pair.original.asset_id)
    assert kept.versions == 2
    decided = desk.library.copy_decisions()
    assert [one.what for one in decided] == ["merge"]


def test_enter_on_cancel_merges_nothing(page: CopiesPage, desk: Desk, qtbot: QtBot) -> None:
    page.copies.detail.pair.decide("merge")
    sheet = _sheet(page)
    cancel = next(one for one in sheet.findChildren(QPushButton) if one.text() == "Cancel")
    cancel.setFocus()
    qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert sheet.isHidden()
    assert desk.library.copy_decisions() == ()


def test_an_older_version_is_chained_to_the_newer(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    pair = desk.library.copies()[0]
    page.copies.detail.pair.decide("chain")
    sheet = _sheet(page)
    assert sheet.chosen[0].asset_id == pair.original.asset_id, "the newer is proposed"
    qtbot.keyClick(sheet.choices[0], Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)
    assert desk.library.asset(pair.copy.asset_id).superseded_by == pair.original.asset_id


def test_what_was_decided_is_listed_and_taken_back(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    page.copies.detail.pair.decide("not_a_copy")
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)
    page.copies.choose_kind(rows.DECIDED)
    (item,) = page.copies.model.items
    assert item.caption.startswith("Not a copy · Kofi Mensah")
    qtbot.waitUntil(page.copies.detail.decision.isVisible)
    page.copies.detail.decision.back.click()
    qtbot.waitUntil(lambda: bool(desk.library.copies()), timeout=15000)
    page.copies.choose_kind(rows.ALL)
    qtbot.waitUntil(lambda: not _empty(page), timeout=15000)


def test_exact_copies_name_their_places(page: CopiesPage, desk: Desk, qtbot: QtBot) -> None:
    page.copies.choose_kind(rows.EXACT)
    (item,) = page.copies.model.items
    assert item.exact is not None
    assert len(item.exact.paths) == 2
    view = page.copies.detail.exact
    qtbot.waitUntil(view.isVisible)
    assert page.copies.detail.currentWidget() is view
    place = item.exact.paths[0]
    found = page.copies._found
    assert found is not None
    page.copies.deeds.show_folder(found.absolute(place))
    assert desk.outside.opened[0].endswith("collateral")
    view.find_button.click()
    assert desk.went == [("find", {"asset_id": item.exact.asset_id})]


def test_words_narrow_the_list_and_nothing_fitting_says_so(page: CopiesPage, qtbot: QtBot) -> None:
    page.copies.filter.setText("mine")
    qtbot.waitUntil(lambda: page.copies.count.text() == "")
    assert len(_titles(page)) == 1
    page.copies.filter.setText("no such words")
    qtbot.waitUntil(lambda: _empty(page))
    assert page.copies.notice.heading() == "Nothing fits this filter"
    page.copies.notice.button.click()
    qtbot.waitUntil(lambda: not _empty(page))


def test_letters_decide_and_enter_shows_in_find(page: CopiesPage, desk: Desk, qtbot: QtBot) -> None:
    pair = desk.library.copies()[0]
    page.activateWindow()
    page.copies.list.setFocus()
    qtbot.waitUntil(page.copies.list.hasFocus)
    qtbot.keyClick(page.copies.list, Qt.Key.Key_Return)
    assert desk.went == [("find", {"asset_id": pair.copy.asset_id})]
    qtbot.keyClick(page.copies.list, Qt.Key.Key_M)
    assert _sheet(page).isVisibleTo(page)
    qtbot.keyClick(_sheet(page), Qt.Key.Key_Escape)
    qtbot.keyClick(page.copies.list, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)


def test_letters_typed_into_the_filter_decide_nothing(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    page.copies.filter.setFocus()
    qtbot.keyClicks(page.copies.filter, "nmvy")
    assert page.copies.filter.text() == "nmvy"
    assert page.copies.deeds.sheet is None
    assert len(desk.library.copies()) == 1


def test_a_library_without_copies_says_so(page: CopiesPage) -> None:
    page.copies.show_found(rows.Found((), ()))
    assert page.copies.notice.heading() == "No copies found"
    assert not page.copies.chips.isVisibleTo(page)


def test_a_failure_is_told_and_can_be_tried_again(page: CopiesPage, qtbot: QtBot) -> None:
    page._on_found_failed(EnvironmentProblem("The disk is full."))
    assert page.copies.notice.text() == "The disk is full."
    page.copies.notice.button.click()
    qtbot.waitUntil(lambda: page.copies._stack.currentWidget() is page.copies.split)


def test_everything_has_a_name_for_readers(page: CopiesPage) -> None:
    assert nameless(page) == []
    spoken = page.copies.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "$49 became $59" in spoken
    page.tabs.setCurrentIndex(1)
    assert nameless(page) == []


def test_what_changes_elsewhere_is_read_when_the_page_is_shown(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    pair = desk.library.copies()[0]
    page.hide()
    desk.library.not_a_copy(pair.copy.asset_id, pair.original.asset_id)
    page.on_changes(Changes(frozenset({"assets"})))
    qtbot.wait(300)
    assert not _empty(page)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: _empty(page), timeout=15000)


def test_the_panes_can_be_walked(page: CopiesPage) -> None:
    panes: list[QWidget] = page.panes()
    assert page.copies.list in panes
    page.tabs.setCurrentIndex(1)
    assert page.radar.table in page.panes()


def test_a_deed_is_about_what_is_chosen_before_the_detail_has_followed(page: CopiesPage) -> None:
    panel = page.copies
    (item,) = panel.model.items
    assert item.pair is not None
    other = replace(item.pair, sentence="Another pair")
    panel.model.set_items([item, replace(item, pair=other)])
    panel.list.setCurrentIndex(panel.model.index(1, 0))
    assert panel.detail.pair.pair is not other
    panel._decide("nothing that can be decided")
    assert panel.detail.pair.pair is other


def test_in_the_narrowest_window_it_does_not_scroll_sideways(
    page: CopiesPage, qtbot: QtBot
) -> None:
    area = page.findChild(QScrollArea)
    assert area is not None
    page.resize(743, 500)
    for tab in (0, 1):
        page.tabs.setCurrentIndex(tab)
        qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)
    assert all(made.width() > 40 for made in page.copies.detail.pair.buttons.values())
