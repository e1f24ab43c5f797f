"""Everything that can have the focus has a name, and can be reached with Tab."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.dialogs.send import SendDialog
from ui.dialogs.tag import TagDialog
from ui.pages.find.page import FindPage


def nameless(widget: QWidget) -> list[str]:
    """The focusable, visible things below ``widget`` without an accessible name."""
    found: list[str] = []

    def walk(node: QAccessibleInterface, depth: int) -> None:
        state = node.state()
        if state.invisible or depth > 40:
            return
        if state.focusable and not node.text(QAccessible.Text.Name).strip():
            owner = node.object()
            found.append(f"{type(owner).__name__} {owner.objectName() if owner else ''}")
        for place in range(min(node.childCount(), 60)):
            child = node.child(place)
            if child is not None:
                walk(child, depth + 1)

    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    walk(root, 0)
    return found


def test_all_of_the_page_has_names(page: FindPage) -> None:
    page.facet_model.toggle(1)
    assert nameless(page) == []


def test_all_of_the_page_has_names_when_nothing_is_found(qtbot: QtBot, page: FindPage) -> None:
    page.search_for("nothing like this")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)
    assert nameless(page) == []


def test_all_of_the_dialogs_has_names(
    qtbot: QtBot, context: Context, fake_library: FakeLibrary
) -> None:
    hits = [fake_library.hits[1]]
    for dialog in (SendDialog(context, hits), TagDialog(context, hits)):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.open()
        qtbot.wait(100)
        assert nameless(dialog) == []
        dialog.reject()


def test_tab_goes_from_field_to_results_to_filters_and_comes_round(
    qtbot: QtBot, page: FindPage
) -> None:
    page.activateWindow()
    page.focus_first()
    seen: list[QWidget | None] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for wanted in (page.header.field, page.results, page.facets.list, page.preview.send_button):
        assert wanted in seen
    assert seen.index(page.results) < seen.index(page.facets.list)
    assert seen.count(page.header.field) > 1
