"""Loading, in small pieces while nothing else goes on, what the other pages will need.

A page that is opened for the first time would else load its modules in one go: up to 0.09 s in
which the window stands still.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger("deckhand.ui")

FIRST_MS, NEXT_MS = 2_500, 60
# What is needed by others comes before them, so that no piece is large.
PACKAGES = (
    "app.rows", "ui.widgets", "ui.models", "ui.charts", "ui.pages.requests", "ui.pages.attention",
    "ui.pages.copies", "ui.pages.find", "ui.pages", "ui.dialogs",
)  # fmt: skip
BEFORE = (
    "csv", "datetime", "getpass", "app.rows_copies", "app.changes", "ui.pages.attention.parts",
    "ui.pages.attention.choices", "ui.pages.attention.words", "ui.pages.attention.delegate",
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
    """Loads one module after the other, with a pause after each; lives on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = names()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.step)
        self._timer.start(FIRST_MS)

    def step(self) -> bool:
        """Load the next one; False when there are no more."""
        name = next(self._names, None)
        if name is None:
            return False
        try:
            import_module(name)
        except ImportError:
            # Where something is missing the page itself says so, when it is opened.
            log.info("%s could not be loaded ahead", name, exc_info=True)
        self._timer.start(NEXT_MS)
        return True
