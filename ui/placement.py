"""Where the window stands: remembered, and put back onto a screen that exists."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.state import State

DEFAULT_SIZE = (1440, 900)
LEAST_SIZE = (800, 440)
"""Fits a screen of 1600 x 1000 pixels at 200 %, its title bar included."""
TITLE_BAR = 36
_KEY = "geometry"


def remember(window: QWidget, state: State) -> None:
    """Keep size, place, screen and whether it is maximised."""
    state.set(_KEY, bytes(window.saveGeometry().toBase64().data()).decode())


def restore(window: QWidget, state: State) -> None:
    """Put the window where it stood, or in the middle when that place is gone."""
    saved = QByteArray.fromBase64(state.get(_KEY, "").encode())
    known = not saved.isEmpty() and window.restoreGeometry(saved)
    if not known or not on_a_screen(window.geometry()):
        _centre(window)
    elif not window.isMaximized() and not window.isFullScreen():
        _bound(window)


def on_a_screen(window: QRect) -> bool:
    """Whether enough of the window is on some screen to be seen and dragged."""
    for screen in QGuiApplication.screens():
        shown = screen.availableGeometry().intersected(window)
        wide, high = min(200, window.width()), min(100, window.height())
        if shown.width() >= wide and shown.height() >= high:
            return True
    return False


def bounded(window: QRect, room: QRect) -> QRect:
    """The window made no larger than the room of its screen, and moved inside it."""
    width = min(window.width(), room.width())
    height = min(window.height(), room.height() - TITLE_BAR)
    left = max(room.left(), min(window.left(), room.left() + room.width() - width))
    top = max(room.top(), min(window.top(), room.top() + room.height() - height))
    return QRect(left, top, width, height)


def _bound(window: QWidget) -> None:
    """Take in what a screen that is smaller now, or denser, would cut off."""
    screen = QGuiApplication.screenAt(window.geometry().center())
    room = (screen or QGuiApplication.primaryScreen()).availableGeometry()
    stands = window.geometry()
    if stands.width() > room.width() or stands.height() > room.height() - TITLE_BAR:
        window.setGeometry(bounded(stands, room))


def _centre(window: QWidget) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    width = max(LEAST_SIZE[0], min(DEFAULT_SIZE[0], room.width() - 40))
    height = max(LEAST_SIZE[1], min(DEFAULT_SIZE[1], room.height() - 60))
    left = room.left() + max(0, room.width() - width) // 2
    top = room.top() + max(0, room.height() - height) // 2
    window.setGeometry(left, top, width, height)
