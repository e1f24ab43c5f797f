"""Completion in the search field: what is offered, when the list opens, and what keys do then."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent

from ui.pages.find.units import index, units

if TYPE_CHECKING:
    from app.rows import Completion
    from ui.bridge import Bridge
    from ui.pages.find.field import SearchField
    from ui.pages.find.offers import OfferPopup
    from ui.pages.find.paint import Ink

KEY = "find.complete"
PAUSE_MS = 30
PAGE = 8
VALUES = ("term", "value", "owner", "folder")
"""What may stand after a colon: there the list opens by itself, for whoever types a field wants
one of its values. Elsewhere it would lie over the results at which one looks while typing."""
ENDS = tuple(':,"')
"""Behind one of these any value could follow, so none is guessed."""
_LEAST_GHOST = 2
_NOWHERE = -1
log = logging.getLogger("deckhand.ui")


class Completer(QObject):
    """Asks how the text could go on and lets the person take it. Lives on the UI thread.

    While one types, the likeliest way on stands in grey behind the cursor (Right takes it). The
    list opens after a colon, on Alt+Down, and on Down or a click in the empty field. Nothing in it
    is chosen until an arrow key chooses, so Enter searches for what is typed.
    ``search_wanted`` carries the FindSpec of a saved or recent search.
    """

    search_wanted = Signal(object)

    def __init__(self, field: SearchField, bridge: Bridge, ink: Ink, parent: QObject) -> None:
        super().__init__(parent)
        self._field = field
        self._bridge = bridge
        self._ink = ink
        self._asked = ("", 0)
        self._wanted = False
        self._if_none = False
        self.said = ""
        self._dismissed = -1
        self._full = ""
        self._spaced = -1
        self._offers: tuple[Completion, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        field.keys = self.keys
        field.edited.connect(self._on_edited)
        field.textChanged.connect(self._on_changed)
        field.left.connect(self.close)
        field.pressed_empty.connect(self.open)
        field.installEventFilter(self)

    @cached_property
    def popup(self) -> OfferPopup:
        """The list, made when it is first shown."""
        from ui.pages.find.offers import OfferPopup

        made = OfferPopup(self._field, self._ink)
        made.taken.connect(self.take)
        made.left_alone.connect(self.close)
        return made

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return "popup" in self.__dict__ and self.popup.isVisible()

    # ---- asking ------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the list for what is typed, because the person asks for it."""
        self._wanted, self._dismissed = True, -1
        self._ask()

    def _on_edited(self) -> None:
        if self.is_open or self._field.text() != self._asked[0]:
            self._pause.start()

    def _on_changed(self, text: str) -> None:
        """What stands in grey goes on as long as it is what is being typed."""
        grows = text and self._full.lower().startswith(text.lower())
        self._field.set_ghost(self._full[len(text) :] if grows else "")
        if not grows:
            self._full = ""
        if self.is_open:
            # What was chosen was chosen for another text: Enter must not take it now.
            self.popup.choose(-1)
            self._pause.start()

    def _ask(self) -> None:
        self._pause.stop()
        text = self._field.text()
        cursor = index(text, self._field.cursorPosition())
        self._asked = asked = (text, cursor)
        self._bridge.read(
            self, lambda library: library.complete(*asked), self._on_offers, self._on_failed,
            key=KEY,
        )  # fmt: skip

    def _on_failed(self, error: Exception) -> None:
        # The search itself says what is wrong; a toast for each letter would only be in the way.
        log.info("No completion: %s", error)
        self.close()

    def _on_offers(self, offers: tuple[Completion, ...]) -> None:
        if not self._is_current() or not self._field.hasFocus():
            return
        text, cursor = self._asked
        typed = [o for o in offers if text[o.start : o.end] == o.insert and o.spec is None]
        self._offers = () if len(typed) == len(offers) else offers
        self._show_ghost(text, cursor)
        values = bool(offers) and offers[0].kind in VALUES
        by_itself = values and offers[0].start != self._dismissed
        if self._offers and (self._wanted or by_itself):
            self._show()
            return
        self.close()
        if self._if_none and not offers:
            self._field.down.emit()
        self._if_none = False

    def _is_current(self) -> bool:
        """Whether the field says what was asked about."""
        text = self._field.text()
        return self._asked == (text, index(text, self._field.cursorPosition()))

    def _show(self) -> None:
        was_open = self.is_open
        self.popup.show_offers(self._offers)
        self._if_none = False
        if not was_open:
            count = len(self.popup.offers())
            self._say(f"{count} suggestions" if count > 1 else "1 suggestion")

    def close(self) -> None:
        """Take the list away."""
        self._wanted = False
        self._pause.stop()
        if self.is_open:
            self.popup.hide()

    def _leave(self) -> None:
        """Close, and let an answer that is still on its way open nothing over the results."""
        self.close()
        self._asked = (self._field.text(), _NOWHERE)

    # ---- what stands in grey -----------------------------------------------------------------

    def _show_ghost(self, text: str, cursor: int) -> None:
        self._full = ""
        if cursor == len(text) and text[-1:] not in ENDS:
            for offer in self._offers:
                typed = text[offer.start : offer.end]
                if len(typed) >= _LEAST_GHOST and offer.insert.lower().startswith(typed.lower()):
                    self._full = text[: offer.start] + typed + offer.insert[len(typed) :]
                    break
        self._field.set_ghost(self._full[len(text) :])

    # ---- keys --------------------------------------------------------------------------------

    def keys(self, event: QKeyEvent) -> bool:
        """Deal with a key of the field, or leave it to the field."""
        key, modifiers = event.key(), event.modifiers()
        if (key == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier) or (
            key == Qt.Key.Key_Space and modifiers == Qt.KeyboardModifier.ControlModifier
        ):
            self.open()
            return True
        if self.is_open:
            return self._keys_of_list(event)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._leave()
            return False
        if key == Qt.Key.Key_Down and not modifiers and not self._field.text():
            self._if_none = True
            self.open()
            return True
        if key in (Qt.Key.Key_Right, Qt.Key.Key_End) and not modifiers:
            ghost = self._field.shown_ghost()
            self._field.insert(ghost)
            self._on_edited()
            return bool(ghost)
        if event.text() == "," and self._field.cursorPosition() == self._spaced:
            self._field.backspace()
        return False

    def _keys_of_list(self, event: QKeyEvent) -> bool:
        key, popup = event.key(), self.popup
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: PAGE,
            Qt.Key.Key_PageUp: -PAGE,
        }  # fmt: skip
        if key in steps:
            popup.step(steps[Qt.Key(key)])
            self._say_chosen()
            return True
        if key == Qt.Key.Key_Escape:
            self._dismissed = self._offers[0].start if self._offers else -1
            self.close()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chosen = popup.chosen()
            if chosen is None:
                self._leave()
                return False
            self.take(chosen)
            return True
        if key == Qt.Key.Key_Tab and not event.modifiers():
            self.take(popup.chosen() or popup.offers()[0])
            return True
        return False

    def take(self, offer: Completion) -> None:
        """Go on with what was offered."""
        if not self._is_current():
            return
        self.close()
        if offer.spec is not None:
            self.search_wanted.emit(offer.spec)
            return
        field, (text, _) = self._field, self._asked
        goes_on = offer.kind == "field"
        space = "" if goes_on or text[offer.end :].strip() else " "
        start = units(text, offer.start)
        field.setSelection(start, units(text, offer.end) - start)
        field.insert(offer.insert + space)
        self._spaced = field.cursorPosition() if space and offer.kind in VALUES else -1
        self._dismissed = -1
        if goes_on:
            self._ask()

    # ---- the world around --------------------------------------------------------------------

    def eventFilter(self, _field: QObject, event: QEvent) -> bool:
        if self.is_open and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.popup.place()
        return False

    def _say_chosen(self) -> None:
        place = self.popup.place_of_chosen()
        offers = self.popup.offers()
        if place < 0:
            self._say(self._field.text() or "Nothing chosen")
            return
        offer = offers[place]
        told = [offer.label, offer.detail, f"{place + 1} of {len(offers)}"]
        self._say(", ".join(filter(None, told)))

    def _say(self, words: str) -> None:
        """Have a screen reader say something; the focus, which it follows, stays in the field."""
        self.said = words
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._field, words))
