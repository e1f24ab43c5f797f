"""One notice at a time at the foot of the window; it goes by itself, or waits while looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from ui.icons import icon
from ui.notify import Notice
from ui.widgets.basics import icon_button, label

INFO_MS = 6_000
PROBLEM_MS = 12_000
FOOT = 44
MOST_WIDTH = 620


class Toast(QFrame):
    """Lies over ``parent``, centred above its foot. Esc or the cross dismisses it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("toast")
        self.setProperty("kind", "toast")
        self._deed: Callable[[], None] | None = None
        self._kind = "info"
        self._picture = QLabel()
        self._text = label("", wrap=True)
        self._action = QPushButton()
        self._action.setProperty("kind", "toast")
        self._action.clicked.connect(self._act)
        self._close = icon_button("x", "Dismiss this message", self.dismiss, size=14)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        parent.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self._kind = notice.kind
        name, token = ("triangle-alert", "inverse_warn")
        if notice.kind == "info":
            name, token = ("circle-check", "inverse_ok")
        self._picture.setPixmap(icon(name, token).pixmap(18, 18))
        self._close.setIcon(icon("x", "inverse_text", 14))
        self._text.setText(notice.text)
        self._deed = notice.action[1] if notice.action else None
        self._action.setVisible(notice.action is not None)
        if notice.action:
            self._action.setText(notice.action[0])
            self._action.setAccessibleName(f"{notice.action[0]}: {notice.text}")
        self.setAccessibleName(notice.text)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._timer.start(INFO_MS if notice.kind == "info" else PROBLEM_MS)

    def text(self) -> str:
        """The sentence shown, or "" when nothing is shown."""
        return self._text.text() if self.isVisible() else ""

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self.hide()

    def _expire(self) -> None:
        """Go, unless somebody is looking: then ask again later."""
        if self.underMouse() or self._action.hasFocus() or self._close.hasFocus():
            self._timer.start(INFO_MS)
        else:
            self.dismiss()

    def _act(self) -> None:
        deed = self._deed
        self.dismiss()
        if deed is not None:
            deed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self._over
        most = max(240, min(MOST_WIDTH, parent.width() - 32))
        self.setFixedWidth(min(most, self._wanted()))
        self.setFixedHeight(max(44, self._row.totalHeightForWidth(self.width())))
        left = (parent.width() - self.width()) // 2
        self.move(QPoint(left, parent.height() - self.height() - FOOT))

    def _wanted(self) -> int:
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        action = self._action.sizeHint().width() + 10 if self._deed else 0
        return words + action + 18 + 28 + 22 + 30

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)
