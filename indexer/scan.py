"""Walks a root folder and yields the files that are there."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Self

from indexer.watch.ignore import Ignore

_ONLINE_ONLY = 0x1000 | 0x40000 | 0x400000
"""Windows: FILE_ATTRIBUTE_OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS (FW-16)."""
_DATALESS = 0x40000000
"""macOS: SF_DATALESS, of files whose content a file provider would have to fetch."""


ONLINE_ONLY = (
    "This file is online only: make it available on this computer to search inside, or have it read"
    " again, which fetches it."
)
LINKED = (
    "This is a link to another folder. Links are not followed, or files would be counted twice:"
    " add that folder itself, or ignore the link."
)
NO_FILE = "This is a pipe, a socket or a device and no file: there is nothing in it to read."


class RootUnreachable(Exception):
    """A root cannot be listed; the message is a sentence. It is offline, not empty (FW-7)."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file on disk.

    ``relpath`` has POSIX separators and is written as the operating system gave it; for a name
    that is not valid UTF-8 it is a display string with U+FFFD and a short hash, and ``raw``
    holds the bytes to open it with (NM-1). ``size`` is in bytes, ``mtime_ns`` in nanoseconds
    since 1970. ``file_key`` is "st_dev:st_ino" in hexadecimal. ``problem`` is a sentence when
    the file cannot be examined or read.
    """

    relpath: str
    raw: bytes | None
    size: int
    mtime_ns: int
    file_key: str
    problem: str | None

    def is_what(self, seen: tuple[int, int, int] | None) -> bool:
        """Whether a reader saw this file: its size, modification time and inode; None: nobody
        can tell."""
        if seen is None or not self.file_key:
            return True
        inode = int(self.file_key.partition(":")[2], 16)
        return seen == (self.size, self.mtime_ns, inode)

    def looked_at_again(self, path: Path) -> Self:
        """The same place with what lies there now. Raises OSError."""
        target, own = path.stat(), path.lstat()
        device = self.file_key.partition(":")[0]
        key = f"{device}:{own.st_ino:x}" if self.file_key else ""
        return replace(self, size=target.st_size, mtime_ns=target.st_mtime_ns, file_key=key)


@dataclass(frozen=True, slots=True)
class Unread:
    """A folder that could not be listed: nothing is known about what lies under it.

    ``relpath`` is the folder's display path, ``problem`` a sentence.
    """

    relpath: str
    problem: str


class Scan:
    """An iterator over the files of a root, in order of folder and name.

    Once it is exhausted, :attr:`problems` names the folders that could not be listed. Files
    under those are *unknown*, not gone. Links to files are yielded with the key of the link and
    the size of the target. Links to folders are never followed; they, and pipes, sockets and
    devices, are yielded with a problem.

    :raises RootUnreachable: while iterating, when the root cannot be listed, or was replaced
        (a share unmounted) before the scan came to its end.
    """

    def __init__(self, root: Path, ignore: Ignore) -> None:
        self.problems: list[Unread] = []
        self._root = root
        self._ignore = ignore
        self._walk = self._files()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Found:
        return next(self._walk)

    def _files(self) -> Iterator[Found]:
        key = _root_key(self._root)
        pending = [""]
        while pending:
            folder = pending.pop()
            below: list[str] = []
            for entry in self._entries(folder):
                relpath = f"{folder}/{entry.name}" if folder else entry.name
                shown = display_path(relpath)
                if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                    if not self._ignore.matches(shown, is_dir=True):
                        below.append(relpath)
                elif not self._ignore.matches(shown, is_dir=False):
                    yield _examine(entry, relpath, shown)
            pending.extend(reversed(below))
        if _root_key(self._root) != key:
            raise RootUnreachable(
                f"The folder “{_shown(self._root)}” was replaced or unmounted during the scan."
            )

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as listing:
                return sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise _unreachable(self._root, error) from error
            sentence = f"This folder could not be listed: {_why(error)}."
            self.problems.append(Unread(display_path(folder), sentence))
            return []


def scan(root: Path, ignore: Ignore | None = None) -> Scan:
    """Return an iterator over the files under a root; see :class:`Scan`.

    Without ``ignore`` the built-in patterns and the root's own ignore file apply.
    """
    return Scan(root, ignore if ignore is not None else Ignore.for_root(root))


def real_path(root: Path, relpath: str, raw: bytes | None) -> Path:
    """Return the path that opens a file which a scan has found (NM-1)."""
    return root / (os.fsdecode(raw) if raw is not None else relpath)


def is_folder(path: Path) -> bool:
    """Say whether a folder is there and can be reached.

    Path.is_dir raises for a share that was cut off, a drive that fails, a name that is too long.
    """
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Say whether a file is there and can be reached; see :func:`is_folder`."""
    return os.path.isfile(path)  # noqa: PTH113


def display_path(relpath: str) -> str:
    """Return a path that can be shown, stored and compared: valid Unicode, unique.

    A name that is not UTF-8 gets U+FFFD for its bad bytes, and eight hexadecimal digits of a
    hash of the bytes before its suffix, so that two such names never become one.
    """
    try:
        relpath.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(relpath)
        mark = hashlib.blake2b(raw, digest_size=4).hexdigest()
        shown = PurePosixPath(raw.decode("utf-8", "replace"))
        return str(shown.with_name(f"{shown.stem} ~{mark}{shown.suffix}"))
    return relpath


def _raw(relpath: str, shown: str) -> bytes | None:
    return None if relpath == shown else os.fsencode(relpath)


def _examine(entry: os.DirEntry[str], relpath: str, shown: str) -> Found:
    raw = _raw(relpath, shown)
    try:
        own = entry.stat(follow_symlinks=False)
        key = f"{own.st_dev:x}:{_inode(entry, own):x}"
    except OSError as error:
        return Found(shown, raw, 0, 0, "", f"This file could not be examined: {_why(error)}.")
    try:
        target = entry.stat() if entry.is_symlink() else own
    except OSError as error:
        sentence = f"This is a link, and its target could not be reached: {_why(error)}."
        return Found(shown, raw, 0, own.st_mtime_ns, key, sentence)
    if not stat.S_ISREG(target.st_mode):
        size, sentence = 0, LINKED if stat.S_ISDIR(target.st_mode) else NO_FILE
        return Found(shown, raw, size, own.st_mtime_ns, key, sentence)
    return Found(shown, raw, target.st_size, target.st_mtime_ns, key, _problem(entry, target))


def _problem(entry: os.DirEntry[str], status: os.stat_result) -> str | None:
    if is_online_only(status):
        return ONLINE_ONLY
    if not os.access(entry.path, os.R_OK):
        return "You have no permission to read this file: ask its owner for access."
    return None


def is_online_only(status: os.stat_result) -> bool:
    """Say whether opening a file would fetch its content from the network (FW-16).

    Only Windows and macOS tell. Linux has no such mark: a file without blocks may be one that a
    cloud mount has not fetched, but also a short one kept in its inode, or any file of the many
    mounts that count no blocks; it is read like others.
    """
    attributes = getattr(status, "st_file_attributes", 0)
    return bool(attributes & _ONLINE_ONLY or getattr(status, "st_flags", 0) & _DATALESS)


def _inode(entry: os.DirEntry[str], status: os.stat_result) -> int:
    # On Windows a directory entry's stat has no file index; its inode() asks for it.
    return status.st_ino or entry.inode()


def _is_junction(entry: os.DirEntry[str]) -> bool:
    test = getattr(entry, "is_junction", None)
    return bool(test and test())


def _root_key(root: Path) -> tuple[int, int]:
    try:
        status = root.stat()
    except OSError as error:
        raise _unreachable(root, error) from error
    if not stat.S_ISDIR(status.st_mode):
        raise RootUnreachable(f"“{_shown(root)}” is not a folder.")
    return status.st_dev, status.st_ino


def _unreachable(root: Path, error: OSError) -> RootUnreachable:
    return RootUnreachable(f"The folder “{_shown(root)}” cannot be reached: {_why(error)}.")


def _shown(root: Path) -> str:
    return os.fsencode(root).decode("utf-8", "replace")


def _why(error: OSError) -> str:
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]
