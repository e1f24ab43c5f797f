"""The two assets of a pair side by side: what is known of each, and a page of each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.rows import AssetDetail
from app.rows_copies import CopyPair, CopySide
from ui.decoding import Shape
from ui.models.words import PAGE_NOUNS, breakable
from ui.pages.copies import words
from ui.pages.find.canvas import PageCanvas
from ui.pages.find.paint import Ink
from ui.pictures import Pictures, Wanted
from ui.widgets.badge import Badge
from ui.widgets.basics import button, icon_button, label
from ui.widgets.elided import Elided

TALLEST = 300
_CARD_TEXT = 400


class Side(QWidget):
    """One asset of the pair; ``find_wanted`` and ``open_wanted`` carry its id."""

    find_wanted = Signal(object)
    open_wanted = Signal(object)

    def __init__(
        self, name: str, ink: Ink, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._side: CopySide | None = None
        self._detail: AssetDetail | None = None
        self._page, self._label = 1, ""
        self.title = label("", "title", wrap=True)
        self.badge = Badge()
        self.date = Elided()
        self.date.setProperty("kind", "dim")
        self.place = Elided("", Qt.TextElideMode.ElideMiddle)
        self.place.setProperty("kind", "cap")
        self.facts = label("", "cap", wrap=True)
        self.canvas = PageCanvas(ink, pictures, group=f"copies.{name}", tallest=TALLEST)
        self.nothing = label("", "dim", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._build()

    def _build(self) -> None:
        self.show_in_find = button("Show in Find", self._on_find, kind="mini")
        self.open_file = button("Open", self._on_open, kind="mini")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.badge)
        line.addWidget(self.date, 1)
        deeds = QHBoxLayout()
        deeds.setSpacing(14)
        for link in (self.show_in_find, self.open_file):
            # In a column of words these stand flush with the others.
            link.setStyleSheet("padding: 0;")
            deeds.addWidget(link)
        deeds.addStretch()
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        pane = QFrame()
        pane.setProperty("kind", "card")
        inside = QVBoxLayout(pane)
        inside.addWidget(self.nothing)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for part in (self.title, line, self.place, self.facts, deeds):
            if isinstance(part, QHBoxLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
        column.addStretch(1)
        column.addSpacing(4)
        column.addWidget(self._stack)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        # Both pictures keep one height, so that the pages stand level.
        self._stack.setFixedHeight(max(120, self.canvas.heightForWidth(max(60, self.width()))))

    def show_side(self, pair: CopyPair, side: CopySide) -> None:
        """Show what the pair knows; the picture follows with ``show_detail``."""
        self._side, self._detail = side, None
        self.title.setText(breakable(side.title))
        look = words.trust_look(side)
        self.badge.show_state(look.text, look.kind, look.icon)
        self.badge.setVisible(bool(look.text))
        when = words.modified(pair, side)
        self.date.setText(f"Modified {when}" if when else "")
        self.place.setText(side.path)
        self.facts.setText(words.side_facts(side))
        self.show_in_find.setAccessibleName(f"Show {side.title} in Find")
        self.open_file.setAccessibleName(f"Open {side.title}")
        self.open_file.setEnabled(not side.missing)
        self.canvas.clear()
        self.canvas.setAccessibleName(f"Picture of {side.title}")

    def show_detail(self, detail: AssetDetail) -> None:
        """Take the file and the texts of the pages."""
        self._detail = detail
        self.show_page(self._page, self._label)

    def show_page(self, number: int, page_label: str) -> None:
        """Show a page (1-based); 0 says that this asset has no such page."""
        self._page, self._label = number, page_label
        if self._side is None:
            return
        if not number:
            noun = PAGE_NOUNS.get(self._side.kind, "page")
            self.nothing.setText(f"There is no such {noun} here.")
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(0)
        if self._detail is not None:
            self.canvas.show_page(self._wanted, f"Picture of {page_label} of {self._side.title}")
            self._fit()

    def _wanted(self, shape: Shape) -> Wanted:
        assert self._side is not None
        assert self._detail is not None
        detail = self._detail
        page = next((one for one in detail.pages if one.number == self._page), None)
        text = ""
        if detail.kind != "pdf" and page is not None:
            text = f"{page.heading}\n{page.body}".strip()[:_CARD_TEXT]
        return Wanted(
            detail.sha, self._page, shape, path=detail.file_path, kind=detail.kind,
            title=detail.title, text=text, label=self._label,
        )  # fmt: skip

    def _on_find(self) -> None:
        if self._side is not None:
            self.find_wanted.emit(self._side.asset_id)

    def _on_open(self) -> None:
        if self._side is not None:
            self.open_wanted.emit(self._side.asset_id)


class Stepper(QWidget):
    """Back, where one is, forward. ``stepped`` carries -1 or 1."""

    stepped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = icon_button("chevron-left", "Difference before", self._go_back, size=16)
        self._on = icon_button("chevron-right", "Next difference", self._go_on, size=16)
        self.words = label("", "dim")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addStretch()
        line.addWidget(self._back)
        line.addWidget(self.words)
        line.addWidget(self._on)
        line.addStretch()

    def say(self, at: int, count: int) -> None:
        """Say which difference (0-based) of how many is shown."""
        self.words.setText(f"Difference {at + 1} of {count}")
        self._back.setEnabled(at > 0)
        self._on.setEnabled(at + 1 < count)
        self.setVisible(count > 1)

    def _go_back(self) -> None:
        self.stepped.emit(-1)

    def _go_on(self) -> None:
        self.stepped.emit(1)
