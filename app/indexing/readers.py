"""The pool of reading children of a library."""

from __future__ import annotations

import os

from app.paths import LibraryPaths
from app.settings import Settings
from indexer.worker import Extractors


def readers(settings: Settings) -> Extractors:
    """A pool of as many children as the setting says, else as there are cores but one."""
    workers = int(settings.number("index.workers"))
    return Extractors(workers or max(1, (os.cpu_count() or 2) - 1))


def early_readers(paths: LibraryPaths, settings: Settings) -> Extractors | None:
    """The pool with its children started, where there is sure to be work: nothing is indexed yet.

    They start while the record is opened, which takes longer.
    """
    if paths.index.exists():
        return None
    pool = readers(settings)
    pool.prepare()
    return pool
