"""A card over the window for a short question; nothing waits for it and Esc closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QVBoxLayout, QWidget

_SCRIM = 110


class Sheet(QWidget):
    """Covers ``window``; keeps the Tab order inside while open. ``closed`` tells that it went.

    ``close_on_outside``: a click beside the card closes it. ``main`` is the button that Enter and
    Ctrl+Enter press.
    """

    closed = Signal()

    def __init__(self, window: QWidget, title: str, *, width: int = 520) -> None:
        super().__init__(window)
        self._over = window
        self.setObjectName("sheet")
        self.setAccessibleName(title)
        self.close_on_outside = False
        self.main: QPushButton | None = None
        self._before: QWidget | None = None
        self.card = QFrame(self)
        self.card.setObjectName("sheetcard")
        self.card.setProperty("kind", "card")
        self.card.setFixedWidth(width)
        self.body = QVBoxLayout(self.card)
        self.body.setContentsMargins(28, 24, 28, 24)
        self.body.setSpacing(12)
        window.installEventFilter(self)
        self.hide()

    def open(self, first: QWidget | None = None) -> None:
        """Show the card and put the focus on ``first``, else on its first control."""
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        target = first or self._stops()[0]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close the card and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def _stops(self) -> list[QWidget]:
        found = [
            one
            for one in self.card.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and one.isVisibleTo(self)
            and one.isEnabled()
        ]
        return found or [self.card]

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001
        """Tab goes round inside the card."""
        stops = self._stops()
        now = QApplication.focusWidget()
        at = next((i for i, one in enumerate(stops) if one is now), -1 if forward else 0)
        step = 1 if forward else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + step) % len(stops)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self._over
        self.setGeometry(window.rect())
        # While hidden, the layout answers from what it knew before.
        self.body.invalidate()
        self.body.activate()
        wanted = self.card.sizeHint().height()
        if self.body.hasHeightForWidth():
            wanted = self.body.totalHeightForWidth(self.card.width())
        height = min(wanted, window.height() - 48)
        self.card.setFixedHeight(max(120, height))
        self.card.move(
            (self.width() - self.card.width()) // 2,
            max(24, (self.height() - self.card.height()) * 2 // 5),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(8, 12, 20, _SCRIM))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        outside = not self.card.geometry().contains(event.position().toPoint())
        if self.close_on_outside and outside:
            self.dismiss()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._press(control=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        super().keyPressEvent(event)

    def _press(self, *, control: bool) -> None:
        # Where Cancel has the focus, Enter means Cancel.
        focused = self.window().focusWidget()
        meant = focused if isinstance(focused, QPushButton) and not control else self.main
        if meant is not None:
            meant.click()
