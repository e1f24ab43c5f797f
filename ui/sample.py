"""Building the sample library beside the window's work."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.notify import Notify


@dataclass(frozen=True, slots=True)
class Step:
    """How far the building is: ``done`` of ``total``, and the words for what is being done."""

    done: int
    total: int
    text: str


class SampleBuilder(QObject):
    """Runs ``app.library.build_sample`` on a thread of its own.

    ``progressed`` carries a Step, ``built`` the library's folder (Path), ``failed`` a sentence.
    """

    progressed = Signal(object)
    built = Signal(object)
    failed = Signal(str)
    _ended = Signal(object)

    def __init__(self, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notify = notify
        self._ended.connect(self._finish)

    def start(self) -> None:
        """Begin; returns at once."""
        threading.Thread(target=self._build, name="sample", daemon=True).start()

    def _build(self) -> None:
        outcome: Path | Exception
        try:
            from app.library import build_sample

            outcome = build_sample(self._on_progress)
        except Exception as error:
            outcome = error
        self._ended.emit(outcome)

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.progressed.emit(Step(done, total, text))

    def _finish(self, outcome: Path | Exception) -> None:
        if isinstance(outcome, Exception):
            words = self._notify.sentence(outcome)
            self._notify.problem(words)
            self.failed.emit(words)
        else:
            self.built.emit(outcome)
        self.deleteLater()
