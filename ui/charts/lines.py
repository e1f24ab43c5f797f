"""Lines over weeks: up to three series, named at their ends, over whole-numbered steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
)

from ui.charts.base import Axis, Chart, Mark, nice_axis

ALIGN = Qt.AlignmentFlag
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
LABEL_GAP = 14.0


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name in the plural ("uses"), in the singular, and a value per step."""

    name: str
    one: str
    values: tuple[int, ...]


class Lines(Chart):
    """Lines over equal steps of time; told apart by dash and by name, not by colour alone."""

    _series: tuple[Series, ...] = ()
    _steps: tuple[str, ...] = ()
    _axis: Axis = Axis(1, 1)

    def show_series(self, series: Sequence[Series], steps: Sequence[str], heading: str) -> None:
        """Show series over named steps; ``heading`` stands before a step ("Week from")."""
        self._series = tuple(series)
        self._steps = tuple(steps)
        self._axis = nice_axis(max((max(s.values, default=0) for s in series), default=0))
        marks = [self._mark(index, heading) for index in range(len(steps))]
        totals = ", ".join(f"{sum(s.values):,} {s.name}" for s in series)
        summary = f"{totals} in {len(steps)} weeks" if steps else "Nothing to show"
        headings = (heading, *(s.name.capitalize() for s in series))
        self.show_marks(marks, headings, summary)

    def sizeHint(self) -> QSize:
        """A landscape card."""
        return QSize(360, 140)

    def mark_rect(self, index: int) -> QRectF:
        """The upright band around a step."""
        plot = self._plot()
        gap = plot.width() / max(1, len(self._steps) - 1)
        return QRectF(self._x(index, plot) - gap / 2, plot.top(), gap, plot.height())

    def draw(self, painter: QPainter) -> None:
        """Paint grid, lines, names and the step in hand."""
        if not any(value for series in self._series for value in series.values):
            self.draw_empty(painter)
            return
        plot = self._plot()
        self._draw_grid(painter, plot)
        self._draw_steps(painter, plot)
        ends = self._label_heights(plot)
        for index, series in enumerate(self._series):
            self._draw_line(painter, plot, index, series)
            painter.setFont(self.theme.font("caption"))
            painter.setPen(self.series_color(index))
            painter.drawText(QPointF(plot.right() + 9, ends[index] + 4), series.name.capitalize())

    # ---- parts ---------------------------------------------------------------------------

    def _mark(self, index: int, heading: str) -> Mark:
        step = self._steps[index]
        said = ", ".join(
            f"{s.values[index]:,} {s.one if s.values[index] == 1 else s.name}" for s in self._series
        )
        cells = (step, *(f"{s.values[index]:,}" for s in self._series))
        return Mark(name=f"{heading} {step}: {said}", cells=cells, key=step)

    def _plot(self) -> QRectF:
        words = QFontMetricsF(self.theme.font("caption"))
        left = words.horizontalAdvance(f"{self._axis.top:,}") + 12
        names = [words.horizontalAdvance(s.name.capitalize()) for s in self._series]
        right = max(names, default=0.0) + 16
        return QRectF(left, 10, max(20.0, self.width() - left - right), self.height() - 34)

    def _x(self, index: int, plot: QRectF) -> float:
        return plot.left() + plot.width() * index / max(1, len(self._steps) - 1)

    def _y(self, value: float, plot: QRectF) -> float:
        return plot.bottom() - plot.height() * value / self._axis.top

    def _draw_grid(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(self.theme.font("caption"))
        for value in range(0, self._axis.top + 1, self._axis.step):
            y = self._y(value, plot)
            painter.setPen(QPen(self.color("border"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(self.color("text3"))
            box = QRectF(0, y - 8, plot.left() - 8, 16)
            painter.drawText(box, ALIGN.AlignRight | ALIGN.AlignVCenter, f"{value:,}")

    def _draw_steps(self, painter: QPainter, plot: QRectF) -> None:
        words = QFontMetricsF(self.theme.font("caption"))
        widest = max(words.horizontalAdvance(step) for step in self._steps) + 16
        every = max(1, -int(-len(self._steps) * widest // max(1.0, plot.width())))
        painter.setPen(self.color("text3"))
        for index in range(0, len(self._steps), every):
            box = QRectF(self._x(index, plot) - 40, plot.bottom() + 5, 80, 16)
            if index == 0 and box.left() < plot.left() - 12:
                box.moveLeft(plot.left() - 4)
                painter.drawText(box, ALIGN.AlignLeft | ALIGN.AlignVCenter, self._steps[index])
                continue
            painter.drawText(box, ALIGN.AlignCenter, self._steps[index])
        if 0 <= self.current < len(self._steps):
            x = self._x(self.current, plot)
            painter.setPen(QPen(self.color("border_strong"), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _draw_line(self, painter: QPainter, plot: QRectF, index: int, series: Series) -> None:
        colour = self.series_color(index)
        points = [
            QPointF(self._x(i, plot), self._y(value, plot)) for i, value in enumerate(series.values)
        ]
        if index == 0 and len(points) > 1:
            self._fill_below(painter, plot, points, colour)
        pen = QPen(colour, 2, DASHES[index % 3], Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(points)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colour)
        painter.drawEllipse(points[-1], 3.5, 3.5)
        if 0 <= self.current < len(points):
            painter.drawEllipse(points[self.current], 3.5, 3.5)

    def _fill_below(
        self, painter: QPainter, plot: QRectF, points: list[QPointF], colour: QColor
    ) -> None:
        area = QPainterPath(QPointF(points[0].x(), plot.bottom()))
        for point in points:
            area.lineTo(point)
        area.lineTo(points[-1].x(), plot.bottom())
        fade = QLinearGradient(0, plot.top(), 0, plot.bottom())
        above, below = QColor(colour), QColor(colour)
        above.setAlpha(60)
        below.setAlpha(0)
        fade.setColorAt(0, above)
        fade.setColorAt(1, below)
        painter.fillPath(area, QBrush(fade))

    def _label_heights(self, plot: QRectF) -> list[float]:
        """The heights of the names at the ends, moved apart so that none hides another."""
        wanted = [self._y(series.values[-1], plot) for series in self._series]
        order = sorted(range(len(wanted)), key=lambda index: -wanted[index])
        lowest = plot.bottom() + LABEL_GAP
        for index in order:
            wanted[index] = min(wanted[index], lowest - LABEL_GAP)
            lowest = wanted[index]
        return wanted
