"""The line at the foot of the window: how the library stands, and what is being read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from ui.indexing import Progress
from ui.widgets.basics import button
from ui.widgets.elided import Elided
from ui.words import count

if TYPE_CHECKING:
    from app.rows import LibraryStatus

HEIGHT = 26
WORKING = ("scanning", "indexing", "rebuilding", "paused")


def sentence(progress: Progress, status: LibraryStatus | None) -> str:
    """The words of the status line."""
    if progress.state == "paused":
        return f"Paused at {progress.done:,} of {progress.total:,}"
    slower = f" · Slower: {progress.slower}" if progress.slower else ""
    if progress.state == "indexing" and progress.total:
        return f"Indexing {progress.done:,} of {progress.total:,}{slower}"
    if progress.state == "rebuilding":
        return f"Rebuilding the search index, {progress.done:,} of {progress.total:,}"
    if progress.state in ("scanning", "indexing"):
        return f"Looking through your folders{slower}"
    if progress.state == "held":
        return "A backup is being put back"
    if status is None:
        return "Opening the library"
    if progress.state == "busy":
        return "Another program is indexing this library"
    if progress.state == "restarting":
        return "Indexing starts again in a moment"
    if not status.roots and not status.assets:
        return "No folders yet"
    parts = ["Library up to date" if status.index_current else "Search index is being completed"]
    parts.append(count(status.assets, "asset"))
    if status.problems:
        parts.append(count(status.problems, "problem"))
    return " · ".join(parts)


class StatusLine(QWidget):
    """Signals say what the person wants of the run: ``cancel``, ``pause``, ``resume``."""

    cancel = Signal()
    pause = Signal()
    resume = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._status: LibraryStatus | None = None
        self._progress = Progress()
        self._words = Elided(parent=self)
        self._words.setProperty("kind", "status")
        self._current = Elided(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self._current.setProperty("kind", "statuscap")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName("Indexing progress")
        self._pause = self._small("Pause", self._on_pause)
        self._cancel = self._small("Cancel", self.cancel.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 1, 10, 0)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self._bar)
        row.addWidget(self._pause)
        row.addWidget(self._cancel)
        row.addWidget(self._current, 1)
        self._words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._draw()

    def _small(self, text: str, clicked: Callable[[], object]) -> QPushButton:
        made = button(text, clicked, kind="mini", parent=self)
        made.setAccessibleName(f"{text} indexing")
        return made

    def text(self) -> str:
        """The words now shown."""
        return self._words.text()

    def show_status(self, status: LibraryStatus) -> None:
        """Show how the library stands."""
        self._status = status
        self._draw()

    def forget(self) -> None:
        """Another library is being opened: nothing is known."""
        self._status, self._progress = None, Progress()
        self._draw()

    def show_progress(self, progress: Progress) -> None:
        """Show what the indexing child does."""
        self._progress = progress
        self._draw()

    def _draw(self) -> None:
        now = self._progress
        working = now.state in WORKING
        words = sentence(now, self._status)
        if words != self._words.text():
            self._words.setText(words)
            self._words.setFixedWidth(self._words.fontMetrics().horizontalAdvance(words) + 8)
        self._bar.setVisible(working)
        # A range of 0..0 shows that something goes on whose end is not known.
        self._bar.setRange(0, now.total)
        self._bar.setValue(min(now.done, now.total))
        self._pause.setVisible(working)
        self._cancel.setVisible(working)
        paused = now.state == "paused"
        self._pause.setText("Resume" if paused else "Pause")
        self._pause.setAccessibleName("Resume indexing" if paused else "Pause indexing")
        self._current.setText(now.current if working else "")

    def _on_pause(self) -> None:
        if self._progress.state == "paused":
            self.resume.emit()
        else:
            self.pause.emit()
