"""The rail at the left edge: one button per place, the settings at its foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from ui import tokens
from ui.icons import icon

PLACES = (
    ("find", "Find", "search", "Ctrl+1"),
    ("attention", "Attention", "activity", "Ctrl+2"),
    ("copies", "Copies", "files", "Ctrl+3"),
    ("library", "Library", "library", "Ctrl+4"),
    ("settings", "Settings", "settings", "Ctrl+,"),
)
_BUTTON = 42


class Rail(QWidget):
    """``chosen`` carries the key of the place that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Places")
        self.setFixedWidth(tokens.RAIL)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 10, 7, 10)
        column.setSpacing(6)
        for key, title, picture, _ in PLACES:
            if key == "settings":
                column.addStretch()
            column.addWidget(self._make(key, title, picture))

    def complete(self) -> None:
        """The window has been painted: say on each button which keys lead there."""
        from ui.commands import key_text

        for key, title, _, keys in PLACES:
            self._buttons[key].setToolTip(f"{title} ({key_text(keys)})")

    def _make(self, key: str, title: str, picture: str) -> QToolButton:
        made = QToolButton(self)
        made.setIcon(icon(picture, "text2", 20, "accent"))
        made.setIconSize(QSize(20, 20))
        made.setFixedSize(_BUTTON, _BUTTON)
        made.setCheckable(True)
        made.setAccessibleName(title)
        made.clicked.connect(lambda *_: self.chosen.emit(key))
        self._group.addButton(made)
        self._buttons[key] = made
        return made

    def show_place(self, key: str) -> None:
        """Mark the place shown; a place that has no button marks none."""
        self._group.setExclusive(False)
        for name, made in self._buttons.items():
            made.setChecked(name == key)
        self._group.setExclusive(True)
