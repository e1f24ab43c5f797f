"""Indexing for as long as the window is open: orders, hints, settling, and regular scans."""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.catalogue import mending, radar, roots
from app.catalogue.radar_scan import RadarScan
from app.errors import DeckhandError
from app.indexing.again import Again
from app.indexing.missed import Missed
from app.indexing.report import Report
from app.indexing.run import Indexing, Summary
from app.store import feed
from app.store.engine import Store
from indexer.awake import Sleep
from indexer.scan import is_folder
from indexer.watch.ignore import Ignore
from indexer.watch.watcher import LIVE, Watcher, Watching
from indexer.worker import Extractors

log = logging.getLogger("deckhand.indexing")

TICK_S = 0.5
LONGEST_WAIT_S = 15.0
EVENTS_COME_S = 1.0


class Service:
    """Keeps one library up to date until it is told to quit or its input ends."""

    def __init__(self, store: Store, report: Report, readers: Extractors | None = None) -> None:
        self._store = store
        self._report = report
        self._indexing = Indexing(store, self._tell, readers)
        self._orders: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._hints: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._quit = threading.Event()
        self._watcher: Watcher | None = None
        self._places: dict[int, Path | None] = {}
        self._watched: dict[int, Path] = {}
        self._ignored: dict[int, tuple[str, ...]] = {}
        self._dirty: dict[int, tuple[float, float]] = {}
        self._next_scan = 0.0
        self._fed = -1
        self._looking: RadarScan | None = None
        self._missed = Missed()
        self._again = Again()
        self._told: dict[int, Watching] = {}
        self._sleep = Sleep()
        self._woke = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watcher is not None:
            self._watcher.stop()
        self._end_radar()
        self._indexing.close()

    def run(self, *, watch: bool) -> None:
        """One pass, and with ``watch`` all that follow."""
        threading.Thread(target=self._listen, name="orders", daemon=True).start()
        if watch:
            minutes = self._store.settings.number("index.rescan_minutes")
            self._watcher = Watcher(self._hear, poll_s=60.0 * minutes)
            # Due at once; what stands in its way is told, and tried again.
            while not self._quit.is_set():
                self._tick()
        else:
            self._pass(None)

    # ---- orders --------------------------------------------------------------------------

    def _listen(self) -> None:
        for line in sys.stdin:
            try:
                order = str(json.loads(line).get("op", ""))
            except (ValueError, AttributeError):
                log.warning("not an order: %r", line[:200])
                continue
            if order == "quit":
                break
            self._obey(order)
        self.end()

    def end(self) -> None:
        """Stop as soon as possible, from any thread; what was recorded stays."""
        self._quit.set()
        self._indexing.pace.end()
        self._orders.put("quit")

    def _obey(self, order: str) -> None:
        """Carry out at once what must not wait for the end of a pass."""
        if order == "cancel":
            self._indexing.pace.cancel()
            self._orders.put(order)
        elif order == "pause":
            self._indexing.pace.pause()
        elif order == "resume":
            self._indexing.pace.resume()
        else:
            self._orders.put(order)

    # ---- the loop ------------------------------------------------------------------------

    def _tick(self) -> None:
        self._woke |= self._sleep.over()
        if not self._indexing.pace.going(TICK_S):
            return
        try:
            order = self._orders.get(timeout=TICK_S if self._looking is None else 0.01)
        except queue.Empty:
            order = ""
        if self._quit.is_set():
            return
        try:
            if order == "radar":
                self._begin_radar()
            elif order == "cancel":
                self._end_radar()
            self._indexing.pace.look()
            due = self._woke or time.monotonic() >= self._next_scan
            if order in ("scan", "rebuild") or due or self._roots_changed():
                self._pass(None, rebuild=order == "rebuild")
                return
            self._tell_modes()
            self._take_hints()
            ready = self._due()
            if ready:
                self._pass(ready)
            elif not self._feed() and not self._look():
                self._indexing.tidy()
        except DeckhandError as problem:
            self._report({"event": "error", "message": str(problem)})
            self._next_scan = time.monotonic() + 5.0
        finally:
            self._sleep.restart()

    def _pass(self, only: frozenset[int] | None, *, rebuild: bool = False) -> None:
        if self._watcher is not None:
            self._watch_roots()
        settle = self._store.settings.number("index.settle_seconds")
        waits = settle if only is not None else 0.0
        summary = self._indexing.bring_up_to_date(
            only=only, settle_s=waits, rebuild=rebuild
        )
        if not summary.cancelled:
            # A root that could not be reached has no news.
            self._again.passed(summary.news, summary.failed, time.monotonic())
        if only is None:
            self._compare_with_hints(summary)
            self._woke = False
            minutes = self._store.settings.number("index.rescan_minutes")
            self._next_scan = time.monotonic() + 60 * minutes
            if radar.folders(self._store.settings):
                self._orders.put("radar")
        self._after(only, summary)

    def _compare_with_hints(self, summary: Summary) -> None:
        """Poll from now on what changed and did not say so (FW-3)."""
        if self._watcher is None:
            return
        if self._woke or summary.cancelled:
            self._missed.doubt()
        live = [root for root in self._watched if _is_live(self._watcher.how(str(root)))]
        self._take_hints()
        if self._missed.silent(summary.news, live):
            # The change may have come just before the scan, and its event be on the way.
            self._quit.wait(EVENTS_COME_S)
            self._take_hints()
        for root in self._missed.scanned(summary.news, live):
            log.warning("changes in folder %s were not reported: it is polled from now on", root)
            self._watcher.distrust(str(root))

    def _tell_modes(self) -> None:
        """Say how a root is watched when that has changed by itself."""
        if self._watcher is None:
            return
        for root in self._watched:
            how = self._watcher.how(str(root))
            if how is not None and root in self._told and self._told[root] != how:
                self._told[root] = how
                self._missed.doubt(root)
                self._report(_root_event(root, how))

    def _after(self, only: frozenset[int] | None, summary: Summary) -> None:
        if summary.waiting:
            now = time.monotonic()
            for root in only or frozenset(self._watched):
                self._dirty.setdefault(root, (now, now))
        state = "cancelled" if summary.cancelled else "watching" if self._watcher else "idle"
        self._report({"event": "state", "state": state})

    # ---- the radar -----------------------------------------------------------------------

    def _begin_radar(self) -> None:
        """Look through the folders on the radar, in small steps between everything else."""
        if self._looking is None:
            self._looking = RadarScan(self._store, self._store.settings)
        self._tell_radar("scanning")

    def _look(self) -> bool:
        """A few files of the radar; False when there is nothing to do."""
        if self._looking is None:
            return False
        if self._indexing.look(self._looking):
            self._tell_radar("scanning")
        else:
            self._end_radar()
        return True

    def _end_radar(self) -> None:
        if self._looking is not None:
            self._tell_radar("done")
            self._looking.close()
            self._looking = None

    def _tell_radar(self, state: str) -> None:
        assert self._looking is not None
        done, total = self._looking.done, self._looking.total
        self._report({"event": "radar", "state": state, "done": done, "total": total})

    # ---- hints ---------------------------------------------------------------------------

    def _watch_roots(self) -> None:
        assert self._watcher is not None
        with self._store.read() as session:
            listed = roots.live(session)
            self._places = {root.id: roots.path_of(session, root) for root in listed}
            now = {root: path for root, path in self._places.items() if path is not None}
            ignored = {
                root.id: Ignore.for_root(now[root.id], mending.patterns(self._store.settings, root))
                for root in listed
                if root.id in now
            }
        for root in self._watched.keys() - now.keys():
            self._watcher.unwatch(str(root))
        for root, path in now.items():
            if self._watched.get(root) != path or self._ignored.get(root) != ignored[root].lines:
                # Also one that is not there: the watcher sees it come back.
                how = self._told[root] = self._watcher.watch(str(root), path, ignored[root])
                self._missed.doubt(root)
                if is_folder(path):
                    self._report(_root_event(root, how))
        self._watched = now
        self._ignored = {root: found.lines for root, found in ignored.items()}

    def _roots_changed(self) -> bool:
        with self._store.read() as session:
            now = {root.id: roots.path_of(session, root) for root in roots.live(session)}
        return now != self._places

    def _tell(self, event: dict[str, Any]) -> None:
        """Pass on what the pass reports; of a root that is back, say how it is watched."""
        if event["event"] == "root" and event["mode"] == "online" and self._watcher is not None:
            how = self._watcher.how(str(event["id"]))
            self._missed.doubt(event["id"])
            event = _root_event(event["id"], how) if how is not None else event
        self._report(event)

    def _hear(self, root: str, _relpath: str | None) -> None:
        self._hints.put(root)

    def _take_hints(self) -> None:
        """A hint makes its root due once it has been quiet for the settle time."""
        now = time.monotonic()
        while not self._hints.empty():
            root = int(self._hints.get())
            self._missed.heard(root)
            first, _ = self._dirty.get(root, (now, now))
            self._dirty[root] = (first, now)

    def _due(self) -> frozenset[int]:
        now = time.monotonic()
        settle = self._store.settings.number("index.settle_seconds")
        due = {
            root
            for root, (first, last) in self._dirty.items()
            if now - last >= settle or now - first >= LONGEST_WAIT_S
        }
        for root in due:
            del self._dirty[root]
        return frozenset((due | self._again.due(now)) & self._watched.keys())

    def _feed(self) -> bool:
        """Index what the window changed in the record (a root removed or put back)."""
        with self._store.read() as session:
            newest = feed.last_indexed(session)
        if newest == self._fed and self._indexing.is_fed():
            return False
        self._indexing.feed()
        self._fed = newest
        self._report({"event": "state", "state": "watching"})
        return True


def _is_live(how: Watching | None) -> bool:
    return how is not None and how.mode == LIVE


def _root_event(root: int, how: Watching) -> dict[str, Any]:
    return {"event": "root", "id": root, "mode": how.mode, "reason": how.reason or ""}
