"""A pane that lies over the window under the search field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QWidget

_GAP = 4
_EDGE = 12


class Overlay(QFrame):
    """Hidden at first. Not a window of its own: such a one flickers, and takes keys on some
    systems. ``field`` is what it lies under. ``left_alone``: a button of the mouse was pressed
    neither here nor in the field.
    """

    left_alone = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self.setObjectName("popup")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 60))
        self.setGraphicsEffect(shadow)
        # The window outlives the page when another library is opened in it.
        field.destroyed.connect(self.deleteLater)
        self.hide()

    def over(self) -> QWidget:
        """The window, over which this lies; the field may have come into another one."""
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        return window

    def room(self) -> int:
        """How high it may be."""
        return self.over().height() - self._top() - _EDGE

    def _top(self) -> int:
        return self._field.mapTo(self.over(), QPoint(0, self._field.height() + _GAP)).y()

    def place_at(self, width: int, height: int, *, right: bool = False) -> None:
        """Lie under the field, at its left or at its right edge, inside the window."""
        over = self.over()
        left = self._field.mapTo(over, QPoint(0, 0)).x()
        if right:
            left += self._field.width() - width
        left = max(_GAP, min(left, over.width() - width - _GAP))
        self.setGeometry(left, self._top(), width, height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.Hide:
            self.hide()
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            near = (self, self._field)
            if not any(one is watched or one.isAncestorOf(watched) for one in near):
                self.left_alone.emit()
        return False
