"""Tagging one asset or many, from the keyboard, with the way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import UserError
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.dialogs.tag import TagDialog
from ui.pages.find.page import FindPage

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qtbot: QtBot, context: Context, fake_library: FakeLibrary) -> TagDialog:
    """The dialog for assets 1 and 2, with the vocabulary in it."""
    made = TagDialog(context, [fake_library.hits[1], fake_library.hits[2]])
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: made.terms.rowCount() > 0)
    return made


def slugs(library: FakeLibrary, number: int) -> set[str]:
    return {tag.slug for tag in library.hits[number].tags}


def test_type_tick_apply_with_the_keyboard_alone(
    qtbot: QtBot, dialog: TagDialog, fake_library: FakeLibrary, context: Context, told: Told
) -> None:
    before = fake_library.hits[1].tags
    qtbot.keyClicks(dialog.field, "negot")
    qtbot.keyClick(dialog.field, KEY.Key_Return)
    assert "Negotiation" in dialog.pending.text()
    qtbot.keyClick(dialog.field, KEY.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert "negotiation" in slugs(fake_library, 1)
    assert "negotiation" in slugs(fake_library, 2)
    action = told.notices[-1].action
    assert action is not None
    assert action[0] == "Undo"
    action[1]()
    qtbot.waitUntil(lambda: fake_library.hits[1].tags == before)


def test_arrows_move_in_the_list_without_leaving_the_field(qtbot: QtBot, dialog: TagDialog) -> None:
    first = dialog.list.currentIndex().row()
    qtbot.keyClick(dialog.field, KEY.Key_Down)
    assert dialog.list.currentIndex().row() == first + 1


def test_apply_waits_for_something_to_do(dialog: TagDialog) -> None:
    assert not dialog.apply_button.isEnabled()
    dialog.terms.toggle(dialog.terms.first_term())
    assert dialog.apply_button.isEnabled()
    dialog.terms.toggle(dialog.terms.first_term())
    assert dialog.apply_button.isEnabled() == bool(any(dialog.terms.pending()))


def test_a_failure_keeps_what_was_ticked(
    qtbot: QtBot, dialog: TagDialog, fake_library: FakeLibrary
) -> None:
    fake_library.fail["tag"] = UserError("There is no such term any more.")
    dialog.terms.toggle(dialog.terms.first_term())
    dialog.apply()
    qtbot.waitUntil(lambda: dialog.pending.text() == "There is no such term any more.")
    assert dialog.isVisible()
    assert any(dialog.terms.pending())


def test_an_unknown_word_is_told(qtbot: QtBot, dialog: TagDialog) -> None:
    qtbot.keyClicks(dialog.field, "zzz")
    assert dialog.nothing.isVisible()


def test_the_vocabulary_has_no_widget_per_term(dialog: TagDialog) -> None:
    assert len(dialog.list.viewport().findChildren(QWidget)) == 0


def test_t_in_the_results_opens_the_dialog_for_the_selection(qtbot: QtBot, page: FindPage) -> None:
    page.results.select_asset(2)
    page.results.setFocus()
    qtbot.keyClick(page.results, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page.results, KEY.Key_T)
    dialog = page.findChild(TagDialog)
    assert dialog is not None
    assert dialog.heading.text() == "Tag 2 assets"
    dialog.reject()
