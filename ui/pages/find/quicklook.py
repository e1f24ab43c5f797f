"""The quick look: one page over the whole window, closed as easily as it came."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ui.pages.find.canvas import PageCanvas
from ui.pages.find.pager import hit_words
from ui.pages.find.paint import Ink
from ui.pages.find.preview import Preview
from ui.pictures import Pictures
from ui.widgets.basics import icon_button, label

_SCRIM = QColor(16, 19, 23, 251)
_ON_SCRIM = "color: #ECEFF3; background: transparent;"


class QuickLook(QWidget):
    """Covers the window with the page that the preview shows, and steps with it.

    ``neighbour_wanted`` carries -1 or 1 for the asset before or after; ``open_wanted`` asks to
    open it. Space, Esc or a click closes.
    """

    neighbour_wanted = Signal(object)
    open_wanted = Signal()
    closed = Signal()

    def __init__(self, ink: Ink, pictures: Pictures, preview: Preview, window: QWidget) -> None:
        super().__init__(window)
        self._preview = preview
        self.setAccessibleName("Quick look")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = label("", "title")
        self.title.setStyleSheet(_ON_SCRIM)
        self.place = label()
        self.place.setStyleSheet(_ON_SCRIM)
        self.canvas = PageCanvas(ink, pictures, self, group="quick")
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.pressed.connect(self.close_look)
        self._lay_out()
        preview.page_changed.connect(self._follow)
        preview.boxes_changed.connect(self._mark)
        window.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.place)
        buttons: tuple[tuple[str, str, int], ...] = (
            ("chevron-left", "Page before", -1), ("chevron-right", "Next page", 1),
            ("x", "Close quick look", 0),
        )  # fmt: skip
        for name, words, step in buttons:
            top.addWidget(self._tool(name, words, step))
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 20, 48, 36)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.canvas, 1)

    def _tool(self, name: str, words: str, step: int) -> QToolButton:
        button = icon_button(name, words)
        # The backdrop is dark in either theme.
        from ui.icons import icon

        button.setIcon(icon(name, "#ECEFF3", 18))
        button.setStyleSheet("QToolButton:hover { background: #3A424D; }")
        if step:
            button.clicked.connect(lambda *_: self._preview.step(step))
        else:
            button.clicked.connect(self.close_look)
        return button

    # ---- opening and closing -----------------------------------------------------------------

    def open_look(self) -> None:
        """Show the page of the preview, large, and take the keyboard."""
        window = self.parentWidget()
        if self._preview.hit is None or window is None:
            return
        self.setGeometry(window.rect())
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow()

    def close_look(self) -> None:
        """Give the window back."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _follow(self) -> None:
        hit = self._preview.hit
        if not self.isVisible() or hit is None:
            return
        number = self._preview.page
        model = self._preview.pages
        self.title.setText(hit.title)
        count = model.rowCount()
        place = f"{model.label(number)} of {count}" if count > 1 else ""
        hit_of = hit_words(model.found, number) if len(model.found) > 1 else ""
        self.place.setText("   ·   ".join(words for words in (hit_of, place) if words))
        self.canvas.show_page(
            lambda shape: self._preview.wanted(number, shape),
            f"Picture of {model.label(number)} of {hit.title}",
            meanwhile=self._preview.canvas.picture_of(hit.sha, number),
        )
        self._mark()

    def _mark(self) -> None:
        self.canvas.set_boxes(self._preview.boxes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            window = self.parentWidget()
            if window is not None and watched is window:
                self.setGeometry(window.rect())
        return bool(super().eventFilter(watched, event))

    # ---- hands -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        pages = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: 1,
        }  # fmt: skip
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.close_look()
        elif key in pages:
            self._preview.step(pages[Qt.Key(key)])
        elif key in (Qt.Key.Key_N, Qt.Key.Key_F3):
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._preview.walk(-1 if shift else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.neighbour_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_look()
            self.open_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_look()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _SCRIM)
        painter.end()
