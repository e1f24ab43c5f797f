"""Building the other pages ahead, in small pieces while nothing else goes on.

A page that is built when it is asked for lets the window stand still for a twentieth of a second:
some hundred widgets are made, dressed by the style sheet and laid out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

import shiboken6
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from ui.pages.base import Page

log = logging.getLogger("deckhand.ui")

KEYS = ("attention", "copies", "library", "settings")


class Prepared:
    """Pages that nobody has asked for yet; ``make`` makes an unbuilt one, or says None.

    ``stack`` is where they will be shown.
    """

    def __init__(self, stack: QWidget, make: Callable[[str], Page | None]) -> None:
        self._stack = stack
        self._make = make
        self._pages: dict[str, Page] = {}

    def take(self, key: str) -> Page | None:
        """Hand a page over, wholly built; None when it has not been begun."""
        page = self._pages.pop(key, None)
        if page is not None:
            page.build_rest()
        return page

    def forget(self) -> None:
        """Let all of them go at once: another library or other colours are coming."""
        pages, self._pages = self._pages, {}
        for page in pages.values():
            shiboken6.delete(page)

    def pieces(self, keys: Sequence[str] = KEYS) -> Iterator[None]:
        """Build the pages of these keys, a piece at each step."""
        for key in keys:
            try:
                yield from self._pieces_of(key)
            except Exception:
                # When it is asked for it is built anew, and what is wrong is said.
                log.exception("the page %s could not be built ahead", key)
                self._pages.pop(key, None)

    def _pieces_of(self, key: str) -> Iterator[None]:
        page = None if key in self._pages else self._make(key)
        if page is None:
            return
        self._pages[key] = page
        yield
        # At each step it may have been asked for, or have gone with its library.
        while self._pages.get(key) is page and not page.whole:
            page.build_next()
            yield
        if self._pages.get(key) is page:
            page.resize(self._stack.size())
            # What is hidden is laid out only when somebody wants a picture of it.
            page.grab(QRect(0, 0, 1, 1))
            yield
