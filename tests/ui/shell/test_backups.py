"""Backups in the window: listed, compared, made and put back, over a real library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.answering import AnsweredLibrary
from app.library import Library
from app.rows import FindSpec, NewRequest
from tests.collateral import index, write_pages
from ui.commands import Commands
from ui.dialogs.backups import NONE, BackupsSheet
from ui.notify import Notify
from ui.session import Session
from ui.theme import theme

PATIENCE_MS = 30_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library = Library(tmp_path / "library")
    write_pages(tmp_path / "root" / "otters.md", ["Otters\nabout otters"])
    index(library, tmp_path / "root")
    library.set_me("Ana", "rep")
    library.close()
    return library.folder


@pytest.fixture
def session(folder: Path, dressed: QApplication) -> Iterator[Session]:
    opened = Session(AnsweredLibrary(folder), Notify(None))
    yield opened
    opened.close()


@pytest.fixture
def sheet(session: Session, qtbot: QtBot) -> BackupsSheet:
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    context = session.context(theme(), Commands(window), lambda *_, **__: None)
    made = BackupsSheet(window, context, session.put_back)
    window.show()
    qtbot.waitExposed(window)
    made.open(made.shut)
    return made


def _numbers(sheet: BackupsSheet, who: str) -> list[str]:
    return [made.text() for (whose, _), made in sheet._numbers.items() if whose == who]


def _click(sheet: BackupsSheet, button: QWidget) -> None:
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_a_backup_one_can_be_made(sheet: BackupsSheet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: sheet.note.text() == NONE, timeout=PATIENCE_MS)
    assert not sheet.put.isEnabled()
    _click(sheet, sheet.make)
    qtbot.waitUntil(lambda: sheet.put.isEnabled(), timeout=PATIENCE_MS)
    (item,) = sheet.model.items()
    assert item.cells[1] == "Made by hand"
    assert _numbers(sheet, "This backup") == _numbers(sheet, "The library now")
    assert _numbers(sheet, "This backup") == ["1", "0", "0", "0"]


def test_a_backup_is_put_back_after_a_second_word_and_all_goes_on(
    session: Session, sheet: BackupsSheet, qtbot: QtBot
) -> None:
    library = session.library
    library.back_up()
    (asset,) = (hit.asset_id for hit in library.find(FindSpec("otters")).hits)
    session.bridge.mutate(sheet, lambda lib: lib.tag([asset], add=[("persona", "finance")]))
    qtbot.waitUntil(lambda: session.bridge.stack.count() == 1, timeout=PATIENCE_MS)
    library.file_request(NewRequest("Something"))
    session.read_overview()
    qtbot.waitUntil(lambda: session.indexing.progress.state == "watching", timeout=PATIENCE_MS)
    sheet._ask_first()
    qtbot.waitUntil(lambda: sheet.put.isEnabled(), timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: _numbers(sheet, "The library now") == ["1", "1", "0", "1"], timeout=PATIENCE_MS
    )
    assert _numbers(sheet, "This backup") == ["1", "0", "0", "0"]

    _click(sheet, sheet.put)
    assert sheet.put.text() == "Put it back"
    assert "cannot be undone" in sheet.note.text()
    _click(sheet, sheet.shut)
    assert (sheet.put.text(), sheet.isVisible()) == ("Put back…", True)
    assert len(library.requests()) == 1

    _click(sheet, sheet.put)
    with qtbot.waitSignal(sheet.closed, timeout=PATIENCE_MS):
        _click(sheet, sheet.put)
    assert library.requests() == ()
    assert library.asset(asset).tags == ()
    assert session.bridge.stack.count() == 0, "an undo would mean another past"
    qtbot.waitUntil(lambda: session.indexing.progress.state == "watching", timeout=PATIENCE_MS)
    assert library.find(FindSpec("otters", exact=True)).limited == ""


def test_one_that_cannot_be_read_is_told_and_not_put_back(
    session: Session, sheet: BackupsSheet, qtbot: QtBot
) -> None:
    session.library.back_up().path.write_bytes(b"no database at all, but long enough" * 300)
    sheet._ask_first()
    qtbot.waitUntil(lambda: "no readable copy" in sheet.note.text(), timeout=PATIENCE_MS)
    assert not sheet.put.isEnabled()


def test_while_another_program_indexes_nothing_is_put_back(
    session: Session, sheet: BackupsSheet, qtbot: QtBot
) -> None:
    from filelock import FileLock

    session.library.back_up()
    sheet._ask_first()
    qtbot.waitUntil(lambda: sheet.put.isEnabled(), timeout=PATIENCE_MS)
    with FileLock(session.library.paths.indexing_lock, timeout=0):
        _click(sheet, sheet.put)
        _click(sheet, sheet.put)
        qtbot.waitUntil(lambda: "Close it" in sheet.note.text(), timeout=PATIENCE_MS)
    assert sheet.shut.isEnabled()
    assert sheet.put.text() == "Put back…"
