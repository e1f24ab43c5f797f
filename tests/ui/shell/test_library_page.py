"""The library page: folders, states, problems, filters."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.rows import ProblemRow, RootRow
from tests.ui import fake_rows
from tests.ui.fakes import FakeLibrary
from tests.ui.shell.conftest import MakeWindow
from ui.indexing import Progress, RootMode
from ui.notify import Notice
from ui.pages.library import LibraryPage
from ui.pages.library_models import (
    PAGE,
    TableModel,
    problem_badge,
    problem_items,
    root_badge,
    root_items,
)
from ui.window import Window


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
        (_root("offline", "gone"), None, "Offline", "gone"),
        (_root("online"), RootMode(1, "offline", "unplugged"), "Offline", "unplugged"),
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
    assert _column(page._roots_model, 1) == ["Offline", "Indexed", "Not indexed yet"]
    window.session.indexing.root_seen.emit(RootMode(1, "live", ""))
    assert _column(page._roots_model, 1) == ["Offline", "Live", "Not indexed yet"]
    assert page._problems_model.rowCount() == 4


def test_the_problem_chosen_is_told_in_full(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    assert not page.strip.isVisibleTo(page)
    page.problems.selectRow(0)
    row = page._chosen_problems()[0]
    assert page.strip.isVisibleTo(page)
    assert row.reason in page.strip_reason.text().replace("\u200b", "")
    page.problems.selectAll()
    assert not page.strip.isVisibleTo(page)


def test_problems_are_filtered_by_folder_and_state(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    page._state_filter.setCurrentIndex(page._state_filter.findData("damaged"))
    assert _column(page._problems_model, 0) == ["Broken pitch"]
    page._state_filter.setCurrentIndex(0)
    assert page._problems_model.rowCount() == 4


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
    page.problems.selectRow(2)
    page._copy.click()
    assert QGuiApplication.clipboard().text() == (
        "Broken pitch\n/srv/collateral/pitch/broken.pptx\n"
        "Damaged: The file ends in the middle. Copy it here again from where it came."
    )
    assert notices[-1].text == "Details of 1 problem copied"


def test_return_shows_the_asset_in_find(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    page = _page(window, qtbot)
    page.problems.setFocus()
    page.problems.selectRow(0)
    qtbot.keyClick(page.problems, Qt.Key.Key_Return)
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
    assert page._none._title.text() == "Nothing to report"
    assert page._roots_stack.currentIndex() == 1
    assert not page._state_filter.isVisible()


def test_refreshing_never_starves(window: Window, fake_library: FakeLibrary, qtbot: QtBot) -> None:
    from app.changes import Changes

    page = _page(window, qtbot)
    fake_library.problem_rows = ()
    shown: list[int] = []
    page._problems_model.modelReset.connect(
        lambda: shown.append(page._problems_model.rowCount())
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
    before = page._problems_model.rowCount()
    page.problems.selectRow(0)
    page._retry.click()
    qtbot.waitUntil(lambda: "retry_files" in dict(fake_library.calls))
    page.problems.selectRow(0)
    page._ignore.click()
    qtbot.waitUntil(lambda: page._problems_model.rowCount() < before)
    window.session.bridge.undo()
    qtbot.waitUntil(lambda: page._problems_model.rowCount() == before)


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
