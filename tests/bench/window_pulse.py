"""The pulse of a Qt event loop: a 5 ms timer that notes how late each beat comes, and why.

Run as a program it is the floor: an empty window beside the one that is measured, on the same
machine at the same time. It prints its late beats when its input ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer

BEAT_MS = 5
LATE_MS = 8
SAMPLE_S = 0.025


class Beat(NamedTuple):
    """One beat: when it came (time.monotonic), ms since the last one, and of those how many the
    thread computed and how many it was ready to run but another had the processor."""

    at: float
    gap: float
    cpu: float
    waited: float


class Pulse(QObject):
    """Beats while the event loop of its thread turns; ``then`` is called at each beat."""

    def __init__(self, then: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.beats: list[Beat] = []
        self.last = time.monotonic()
        self._then = then
        try:
            self._stat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._stat = -1
        self._ran, self._waited = self._clocks()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)

    def _clocks(self) -> tuple[float, float]:
        """Milliseconds that this thread has run, and has waited for a processor."""
        if self._stat < 0:
            return time.thread_time() * 1000, 0.0
        ran, waited, _ = os.pread(self._stat, 100, 0).split()
        return int(ran) / 1e6, int(waited) / 1e6

    def _beat(self) -> None:
        now = time.monotonic()
        ran, waited = self._clocks()
        gap = (now - self.last) * 1000
        if gap >= LATE_MS:
            self.beats.append(Beat(now, gap, ran - self._ran, waited - self._waited))
        self.last, self._ran, self._waited = now, ran, waited
        if self._then is not None:
            self._then()


class Why:
    """A thread that looks at what the others do while the beat of the first is overdue."""

    def __init__(self, pulse: Pulse) -> None:
        self.seen: list[tuple[float, str]] = []
        self._pulse = pulse
        self._main = threading.get_ident()
        threading.Thread(target=self._watch, name="why", daemon=True).start()

    def _watch(self) -> None:
        own = threading.get_ident()
        while True:
            time.sleep(0.004)
            if time.monotonic() - self._pulse.last < SAMPLE_S:
                continue
            frames = sys._current_frames()
            if self._main not in frames:
                return
            main = _told(traceback.extract_stack(frames[self._main]))
            others = [
                _told(traceback.extract_stack(frame), 2)
                for ident, frame in frames.items()
                if ident not in (own, self._main)
            ]
            busy = [one for one in others if "queue" not in one and "threading.py" not in one]
            self.seen.append((time.monotonic(), f"{main} || {' & '.join(busy)}"))

    def between(self, begin: float, end: float, most: int = 6) -> list[tuple[str, int]]:
        """What was seen most often in a span of time."""
        return Counter(what for at, what in self.seen if begin <= at <= end).most_common(most)


def _told(stack: traceback.StackSummary, most: int = 4) -> str:
    frames = [frame for frame in stack if "bench" not in frame.filename][-most:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))


def main() -> None:
    """Show an empty window and beat until the input ends."""
    from PySide6.QtWidgets import QApplication, QLabel

    app = QApplication([])
    label = QLabel("floor")
    label.resize(200, 60)
    label.show()
    pulse = Pulse()
    end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    end.activated.connect(app.quit)
    app.exec()
    print(json.dumps(pulse.beats))


if __name__ == "__main__":
    main()
