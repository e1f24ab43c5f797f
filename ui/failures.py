"""Exceptions that nobody caught: logged, counted, told once in a while; the window lives on."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from app import log
from ui.notify import Notify

QUIET_S = 10.0
LOGGED_MOST = 50


class Failures(QObject):
    """Owns ``sys.excepthook`` and ``threading.excepthook`` from ``install`` to ``uninstall``.

    The hook may be called on any thread and any number of times a second: it logs the first 50 of
    a kind, counts all, and has the UI thread say one sentence per ten seconds.
    """

    _happened = Signal(object)

    def __init__(self, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.notify = notify
        self.count = 0
        self._seen: dict[str, int] = {}
        self._said_at = float("-inf")
        self._guard = threading.Lock()
        self._happened.connect(self._say)
        self._former = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Hear every exception from now on."""
        self._former = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._former

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._former[0](kind, error, trace)
            return
        line = trace.tb_lineno if trace is not None else 0
        key = f"{kind.__name__}:{line}"
        with self._guard:
            self.count += 1
            times = self._seen[key] = self._seen.get(key, 0) + 1
        if times <= LOGGED_MOST:
            log.log_exception(kind, error, trace)
        self._happened.emit(error)

    def _say(self, _error: object) -> None:
        now = time.monotonic()
        if now - self._said_at < QUIET_S:
            return
        self._said_at = now
        self.notify.problem(self.notify.own_mistake())
