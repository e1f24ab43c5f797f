"""The list of pages that differ between two contents, painted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.rows_copies import PageChange
from ui.icons import pixmap, scale_of
from ui.pages.copies import words
from ui.pages.copies.model import NOWHERE, Index, paint_row_ground
from ui.theme import theme
from ui.widgets.lines import paint_line

ITEM_ROLE = Qt.ItemDataRole.UserRole
ROW = 46
MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """One page that differs, ready to be painted."""

    change: PageChange
    name: str
    text: str

    @property
    def spoken(self) -> str:
        """All of it in words."""
        heading = f", {self.change.heading}" if self.change.heading else ""
        return f"{self.name}{heading}: {self.text}"


def differences(changes: Sequence[PageChange], *, became: bool) -> tuple[Difference, ...]:
    """The changes ready; ``became`` says that what is on the right is newer."""
    return tuple(
        Difference(one, words.page_name(one), words.change_text(one, became=became))
        for one in changes
    )


def first_worth(items: Sequence[Difference]) -> int:
    """The row to show first: a number that changed, else the first page."""
    return next((row for row, one in enumerate(items) if one.change.numbers), 0)


class DifferencesModel(QAbstractListModel):
    """Holds the differences in the order shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[Difference, ...] = ()

    def set_items(self, items: Sequence[Difference]) -> None:
        """Show other differences."""
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def item(self, row: int) -> Difference | None:
        """The difference in a row, or None beyond the ends."""
        return self.items[row] if 0 <= row < len(self.items) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row()) if index.isValid() else None
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return item.spoken
        return None


class _Delegate(QStyledItemDelegate):
    """An icon for the kind of change; page and heading, and below what is different."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ITEM_ROLE)
        if not isinstance(item, Difference):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, option)
        box = QRectF(option.rect).adjusted(14, 5, -12, -5)
        name = words.CHANGE_ICONS[item.change.kind]
        image = pixmap(name, theme().hex("text2"), 15, scale_of(painter))
        painter.drawPixmap(QPointF(box.left(), box.top() + 3), image)
        upper = QRectF(box.left() + 25, box.top(), box.width() - 25, 18)
        lower = QRectF(upper.left(), box.top() + 18, upper.width(), 18)
        took = paint_line(painter, upper, item.name, "strong", "text")
        if item.change.heading:
            upper.setLeft(upper.left() + took + 10)
            paint_line(painter, upper, item.change.heading, "body", "text2")
        numbers = bool(item.change.numbers)
        paint_line(painter, lower, item.text, "label" if numbers else "small",
                   "text" if numbers else "text2")  # fmt: skip
        painter.restore()


class DifferenceList(QListView):
    """As high as its rows, up to MOST_SHOWN; Up and Down beyond its ends leave it alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf = DifferencesModel(self)
        self.setModel(self.shelf)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Pages that differ")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(
            "DifferenceList { border-radius: 8px; } DifferenceList:focus { border: 0; }"
        )

    def show_items(self, items: Sequence[Difference]) -> None:
        """Show other differences and choose the one worth seeing first."""
        self.shelf.set_items(items)
        self.setFixedHeight(min(len(items), MOST_SHOWN) * ROW + 2)
        self.setVisible(bool(items))
        if items:
            self.setCurrentIndex(self.shelf.index(first_worth(items), 0))

    def current(self) -> Difference | None:
        """The difference chosen now, or None."""
        return self.shelf.item(self.currentIndex().row())

    def step(self, by: int) -> None:
        """Choose one before or after, within the list."""
        row = max(0, min(self.currentIndex().row() + by, len(self.shelf.items) - 1))
        self.setCurrentIndex(self.shelf.index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.scrollTo(current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)
