"""Asks for better pictures of Office files, one conversion at a time, what is looked at first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from ui.asked_child import Answer, AskedChild

GRACE_MS = 8_000
"""How long a conversion that nobody waits for any more may hold up another one."""

SETTLE_MS = 250
"""How long something has to be on screen before it is converted."""

_NOUNS = {
    "slides": ("pptx", "ppt", "odp"),
    "sheets": ("xlsx", "xls", "xlsb", "ods"),
}
_INSTALL = "With LibreOffice installed, {nouns} are shown as they look."


@dataclass(frozen=True, slots=True)
class Convertible:
    """A file whose pictures could be better."""

    sha: str
    path: str
    kind: str


def install_hint(kind: str) -> str:
    """What LibreOffice would add, for a file of this kind."""
    nouns = next((nouns for nouns, kinds in _NOUNS.items() if kind in kinds), "pages")
    return _INSTALL.format(nouns=nouns)


class Conversions(QObject):
    """Owns the child that converts. Lives on the UI thread.

    ``choose`` gives the file to convert next, or None; it is asked whenever that may have
    changed. ``is_wanted`` tells whether anything on screen waits for a file. ``done`` carries
    the hash of a file that has been converted, ``refused`` that of one that cannot be;
    ``absent`` says that LibreOffice is not installed.
    """

    done = Signal(str)
    refused = Signal(str)
    absent = Signal()

    def __init__(
        self,
        command: Sequence[str],
        choose: Callable[[], Convertible | None],
        is_wanted: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._child = AskedChild(command, self, patience_ms=0, gentle=True)
        self._choose = choose
        self._is_wanted = is_wanted
        self._running: Convertible | None = None
        self._enabled = False
        self._closed = False
        self.is_absent = False
        self.converted: set[str] = set()
        self.reasons: dict[str, str] = {}
        self.slow: set[str] = set()
        self._cap = 0
        self._settle = self._timer(SETTLE_MS, self._next)
        self._grace = self._timer(GRACE_MS, self._stop_unwanted)

    def _timer(self, interval: int, deed: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(deed)
        return timer

    def configure(self, *, enabled: bool, cap: int) -> None:
        """Say whether to convert at all, and how many bytes the cache may hold."""
        self._enabled, self._cap = enabled, cap
        if enabled:
            self.look()
        elif self._running is not None:
            self._child.tell({"op": "stop"})

    @property
    def enabled(self) -> bool:
        """Whether pictures may be made by conversion."""
        return self._enabled

    def may_help(self, sha: str) -> bool:
        """Whether a conversion of the file may still be tried."""
        return self._enabled and not self.is_absent and sha not in self.reasons

    def look(self) -> None:
        """Something may be to convert: ask for it when the screen has come to rest."""
        if self._enabled and not self._closed and not self.is_absent:
            self._settle.start()

    def close(self) -> None:
        """End the child, and with it the conversion under way."""
        self._closed = True
        self._settle.stop()
        self._grace.stop()
        self._child.close()

    def _next(self) -> None:
        wanted = self._choose() if self._enabled and not self._closed else None
        if self._running is not None:
            if wanted is not None and not self._grace.isActive():
                self._grace.start()
        elif wanted is not None:
            self._send(wanted)

    def _send(self, wanted: Convertible) -> None:
        def heard(answer: Answer) -> None:
            self._running = None
            self._grace.stop()
            if not self._closed:
                self._take(wanted, answer)
                self.look()

        request: dict[str, object] = {
            "path": wanted.path, "sha": wanted.sha, "kind": wanted.kind, "cap": self._cap,
        }  # fmt: skip
        self._running = wanted
        self._child.send(request, heard)

    def _take(self, wanted: Convertible, answer: Answer) -> None:
        state = str(answer.get("state", "failed"))
        if answer.get("ok"):
            self.converted.add(wanted.sha)
            self.done.emit(wanted.sha)
        elif state == "absent":
            self.is_absent = True
            self.absent.emit()
        elif state == "slow":
            self.slow.add(wanted.sha)
        elif state != "stopped":
            self.reasons[wanted.sha] = str(answer.get("reason") or "")
            self.refused.emit(wanted.sha)

    def _stop_unwanted(self) -> None:
        """Make room for what is looked at now, unless the present one still is."""
        if self._running is not None and not self._is_wanted(self._running.sha):
            self._child.tell({"op": "stop"})
