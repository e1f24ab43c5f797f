"""Everything that takes the focus has a name, and the focus can be seen and moved (UI-4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeLibrary
from tests.ui.shell.conftest import MakeWindow
from ui.indexing import Progress
from ui.window import PAGES, Window


def _walk(interface: QAccessibleInterface) -> list[QAccessibleInterface]:
    found = [interface]
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None and child.isValid():
            found += _walk(child)
    return found


def nameless(root: QWidget) -> list[str]:
    """The focusable, visible elements below ``root`` that have no accessible name."""
    top = QAccessible.queryAccessibleInterface(root)
    assert top is not None
    bad = []
    for one in _walk(top):
        state = one.state()
        if state.focusable and not state.invisible and not one.text(QAccessible.Text.Name):
            thing = one.object()
            where = thing.objectName() or thing.metaObject().className() if thing else "?"
            bad.append(f"{one.role().name} {where}")
    return bad


@pytest.mark.parametrize("key", PAGES)
def test_every_control_of_the_window_has_a_name(window: Window, key: str, qtbot: QtBot) -> None:
    window.show_page(key)
    window.status.show_progress(Progress("indexing", 1, 9, "a.pdf"))
    window.notify.info("Done", action=("Undo", lambda: None))
    qtbot.wait(80)
    assert nameless(window) == []


def test_every_control_of_the_sheets_has_a_name(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from ui.person import PersonSheet

    window = make_window(FakeLibrary(tmp_path / "library"))
    qtbot.waitUntil(lambda: bool(window.findChildren(PersonSheet)))
    assert nameless(window.findChildren(PersonSheet)[0]) == []
    window.show_help()
    assert window._help is not None
    assert nameless(window._help) == []


def test_tab_goes_round_inside_a_sheet(
    make_window: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    from ui.person import PersonSheet

    window = make_window(FakeLibrary(tmp_path / "library"))
    window.activateWindow()
    qtbot.waitUntil(lambda: bool(window.findChildren(PersonSheet)))
    sheet = window.findChildren(PersonSheet)[0]
    seen = set()
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert sheet.isAncestorOf(focused)
        seen.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert len(seen) >= 5


def test_f6_goes_through_the_panes(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    window.show_page("library")
    qtbot.wait(60)
    seen = []
    for _ in range(3):
        window.commands.trigger("next_pane")
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
    assert "Problems" in seen
    assert "Find" in seen
