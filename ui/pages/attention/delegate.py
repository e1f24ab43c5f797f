"""Paints the cells of the attention page: words, numbers, and verdicts as labelled chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.pages.attention.unused_items import NUMBERS, TITLE, VERDICT, UnusedItem
from ui.pages.attention.unused_model import ITEM_ROLE
from ui.pages.attention.words import VERDICT_TONES

if TYPE_CHECKING:
    from ui.theme import Theme

ROW_HEIGHT = 38
CELL_PAD = 8
NUMBER_PAD = 22
_CHIP = 22
TABLE_STYLE = """
QHeaderView::section { padding-left: 8px; padding-right: 22px }
QAbstractScrollArea::corner { background: transparent; border: 0 }
"""


def paint_ground(
    theme: Theme, painter: QPainter, option: QStyleOptionViewItem, *, line: bool = True
) -> None:
    """The ground of a cell: selected, hovered or plain, with a hair line below."""
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, theme.color("selected"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, theme.color("hover"))
    if line:
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())


def paint_chip(
    theme: Theme, painter: QPainter, at: QRect, text: str, tone: str, *, selected: bool = False
) -> int:
    """A chip with words, at the left and middle of a box; its width.

    On a selected row it stands on the surface's colour, for the row has the colour of some chips.
    """
    metrics = QFontMetrics(theme.font("small"))
    width = min(at.width(), metrics.horizontalAdvance(text) + 16)
    box = QRectF(at.left(), at.center().y() - _CHIP / 2 + 1, width, _CHIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface" if selected else f"{tone}_bg"))
    painter.drawRoundedRect(box, _CHIP / 2, _CHIP / 2)
    painter.setFont(theme.font("small"))
    painter.setPen(theme.color(tone))
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width - 14))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return width


class UnusedDelegate(QStyledItemDelegate):
    """One row of unused content. The first column is set stronger, the verdict is a chip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every row is as high as every other."""
        return QSize(80, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, UnusedItem):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(self._theme, painter, option)
        column = index.column()
        right = NUMBER_PAD if column in NUMBERS else CELL_PAD
        box = option.rect.adjusted(CELL_PAD, 0, -right, 0)
        text = item.cells[column]
        if column == VERDICT:
            tone = VERDICT_TONES.get(item.row.verdict, "neutral")
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            paint_chip(self._theme, painter, box, text, tone, selected=selected)
        else:
            self._paint_text(painter, box, text, column)
        painter.restore()

    def _paint_text(self, painter: QPainter, box: QRect, text: str, column: int) -> None:
        font = self._theme.font("label" if column == TITLE else "body")
        painter.setFont(font)
        painter.setPen(self._theme.color("text" if column == TITLE else "text2"))
        side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
        words = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)
