"""Calls on the library away from the UI thread, and the one road back."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from queue import SimpleQueue

    from app.library import Library

T = TypeVar("T")
READERS = 3


class _Call(NamedTuple):
    owner: weakref.ref[QObject]
    fn: Callable[[Any], Any]
    ok: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    key: str | None
    lane: str


class _Outcome(NamedTuple):
    call: _Call
    value: Any
    error: Exception | None


class _Lane:
    """Daemon threads taking calls from one queue; started at the first call."""

    def __init__(self, name: str, threads: int, work: Callable[[_Call], None]) -> None:
        self._name = name
        self._count = threads
        self._work = work
        self._queue: SimpleQueue[_Call | None] | None = None
        self._threads: list[threading.Thread] = []

    def put(self, call: _Call) -> None:
        if self._queue is None:
            from queue import SimpleQueue

            self._queue = SimpleQueue()
            for number in range(self._count):
                thread = threading.Thread(
                    target=self._run,
                    args=(self._queue,),
                    name=f"{self._name}-{number}",
                    daemon=True,
                )
                self._threads.append(thread)
                thread.start()
        self._queue.put(call)

    def _run(self, queue: SimpleQueue[_Call | None]) -> None:
        while (call := queue.get()) is not None:
            self._work(call)

    def stop(self) -> None:
        if self._queue is not None:
            for _ in self._threads:
                self._queue.put(None)

    def join(self, until: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))


class Tasks(QObject):
    """A write lane of one thread and a pool of readers.

    Five rules hold: the owner is held weakly and a dead owner hears nothing; the latest call per
    ``key`` wins; the outcome is delivered either way; a superseded or ownerless read that has not
    begun is not begun; ``close`` finishes writes, drops queued reads and returns in time.
    Both callbacks run on the UI thread. ``last_done`` is when (time.monotonic) the last one did.
    """

    _done = Signal(object)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._latest: dict[str, _Call] = {}
        self._closed = threading.Event()
        self._held: list[_Call] | None = None
        self._read = _Lane("read", READERS, self._work)
        self._write = _Lane("write", 1, self._work)
        self.unhandled: Callable[[Exception], None] | None = None
        self.last_done = 0.0
        self._done.connect(self._deliver)

    def run(
        self,
        owner: QObject,
        fn: Callable[[Library], T],
        ok: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        lane: str = "read",
        key: str | None = None,
    ) -> None:
        """Call ``fn(library)`` on a lane; then ``ok(value)`` or ``failed(error)`` on this thread.

        Without ``failed`` an error goes to ``unhandled``. After ``close`` nothing is run.
        """
        if self._closed.is_set():
            return
        call = _Call(weakref.ref(owner), fn, ok, failed, key, lane)
        if key is not None:
            self._latest[key] = call
        if self._held is not None:
            self._held.append(call)
        else:
            self._begin(call)

    def _begin(self, call: _Call) -> None:
        (self._write if call.lane == "write" else self._read).put(call)

    def hold(self) -> None:
        """Keep calls waiting until ``release``: before the first paint nothing may compete."""
        if self._held is None:
            self._held = []

    def release(self) -> None:
        """Begin what was held, in the order of asking."""
        held, self._held = self._held or [], None
        for call in held:
            self._begin(call)

    def cancel(self, key: str) -> None:
        """Forget the running or queued call of ``key``: it is not begun or not delivered."""
        self._latest.pop(key, None)

    def close(self, timeout_s: float = 3.0) -> None:
        """Finish accepted writes, drop queued reads, wait at most ``timeout_s`` seconds."""
        self._closed.set()
        self.release()
        until = time.monotonic() + timeout_s
        self._read.stop()
        self._write.stop()
        self._write.join(until)
        self._read.join(until)

    def _wanted(self, call: _Call) -> bool:
        owner = call.owner()
        if owner is None or not shiboken6.isValid(owner):
            return False
        return call.key is None or self._latest.get(call.key) is call

    def _work(self, call: _Call) -> None:
        if call.lane != "write" and (self._closed.is_set() or not self._wanted(call)):
            return
        value, error = None, None
        try:
            value = call.fn(self._library)
        except Exception as problem:
            error = problem
        if shiboken6.isValid(self):
            self._done.emit(_Outcome(call, value, error))

    def _deliver(self, outcome: _Outcome) -> None:
        self.last_done = time.monotonic()
        call = outcome.call
        wanted = self._wanted(call)
        if call.key is not None and self._latest.get(call.key) is call:
            del self._latest[call.key]
        if not wanted:
            return
        if outcome.error is None:
            call.ok(outcome.value)
            return
        failed = call.failed or self.unhandled
        if failed is None:
            raise outcome.error
        failed(outcome.error)
