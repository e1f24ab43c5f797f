"""The search field: its keys, its colours, and what it offers to go on with."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from ui.icons import icon
from ui.pages.find.paint import may_run_left
from ui.pages.find.units import index, units
from ui.theme import theme

if TYPE_CHECKING:
    from ui.pages.find.understood import Span

LONGEST = 400
"""As much as the language reads; what was typed beyond would be left out unseen."""
HINT = "→ takes it   Alt+↓ shows more"
_BUTTONS = 96
"""The width at the right that the buttons may take."""


class SearchField(QLineEdit):
    """The field; Down goes to the results, Enter searches for exactly what is there.

    ``keys``, once set, hears each key first and says whether it has dealt with it. ``edited`` is
    emitted when the person has typed or moved the cursor, ``left`` when the focus has gone,
    ``pressed_empty`` on a click while there is no text. ``ghost`` stands in grey behind the text.
    """

    down = Signal()
    edited = Signal()
    left = Signal()
    pressed_empty = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setAccessibleName("Search the library")
        self.setMaxLength(LONGEST)
        self.addAction(icon("search", "text3", 18), QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText("Search the library")
        self.keys: Callable[[QKeyEvent], bool] | None = None
        self.composing = False
        self.ghost = ""
        self._spans: tuple[Span, ...] = ()
        self._before = ""
        self.textChanged.connect(self._keep_colours)

    def complete(self) -> None:
        """Add what the first paint need not wait for: the button that clears, and spoken names."""
        self.setClearButtonEnabled(True)
        theme().changed.connect(self._colour)
        self._name_buttons("Search")

    def add_button(self, icon_name: str, tip: str, clicked: Callable[[], object]) -> None:
        """Add a button at the right end; ``tip`` is also its spoken name."""
        action = self.addAction(
            icon(icon_name, "text3", 18), QLineEdit.ActionPosition.TrailingPosition
        )
        action.setToolTip(tip)
        action.triggered.connect(lambda *_: clicked())
        self._name_buttons(tip)

    def _name_buttons(self, name: str) -> None:
        """The buttons inside a line edit have no names of their own."""
        for child in self.children():
            if isinstance(child, QWidget) and not child.accessibleName():
                child.setAccessibleName(name)

    # ---- changing the text -------------------------------------------------------------------

    def type_anew(self, text: str) -> None:
        """Replace the whole text as if it had been typed: Ctrl+Z brings the former one back."""
        self.selectAll()
        self.insert(text)

    def pick(self, start: int, end: int) -> None:
        """Select a piece of the searched text, ready to be typed over."""
        from ui.pages.find.understood import places

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

    def _explain(self, event: QHelpEvent) -> None:
        """Say how the piece under the pointer was understood."""
        at = index(self.text(), self.cursorPositionAt(event.pos()))
        found = (span.said for span in self._spans if span.start <= at <= span.end)
        tip = html.escape(next(found, ""))
        QToolTip.showText(event.globalPos(), f"<span>{tip}</span>" if tip else "", self)

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
        if event.commitString():
            self.edited.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.text():
            self.pressed_empty.emit()

    # ---- what stands in grey -----------------------------------------------------------------

    def set_ghost(self, text: str) -> None:
        """Show in grey how the text could go on."""
        if text != self.ghost:
            self.ghost = text
            self.update()

    def shown_ghost(self) -> str:
        """What stands in grey, where it can be read as what comes next; else ""."""
        text = self.text()
        if not self.ghost or self.composing or not self.hasFocus() or self.hasSelectedText():
            return ""
        if self.cursorPosition() != units(text, len(text)) or may_run_left(text + self.ghost):
            return ""
        width = self.fontMetrics().horizontalAdvance(self.ghost)
        fits = self.cursorRect().right() + width < self.width() - _BUTTONS
        return self.ghost if fits else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        ghost = self.shown_ghost()
        if ghost:
            painter = QPainter(self)
            painter.setFont(self.font())
            painter.setPen(theme().color("text3"))
            top = (self.height() - self.fontMetrics().height()) // 2
            left = self.cursorRect().center().x() + 1
            painter.drawText(QPoint(left, top + self.fontMetrics().ascent()), ghost)
            self._paint_hint(painter, left + self.fontMetrics().horizontalAdvance(ghost))
            painter.end()

    def _paint_hint(self, painter: QPainter, left: int) -> None:
        """At the right, in small letters, the keys that help; only where there is ample room."""
        font = theme().font("caption")
        width = QFontMetrics(font).horizontalAdvance(HINT)
        right = self.width() - _BUTTONS
        if right - width > left + 24:
            painter.setFont(font)
            where = QRect(right - width, 0, width + 4, self.height())
            painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), HINT)

    # ---- keys --------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Tab does not come to keyPressEvent.
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if (event.matches(keys.Undo) and not self.isUndoAvailable()) or (
                event.matches(keys.Redo) and not self.isRedoAvailable()
            ):
                # A line edit takes these keys even when it has nothing to undo; the window may.
                event.ignore()
                return False
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
            before = (self.text(), self.cursorPosition())
            super().keyPressEvent(event)
            if before != (self.text(), self.cursorPosition()):
                self.edited.emit()
