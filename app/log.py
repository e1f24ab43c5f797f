"""The program's log: one rotating file per library, and nothing about it at import time."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

NAME = "deckhand.log"
MEGABYTES = 2
KEPT = 3
ROOT_LOGGERS = ("deckhand", "app", "indexer", "ui")
_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(process)d %(name)s: %(message)s"


def start(folder: Path, *, verbose: bool = False) -> Path:
    """Write the program's loggers into ``folder`` / deckhand.log from now on; returns the file.

    The file is renamed at 2 MB and three older ones are kept. A second start for the same folder
    changes nothing; another folder replaces the former. Where the folder cannot be written, the
    log goes to standard error, because a log must never stop the program.
    """
    import time

    file = folder / NAME
    if any(_file_of(handler) == file for handler in _handlers()):
        return file
    stop()
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _rotating(file)
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.set_name(NAME)
    for name in ROOT_LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    return file


def _rotating(file: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    class Log(RotatingFileHandler):
        """A log whose disk is full loses lines, and says nothing of it on standard error."""

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
            """Let the line go."""

        def close(self) -> None:
            """Let go of the file, also when its last lines cannot be written."""
            with contextlib.suppress(OSError):
                super().close()

    return Log(
        file, maxBytes=MEGABYTES * 1024 * 1024, backupCount=KEPT, encoding="utf-8",
        errors="backslashreplace",
    )  # fmt: skip


def stop() -> None:
    """Let go of the log file."""
    for handler in _handlers():
        for name in ROOT_LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


def _handlers() -> list[logging.Handler]:
    return [h for h in logging.getLogger(ROOT_LOGGERS[0]).handlers if h.get_name() == NAME]


def _file_of(handler: logging.Handler) -> Path | None:
    name = getattr(handler, "baseFilename", None)
    return Path(name) if name else None


def log_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Write an exception that nobody caught, with its traceback and thread."""
    logging.getLogger("deckhand").error(
        "Not caught, in thread %s", threading.current_thread().name, exc_info=(kind, error, trace)
    )
