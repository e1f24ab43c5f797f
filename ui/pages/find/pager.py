"""The line under the large page: from page to page, and from hit to hit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ui.icons import icon
from ui.models.words import plural


def next_hit(found: tuple[int, ...], page: int, by: int) -> int:
    """The page of the hit after (1) or before (-1) a page, going round at the ends; 0 for none."""
    if not found:
        return 0
    at = bisect_right(found, page) if by > 0 else bisect_left(found, page) - 1
    return found[at % len(found)]


def hit_words(found: tuple[int, ...], page: int) -> str:
    """Which hit a page is: "hit 2 of 5"; between hits how many there are: "5 hits"."""
    if page in found:
        return f"hit {found.index(page) + 1} of {len(found)}"
    return plural(len(found), "hit")


class Pager(QWidget):
    """``stepped`` and ``walked`` carry -1 or 1 for the page or the hit before or after."""

    stepped = Signal(object)
    walked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.back = self._tool("chevron-left", "Page before", lambda: self.stepped.emit(-1))
        self.place = _words()
        self.forward = self._tool("chevron-right", "Next page", lambda: self.stepped.emit(1))
        self.hits = _words()
        self.hit_back = self._tool("chevron-up", "Hit before", lambda: self.walked.emit(-1))
        self.hit_on = self._tool("chevron-down", "Next hit", lambda: self.walked.emit(1))
        for widget in (self.back, self.place, self.forward):
            line.addWidget(widget)
        line.addStretch()
        for widget in (self.hits, self.hit_back, self.hit_on):
            line.addWidget(widget)

    def _tool(self, name: str, spoken: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "text2", 16))
        button.setIconSize(QSize(16, 16))
        button.setAccessibleName(spoken)
        button.setToolTip(spoken)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda *_: pressed())
        return button

    def show_place(self, label: str, page: int, count: int, found: tuple[int, ...]) -> None:
        """Say which page of how many is shown, and which hit of how many it is."""
        known = label.rsplit(" ", 1)[-1] == str(page)
        self.place.setText(f"{label} of {count}" if known else f"{label} ({page} of {count})")
        self.back.setEnabled(page > 1)
        self.forward.setEnabled(page < count)
        self.hits.setText(hit_words(found, page))
        # To be told that the one hit is before one's eyes helps nobody.
        elsewhere = any(number != page for number in found)
        for widget in (self.hits, self.hit_back, self.hit_on):
            widget.setVisible(elsewhere)
        self.setVisible(count > 1)


def _words() -> QLabel:
    made = QLabel()
    made.setProperty("kind", "dim")
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made
