"""Opens hostile files in child processes only, with limits, and replaces a child that dies."""

import json
import queue
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.awake import STEP_S, Awake
from indexer.child import Child, Line
from indexer.extract.model import Extracted, PageText
from indexer.extract.title import clean_name
from indexer.hand import Hand, Job, Task
from indexer.inhand import MOST_DEATHS, InHand
from indexer.limits import Limits
from indexer.protocol import END

_ATTEMPTS = MOST_DEATHS
_START_S = 60.0

__all__ = ["Done", "Extractors", "Job"]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job.

    ``sha256`` (32 bytes) is None when the file could not even be read as bytes; ``size`` is in
    bytes, ``seconds`` by the clock, both attempts together. ``changed`` says that the file was
    still being written, so that the job is to be queued again; ``vanished`` that it is gone.
    ``seen`` is what was read: size, modification time and inode of what lay there just then.
    """

    key: object
    extracted: Extracted
    sha256: bytes | None
    size: int
    seconds: float
    changed: bool = False
    vanished: bool = False
    seen: tuple[int, int, int] | None = None


class _Inbox:
    """What the children say, for the pool; the end of a file is noted as soon as it is heard."""

    def __init__(self) -> None:
        self.running: dict[Child, Hand] = {}
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()

    def put(self, line: Line | None) -> None:
        """Take a line, from any thread; None wakes the pool."""
        if line is not None and line.text is not None and line.text.startswith(END):
            hand = self.running.get(line.child)
            if hand is not None:
                hand.end()
        self._lines.put(line)

    def is_empty(self) -> bool:
        """Whether nothing has come that nobody has taken."""
        return self._lines.empty()

    def get(self, timeout: float | None = None) -> Line | None:
        """The next line. Raises queue.Empty."""
        return self._lines.get(timeout=timeout)


class Extractors:
    """A pool of ``n`` child processes that hash and read files.

    Children are started when first needed and stay until :meth:`close`. A child that dies,
    hangs or outgrows its limits is killed with everything it started, and its file is tried
    once more in a fresh child, with no other file in hand; after that the file is reported with a
    reason, and the run goes on. While a child reads, the next small files lie ready for it, so
    that it does not wait while the caller is busy with what it said. Deaths are counted in
    ``in_hand``, those of former runs too. One ``run`` at a time. While ``gentle`` is set only one
    child works.
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
        self.in_hand = in_hand or InHand()
        self._awake = Awake()
        self._paused = False
        self._children: list[Child] = []
        self._events = _Inbox()
        self._cancelled = False
        self._noted: Path | None = None

    @property
    def quiet(self) -> bool:
        """Whether the children have said nothing that ``run`` has not taken: one would wait."""
        return self._events.is_empty()

    def prepare(self, ahead: Sequence[Path] = (), noted: Path | None = None) -> None:
        """Start the children now, so that they are there when the first file comes.

        ``ahead`` are files that will probably come first: where there is one child, it may read
        plain ones of them until something is asked of it. Which it reads stands in ``noted``.
        """
        while len(self._children) < self._n:
            child = self._spawn()
            if ahead and noted is not None and self._n == 1:
                self._noted = noted
                child.tell_ahead([str(path) for path in ahead], noted)

    @property
    def reads_ahead(self) -> bool:
        """Whether a child was told what will come."""
        return self._noted is not None

    def run(self, jobs: Iterable[Job]) -> Generator[Done, None, None]:
        """Yield each job's outcome, in the order in which they end.

        The first jobs are pulled and begun at once, the others as children have room. Closing the
        generator, or calling :meth:`cancel` from any thread, kills the children at work and stops
        within a second.
        """
        self._cancelled = False
        # A former run may never have been looked at; then nothing has ended it either.
        self._put_aside(self._events.running)
        self._events.running = {}
        waiting, again = iter(jobs), list[Task]()
        begun: list[Done] = []
        if not self._paused:
            self._fill(waiting, self._events.running, again, begun)
        return self._run(waiting, again, begun)

    def _run(
        self, waiting: Iterator[Job], again: list[Task], done: list[Done]
    ) -> Generator[Done, None, None]:
        running = self._events.running
        try:
            while not self._cancelled:
                if self._paused:
                    self._rest(running, again)
                    continue
                exhausted = self._fill(waiting, running, again, done)
                yield from done
                done.clear()
                if not running and exhausted:
                    return
                if running:
                    yield from self._collect(running, again)
        finally:
            self._put_aside(running)
            if self._cancelled:
                # Their notes are gone: see ``InHand.forgive``.
                self.close()

    def _fill(
        self,
        waiting: Iterator[Job],
        running: dict[Child, Hand],
        again: list[Task],
        done: list[Done],
    ) -> bool:
        """Hand files to children with room; return whether none is waiting.

        A suspect is read alone, or the files beside it would come under suspicion with it.
        """
        while not any(hand.suspect for hand in running.values()):
            free = len(running) < (1 if self.gentle else self._n)
            roomy = None if free else self._roomy(running, again)
            if self._cancelled or self._paused or not (free or roomy):
                return False
            task = self._next(waiting, again)
            if task is None:
                return True
            if task.attempt > _ATTEMPTS:
                done.append(self._outcome(task, *_ENDED_US))
            elif (task.suspect and running) or (roomy and not self._may_lie_ready(task, roomy)):
                again.append(task)
                return False
            elif roomy is None:
                self._hand_over(task, running)
            else:
                self._send(roomy, task)
                # Should it have died, its "end" event is on the way and gives the file back.
                running[roomy].add(task)
        return False

    def _roomy(self, running: dict[Child, Hand], again: list[Task]) -> Child | None:
        """The working child for which the fewest files lie ready, None when one more may at none.

        On battery the caller rests after each file, and so must the child.
        """
        if self.gentle or (again and (again[-1].suspect or again[-1].job.size is None)):
            return None
        found = [c for c, hand in running.items() if hand.has_room() and self._may_go_on(c)]
        return min(found, key=lambda child: len(running[child]), default=None)

    def _may_lie_ready(self, task: Task, child: Child) -> bool:
        return task.job.size is not None and self._events.running[child].fits(task)

    def _may_go_on(self, child: Child) -> bool:
        """Whether a child need not be replaced yet to give its memory back."""
        limits = self._limits
        return child.served < limits.files_per_child and child.bytes < limits.bytes_per_child

    def _rest(self, running: dict[Child, Hand], again: list[Task]) -> None:
        """Stop the children at work, keep their files for later, and wait for the end of it."""
        for hand in running.values():
            again.extend(reversed(hand.tasks))
        self._put_aside(running)
        while self._paused and not self._cancelled:
            self._events.get()

    def _put_aside(self, running: dict[Child, Hand]) -> None:
        for child, hand in running.items():
            self._drop(child)
            for task in hand.tasks:
                task.deadline = None
                self.in_hand.put_back(task.job.mark)
        running.clear()

    def cancel(self) -> None:
        """Stop the run in progress, from any thread; its unfinished jobs have no outcome."""
        self._cancelled = True
        self.in_hand.forgive()
        self.in_hand.drop_note(self._noted)
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
        self._put_aside(self._events.running)
        for child in list(self._children):
            child.close()
            self._forget(child)
        self.in_hand.drop_note(self._noted)
        self._noted = None

    def __enter__(self) -> "Extractors":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next(self, waiting: Iterator[Job], again: list[Task]) -> Task | None:
        if again:
            return again.pop()
        job = next(waiting, None)
        if job is None:
            return None
        return Task(job, 1 + self.in_hand.deaths(job.mark), self._limits)

    def _hand_over(self, task: Task, running: dict[Child, Hand]) -> None:
        """Give a task to an idle child, fresh for a second attempt."""
        child = self._idle_child(fresh=task.suspect)
        hand = Hand(self.in_hand, child.pipe)
        hand.add(task)
        running[child] = hand
        if not self._send(child, task):
            # It died while idle; its "end" event is on the way and must find no task.
            del running[child]
            self._drop(child)
            child = self._spawn()
            running[child] = hand
            self._send(child, task)

    def _idle_child(self, *, fresh: bool) -> Child:
        for child in [child for child in self._children if child.idle]:
            if fresh or not self._may_go_on(child):
                child.close()
                self._forget(child)
        idle = [child for child in self._children if child.idle]
        return idle[0] if idle else self._spawn()

    def _send(self, child: Child, task: Task) -> bool:
        child.bytes += task.job.size or 0
        # A suspect is told step by step, so that its hash is known should it kill again.
        message = {"path": str(task.job.path), "mark": task.job.mark, "stepwise": task.suspect}
        if child.note is None and (note := self.in_hand.note()) is not None:
            child.note, message["note"] = note, str(note)
        return child.send(message)

    def _spawn(self) -> Child:
        limits = self._limits
        arguments: list[object] = [
            limits.memory,
            limits.cpu_base_s,
            limits.cpu_per_mb_s,
            limits.cpu_most_s,
        ]
        child = Child(self._MODULE, [str(value) for value in arguments], self._events)
        self._children.append(child)
        return child

    def _drop(self, child: Child) -> None:
        child.kill()
        self._forget(child)

    def _forget(self, child: Child) -> None:
        self.in_hand.drop_note(child.note)
        if child in self._children:
            self._children.remove(child)

    def _collect(self, running: dict[Child, Hand], again: list[Task]) -> Iterator[Done]:
        """Wait for one event or deadline, and yield what it ends."""
        now = self._awake.now()
        soonest = min(_deadline(hand.first, now) for hand in running.values())
        try:
            event = self._events.get(timeout=min(STEP_S, max(0.0, soonest - now)))
        except queue.Empty:
            self.in_hand.sync()
            now = self._awake.now()
            for child, hand in list(running.items()):
                if _deadline(hand.first, now) <= now:
                    hand.first.timed_out = True
                    yield from self._died(child, running, again, "")
            return
        if event is None or event.child not in running:
            return
        if event.text is None:
            yield from self._died(event.child, running, again, "")
            return
        yield from self._heard(event.child, event.text, running, again)

    def _heard(
        self, child: Child, text: bytes, running: dict[Child, Hand], again: list[Task]
    ) -> Iterator[Done]:
        task = running[child].first
        try:
            message = json.loads(text)
            if "size" in message:
                task.size = int(message["size"])
                size, mtime_ns, inode = map(int, message["seen"])
                task.seen = size, mtime_ns, inode
                task.deadline = self._awake.now() + task.limits.wall(task.size)
            if "sha256" in message:
                task.sha256 = bytes.fromhex(message["sha256"])
            if "failed" in message:
                yield from self._died(child, running, again, str(message["failed"]))
            elif "extracted" in message:
                done = _done(task, message)
                running[child].take()
                if not running[child]:
                    del running[child]
                    child.finished()
                yield done
        except (ValueError, KeyError, TypeError):
            yield from self._died(child, running, again, "")

    def _died(
        self, child: Child, running: dict[Child, Hand], again: list[Task], failure: str
    ) -> Iterator[Done]:
        """The oldest file is to blame; those that lay ready behind it are handed to another."""
        task, *ready = running.pop(child).tasks
        self._drop(child)
        for other in ready:
            # Such a one was begun if the answer for the oldest made no sense.
            other.deadline = None
            self.in_hand.put_back(other.job.mark)
        again += reversed(ready)
        if task.attempt < _ATTEMPTS:
            task.attempt += 1
            task.timed_out = False
            task.deadline = None
            if task.job.mark:
                self.in_hand.died(task.job.mark)
            again.append(task)
            return
        yield self._outcome(task, *_why(task, child.exit_code, failure))

    def _outcome(self, task: Task, state: str, reason: str) -> Done:
        """The outcome of a file that could not be read."""
        self.in_hand.end(task.job.mark)
        name = task.job.path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        extracted = Extracted("other", state, reason, clean_name(name), (), {}, ())
        return Done(task.job.key, extracted, task.sha256, task.size, task.seconds)


def _deadline(task: Task, now: float) -> float:
    """By when a file must have ended; the time runs from the first look at it."""
    if task.deadline is None:
        task.deadline = now + _START_S + task.limits.wall(0)
    return task.deadline


def _done(task: Task, message: dict[str, Any]) -> Done:
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
        seconds=task.seconds,
        changed=bool(message["changed"]),
        vanished=bool(message["vanished"]),
        seen=task.seen,
    )


def _why(task: Task, exit_code: int | None, failure: str) -> tuple[str, str]:
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
