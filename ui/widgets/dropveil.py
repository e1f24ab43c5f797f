"""The veil over the window while a folder is dragged over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import theme

MARGIN = 16


class DropVeil(QWidget):
    """Lies over ``parent`` while shown; lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop the folder to add it to the library")
        self.hide()

    def show_over(self) -> None:
        """Cover the parent and show."""
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = look.color("selected")
        back.setAlpha(235)
        painter.setBrush(back)
        painter.setPen(QPen(look.color("accent"), 2, Qt.PenStyle.DashLine))
        box = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.drawRoundedRect(box, 12, 12)
        painter.setPen(look.color("text"))
        painter.setFont(look.font("h2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "Drop the folder to add it")
        painter.end()


def dropped_folders(paths: Sequence[str]) -> tuple[str, ...]:
    """Those of the dropped paths that are folders (touches the disk: not for the UI thread)."""
    return tuple(path for path in paths if path and Path(path).is_dir())
