"""More like this: the assets that say nearly the same as the one in the preview."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.rows import STATUS_LABELS, TRUST_LABELS
from app.rows.found import Related, RelatedRow
from ui.icons import scale_of
from ui.models.words import KIND_ICONS, KIND_LABELS
from ui.pages.find.paint import Ink, rounded
from ui.widgets.basics import label

EMPTY = "Nothing in the library is much like this."
_HEIGHT = 42


def facts_of(row: RelatedRow) -> str:
    """What is said of an asset under its title: its type, the page, what is wrong with it."""
    trust = "" if row.trust == "current" else TRUST_LABELS.get(row.trust, "")
    if row.trust == "unofficial":
        trust = STATUS_LABELS.get(row.status, trust)
    kind = row.content_type or KIND_LABELS.get(row.kind, "File")
    return "  ·  ".join(part for part in (kind, row.page_label, trust) if part)


class RelatedButton(QAbstractButton):
    """One of them; a click goes there."""

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.row: RelatedRow | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        ink.changed.connect(self.update)

    def show_row(self, row: RelatedRow) -> None:
        """Stand for this asset from now on."""
        self.row = row
        self.setAccessibleName(f"{row.title}, {facts_of(row)}")
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter goes there on every system, as in the list of results; by itself only Space would.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, box = self._ink, QRectF(self.rect())
        if self.underMouse() or self.isDown():
            rounded(painter, box, 6, ink.color("hover"))
        if self.hasFocus():
            rounded(painter, box, 6, None, ink.color("focus"), 2)
        sign = ink.icon(KIND_ICONS.get(self.row.kind, "file"), "text2", 16, scale_of(painter))
        painter.drawPixmap(8, 6, sign)
        words = box.adjusted(32, 0, -8, 0)
        upper = QRectF(words.left(), 4, words.width(), 18)
        ink.text(painter, upper, self.row.title, "label", "text")
        lower = QRectF(words.left(), 22, words.width(), 16)
        ink.text(painter, lower, facts_of(self.row), "small", "text2")
        painter.end()


class RelatedList(QWidget):
    """The heading and the assets below it. ``asset_wanted`` carries the id of one."""

    asset_wanted = Signal(object)

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.buttons: list[RelatedButton] = []
        self.title = label("More like this", "strong")
        self.note = label("", "dim", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.title)
        self._column.addSpacing(4)
        self._column.addWidget(self.note)
        self.hide()

    def show_related(self, related: Related) -> None:
        """Show them, or the sentence that says why there are none."""
        while len(self.buttons) < len(related.rows):
            self._add_button()
        for place, button in enumerate(self.buttons):
            if place < len(related.rows):
                button.show_row(related.rows[place])
            button.setVisible(place < len(related.rows))
        self.note.setText(related.limited or EMPTY)
        self.note.setVisible(not related.rows)
        self.show()

    def first(self) -> QWidget | None:
        """Where the keyboard goes for this list; None when it is empty."""
        return self.buttons[0] if self.buttons and self.buttons[0].isVisibleTo(self) else None

    def _add_button(self) -> None:
        button = RelatedButton(self._ink, self)
        button.clicked.connect(self._on_clicked)
        self._column.addWidget(button)
        self.buttons.append(button)

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RelatedButton) and button.row is not None:
            self.asset_wanted.emit(button.row.asset_id)
