"""Python's search for rubbish that refers to itself, kept out of moments in which somebody waits.

A full search looks at every object there is and lets nothing else run: with 10,000 results loaded
it takes 0.1 s, and by itself it comes while they are being loaded, scrolled or painted.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

EVERY_MS = 15_000
QUIET_S = 5.0
ENOUGH = 10
"""Smaller searches since the last full one, from which on another is worth it: Python's own."""

NEVER = 2**30
_INPUT = frozenset((
    QEvent.Type.KeyPress, QEvent.Type.Wheel, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress,
))  # fmt: skip


class Rubbish(QObject):
    """Searches in full only when nobody has touched the window for some seconds.

    ``busy_until`` tells when (time.monotonic) something was last done in the window's name. Lives
    on the UI thread; ``close`` gives the search back to Python.
    """

    def __init__(
        self, window: QObject, busy_until: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._busy_until = busy_until
        self._touched = time.monotonic()
        self._kept = gc.get_threshold()
        gc.set_threshold(self._kept[0], self._kept[1], NEVER)
        window.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(EVERY_MS)

    def look(self) -> bool:
        """Search now if it is time; whether it was done."""
        quiet = time.monotonic() - max(self._touched, self._busy_until())
        if quiet < QUIET_S or gc.get_count()[2] < ENOUGH:
            return False
        gc.collect()
        return True

    def close(self) -> None:
        """Let Python search when it likes."""
        self._timer.stop()
        gc.set_threshold(*self._kept)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._touched = time.monotonic()
        return False
