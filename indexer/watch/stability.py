"""Tells when a file has stopped changing, without a clock or a disk of its own."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)

Status = tuple[int, int]
"""Size in bytes and modification time in nanoseconds."""


@dataclass(slots=True)
class _Watched:
    status: Status
    since: float


class Stability(Generic[P]):
    """Collects observations of files and says which have kept size and time (FW-8).

    :param delay_s: for how many seconds size and modification time must have been equal.
    :param stat: looks at a file once more before it is called settled, and returns None when
        it is gone. Without it the observations given to :meth:`touch` are believed.
    """

    def __init__(self, delay_s: float, stat: Callable[[P], Status | None] | None = None) -> None:
        self._delay = delay_s
        self._stat = stat
        self._watched: dict[P, _Watched] = {}

    def __len__(self) -> int:
        return len(self._watched)

    def touch(self, path: P, now: float, size: int, mtime_ns: int) -> None:
        """Note that a file was seen at ``now`` (seconds of any steady clock)."""
        status = (size, mtime_ns)
        known = self._watched.get(path)
        if known is None or known.status != status:
            self._watched[path] = _Watched(status, now)

    def forget(self, path: P) -> None:
        """Stop following a file, for instance because it is gone."""
        self._watched.pop(path, None)

    def settled(self, now: float) -> list[P]:
        """Return the files that have settled, and stop following them."""
        due = [p for p, known in self._watched.items() if now - known.since >= self._delay]
        return [path for path in due if self._confirm(path, now)]

    def next_due(self) -> float | None:
        """Return the moment at which the next file may be settled, None when none is left."""
        if not self._watched:
            return None
        return min(known.since for known in self._watched.values()) + self._delay

    def _confirm(self, path: P, now: float) -> bool:
        if self._stat is not None:
            status = self._stat(path)
            if status is not None and status != self._watched[path].status:
                self._watched[path] = _Watched(status, now)
                return False
            if status is None:
                self.forget(path)
                return False
        self.forget(path)
        return True
