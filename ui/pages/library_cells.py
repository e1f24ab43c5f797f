"""How the cells of the library page's tables are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ui.pages.library_models import ItemRole, ProblemItem, RootItem
from ui.theme import theme
from ui.widgets.badge import HEIGHT as BADGE
from ui.widgets.badge import paint_badge
from ui.widgets.lines import lines_of, paint_lines

Index = QModelIndex | QPersistentModelIndex
ROOT_ROW = 58
PROBLEM_ROW = 46
PAD = 12
STATE_COLUMNS = {RootItem: 1, ProblemItem: 2}
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class CellDelegate(QStyledItemDelegate):
    """Paints RootItem (two lines a row) and ProblemItem (one line a row)."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ItemRole)
        painter.save()
        self._ground(painter, option, index)
        box = QRectF(option.rect).adjusted(PAD, 0, -PAD, 0)
        if isinstance(item, RootItem):
            self._root_cell(painter, box, item, index.column())
        elif isinstance(item, ProblemItem):
            self._problem_cell(painter, box, item, index.column())
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, rect = theme(), option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selected"))
            if index.column() == 0:
                painter.fillRect(rect.left(), rect.top() + 8, 3, rect.height() - 16,
                                 look.color("accent"))  # fmt: skip
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.color("hover"))
        painter.setPen(QPen(look.color("border"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _root_cell(self, painter: QPainter, box: QRectF, item: RootItem, column: int) -> None:
        upper = QRectF(box.left(), box.top() + 9, box.width(), 20)
        lower = QRectF(box.left(), box.top() + 30, box.width(), 18)
        if column == 0:
            _text(painter, upper, item.root.name, "title", "text")
            _text(painter, lower, item.root.path, "small", "text2", Qt.TextElideMode.ElideMiddle)
        elif column == STATE_COLUMNS[RootItem]:
            top = upper.top() if item.note else box.center().y() - BADGE / 2
            paint_badge(painter, box.left(), top, item.badge.text, item.badge.kind, item.badge.icon)
            _text(painter, lower, item.note, "small", "text2")
        elif column == 4:
            _text(painter, box, item.cells[column], "small", "text2")
        else:
            _text(painter, box, item.cells[column], "body", "text", align=_RIGHT)

    def _problem_cell(self, painter: QPainter, box: QRectF, item: ProblemItem, column: int) -> None:
        if column == STATE_COLUMNS[ProblemItem]:
            top = box.center().y() - BADGE / 2
            paint_badge(painter, box.left(), top, item.badge.text, item.badge.kind, item.badge.icon)
        elif column == 1:
            middle = Qt.TextElideMode.ElideMiddle
            _text(painter, box, item.cells[column], "small", "text2", middle)
        elif column == 3:
            font = theme().font("small")
            lines = len(lines_of(item.cells[column], font, box.width()))
            height = lines * QFontMetricsF(font).height()
            at = QRectF(box.left(), box.center().y() - height / 2, box.width(), height)
            paint_lines(painter, at, item.cells[column], "small", "text")
        else:
            _text(painter, box, item.cells[column], "label", "text")


def _text(
    painter: QPainter,
    box: QRectF,
    words: str,
    font: str,
    color: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    *,
    align: int = _LEFT,
) -> None:
    look = theme()
    chosen = look.font(font)
    painter.setFont(chosen)
    painter.setPen(look.color(color))
    shown = QFontMetricsF(chosen).elidedText(words.replace("\n", " "), mode, box.width())
    painter.drawText(box, align | int(Qt.TextFlag.TextSingleLine), shown)


def dress_table(table: QTableView, row_height: int, name: str) -> None:
    """Give a table the manners of this program: whole rows, own painting, Tab leaves it."""
    table.setItemDelegate(CellDelegate(row_height, table))
    table.setAccessibleName(name)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setMouseTracking(True)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height)
    table.horizontalHeader().setHighlightSections(False)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
