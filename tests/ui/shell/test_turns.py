"""Work in pieces: in order, with the window painted between them, and not beyond its owner."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.turns import Turns


class Painted(QWidget):
    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self._log = log

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._log.append("painted")


def test_what_a_piece_changes_is_painted_before_the_next_is_begun(qtbot: QtBot) -> None:
    log: list[str] = []
    shown = Painted(log)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    turns = Turns(shown)

    def change() -> None:
        log.append("one")
        shown.update()

    log.clear()
    turns.add(change, lambda: log.append("two"))
    qtbot.waitUntil(lambda: not turns.busy)
    assert log == ["one", "painted", "two"]


def test_pieces_are_done_in_order_and_those_replaced_are_not(qtbot: QtBot) -> None:
    log: list[str] = []
    owner = QObject()
    turns = Turns(owner)
    turns.add(lambda: log.append("old"))
    turns.replace(lambda: log.append("one"), lambda: log.append("two"))
    turns.add(lambda: log.append("three"))
    assert turns.busy
    qtbot.waitUntil(lambda: not turns.busy)
    assert log == ["one", "two", "three"]


def test_what_is_left_can_be_done_at_once(qtbot: QtBot) -> None:
    log: list[str] = []
    owner = QObject()
    turns = Turns(owner)
    turns.add(lambda: log.append("one"), lambda: log.append("two"))
    turns.finish()
    assert log == ["one", "two"]
    qtbot.wait(5)
    assert log == ["one", "two"]


def test_nothing_is_done_for_an_owner_that_is_gone(qtbot: QtBot) -> None:
    log: list[str] = []
    owner = QObject()
    Turns(owner).add(lambda: log.append("one"))
    shiboken6.delete(owner)
    qtbot.wait(5)
    assert log == []
