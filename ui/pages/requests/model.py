"""The shelf between the ready requests and their list, and the painter of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import icon
from ui.pages.attention.delegate import paint_chip, paint_ground
from ui.pages.requests.items import RequestItem
from ui.widgets.lines import lines_of

if TYPE_CHECKING:
    from ui.theme import Theme

ITEM_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
HEIGHT = 98
_PAD = 16
_VOTES = 44


class RequestsModel(QAbstractListModel):
    """Holds the requests that are shown, in the order shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[RequestItem] = []

    @property
    def items(self) -> tuple[RequestItem, ...]:
        """What is shown."""
        return tuple(self._items)

    def set_items(self, items: Sequence[RequestItem]) -> None:
        """Show other requests."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def item(self, row: int) -> RequestItem | None:
        """The request in a row, or None beyond the end."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def row_of(self, request_id: int) -> int:
        """The row of a request, or -1."""
        for row, item in enumerate(self._items):
            if item.row.id == request_id:
                return row
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per request."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The need; everything in words for a reader; the item itself under ITEM_ROLE."""
        if not self.checkIndex(index) or not index.isValid():
            return None
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.row.need
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.spoken
        return None


class RequestDelegate(QStyledItemDelegate):
    """One request: how many want it, the need in two lines, who and when, the status."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every request is as high as every other."""
        return QSize(200, HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one request."""
        item = index.data(ITEM_ROLE)
        if not isinstance(item, RequestItem):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(self._theme, painter, option)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(
                QRectF(option.rect.left(), option.rect.top() + 10, 3, HEIGHT - 20), 1.5, 1.5
            )
        box = option.rect.adjusted(_PAD, 10, -_PAD, -10)
        # All rows are of one height: a need of one line stands in the middle, without a gap.
        need = lines_of(item.row.need, self._theme.font("label"), box.width() - _VOTES - 12)
        step = QFontMetrics(self._theme.font("label")).height()
        box = box.adjusted(0, max(0, 2 - len(need)) * step // 2, 0, 0)
        self._paint_votes(painter, box, item)
        self._paint_words(painter, box.adjusted(_VOTES + 12, 0, 0, 0), item, selected=selected)
        painter.restore()

    def _paint_votes(self, painter: QPainter, box: QRect, item: RequestItem) -> None:
        theme = self._theme
        badge = QRectF(box.left(), box.top() + 2, _VOTES, 46)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("neutral_bg"))
        painter.drawRoundedRect(badge, 8, 8)
        painter.setFont(theme.font("title"))
        painter.setPen(theme.color("text"))
        top = QRectF(badge.left(), badge.top() + 4, badge.width(), 20)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, item.votes)
        picture = icon("users", "text2", 14)
        picture.paint(painter, QRect(int(badge.center().x()) - 7, int(badge.top()) + 26, 14, 14))

    def _paint_words(
        self, painter: QPainter, box: QRect, item: RequestItem, *, selected: bool
    ) -> None:
        theme = self._theme
        painter.setFont(theme.font("label"))
        painter.setPen(theme.color("text"))
        font = theme.font("label")
        line_height = QFontMetrics(font).height()
        need = lines_of(item.row.need, font, box.width())
        lines = len(need)
        for number, line in enumerate(need):
            at = QRect(box.left(), box.top() + number * line_height, box.width(), line_height)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
        top = box.top() + lines * line_height + 2
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        metrics = QFontMetrics(theme.font("small"))
        text = metrics.elidedText(item.meta, Qt.TextElideMode.ElideRight, box.width())
        meta = QRect(box.left(), top, box.width(), metrics.height())
        painter.drawText(meta, Qt.AlignmentFlag.AlignVCenter, text)
        foot = QRect(box.left(), meta.bottom() + 5, box.width(), 22)
        width = paint_chip(theme, painter, foot, item.status, item.tone, selected=selected)
        painter.setPen(theme.color("bad" if item.late else "text2"))
        painter.setFont(theme.font("small"))
        due = foot.adjusted(width + 10, 0, 0, 0)
        painter.drawText(due, Qt.AlignmentFlag.AlignVCenter, item.due)
