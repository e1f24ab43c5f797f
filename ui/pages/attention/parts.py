"""Small parts of the attention page: labels, skeletons, panes for empty and failed states."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import icon

if TYPE_CHECKING:
    from ui.theme import Theme


def label(text: str = "", kind: str = "", *, wrap: bool = False) -> QLabel:
    """A label whose words are never read as markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if kind:
        made.setProperty("kind", kind)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def button(
    text: str, on_click: Callable[[], object], kind: str = "", name: str = ""
) -> QPushButton:
    """A push button; ``name`` is heard where the words alone would not say enough."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if name:
        made.setAccessibleName(name)
    made.clicked.connect(on_click)
    return made


class Skeleton(QWidget):
    """Grey bars in the shape of rows, shown while the first numbers are being counted."""

    def __init__(self, theme: Theme, row: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = row
        self.setAccessibleName("Counting")
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A few rows."""
        return QSize(240, self._row * 3)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars, each row a little different."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("neutral_bg"))
        for number in range(max(1, self.height() // self._row)):
            top = number * self._row + self._row / 2 - 6
            first = self.width() * (0.42 - 0.06 * (number % 3))
            painter.drawRoundedRect(QRectF(8, top, first, 12), 4, 4)
            second = self.width() * 0.14
            painter.drawRoundedRect(QRectF(self.width() * 0.58, top, second, 12), 4, 4)
            painter.drawRoundedRect(QRectF(self.width() * 0.82, top, second * 0.8, 12), 4, 4)
        painter.end()


class Notice(QWidget):
    """A picture, a heading, a sentence and perhaps a button, in the middle of a pane."""

    def __init__(
        self,
        picture: str,
        heading: str,
        text: str,
        action: tuple[str, Callable[[], object]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._heading = label("", "title", wrap=True)
        self._text = label("", "dim", wrap=True)
        self._text.setMaximumWidth(440)
        # An alignment would keep the label at its one-line height; stretches let it wrap.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._text, 100)
        middle.addStretch(1)
        for words in (self._heading, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = button("", self._on_clicked)
        self._action: Callable[[], object] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addWidget(self._heading)
        layout.addLayout(middle)
        layout.addSpacing(4)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.say(picture, heading, text, action)

    def say(
        self,
        picture: str,
        heading: str,
        text: str,
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Change everything that it says."""
        self._picture.setPixmap(icon(picture, "text3", 32).pixmap(QSize(32, 32)))
        self._heading.setText(heading)
        self._text.setText(text)
        self.setAccessibleName(f"{heading}. {text}")
        self._action = action[1] if action else None
        self.button.setText(action[0] if action else "")
        self.button.setVisible(action is not None)

    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def heading(self) -> str:
        """The heading."""
        return self._heading.text()

    def _on_clicked(self) -> None:
        if self._action is not None:
            self._action()
