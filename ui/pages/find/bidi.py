"""Marked lines in scripts that run to the left or join: laid out by Qt as a whole."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout, QTextOption


def lay_out(
    text: str, marks: tuple[tuple[int, int], ...], font: QFont, color: Callable[[str], QColor]
) -> QTextLayout:
    """One line with the marked ranges on the mark colour; ``color`` gives that of a token."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.setFormats([_mark(start, end, color) for start, end in marks])
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout


def _mark(start: int, end: int, color: Callable[[str], QColor]) -> QTextLayout.FormatRange:
    part = QTextLayout.FormatRange()
    part.start = start
    part.length = end - start
    style = QTextCharFormat()
    style.setBackground(color("mark_bg"))
    style.setForeground(color("mark_fg"))
    style.setFontWeight(QFont.Weight.DemiBold)
    part.format = style
    return part
