"""Tagging one asset or many: type a few letters, tick, done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows import FacetRow, Hit
from ui.context import Context
from ui.icons import icon
from ui.models.terms import LINE_ROLE, Pair, TermLine, TermModel
from ui.pages.find.paint import Ink, check_box, rounded
from ui.widgets.basics import button, label
from ui.widgets.elided import Elided

if TYPE_CHECKING:
    from app.library import Library

Index = QModelIndex | QPersistentModelIndex

_ROW = 30
_BOX = 16


class _TermDelegate(QStyledItemDelegate):
    """Paints headings, and terms with a box of three states and the synonym that was met."""

    def __init__(self, ink: Ink, model: TermModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = ink
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        if line is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if line.term is None:
            text = box.adjusted(10, 6, -10, 0)
            self._ink.text(painter, text, line.facet.label, "strong", "text2")
        else:
            self._paint_term(painter, box, option, line)
        painter.restore()

    def _paint_term(
        self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem, line: TermLine
    ) -> None:
        assert line.term is not None
        ink = self._ink
        ground = box.adjusted(2, 1, -2, -1)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current:
            rounded(painter, ground, 6, ink.color("selected"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, ground, 6, ink.color("hover"))
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        at = QRectF(box.left() + 12, box.top() + (_ROW - _BOX) / 2, _BOX, _BOX)
        state = self._model.state((line.facet.key, line.term.slug))
        check_box(painter, at, ink, state, ratio)
        text = QRectF(at.right() + 9, box.top(), box.right() - 12 - at.right() - 9, _ROW)
        used = ink.text(painter, text, line.term.label, "body", "text")
        note = ""
        if line.via:
            note = f"also: {line.via}"
        elif state == Qt.CheckState.PartiallyChecked:
            note = "on some"
        if note:
            rest = text.adjusted(used + 10, 0, 0, 0)
            ink.text(painter, rest, note, "small", "text2" if current else "text3")


class _TermList(QListView):
    """Space, Enter or a click ticks the term."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._toggle(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and not event.modifiers():
            self._toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _toggle(self, row: int) -> None:
        model = self.model()
        assert isinstance(model, TermModel)
        model.toggle(row)


class _Field(QLineEdit):
    """Type-ahead: Up and Down move in the list, Enter ticks, without leaving the field."""

    def __init__(self, terms: _TermList) -> None:
        super().__init__()
        self._terms = terms

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp,
                           Qt.Key.Key_PageDown):  # fmt: skip
            self._terms.keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._terms.keyPressEvent(event)
            self.selectAll()
        else:
            super().keyPressEvent(event)


class TagDialog(QDialog):
    """Shows the vocabulary for the given assets; *Apply* sets and takes away in one mutation.

    Never blocks: use ``open``. Ctrl+Enter applies, Esc closes.
    """

    def __init__(
        self, context: Context, hits: Sequence[Hit], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._hits = tuple(hits)
        self.terms = TermModel(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Tag")
        self.resize(460, 560)
        self._build()
        self.terms.pending_changed.connect(self._on_pending)
        self.terms.modelReset.connect(self._select_first)
        context.bridge.read(self, self._read, self._on_vocabulary)

    def _build(self) -> None:
        count = len(self._hits)
        title = self._hits[0].title if count == 1 else f"{count} assets"
        self.heading = Elided(f"Tag {title}")
        self.heading.setProperty("kind", "h2")
        self.list = _TermList()
        self.list.setAccessibleName("Terms")
        self.list.setModel(self.terms)
        self.list.setItemDelegate(_TermDelegate(Ink(self._context.theme, self), self.terms, self))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setTabKeyNavigation(False)
        self.field = _Field(self.list)
        self.field.setAccessibleName("Find a term")
        self.field.setPlaceholderText("Find a term or a word for it")
        self.field.addAction(icon("search", "text3", 16), QLineEdit.ActionPosition.LeadingPosition)
        for child in self.field.children():
            if isinstance(child, QWidget) and not child.accessibleName():
                child.setAccessibleName("Find a term")
        self.field.textChanged.connect(self.terms.narrow)
        self.nothing = label("No term fits. The vocabulary is looked after in Settings.", "dim",
                             wrap=True)  # fmt: skip
        self.nothing.hide()
        self.pending = label("", "cap", wrap=True)
        self.apply_button = button("Apply", self.apply, kind="primary")
        self.apply_button.setDefault(True)
        self.apply_button.setEnabled(False)
        self.apply_button.setToolTip("Ctrl+Enter")
        self.cancel_button = button("Cancel", self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        for widget in (self.heading, self.field, self.nothing):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        column.addWidget(self.pending)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch()
        line.addWidget(self.cancel_button)
        line.addWidget(self.apply_button)
        column.addLayout(line)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- filling -----------------------------------------------------------------------------

    def _read(self, library: Library) -> tuple[tuple[FacetRow, ...], Counter[Pair]]:
        """The vocabulary, and how many of the assets carry each term; not on the UI thread."""
        carried = Counter(
            pair for hit in self._hits for pair in {(tag.facet, tag.slug) for tag in hit.tags}
        )
        return library.vocabulary(), carried

    def _on_vocabulary(self, read: tuple[tuple[FacetRow, ...], Counter[Pair]]) -> None:
        self.terms.fill_counted(*read, len(self._hits))

    def _select_first(self) -> None:
        first = self.terms.first_term()
        self.nothing.setVisible(first < 0 and bool(self.field.text()))
        if first >= 0:
            self.list.setCurrentIndex(self.terms.index(first))
            self.list.scrollToTop()

    def _on_pending(self) -> None:
        add, remove = self.terms.pending()
        said = [f"+ {self.terms.label_of(pair)}" for pair in add]
        said += [f"− {self.terms.label_of(pair)}" for pair in remove]
        self.pending.setText("   ".join(said))
        self.apply_button.setEnabled(bool(said))
        self.list.viewport().update()

    # ---- applying ----------------------------------------------------------------------------

    def apply(self) -> None:
        """Set and take away what was ticked and unticked, as one step that can be undone."""
        add, remove = self.terms.pending()
        if not add and not remove:
            return
        self.apply_button.setEnabled(False)
        ids = tuple(hit.asset_id for hit in self._hits)
        self._context.bridge.mutate(
            self, lambda library: library.tag(ids, add, remove), self._done, self._failed
        )

    def _done(self, _changes: Changes) -> None:
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.apply_button.setEnabled(True)
        self.pending.setText(self._context.notify.sentence(error))
