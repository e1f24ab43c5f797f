"""The list that opens under the search field: ways to go on typing, saved and recent searches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.icons import scale_of
from ui.pages.find.overlay import Overlay
from ui.pages.find.paint import Ink, rounded

if TYPE_CHECKING:
    from app.rows import Completion

Index = QModelIndex | QPersistentModelIndex

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
GROUPS = {
    "saved": "Saved searches", "recent": "Recent searches", "field": "Fields", "term": "Values",
    "value": "Values", "owner": "People", "folder": "Folders", "word": "Words of the library",
}  # fmt: skip
_ICONS = {
    "saved": "star", "recent": "history", "field": "filter", "term": "tag", "value": "tag",
    "owner": "user", "folder": "folder", "word": "search",
}  # fmt: skip
_ROW = 30
_HEAD = 26
_SIDE = 12
_MOST_HEIGHT = 372
_LEAST_WIDTH = 280
CROSS = 38
"""The width at the right of a row in which its cross lies."""


class Line(NamedTuple):
    """A line of the list: an offer, or (``offer`` None) the heading of a group."""

    label: str
    detail: str = ""
    offer: Completion | None = None


def lines_of(offers: Sequence[Completion]) -> list[Line]:
    """The offers under their headings; a single group needs none."""
    groups = list(dict.fromkeys(GROUPS[offer.kind] for offer in offers))
    lines = []
    for group in groups:
        if len(groups) > 1:
            lines.append(Line(group))
        lines += [
            Line(offer.label, offer.detail, offer)
            for offer in offers
            if GROUPS[offer.kind] == group
        ]
    return lines


class OfferModel(QAbstractListModel):
    """The lines; headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def choices(self) -> list[int]:
        """The rows that can be chosen."""
        return [row for row, line in enumerate(self.lines) if line.offer is not None]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (line.label, line.detail)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.data(index, LINE_ROLE)
        if not isinstance(line, Line):
            return Qt.ItemFlag.NoItemFlags
        if line.offer is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )


class OfferDelegate(QStyledItemDelegate):
    """Paints icon, label and, at the right, what says more about it.

    With ``crosses`` a saved search that is chosen or under the pointer has a cross there.
    """

    def __init__(self, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = ink
        self.crosses = False

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(LINE_ROLE)
        return QSize(200, _HEAD if line is not None and line.offer is None else _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        if line is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        ink = self._ink
        if line.offer is None:
            text = box.adjusted(_SIDE, 5, -_SIDE, 0)
            ink.text(painter, text, line.label, "caption", "text3")
        else:
            chosen = option.state & QStyle.StateFlag.State_Selected
            under = option.state & QStyle.StateFlag.State_MouseOver
            if chosen or under:
                ground = ink.color("selected" if chosen else "hover")
                rounded(painter, box.adjusted(4, 1, -4, -1), 6, ground)
            if self.crosses and line.offer.kind == "saved" and (chosen or under):
                sign = ink.icon("x", "text2", 14, scale_of(painter))
                painter.drawPixmap(QPointF(box.right() - 26, box.center().y() - 6.5), sign)
                box.setRight(box.right() - CROSS + 8)
            self._paint_offer(painter, box, line)
        painter.restore()

    def _paint_offer(self, painter: QPainter, box: QRectF, line: Line) -> None:
        assert line.offer is not None
        ink = self._ink
        sign = ink.icon(_ICONS[line.offer.kind], "text3", 14, scale_of(painter))
        painter.drawPixmap(QPointF(box.left() + _SIDE, box.center().y() - 6.5), sign)
        left = box.left() + _SIDE + 14 + 10
        room = box.right() - _SIDE - left
        label = min(ink.metrics("body").horizontalAdvance(line.label) + 2, room)
        # The label is what is taken, so the detail gives way.
        detail = room - label - 20
        ink.text(painter, QRectF(left, box.top(), label, box.height()), line.label, "body", "text")
        if line.detail and detail > 40:
            right = QRectF(box.right() - _SIDE - detail, box.top(), detail, box.height())
            side = Qt.AlignmentFlag.AlignRight
            ink.text(painter, right, line.detail, "small", "text3", side)


class OfferList(QListView):
    """The list; it never takes the focus, which stays where one types.

    ``taken`` carries the Completion that was clicked.
    """

    taken = Signal(object)

    def __init__(self, ink: Ink, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines = OfferModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(OfferDelegate(ink, self))
        self.setObjectName("offers")
        self.setAccessibleName("Suggestions")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def whole_height(self) -> int:
        """How high all lines are together."""
        return sum(_ROW if line.offer is not None else _HEAD for line in self.lines.lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses; what is chosen is taken when the button is let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index == self.currentIndex():
            line = index.data(LINE_ROLE)
            if line is not None and line.offer is not None:
                self.taken.emit(line.offer)

    def _choose_at(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.setCurrentIndex(index)


class OfferPopup(Overlay):
    """Lies under ``field``; shows lines, and which of them is chosen. ``taken`` carries a
    Completion.
    """

    taken = Signal(object)

    def __init__(self, field: QWidget, ink: Ink) -> None:
        super().__init__(field)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = OfferList(ink, self)
        self.list.taken.connect(self.taken)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 5, 1, 5)
        column.addWidget(self.list)

    # ---- showing -----------------------------------------------------------------------------

    def show_offers(self, offers: Sequence[Completion]) -> None:
        """Show these, none of them chosen; whoever shows what is shown already changes nothing."""
        lines = lines_of(offers)
        if lines != self.list.lines.lines:
            self.list.lines.show(lines)
            self.list.scrollToTop()
        self.choose(-1)
        self.place()
        if self.isHidden():
            self.show()
        self.raise_()

    def place(self) -> None:
        """Lie under the field, as high as the lines and the window allow."""
        whole = self.list.whole_height() + 12
        high = min(whole, _MOST_HEIGHT, max(_ROW * 3, self.room()))
        self.place_at(max(_LEAST_WIDTH, self._field.width()), high)

    # ---- choosing ----------------------------------------------------------------------------

    def offers(self) -> list[Completion]:
        """What is offered, in the order of the lines."""
        return [line.offer for line in self.list.lines.lines if line.offer is not None]

    def place_of_chosen(self) -> int:
        """The place of the chosen offer among all, or -1."""
        choices = self.list.lines.choices()
        row = self.list.currentIndex().row()
        return choices.index(row) if row in choices else -1

    def chosen(self) -> Completion | None:
        """The offer that Enter would take."""
        place = self.place_of_chosen()
        return self.offers()[place] if place >= 0 else None

    def choose(self, place: int) -> None:
        """Choose an offer by its place; -1: none."""
        choices = self.list.lines.choices()
        if 0 <= place < len(choices):
            index = self.list.lines.index(choices[place])
            self.list.setCurrentIndex(index)
            if place == 0:
                self.list.scrollToTop()
        else:
            self.list.setCurrentIndex(QModelIndex())
            self.list.clearSelection()

    def step(self, by: int) -> None:
        """Choose the next one up or down; before the first and after the last is none."""
        count = len(self.list.lines.choices())
        at = self.place_of_chosen()
        if abs(by) > 1:
            self.choose(max(0, min(count - 1, at + by)))
            return
        # With none as one place more, the way goes round.
        self.choose((at + 1 + by) % (count + 1) - 1)
