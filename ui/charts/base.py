"""What every chart shares: a title, a summary in words, points to walk through by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from ui.charts import accessible

if TYPE_CHECKING:
    from ui.theme import Theme

_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a chart. ``name`` is what a reader hears, ``cells`` its row in the table."""

    name: str
    cells: tuple[str, ...]
    key: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from 0 to ``top`` with a line at every ``step``."""

    top: int
    step: int


def nice_axis(highest: float, lines: int = 4) -> Axis:
    """The axis that shows ``highest`` with at most ``lines`` whole-numbered, round steps."""
    if highest <= 0:
        return Axis(1, 1)
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            if step * lines >= highest:
                return Axis(-int(-highest // step) * step, step)
        size *= 10


class Chart(QWidget):
    """A painted chart. It owns its points (``marks``), never the rows behind them.

    Signals: ``activated`` with the key of a point (Enter, Space or click) when ``clickable``.
    """

    activated = Signal(object)
    clickable = False

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self.theme = theme
        self.title = title
        self.summary = ""
        self.headers: tuple[str, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self.empty = "Nothing to show"
        self.current = -1
        self.accessible: accessible.ChartInterface | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def show_marks(self, marks: Sequence[Mark], headers: tuple[str, ...], summary: str) -> None:
        """Replace the points, the headings of their table and the summary in words."""
        self.marks = tuple(marks)
        self.headers = headers
        self.summary = summary
        self.current = min(self.current, len(self.marks) - 1)
        self.setAccessibleDescription(summary)
        self.updateGeometry()
        self.update()

    def mark_rect(self, index: int) -> QRectF:
        """Where the point with this index is painted, in widget coordinates."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the chart."""
        raise NotImplementedError

    def draw_empty(self, painter: QPainter) -> None:
        """Say in the middle that there is nothing to draw."""
        painter.setFont(self.theme.font("body"))
        painter.setPen(self.color("text2"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(12, 4, -12, -4), flags, self.empty)

    def color(self, name: str) -> QColor:
        """A colour of the theme."""
        return self.theme.color(name)

    def series_color(self, index: int) -> QColor:
        """The colour of the series with this index."""
        return QColor(self.theme.chart[index % len(self.theme.chart)])

    def mark_at(self, x: float, y: float) -> int:
        """The index of the point under a position, or -1."""
        for index in range(len(self.marks)):
            if self.mark_rect(index).contains(x, y):
                return index
        return -1

    def minimumSizeHint(self) -> QSize:
        """Small enough for a narrow card."""
        return QSize(180, 96)

    # ---- events --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart, and the ring when the keyboard is here."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.marks:
            self.draw(painter)
        else:
            self.draw_empty(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the points; Enter and Space act on the one in hand."""
        key = Qt.Key(event.key())
        count = len(self.marks)
        if key in _STEPS and count:
            self.set_current(max(0, min(count - 1, self.current + _STEPS[key])))
        elif key == Qt.Key.Key_Home and count:
            self.set_current(0)
        elif key == Qt.Key.Key_End and count:
            self.set_current(count - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._can_act():
            self.activated.emit(self.marks[self.current].key)
        else:
            super().keyPressEvent(event)

    def set_current(self, index: int) -> None:
        """Put the keyboard on a point and tell what it is."""
        if index == self.current or not 0 <= index < len(self.marks):
            return
        self.current = index
        self.update()
        at = self.mark_rect(index).center().toPoint()
        mark = self.marks[index]
        self._tell(mark, self.mapToGlobal(at + QPoint(8, 8)))
        if QAccessible.isActive():
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(index)
            QAccessible.updateAccessibility(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer what can be clicked."""
        over = self.mark_at(event.position().x(), event.position().y())
        hand = self.clickable and over >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Act on the point under the pointer."""
        over = self.mark_at(event.position().x(), event.position().y())
        if over >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.current = over
            self.update()
            if self._can_act():
                self.activated.emit(self.marks[over].key)
        super().mouseReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave no point marked when the keyboard is elsewhere."""
        self.current = -1
        QToolTip.hideText()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Answer the hovering pointer with the point's words."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            over = self.mark_at(event.pos().x(), event.pos().y())
            if over >= 0:
                self._tell(self.marks[over], event.globalPos())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _can_act(self) -> bool:
        return self.clickable and 0 <= self.current < len(self.marks)

    def _tell(self, mark: Mark, at: QPoint) -> None:
        QToolTip.showText(at, f"{mark.name}\n{mark.help}" if mark.help else mark.name, self)
