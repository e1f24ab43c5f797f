"""What an index folder says of itself, without opening the index."""

from __future__ import annotations

from pathlib import Path

from indexer.search import files


def applied_in(folder: Path) -> int:
    """The change number that the index in ``folder`` holds; -1 when there is none to be used."""
    try:
        target = files.read_pointer(folder)
        return -1 if target is None else files.read_manifest(target).applied
    except (files.Damaged, OSError):
        return -1


def entries_in(folder: Path) -> int:
    """How many entries (pages, and assets without any) the index in ``folder`` holds."""
    try:
        target = files.read_pointer(folder)
        return 0 if target is None else sum(e.live for e in files.read_manifest(target).segments)
    except (files.Damaged, OSError):
        return 0
