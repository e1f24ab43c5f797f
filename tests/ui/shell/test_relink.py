"""The sheet of missing files, over a real library in which a folder moved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.library import Library
from app.rows import Missing, RelinkPreview
from tests import collateral
from tests.ui.shell.test_library_page import _page
from ui.bridge import Bridge
from ui.commands import Commands
from ui.context import Context
from ui.dialogs.relink import RelinkSheet, foretold
from ui.notify import Notify
from ui.state import State
from ui.theme import theme
from ui.window import Window


@pytest.fixture(scope="module")
def after_a_move(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collateral.after_a_move(tmp_path_factory.mktemp("moved"))


@pytest.fixture
def real(after_a_move: Path, tmp_path: Path, dressed: QApplication) -> Iterator[Context]:
    shutil.copytree(after_a_move / "library", tmp_path / "library")
    owner = QObject()
    notify = Notify(None, owner)
    library = Library(tmp_path / "library")
    bridge, state = Bridge(library, notify, owner), State(library.folder)
    yield Context(
        bridge=bridge, notify=notify, theme=theme(), commands=Commands(owner), state=state,
        navigate=lambda *_, **__: None, me=lambda: None,
    )  # fmt: skip
    bridge.close(3.0)
    state.close()


@pytest.fixture
def sheet(real: Context, qtbot: QtBot) -> RelinkSheet:
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    (root,) = real.bridge.library.roots()
    made = RelinkSheet(window, real, root, real.bridge.library.missing(root.id))
    window.show()
    qtbot.waitExposed(window)
    made.open(made.first())
    return made


def _cells(sheet: RelinkSheet) -> list[tuple[str, ...]]:
    return [item.cells for item in sheet.model.items()]


def test_folders_are_listed_with_counts_and_the_likely_place_is_foretold(
    sheet: RelinkSheet, qtbot: QtBot
) -> None:
    assert _cells(sheet) == [
        ("old", "6", "new/old"), ("old/a", "3", "new/old/a"), ("old/b", "3", "new/old/b"),
    ]  # fmt: skip
    tip = sheet.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<p>old<br>→ new/old</p>"
    assert sheet.place.text() == "new/old"
    told = "4 of 6 files would be found again below “new/old”; 2 stay missing."
    qtbot.waitUntil(lambda: sheet.note.text() == told)
    assert sheet.relink.isEnabled()


def test_a_folder_is_relinked_by_keyboard_and_undone(
    sheet: RelinkSheet, real: Context, qtbot: QtBot
) -> None:
    before = _cells(sheet)
    qtbot.waitUntil(sheet.relink.isEnabled)
    qtbot.keyClick(sheet.place, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _cells(sheet) == [("old/b", "2", "–")])
    assert sheet.isVisible()
    assert not sheet.relink.isEnabled()
    assert sheet.place.text() == ""
    real.bridge.undo()
    qtbot.waitUntil(lambda: _cells(sheet) == before)


def test_a_bad_place_is_said_and_cannot_be_relinked(sheet: RelinkSheet, qtbot: QtBot) -> None:
    qtbot.waitUntil(sheet.relink.isEnabled)
    sheet.place.setText("/elsewhere")
    assert not sheet.relink.isEnabled(), "not before it was looked at"
    qtbot.waitUntil(lambda: "lies outside of “collateral”" in sheet.note.text())
    sheet.place.setText("nowhere")
    qtbot.waitUntil(lambda: "holds no file at or below “nowhere”" in sheet.note.text())
    assert not sheet.relink.isEnabled()
    assert sheet.note.property("kind") == "bad"


def test_a_single_file_is_chosen_and_the_choice_survives_other_changes(
    sheet: RelinkSheet, real: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = real.bridge.library
    root = library.roots()[0]
    sheet.what.setCurrentIndex(1)
    assert sheet.model.rowCount() == 6
    sheet.table.selectRow(4)
    assert sheet.place.text() == ""
    assert sheet.note.text() == "Say where it is now."
    there = str(Path(root.path, "new", "old", "b", "5.md"))
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(there))
    sheet.choose.click()
    assert sheet.place.text() == there
    told = "1 file would be found again as “new/old/b/5.md”; tags and history stay."
    qtbot.waitUntil(lambda: sheet.note.text() == told)
    real.bridge.mutate(sheet, lambda one: one.relink(root.id, "old/a", "new/old/a"))
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 3)
    assert sheet.place.text() == there
    qtbot.waitUntil(sheet.relink.isEnabled)
    sheet.relink.click()
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 2)
    assert library.asset_id_of("new/old/b/5.md")


def test_nothing_missing_says_so(real: Context, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    (root,) = real.bridge.library.roots()
    sheet = RelinkSheet(window, real, root, Missing((), ()))
    sheet.open(sheet.first())
    assert sheet.none.isVisibleTo(window)
    assert not sheet.table.isVisibleTo(window)
    assert not sheet.relink.isVisibleTo(window)
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sheet.isHidden()


def test_a_remainder_of_one_is_in_the_singular() -> None:
    told = foretold(RelinkPreview(213, 214, "below “new”"))
    assert told == "213 of 214 files would be found again below “new”; 1 stays missing."


def test_the_page_opens_it_for_the_folder_chosen(window: Window, qtbot: QtBot) -> None:
    page = _page(window, qtbot)
    assert not page._missing.isEnabled()
    page.roots.selectRow(0)
    window.commands.trigger("library.missing")
    qtbot.waitUntil(lambda: page.sheet is not None)
    assert isinstance(page.sheet, RelinkSheet)
    assert page.sheet.isVisible()
    qtbot.keyClick(page.sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.sheet is None)
