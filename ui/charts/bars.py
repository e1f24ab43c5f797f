"""Horizontal bars: one labelled bar per category, with its number at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.charts.base import Chart, Mark

if TYPE_CHECKING:
    from ui.theme import Theme

ROW = 32
THICKNESS = 14
ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Bar:
    """One category: ``key`` is given back when it is clicked, ``help`` explains it."""

    key: str
    label: str
    value: int
    help: str = ""


class Bars(Chart):
    """Clickable bars; the chosen one (``chosen``) keeps its colour, the others step back."""

    clickable = True

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title, parent)
        self._bars: tuple[Bar, ...] = ()
        self.chosen = ""

    def show_bars(self, bars: Sequence[Bar], noun: tuple[str, str], heading: str) -> None:
        """Show bars; ``noun`` is the singular and plural of what is counted."""
        self._bars = tuple(bars)
        marks = [
            Mark(
                name=f"{bar.label}: {bar.value:,} {noun[0] if bar.value == 1 else noun[1]}",
                cells=(bar.label, f"{bar.value:,}"), key=bar.key, help=bar.help,
            )
            for bar in self._bars
        ]  # fmt: skip
        summary = "; ".join(mark.name for mark in marks) if marks else "Nothing to show"
        self.show_marks(marks, (heading, noun[1].capitalize()), summary)

    def choose(self, key: str) -> None:
        """Mark the bar with this key as chosen; "" marks none."""
        self.chosen = key
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every bar."""
        return QSize(280, max(96, ROW * len(self._bars)))

    def mark_rect(self, index: int) -> QRectF:
        """The whole row of the bar."""
        height = min(ROW * 1.25, (self.height() - 4) / max(1, len(self._bars)))
        return QRectF(2, 2 + index * height, self.width() - 4, height)

    def draw(self, painter: QPainter) -> None:
        """Paint the rows."""
        if not any(bar.value for bar in self._bars):
            self.draw_empty(painter)
            return
        label_font, value_font = self.theme.font("small"), self.theme.font("label")
        labels = QFontMetricsF(label_font)
        values = QFontMetricsF(value_font)
        left = max(labels.horizontalAdvance(bar.label) for bar in self._bars) + 14
        left = min(left, self.width() * 0.5)
        right = max(values.horizontalAdvance(f"{bar.value:,}") for bar in self._bars) + 14
        highest = max(1, *(bar.value for bar in self._bars))
        for index, bar in enumerate(self._bars):
            box = self.mark_rect(index)
            if index == self.current and self.hasFocus():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.color("hover"))
                painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 4, 4)
            track = QRectF(
                box.left() + left, box.center().y() - THICKNESS / 2,
                max(8.0, box.width() - left - right), THICKNESS,
            )  # fmt: skip
            self._draw_bar(painter, track, bar, bar.value / highest)
            chosen = bar.key == self.chosen
            painter.setFont(value_font if chosen else label_font)
            painter.setPen(self.color("text" if chosen else "text2"))
            words = labels.elidedText(bar.label, Qt.TextElideMode.ElideRight, left - 10)
            painter.drawText(
                QRectF(box.left() + 6, box.top(), left - 8, box.height()),
                ALIGN.AlignVCenter | ALIGN.AlignLeft, words,
            )  # fmt: skip
            painter.setFont(value_font)
            painter.setPen(self.color("text"))
            painter.drawText(
                QRectF(box.right() - right, box.top(), right - 6, box.height()),
                ALIGN.AlignVCenter | ALIGN.AlignRight, f"{bar.value:,}",
            )  # fmt: skip

    def _draw_bar(self, painter: QPainter, track: QRectF, bar: Bar, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color("sunken"))
        painter.drawRoundedRect(track, 3, 3)
        if bar.value:
            fill = QRectF(track)
            fill.setWidth(max(4.0, track.width() * share))
            colour = self.series_color(0)
            if self.chosen and bar.key != self.chosen:
                colour.setAlphaF(0.4)
            painter.setBrush(colour)
            painter.drawRoundedRect(fill, 3, 3)
        if bar.key == self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.color("text"), 1))
            painter.drawRoundedRect(track.adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4)
