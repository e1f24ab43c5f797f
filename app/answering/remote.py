"""The window's side: a Library whose every question and every deed goes to a child process.

Python runs one thread at a time, and a window that wants it back from a search or a report waits
each time it has given it up: a list of 10,000 assets stood still for up to a second.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answering import frames
from app.answering.methods import ASKED, WRITES
from app.errors import EnvironmentProblem
from app.library import Library

if TYPE_CHECKING:
    import queue
    import subprocess

CLOSE_S = 2.5
CLOSED = "The library was closed before this was answered."
UNSURE = (
    "The part of Deckhand that keeps the library ended unexpectedly. Look whether your last change "
    "is there, and make it again if not."
)
ENDS = (
    "The part of Deckhand that reads the library ends again and again. Close the window and open "
    "it anew; if that does not help, deckhand doctor says more."
)


class AnsweredLibrary(Library):
    """A Library that is asked like any other and does nothing itself.

    Safe to call from several threads. A read whose child died is asked once more of a new one; a
    write is not, for nobody knows how far it came: EnvironmentProblem says so.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._line = _Line(folder)

    def close(self) -> None:
        self._line.close()


def _ask(method: str) -> Callable[..., Any]:
    @functools.wraps(getattr(Library, method))
    def ask(self: AnsweredLibrary, *args: object, **kwargs: object) -> Any:
        return self._line.ask(frames.Asked(method, args, kwargs))

    return ask


for _method in ASKED:
    setattr(AnsweredLibrary, _method, _ask(_method))


class _Ended(Exception):
    """The child is gone, and this call has no answer."""


class _Line:
    """To one child after the other: started at the first question, and anew after its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def ask(self, asked: frames.Asked) -> object:
        """The value of a call. Raises what it raised."""
        child = self._living()
        try:
            answer = child.ask(asked)
        except _Ended:
            if child.closed:
                raise EnvironmentProblem(CLOSED) from None
            if asked.method in WRITES:
                raise EnvironmentProblem(UNSURE) from None
            try:
                answer = self._living().ask(asked)
            except _Ended:
                raise EnvironmentProblem(ENDS) from None
        if answer.error is not None:
            raise answer.error
        return answer.value

    def _living(self) -> _Child:
        with self._lock:
            if self._child is None or self._child.ended:
                self._child = _Child(_started(self._folder))
            return self._child

    def close(self) -> None:
        """Let the child finish what it writes and end; it is not waited for longer than that."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()


class _Child:
    """A child, and the threads that wait for its answers."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.closed = self.ended = False
        self._process = process
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: dict[int, queue.SimpleQueue[bytes | None]] = {}
        self._hearing = threading.Thread(target=self._hear, name="hear", daemon=True)
        self._hearing.start()

    def ask(self, asked: frames.Asked) -> frames.Answered:
        """The answer. Raises _Ended when there will be none."""
        from queue import SimpleQueue

        hear: queue.SimpleQueue[bytes | None] = SimpleQueue()
        assert self._process.stdin is not None
        with self._lock:
            if self.ended:
                raise _Ended
            self._number += 1
            self._waiting[self._number] = hear
            try:
                self._process.stdin.write(frames.packed(self._number, asked))
                self._process.stdin.flush()
            except (OSError, ValueError):
                # Its end is about to be heard; ``_hear`` then forgets this question too. Whoever
                # asks again before that must not ask this one.
                self.ended = True
                raise _Ended from None
        body = hear.get()
        if body is None:
            raise _Ended
        return frames.answered(body)

    def _hear(self) -> None:
        """Hand each answer to the thread that waits for it, as bytes: that one reads them."""
        assert self._process.stdout is not None
        while (frame := frames.read(self._process.stdout)) is not None:
            number, body = frame
            with self._lock:
                hear = self._waiting.pop(number, None)
            if hear is not None:
                hear.put(body)
        with self._lock:
            self.ended = True
            left, self._waiting = list(self._waiting.values()), {}
            self._say_no_more()
        for hear in left:
            hear.put(None)
        self._process.wait()
        self._process.stdout.close()

    def _say_no_more(self) -> None:
        assert self._process.stdin is not None
        # What could not be said to a child that has died is not said.
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self) -> None:
        """Close its input, which is the sign to end, and wait a while."""
        self.closed = True
        with self._lock:
            self._say_no_more()
        self._hearing.join(CLOSE_S)


def _started(folder: Path) -> subprocess.Popen[bytes]:
    import os
    import subprocess

    from indexer.child import module_command, module_environment

    try:
        return subprocess.Popen(
            module_command("app.answering", [str(folder)]), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=module_environment(),
            # A Ctrl+C in the terminal is for the window, which then closes this one in order.
            start_new_session=os.name == "posix",
        )  # fmt: skip
    except OSError as problem:
        raise EnvironmentProblem(
            f"The part of Deckhand that keeps the library could not be started: {problem}."
        ) from problem
