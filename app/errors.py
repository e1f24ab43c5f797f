"""The families of error: what a person can mend, what the surroundings must, what we must."""

from __future__ import annotations

import errno

_OF_THE_DISK = {
    errno.ENOSPC: "The disk is full. Make room and try again.",
    errno.EDQUOT: "Your share of the disk is used up. Make room and try again.",
    errno.EROFS: "This disk is read-only. Choose a place that can be written to.",
    errno.EACCES: "Permission is missing. Check the permissions.",
    errno.EPERM: "The system does not allow it. Check the permissions.",
    errno.EFBIG: "A file may not grow so large here. Use a disk or an account without that limit.",
    errno.EIO: "The disk reports an error. Check the disk and its cable.",
}


class DeckhandError(Exception):
    """Base of the errors that carry a sentence for people: what is wrong, where, what to do."""


class UserError(DeckhandError):
    """The person can mend it; the message says how (exit code 1)."""


class EnvironmentProblem(DeckhandError):
    """Disk full, locked, unreachable: retry or mend the surroundings (exit code 1)."""


class LibraryBusy(EnvironmentProblem):
    """Another program is indexing or migrating this library."""


class RecordDamaged(EnvironmentProblem):
    """SQLite finds damage in the record; it must not be written on until a copy is put back."""


def from_system(problem: OSError) -> EnvironmentProblem | None:
    """The sentence for what the disk or its permissions refuse; None for anything else."""
    words = _OF_THE_DISK.get(problem.errno or 0)
    if words is None:
        return None
    where = f"{problem.filename} cannot be used. " if problem.filename else ""
    return EnvironmentProblem(where + words)
