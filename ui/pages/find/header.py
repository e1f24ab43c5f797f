"""Above the results: the field, what it was taken to mean, the count, the chips and the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.rows import SORT_LABELS, SORTS
from ui.icons import icon
from ui.pages.find.flow import Chip, Chips
from ui.widgets.basics import label

if TYPE_CHECKING:
    from app.rows import FindResult

_LONGEST = 500


def count_words(result: FindResult) -> str:
    """How many were found: "128 results", "at least 1,000 results", "No results"."""
    if result.total == 0:
        return "No results"
    noun = "result" if result.total == 1 else "results"
    least = "" if result.exact else "at least "
    return f"{least}{result.total:,} {noun}"


def took_words(result: FindResult) -> str:
    """How long it took, in whole milliseconds."""
    return f"in {max(1, round(result.took_ms)):,} ms"


def understood_words(result: FindResult) -> str:
    """How the text was read, when that is more than its words one after the other."""
    typed = set(result.spec.text.casefold().split())
    meant = set(result.understood.casefold().replace(",", " ").split())
    return "" if meant - {"and"} <= typed else result.understood


class SearchField(QLineEdit):
    """The field; Down goes to the results, Enter searches for exactly what is there."""

    down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setAccessibleName("Search the library")
        self.setMaxLength(_LONGEST)
        self.addAction(icon("search", "text3", 18), QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText("Search the library")

    def complete(self) -> None:
        """Add what the first paint need not wait for: the button that clears, and spoken names."""
        self.setClearButtonEnabled(True)
        for child in self.children():
            # The buttons inside a line edit have no names of their own.
            if isinstance(child, QWidget) and not child.accessibleName():
                child.setAccessibleName("Search")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class Header(QWidget):
    """Emits what the person wants; ``set_result`` shows what came of it."""

    typed = Signal()
    entered = Signal()
    sort_changed = Signal()
    chip_removed = Signal(object)
    suggestion_taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(self)
        self.field.textChanged.connect(self._on_changed)
        self.field.returnPressed.connect(self.entered)
        self.count = label(parent=self)
        self.count.setProperty("kind", "strong")
        font = self.count.font()
        font.setWeight(font.Weight.DemiBold)
        self.count.setFont(font)
        self.took = label("", "cap", parent=self)
        self.chips = Chips(self)
        self.chips.removed.connect(self.chip_removed)
        self.sort = QComboBox(self)
        self.sort.setAccessibleName("Sort by")
        for key in SORTS:
            self.sort.addItem(SORT_LABELS[key], key)
        self.sort.activated.connect(self._on_sorted)
        self.note = label("", "cap", wrap=True, parent=self)
        self.suggestion = QPushButton(self)
        self.suggestion.setProperty("kind", "ghost")
        self.suggestion.clicked.connect(self._on_suggestion)
        self.limited = label("", "dim", wrap=True, parent=self)
        self.limited.setObjectName("limited")
        self._suggested = ""
        self._silent = False
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 6)
        column.setSpacing(8)
        column.addWidget(self.field)
        line = QHBoxLayout()
        line.setContentsMargins(4, 2, 0, 0)
        line.setSpacing(8)
        top = Qt.AlignmentFlag.AlignVCenter
        line.addWidget(self.count, 0, top)
        line.addWidget(self.took, 0, top)
        line.addSpacing(8)
        line.addWidget(self.chips, 1, top)
        line.addWidget(self.sort, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        second = QHBoxLayout()
        second.setContentsMargins(4, 0, 0, 0)
        second.setSpacing(4)
        second.addWidget(self.note, 1)
        second.addWidget(self.suggestion, 0)
        column.addLayout(second)
        column.addWidget(self.limited)
        for widget in (self.note, self.suggestion, self.limited):
            widget.hide()

    def complete(self) -> None:
        """The window has been painted: add what the first paint need not wait for."""
        self.field.complete()
        self.sort.view().setAccessibleName("Sort by")

    # ---- reading and showing -----------------------------------------------------------------

    def text(self) -> str:
        """What is typed."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put a text into the field without asking."""
        self._silent = True
        self.field.setText(text)
        self._silent = False

    def sort_key(self) -> str:
        """The order wanted: a key of SORTS."""
        return str(self.sort.currentData())

    def set_sort(self, key: str) -> None:
        """Choose an order without asking."""
        self.sort.setCurrentIndex(max(0, self.sort.findData(key)))

    def set_library_size(self, assets: int) -> None:
        """Say in the empty field how much there is to search."""
        noun = "asset" if assets == 1 else "assets"
        self.field.setPlaceholderText(f"Search {assets:,} {noun}")

    def set_filters(self, chosen: tuple[tuple[str, str, str], ...]) -> None:
        """Show the chosen filters as chips; each is (facet, slug, label)."""
        self.chips.show_chips(
            [Chip((f, s), text, f"Remove filter {text}") for f, s, text in chosen]
        )

    def set_result(self, result: FindResult) -> None:
        """Show the count, how the text was read, and what else might have been meant."""
        self.count.setText(count_words(result))
        self.took.setText(took_words(result))
        understood = understood_words(result)
        note = result.relaxed or (f"Searched for {understood}" if understood else "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._suggested = result.suggestion if result.total else ""
        self.suggestion.setText(f"Did you mean “{result.suggestion}”?".replace("&", "&&"))
        self.suggestion.setVisible(bool(self._suggested))
        self.limited.setText(result.limited)
        self.limited.setVisible(bool(result.limited))

    # ---- hands -------------------------------------------------------------------------------

    def _on_changed(self, _text: str) -> None:
        if not self._silent:
            self.typed.emit()

    def _on_sorted(self, _index: int) -> None:
        self.sort_changed.emit()

    def _on_suggestion(self) -> None:
        self.suggestion_taken.emit(self._suggested)
