"""What was read and has still to be recorded and indexed, and when that is due."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from app.catalogue.foresight import LONG
from app.indexing.recording import Read

COMMIT_FILES, COMMIT_SECONDS = 60, 1.0
INDEX_ASSETS, INDEX_SECONDS = 300, 3.0
FORESEEN = 6
QUIET_COMMIT, QUIET_INDEX = 120_000, 250_000
"""Characters for which a commit of the record, or of the index, is worth its own cost while there
is nothing else to do: what waits until all is read keeps one core busy alone."""


@dataclass(slots=True)
class Backlog:
    """Counts what waits. ``quiet``: the reading children have said nothing new."""

    batch: list[Read] = field(default_factory=list)
    assets: int = 0
    unindexed: int = 0
    long: int = 0
    _in_batch: int = 0
    _long_in_batch: int = 0
    _committed: float = field(default_factory=time.monotonic)
    _indexed: float = field(default_factory=time.monotonic)

    def take(self, item: Read) -> None:
        """One more file was read."""
        self.batch.append(item)
        pages = item.extracted.pages if item.extracted is not None else ()
        self._long_in_batch += len(pages) >= LONG
        self._in_batch += sum(len(page.body) + len(page.notes) for page in pages)

    def is_batch_due(self, *, quiet: bool) -> bool:
        """Whether to record the batch now."""
        if len(self.batch) >= COMMIT_FILES or (quiet and self._in_batch >= QUIET_COMMIT):
            return True
        return time.monotonic() - self._committed >= COMMIT_SECONDS

    def recorded(self, assets: int) -> None:
        """The batch is in the record; it touched so many assets."""
        self.assets += assets
        self.unindexed += self._in_batch
        self.long += self._long_in_batch
        self.batch, self._in_batch, self._long_in_batch = [], 0, 0
        self._committed = time.monotonic()

    def is_index_due(self, *, quiet: bool) -> bool:
        """Whether to bring the index up to the record now."""
        if self.assets >= INDEX_ASSETS or (quiet and self.unindexed >= QUIET_INDEX):
            return True
        return bool(self.assets) and time.monotonic() - self._indexed >= INDEX_SECONDS

    def indexed(self) -> None:
        """The index is up to the record."""
        self.assets = self.unindexed = 0
        self._indexed = time.monotonic()

    def is_foresight_due(self, *, quiet: bool) -> bool:
        """Whether so many long files were recorded that they are worth comparing ahead."""
        return quiet and self.long >= FORESEEN

    def foreseen(self) -> None:
        """They have been compared."""
        self.long = 0
