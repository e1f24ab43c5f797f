"""What the window remembers per library: geometry, page, last search, last list.

Written atomically by a thread of its own; the UI thread reads once, before the first paint.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from app.rows import Hit, RankReason, TagRow
from app.settings import write_atomically

V = TypeVar("V", bool, int, str, list[Any], dict[str, Any])
LIST_ROWS = 60
_PAUSE_S = 0.3
log = logging.getLogger("deckhand.ui")


class State:
    """Remembered values of one library folder; every method is meant for the UI thread.

    A missing, damaged or foreign file counts as nothing remembered.
    """

    def __init__(self, library_folder: Path) -> None:
        self._file = library_folder / "window.json"
        self._list_file = library_folder / "cache" / "last-list.json"
        self._values = self._read()
        self._jobs: dict[Path, Callable[[], str]] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._writing = False

    def get(self, key: str, default: V) -> V:
        """The remembered value, or ``default`` when there is none of the default's type."""
        value = self._values.get(key, default)
        return value if type(value) is type(default) else default

    def set(self, key: str, value: bool | int | str | list[Any] | dict[str, Any]) -> None:  # noqa: FBT001
        """Remember a JSON value; it reaches the disk within a second."""
        if self._values.get(key) == value:
            return
        self._values[key] = value
        values = dict(self._values)
        self._put(self._file, lambda: json.dumps(values, indent=1, sort_keys=True))

    def save_list(self, rows: Sequence[Hit]) -> None:
        """Keep the top of the list now shown, to be painted first at the next start."""
        kept = tuple(rows[:LIST_ROWS])
        self._put(self._list_file, lambda: json.dumps([asdict(hit) for hit in kept]))

    def load_list(self) -> tuple[Hit, ...]:
        """The rows kept by ``save_list``; empty when there are none that this version can read."""
        try:
            raw = json.loads(self._list_file.read_text("utf-8"))
            return tuple(_hit(item) for item in raw[:LIST_ROWS])
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
            log.info("The list shown last could not be read: %s", problem)
            return ()

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is pending, waiting at most ``timeout_s`` seconds."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _read(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            values = json.loads(self._file.read_text("utf-8"))
            if isinstance(values, dict):
                return values
        return {}

    def _put(self, file: Path, job: Callable[[], str]) -> None:
        with self._wake:
            self._jobs[file] = job
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="state", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._jobs or self._stopping)
                # Several changes in a row (a splitter being dragged) become one write.
                self._wake.wait_for(lambda: self._stopping, timeout=_PAUSE_S)
                jobs, self._jobs = self._jobs, {}
                last = self._stopping
            for file, job in jobs.items():
                try:
                    write_atomically(file, job())
                except OSError as problem:
                    log.warning("The window's state could not be written: %s", problem)
            if last:
                return


def _hit(item: dict[str, Any]) -> Hit:
    """A Hit from JSON. Raises TypeError, KeyError or ValueError when it is not one."""
    if set(item) != {one.name for one in fields(Hit)}:
        raise ValueError("written by another version")
    ranges = {
        key: tuple((int(start), int(end)) for start, end in item[key])
        for key in ("marks", "title_marks")
    }
    tags = tuple(TagRow(**tag) for tag in item["tags"])
    ranking = tuple(RankReason(**reason) for reason in item["ranking"])
    why = tuple(map(str, item["why"]))
    return Hit(**{**item, **ranges, "tags": tags, "why": why, "ranking": ranking})
