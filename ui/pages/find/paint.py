"""What the hand-painted lists of the find page share: colours, fonts and marked lines of text."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QStaticText,
    QTransform,
)

from ui.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QTextLayout

    from ui.theme import Theme

Marks = tuple[tuple[int, int], ...]
_KEPT = 600
_TO_THE_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufeff\U00010800-\U0010ffff]"
)
"""Letters that may be written from right to left, and signs that say so."""
_LATEST = 0.72
"""The first marked word ends no further right than this share of the line."""


class _Line(NamedTuple):
    text: str
    marks: Marks
    font: str
    width: int


class _Piece(NamedTuple):
    """A part of a line, ready to be drawn ``left`` pixels from its beginning."""

    text: QStaticText
    left: float
    width: float
    marked: bool


def _static(text: str, font: QFont) -> QStaticText:
    """A line of plain text laid out once, to be drawn again and again."""
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    static.prepare(QTransform(), font)
    return static


def may_run_left(text: str) -> bool:
    """Whether the text may have to be laid out from right to left, in part or as a whole."""
    return not text.isascii() and _TO_THE_LEFT.search(text) is not None


def flat(text: str) -> str:
    """The text on one line; every character keeps its place, so that marks still fit."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ").replace("\u2028", " ")


class Ink(QObject):
    """Colours, fonts and laid-out lines of the present theme, looked up once and kept.

    ``changed`` is emitted after a switch between light and dark.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[str, tuple[QFont, QFontMetricsF]] = {}
        self._lines: OrderedDict[_Line, QTextLayout | tuple[_Piece, ...]] = OrderedDict()
        self._bolds: dict[str, tuple[QFont, QFontMetricsF]] = {}
        self._texts: OrderedDict[tuple[str, str, int], tuple[QStaticText, float]] = OrderedDict()
        self._stamps: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._widths: dict[tuple[str, str], float] = {}
        theme.changed.connect(self._forget)

    def _forget(self) -> None:
        self._colors.clear()
        self._fonts.clear()
        self._bolds.clear()
        self._lines.clear()
        self._texts.clear()
        self._stamps.clear()
        self._widths.clear()
        self.changed.emit()

    def color(self, name: str) -> QColor:
        """The colour of a token."""
        found = self._colors.get(name)
        if found is None:
            found = self._colors[name] = self._theme.color(name)
        return found

    def font(self, name: str) -> QFont:
        """The font of a name in ``tokens.TYPE``."""
        return self._font(name)[0]

    def metrics(self, name: str) -> QFontMetricsF:
        """The metrics of that font."""
        return self._font(name)[1]

    def _font(self, name: str) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get(name)
        if found is None:
            font = self._theme.font(name)
            found = self._fonts[name] = (font, QFontMetricsF(font))
        return found

    def width(self, text: str, font: str) -> float:
        """How wide a short text is that comes again and again: a tag, a label, a count."""
        found = self._widths.get((text, font))
        if found is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            found = self._widths[text, font] = self.metrics(font).horizontalAdvance(text)
        return found

    def icon(self, name: str, token: str, size: int, ratio: float) -> QPixmap:
        """An icon in the colour of a token."""
        return pixmap(name, self._theme.hex(token), size, ratio)

    # ---- text ------------------------------------------------------------------------------

    def text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        font: str,
        token: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Draw one line of plain text, cut with an ellipsis; returns the width it took."""
        # Rounded up, for rounding must not cut a text that fits exactly.
        key = (text, font, math.ceil(box.width()))
        kept = self._texts.get(key)
        if kept is None:
            kept = self._texts[key] = self._prepare(*key)
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        static, width = kept
        left = box.left()
        if align == Qt.AlignmentFlag.AlignRight:
            left = box.right() - width
        elif align == Qt.AlignmentFlag.AlignHCenter:
            left += (box.width() - width) / 2
        top = box.top() + (box.height() - self.metrics(font).height()) / 2
        painter.setFont(self.font(font))
        painter.setPen(self.color(token))
        painter.drawStaticText(QPointF(left, top), static)
        return width

    def _prepare(self, text: str, font: str, width: int) -> tuple[QStaticText, float]:
        """Cut and lay out a line once: doing so at each painting took most of its time."""
        metrics = self.metrics(font)
        shown = metrics.elidedText(flat(text), Qt.TextElideMode.ElideRight, width)
        return _static(shown, self.font(font)), metrics.horizontalAdvance(shown)

    def stamp(
        self, key: tuple[object, ...], size: tuple[float, float], ratio: float,
        draw: Callable[[QPainter, QRectF], None],
    ) -> QPixmap:  # fmt: skip
        """A small picture drawn once and kept: chips, badges and frames repeat all the time."""
        whole = (*key, size, ratio)
        kept = self._stamps.get(whole)
        if kept is None:
            width, height = size
            kept = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)
            painter = QPainter(kept)
            # A picture that goes while somebody paints on it takes the program along.
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw(painter, QRectF(0, 0, width, height))
            finally:
                painter.end()
            self._stamps[whole] = kept
            if len(self._stamps) > _KEPT:
                self._stamps.popitem(last=False)
        return kept

    def marked(
        self, painter: QPainter, at: QPointF, width: float, text: str, marks: Marks, font: str,
        token: str,
    ) -> None:  # fmt: skip
        """Draw one line of text with the marked ranges on the mark colour, cut to ``width``."""
        line = _Line(text, marks, font, int(width))
        kept = self._lines.get(line)
        if kept is None:
            kept = self._lines[line] = self._lay_out(line)
            if len(self._lines) > _KEPT:
                self._lines.popitem(last=False)
        if isinstance(kept, tuple):
            self._draw_pieces(painter, at, kept, font, token)
        else:
            painter.setPen(self.color(token))
            kept.draw(painter, at)

    def _draw_pieces(
        self, painter: QPainter, at: QPointF, pieces: tuple[_Piece, ...], font: str, token: str
    ) -> None:
        metrics, (bold, wide) = self.metrics(font), self._bold(font)
        lower = metrics.ascent() - wide.ascent()
        for piece in pieces:
            left = at.x() + piece.left
            if piece.marked:
                # Not by fillRect: to choose among its forms PySide makes the classes of gradients.
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.color("mark_bg"))
                painter.drawRect(QRectF(left, at.y(), piece.width, metrics.height()))
            painter.setFont(bold if piece.marked else self.font(font))
            painter.setPen(self.color("mark_fg" if piece.marked else token))
            top = at.y() + (lower if piece.marked else 0.0)
            painter.drawStaticText(QPointF(left, top), piece.text)

    def _bold(self, name: str) -> tuple[QFont, QFontMetricsF]:
        found = self._bolds.get(name)
        if found is None:
            font = QFont(self.font(name))
            font.setWeight(QFont.Weight.DemiBold)
            found = self._bolds[name] = (font, QFontMetricsF(font))
        return found

    def _lay_out(self, line: _Line) -> QTextLayout | tuple[_Piece, ...]:
        """Pieces side by side; where a script may run to the left, Qt lays out the whole line."""
        text, marks = self.shown_part(line.text, line.marks, line.font, line.width)
        if may_run_left(text):
            from ui.pages.find.bidi import lay_out

            return lay_out(text, marks, self.font(line.font), self.color)
        pieces: list[_Piece] = []
        left, done = 0.0, 0
        for start, end in (*marks, (len(text), len(text))):
            for part, marked in ((text[done:start], False), (text[start:end], True)):
                if part:
                    pieces.append(self._piece(part, left, line.font, marked=marked))
                    left += pieces[-1].width
            done = max(done, end)
        return tuple(pieces)

    def _piece(self, text: str, left: float, name: str, *, marked: bool) -> _Piece:
        font, metrics = self._bold(name) if marked else self._font(name)
        return _Piece(_static(text, font), left, metrics.horizontalAdvance(text), marked)

    def shown_part(self, text: str, marks: Marks, font: str, width: int) -> tuple[str, Marks]:
        """The part of a text that fits, with the first mark in sight, and the marks within it."""
        text = flat(text)
        metrics = self.metrics(font)
        _, wide = self._bold(font)
        marks = tuple((a, b) for a, b in marks if 0 <= a < b <= len(text))
        if marks and metrics.horizontalAdvance(text) > width:
            text, marks = self._forward(text, marks, metrics, width)
        extra = sum(
            wide.horizontalAdvance(text[a:b]) - metrics.horizontalAdvance(text[a:b])
            for a, b in marks
        )
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width - extra))
        end = len(shown) if shown == text else max(0, len(shown) - 1)
        return shown, tuple((a, min(b, end)) for a, b in marks if a < end)

    @staticmethod
    def _forward(text: str, marks: Marks, metrics: QFontMetricsF, width: int) -> tuple[str, Marks]:
        """Leave out words at the beginning until the first mark is well in sight."""
        first, end = marks[0]
        room = width * _LATEST
        words = [0, *(at + 1 for at in range(first) if text[at] == " ")]
        # The further on a word is, the less there is from it to the mark.
        fits = bisect_left(words, -room, key=lambda cut: -metrics.horizontalAdvance(text[cut:end]))
        cut = words[min(fits, len(words) - 1)]
        if not cut:
            return text, marks
        shift = cut - 1
        return "…" + text[cut:], tuple((a - shift, b - shift) for a, b in marks)


def rounded(
    painter: QPainter, box: QRectF, radius: float, fill: QColor | None, line: QColor | None = None,
    width: float = 1.0,
) -> None:  # fmt: skip
    """Draw a rounded box, filled, outlined or both; the outline stays inside the box."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, radius, radius)
        return
    painter.setPen(QPen(line, width))
    half = width / 2
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)


def check_box(painter: QPainter, box: QRectF, ink: Ink, state: Qt.CheckState, ratio: float) -> None:
    """Draw a tick box like those of the style sheet."""
    if state == Qt.CheckState.Unchecked:
        rounded(painter, box, 4, ink.color("surface"), ink.color("border_strong"))
        return
    rounded(painter, box, 4, ink.color("accent"))
    if state == Qt.CheckState.Checked:
        painter.drawPixmap(
            QPointF(box.left() + 2, box.top() + 2), ink.icon("check", "on_accent", 12, ratio)
        )
    else:
        painter.fillRect(
            QRectF(box.left() + 4, box.center().y() - 1, box.width() - 8, 2),
            ink.color("on_accent"),
        )
