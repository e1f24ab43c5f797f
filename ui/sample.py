"""Building the sample library in a child process, because it is minutes of work."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from ui.notify import Notify

ROOT = Path(__file__).resolve().parent.parent
# The child says what it does on stdout, one JSON object a line; the last one names the folder.
CHILD = """
import json, os, sys
if hasattr(os, "nice"):
    os.nice(5)
from app.errors import DeckhandError
from app.library import build_sample
def tell(**facts):
    print(json.dumps(facts), flush=True)
try:
    folder = build_sample(lambda done, total, text: tell(done=done, total=total, text=text))
    tell(folder=str(folder))
except DeckhandError as problem:
    tell(problem=str(problem))
    sys.exit(1)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the building is: ``done`` of ``total``, and the words for what is being done."""

    done: int
    total: int
    text: str


class SampleBuilder(QObject):
    """Runs ``app.library.build_sample`` in a child; lives on the UI thread and never waits.

    ``progressed`` carries a Step, ``built`` the library's folder (Path), ``failed`` a sentence.
    """

    progressed = Signal(object)
    built = Signal(object)
    failed = Signal(str)

    def __init__(
        self, notify: Notify, parent: QObject | None = None, *, command: list[str] | None = None
    ) -> None:
        super().__init__(parent)
        self._notify = notify
        self._command = command or [sys.executable, "-c", CHILD]
        self._folder: Path | None = None
        self._problem = ""
        self._ended = False
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(ROOT))
        self._process.readyReadStandardOutput.connect(self._hear)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._on_error)

    def start(self) -> None:
        """Begin; returns at once."""
        self._process.start(self._command[0], self._command[1:])

    def stop(self) -> None:
        """End the child; nothing is told any more. What was built so far is built on next time."""
        self._ended = True
        self._process.kill()
        self._process.waitForFinished(500)

    def _hear(self) -> None:
        while self._process.canReadLine():
            try:
                said = json.loads(bytes(self._process.readLine().data()))
            except ValueError:
                continue
            if "folder" in said:
                self._folder = Path(said["folder"])
            elif "problem" in said:
                self._problem = str(said["problem"])
            elif "done" in said:
                step = Step(int(said["done"]), int(said["total"]), str(said["text"]))
                self.progressed.emit(step)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._finish()

    def _finish(self, *_: object) -> None:
        if self._ended:
            return
        self._ended = True
        self._hear()
        if self._folder is not None:
            self.built.emit(self._folder)
        else:
            self._tell_failure()
        self.deleteLater()

    def _tell_failure(self) -> None:
        words = self._problem
        if not words:
            errors = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            words = self._notify.sentence(
                RuntimeError(f"The sample was not built: {errors[-2000:]}")
            )
        self._notify.problem(words)
        self.failed.emit(words)
