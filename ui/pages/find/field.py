"""The search field: its keys, its colours, and what it offers to go on with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.icons import icon
from ui.theme import theme

if TYPE_CHECKING:
    from ui.pages.find.understood import Span

LONGEST = 500


class SearchField(QLineEdit):
    """The field; Down goes to the results, Enter searches for exactly what is there.

    ``keys``, once set, hears each key first and says whether it has dealt with it.
    """

    down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setAccessibleName("Search the library")
        self.setMaxLength(LONGEST)
        self.addAction(icon("search", "text3", 18), QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText("Search the library")
        self.keys: Callable[[QKeyEvent], bool] | None = None
        self.composing = False
        self._spans: tuple[Span, ...] = ()
        self._before = ""
        self.textChanged.connect(self._keep_colours)

    def complete(self) -> None:
        """Add what the first paint need not wait for: the button that clears, and spoken names."""
        self.setClearButtonEnabled(True)
        theme().changed.connect(self._colour)
        for child in self.children():
            # The buttons inside a line edit have no names of their own.
            if isinstance(child, QWidget) and not child.accessibleName():
                child.setAccessibleName("Search")

    # ---- changing the text -------------------------------------------------------------------

    def type_anew(self, text: str) -> None:
        """Replace the whole text as if it had been typed: Ctrl+Z brings the former one back."""
        self.selectAll()
        self.insert(text)

    def pick(self, start: int, end: int) -> None:
        """Select a piece of the searched text, ready to be typed over."""
        from ui.pages.find.understood import places
        from ui.pages.find.units import units

        text = self.text()
        place = places(text)
        if end < len(place):
            first = units(text, place[start])
            last = units(text, place[end - 1] + 1)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setSelection(first, last - first)

    # ---- colours -----------------------------------------------------------------------------

    @property
    def spans(self) -> tuple[Span, ...]:
        """The pieces that are coloured now."""
        return self._spans

    def show_understood(self, spans: Sequence[Span], problems: Sequence[str]) -> None:
        """Colour pieces of the text, and tell a screen reader what was not understood."""
        self.setAccessibleDescription(" ".join(problems))
        self._spans = tuple(spans)
        self._colour()

    def _colour(self) -> None:
        if not self.composing:
            from ui.pages.find.colouring import colour

            colour(self, self._spans)

    def _keep_colours(self, text: str) -> None:
        """Until the next answer, what was typed before keeps its colours where it stands now."""
        before, self._before = self._before, text
        if self._spans:
            from ui.pages.find.understood import shifted

            self._spans = shifted(self._spans, before, text)
            self._colour()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        composed = bool(event.preeditString())
        super().inputMethodEvent(event)
        if self.composing and not composed:
            self.composing = False
            self._colour()
        self.composing = composed

    # ---- keys --------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Tab does not come to keyPressEvent.
        tab = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab  # type: ignore[attr-defined]
        if tab and self.keys is not None and self.keys(event):  # type: ignore[arg-type]
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.keys is not None and self.keys(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.type_anew("")
        else:
            super().keyPressEvent(event)
