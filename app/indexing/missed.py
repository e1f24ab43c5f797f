"""Finds out that changes in a root were never reported (FW-3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping


class Missed:
    """Compares what scans find with what the watcher said of the same time.

    Only a root that was watched all the time between two scans, and said nothing, is suspected.
    """

    def __init__(self) -> None:
        self._heard: set[int] = set()
        self._sure: set[int] = set()

    def heard(self, root: int) -> None:
        """The watcher said something of a root."""
        self._heard.add(root)

    def doubt(self, root: int | None = None) -> None:
        """A root (all without one) was not watched, or not in the same way, all the time."""
        self._sure -= {root} if root is not None else set(self._sure)

    def silent(self, news: Mapping[int, int], live: Collection[int]) -> list[int]:
        """The roots of which a scan found news, and nobody said anything."""
        return [
            root
            for root, count in news.items()
            if count and root in self._sure and root not in self._heard and root in live
        ]

    def scanned(self, news: Mapping[int, int], live: Collection[int]) -> list[int]:
        """Take in what a scan of all roots found; returns the roots that kept it to themselves."""
        silent = self.silent(news, live)
        self._sure = {root for root in news if root in live}
        self._heard.clear()
        return silent
