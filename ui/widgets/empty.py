"""What a place says when it has nothing to show: an icon, a sentence, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.icons import icon
from ui.theme import theme
from ui.widgets.basics import button, label

Choice = tuple[str, Callable[[], object]]
WIDTH = 420


class Empty(QWidget):
    """Centred; the first of ``choices`` is the primary button."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        choices: tuple[Choice, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(title, "title", wrap=True)
        self._text = label(text, "dim", wrap=True)
        for one in (self._title, self._text):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
            one.setMinimumWidth(min(WIDTH, 280))
            one.setMaximumWidth(WIDTH)
        self._buttons = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for one in (self._picture, self._title, self._text):
            column.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(self._buttons)
        column.addStretch(3)
        theme().changed.connect(self._draw)
        self.tell(title, text, choices)

    def tell(self, title: str, text: str = "", choices: tuple[Choice, ...] = ()) -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        while item := self._buttons.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._buttons.addStretch()
        for number, (words, deed) in enumerate(choices):
            self._buttons.addWidget(button(words, deed, kind="" if number else "primary"))
        self._buttons.addStretch()
        self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(icon(self._icon_name, "text3").pixmap(32, 32))
