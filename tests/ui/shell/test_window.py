"""The window over a library: pages, first steps, undo, switching, closing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.rows import ROLES
from tests.ui.conftest import ME
from tests.ui.fakes import FakeLibrary
from tests.ui.shell.conftest import MakeWindow
from ui import placement
from ui.notify import Notice
from ui.person import LANDING, PersonSheet
from ui.window import PAGES, Window


def test_it_opens_on_find_and_shows_the_state_of_the_library(
    qtbot: QtBot, window: Window
) -> None:
    assert window.page.key == "find"
    told = "Library up to date · 24 assets · 4 problems"
    qtbot.waitUntil(lambda: window.status.text() == told, timeout=20_000)


def test_the_library_is_never_called_on_the_ui_thread(
    window: Window, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    for key in PAGES:
        window.show_page(key)
        qtbot.wait(60)
    here = threading.current_thread().name
    assert fake_library.calls
    assert [name for name, thread in fake_library.calls if thread == here] == []


@pytest.mark.parametrize("key", PAGES)
def test_pages_are_built_when_first_shown(window: Window, key: str) -> None:
    if key != "find":
        assert key not in window.pages
    window.show_page(key)
    assert window.page.key == key
    assert window.stack.count() == len(window.pages)


def test_the_rail_and_the_keys_go_to_the_same_places(window: Window, qtbot: QtBot) -> None:
    buttons = {one.accessibleName(): one for one in window.rail.findChildren(QToolButton)}
    qtbot.mouseClick(buttons["Library"], Qt.MouseButton.LeftButton)
    assert window.page.key == "library"
    assert buttons["Library"].isChecked()
    for command, key in (("attention", "attention"), ("settings", "settings"), ("find", "find")):
        window.commands.trigger(command)
        assert window.page.key == key
    assert buttons["Find"].isChecked()
    assert not buttons["Library"].isChecked()


def test_the_search_key_leads_to_the_search_field(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    window.navigate("library")
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.page.key == "find"
    focused = QApplication.focusWidget()
    assert focused is not None
    assert "earch" in focused.accessibleName()


def test_an_empty_library_is_welcomed(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    library = FakeLibrary(tmp_path / "library", 0)
    library.exists = False
    window = make_window(library)
    assert window.page.key == "welcome"
    window.navigate("find")
    assert window.page.key == "welcome"
    window.add_folder(str(tmp_path))
    qtbot.waitUntil(lambda: window.page.key == "find")
    assert library.root_rows[0].path == str(tmp_path)


@pytest.mark.parametrize("role", ROLES)
def test_the_person_is_asked_once_and_lands_by_role(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot, role: str
) -> None:
    library = FakeLibrary(tmp_path / "library")
    window = make_window(library)
    qtbot.waitUntil(lambda: bool(window.findChildren(PersonSheet)))
    sheet = window.findChildren(PersonSheet)[0]
    sheet.form.name.setText("Ada")
    sheet.form._radio[role].click()
    assert sheet.form.counts.isChecked() == (role == "rep")
    qtbot.keyClick(sheet.form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.person is not None)
    qtbot.waitUntil(lambda: window.page.key == LANDING[role])
    assert library.person is not None
    assert (library.person.name, library.person.role, library.person.counts) == ("Ada", role, None)
    window.session.read_overview()
    qtbot.wait(50)
    assert [one for one in window.findChildren(PersonSheet) if one.isVisible()] == []


def test_a_nameless_person_is_told_what_is_missing(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(FakeLibrary(tmp_path / "library"))
    qtbot.waitUntil(lambda: bool(window.findChildren(PersonSheet)))
    sheet = window.findChildren(PersonSheet)[0]
    sheet.form.name.setText("  ")
    qtbot.keyClick(sheet.form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet._error.isVisible())
    assert "give a name" in sheet._error.text()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_undo_by_key_names_what_it_took_back(
    window: Window, fake_library: FakeLibrary, notices: list[Notice], qtbot: QtBot
) -> None:
    window.session.bridge.mutate(window, lambda library: library.set_status([1], "archived"))
    qtbot.waitUntil(lambda: fake_library.hits[1].status == "archived")
    qtbot.waitUntil(lambda: bool(notices))
    assert window.toast.text() == "1 assets set to Archived"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: fake_library.hits[1].status != "archived")
    qtbot.waitUntil(lambda: notices[-1].text == "Undone: 1 assets set to Archived")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.toast.text() == ""


def test_a_dropped_folder_is_added_and_a_dropped_file_is_refused(
    window: Window, fake_library: FakeLibrary, notices: list[Notice], tmp_path: Path, qtbot: QtBot
) -> None:
    folder, file = tmp_path / "Decks", tmp_path / "one.pptx"
    folder.mkdir()
    file.touch()
    for path in (folder, file):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        window.dropEvent(event)
    qtbot.waitUntil(lambda: any(row.path == str(folder) for row in fake_library.root_rows))
    qtbot.waitUntil(lambda: any("Only folders" in notice.text for notice in notices))
    assert not any(row.path == str(file) for row in fake_library.root_rows)


def test_another_library_takes_the_place_of_this_one(
    window: Window, fake_library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    opened: list[Path] = []
    window.opened.connect(opened.append)
    window.show_page("library")
    before = window.session
    window.open_library(tmp_path / "other")
    assert window.session is not before
    assert opened == [tmp_path / "other"]
    qtbot.waitUntil(lambda: window.session.overview is not None)
    qtbot.waitUntil(lambda: fake_library.closed)
    assert set(window.pages) == {window.page.key}
    window.navigate("library")
    assert window.page.context.bridge is window.session.bridge


def test_a_library_open_elsewhere_is_left_alone(
    window: Window, notices: list[Notice], tmp_path: Path
) -> None:
    before = window.session
    window._may_open = lambda _folder: False
    window.open_library(tmp_path / "other")
    assert window.session is before
    assert "open in another window" in notices[-1].text


def test_the_sample_shows_its_banner(make_window: MakeWindow, tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library", me=ME)
    library.sample = True
    window = make_window(library)
    assert window._banner is not None
    assert window._banner.isVisible()


def test_closing_finishes_writes_and_remembers(
    window: Window, fake_library: FakeLibrary, tmp_path: Path
) -> None:
    window.navigate("library")
    window.session.bridge.mutate(window, lambda library: library.tag([3], add=[("persona", "x")]))
    window.close()
    assert any(tag.slug == "x" for tag in fake_library.hits[3].tags)
    assert fake_library.closed
    saved = (fake_library.folder / "window.json").read_text("utf-8")
    assert '"page": "library"' in saved
    assert "geometry" in saved


def test_help_lists_every_command_that_has_a_key(window: Window, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLabel

    window.show_page("library")
    window.commands.trigger("help")
    assert window._help is not None
    words = {one.text() for one in window._help.findChildren(QLabel)}
    missing = [c.text for c in window.commands.all() if c.keys and c.text not in words]
    assert missing == []
    QTest.keyClick(window._help, Qt.Key.Key_Escape)
    assert not window._help.isVisible()


@pytest.mark.parametrize("key", [key for key in PAGES if key != "welcome"])
def test_every_page_fits_into_the_least_window(window: Window, key: str, qtbot: QtBot) -> None:
    window.show_page(key)
    window.page.complete()
    window.resize(*placement.LEAST_SIZE)
    qtbot.waitUntil(lambda: window.width() == placement.LEAST_SIZE[0])
    least = window.page.minimumSizeHint()
    assert least.width() <= window.width() - window.rail.width()
    assert least.height() <= window.height() - window.status.height()
