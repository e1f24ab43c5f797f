"""Opens hostile files in child processes only, with limits, and replaces a child that dies."""

import json
import queue
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.awake import STEP_S, Awake
from indexer.child import Child, Line
from indexer.extract.model import Extracted, PageText
from indexer.extract.title import clean_name
from indexer.inhand import MOST_DEATHS, InHand
from indexer.limits import Limits

_ATTEMPTS = MOST_DEATHS
_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. ``key`` is the caller's and comes back in :class:`Done`.

    ``mark`` names the file and its state in the notes of :class:`~indexer.inhand.InHand`; a job
    without one is not noted.
    """

    key: object
    path: Path
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job.

    ``sha256`` (32 bytes) is None when the file could not even be read as bytes; ``size`` is in
    bytes, ``seconds`` by the clock, both attempts together. ``changed`` says that the file was
    still being written, so that the job is to be queued again; ``vanished`` that it is gone.
    """

    key: object
    extracted: Extracted
    sha256: bytes | None
    size: int
    seconds: float
    changed: bool = False
    vanished: bool = False


@dataclass(slots=True)
class _Running:
    """A job in the hands of a child."""

    job: Job
    attempt: int
    started: float
    deadline: float
    limits: Limits
    size: int = 0
    sha256: bytes | None = None
    timed_out: bool = False

    @property
    def suspect(self) -> bool:
        """Whether a child, or the whole program, died while it had this file."""
        return self.attempt > 1


class Extractors:
    """A pool of ``n`` child processes that hash and read files.

    Children are started when first needed and stay until :meth:`close`. A child that dies,
    hangs or outgrows its limits is killed with everything it started, and its file is tried
    once more in a fresh child, with no other file in hand; after that the file is reported with a
    reason, and the run goes on. Deaths are counted in ``in_hand``, those of former runs too.
    One ``run`` at a time. While ``gentle`` is set only one child works.
    """

    _MODULE = "indexer.reading"

    def __init__(
        self,
        n: int,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        in_hand: InHand | None = None,
    ) -> None:
        if n < 1:
            raise ValueError("a pool of extractors needs at least one child")
        self._n = n
        self.gentle = False
        self._limits = limits
        self._in_hand = in_hand or InHand()
        self._awake = Awake()
        self._paused = False
        self._children: list[Child] = []
        self._events: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._cancelled = False

    def run(self, jobs: Iterable[Job]) -> Generator[Done, None, None]:
        """Yield each job's outcome, in the order in which they end.

        Jobs are pulled one by one as children become free. Closing the generator, or calling
        :meth:`cancel` from any thread, kills the children at work and stops within a second.
        """
        self._cancelled = False
        return self._run(iter(jobs))

    def _run(self, waiting: Iterator[Job]) -> Generator[Done, None, None]:
        again: list[_Running] = []
        running: dict[Child, _Running] = {}
        try:
            while not self._cancelled:
                if self._paused:
                    self._rest(running, again)
                    continue
                exhausted = yield from self._fill(waiting, running, again)
                if not running and exhausted:
                    return
                if running:
                    yield from self._collect(running, again)
        finally:
            self._put_aside(running)

    def _fill(
        self, waiting: Iterator[Job], running: dict[Child, _Running], again: list[_Running]
    ) -> Generator[Done, None, bool]:
        """Hand files to idle children; return whether none is waiting.

        A suspect is read alone, or the files beside it would come under suspicion with it.
        """
        most = 1 if self.gentle else self._n
        while len(running) < most and not any(task.suspect for task in running.values()):
            if self._cancelled or self._paused:
                return False
            task = self._next(waiting, again)
            if task is None:
                return True
            if task.attempt > _ATTEMPTS:
                yield self._outcome(task, *_ENDED_US)
            elif task.suspect and running:
                again.append(task)
                return False
            else:
                running[self._hand_over(task)] = task
        return False

    def _rest(self, running: dict[Child, _Running], again: list[_Running]) -> None:
        """Stop the children at work, keep their files for later, and wait for the end of it."""
        again.extend(running.values())
        self._put_aside(running)
        while self._paused and not self._cancelled:
            self._events.get()

    def _put_aside(self, running: dict[Child, _Running]) -> None:
        for child, task in running.items():
            self._drop(child)
            self._in_hand.put_back(task.job.mark)
        running.clear()

    def cancel(self) -> None:
        """Stop the run in progress, from any thread; its unfinished jobs have no outcome."""
        self._cancelled = True
        self._in_hand.forgive()
        self._events.put(None)

    def pause(self) -> None:
        """Stop reading, from any thread, until ``resume``; a file in hand is begun anew then."""
        self._paused = True
        self._events.put(None)

    def resume(self) -> None:
        """Go on after ``pause``, from any thread."""
        self._paused = False
        self._events.put(None)

    def close(self) -> None:
        """End all children. The pool starts new ones if it is used again."""
        for child in list(self._children):
            child.close()
        self._children.clear()

    def __enter__(self) -> "Extractors":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next(self, waiting: Iterator[Job], again: list[_Running]) -> _Running | None:
        if again:
            return again.pop()
        job = next(waiting, None)
        if job is None:
            return None
        return _Running(job, 1 + self._in_hand.deaths(job.mark), 0.0, 0.0, self._limits)

    def _hand_over(self, task: _Running) -> Child:
        """Give a task to an idle child, fresh for a second attempt."""
        idle = [child for child in self._children if child.idle]
        for child in idle:
            if child.served >= self._limits.files_per_child or task.suspect:
                child.close()
                self._children.remove(child)
        idle = [child for child in self._children if child.idle]
        child = idle[0] if idle else self._spawn()
        task.started = task.started or time.monotonic()
        task.deadline = self._awake.now() + _START_S + self._limits.wall(0)
        if task.job.mark:
            self._in_hand.begin(task.job.mark)
        if not child.send({"path": str(task.job.path)}):
            # It died while idle; its "end" event is on the way and must find no task.
            self._drop(child)
            child = self._spawn()
            child.send({"path": str(task.job.path)})
        return child

    def _spawn(self) -> Child:
        limits = self._limits
        arguments = [limits.memory, limits.cpu_base_s, limits.cpu_per_mb_s, limits.cpu_most_s]
        child = Child(self._MODULE, [str(value) for value in arguments], self._events)
        self._children.append(child)
        return child

    def _drop(self, child: Child) -> None:
        child.kill()
        if child in self._children:
            self._children.remove(child)

    def _collect(self, running: dict[Child, _Running], again: list[_Running]) -> Iterator[Done]:
        """Wait for one event or deadline, and yield what it ends."""
        soonest = min(task.deadline for task in running.values())
        wait = min(STEP_S, max(0.0, soonest - self._awake.now()))
        try:
            event = self._events.get(timeout=wait)
        except queue.Empty:
            self._in_hand.sync()
            now = self._awake.now()
            for child, task in list(running.items()):
                if task.deadline <= now:
                    task.timed_out = True
                    yield from self._died(child, running, again, "")
            return
        if event is None or event.child not in running:
            return
        task = running[event.child]
        if event.text is None:
            yield from self._died(event.child, running, again, "")
            return
        yield from self._heard(event.child, event.text, task, running, again)

    def _heard(
        self,
        child: Child,
        text: bytes,
        task: _Running,
        running: dict[Child, _Running],
        again: list[_Running],
    ) -> Iterator[Done]:
        try:
            message = json.loads(text)
            if "size" in message:
                task.size = int(message["size"])
                task.deadline = self._awake.now() + task.limits.wall(task.size)
            elif "sha256" in message:
                task.sha256 = bytes.fromhex(message["sha256"])
            elif "failed" in message:
                yield from self._died(child, running, again, str(message["failed"]))
            else:
                done = _done(task, message)
                self._in_hand.end(task.job.mark)
                del running[child]
                child.finished()
                yield done
        except (ValueError, KeyError, TypeError):
            yield from self._died(child, running, again, "")

    def _died(
        self,
        child: Child,
        running: dict[Child, _Running],
        again: list[_Running],
        failure: str,
    ) -> Iterator[Done]:
        task = running.pop(child)
        self._drop(child)
        if task.attempt < _ATTEMPTS:
            task.attempt += 1
            task.timed_out = False
            if task.job.mark:
                self._in_hand.died(task.job.mark)
            again.append(task)
            return
        yield self._outcome(task, *_why(task, child.exit_code, failure))

    def _outcome(self, task: _Running, state: str, reason: str) -> Done:
        """The outcome of a file that could not be read."""
        self._in_hand.end(task.job.mark)
        name = task.job.path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        extracted = Extracted("other", state, reason, clean_name(name), (), {}, ())
        seconds = time.monotonic() - task.started if task.started else 0.0
        return Done(task.job.key, extracted, task.sha256, task.size, seconds)


def _done(task: _Running, message: dict[str, Any]) -> Done:
    found = message["extracted"]
    pages = tuple(PageText(*page) for page in found["pages"])
    extracted = Extracted(
        kind=str(found["kind"]),
        state=str(found["state"]),
        reason=found["reason"],
        title=found["title"],
        pages=pages,
        properties=dict(found["properties"]),
        warnings=tuple(found["warnings"]),
    )
    return Done(
        key=task.job.key,
        extracted=extracted,
        sha256=task.sha256,
        size=task.size,
        seconds=time.monotonic() - task.started,
        changed=bool(message["changed"]),
        vanished=bool(message["vanished"]),
    )


def _why(task: _Running, exit_code: int | None, failure: str) -> tuple[str, str]:
    """Return state and reason for a file that two children could not finish."""
    limits = task.limits
    if task.timed_out:
        seconds = round(limits.wall(task.size))
        return "too_large", (
            f"Reading this file took longer than {seconds} seconds, twice, so it is found by its"
            " name only. Splitting it or saving it anew may help."
        )
    if exit_code is not None and -exit_code == _SIGXCPU:
        seconds = round(limits.cpu(task.size))
        return "too_large", (
            f"Reading this file needed more than {seconds} seconds of computing, twice, so it is"
            " found by its name only. Splitting it or saving it anew may help."
        )
    if failure == "memory":
        return "too_large", (
            f"Reading this file needs more than {limits.memory >> 20:,} MB of memory, so it is"
            " found by its name only. Splitting it or saving it with smaller pictures may help."
        )
    return "damaged", (
        "Reading this file made the reader crash, twice, so it is found by its name only."
        " It is probably damaged: open it in its own program and save it anew."
    )


_ENDED_US = (
    "damaged",
    (
        "Deckhand ended twice in the middle of reading this file, so the file is found by its name"
        " only. If it was not the file's fault, have it read again."
    ),
)
"""State and reason of a file that was in hand at two deaths, of this program at the last one."""

_SIGXCPU = 24
"""The number of SIGXCPU on Linux and macOS; Windows has none."""
