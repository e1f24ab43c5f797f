"""A child process that answers requests in JSON lines: started when needed, replaced when gone."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

log = logging.getLogger("deckhand.ui.asking_child")

PATIENCE_MS = 30_000
CLOSE_MS = 1_000
ROOT = Path(__file__).resolve().parent.parent

Request = dict[str, object]
Answer = dict[str, object]


@dataclass(slots=True)
class _Job:
    request: Request
    done: Callable[[Answer], None]
    tries: int = 0


class AskedChild(QObject):
    """One child, started at the first request, replaced when it dies or hangs.

    At most ``at_once`` requests are to be under way (see ``has_room``), so that what is wanted
    now overtakes what was wanted before. A child that says nothing for ``patience_ms`` while it
    has something to do is killed; 0 means that it watches over itself. ``gentle`` children are
    asked to end by closing their input, because they have to end others first; the rest get a
    pipe that closes with this process, for they may be caught in a loop of a C library.
    Lives on the UI thread.
    """

    idle = Signal()

    def __init__(
        self,
        command: Sequence[str],
        parent: QObject | None = None,
        *,
        at_once: int = 1,
        patience_ms: int = PATIENCE_MS,
        gentle: bool = False,
    ) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._at_once = at_once
        self._gentle = gentle
        self._process: QProcess | None = None
        self._buffer = b""
        self._next_id = 1
        self._held = -1
        self._jobs: dict[int, _Job] = {}
        self._greeting: Request | None = None
        self._patient = patience_ms == 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(patience_ms)
        self._patience.timeout.connect(self._lost_patience)

    @property
    def has_room(self) -> bool:
        """Whether another job may be sent now."""
        return len(self._jobs) < self._at_once

    def send(self, request: Request, done: Callable[[Answer], None]) -> int:
        """Send one request; ``done`` gets the answer on the UI thread, whatever happens.

        Returns the number under which ``tell`` can speak of it.
        """
        return self._post(_Job(request, done))

    def tell(self, message: Request) -> None:
        """Say something that has no answer, to a child that runs."""
        if self._process is not None:
            self._process.write(_line(message))

    def greet(self, message: Request) -> None:
        """Say something without an answer now and first thing to each later child."""
        self._greeting = message
        self.tell(message)

    def close(self) -> None:
        """End the child; jobs under way are forgotten."""
        self._jobs.clear()
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.closeWriteChannel()
            if not self._gentle or not process.waitForFinished(CLOSE_MS):
                process.kill()
                process.waitForFinished(CLOSE_MS)
            process.deleteLater()
        self._cut_lifeline()

    def _post(self, job: _Job) -> int:
        number, self._next_id = self._next_id, self._next_id + 1
        self._jobs[number] = job
        self._running().write(_line({"id": number, **job.request}))
        self._wait()
        return number

    def _wait(self) -> None:
        if not self._patient:
            self._patience.start()

    def _running(self) -> QProcess:
        if self._process is None:
            process = QProcess(self)
            process.setWorkingDirectory(str(ROOT))
            process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
            process.setStandardErrorFile(QProcess.nullDevice())
            process.readyReadStandardOutput.connect(self._on_output)
            process.finished.connect(self._on_finished)
            process.errorOccurred.connect(self._on_error)
            self._process, self._buffer = process, b""
            with self._lifeline() as lifeline:
                process.start(self._command[0], [*self._command[1:], *lifeline])
            if self._greeting is not None:
                process.write(_line(self._greeting))
        return self._process

    @contextlib.contextmanager
    def _lifeline(self) -> Iterator[list[str]]:
        """The descriptor of a pipe that closes when this process ends, however it ends.

        A child caught in a loop of a C library does not notice that its input has closed.
        """
        self._cut_lifeline()
        if sys.platform == "win32" or self._gentle:
            yield []
            return
        reading, self._held = os.pipe()
        os.set_inheritable(reading, True)  # noqa: FBT003
        try:
            yield [str(reading)]
        finally:
            os.close(reading)

    def _cut_lifeline(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _on_output(self) -> None:
        if self._process is None:
            return
        self._buffer += self._process.readAllStandardOutput().data()
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._hear(line)
        if self._jobs:
            self._wait()
        else:
            self._patience.stop()
        self.idle.emit()

    def _hear(self, line: bytes) -> None:
        try:
            answer = json.loads(line)
        except ValueError:
            return
        if not isinstance(answer, dict):
            return
        job = self._jobs.pop(answer.get("id", 0), None)
        if job is not None:
            job.done(answer)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_finished()

    def _lost_patience(self) -> None:
        log.info("A child took too long and is replaced.")
        if self._process is not None:
            self._process.kill()

    def _on_finished(self, *_: object) -> None:
        """The child is gone: the oldest job is to blame, the others get another child."""
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._patience.stop()
        jobs, self._jobs = list(self._jobs.values()), {}
        for place, job in enumerate(jobs):
            job.tries += place == 0
            if job.tries >= 2:
                job.done({"ok": False, "reason": "The page could not be drawn."})
            else:
                self._post(job)
        self.idle.emit()


def _line(message: Request) -> bytes:
    return json.dumps(message, ensure_ascii=True).encode() + b"\n"
