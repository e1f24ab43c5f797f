"""Reading anew while things keep changing, without ever starving."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from app.library import Library
    from ui.bridge import Bridge

REST_MS = 250


class Refresh(QObject):
    """Keeps one read under way at most, and rests a quarter of a second between two reads.

    "Latest wins" alone would starve: while files are being indexed, each answer would be stale
    before it came, and nothing would ever be shown.
    """

    def __init__(
        self,
        bridge: Bridge,
        fn: Callable[[Library], Any],
        ok: Callable[[Any], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._fn = fn
        self._ok = ok
        self._reading = False
        self._again = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)

    def ask(self) -> None:
        """Read now, or once more when the read under way and the rest after it are over."""
        if self._reading or self._rest.isActive():
            self._again = True
            return
        self._reading = True
        self._bridge.read(self, self._fn, self._take, self._failed)

    @property
    def due(self) -> bool:
        """Whether something changed since the last read began: its answer may be out of date."""
        return self._again

    def stop(self) -> None:
        """Read no more."""
        self._rest.stop()
        self._again = False

    def _take(self, value: object) -> None:
        self._end()
        self._ok(value)

    def _failed(self, error: Exception) -> None:
        self._end()
        self._bridge.notify.problem(error)

    def _end(self) -> None:
        self._reading = False
        self._rest.start()

    def _rested(self) -> None:
        if self._again:
            self._again = False
            self.ask()
