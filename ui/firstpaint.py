"""The moment of the first paint: told to whoever waits for it, and to those who measure."""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

PRINT = "DECKHAND_PRINT_AT_FIRST_PAINT"
QUIT = "DECKHAND_QUIT_AT_FIRST_PAINT"


class FirstPaint(QObject):
    """Emits ``painted`` once, right after ``window`` was painted for the first time.

    With DECKHAND_PRINT_AT_FIRST_PAINT=modules one JSON line is printed: the milliseconds since
    ``began`` (of time.perf_counter), the CPU milliseconds of the whole process, and the loaded
    modules. DECKHAND_QUIT_AT_FIRST_PAINT=1 quits.
    """

    painted = Signal()

    def __init__(self, window: QWidget, began: float) -> None:
        super().__init__(window)
        self._window = window
        self._began = began
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self._window:
            self._window.removeEventFilter(self)
            # The children are painted within the same turn; after it all is on the screen.
            QTimer.singleShot(0, self, self._after)
        return False

    def _after(self) -> None:
        if os.environ.get(PRINT) == "modules":
            took = (time.perf_counter() - self._began) * 1000
            facts = {
                "painted_ms": round(took, 1),
                "cpu_ms": round(time.process_time() * 1000, 1),
                "modules": sorted(sys.modules),
            }
            sys.stdout.write(json.dumps(facts) + "\n")
            sys.stdout.flush()
        if os.environ.get(QUIT) == "1":
            self._window.close()
            QApplication.quit()
            return
        self.painted.emit()
