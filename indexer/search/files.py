"""The folder of an index: who may write in it, which index in it counts, what that index holds.

``<folder>/current`` names the sub-folder that answers; ``<folder>/next`` one that is being rebuilt.
``.index.json`` in such a sub-folder is the whole truth about it: format, fingerprint, the change
number that it holds, its segments with their deletions and the sums of their files. A commit is
the renaming of that one file, so documents and change number appear together or not at all.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import shutil
import stat
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.search import schema, segment
from indexer.search import text as words

MANIFEST = ".index.json"
CURRENT, NEXT = "current", "next"
_PREFIX = "i-"


class Damaged(Exception):
    """The index cannot be read as it is; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment as the manifest knows it.

    ``deleted`` marks documents that are gone (bool per document) or is None; ``sums`` gives size
    and CRC-32 per file ending; ``languages`` are those of its documents.
    """

    id: str
    documents: int
    sums: dict[str, tuple[int, int]]
    languages: tuple[str | None, ...]
    deleted: NDArray[np.bool_] | None = None

    @property
    def live(self) -> int:
        """The number of documents that are not deleted."""
        return self.documents - (int(self.deleted.sum()) if self.deleted is not None else 0)

    def without(self, gone: NDArray[np.bool_]) -> Entry:
        """Return the entry with more documents deleted."""
        return replace(self, deleted=gone if self.deleted is None else self.deleted | gone)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a committed index holds."""

    generation: int
    applied: int
    segments: tuple[Entry, ...]


def make_private(folder: Path) -> bool:
    """Create a folder that only its owner may enter.

    Returns False when it was there and others could write in it: it is closed to them now, but
    what lies in it is not to be trusted. Raises PermissionError when it belongs to someone else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    trusted = why_not_private(folder) is None
    if not trusted:
        folder.chmod(0o700)
    return trusted


def why_not_private(folder: Path) -> str | None:
    """Return a sentence when somebody else could write in the folder, else None."""
    if sys.platform == "win32":
        return None
    found = folder.stat()
    if found.st_uid != os.geteuid():
        return f"The search index in {folder} belongs to another user and is not opened."
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"Other users could change the search index in {folder}, so it is not opened."
    return None


def read_pointer(folder: Path, name: str = CURRENT) -> Path | None:
    """Return the sub-folder that a pointer names, or None when there is no such pointer.

    Raises Damaged when the pointer holds anything but a name of ours.
    """
    try:
        raw = (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    target = raw.decode("ascii", "replace").strip()
    if not target.startswith(_PREFIX) or not target[len(_PREFIX) :].isalnum():
        raise Damaged("The note that says which search index counts is damaged.")
    return folder / target


def write_pointer(folder: Path, name: str, target: Path | None) -> None:
    """Set a pointer in one step, or remove it when ``target`` is None."""
    if target is None:
        (folder / name).unlink(missing_ok=True)
    else:
        write_safely(folder / name, target.name.encode())
    sync_folder(folder)


def new_folder(folder: Path) -> Path:
    """Create an empty index with an unused name and return its sub-folder."""
    target = folder / (_PREFIX + secrets.token_hex(6))
    target.mkdir(mode=0o700)
    write_manifest(target, Manifest(0, 0, ()))
    return target


def write_safely(path: Path, data: bytes) -> None:
    """Replace a file by another in one step that outlives a loss of power."""
    fresh = path.with_name(path.name + ".tmp")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def sync_folder(folder: Path) -> None:
    """Make names that were given or taken in a folder outlive a loss of power."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal(folder: Path, segment_id: str) -> dict[str, tuple[int, int]]:
    """Bring a segment's files to the disk and return size and CRC-32 of each."""
    sums = {}
    for ending in segment.EXTENSIONS:
        path = folder / (segment_id + ending)
        with path.open("r+b") as file:
            data = file.read()
            os.fsync(file.fileno())
        sums[ending] = (len(data), zlib.crc32(data))
    return sums


def verify(folder: Path, entry: Entry) -> None:
    """Read a segment's files once and compare their sums. Raises Damaged."""
    for ending, (size, crc) in entry.sums.items():
        data = (folder / (entry.id + ending)).read_bytes()
        if len(data) != size or zlib.crc32(data) != crc:
            raise Damaged("A file of the search index is not what was written.")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Commit: from here on the folder holds what the manifest says."""
    described = {
        "format": schema.FORMAT,
        "analyser": words.ANALYSER,
        "fingerprint": schema.fingerprint(),
        "generation": manifest.generation,
        "applied": manifest.applied,
        "segments": [_describe(entry) for entry in manifest.segments],
    }
    body = json.dumps(described, indent=1)
    described["sum"] = zlib.crc32(body.encode())
    write_safely(folder / MANIFEST, json.dumps(described, indent=1).encode())
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder holds. Raises Damaged, or FileNotFoundError when there is none."""
    raw = (folder / MANIFEST).read_bytes()
    try:
        described = json.loads(raw)
        checked = described.pop("sum")
        if zlib.crc32(json.dumps(described, indent=1).encode()) != checked:
            raise ValueError("wrong sum")
        known = described["fingerprint"]
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise Damaged("The list of what the search index holds is damaged.") from error
    if known != schema.fingerprint() or described.get("format") != schema.FORMAT:
        raise Damaged("The search index was written by another version of the program.")
    try:
        return Manifest(
            described["generation"],
            described["applied"],
            tuple(_entry(found) for found in described["segments"]),
        )
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise Damaged("The list of what the search index holds is damaged.") from error


def _describe(entry: Entry) -> dict[str, Any]:
    gone = entry.deleted
    packed = None if gone is None else zlib.compress(np.packbits(gone).tobytes(), 1)
    return {
        "id": entry.id,
        "documents": entry.documents,
        "languages": list(entry.languages),
        "files": {ending: list(pair) for ending, pair in entry.sums.items()},
        "deleted": None if packed is None else base64.b64encode(packed).decode(),
    }


def _entry(found: dict[str, Any]) -> Entry:
    count = int(found["documents"])
    deleted = None
    if found["deleted"] is not None:
        bits = np.frombuffer(zlib.decompress(base64.b64decode(found["deleted"])), np.uint8)
        deleted = np.unpackbits(bits, count=count).astype(bool)
    sums = {str(ending): (int(pair[0]), int(pair[1])) for ending, pair in found["files"].items()}
    return Entry(str(found["id"]), count, sums, tuple(found["languages"]), deleted)


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is written, cut or replaced; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def sweep(folder: Path, manifest: Manifest) -> None:
    """Delete what no commit speaks of, as far as it can be deleted."""
    kept = {entry.id for entry in manifest.segments}
    for path in folder.iterdir():
        if path.name == MANIFEST or path.name.split(".")[0] in kept:
            continue
        remove(path)


def sweep_folders(folder: Path) -> None:
    """Delete the indexes that no pointer names, as far as they can be deleted."""
    kept = set()
    for name in (CURRENT, NEXT):
        with contextlib.suppress(Damaged):
            kept.add(read_pointer(folder, name))
    for path in folder.glob(_PREFIX + "*"):
        if path not in kept:
            remove(path)


def remove(path: Path) -> None:
    """Delete a file or a folder; what is in use elsewhere stays until the next time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
