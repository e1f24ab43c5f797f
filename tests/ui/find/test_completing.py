"""Completion in the search field, by keyboard and by mouse."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.rows import Completion, FindSpec, RecentSearch, SavedSearch
from tests.ui import fake_rows
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from tests.ui.find.test_page import KEY, searched, settle
from ui.pages.find.completing import Completer
from ui.pages.find.offers import OfferModel, OfferPopup, lines_of
from ui.pages.find.page import FindPage

ALT = Qt.KeyboardModifier.AltModifier
RECENT = (
    RecentSearch(FindSpec("zero touch", sort="best", exact=True), fake_rows.NOW, 3),
    RecentSearch(FindSpec("price list", exact=True), fake_rows.NOW, 1),
)
SAVED = SavedSearch(
    7, "For the board", FindSpec("trust", (("persona", ("finance",)),), "newest", exact=True), 1
)


def completer(page: FindPage) -> Completer:
    return page.desk.completer


def popup(page: FindPage) -> OfferPopup:
    return page.desk.completer.popup


def labels(page: FindPage) -> list[str]:
    return [offer.label for offer in popup(page).offers()]


def press(qtbot: QtBot, page: FindPage, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(page.header.field, key)


def type_in(qtbot: QtBot, page: FindPage, text: str) -> None:
    """Type, and wait until the completer has heard the answer."""
    page.header.field.setFocus()
    qtbot.keyClicks(page.header.field, text)
    whole = page.header.text()
    qtbot.waitUntil(lambda: completer(page)._asked[0] == whole and not busy(page))


def busy(page: FindPage) -> bool:
    return completer(page)._pause.isActive() or "find.complete" in (
        page.context.bridge.tasks._latest
    )


def opened(qtbot: QtBot, page: FindPage) -> None:
    qtbot.waitUntil(lambda: completer(page).is_open)


@pytest.fixture
def typing(qtbot: QtBot, page: FindPage) -> Callable[[str], None]:
    return lambda text: type_in(qtbot, page, text)


Typing = Callable[[str], None]


# ---- when it opens -------------------------------------------------------------------------------


def test_plain_words_open_nothing_and_down_reaches_the_results(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    typing("sec")
    assert not completer(page).is_open
    press(qtbot, page, KEY.Key_Down)
    assert page.window().focusWidget() is page.results


def test_a_colon_opens_the_values_with_none_chosen(page: FindPage, typing: Typing) -> None:
    typing("persona:")
    assert completer(page).is_open
    assert "Finance" in labels(page)
    assert popup(page).chosen() is None


def test_alt_down_opens_the_words(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("sec")
    qtbot.keyClick(page.header.field, KEY.Key_Down, ALT)
    opened(qtbot, page)
    assert labels(page) == ["security", "secure", "sector"]
    typing("u")
    assert labels(page) == ["security", "secure"]
    typing(" ")
    assert not completer(page).is_open


def test_down_in_the_empty_field_opens_saved_and_recent_searches(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.recent_rows, fake_library.saved_rows = RECENT, (SAVED,)
    page.focus_first()
    press(qtbot, page, KEY.Key_Down)
    opened(qtbot, page)
    assert labels(page) == ["For the board", "zero touch", "price list"]
    heads = [line.label for line in popup(page).list.lines.lines if line.offer is None]
    assert heads == ["Saved searches", "Recent searches"]


def test_so_does_a_click_in_the_empty_field(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.recent_rows = RECENT
    page.header.field.setFocus()
    qtbot.mouseClick(page.header.field, Qt.MouseButton.LeftButton)
    opened(qtbot, page)


def test_without_any_search_down_in_the_empty_field_reaches_the_results(
    qtbot: QtBot, page: FindPage
) -> None:
    page.focus_first()
    press(qtbot, page, KEY.Key_Down)
    qtbot.waitUntil(lambda: page.window().focusWidget() is page.results)


def test_it_lies_under_the_field_inside_the_window(page: FindPage, typing: Typing) -> None:
    typing("persona:")
    field = page.header.field
    box = popup(page).geometry()
    assert box.top() >= field.mapTo(page, QPoint(0, field.height())).y()
    assert box.width() == field.width()
    page.resize(900, 500)
    QApplication.processEvents()
    assert popup(page).geometry().bottom() <= page.height()
    assert popup(page).geometry().right() <= page.width()


# ---- what keys do then ---------------------------------------------------------------------------


def test_enter_with_nothing_chosen_searches(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, typing: Typing
) -> None:
    typing("persona:")
    press(qtbot, page, KEY.Key_Return)
    assert not completer(page).is_open
    assert page.header.text() == "persona:"
    settle(qtbot, page, "persona:")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.exact)


def test_after_enter_no_late_answer_lies_over_the_results(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    typing("persona:")
    opened(qtbot, page)
    qtbot.keyClick(page.header.field, "c")
    press(qtbot, page, KEY.Key_Return)
    settle(qtbot, page, "persona:c")
    qtbot.wait(50)
    assert not busy(page)
    assert not completer(page).is_open
    completer(page)._ask()
    press(qtbot, page, KEY.Key_Return)
    qtbot.waitUntil(lambda: not busy(page))
    assert not completer(page).is_open
    qtbot.keyClick(page.header.field, KEY.Key_Backspace)
    opened(qtbot, page)


def test_arrows_choose_and_enter_takes(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("zero persona:")
    first, second = popup(page).offers()[:2]
    press(qtbot, page, KEY.Key_Down)
    assert popup(page).chosen() == first
    assert completer(page).said.startswith(f"{first.label}, ")
    assert completer(page).said.endswith(f"1 of {len(popup(page).offers())}")
    press(qtbot, page, KEY.Key_Down, KEY.Key_Return)
    assert page.header.text() == f"zero {second.insert} "
    assert not completer(page).is_open
    settle(qtbot, page, f"zero {second.insert}")


def test_the_way_goes_round_by_what_is_typed(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("persona:")
    press(qtbot, page, KEY.Key_Up)
    assert popup(page).chosen() == popup(page).offers()[-1]
    press(qtbot, page, KEY.Key_Down)
    assert popup(page).chosen() is None
    press(qtbot, page, KEY.Key_PageDown)
    assert popup(page).place_of_chosen() == min(7, len(popup(page).offers()) - 1)


def test_tab_takes_the_first_when_none_is_chosen(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    typing("persona:fin")
    assert completer(page).is_open
    press(qtbot, page, KEY.Key_Tab)
    assert page.header.text() == "persona:finance "
    assert page.header.field.hasFocus()
    press(qtbot, page, KEY.Key_Tab)
    assert not page.header.field.hasFocus()


def test_escape_closes_first_and_clears_then(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("persona:")
    press(qtbot, page, KEY.Key_Escape)
    assert not completer(page).is_open
    assert page.header.text() == "persona:"
    typing("f")
    assert not completer(page).is_open
    press(qtbot, page, KEY.Key_Escape)
    assert page.header.text() == ""


def test_what_was_chosen_is_not_taken_when_typing_went_on(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    """A keystroke before Enter must not turn into the row that was chosen before it."""
    typing("persona:")
    press(qtbot, page, KEY.Key_Down)
    qtbot.keyClicks(page.header.field, "fi")
    press(qtbot, page, KEY.Key_Return)
    assert page.header.text() == "persona:fi"


def test_after_a_field_its_values_are_offered(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("zero stat")
    qtbot.keyClick(page.header.field, KEY.Key_Down, ALT)
    opened(qtbot, page)
    press(qtbot, page, KEY.Key_Down, KEY.Key_Return)
    assert page.header.text() == "zero status:"
    opened(qtbot, page)
    assert "Draft" in labels(page)


def test_a_comma_goes_on_with_the_list_of_values(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    typing("persona:fin")
    press(qtbot, page, KEY.Key_Tab)
    typing(",")
    assert page.header.text() == "persona:finance,"
    assert completer(page).is_open


def test_what_is_taken_can_be_undone(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("persona:fin")
    press(qtbot, page, KEY.Key_Tab)
    page.header.field.undo()
    assert page.header.text() == "persona:fin"


def test_letters_beyond_the_first_plane_are_counted_right(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    page.header.field.setFocus()
    page.header.field.insert("😀 ")
    typing("persona:fin")
    press(qtbot, page, KEY.Key_Tab)
    assert page.header.text() == "😀 persona:finance "


# ---- the mouse -----------------------------------------------------------------------------------


def test_a_click_takes_and_a_click_elsewhere_closes(
    qtbot: QtBot, page: FindPage, typing: Typing
) -> None:
    typing("persona:")
    shown = popup(page).list
    row = next(r for r, line in enumerate(shown.lines.lines) if line.label == "IT")
    at = shown.visualRect(shown.lines.index(row)).center()
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert page.header.text() == "persona:it "
    assert page.header.field.hasFocus()
    typing("stage:")
    assert completer(page).is_open
    qtbot.mouseClick(page.facets, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert not completer(page).is_open


def test_it_closes_when_the_focus_goes(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("persona:")
    page.facets.list.setFocus()
    assert not completer(page).is_open


# ---- saved and recent ----------------------------------------------------------------------------


def test_a_saved_search_brings_text_filters_and_order(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, typing: Typing
) -> None:
    fake_library.saved_rows = (SAVED,)
    typing("boa")
    qtbot.keyClick(page.header.field, KEY.Key_Down, ALT)
    opened(qtbot, page)
    press(qtbot, page, KEY.Key_Down, KEY.Key_Return)
    settle(qtbot, page, "trust")
    assert page._last is not None
    spec = page._last.result.spec
    assert (spec.filters, spec.sort, spec.exact) == (SAVED.spec.filters, "newest", True)
    assert page.header.sort_key() == "newest"
    assert [b.chip.label for b in page.header.chips.shown()] == ["Finance"]


# ---- what stands in grey -------------------------------------------------------------------------


def test_the_likeliest_way_on_stands_in_grey(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("sec")
    field = page.header.field
    assert field.shown_ghost() == "urity"
    qtbot.keyClicks(field, "u")
    assert field.shown_ghost() == "rity", "it must not blink between two letters"
    qtbot.keyClicks(field, "x")
    assert field.shown_ghost() == ""
    assert page.header.text() == "secux"


def test_right_takes_it_and_nothing_else_does(qtbot: QtBot, page: FindPage, typing: Typing) -> None:
    typing("sec")
    press(qtbot, page, KEY.Key_Return)
    assert page.header.text() == "sec"
    press(qtbot, page, KEY.Key_Right)
    assert page.header.text() == "security"
    assert page.header.field.shown_ghost() == ""
    press(qtbot, page, KEY.Key_Left, KEY.Key_Right, KEY.Key_Right)
    assert page.header.text() == "security"


def test_it_is_seen_and_does_not_belong_to_the_text(page: FindPage, typing: Typing) -> None:
    typing("sec")
    field = page.header.field
    field.clearFocus()
    bare = field.grab().toImage()
    field.setFocus()
    QApplication.processEvents()
    assert field.grab().toImage() != bare
    assert field.text() == field.displayText() == "sec"


def test_nothing_is_guessed_in_grey_for_the_other_direction(page: FindPage, typing: Typing) -> None:
    typing("sec")
    page.header.field.set_ghost("שלום")
    assert page.header.field.shown_ghost() == ""


# ---- asking --------------------------------------------------------------------------------------


def test_the_newest_keystroke_wins(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fake_library.complete

    def complete(text: str, cursor: int) -> tuple[Completion, ...]:
        if text == "persona:":
            time.sleep(0.3)
        return real(text, cursor)

    monkeypatch.setattr(fake_library, "complete", complete)
    page.header.field.setFocus()
    qtbot.keyClicks(page.header.field, "persona:")
    qtbot.waitUntil(lambda: completer(page)._asked[0] == "persona:")
    qtbot.keyClicks(page.header.field, "fin")
    qtbot.waitUntil(lambda: completer(page).is_open)
    assert labels(page) == ["Finance"]
    qtbot.wait(350)
    assert labels(page) == ["Finance"]


def test_it_is_asked_away_from_the_window_thread(fake_library: FakeLibrary, typing: Typing) -> None:
    typing("sec")
    asked = [thread for method, thread in fake_library.calls if method == "complete"]
    assert asked
    assert "MainThread" not in asked


def test_a_failure_to_complete_stays_quiet(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, typing: Typing, told: Told
) -> None:
    before = searched(fake_library)
    fake_library.fail["complete"] = ValueError("broken")
    typing("persona:")
    assert not completer(page).is_open
    qtbot.waitUntil(lambda: searched(fake_library) > before)
    assert told.notices == []


# ---- the list itself -----------------------------------------------------------------------------


def offer(label: str, kind: str) -> Completion:
    return Completion(label, label, kind, "said", 0, 1)


def test_a_screen_reader_finds_the_list_and_its_lines(page: FindPage, typing: Typing) -> None:
    typing("persona:fin")
    told = QAccessible.queryAccessibleInterface(popup(page).list)
    name = QAccessible.Text.Name
    assert told.text(name) == "Suggestions"
    assert told.role() == QAccessible.Role.List
    assert "Finance" in told.child(0).text(name)


def test_groups_have_headings_that_cannot_be_chosen(qtmodeltester: object, dressed: object) -> None:
    model = OfferModel()
    model.show(lines_of([offer("a:", "field"), offer("ab", "word"), offer("b:", "field")]))
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    assert [line.label for line in model.lines] == [
        "Fields", "a:", "b:", "Words of the library", "ab",
    ]  # fmt: skip
    assert model.choices() == [1, 2, 4]
    model.show(lines_of([offer("ab", "word")]))
    assert [line.label for line in model.lines] == ["ab"]
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "ab, said"
