"""Which changed files have been still for long enough to be read (FW-8)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from indexer.scan import Found
from indexer.watch.stability import Stability


class Settling:
    """A file is still when it is old enough, or was seen just so that long ago.

    The second counts where the clock of a file server runs ahead of ours: its files come from the
    future for as long as it does.
    """

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._of: dict[int, Stability[str]] = {}

    def ready(self, root_id: int, files: Sequence[Found], settle_s: float) -> list[Found]:
        """Those of the files of a root that can be read; all of them without ``settle_s``."""
        now, limit = time.monotonic(), time.time_ns() - int(settle_s * 1e9)
        seen = self._of.setdefault(root_id, Stability(self._delay_s))
        fresh = [item for item in files if settle_s and item.mtime_ns > limit]
        for item in fresh:
            seen.touch(item.relpath, now, item.size, item.mtime_ns)
        still = set(seen.settled(now))
        waiting = {item.relpath for item in fresh if item.relpath not in still}
        return [item for item in files if item.relpath not in waiting]
