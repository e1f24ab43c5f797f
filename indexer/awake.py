"""A clock that stands still while the computer sleeps."""

import time
from collections.abc import Callable

STEP_S = 1.0
"""Whoever waits by this clock looks at it at least this often."""

_LONGEST_STEP_S = 5.0


class Awake:
    """Counts the seconds during which somebody looked at it.

    The monotonic clocks of Linux and macOS stop while the computer sleeps, that of Windows runs
    on: there a reading child would be found beyond its deadline at the moment of waking. Between
    two looks at most five seconds are counted, so that no sleep, and no standstill of a virtual
    machine, is held against a child.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen = clock()
        self._awake = 0.0

    def now(self) -> float:
        """Seconds awake since this clock was made."""
        seen = self._clock()
        self._awake += min(max(0.0, seen - self._seen), _LONGEST_STEP_S)
        self._seen = seen
        return self._awake


class Sleep:
    """Tells that the computer has slept, or that its clock was set, since the last question.

    On Linux and macOS the wall clock runs ahead of the monotonic one during sleep; on Windows
    both run on, and only the long time between two questions tells.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
        longest_s: float = 30.0,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._longest = longest_s
        self._ahead = wall() - steady()
        self._asked = steady()

    def restart(self) -> None:
        """Work was done since the last question, and the time it took is no sleep."""
        self._asked = self._steady()

    def over(self) -> bool:
        """Whether there was a gap since the last question."""
        ahead, before = self._wall() - self._steady(), self._ahead
        passed = self._steady() - self._asked
        self._ahead, self._asked = ahead, self._steady()
        return passed > self._longest or abs(ahead - before) > self._longest
