"""A small card beside what it explains; a click elsewhere, Esc or its own cross closes it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

_GAP = 6
_EDGE = 8
_LEAVE = (QEvent.Type.Resize, QEvent.Type.WindowDeactivate)


class Popover(QFrame):
    """Lies within the window of ``owner``, above everything in it, and goes with that.

    ``closed`` tells that it went.
    """

    closed = Signal()

    def __init__(self, owner: QWidget, title: str, *, width: int) -> None:
        super().__init__(owner.window())
        self._owner, self._over = owner, owner.window()
        self._beside = QRect()
        self._before: QWidget | None = None
        self.setObjectName("popup")
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(width)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(18, 14, 18, 16)
        self.body.setSpacing(10)
        # The window outlives the page when another library is opened in it.
        owner.destroyed.connect(self.deleteLater)
        self.hide()

    def open_beside(self, beside: QRect) -> None:
        """Show it below a rectangle on the screen, or above where there is no room below."""
        self._beside = beside
        self._before = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def place(self) -> None:
        """Take the size that the words want, and the place beside what they are about."""
        self.body.invalidate()
        self.body.activate()
        high = self.body.totalHeightForWidth(self.width())
        self.setFixedHeight(high if high > 0 else self.body.totalSizeHint().height())
        room = self._over.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        beside = QRect(self._over.mapFromGlobal(self._beside.topLeft()), self._beside.size())
        top = beside.bottom() + _GAP
        if top + self.height() > room.bottom():
            top = beside.top() - _GAP - self.height()
        if top < room.top():
            top = max(room.top(), room.bottom() - self.height())
        left = max(room.left(), min(beside.right() - self.width(), room.right() - self.width()))
        self.move(left, top)

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        inside = self.isAncestorOf(QApplication.focusWidget() or self) or self.hasFocus()
        self.hide()
        before = self._before if self._before and shiboken6.isValid(self._before) else None
        if inside and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click anywhere else, another size of the window or leaving it closes the card, and so
        does another page in place of the one that it belongs to."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            if not self._holds(event.globalPosition().toPoint()):
                self.dismiss()
        elif (watched is self._over and kind in _LEAVE) or (
            watched is self._owner and kind == QEvent.Type.Hide
        ):
            self.dismiss()
        return False

    def _holds(self, at: QPoint) -> bool:
        return self.rect().contains(self.mapFromGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)
