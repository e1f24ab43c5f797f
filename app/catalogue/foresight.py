"""Differences of long contents, worked out while others are still being read.

Which contents are near copies is found when all are there (``fingerprints``); that is soon done.
How they differ takes longest for long ones, and does not depend on what else there is.
"""

from __future__ import annotations

from app.catalogue import fingerprints, versions
from app.store.engine import Store

LONG = 10
"""Pages from which on a content is worth it."""


class Foresight:
    """Owns what it has worked out: it is right for as long as the record keeps the versions' pages,
    that is, for one pass. ``differences``: by pair of versions, the lower first."""

    def __init__(self, store: Store) -> None:
        self.differences: fingerprints.Differences = {}
        self._store = store
        self._seen: set[int] = set()

    def look(self) -> None:
        """Work out the differences of what is new among the long contents."""
        from indexer import likeness

        with self._store.read() as session:
            kept = fingerprints.kept_prints(session, current=True, least_pages=LONG)
        shelf = likeness.Shelf(list(kept), list(kept.values()))
        pairs: set[tuple[int, int]] = set()
        for version in kept.keys() - self._seen:
            pairs |= fingerprints.pairs_of(shelf, kept, version, set()).keys()
        self._seen |= kept.keys()
        wanted = sorted(pairs - self.differences.keys())
        with self._store.read() as session:
            pages = versions.pages_of(session, sorted({v for pair in wanted for v in pair}))
        for low, high in wanted:
            found = versions.diff(pages[low], pages[high])
            self.differences[low, high] = versions.as_data(found)
