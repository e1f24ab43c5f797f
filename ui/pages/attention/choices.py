"""A row of toggles of which one is chosen: the window of days, the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QToolTip,
    QWidget,
)

if TYPE_CHECKING:
    from ui.theme import Theme

HEIGHT = 28
SMALL_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """One toggle: ``key`` is what it stands for, ``help`` explains it."""

    key: str
    label: str
    help: str = ""


class Toggle(QAbstractButton):
    """A painted pill; the chosen one is filled and bordered, its words are set bolder."""

    def __init__(
        self,
        theme: Theme,
        choice: Choice,
        parent: QWidget | None = None,
        *,
        small: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height, self._fonts = (
            (SMALL_HEIGHT, ("small", "small")) if small else (HEIGHT, ("label", "strong"))
        )
        self.choice = choice
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(choice)
        theme.changed.connect(self.update)

    def say(self, choice: Choice) -> None:
        """Change the words."""
        self.choice = choice
        self.setText(choice.label)
        self.setAccessibleName(choice.label)
        self.setAccessibleDescription(choice.help)
        self.setToolTip(choice.help)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as the words when they are bold."""
        metrics = QFontMetrics(self._theme.font(self._fonts[1]))
        pad = 24 if self._height == HEIGHT else 16
        return QSize(metrics.horizontalAdvance(self.text()) + pad, self._height)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Explain to the keyboard what the pointer is told by hovering."""
        super().focusInEvent(event)
        tabbed = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if self.choice.help and tabbed:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self._height)), self.choice.help, self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        fill = "selected" if on else "hover" if self.underMouse() else "surface"
        ring = self.hasFocus()
        edge = "focus" if ring else "accent" if on else "border_strong"
        width = 2.0 if ring else 1.0
        inset = width / 2
        painter.setBrush(self._theme.color(fill))
        painter.setPen(QPen(self._theme.color(edge), width))
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(self._theme.font(self._fonts[on]))
        painter.setPen(self._theme.color("accent" if on else "text2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class FlowLayout(QLayout):
    """Lays items out in rows, left to right, as words in a paragraph."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item over."""
        self._items.append(item)

    def count(self) -> int:
        """The number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at an index, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows at that width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """One row of everything."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest item."""
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in shown), default=0),
            max((size.height() for size in shown), default=0),
        )

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, row = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, row = rect.x(), y + row + self._gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            row = max(row, size.height())
        return y + row - rect.y()


class ChoiceRow(QWidget):
    """An exclusive row of toggles. ``chosen`` carries the key that a person chose."""

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        name: str,
        choices: Sequence[Choice] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self._layout = FlowLayout(self)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._on_clicked)
        self._toggles: dict[str, Toggle] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_choices(choices)

    @property
    def key(self) -> str:
        """The key chosen now, or ""."""
        button = self._group.checkedButton()
        return button.choice.key if isinstance(button, Toggle) else ""

    def toggle(self, key: str) -> Toggle | None:
        """The toggle of a key."""
        return self._toggles.get(key)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show these toggles in this order; those that stay keep the keyboard and their state."""
        wanted = {choice.key for choice in choices}
        for key, toggle in self._toggles.items():
            toggle.setVisible(key in wanted)
        for choice in choices:
            if choice.key in self._toggles:
                self._toggles[choice.key].say(choice)
                continue
            toggle = Toggle(self._theme, choice, self)
            self._toggles[choice.key] = toggle
            self._group.addButton(toggle)
            self._layout.addWidget(toggle)
        self._layout.invalidate()
        self.updateGeometry()

    def choose(self, key: str) -> None:
        """Choose without telling anyone; an unknown key chooses nothing."""
        toggle = self._toggles.get(key)
        if toggle is not None:
            toggle.setChecked(True)
            self._give_tab_to(toggle)

    def _give_tab_to(self, chosen: QAbstractButton) -> None:
        """Tab enters a row at its chosen toggle; arrows go on from there."""
        for toggle in self._toggles.values():
            on = toggle is chosen
            toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, Toggle):
            self._give_tab_to(button)
            self.chosen.emit(button.choice.key)
