"""Cells as data, and the delegate that paints them: text in one or two lines, or a badge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ui.pages.copies.model import Index
from ui.pages.library_cells import dress_table
from ui.pages.library_models import BadgeLook, ItemRole
from ui.theme import theme
from ui.widgets.badge import HEIGHT as BADGE
from ui.widgets.badge import paint_badge
from ui.widgets.lines import lines_of, paint_line, paint_lines

PAD = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. ``below`` is a smaller second line; ``lines`` wraps ``text``."""

    text: str = ""
    font: str = "body"
    token: str = "text"
    below: str = ""
    lines: int = 1
    badge: BadgeLook | None = None


class CellsDelegate(QStyledItemDelegate):
    """Paints rows whose items have ``looks``: a Cell per column."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Any = index.data(ItemRole)
        if item is None:
            return
        painter.save()
        self._ground(painter, option, first=index.column() == 0)
        box = QRectF(option.rect).adjusted(PAD, 0, -PAD, 0)
        paint_cell(painter, box, item.looks[index.column()])
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, *, first: bool) -> None:
        look, rect = theme(), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selected"))
            if first:
                painter.fillRect(rect.left(), rect.top() + 8, 3, rect.height() - 16,
                                 look.color("accent"))  # fmt: skip
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.color("hover"))
        painter.setPen(QPen(look.color("border"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def paint_cell(painter: QPainter, box: QRectF, cell: Cell) -> None:
    """Paint a cell in the middle of its box."""
    if cell.badge is not None:
        look, top = cell.badge, box.center().y() - BADGE / 2
        paint_badge(painter, box.left(), top, look.text, look.kind, look.icon)
        return
    if cell.below:
        upper = QRectF(box.left(), box.center().y() - 19, box.width(), 20)
        lower = QRectF(box.left(), box.center().y() + 1, box.width(), 18)
        paint_line(painter, upper, cell.text, cell.font, cell.token)
        paint_line(painter, lower, cell.below, "small", "text2", Qt.TextElideMode.ElideMiddle)
        return
    font = theme().font(cell.font)
    if cell.lines == 1:
        paint_line(painter, box, cell.text, cell.font, cell.token)
        return
    broken = len(lines_of(cell.text, font, box.width(), cell.lines))
    height = broken * QFontMetricsF(font).height()
    at = QRectF(box.left(), box.center().y() - height / 2, box.width(), height)
    paint_lines(painter, at, cell.text, cell.font, cell.token, cell.lines)


def dress_cells(table: QTableView, row_height: int, name: str) -> None:
    """Give a table the manners of this program and the painting of cells."""
    dress_table(table, row_height, name)
    table.setItemDelegate(CellsDelegate(row_height, table))
