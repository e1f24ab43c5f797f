"""Where things are: the files of a library, and what folder must not hold one."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ENV_LIBRARY = "DECKHAND_LIBRARY"
NETWORK_FILESYSTEMS = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "davfs", "fuse.sshfs",
    "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.onedriver", "ceph", "glusterfs",
)  # fmt: skip
SYNCED_FOLDERS = ("OneDrive", "Dropbox", "Google Drive", "iCloud Drive", "Mobile Documents")


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The files of one library folder; nothing is created by asking."""

    folder: Path

    @property
    def database(self) -> Path:
        """The record."""
        return self.folder / "library.db"

    @property
    def index(self) -> Path:
        """The search index, a cache of the record."""
        return self.folder / "index"

    @property
    def settings(self) -> Path:
        """The settings of this library on this machine."""
        return self.folder / "settings.json"

    @property
    def pictures(self) -> Path:
        """Page pictures and thumbnails, a cache by content hash."""
        return self.folder / "cache" / "pictures"

    @property
    def cache(self) -> Path:
        """Small things that may be thrown away."""
        return self.folder / "cache"

    @property
    def drafts(self) -> Path:
        """E-mail drafts handed to the mail program."""
        return self.folder / "drafts"

    @property
    def backups(self) -> Path:
        """Copies of the record, made every day and before each migration."""
        return self.folder / "backups"

    @property
    def logs(self) -> Path:
        """The program's log files."""
        return self.folder / "logs"

    @property
    def lock(self) -> Path:
        """The lock of whoever migrates the record."""
        return self.folder / "library.lock"

    @property
    def indexing_lock(self) -> Path:
        """The lock of whoever indexes."""
        return self.folder / "indexing.lock"

    @property
    def in_hand(self) -> Path:
        """Which files were being read when indexing ended in the middle."""
        return self.folder / "indexing.inhand"

    @property
    def at_work(self) -> Path:
        """There while an indexer is at work; one that finds it knows that the last was cut off."""
        return self.folder / "at-work"

    @property
    def collateral(self) -> Path:
        """Where the sample library keeps its made-up collateral."""
        return self.folder / "collateral"


def data_home() -> Path:
    """The folder that holds this person's libraries on this machine."""
    from platformdirs import user_data_path

    return user_data_path("deckhand", appauthor=False, roaming=False)


def default_library() -> Path:
    """The library used when none is named: $DECKHAND_LIBRARY, else the person's own."""
    named = os.environ.get(ENV_LIBRARY)
    return Path(named).expanduser().absolute() if named else data_home() / "library"


def sample_library() -> Path:
    """Where the sample library is built; beside a library named by the environment, if one is."""
    named = os.environ.get(ENV_LIBRARY)
    if named:
        own = Path(named).expanduser().absolute()
        return own.with_name(own.name + "-sample")
    return data_home() / "sample"


def filesystem_of(path: Path) -> str:
    """The type of the file system that holds ``path`` ("" where that cannot be told)."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    wanted, best, kind = str(path.resolve()), "", ""
    for line in mounts:
        fields = line.split(" ")
        point = fields[1].replace("\\040", " ")
        inside = wanted == point or wanted.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def gone(folder: Path) -> str:
    """The sentence about a library that was there and is not."""
    return (
        f"The library {folder} is gone: it was moved or deleted, or its drive is not there. "
        "Put it back where it was, then try again."
    )


def unfit_reason(folder: Path) -> str:
    """Why a library must not live in ``folder`` (DB-1), as a sentence, or ""."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return f"{folder} is a network share: SQLite cannot lock files safely there."
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    kind = filesystem_of(existing)
    if kind in NETWORK_FILESYSTEMS:
        return f"{folder} is on a network file system ({kind}): the library could be damaged."
    synced = next((name for name in SYNCED_FOLDERS if name in folder.parts), "")
    if synced:
        return f"{folder} is kept in step by {synced}: the library could be damaged."
    return ""
