"""The pool of reading children of a library."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from app.paths import LibraryPaths
from app.settings import Settings
from indexer.inhand import left_in
from indexer.scan import RootUnreachable, real_path, scan
from indexer.worker import Extractors

FIRST = 500
SMALL = 1 << 16
"""Bytes up to which a file is read before the others."""


def readers(settings: Settings) -> Extractors:
    """A pool of as many children as the setting says, else as there are cores but one."""
    workers = int(settings.number("index.workers"))
    return Extractors(workers or max(1, (os.cpu_count() or 2) - 1))


def early_readers(
    paths: LibraryPaths, settings: Settings, folders: Iterable[Path]
) -> Extractors | None:
    """The pool with its children started, where there is sure to be work: nothing is indexed yet.

    They start while the record is opened, which takes longer, and read the first small files of
    ``folders`` meanwhile.
    """
    if paths.index.exists():
        return None
    pool = readers(settings)
    noted = ahead_note(paths)
    # What people have ignored is not opened, and whether they have is kept by root; nor is
    # anything before it is clear what became of the file at which a former program ended.
    if settings.fact("ignored", {}) or left_in(noted):
        pool.prepare()
    else:
        pool.prepare(_first(folders), noted)
    return pool


def ahead_note(paths: LibraryPaths) -> Path:
    """Where stands what is read before the marks of files in hand are kept."""
    return paths.in_hand.with_name(f"{paths.in_hand.name}.ahead")


def _first(folders: Iterable[Path]) -> list[Path]:
    """Of the first files of the folders those that are read first."""
    found: list[Path] = []
    for given in folders:
        with contextlib.suppress(RootUnreachable, OSError, RuntimeError, ValueError):
            folder = given.expanduser().resolve()
            for item in islice(scan(folder), FIRST - len(found)):
                if item.problem is None and item.size <= SMALL:
                    found.append(real_path(folder, item.relpath, item.raw))
    return found
