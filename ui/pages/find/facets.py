"""The panel of filters: one list, whatever the size of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.icons import scale_of
from ui.models.facets import ROW_ROLE, FacetModel
from ui.pages.find.paint import Ink, check_box, rounded

if TYPE_CHECKING:
    from ui.models.facet_lines import FacetLine

Index = QModelIndex | QPersistentModelIndex

_HEAD = 34
_TERM = 26
_BOX = 15
_SIDE = 16


class FacetDelegate(QStyledItemDelegate):
    """Paints headings, terms with box and count, and "show all" lines."""

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.by_keyboard = False

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(ROW_ROLE)
        head = line is not None and line.kind == "head"
        return QSize(120, _HEAD + (8 if head and index.row() else 0) if head else _TERM)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(ROW_ROLE)
        if line is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if line.kind == "head":
            text = QRectF(box.left() + _SIDE, box.bottom() - 28, box.width() - 2 * _SIDE, 24)
            self._ink.text(painter, text, line.label, "strong", "text")
        else:
            self._paint_line(painter, box, option, line)
        painter.restore()

    def _paint_line(
        self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, line: FacetLine
    ) -> None:
        from PySide6.QtWidgets import QStyle

        ink = self._ink
        ground = box.adjusted(8, 1, -8, -1)
        if option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, ground, 6, ink.color("hover"))
        if self.by_keyboard and option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, ground, 6, None, ink.color("focus"), 2)
        if line.kind == "more":
            text = box.adjusted(_SIDE + _BOX + 10, 0, -_SIDE, 0)
            ink.text(painter, text, line.label, "small", "accent")
            return
        ratio = scale_of(painter)
        state = Qt.CheckState.Checked if line.chosen else Qt.CheckState.Unchecked
        at = QRectF(box.left() + _SIDE, box.top() + (_TERM - _BOX - 1) / 2, _BOX + 1, _BOX + 1)
        check_box(painter, at, ink, state, ratio)
        dim = line.count == 0 and not line.chosen
        count = f"{line.count:,}"
        width = ink.metrics("small").horizontalAdvance(count) + 2
        right = QRectF(box.right() - _SIDE - width, box.top(), width, _TERM)
        token = "text3"
        ink.text(painter, right, count, "small", token, Qt.AlignmentFlag.AlignRight)
        left = at.right() + 9
        text = QRectF(left, box.top(), right.left() - 8 - left, _TERM)
        ink.text(painter, text, line.label, "body", "text3" if dim else "text")


class FacetList(QListView):
    """The list itself: Space, Enter or a click chooses; arrows move over headings."""

    def __init__(self, model: FacetModel, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facets = model
        self._paints = FacetDelegate(ink, self)
        self._kept: tuple[str, str, str] | None = None
        self._scrolled = 0
        self.setObjectName("facet_list")
        self.setAccessibleName("Filters")
        self.setModel(model)
        self.setItemDelegate(self._paints)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        model.modelAboutToBeReset.connect(self._note_place)
        model.modelReset.connect(self._restore_place)
        ink.changed.connect(self._repaint_all)

    def _repaint_all(self) -> None:
        self.viewport().update()

    def _note_place(self) -> None:
        line = self._facets.line(self.currentIndex().row())
        self._kept = line.key if line is not None else None
        self._scrolled = self.verticalScrollBar().value()

    def _restore_place(self) -> None:
        row = self._facets.row_of(self._kept) if self._kept is not None else -1
        if row >= 0:
            self.setCurrentIndex(self._facets.index(row))
        self.doItemsLayout()
        self.verticalScrollBar().setValue(self._scrolled)

    def _toggle(self, row: int) -> None:
        self._facets.toggle(row)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._paints.by_keyboard = False
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.setCurrentIndex(index)
            self._toggle(index.row())
            event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._paints.by_keyboard = True
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and not event.modifiers():
            self._toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._paints.by_keyboard = True
        if not self.currentIndex().isValid():
            first = next((r for r in range(self._facets.rowCount()) if self._is_line(r)), -1)
            if first >= 0:
                self.setCurrentIndex(self._facets.index(first))

    def _is_line(self, row: int) -> bool:
        line = self._facets.line(row)
        return line is not None and line.kind != "head"

    def leaveEvent(self, event: QEvent) -> None:
        # The hover of one row must not stay painted when the pointer has left.
        self.viewport().update()
        super().leaveEvent(event)


class FacetPanel(QWidget):
    """The left pane. ``cleared`` is emitted when all filters are taken back at once."""

    cleared = Signal()

    def __init__(self, model: FacetModel, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facets = model
        self.setObjectName("facets")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(180)
        title = QLabel("Filters", self)
        title.setProperty("kind", "h2")
        self.clear_button = QPushButton("Clear all", self)
        self.clear_button.setProperty("kind", "ghost")
        self.clear_button.setAccessibleName("Clear all filters")
        self.clear_button.clicked.connect(self._clear)
        top = QHBoxLayout()
        top.setContentsMargins(_SIDE, 0, 8, 0)
        top.addWidget(title)
        top.addStretch()
        top.addWidget(self.clear_button)
        self.list = FacetList(model, ink, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        hold = self.clear_button.sizePolicy()
        hold.setRetainSizeWhenHidden(True)
        self.clear_button.setSizePolicy(hold)
        model.filters_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show *Clear all* only when there is something to clear."""
        self.clear_button.setVisible(bool(self._facets.filters()))

    def _clear(self) -> None:
        self._facets.clear()
        self.cleared.emit()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
