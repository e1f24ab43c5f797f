"""A layout that sets small widgets in lines, and a row of chips that uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from ui.icons import icon


class FlowLayout(QLayout):
    """Puts items side by side and begins a new line when there is no room."""

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 6, centred: bool = False
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._centred = centred
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self.spacing() for size in shown)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Set the items into ``rect``; returns the height that they take."""
        y = rect.y()
        for line in self._broken(rect.width()):
            height = max(size.height() for _, size in line)
            used = sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)
            x = rect.x() + ((rect.width() - used) // 2 if self._centred else 0)
            for item, size in line:
                if move:
                    top = y + (height - size.height()) // 2
                    item.setGeometry(QRect(QPoint(x, top), size))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _broken(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The items that are shown, line by line, with their sizes."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = -1
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            size = hint.boundedTo(QSize(max(1, width), hint.height()))
            if size.width() > left:
                lines.append([])
                left = width
            lines[-1].append((item, size))
            left -= size.width() + self.spacing()
        return lines


class Chip(NamedTuple):
    """One removable chip: ``key`` comes back when it is removed."""

    key: tuple[str, str]
    label: str
    spoken: str


class Chips(QWidget):
    """Removable chips; buttons are kept and used again, so typing builds no widgets.

    ``removed`` carries the key of the chip.
    """

    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._buttons: list[QPushButton] = []
        self._chips: tuple[Chip, ...] = ()
        self._tail: QWidget | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_tail(self, widget: QWidget) -> None:
        """Keep a widget behind the last chip."""
        self._tail = widget
        self._flow.addWidget(widget)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show exactly these chips."""
        self._chips = tuple(chips)
        # Else each chip that comes or goes has the whole pane laid out anew.
        self._flow.setEnabled(False)
        while len(self._buttons) < len(self._chips):
            self._add_button()
        for place, button in enumerate(self._buttons):
            if place < len(self._chips):
                chip = self._chips[place]
                # A "&" in a label would become a shortcut.
                button.setText(chip.label.replace("&", "&&"))
                button.setAccessibleName(chip.spoken)
            button.setVisible(place < len(self._chips))
        self._flow.setEnabled(True)
        self._flow.invalidate()
        self.updateGeometry()

    def _add_button(self) -> None:
        button = QPushButton(self)
        button.setProperty("kind", "chip")
        button.setIcon(icon("x", "info", 12))
        button.setIconSize(QSize(12, 12))
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self._on_clicked)
        if self._tail is not None:
            self._flow.removeWidget(self._tail)
        self._flow.addWidget(button)
        if self._tail is not None:
            self._flow.addWidget(self._tail)
        self._buttons.append(button)

    def _on_clicked(self) -> None:
        button = self.sender()
        place = next((i for i, b in enumerate(self._buttons) if b is button), -1)
        if 0 <= place < len(self._chips):
            self.removed.emit(self._chips[place].key)
