"""The list of copies: a shelf of ready items, and how a line of it is painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.icons import pixmap, scale_of
from ui.pages.copies.items import CopyItem
from ui.pages.library_models import BadgeLook
from ui.theme import theme
from ui.widgets.badge import HEIGHT as BADGE
from ui.widgets.badge import badge_width, paint_badge
from ui.widgets.lines import paint_line, paint_lines

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole
ROW = 124
NOWHERE = QModelIndex()
_PAD = 16
_ICONS = {
    "near": "copy", "moved": "folder-search", "names": "history", "exact": "files",
    "decided": "check",
}  # fmt: skip


class CopiesModel(QAbstractListModel):
    """Holds the items that are shown, in the order shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[CopyItem, ...] = ()

    @property
    def items(self) -> tuple[CopyItem, ...]:
        """What is shown."""
        return self._items

    def set_items(self, items: Sequence[CopyItem]) -> None:
        """Show other items."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def item(self, row: int) -> CopyItem | None:
        """The item in a row, or None beyond the ends."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def row_of(self, key: tuple[object, ...]) -> int:
        """The row of an item, or -1."""
        return next((row for row, item in enumerate(self._items) if item.key == key), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row()) if index.isValid() else None
        if item is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.spoken
        return None


def paint_row_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """The ground of a whole row: selected with a bar, hovered or plain, with a line below."""
    look, rect = theme(), option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, look.color("selected"))
        painter.fillRect(rect.left(), rect.top() + 8, 3, rect.height() - 16, look.color("accent"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, look.color("hover"))
    painter.setPen(QPen(look.color("border"), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(look.color("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -2), 6, 6)


class CopiesDelegate(QStyledItemDelegate):
    """What it is, both titles with their badges, and the sentence in two lines."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(240, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ITEM_ROLE)
        if not isinstance(item, CopyItem):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option)
        box = QRectF(option.rect).adjusted(_PAD, 10, -_PAD, -8)
        self._paint_caption(painter, box, item)
        self._paint_title(painter, box, 19, item.title, item.looks[0], strong=True)
        self._paint_title(painter, box, 42, item.other, item.looks[1], strong=False)
        low = QRectF(box.left(), box.top() + 68, box.width(), 40)
        paint_lines(painter, low, item.sentence, "small", "text2")
        painter.restore()

    def _paint_caption(self, painter: QPainter, box: QRectF, item: CopyItem) -> None:
        image = pixmap(_ICONS[item.kind], theme().hex("text3"), 13, scale_of(painter))
        painter.drawPixmap(QPointF(box.left(), box.top() + 1), image)
        words = QRectF(box.left() + 19, box.top(), box.width() - 19, 16)
        paint_line(painter, words, item.caption, "caption", "text3")

    def _paint_title(
        self, painter: QPainter, box: QRectF, top: float, text: str, look: BadgeLook | None, *,
        strong: bool,
    ) -> None:  # fmt: skip
        line = QRectF(box.left(), box.top() + top, box.width(), 22)
        if look is not None and look.text:
            wide = badge_width(look.text, with_icon=bool(look.icon))
            at = line.center().y() - BADGE / 2
            paint_badge(painter, line.right() - wide, at, look.text, look.kind, look.icon)
            line.setRight(line.right() - wide - 10)
        font, token = ("title", "text") if strong else ("body", "text")
        paint_line(painter, line, text, font, token)
