"""Buttons, labels and lines as the style sheet knows them, made in one call."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ui.icons import icon

# The style leaves 4 px between icon and words; the box of the icon adds as many.
BESIDE_WORDS = QSize(20, 16)
_ICON_TOKEN = {"primary": "on_accent", "ghost": "accent", "danger": "bad", "chip": "info"}


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    kind: str = "",
    icon_name: str = "",
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button of a kind (primary, ghost, chip, danger or plain)."""
    made = QPushButton(text, parent)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        made.setIcon(icon(icon_name, _ICON_TOKEN.get(kind, "text"), 16))
        made.setIconSize(BESIDE_WORDS)
    if tip:
        made.setToolTip(tip)
    made.setAutoDefault(False)
    made.setAccessibleName(text or tip)
    if clicked is not None:
        made.clicked.connect(lambda *_: clicked())
    return made


def icon_button(
    name: str, tip: str, clicked: Callable[[], object] | None = None, *, size: int = 18
) -> QToolButton:
    """A square button that shows only an icon; ``tip`` is also its accessible name."""
    made = QToolButton()
    made.setIcon(icon(name, "text2", size))
    made.setIconSize(QSize(size, size))
    made.setFixedSize(size + 14, size + 14)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if clicked is not None:
        made.clicked.connect(lambda *_: clicked())
    return made


def label(
    text: str = "", kind: str = "", *, wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A label that shows its text as it is, never as markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def line() -> QFrame:
    """A thin horizontal rule."""
    made = QFrame()
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have it looked at again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
