"""Where pictures of pages are kept on disk: by content, whole or not at all, within a size."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFAULT_CAP = 500 << 20
"""Bytes that the cache may hold."""

SCRATCH = ".office-"
"""How folders of conversions under way begin; the process id of their owner follows."""

_ROOM = 0.9
_STALE_S = 3_600.0
_TOUCH_S = 600.0
_HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a look over the cache found and removed, in bytes; ``files`` counts removed files."""

    before: int
    after: int
    files: int


def _digest(sha_hex: str) -> str:
    digest = sha_hex.lower()
    if not digest or not set(digest) <= _HEXADECIMAL:
        raise ValueError(f"“{sha_hex}” is no content hash in hexadecimal")
    return digest


def cache_file(cache: Path, sha_hex: str, page: int, width: int, ext: str = "jpg") -> Path:
    """Return where the picture of a page is kept: by content, so that copies share it.

    :param sha_hex: the file's SHA-256 in hexadecimal; anything else would be a path of its own.
    :param page: counts from 1.
    :param width: in pixels.
    :raises ValueError: when the hash is none, or the extension is not plain.
    """
    digest = _digest(sha_hex)
    if not ext.isalnum():
        raise ValueError(f"“{ext}” is no plain file extension")
    return cache / digest[:2] / f"{digest}-{int(page)}-{int(width)}.{ext}"


def converted_file(cache: Path, sha_hex: str) -> Path:
    """Return where the PDF is kept into which a file with this content was converted.

    :raises ValueError: when the hash is none.
    """
    digest = _digest(sha_hex)
    return cache / digest[:2] / f"{digest}.pdf"


def memo_file(cache: Path, sha_hex: str) -> Path:
    """Return where it is noted that a file with this content could not be converted.

    :raises ValueError: when the hash is none.
    """
    return converted_file(cache, sha_hex).with_suffix(".json")


def write_whole(out: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it.

    :raises OSError: when it cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        Path(name).replace(out)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def note_use(path: Path) -> None:
    """Set a file's access time, which many systems do not keep, unless that was done of late."""
    with contextlib.suppress(OSError):
        facts = path.stat()
        now = time.time()
        if now - facts.st_atime > _TOUCH_S:
            os.utime(path, (now, facts.st_mtime))


def sweep(cache: Path, cap: int = DEFAULT_CAP) -> Swept:
    """Remove what was used longest ago until the cache holds nine tenths of ``cap`` bytes.

    Nothing is removed while the cache holds at most ``cap`` bytes, but for what a process left
    half written an hour ago or more. Interrupted at any moment, it leaves whole files only; a
    file that somebody else removes meanwhile, or that is in use, is passed over.
    """
    found = sorted(_files(cache))
    before = left = sum(size for _, size, _ in found)
    removed = 0
    long_ago = time.time() - _STALE_S
    crowded = before > cap
    for used, size, name in found:
        half_written = name.endswith(".part") and used < long_ago
        if half_written or (crowded and left > cap * _ROOM):
            try:
                Path(name).unlink()
            except OSError:
                continue
            left -= size
            removed += 1
    return Swept(before, left, removed)


def _files(cache: Path) -> Iterator[tuple[float, int, str]]:
    """Yield (last use, bytes, path) of every file; folders of conversions are left alone."""
    try:
        folders = [e.path for e in os.scandir(cache) if e.is_dir() and not e.name.startswith(".")]
    except OSError:
        return
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_file(follow_symlinks=False):
                        facts = entry.stat(follow_symlinks=False)
                        last_use = max(facts.st_atime, facts.st_mtime)
                        yield last_use, facts.st_size, entry.path
