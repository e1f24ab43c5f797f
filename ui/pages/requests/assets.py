"""Finding an existing asset by typing: a field, and a short list of what the library has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.rows import STATUS_LABELS, FindResult, FindSpec, Hit
from ui.context import Context
from ui.pages.attention.delegate import paint_ground
from ui.pages.attention.parts import label

if TYPE_CHECKING:
    from ui.theme import Theme

HIT_ROLE = Qt.ItemDataRole.UserRole
LIMIT = 6
ROW = 30
Index = QModelIndex | QPersistentModelIndex


def hit_line(hit: Hit) -> str:
    """What is said of a hit beside its title."""
    parts = (hit.content_type, STATUS_LABELS.get(hit.status, hit.status))
    return "  ·  ".join(part for part in parts if part)


class HitsModel(QAbstractListModel):
    """Holds a few hits."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What is shown."""
        return tuple(self._hits)

    def set_hits(self, hits: Sequence[Hit]) -> None:
        """Show other hits."""
        self.beginResetModel()
        self._hits = list(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per hit."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title; with type and status for a reader; the hit itself under HIT_ROLE."""
        if not self.checkIndex(index) or not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.title}, {hit_line(hit).replace('  ·  ', ', ')}"
        return None


class HitDelegate(QStyledItemDelegate):
    """One hit in one line: the title, then type and status at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Every row is as high as every other."""
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one hit."""
        hit = index.data(HIT_ROLE)
        if not isinstance(hit, Hit):
            return
        painter.save()
        paint_ground(self._theme, painter, option, line=False)
        box = option.rect.adjusted(10, 0, -10, 0)
        small = QFontMetrics(self._theme.font("small"))
        said = hit_line(hit)
        room = min(small.horizontalAdvance(said), box.width() // 2)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text2"))
        right = QRect(box.right() - room, box.top(), room + 1, box.height())
        cut = small.elidedText(said, Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter, cut)
        font = self._theme.font("label")
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        left = QRect(box.left(), box.top(), box.width() - room - 14, box.height())
        title = QFontMetrics(font).elidedText(hit.title, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


class AssetPicker(QWidget):
    """A field and the hits for it; arrows go from the field into the list.

    Signals: ``picked`` with the Hit chosen by Enter or click, ``changed`` when the choice changes.
    """

    picked = Signal(object)
    changed = Signal()

    def __init__(self, context: Context, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._key = key
        self._chosen: Hit | None = None
        self.field = QLineEdit()
        self.field.setAccessibleName("Find the asset")
        self.field.setPlaceholderText("Type to find the asset")
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.model = HitsModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(HitDelegate(context.theme, self.list))
        self.list.setAccessibleName("Assets found")
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFixedHeight(ROW * 4)
        self.note = label("", "cap")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self.field, self.list, self.note):
            layout.addWidget(part)
        self.list.hide()
        self.note.hide()
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(self._look)
        self.field.textEdited.connect(self._on_edited)
        self.list.activated.connect(self._on_activated)
        self.list.clicked.connect(self._on_activated)
        self.setFocusProxy(self.field)

    @property
    def chosen(self) -> Hit | None:
        """The asset chosen, or None."""
        return self._chosen

    def clear(self) -> None:
        """Forget everything."""
        self._chosen = None
        self.field.clear()
        self.model.set_hits(())
        self.list.hide()
        self.note.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes into the list, Enter takes the first hit."""
        if watched is self.field and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and event.key() == Qt.Key.Key_Down and self.model.hits:
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                self.list.setCurrentIndex(self.model.index(0))
                return True
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if pressed and enter and plain and self._chosen is None and self.model.hits:
                self._take(self.model.hits[0])
                return True
        return super().eventFilter(watched, event)

    def _on_edited(self) -> None:
        self._chosen = None
        self.changed.emit()
        self._typing.start()

    def _look(self) -> None:
        text = self.field.text().strip()
        if not text:
            self._show(None)
            return
        spec = FindSpec(text=text, limit=LIMIT)
        self._context.bridge.read(self, lambda lib: lib.find(spec), self._show, key=self._key)

    def _show(self, result: FindResult | None) -> None:
        if self._chosen is not None:
            return
        self.model.set_hits(result.hits[:LIMIT] if result else ())
        self.list.setVisible(bool(self.model.hits))
        self.note.setVisible(result is not None and not self.model.hits)
        self.note.setText("Nothing found. Try another word of the title.")

    def _on_activated(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, Hit):
            self._take(hit)

    def _take(self, hit: Hit) -> None:
        self._chosen = hit
        self.field.setText(hit.title)
        self.list.hide()
        self.note.setText(f"Chosen: {hit_line(hit)}")
        self.note.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
        self.picked.emit(hit)
