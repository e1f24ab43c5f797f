"""The attention page: what it shows, what it reacts to, and what it never does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QScrollArea
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.errors import EnvironmentProblem
from app.rows import PersonRow
from tests.ui import fake_rows
from tests.ui.attention.material import nameless, report, unused_row
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.dialogs.request import RequestDialog
from ui.pages.attention import unused_items as rows
from ui.pages.attention.page import STATE_KEYS, AttentionPage
from ui.theme import theme


def _read(library: FakeLibrary) -> Counter[str]:
    return Counter(method for method, _ in library.calls)


def _ids(page: AttentionPage) -> list[int]:
    return [item.row.asset_id for item in page.unused.model.items]


def test_the_cards_and_tables_say_what_the_reports_say(page: AttentionPage) -> None:
    share = page.summary.share
    assert share.figure.text() == "25\u00a0%"
    assert share.sentence.text().startswith("4 of 16 eligible assets were not used in 90 days")
    assert page.as_of.text().startswith("As of ")
    assert set(_ids(page)) == {1, 2, 3, 4}
    assert page.tabs.tabText(1).endswith("3")
    assert page.summary.weeks_panel.foot.text() == "Left out: 14 by people who make content"
    assert page.summary.reasons.marks[0].cells == ("Never shown", "1")


def test_nothing_is_read_on_the_ui_thread(page: AttentionPage, fake_library: FakeLibrary) -> None:
    assert {thread.split("-")[0] for _, thread in fake_library.calls} == {"read"}


def test_another_window_is_counted_again_and_remembered(
    page: AttentionPage, context: Context, qtbot: QtBot
) -> None:
    toggle = page.window_days.toggle("30")
    assert toggle is not None
    toggle.click()
    qtbot.waitUntil(lambda: "in 30 days" in page.summary.share.sentence.text())
    assert context.state.get(STATE_KEYS["window"], 90) == 30


def test_arrow_keys_choose_the_window(page: AttentionPage, qtbot: QtBot) -> None:
    chosen = page.window_days.toggle("90")
    assert chosen is not None
    chosen.setFocus()
    qtbot.keyClick(chosen, Qt.Key.Key_Right)
    assert page.window_days.key == "180"
    qtbot.waitUntil(lambda: "in 180 days" in page.summary.share.sentence.text())


def test_a_bar_lists_its_assets_and_again_lists_all(page: AttentionPage) -> None:
    page.summary.reasons.activated.emit("shown_not_opened")
    assert _ids(page) == [2]
    assert page.unused.why.isVisibleTo(page)
    page.summary.reasons.activated.emit("shown_not_opened")
    assert len(_ids(page)) == 4


def test_an_exclusion_explains_itself_and_filters(page: AttentionPage) -> None:
    chip = page.summary.share.chip("too_new")
    assert chip is not None
    assert "less than 30 days" in chip.toolTip()
    chip.click()
    assert _ids(page) == [5]
    hidden = page.summary.share.chip("not_published")
    assert hidden is not None
    hidden.click()
    assert _ids(page) == []
    assert page.unused.notice.heading() == "Not published: 3 assets"
    assert "does not list them" in page.unused.notice.text()


def test_sort_and_verdict_are_remembered(
    page: AttentionPage, context: Context, qtbot: QtBot, marketer: PersonRow
) -> None:
    page.unused.want(verdict=rows.ALL)
    page.unused.table.horizontalHeader().sectionClicked.emit(rows.SHOWN)
    assert _ids(page)[0] == 2
    page.unused.table.horizontalHeader().sectionClicked.emit(rows.SHOWN)
    assert _ids(page)[-1] == 2
    again = AttentionPage(context)
    qtbot.addWidget(again)
    again.activate()
    qtbot.waitUntil(lambda: bool(again.unused.model.items))
    assert _ids(again)[-1] == 2
    assert again.unused.chips.key == rows.ALL


def test_typing_narrows_the_table(page: AttentionPage, qtbot: QtBot) -> None:
    title = page.unused.model.items[0].row.title
    page.unused.filter.setText(title)
    qtbot.waitUntil(lambda: all(i.row.title == title for i in page.unused.model.items))
    qtbot.keyClicks(page.unused.filter, " xyzzy")
    qtbot.waitUntil(lambda: not page.unused.model.items)
    assert page.unused.notice.heading() == "No row fits these filters"
    page.unused.notice.button.click()
    assert len(_ids(page)) == 5


def test_enter_shows_the_asset_in_find(page: AttentionPage, told: Told, qtbot: QtBot) -> None:
    page.unused.table.setFocus()
    page.unused.table.selectRow(1)
    qtbot.keyClick(page.unused.table, Qt.Key.Key_Return)
    assert told.went == [("find", {"asset_id": _ids(page)[1]})]
    page.unused.table.activated.emit(page.unused.model.index(0, 0))
    assert told.went[-1] == ("find", {"asset_id": _ids(page)[0]})


def test_the_reason_is_told_for_the_selected_row(page: AttentionPage) -> None:
    assert not page.unused.strip.isVisibleTo(page)
    page.unused.table.selectRow(page.unused.model.row_of(2))
    assert "Shown in 14 searches, never opened" in page.unused.strip_reason.text()
    page.unused.table.selectAll()
    assert page.unused.strip_title.text() == "4 assets selected"


def test_a_status_is_set_and_can_be_undone(
    page: AttentionPage, fake_library: FakeLibrary, context: Context, told: Told, qtbot: QtBot
) -> None:
    before = fake_library.hits[2].status
    page.unused.table.selectRow(page.unused.model.row_of(2))
    page.unused.set_status("archived")
    qtbot.waitUntil(lambda: fake_library.hits[2].status == "archived")
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[0].action is not None
    context.bridge.undo()
    qtbot.waitUntil(lambda: fake_library.hits[2].status == before)


def test_selected_rows_are_copied(page: AttentionPage, told: Told) -> None:
    page.unused.table.selectRow(0)
    page.unused.copy_rows()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].startswith("Title\tVerdict")
    assert len(lines) == 2
    assert told.notices[-1].text == "1 row copied"


def test_a_copy_is_saved_without_blocking(
    page: AttentionPage, told: Told, tmp_path: Path, qtbot: QtBot
) -> None:
    page.unused.save_copy()
    dialog = page.unused.findChild(QFileDialog)
    assert dialog is not None
    target = tmp_path / "copy.csv"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[-1].text == "4 rows saved to copy.csv"
    assert target.read_text("utf-8-sig").count("\n") == 5


def test_a_copy_that_fails_is_told(page: AttentionPage, told: Told, qtbot: QtBot) -> None:
    page.unused.save_to("/nowhere/at/all.csv")
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[-1].kind == "problem"
    assert "could not be saved" in told.notices[-1].text


def test_changes_refresh_and_keep_what_is_selected(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page.unused.table.selectRow(page.unused.model.row_of(3))
    page.requests.see(2)
    before = _read(fake_library)
    page.on_changes(Changes(frozenset({"events"})))
    page.on_changes(Changes(frozenset({"requests"})))
    qtbot.waitUntil(lambda: _read(fake_library)["requests"] > before["requests"])
    qtbot.waitUntil(lambda: _read(fake_library)["use"] > before["use"])
    qtbot.wait(50)
    assert [item.row.asset_id for item in page.unused.selected()] == [3]
    assert page.requests.detail.request is not None
    assert page.requests.detail.request.id == 2
    # A burst of changes is one refresh.
    assert _read(fake_library)["unused"] == before["unused"] + 1


def test_other_changes_and_hidden_pages_read_nothing(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    before = _read(fake_library)
    page.on_changes(Changes(frozenset({"roots"})))
    page.hide()
    page.on_changes(Changes(frozenset({"events"})))
    qtbot.wait(250)
    assert _read(fake_library) == before
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: _read(fake_library)["unused"] == before["unused"] + 1)


def test_a_failure_is_a_sentence_with_a_way_on(
    context: Context, fake_library: FakeLibrary, marketer: PersonRow, qtbot: QtBot
) -> None:
    problem = EnvironmentProblem("The database is locked. Wait a minute and try again.")
    fake_library.fail = {"unused": problem, "requests": problem}
    page = AttentionPage(context)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: page.unused.notice.text() == str(problem))
    qtbot.waitUntil(lambda: page.requests.notice.text() == str(problem))
    assert page.summary.share.sentence.text() == "Could not be counted"
    assert page.summary.weeks.empty == "Could not be counted"
    page.again.click()
    qtbot.waitUntil(lambda: bool(page.unused.model.items and page.requests.model.items))
    assert not page.again.isVisibleTo(page)


def test_an_empty_library_says_what_is_to_come(
    context: Context, tmp_path: Path, marketer: PersonRow, qtbot: QtBot
) -> None:
    context.bridge.tasks._library = FakeLibrary(tmp_path / "empty", 0)  # type: ignore[assignment]
    page = AttentionPage(context)
    qtbot.addWidget(page)
    page.activate()
    qtbot.waitUntil(lambda: page.requests.notice.heading() == "No requests yet")
    assert "A request says what is missing" in page.requests.notice.text()
    assert page.requests.notice.button.text() == "New request"
    qtbot.waitUntil(lambda: page.gaps.notice.heading() == "Every search found something")


def test_a_fresh_library_calls_nothing_unused(page: AttentionPage) -> None:
    fresh = report(log_start=fake_rows.NOW, eligible=0, used=0, rows=())
    page.summary.show_unused(fresh)
    page.unused.show_report(fresh, ())
    assert not page.summary.share.figure.isVisibleTo(page)
    assert "Nothing can be called unused before" in page.summary.share.sentence.text()
    assert page.unused.notice.heading() == "Too early to tell"


@pytest.mark.parametrize("eligible", [1, 4])
def test_few_assets_get_counts_and_no_interval(page: AttentionPage, eligible: int) -> None:
    page.summary.show_unused(report([unused_row()], eligible=eligible, used=0))
    assert page.summary.share.figure.text() == f"{eligible} of {eligible}"
    assert not page.summary.share.interval.isVisibleTo(page)


def test_a_vain_search_becomes_a_request(page: AttentionPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(1)
    page.gaps.table.selectRow(0)
    assert "SOC 2 bridge letter" in page.gaps.strip_text.text()
    page.gaps.act.click()
    dialog = page.findChild(RequestDialog)
    assert dialog is not None
    assert dialog.request().search == "SOC 2 bridge letter"
    dialog.close()


def test_a_vain_search_that_was_asked_for_shows_its_request(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    gaps = list(page.gaps.model.items)
    asked = [item for item in gaps if item.request_id]
    assert not asked
    page.gaps.see.emit(2)
    assert page.requests.detail.request is not None
    assert page.requests.detail.request.id == 2


def test_every_control_has_a_name(page: AttentionPage) -> None:
    page.unused.table.selectRow(0)
    page.requests.see(1)
    page.tabs.setCurrentIndex(1)
    page.gaps.table.selectRow(0)
    assert nameless(page) == []
    page.tabs.setCurrentIndex(0)
    assert nameless(page) == []


def test_tab_leaves_the_table(page: AttentionPage, qtbot: QtBot) -> None:
    page.activateWindow()
    page.unused.table.setFocus()
    qtbot.waitUntil(page.unused.table.hasFocus)
    qtbot.keyClick(page.unused.table, Qt.Key.Key_Tab)
    assert not page.unused.table.hasFocus()


def test_with_little_width_the_page_does_not_scroll_sideways(
    page: AttentionPage, qtbot: QtBot
) -> None:
    bar = page.findChildren(QScrollArea)[0].horizontalScrollBar()
    page.resize(760, 440)
    qtbot.waitUntil(lambda: page.split.orientation() == Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert page.summary.weeks_panel.y() > page.summary.share.y()
    page.resize(1384, 880)
    qtbot.waitUntil(lambda: page.split.orientation() == Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: page.summary.weeks_panel.y() == page.summary.share.y())


def test_without_a_table_the_focus_is_on_the_window_chosen(
    page: AttentionPage, qtbot: QtBot
) -> None:
    page.unused.table.hide()
    page.activateWindow()
    page.focus_first()
    chosen = page.window_days.toggle("90")
    assert chosen is not None
    qtbot.waitUntil(chosen.hasFocus)


def test_the_keyboard_waits_for_the_first_numbers_and_goes_to_the_table(
    context: Context, qtbot: QtBot, marketer: PersonRow
) -> None:
    page = AttentionPage(context)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    page.focus_first()
    assert page.focusWidget() is page
    qtbot.waitUntil(page.unused.table.hasFocus)


def test_a_page_that_is_not_whole_may_be_resized(context: Context, qtbot: QtBot) -> None:
    page = AttentionPage(context, later=True)
    qtbot.addWidget(page)
    page.build_next()
    page.show()
    page.resize(640, 500)
    page.build_rest()
    page.resize(641, 500)
    assert page.summary.narrow


def test_the_frame_of_the_focus_goes_all_round_the_table(
    page: AttentionPage, qtbot: QtBot
) -> None:
    table = page.unused.table

    def sides() -> set[str]:
        seen = table.grab().toImage()
        right, middle = seen.width() - 1, seen.height() // 2
        return {seen.pixelColor(x, middle).name() for x in (0, right)}

    focus = theme().color("focus").name()
    assert focus not in sides()
    page.activateWindow()
    page.focus_first()
    qtbot.waitUntil(lambda: table.hasFocus())
    assert sides() == {focus}
