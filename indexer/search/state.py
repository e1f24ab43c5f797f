"""What an index folder says of itself, without opening the index; and what its readers say of it.

A reader that cannot use the index leaves a note for the one process that may mend it. Whoever only
asks for that note need not load what reads an index (numpy and Whoosh).
"""

from __future__ import annotations

import contextlib
from pathlib import Path

DOUBT = "doubt"


def applied_in(folder: Path) -> int:
    """The change number that the index in ``folder`` holds; -1 when there is none to be used."""
    from indexer.search import files

    return _applied(folder, files.CURRENT)


def being_written(folder: Path) -> int:
    """The change number up to which an index is written there, one that is rebuilt before the one
    that answers; -1 when there is none."""
    from indexer.search import files

    return max(_applied(folder, files.NEXT), -1) if _has(folder, files.NEXT) else applied_in(folder)


def doubt(folder: Path) -> None:
    """Note that the index was found harmed, for whoever writes it."""
    from indexer.search import files

    if _has(folder, files.CURRENT) and not _has(folder, files.NEXT):
        with contextlib.suppress(OSError):
            (folder / DOUBT).touch()


def is_doubted(folder: Path) -> bool:
    """Whether somebody found the index harmed and nobody has looked since."""
    return _has(folder, DOUBT)


def take_doubt(folder: Path) -> bool:
    """Whether somebody found the index harmed; the note is taken away."""
    try:
        (folder / DOUBT).unlink()
    except OSError:
        return False
    return True


def _has(folder: Path, pointer: str) -> bool:
    return (folder / pointer).exists()


def _applied(folder: Path, pointer: str) -> int:
    from indexer.search import files

    try:
        target = files.read_pointer(folder, pointer)
        return -1 if target is None else files.read_manifest(target).applied
    except (files.Damaged, OSError):
        return -1


def entries_in(folder: Path) -> int:
    """How many entries (pages, and assets without any) the index in ``folder`` holds."""
    from indexer.search import files

    try:
        target = files.read_pointer(folder)
        return 0 if target is None else sum(e.live for e in files.read_manifest(target).segments)
    except (files.Damaged, OSError):
        return 0
