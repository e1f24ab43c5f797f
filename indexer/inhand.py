"""Remembers on disk which files are being read, so that a death tells whom to suspect (IX-12)."""

import contextlib
import json
import os
import secrets
import threading
from pathlib import Path

MOST_DEATHS = 2
"""A file that was in hand at so many deaths is not opened again."""

_KEPT = 200


class InHand:
    """The files in the hands of reading children, each with the deaths it was present at.

    A death is that of its child, or that of this whole program: a mark found when this is made
    was left by a program that ended in the middle. Marks are written before a file is opened,
    and reach the disk itself only by :meth:`sync`: a killed program loses nothing that was
    written, and only a file that takes long can bring the whole machine down.

    :param path: where the marks are kept; None keeps them in memory alone.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file: int | None = None
        self._length = 0
        self._synced = True
        self._lock = threading.Lock()
        self._folder = path.with_name(f"{path.name}.d") if path is not None else None
        self._open: set[str] = set()
        self._deaths: dict[str, int] = {}
        if path is not None:
            self._take_over(path)

    def _take_over(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._file = os.open(path, flags, 0o600)
        self._length = os.fstat(self._file).st_size
        found = _marks(os.read(self._file, self._length))
        left = {mark for mark, (_, open_) in found.items() if open_}
        noted = self._notes()
        left |= {mark for note in noted if (mark := _noted(note))}
        kept = {mark: deaths for mark, (deaths, _) in found.items()}
        self._deaths = {m: kept.get(m, 0) + (m in left) for m in dict.fromkeys([*kept, *left])}
        self._write()
        self.sync()
        for note in noted:
            self.drop_note(note)

    def _notes(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(self._folder.iterdir())

    def deaths(self, mark: str) -> int:
        """At how many deaths a file was in hand since it was last read to its end."""
        return self._deaths.get(mark, 0)

    def begin(self, mark: str) -> None:
        """Note that a file is about to be opened."""
        with self._lock:
            self._open.add(mark)
            self._write()

    def died(self, mark: str) -> None:
        """Note that the child which had the file died; the file is in nobody's hands now."""
        with self._lock:
            self._deaths[mark] = self.deaths(mark) + 1
            while len(self._deaths) > _KEPT:
                del self._deaths[next(iter(self._deaths))]
            self._open.discard(mark)
            self._write()

    def end(self, mark: str) -> None:
        """Note that the file has an outcome: nothing is held against it any more."""
        with self._lock:
            if mark in self._open or mark in self._deaths:
                self._deaths.pop(mark, None)
                self._open.discard(mark)
                self._write()

    def note(self) -> Path | None:
        """A new place where one child notes by itself which file it is about to open.

        For files that lie ready for it: it opens them while we may be busy. None without a place.
        """
        if self._folder is None:
            return None
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder / secrets.token_hex(6)

    def drop_note(self, note: Path | None) -> None:
        """The child is dead, and its death was counted where it had to be."""
        if note is not None:
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)

    def put_back(self, mark: str) -> None:
        """Note that reading was broken off by us; the deaths so far stay."""
        with self._lock:
            if mark in self._open:
                self._open.discard(mark)
                self._write()

    def forgive(self) -> None:
        """Note, from any thread, that the program is being ended on purpose."""
        with self._lock:
            self._open.clear()
            self._write()
        # Whatever a child still notes goes to a file that nobody finds.
        for note in self._notes():
            self.drop_note(note)

    def sync(self) -> None:
        """Bring the marks to the disk itself, so that they outlive a loss of power."""
        for note in self._notes():
            with contextlib.suppress(OSError), note.open("rb+") as stream:
                os.fsync(stream.fileno())
        if self._file is not None and not self._synced:
            self._synced = True
            with contextlib.suppress(OSError):
                os.fsync(self._file)

    def close(self) -> None:
        """Let the file go; marks still open stay in it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        """One write, as long as the one before: JSON does not mind blanks at its end."""
        if self._file is None:
            return
        marks = {
            mark: [self.deaths(mark), int(mark in self._open)]
            for mark in dict.fromkeys([*self._deaths, *self._open])
        }
        data = json.dumps(marks).encode("ascii") if marks else b""
        padded = data.ljust(self._length)
        self._length = len(padded)
        self._synced = False
        # A full disk must not end the run: then a death goes unnoticed, as it did before.
        with contextlib.suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, padded)


def _marks(data: bytes) -> dict[str, tuple[int, int]]:
    """Mark -> deaths, and whether it was in hand; nothing when the file is damaged."""
    try:
        return {
            str(mark): (int(deaths), int(left))
            for mark, (deaths, left) in json.loads(data or b"{}").items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}


def left_in(note: Path) -> str:
    """What a child had noted when it ended, "" when nothing was in its hand."""
    return _noted(note)


def _noted(note: Path) -> str:
    """The mark in the note of a child, "" when there is none."""
    try:
        found = json.loads(note.read_bytes() or b'""')
    except (OSError, ValueError):
        return ""
    return found if isinstance(found, str) else ""


class Note:
    """The child's side: what it is about to open, in its own file. Does nothing without one."""

    def __init__(self, path: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._file = -1
        self._length = 0
        # No file may be blamed for a note that a full disk does not take.
        with contextlib.suppress(OSError):
            self._file = os.open(path, flags, 0o600) if path else -1

    def say(self, mark: str) -> None:
        """Note a mark; "" when nothing is in hand any more."""
        if self._file < 0:
            return
        data = (json.dumps(mark).encode("ascii") if mark else b"").ljust(self._length)
        self._length = len(data)
        with contextlib.suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, data)
