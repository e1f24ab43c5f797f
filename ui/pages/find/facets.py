"""The panel of filters: one list, whatever the size of the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon, scale_of
from ui.models.facets import ROW_ROLE, FacetModel
from ui.pages.find.paint import Ink, check_box, rounded
from ui.pages.find.row import Look, look_of
from ui.pages.find.speak import announce

if TYPE_CHECKING:
    from ui.models.facet_lines import FacetLine

Index = QModelIndex | QPersistentModelIndex

_HEAD = 34
_TERM = 26
_BOX = 15
_SIDE = 16
_MINUS = 16


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
        elif line.kind == "none":
            text = box.adjusted(_SIDE, 0, -_SIDE, 0)
            self._ink.text(painter, text, line.label, "small", "text2")
        else:
            self._paint_line(painter, box, look_of(option, index), line)
        painter.restore()

    def _paint_line(self, painter: QPainter, box: QRectF, look: Look, line: FacetLine) -> None:
        ink = self._ink
        ground = box.adjusted(8, 1, -8, -1)
        if look.hovered:
            rounded(painter, ground, 6, ink.color("hover"))
        if self.by_keyboard and look.focused:
            rounded(painter, ground, 6, None, ink.color("focus"), 2)
        if line.kind == "more":
            text = box.adjusted(_SIDE + _BOX + 10, 0, -_SIDE, 0)
            ink.text(painter, text, line.label, "small", "accent")
        else:
            self._paint_term(painter, box, line, hovered=look.hovered)

    def _paint_term(
        self, painter: QPainter, box: QRectF, line: FacetLine, *, hovered: bool
    ) -> None:
        ink, ratio = self._ink, scale_of(painter)
        at = QRectF(box.left() + _SIDE, box.top() + (_TERM - _BOX - 1) / 2, _BOX + 1, _BOX + 1)
        if line.state == "out":
            rounded(painter, at, 4, ink.color("bad"))
            sign = ink.icon("minus", "surface", 12, ratio)
            painter.drawPixmap(QPointF(at.left() + 2, at.top() + 2), sign)
        else:
            on = Qt.CheckState.Checked if line.state else Qt.CheckState.Unchecked
            check_box(painter, at, ink, on, ratio)
        count = f"{line.count:,}"
        width = ink.width(count, "small") + 2
        right = QRectF(box.right() - _SIDE - width, box.top(), width, _TERM)
        ink.text(painter, right, count, "small", "text3", Qt.AlignmentFlag.AlignRight)
        end = right.left() - 8
        if hovered and line.state != "out":
            minus = minus_box(box)
            end = min(end, minus.left() - 4)
            sign = ink.icon("circle-minus", "text2", _MINUS, ratio)
            painter.drawPixmap(minus.topLeft(), sign)
        left = at.right() + 9
        dim = line.count == 0 and not line.chosen
        text = QRectF(left, box.top(), end - left, _TERM)
        token = "text2" if line.state == "out" else "text3" if dim else "text"
        taken = ink.text(painter, text, line.label, "body", token)
        if line.state == "out":
            middle = round(text.center().y()) + 0.5
            painter.setPen(ink.color("text2"))
            painter.drawLine(QPointF(left, middle), QPointF(left + taken, middle))


def minus_box(line: QRectF) -> QRectF:
    """Where the sign that leaves a term out stands while its line is under the pointer."""
    top = line.top() + (_TERM - _MINUS) / 2
    return QRectF(line.right() - _SIDE - 34 - _MINUS, top, _MINUS, _MINUS)


class FacetList(QListView):
    """The list itself: Space, Enter or a click goes on to the next state of a term; minus, a right
    click or Alt and a click leave it out; arrows move over headings.
    """

    def __init__(self, model: FacetModel, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facets = model
        self._paints = FacetDelegate(ink, self)
        self._kept: tuple[str, str, str] | None = None
        self._scrolled = 0
        self.setObjectName("facet_list")
        self.setAccessibleName("Filters")
        self.setAccessibleDescription("Space chooses, then leaves out, then neither; minus leaves "
                                      "out.")  # fmt: skip
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

    def cycle_current(self) -> None:
        """Go on to the next state of the current term, by key."""
        self._paints.by_keyboard = True
        self._change(self._facets.toggle)

    def leave_out_current(self) -> None:
        """Leave the current term out, or not any more, by key."""
        self._paints.by_keyboard = True
        self._change(self._facets.toggle_out)

    def _change(self, how: Callable[[int], None]) -> None:
        how(self.currentIndex().row())
        self._repaint_all()
        announce(self, str(self.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) or ""))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._paints.by_keyboard = False
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or event.button() == Qt.MouseButton.MiddleButton:
            return
        self.setCurrentIndex(index)
        aside = event.button() == Qt.MouseButton.RightButton
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        out = aside or alt or self._is_on_minus(at, index)
        self._change(self._facets.toggle_out if out else self._facets.toggle)
        event.accept()

    def _is_on_minus(self, at: QPoint, index: Index) -> bool:
        line = self._facets.line(index.row())
        if line is None or line.kind != "term" or line.state == "out":
            return False
        near = minus_box(QRectF(self.visualRect(index))).adjusted(-4, -6, 4, 6)
        return near.contains(at)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid() and self._is_on_minus(event.pos(), index):
                QToolTip.showText(event.globalPos(), "Leave out", self.viewport())
            else:
                QToolTip.hideText()
            return True
        return bool(super().viewportEvent(event))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The right button has done its work when it was pressed.
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._paints.by_keyboard = True
        # Not left to Qt, whose three states go round the other way.
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and not event.modifiers():
            self.cycle_current()
        else:
            super().keyPressEvent(event)
        self._repaint_all()

    def keyboardSearch(self, search: str) -> None:
        """Letters and signs are shortcuts here; a term is looked for in the field above."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._paints.by_keyboard = True
        if not self.currentIndex().isValid():
            self.to_first()

    def to_first(self) -> None:
        """Make the first line that can be chosen current."""
        first = next((r for r in range(self._facets.rowCount()) if self._is_line(r)), -1)
        if first >= 0:
            self.setCurrentIndex(self._facets.index(first))

    def _is_line(self, row: int) -> bool:
        line = self._facets.line(row)
        return line is not None and line.kind not in ("head", "none")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._facets.settle()

    def leaveEvent(self, event: QEvent) -> None:
        # The hover of one row must not stay painted when the pointer has left.
        self._repaint_all()
        self._facets.settle()
        super().leaveEvent(event)


class FacetPanel(QWidget):
    """The left pane. ``cleared`` is emitted when all filters are taken back at once."""

    cleared = Signal()

    def __init__(self, model: FacetModel, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facets = model
        self.setObjectName("facets")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(150)
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
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 12, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addLayout(top)
        self._layout.addWidget(self.list, 1)
        self.narrow: QLineEdit | None = None
        hold = self.clear_button.sizePolicy()
        hold.setRetainSizeWhenHidden(True)
        self.clear_button.setSizePolicy(hold)
        model.filters_changed.connect(self.refresh)
        self.refresh()

    def complete(self) -> None:
        """Add what the first paint need not wait for: the field that finds a filter."""
        self.narrow = field = QLineEdit(self)
        field.setPlaceholderText("Find a filter")
        field.setAccessibleName("Find a filter")
        field.addAction(icon("funnel", "text3", 14), QLineEdit.ActionPosition.LeadingPosition)
        field.setClearButtonEnabled(True)
        for child in field.children():
            # The buttons inside a line edit have no names of their own.
            if isinstance(child, QWidget) and not child.accessibleName():
                child.setAccessibleName("Find a filter")
        # Ignored, else the pane would take the room that a growing window gives to the results.
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        field.textChanged.connect(self._facets.narrow)
        field.installEventFilter(self)
        line = QHBoxLayout()
        line.setContentsMargins(_SIDE - 4, 2, 12, 2)
        line.addWidget(field)
        self._layout.insertLayout(1, line)
        QWidget.setTabOrder(field, self.list)
        self.refresh()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """In the field Down and Enter go to the list, Esc empties it."""
        if watched is not self.narrow or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.to_first()
            return True
        if event.key() == Qt.Key.Key_Escape and self.narrow is not None and self.narrow.text():
            self.narrow.clear()
            return True
        return False

    def find_filter(self) -> None:
        """Take the keyboard to the field that finds a filter."""
        if self.narrow is not None:
            self.narrow.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.narrow.selectAll()

    def refresh(self) -> None:
        """Show *Clear all* only when there is something to clear."""
        self.clear_button.setVisible(bool(self._facets.filters()))

    def _clear(self) -> None:
        self._facets.clear()
        self.cleared.emit()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
