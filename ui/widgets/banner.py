"""The strip above the pages that says that this is the sample library."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.icons import icon
from ui.theme import theme
from ui.widgets.basics import button, label


class SampleBanner(QWidget):
    """``leave`` is emitted when the person wants to work with folders of their own."""

    leave = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._picture = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(label("Sample library – fictitious company"))
        row.addStretch()
        row.addWidget(button("Use my own folder", self.leave.emit, kind="ghost"))
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._picture.setPixmap(icon("compass", "info").pixmap(16, 16))
