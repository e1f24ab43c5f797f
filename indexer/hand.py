"""What a reading child has in hand: the file that it reads, and those that lie ready for it."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from indexer.inhand import InHand
from indexer.limits import Limits

MOST_FILES, MOST_BYTES = 400, 48 << 20
"""So much lies ready at most: enough for as long as a batch takes to record and to index."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. ``key`` is the caller's and comes back in :class:`~indexer.worker.Done`.

    ``mark`` names the file and its state in the notes of :class:`~indexer.inhand.InHand`; a job
    without one is not noted. ``size`` is in bytes where it is known: only then may the file lie
    ready while its child still reads another.
    """

    key: object
    path: Path
    mark: str = ""
    size: int | None = None


@dataclass(slots=True)
class Task:
    """A job with a pool; ``deadline`` is None as long as nobody has seen it at work."""

    job: Job
    attempt: int
    limits: Limits
    deadline: float | None = None
    started: float = 0.0
    ended: float = 0.0
    size: int = 0
    sha256: bytes | None = None
    seen: tuple[int, int, int] | None = None
    timed_out: bool = False

    @property
    def suspect(self) -> bool:
        """Whether a child, or the whole program, died while it had this file."""
        return self.attempt > 1

    @property
    def seconds(self) -> float:
        """How long it took by the clock so far, all attempts together."""
        return (self.ended or time.monotonic()) - self.started if self.started else 0.0


class Hand:
    """The files of one child, in the order in which it reads them.

    Two threads hold it: the one that listens to the child tells when a file has ended, even while
    the pool is busy; the pool does the rest. The file that finds the child idle is marked here;
    those that lay ready are noted by the child itself, which opens them without asking.
    """

    def __init__(self, notes: InHand) -> None:
        self._notes = notes
        self._lock = threading.Lock()
        self._tasks: deque[Task] = deque()
        self._ended = 0

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def tasks(self) -> list[Task]:
        """All whose answers the pool has not taken, the oldest first."""
        with self._lock:
            return list(self._tasks)

    @property
    def first(self) -> Task:
        """The oldest of ``tasks``."""
        return self._tasks[0]

    def has_room(self) -> bool:
        """Whether one more file may lie ready. A suspect, or a file of unknown size, is alone."""
        tasks = self.tasks
        if any(task.suspect or task.job.size is None for task in tasks):
            return False
        ready = sum(task.job.size or 0 for task in tasks[1:])
        return len(tasks) < MOST_FILES and ready < MOST_BYTES

    def add(self, task: Task) -> None:
        """Lay a file ready; it is begun at once when nothing lies before it."""
        with self._lock:
            self._tasks.append(task)
            if len(self._tasks) == self._ended + 1:
                if task.job.mark:
                    self._notes.begin(task.job.mark)
                self._begin()

    def end(self) -> None:
        """The child has answered for the file in hand and begins the next one."""
        with self._lock:
            if self._ended < len(self._tasks):
                task = self._tasks[self._ended]
                task.ended = time.monotonic()
                self._ended += 1
                self._notes.end(task.job.mark)
                self._begin()

    def take(self) -> Task:
        """The oldest file, whose answer the pool has: it is the child's no more."""
        with self._lock:
            self._ended = max(0, self._ended - 1)
            return self._tasks.popleft()

    def _begin(self) -> None:
        if self._ended < len(self._tasks):
            task = self._tasks[self._ended]
            task.started = task.started or time.monotonic()
            task.ended = 0.0
