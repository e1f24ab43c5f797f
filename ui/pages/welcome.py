"""The first page of a new library: what Deckhand does, and two ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.context import Context
from ui.icons import icon
from ui.pages.base import Page
from ui.sample import Step
from ui.widgets.basics import label
from ui.widgets.elided import Elided

PROMISE = (
    "Deckhand finds the right slide in your folders of sales collateral, and sends it.\n"
    "It sees by itself what gets used, what never does, and what people ask for in vain."
)
CARD = QSize(336, 168)


class Choice(QPushButton):
    """A card to be pressed: picture, title, and a line below."""

    def __init__(self, icon_name: str, title: str, text: str) -> None:
        super().__init__()
        self.setProperty("kind", "choice")
        self.setFixedSize(CARD)
        self.setAutoDefault(False)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._icon_name = icon_name
        self._picture = QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(6)
        column.addWidget(self._picture)
        column.addSpacing(6)
        column.addWidget(label(title, "title"))
        column.addWidget(label(text, "dim", wrap=True))
        column.addStretch()
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.draw()

    def draw(self) -> None:
        """Draw the picture in the present colours."""
        self._picture.setPixmap(icon(self._icon_name, "accent").pixmap(28, 28))


class WelcomePage(Page):
    """``wants_folder`` and ``wants_sample`` ask the window to begin."""

    key = "welcome"
    title = "Welcome"
    icon = "search"
    wants_folder = Signal()
    wants_sample = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.folder = Choice(
            "folder-plus",
            "Choose a folder…",
            "Your own decks, one-pagers and sheets. Nothing in the folder is changed or uploaded.",
        )
        self.sample = Choice(
            "compass",
            "Explore the sample library",
            "A fictitious company's collateral, with a year of made-up use to look around in.",
        )
        self.folder.clicked.connect(self.wants_folder)
        self.sample.clicked.connect(self._on_sample)
        self._build()
        context.theme.changed.connect(self._draw)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addStretch(2)
        self._mark = QLabel()
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(label("Welcome to Deckhand", "h1"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        promise = label(PROMISE, "dim")
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(promise, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(28)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addStretch()
        row.addWidget(self.folder)
        row.addWidget(self.sample)
        row.addStretch()
        column.addLayout(row)
        column.addSpacing(16)
        column.addWidget(self._foot(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._draw()

    def _foot(self) -> QFrame:
        """The hint about dropping; while the sample is built, its progress instead."""
        foot = QFrame()
        foot.setFixedWidth(2 * CARD.width() + 16)
        self._hint = Elided("Or drop a folder anywhere on this window")
        self._hint.setProperty("kind", "cap")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Building the sample library")
        keep = self._bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(keep)
        self._bar.hide()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._hint)
        column.addWidget(self._bar)
        return foot

    def _draw(self) -> None:
        self._mark.setPixmap(icon("library-big", "accent", 48).pixmap(48, 48))
        self.folder.draw()
        self.sample.draw()

    def _on_sample(self) -> None:
        self._set_busy(busy=True)
        self._hint.setText("Building the sample library")
        self._bar.setRange(0, 0)
        self.wants_sample.emit()

    def show_progress(self, step: Step) -> None:
        """Show how far the sample library is."""
        self._set_busy(busy=True)
        self._hint.setText(f"Building the sample library: {step.text}")
        self._bar.setRange(0, step.total)
        self._bar.setValue(step.done)

    def show_failure(self, sentence: str) -> None:
        """Say why there is no sample library; both ways are open again."""
        self._set_busy(busy=False)
        self._hint.setText(sentence)

    def _set_busy(self, *, busy: bool) -> None:
        self._bar.setVisible(busy)
        self.sample.setEnabled(not busy)

    def focus_first(self) -> None:
        """Put the focus on the first choice."""
        self.folder.setFocus(Qt.FocusReason.OtherFocusReason)
