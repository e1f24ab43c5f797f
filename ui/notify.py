"""The one place that speaks to the person outside a page; never modal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from app.errors import DeckhandError

Action = tuple[str, Callable[[], None]]
log = logging.getLogger("deckhand.ui")


class Notice(NamedTuple):
    """One sentence for the toast area; ``kind`` is info or problem."""

    text: str
    kind: str
    action: Action | None = None


class Notify(QObject):
    """Turns words and errors into notices. ``said`` carries a Notice on the UI thread."""

    said = Signal(object)

    def __init__(self, log_file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file

    def set_log_file(self, log_file: Path) -> None:
        """Name the log that a sentence about our own mistakes points to."""
        self._log_file = log_file

    def info(self, text: str, *, action: Action | None = None) -> None:
        """Say that something was done; ``action`` is (label, what it does)."""
        self.said.emit(Notice(text, "info", action))

    def problem(self, what: Exception | str, *, action: Action | None = None) -> None:
        """Say what went wrong: a sentence, or an error whose sentence is fit for people.

        Any other exception is our own mistake: it is logged and the person is told where.
        """
        if isinstance(what, Exception):
            what = self.sentence(what)
        self.said.emit(Notice(what, "problem", action))

    def sentence(self, error: Exception) -> str:
        """The sentence for an error; logs it when it is our own mistake."""
        if isinstance(error, DeckhandError):
            return str(error)
        log.error("Unexpected error", exc_info=error)
        return self.own_mistake()

    def own_mistake(self) -> str:
        """The sentence for a fault of ours that is in the log already."""
        where = f" The log has it: {self._log_file}" if self._log_file else ""
        return f"Something went wrong on our side.{where}"
