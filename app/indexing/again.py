"""When to try again with files that could not be read, though they are there (FW-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DELAYS_S = (60.0, 300.0, 1800.0)
"""One, five and thirty minutes; what fails then waits for the regular scans like all others."""


@dataclass(slots=True)
class _Waiting:
    files: frozenset[str]
    tries: int
    due: float


class Again:
    """Remembers of each root which files failed, and counts the attempts; has no clock of its own.

    A file may be locked by the program that writes it, or its server may be away for a moment.
    """

    def __init__(self) -> None:
        self._of: dict[int, _Waiting] = {}

    def passed(self, roots: Iterable[int], failed: Mapping[int, set[str]], now: float) -> None:
        """Note what a pass over ``roots`` came to at ``now``: the files of each that failed."""
        for root in roots:
            files = frozenset(failed.get(root, ()))
            before = self._of.pop(root, None)
            if not files:
                continue
            if before is None or files - before.files:
                self._of[root] = _Waiting(files, 0, now + DELAYS_S[0])
            elif now < before.due:
                self._of[root] = _Waiting(files, before.tries, before.due)
            else:
                tries = before.tries + 1
                wait = DELAYS_S[tries] if tries < len(DELAYS_S) else float("inf")
                self._of[root] = _Waiting(files, tries, now + wait)

    def due(self, now: float) -> frozenset[int]:
        """The roots to be looked through again."""
        return frozenset(root for root, waiting in self._of.items() if now >= waiting.due)
