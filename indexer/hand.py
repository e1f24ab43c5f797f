"""What a reading child has in hand: the file that it reads, and those that lie ready for it."""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from indexer.inhand import InHand
from indexer.limits import Limits

MOST_FILES, MOST_BYTES = 1_000, 48 << 20
"""So much lies ready at most: enough for as long as a batch takes to record and to index."""

_AROUND = 64
"""Bytes of a message to a child besides path and mark."""


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
    words: int = field(init=False)

    def __post_init__(self) -> None:
        """Work out ``words``: how many bytes tell a child of it, at most."""
        told = json.dumps([str(self.job.path), self.job.mark])
        self.words = len(told) + _AROUND

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

    def __init__(self, notes: InHand, pipe: int) -> None:
        """``pipe``: how many bytes can be said to the child before it listens."""
        self._notes = notes
        self._pipe = pipe
        self._lock = threading.Lock()
        self._tasks: deque[Task] = deque()
        self._bytes = self._words = 0
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

    @property
    def suspect(self) -> bool:
        """Whether it holds a suspect; that lies alone, so it is the oldest."""
        return bool(self._tasks) and self._tasks[0].suspect

    def has_room(self) -> bool:
        """Whether one more file may lie ready. A suspect, or a file of unknown size, is alone."""
        if not self._tasks:
            return True
        first = self._tasks[0]
        if first.suspect or first.job.size is None:
            return False
        return len(self._tasks) < MOST_FILES and self._bytes - first.job.size < MOST_BYTES

    def fits(self, task: Task) -> bool:
        """Whether the child can be told of one more file at once.

        It listens only between files: whoever waited for that could neither see that the file
        in hand takes too long, nor pause, nor record what has been read.
        """
        return self._words + task.words <= self._pipe

    def add(self, task: Task) -> None:
        """Lay a file ready; it is begun at once when nothing lies before it."""
        with self._lock:
            self._tasks.append(task)
            self._bytes += task.job.size or 0
            self._words += task.words
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
            task = self._tasks.popleft()
            self._bytes -= task.job.size or 0
            self._words -= task.words
            return task

    def _begin(self) -> None:
        if self._ended < len(self._tasks):
            task = self._tasks[self._ended]
            task.started = task.started or time.monotonic()
            task.ended = 0.0
