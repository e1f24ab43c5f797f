"""Above the results: the field, the count, the chips of what it was taken to mean, the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.rows import SORT_LABELS, SORTS
from app.rows.listed import UNWANTED
from ui.pages.find.chips import HEIGHT, Chip, ChipRow
from ui.pages.find.field import SearchField
from ui.widgets.basics import label

if TYPE_CHECKING:
    from app.rows import FindResult, Part

_ROOM_BESIDE = 620
"""A header narrower than this has the chips in a line of their own."""
_LINE = 32
_DOWN = (_LINE - HEIGHT) // 2


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


class Header(QWidget):
    """Emits what the person wants; ``set_result`` shows what came of it."""

    typed = Signal()
    entered = Signal()
    sort_changed = Signal()
    filter_removed = Signal(object)
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
        self.chips = ChipRow(self)
        self.chips.removed.connect(self._on_removed)
        self.chips.picked.connect(self._on_picked)
        self._filter_chips: tuple[Chip, ...] = ()
        self._part_chips: tuple[Chip, ...] = ()
        self._read = ""
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
        line = self._line = QHBoxLayout()
        line.setContentsMargins(4, 2, 0, 0)
        line.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        for words in (self.count, self.took):
            words.setMinimumHeight(_LINE)
            line.addWidget(words, 0, top)
        line.addSpacing(8)
        line.addWidget(self.chips, 1, top)
        # Counts only while the chips are elsewhere: they have all the stretch.
        line.addStretch(0)
        line.addWidget(self.sort, 0, top)
        column.addLayout(line)
        self.chips.setContentsMargins(0, _DOWN, 0, 0)
        self._stacked = False
        second = self._second = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        second.setContentsMargins(4, 0, 0, 0)
        second.setSpacing(4)
        second.addWidget(self.note, 1)
        second.addWidget(self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)
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
        self._filter_chips = tuple(
            Chip((f, s), text, "not" if s.startswith(UNWANTED) else "filter",
                 f"Remove filter {text}")
            for f, s, text in chosen
        )  # fmt: skip
        self._show_chips()

    def set_result(self, result: FindResult) -> None:
        """Show the count, how the text was read, and what else might have been meant."""
        from ui.pages.find import understood

        self.count.setText(count_words(result))
        self.took.setText(took_words(result))
        self._part_chips = understood.chips(result)
        self._show_chips()
        self._read = result.spec.text
        if self._is_read():
            self.field.show_understood(
                understood.spans(result, self.field.text()), understood.problems(result)
            )
        note = result.relaxed or understood.sentence(result)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._suggested = result.suggestion if result.total else ""
        self.suggestion.setVisible(bool(self._suggested))
        self._place_suggestion()
        self.limited.setText(result.limited)
        self.limited.setVisible(bool(result.limited))

    def _is_read(self) -> bool:
        """Whether the chips speak of what the field says now, and not of what it said before."""
        return " ".join(self.field.text().split()) == self._read

    def _show_chips(self) -> None:
        wrong = [chip for chip in self._part_chips if chip.tone in ("error", "unknown")]
        read = [chip for chip in self._part_chips if chip not in wrong]
        self.chips.show_chips((*wrong, *self._filter_chips, *read))
        self._stack(stacked=self.width() < _ROOM_BESIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stack(stacked=event.size().width() < _ROOM_BESIDE)
        self._place_suggestion()

    def _stack(self, *, stacked: bool) -> None:
        """Put the chips into a line of their own where there is no room beside the count."""
        if stacked != self._stacked:
            self._stacked = stacked
            column = self.layout()
            assert isinstance(column, QVBoxLayout)
            (self._line if stacked else column).removeWidget(self.chips)
            self.chips.setContentsMargins(0, 0 if stacked else _DOWN, 0, 0)
            if stacked:
                column.insertWidget(2, self.chips)
            else:
                self._line.insertWidget(3, self.chips, 1, Qt.AlignmentFlag.AlignTop)
        # An empty row would leave its spacing behind.
        self.chips.setVisible(not stacked or bool(self._filter_chips or self._part_chips))

    def _place_suggestion(self) -> None:
        """The suggestion stands beside the note, or below it where that needs the room."""
        if not self._suggested:
            return
        room = self.width() - 2 * 16 - 24
        text = f"Did you mean “{self._suggested}”?"
        metrics = self.suggestion.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.suggestion.setText(shown.replace("&", "&&"))
        self.suggestion.setAccessibleName(text)
        beside = self.note.fontMetrics().horizontalAdvance(self.note.text())
        fits = beside + metrics.horizontalAdvance(text) < room
        way = QBoxLayout.Direction
        self._second.setDirection(way.LeftToRight if fits else way.TopToBottom)

    # ---- hands -------------------------------------------------------------------------------

    def _on_changed(self, _text: str) -> None:
        if not self._silent:
            self.typed.emit()

    def _on_removed(self, key: object) -> None:
        if isinstance(key, tuple):
            self.filter_removed.emit(key)
        elif self._is_read():
            part: Part = key  # type: ignore[assignment]
            self.field.type_anew(part.removable_text)

    def _on_picked(self, key: object) -> None:
        part: Part = key  # type: ignore[assignment]
        if self._is_read():
            self.field.pick(part.start, part.end)

    def _on_sorted(self, _index: int) -> None:
        self.sort_changed.emit()

    def _on_suggestion(self) -> None:
        self.suggestion_taken.emit(self._suggested)
