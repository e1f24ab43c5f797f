"""A label that shortens its text to the room it has and shows the whole as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Elided(QLabel):
    """One line of plain text; ``mode`` says where the dots come."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text.replace("\n", " "))
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), self._mode, self.width())

    def _tell(self) -> None:
        # A tooltip is read as markup when it looks like it, so it is escaped.
        whole = self.text()
        tip = "" if self._shown() == whole else whole.replace("&", "&amp;").replace("<", "&lt;")
        self.setToolTip(f"<span>{tip}</span>" if tip else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(
            self.rect(), int(Qt.AlignmentFlag.AlignVCenter | self.alignment()), self._shown()
        )
        painter.end()
