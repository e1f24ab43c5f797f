"""The families of error: what a person can mend, what the surroundings must, what we must."""

from __future__ import annotations


class DeckhandError(Exception):
    """Base of the errors that carry a sentence for people: what is wrong, where, what to do."""


class UserError(DeckhandError):
    """The person can mend it; the message says how (exit code 1)."""


class EnvironmentProblem(DeckhandError):
    """Disk full, locked, unreachable: retry or mend the surroundings (exit code 1)."""


class LibraryBusy(EnvironmentProblem):
    """Another program is indexing or migrating this library."""
