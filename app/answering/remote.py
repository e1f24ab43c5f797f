"""The window's side: a Library whose every question and every deed goes to a child process.

Python runs one thread at a time, and a window that wants it back from a search or a report waits
each time it has given it up: a list of 10,000 assets stood still for up to a second.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answering import frames
from app.answering.child import Child, Ended
from app.answering.methods import ASKED, KNOWN, WRITES
from app.errors import EnvironmentProblem
from app.library import Library
from app.paths import LibraryPaths

if TYPE_CHECKING:
    import subprocess

CLOSED = "The library was closed before this was answered."
UNSURE = (
    "The part of Deckhand that keeps the library ended unexpectedly. Look whether your last change "
    "is there, and make it again if not."
)
STUCK = (
    "The part of Deckhand that keeps the library did not answer and was ended. Look whether your "
    "last change is there, and make it again if not."
)
WRITES_STILL = "The library is still being written to. Try again in a moment."
HANGS = (
    "The part of Deckhand that reads the library does not answer. Try again; if that does not "
    "help, close the window and open it anew."
)
ENDS = (
    "The part of Deckhand that reads the library ends again and again. Close the window and open "
    "it anew; if that does not help, deckhand doctor says more."
)


class AnsweredLibrary(Library):
    """A Library that is asked like any other and does nothing itself.

    Safe to call from several threads. A read whose child died, or was ended because it did not
    answer, is asked once more of a new one; a write is not, for nobody knows how far it came:
    EnvironmentProblem says so. After ``close`` it answers nothing more, and starts no child.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._line = _Line(folder)

    def restore(self, copy: Path, window: int = 0) -> None:
        """As ``Library.restore``. Other calls wait meanwhile, and then see what was put back."""
        import os

        self._line.ask_alone(frames.Asked("restore", (copy, window or os.getpid()), {}))

    def close(self) -> None:
        self._line.close()


def _ask(method: str) -> Callable[..., Any]:
    @functools.wraps(getattr(Library, method))
    def ask(self: AnsweredLibrary, *args: object, **kwargs: object) -> Any:
        return self._line.ask(frames.Asked(method, args, kwargs))

    return ask


for _method in {*ASKED} - {"restore"}:
    setattr(AnsweredLibrary, _method, _ask(_method))


class _Line:
    """To one child after the other: started at the first question, and anew after its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._database = LibraryPaths(folder).database
        self._closed = self._known = False

    def ask(self, asked: frames.Asked) -> object:
        """The value of a call. Raises what it raised."""
        child = self._living()
        try:
            answer = child.ask(asked)
        except Ended:
            answer = self._again(child, asked)
        self._look()
        return _value(answer)

    def ask_alone(self, asked: frames.Asked) -> object:
        """The value of a call to a child of its own, while no other child has the library open."""
        with self._lock:
            self._must_be_open()
            if self._child is not None and not self._child.close():
                raise EnvironmentProblem(WRITES_STILL)
            self._child = None
            child = Child(_started(self._folder, known=False))
            try:
                return _value(child.ask(asked))
            except Ended:
                raise EnvironmentProblem(STUCK if child.hung else UNSURE) from None
            finally:
                child.close()

    def _again(self, child: Child, asked: frames.Asked) -> frames.Answered:
        """The answer to a call whose child has gone without one."""
        if self._closed:
            raise EnvironmentProblem(CLOSED)
        if asked.method in WRITES:
            raise EnvironmentProblem(STUCK if child.hung else UNSURE)
        other = self._living()
        try:
            return other.ask(asked)
        except Ended:
            if self._closed:
                raise EnvironmentProblem(CLOSED) from None
            raise EnvironmentProblem(HANGS if other.hung else ENDS) from None

    def _living(self) -> Child:
        with self._lock:
            self._must_be_open()
            if self._child is None or self._child.ended:
                self._look()
                self._child = Child(_started(self._folder, known=self._known))
            return self._child

    def _must_be_open(self) -> None:
        if self._closed:
            raise EnvironmentProblem(CLOSED)

    def _look(self) -> None:
        """Note that there is a library, which no child may begin anew should it be gone."""
        self._known = self._known or self._database.exists()

    def close(self) -> None:
        """Let the child finish what it writes and end; it is not waited for longer than that."""
        with self._lock:
            self._closed = True
            child, self._child = self._child, None
        if child is not None:
            child.close()


def _value(answer: frames.Answered) -> object:
    if answer.error is not None:
        raise answer.error
    return answer.value


def _started(folder: Path, *, known: bool) -> subprocess.Popen[bytes]:
    import os
    import subprocess

    from indexer.child import module_command, module_environment

    try:
        return subprocess.Popen(
            module_command("app.answering", [str(folder), *((KNOWN,) if known else ())]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=module_environment(),
            # A Ctrl+C in the terminal is for the window, which then closes this one in order.
            start_new_session=os.name == "posix",
        )  # fmt: skip
    except OSError as problem:
        raise EnvironmentProblem(
            f"The part of Deckhand that keeps the library could not be started: {problem}."
        ) from problem
