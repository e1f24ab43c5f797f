"""Loading, in small pieces while nothing else goes on, what the other pages will need.

A page that is opened for the first time would else load its modules in one go: up to 0.09 s in
which the window stands still. After the modules the pages themselves are built (``ui.prepare``).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger("deckhand.ui")

FIRST_MS, NEXT_MS = 2_500, 30
CALM_S = 0.15
_DONE = object()
# What is needed by others comes before them, so that no piece is large.
PACKAGES = (
    "app.rows", "ui.widgets", "ui.models", "ui.charts", "ui.pages.requests", "ui.pages.attention",
    "ui.pages.copies", "ui.pages.find", "ui.pages", "ui.dialogs",
)  # fmt: skip
BEFORE = (
    "csv", "datetime", "getpass", "app.rows_copies", "app.changes", "ui.pages.attention.parts",
    "ui.pages.attention.choices", "ui.pages.attention.words", "ui.pages.attention.delegate",
    "ui.pages.find.canvas",
)  # fmt: skip

LAST = ("panel", "page")
"""In each package, for they load all the rest of it."""


def names() -> Iterator[str]:
    """The modules in the order in which they are loaded."""
    yield from BEFORE
    root = Path(__file__).resolve().parent.parent
    for package in PACKAGES:
        folder = root.joinpath(*package.split("."))
        stems = {file.stem for file in folder.glob("*.py")} - {"__init__"}
        for stem in sorted(stems, key=lambda stem: (stem in LAST, stem)):
            yield f"{package}.{stem}"


class Warm(QObject):
    """Loads one module after the other, with a pause after each, and then does ``more`` likewise.

    ``busy_until`` tells when (time.monotonic) something was last done in the window's name. Lives
    on the UI thread.
    """

    def __init__(
        self, parent: QObject | None = None, more: Iterable[None] = (),
        busy_until: Callable[[], float] = lambda: 0.0,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._busy_until = busy_until
        self._pieces: Iterator[None] = chain(map(_load, names()), more)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._timer.start(FIRST_MS)

    def add(self, more: Iterable[None]) -> None:
        """Do these, too, after a while."""
        self._pieces = chain(self._pieces, more)
        self._timer.start(FIRST_MS)

    def _look(self) -> None:
        if time.monotonic() - self._busy_until() < CALM_S:
            self._timer.start(NEXT_MS)
        else:
            self.step()

    def step(self) -> bool:
        """Do the next piece; False when there are no more."""
        if next(self._pieces, _DONE) is _DONE:
            return False
        self._timer.start(NEXT_MS)
        return True


def _load(name: str) -> None:
    try:
        import_module(name)
    except ImportError:
        # Where something is missing the page itself says so, when it is opened.
        log.info("%s could not be loaded ahead", name, exc_info=True)
