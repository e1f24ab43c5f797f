"""The library page: folders, states, problems, filters."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.clock import now_ms
from app.rows import Health, ProblemRow, RootRow
from tests.ui import fake_rows
from tests.ui.conftest import ME
from tests.ui.fakes import FakeLibrary
from tests.ui.shell.conftest import MakeWindow
from ui.dialogs.leave_out import LeaveOutSheet
from ui.indexing import Progress, RootMode
from ui.notify import Notice
from ui.pages.library import LibraryPage
from ui.pages.library_health import facts, state_of_index
from ui.pages.library_models import (
    PAGE,
    TableModel,
    problem_badge,
    problem_items,
    root_badge,
    root_items,
)
from ui.window import Window
from ui.words import moment

STATES = ("damaged", "no_text", "partly")


def _page(window: Window, qtbot: QtBot) -> LibraryPage:
    window.navigate("library")
    page = window.page
    assert isinstance(page, LibraryPage)
    qtbot.waitUntil(lambda: page._facts is not None)
    return page


def _column(model: TableModel, column: int) -> list[str]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def _root(state: str, reason: str = "") -> RootRow:
    return RootRow(1, "R", "/r", state, reason, 1, 0, None)


@pytest.mark.parametrize(
    ("root", "mode", "text", "note"),
    [
        (_root("online"), RootMode(1, "live", ""), "Live", ""),
        (_root("online"), RootMode(1, "polling", "network"), "Polling every 10 min", "network"),
        (_root("online"), None, "Indexed", ""),
        (_root("offline", "gone"), None, "Offline", "Gone"),
        (_root("online"), RootMode(1, "offline", "unplugged"), "Offline", "Unplugged"),
        (_root("offline"), None, "Offline", "The folder cannot be reached."),
        (_root("never_indexed"), RootMode(1, "live", ""), "Not indexed yet", ""),
    ],
)
def test_the_state_of_a_folder_in_words(
    root: RootRow, mode: RootMode | None, text: str, note: str
) -> None:
    badge, why = root_badge(root, mode, 10)
    assert (badge.text, why) == (text, note)


def test_an_unknown_state_is_shown_by_its_name() -> None:
    assert problem_badge("eaten_by_dog").text == "Eaten by dog"


def test_models_keep_their_promises(qtmodeltester: ModelTester) -> None:
    model = TableModel(("a", "b", "c", "d", "e"), (2,))
    model.set_items(root_items(fake_rows.roots(), {}, 10))
    qtmodeltester.check(model)
    model.set_items(())
    qtmodeltester.check(model)
    assert model.rowCount() == 0


def test_a_long_list_comes_in_pages(qtmodeltester: ModelTester) -> None:
    many = [ProblemRow(n, "R", f"{n:05}.pdf", f"T{n}", "damaged", "why") for n in range(1000)]
    model = TableModel(("Title", "Path", "State", "Reason"))
    model.set_items(problem_items(many))
    assert model.rowCount() == PAGE
    model.fetchMore(model.index(-1, -1))
    assert model.rowCount() == 2 * PAGE
    assert model.index(399, 1).data() == "R/00399.pdf"
    qtmodeltester.check(model)


def test_folders_and_problems_are_shown(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    assert _column(page._roots_model, 0) == ["Archive", "Collateral", "Field"]
    assert _column(page._roots_model, 1) [1:] == ["Indexed", "Not indexed yet"]
    assert _column(page._roots_model, 1)[0].startswith("Offline since ")
    window.session.indexing.root_seen.emit(RootMode(1, "live", ""))
    assert _column(page._roots_model, 1) [1:] == ["Live", "Not indexed yet"]
    assert page.problems.model.rowCount() == 4


def test_the_problem_chosen_is_told_in_full(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    assert not page.problems.strip.isVisibleTo(page)
    page.problems.table.selectRow(0)
    row = page.problems.chosen()[0]
    assert page.problems.strip.isVisibleTo(page)
    assert row.reason in page.problems.strip_reason.text().replace("\u200b", "")
    page.problems.table.selectAll()
    assert not page.problems.strip.isVisibleTo(page)


def test_the_row_chosen_stays_in_sight_when_it_is_told_in_full(
    window: Window, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    window.resize(1100, 640)
    table = page.problems.table
    few = page.problems._items
    page.problems.model.set_items(tuple(few) * 20)
    qtbot.wait(20)
    last = table.rowAt(table.viewport().height() - 5)
    assert last > 0
    table.selectRow(last)
    qtbot.waitUntil(lambda: page.problems.strip.isVisible())
    qtbot.waitUntil(
        lambda: table.visualRect(table.currentIndex()).bottom() <= table.viewport().height()
    )


def test_problems_are_filtered_by_folder_and_state(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    page.problems.state_filter.setCurrentIndex(page.problems.state_filter.findData("damaged"))
    assert _column(page.problems.model, 0) == ["Broken pitch"]
    page.problems.state_filter.setCurrentIndex(0)
    assert page.problems.model.rowCount() == 4


def test_a_folder_is_removed_and_comes_back(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    assert not page._remove.isEnabled()
    page.roots.selectRow(1)
    page._remove.click()
    qtbot.waitUntil(lambda: _column(page._roots_model, 0) == ["Archive", "Field"])
    window.commands.trigger("undo")
    qtbot.waitUntil(lambda: "collateral" in _column(page._roots_model, 0))


def test_details_are_copied_as_plain_text(
    window: Window, notices: list[Notice], qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    page.problems.table.selectRow(2)
    page.problems.copy.click()
    assert QGuiApplication.clipboard().text() == (
        "Broken pitch\n/srv/collateral/pitch/broken.pptx\n"
        "Damaged: The file ends in the middle. Copy it here again from where it came."
    )
    assert notices[-1].text == "Details of 1 problem copied"


def test_return_shows_the_asset_in_find(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    page = _page(window, qtbot)
    page.problems.table.setFocus()
    page.problems.table.selectRow(0)
    qtbot.keyClick(page.problems.table, Qt.Key.Key_Return)
    assert window.page.key == "find"


def test_progress_shows_and_goes(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    window.session.indexing.progressed.emit(Progress("indexing", 120, 640, "<b>a</b>.pdf"))
    assert page._card.isVisible()
    assert page._doing.text() == "Indexing 120 of 640"
    assert window.status.text() == "Indexing 120 of 640"
    window.session.indexing.progressed.emit(Progress("watching"))
    assert not page._card.isVisible()


def test_nothing_to_report(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    library = FakeLibrary(tmp_path / "library", 0)
    page = _page(make_window(library), qtbot)
    assert page.problems.none._title.text() == "Nothing to report"
    assert page._roots_stack.currentIndex() == 1
    assert not page.problems.state_filter.isVisible()


def test_refreshing_never_starves(window: Window, fake_library: FakeLibrary, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    fake_library.problem_rows = ()
    shown: list[int] = []
    page.problems.model.modelReset.connect(
        lambda: shown.append(page.problems.model.rowCount())
    )  # fmt: skip
    for _ in range(30):
        window.session.bridge.changed.emit(Changes(frozenset({"assets"})))
        qtbot.wait(5)
    qtbot.waitUntil(lambda: 0 in shown)
    assert len(shown) < 15


def test_problems_are_read_again_and_ignored_with_undo(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    before = page.problems.model.rowCount()
    page.problems.table.selectRow(0)
    page.problems.retry.click()
    qtbot.waitUntil(lambda: "retry_files" in dict(fake_library.calls))
    page.problems.table.selectRow(0)
    page.problems.ignore.click()
    qtbot.waitUntil(lambda: page.problems.model.rowCount() < before)
    window.session.bridge.undo()
    qtbot.waitUntil(lambda: page.problems.model.rowCount() == before)


def test_a_vanished_fifth_is_accepted_by_a_button(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    first = fake_library.root_rows[0]
    told = "40 of 60 files are gone at once. Nothing was forgotten."
    fake_library.root_rows[0] = dataclasses.replace(first, state="offline", reason=told)
    page = _page(window, qtbot)
    qtbot.waitUntil(lambda: page._facts.roots[0].state == "offline")
    for row in range(page._roots_model.rowCount()):
        page.roots.selectRow(row)
        if page._root().id == first.id:
            break
    assert page._accept.isVisible()
    page._accept.click()
    qtbot.waitUntil(lambda: not page._accept.isVisible())


# ---- health ----------------------------------------------------------------------------------


def _health(entries: int = 9, indexed: int = 9, behind: int = 0) -> Health:
    return Health(entries, indexed, behind, 3 << 20, 1 << 20, 0, None)


@pytest.mark.parametrize(
    ("health", "words", "color"),
    [
        (_health(), "Search holds everything that is in the record", "ok"),
        (_health(indexed=0, behind=3), "There is no search index yet", "warn"),
        (_health(indexed=5, behind=2), "Search is 2 changes behind", "info"),
        (_health(indexed=8), "Search holds 8 entries of 9: rebuild", "bad"),
        (_health(0, 0), "There is nothing to search yet", "text2"),
    ],
)
def test_what_the_index_holds_in_words(health: Health, words: str, color: str) -> None:
    sentence, shown, _icon = state_of_index(health)
    assert sentence.startswith(words)
    assert shown == color


def test_health_says_when_the_record_was_copied() -> None:
    """DB-3."""
    assert "copied" not in facts(_health())
    health = dataclasses.replace(_health(), copied_at=now_ms() - 3 * 3_600_000)
    assert facts(health).startswith("9 of 9 entries · Record 3.0 MB (copied 3 hours ago) · search")


def test_health_is_shown_and_the_index_rebuilt_by_a_button(
    window: Window, notices: list[Notice], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(window, qtbot)
    assert page.health.sentence.text() == "Search holds everything that is in the record"
    words = "216 of 216 entries · Record 9.0 MB · search index 2.0 MB · pictures 40.0 MB"
    assert words in page.health.facts.text()
    sent: list[str] = []
    monkeypatch.setattr(window.session.indexing, "_send", sent.append)
    page.health.rebuild.click()
    assert sent == ["rebuild"]
    assert "Search goes on" in notices[-1].text


# ---- folders ---------------------------------------------------------------------------------


def test_a_folder_is_located(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page(window, qtbot)
    assert not page._locate.isEnabled()
    page.roots.selectRow(0)
    assert page._locate.isEnabled()
    chosen = page._root()
    asked: list[str] = []

    def answer(dialog: QFileDialog) -> None:
        asked.append(dialog.windowTitle())
        dialog.fileSelected.emit("/new/place")

    monkeypatch.setattr(QFileDialog, "open", answer)
    page._locate.click()
    assert asked == [f"Where is {chosen.name} now?"]
    qtbot.waitUntil(lambda: "/new/place" in [root.path for root in page._facts.roots])
    window.commands.trigger("undo")
    qtbot.waitUntil(lambda: chosen in fake_library.root_rows)


def test_the_context_menu_has_a_folder_fetched(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    assert page._fetch in page.roots.actions()
    assert not page._fetch.isEnabled()
    page.roots.selectRow(0)
    assert not page._fetch.isChecked()
    page._fetch.trigger()
    qtbot.waitUntil(lambda: [root.fetch for root in page._facts.roots].count(True) == 1)
    assert page._fetch.isChecked()
    window.commands.trigger("undo")
    qtbot.waitUntil(lambda: not any(root.fetch for root in fake_library.root_rows))
    qtbot.waitUntil(lambda: not page._fetch.isChecked())


def test_an_offline_folder_says_when_it_was_last_seen() -> None:
    root = dataclasses.replace(_root("offline", "gone"), scanned_at=fake_rows.NOW)
    badge, why = root_badge(root, None, 10)
    assert (badge.text, why) == (f"Offline since {moment(fake_rows.NOW)}", "Gone")
    told = "The folder “/r” cannot be reached: no such device."
    root = dataclasses.replace(root, reason=told, scanned_at=None)
    assert root_badge(root, None, 10)[1] == "Cannot be reached: no such device."


def test_what_a_cell_cuts_off_is_shown_as_it_is_under_the_pointer() -> None:
    model = TableModel(("Title", "Path", "State", "Reason"))
    model.set_items(problem_items([ProblemRow(1, "R", "a<b>.pdf", "T", "damaged", "why & how")]))
    tip = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<p>R/a&lt;b&gt;.pdf<br>why &amp; how</p>"


def _sheet(page: LibraryPage, qtbot: QtBot) -> LeaveOutSheet:
    page._leave.click()
    qtbot.waitUntil(lambda: page.sheet is not None)
    assert page.sheet is not None
    return page.sheet


def test_patterns_are_edited_for_all_folders_and_for_one(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    fake_library.patterns[None] = ("old/",)
    page = _page(window, qtbot)
    sheet = _sheet(page, qtbot)
    assert sheet.place.currentText() == "All folders"
    assert sheet.patterns.toPlainText() == "old/\n"
    qtbot.waitUntil(lambda: sheet.note.text() == "3 files in all folders will leave the library.")
    sheet.patterns.setPlainText("")
    qtbot.waitUntil(lambda: sheet.note.text() == "1 file in all folders comes back.")
    sheet.patterns.setPlainText("old/\n*.psd")
    sheet.place.setCurrentIndex(1)
    sheet.patterns.setPlainText("drafts/")
    sheet.place.setCurrentIndex(0)
    assert sheet.patterns.toPlainText() == "old/\n*.psd", "what was typed is not lost"
    qtbot.keyClick(sheet.patterns, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    first = fake_library.root_rows[0].id
    qtbot.waitUntil(lambda: fake_library.patterns == {None: ("old/", "*.psd"), first: ("drafts/",)})
    qtbot.waitUntil(lambda: page.sheet is None)


def test_what_is_typed_next_is_a_pattern_of_its_own(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    fake_library.patterns[None] = ("old/", "*.psd")
    page = _page(window, qtbot)
    sheet = _sheet(page, qtbot)
    qtbot.keyClicks(sheet.patterns, "drafts/")
    qtbot.keyClick(sheet.patterns, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: fake_library.patterns[None] == ("old/", "*.psd", "drafts/"))


def test_a_line_that_is_no_pattern_is_said_and_not_saved(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    page.roots.selectRow(0)
    chosen = page._root()
    sheet = _sheet(page, qtbot)
    assert sheet.place.currentData() == chosen.id, "begins with the folder that was chosen"
    sheet.patterns.setPlainText("!")
    qtbot.waitUntil(lambda: "not a valid ignore pattern" in sheet.note.text())
    assert not sheet.save.isEnabled()
    qtbot.keyClick(sheet.patterns, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert fake_library.patterns == {}


# ---- many problems -----------------------------------------------------------------------------


def test_what_was_chosen_stays_chosen_while_files_are_read(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page = _page(window, qtbot)
    page.problems.table.selectRow(2)
    (before,) = page.problems.chosen()
    fake_library.problem_rows = fake_library.problem_rows[1:]
    window.session.bridge.changed.emit(Changes(frozenset({"assets"})))
    qtbot.waitUntil(lambda: page.problems.model.rowCount() == 3)
    assert page.problems.chosen() == [before]


def test_filters_count_and_name_what_is_shown(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    library = FakeLibrary(tmp_path / "library", me=ME)
    library.problem_rows = tuple(
        ProblemRow(n, f"R{n % 2}", f"{n:05}.pdf", f"T{n}", STATES[n % 3], "why")
        for n in range(10_000)
    )
    page = _page(make_window(library), qtbot)
    qtbot.waitUntil(lambda: page.problems.model.rowCount() == PAGE)
    box = page.problems.state_filter
    texts = [box.itemText(n) for n in range(box.count())]
    assert texts == ["All reasons", "No text (3,333)", "Damaged (3,334)", "Partly read (3,333)"]
    box.setCurrentIndex(2)
    assert len(page.problems.model.items()) == 3_334
    assert page.problems._title.text() == "Problems (3,334 of 10,000)"
