"""Plain text broken at words into a few lines, for lists that paint their rows by hand."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from ui.theme import theme

_LEAST_WIDTH = 20


@lru_cache(maxsize=2048)
def _broken(text: str, font_key: str, width: int, most: int) -> tuple[str, ...]:
    font = QFont()
    font.fromString(font_key)
    layout = QTextLayout(text, font)
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    # Paths and file names are long words.
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    found: list[str] = []
    end = 0
    while len(found) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, end = line.textStart(), line.textStart() + line.textLength()
        found.append(text[start:end].strip())
    layout.endLayout()
    if found and end < len(text):
        rest = f"{found[-1]} {text[end:]}"
        metrics = QFontMetricsF(font)
        found[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return tuple(found)


def lines_of(text: str, font: QFont, width: float, most: int = 2) -> tuple[str, ...]:
    """The text in at most ``most`` lines of ``width`` logical pixels; the last one is cut with an
    ellipsis when there is more. Breaks in the text count as spaces."""
    flat = " ".join(text.split())
    return _broken(flat, font.toString(), max(_LEAST_WIDTH, int(width)), most)


def paint_lines(
    painter: QPainter, box: QRectF, text: str, font: str, token: str, most: int = 2
) -> float:
    """Draw text from the top of a box in at most ``most`` lines; returns the height it took."""
    look = theme()
    chosen = look.font(font)
    step = QFontMetricsF(chosen).height()
    painter.setFont(chosen)
    painter.setPen(look.color(token))
    broken = lines_of(text, chosen, box.width(), most)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    for number, line in enumerate(broken):
        at = QRectF(box.left(), box.top() + number * step, box.width(), step)
        painter.drawText(at, flags | int(Qt.TextFlag.TextSingleLine), line)
    return step * len(broken)


def paint_line(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: str,
    token: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    *,
    right: bool = False,
) -> float:
    """Draw one line in the middle of a box, cut where ``mode`` says; returns its width."""
    look = theme()
    chosen = look.font(font)
    metrics = QFontMetricsF(chosen)
    shown = metrics.elidedText(" ".join(text.split()), mode, box.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(chosen)
    painter.setPen(look.color(token))
    flags = int(Qt.AlignmentFlag.AlignVCenter | side) | int(Qt.TextFlag.TextSingleLine)
    painter.drawText(box, flags, shown)
    return metrics.horizontalAdvance(shown)
