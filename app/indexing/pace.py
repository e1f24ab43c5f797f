"""How fast indexing goes: cancelled, paused, or gently because the computer is on battery."""

from __future__ import annotations

import threading
import time

from app.indexing.report import Report
from app.settings import Settings
from indexer.power import on_battery
from indexer.worker import Extractors

SETTING = "index.on_battery"
LOOK_EVERY_S = 5.0
LONGEST_NAP_S = 5.0
SHARE = 2.0
"""On battery there are so many seconds of rest for each second of reading."""


class Pace:
    """Owns whether work goes on. Everything but ``look`` and ``nap`` may be called by any thread.

    On battery one child reads at a time, and rests after each file for twice as long as reading
    it took. The report says when that begins and ends: ``{"event": "pace", "slower": why}``.
    """

    def __init__(self, settings: Settings, report: Report, pool: Extractors) -> None:
        self._settings = settings
        self._report = report
        self._pool = pool
        self._cancelled = threading.Event()
        self._over = False
        self._going = threading.Event()
        self._going.set()
        self._looked = -LOOK_EVERY_S

    @property
    def cancelled(self) -> bool:
        """Whether the pass in progress is to end."""
        return self._cancelled.is_set()

    def begin(self) -> None:
        """A pass begins: an earlier cancelling is over, a pause or an end is not."""
        self._cancelled.clear()
        if self._over:
            self._cancelled.set()
        self.look()

    def cancel(self) -> None:
        """End the pass in progress, and a pause with it."""
        self._cancelled.set()
        self._going.set()
        self._pool.cancel()
        self._pool.resume()

    def end(self) -> None:
        """End the pass in progress and any that is about to begin."""
        self._over = True
        self.cancel()

    def pause(self) -> None:
        """Stop work until ``resume``: a file in hand is put aside and read again then."""
        self._going.clear()
        self._pool.pause()
        self._report({"event": "state", "state": "paused"})

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._going.set()
        self._pool.resume()
        self._report({"event": "state", "state": "indexing"})

    def stopped(self) -> bool:
        """Wait while paused; then, whether the pass is to end."""
        self._going.wait()
        return self.cancelled

    def going(self, wait_s: float) -> bool:
        """Wait so long for the end of a pause; whether there is none."""
        return self._going.wait(wait_s)

    def wait(self, seconds: float) -> bool:
        """Wait, at most until the pass is cancelled; whether it was."""
        return self._cancelled.wait(seconds)

    def nap(self, spent_s: float) -> None:
        """Rest after a file that took ``spent_s`` seconds, if work is to go gently."""
        self.look()
        if self._pool.gentle:
            self.wait(min(LONGEST_NAP_S, SHARE * spent_s))

    def look(self) -> None:
        """Find out, at most every five seconds, whether to go gently."""
        if time.monotonic() - self._looked < LOOK_EVERY_S:
            return
        self._looked = time.monotonic()
        gentle = self._settings.get(SETTING) == "slower" and on_battery()
        if gentle != self._pool.gentle:
            self._pool.gentle = gentle
            self._report({"event": "pace", "slower": "on battery" if gentle else ""})
