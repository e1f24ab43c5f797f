"""One pass over the roots: scan, compare, read what changed, record it, index it."""

from __future__ import annotations

import logging
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from app.catalogue import fetching, mending, overview, reconcile, roots
from app.catalogue.foresight import Foresight
from app.catalogue.reconcile import Known, Plan
from app.errors import LibraryBusy
from app.indexing import safety, vanishing
from app.indexing.backlog import INDEX_ASSETS, Backlog
from app.indexing.pace import Pace
from app.indexing.readers import SMALL, readers
from app.indexing.recording import Read, Task, items_of, record_all
from app.indexing.report import Report
from app.indexing.settling import Settling
from app.store.engine import Store
from app.store.tables import Root
from indexer import collector
from indexer.fingerprint import file_sha256
from indexer.inhand import InHand
from indexer.scan import Found, RootUnreachable, Scan, Unread, real_path, scan
from indexer.search.state import is_doubted, take_doubt
from indexer.watch.filesystem import folds_case
from indexer.watch.ignore import Ignore
from indexer.worker import Done, Extractors, Job

if TYPE_CHECKING:
    from app.catalogue.radar_scan import RadarScan
    from app.indexing.feeding import Feeder

log = logging.getLogger("deckhand.indexing")

ROUNDS = 3
LOOKS = 256
CLOCKS = ("scan", "read", "record", "index", "copies")
FRESH_SENTENCE = "The file was still being written when it was read. It will be read again."


@dataclass(slots=True)
class Summary:
    """What a pass came to: counts of the whole library, and what this pass did.

    ``news``: how many files of each root looked through were not as they had been; links to files
    do not count, since what they point to lies elsewhere. ``failed``: those that could not be read.
    """

    files: int = 0
    assets: int = 0
    pages: int = 0
    read: int = 0
    missing: int = 0
    cancelled: bool = False
    waiting: int = 0
    offline: list[tuple[str, str]] = field(default_factory=list)
    unlisted: list[tuple[str, str]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    news: dict[int, int] = field(default_factory=dict)
    failed: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


class Indexing:
    """Owns the indexing of one library: its lock, its reading processes and its index writer.

    Raises LibraryBusy when another process indexes the library. ``pace`` ends, pauses and resumes
    a pass within a second; what was committed stays. ``extractors`` may bring children that
    are starting already; they are ended with the others.
    """

    def __init__(self, store: Store, report: Report, extractors: Extractors | None = None) -> None:
        self._store = store
        self._report = report
        self._lock = FileLock(store.paths.indexing_lock, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise LibraryBusy(
                "This library is being indexed already, by an open Deckhand window or another "
                "command. What you added will be read there."
            ) from None
        try:
            safety.begin(store)
        except BaseException:
            self._lock.release()
            raise
        self._extractors = extractors or readers(store.settings)
        self._in_hand = self._extractors.in_hand = InHand(store.paths.in_hand)
        self.pace = Pace(store.settings, report, self._extractors)
        self._settling = Settling(store.settings.number("index.settle_seconds"))
        self._feeder: Feeder | None = None
        self._foresight = Foresight(store)
        self._clock: dict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading processes and let library and index go."""
        self._extractors.close()
        self._in_hand.close()
        if self._feeder is not None:
            self._feeder.close()
            self._feeder = None
        safety.end(self._store)
        self._lock.release()

    # ---- a pass --------------------------------------------------------------------------

    def bring_up_to_date(
        self,
        *,
        rebuild: bool = False,
        only: frozenset[int] | None = None,
        settle_s: float = 0.0,
    ) -> Summary:
        """Scan the roots (or those of ``only``) and bring record and index up to date.

        A file younger than ``settle_s`` seconds is left for a later pass (``Summary.waiting``).
        """
        self.pace.begin()
        begun = time.perf_counter()
        self._clock = defaultdict(float, dict.fromkeys(CLOCKS, 0.0))
        self._foresight = Foresight(self._store)
        summary = Summary()
        if rebuild and self._feeder is not None:
            self._feeder.close()
            self._feeder = None
        if rebuild:
            self._feeding(rebuild=True)
        tasks = self._compare(only, settle_s, summary)
        if not self._extractors.reads_ahead:
            safety.accuse(self._store.paths, self._in_hand, tasks)
        for part in self._safe_first(tasks):
            self._read(part, summary)
            self._apply(self._feeding())
        self._compare_copies()
        self._finish(summary, begun)
        safety.back_up_daily(self._store, self._report)
        return summary

    def feed(self) -> None:
        """Apply to the index what others have changed in the record, and mend it."""
        if take_doubt(self._store.paths.index) and self._feeder is not None:
            # Opening it anew reads every byte of it.
            self._feeder.close()
            self._feeder = None
        self._apply(self._feeding())

    def is_fed(self) -> bool:
        """Whether nobody has harmed the index, or doubts it, since it was fed last."""
        return self._feeding().is_whole() and not is_doubted(self._store.paths.index)

    def _apply(self, feeder: Feeder) -> None:
        rebuilding = feeder.rebuilding

        def told(done: int, total: int) -> None:
            # An index that is rebuilt takes long; others are in step before anybody could read it.
            if rebuilding or total > INDEX_ASSETS:
                self._report({"event": "state", "state": "rebuilding"})
                self._progress(done, total, "")
            self._report({"event": "changed", "kinds": ["index"], "assets": []})

        self._timed("index", feeder.apply, self.pace.stopped, told)

    def _compare_copies(self) -> None:
        """Fingerprint what is new and find its near copies; search has it already."""
        from app.catalogue import fingerprints

        foreseen = self._foresight.differences
        if self._timed("copies", fingerprints.catch_up, self._store, self.pace.stopped, foreseen):
            self._report({"event": "changed", "kinds": ["assets"], "assets": []})

    def look(self, looking: RadarScan) -> bool:
        """Read a few files for the radar, unless paused; True while there are more."""
        return looking.step(self._extractors) if self.pace.going(0.5) else True

    def tidy(self) -> bool:
        """Do one piece of idle work; True when there may be more."""
        return self._feeding().tidy()

    def _feeding(self, *, rebuild: bool = False) -> Feeder:
        if self._feeder is None:
            from app.indexing.feeding import Feeder

            self._feeder = Feeder(self._store, self._store.paths.index, rebuild=rebuild)
            collector.loaded()
        return self._feeder

    def _timed(self, name: str, work: object, *args: object) -> object:
        begun = time.perf_counter()
        try:
            return work(*args)  # type: ignore[operator]
        finally:
            self._clock[name] += time.perf_counter() - begun

    def _finish(self, summary: Summary, begun: float) -> None:
        summary.cancelled = self.pace.cancelled
        with self._store.read() as session:
            status = overview.status(session, self._store.paths)
        summary.assets, summary.pages = status.assets, status.pages
        summary.files, summary.missing = status.files, status.missing
        self._clock["total"] = time.perf_counter() - begun
        summary.seconds = {name: round(spent, 3) for name, spent in self._clock.items()}
        self._report(
            {
                "event": "done", "files": summary.files, "assets": summary.assets,
                "pages": summary.pages, "problems": status.problems, "read": summary.read,
                "cancelled": summary.cancelled, "seconds": summary.seconds,
            }
        )  # fmt: skip

    # ---- scan and compare ----------------------------------------------------------------

    def _compare(
        self, only: frozenset[int] | None, settle_s: float, summary: Summary
    ) -> list[Task]:
        with self._store.read() as session:
            places = [(root.id, roots.path_of(session, root)) for root in roots.live(session)]
        self._report({"event": "state", "state": "scanning"})
        tasks: list[Task] = []
        for root_id, path in places:
            if self.pace.stopped():
                break
            if only is None or root_id in only:
                tasks += self._compare_root(root_id, path, settle_s, summary)
        return tasks

    def _compare_root(
        self, root_id: int, path: Path | None, settle_s: float, summary: Summary
    ) -> list[Task]:
        with self._store.read() as session:
            known = reconcile.known_files(session, root_id)
            root = session.get_one(Root, root_id)
            uid, patterns = str(root.uid), mending.patterns(self._store.settings, root)
        begun = time.perf_counter()
        try:
            if path is None:
                raise RootUnreachable("Nobody has said where this folder is on this machine.")
            ignore = Ignore.for_root(path, patterns)
            walk = scan(path, ignore)
            found = self._all(walk)
            if self.pace.cancelled:
                return []
            if not found and vanishing.all_gone(known, ignore):
                raise RootUnreachable(
                    f"{path} is empty now, though {len(known):,} files were there. "
                    "Nothing was forgotten; check the drive or the folder."
                )
        except RootUnreachable as problem:
            self._offline(root_id, str(path or ""), str(problem), summary)
            return []
        finally:
            self._clock["scan"] += time.perf_counter() - begun
        plan = reconcile.plan(
            known, fetching.lifted(self._store.settings, uid, known, found),
            unknown_below=[u.relpath for u in walk.problems],
            folds=lambda: folds_case(path, (item.relpath for item in found if item.raw is None)),
        )  # fmt: skip
        if self._too_many_gone(root_id, plan, known, ignore):
            self._offline(root_id, str(path), vanishing.sentence(len(plan.gone), known), summary)
            return []
        # Path.is_symlink raises for a name that is too long once it can be shown.
        summary.news[root_id] = sum(not os.path.islink(path / one) for one in plan.news)  # noqa: PTH114
        with self._store.write() as session:
            touched = reconcile.apply_quick(session, plan)
            mending.end_acceptance(session, session.get_one(Root, root_id))
            back = reconcile.mark_root(session, root_id, "online", _unlisted(walk.problems))
        summary.unlisted += [(f"{path}/{place.relpath}", place.problem) for place in walk.problems]
        if back:
            self._report({"event": "root", "id": root_id, "mode": "online", "reason": ""})
        if touched:
            self._changed(touched)
        ready = self._settling.ready(root_id, plan.read, settle_s)
        summary.waiting += len(plan.read) - len(ready)
        return [Task(root_id, item, real_path(path, item.relpath, item.raw)) for item in ready]

    def _all(self, walk: Scan) -> list[Found]:
        """The files of a scan; less than all once the pass is cancelled."""
        found: list[Found] = []
        for item in walk:
            found.append(item)
            if not len(found) % LOOKS and self.pace.stopped():
                break
        return found

    def _too_many_gone(self, root_id: int, plan: Plan, known: list[Known], ignored: Ignore) -> bool:
        """Whether so much has vanished at once that a person should say whether it is true."""
        if not vanishing.too_many(plan, known, ignored):
            return False
        with self._store.read() as session:
            root = session.get_one(Root, root_id)
            return not mending.is_accepted(session, root)

    def _offline(self, root_id: int, path: str, reason: str, summary: Summary) -> None:
        summary.offline.append((path, reason))
        with self._store.write() as session:
            changed = reconcile.mark_root(session, root_id, "offline", reason)
        if changed:
            self._report({"event": "root", "id": root_id, "mode": "offline", "reason": reason})

    def _changed(self, assets: list[int]) -> None:
        ids = sorted(set(assets))
        self._report({"event": "changed", "kinds": ["assets", "index"], "assets": ids})

    # ---- read and record -----------------------------------------------------------------

    def _safe_first(self, tasks: list[Task]) -> Iterator[list[Task]]:
        """All files under no suspicion; then, those being in the index, each suspect by itself.

        A suspect was in hand when a child or this whole program died, and may do it again.
        """
        yield _in_order([task for task in tasks if not self._in_hand.deaths(task.mark)])
        for task in tasks:
            if self._in_hand.deaths(task.mark):
                yield [task]

    def _read(self, tasks: list[Task], summary: Summary) -> None:
        if not tasks or self.pace.stopped():
            return
        self._report({"event": "state", "state": "indexing"})
        backlog, done = Backlog(), 0
        for item in self._outcomes(tasks):
            backlog.take(item)
            done += 1
            if item.problem and item.task.found.problem is None:
                summary.failed[item.task.root_id].add(item.task.found.relpath)
            self._progress(done, len(tasks), item.task.found.relpath)
            self._work_off(backlog)
        self._record(backlog.batch)
        summary.read += done

    def _work_off(self, backlog: Backlog) -> None:
        """Record and index what is due; sooner while there is nothing else to do."""
        if backlog.is_batch_due(quiet=self._extractors.quiet):
            backlog.recorded(self._record(backlog.batch))
        if backlog.is_index_due(quiet=self._extractors.quiet):
            self._apply(self._feeding())
            backlog.indexed()
        if backlog.is_foresight_due(quiet=self._extractors.quiet):
            self._timed("copies", self._foresight.look)
            backlog.foreseen()

    def _progress(self, done: int, total: int, current: str) -> None:
        self._report({"event": "progress", "done": done, "total": total, "current": current})

    def _outcomes(self, tasks: list[Task]) -> Iterator[Read]:
        """What became of each task; a file that changed while it was read is tried again."""
        for unread in tasks:
            if unread.found.problem is not None:
                yield Read(unread, None, None, unread.found.problem)
        waiting = [task for task in tasks if task.found.problem is None]
        for turn in range(ROUNDS):
            again: list[Task] = []
            for finished in self._extract(waiting):
                assert isinstance(finished.key, Task)
                task = finished.key
                if finished.vanished:
                    continue
                # What lay there when it was read may be another file than the scan saw.
                if finished.changed or not task.found.is_what(finished.seen):
                    finished = replace(finished, changed=True)
                    if turn + 1 < ROUNDS:
                        again.append(task)
                        continue
                yield _outcome(task, finished)
            waiting = [fresh for task in again if (fresh := _look_again(task)) is not None]
            if not waiting or self.pace.wait(0.5):
                return

    def _extract(self, tasks: list[Task]) -> Iterator[Done]:
        spent = 0.0

        def jobs() -> Iterator[Job]:
            for task in tasks:
                self.pace.nap(spent)
                if self.pace.cancelled:
                    return
                yield Job(task, task.path, task.mark, task.found.size)

        walk = self._extractors.run(jobs())
        # Loading and opening the index takes as long as starting the children.
        self._feeding()
        while True:
            begun = time.perf_counter()
            finished = next(walk, None)
            self._clock["read"] += time.perf_counter() - begun
            if finished is None:
                return
            spent = finished.seconds
            yield finished

    def _record(self, batch: list[Read]) -> int:
        """Write a batch in one transaction; returns how many assets it touched."""
        if not batch:
            return 0
        begun = time.perf_counter()
        items = items_of(batch)
        printed = time.perf_counter()
        with self._store.write() as session:
            touched = record_all(session, batch, items)
        self._clock["copies"] += printed - begun
        self._clock["record"] += time.perf_counter() - printed
        self._changed(touched)
        return len(set(touched))


def _in_order(tasks: list[Task]) -> list[Task]:
    """Small files first, which are many and soon found; then the others, the largest first.

    The small ones give the indexer work while the large ones are read, and what is read last is
    neither long nor has it much text.
    """
    return sorted(
        tasks, key=lambda task: -task.found.size if task.found.size > SMALL else -(1 << 63)
    )


def _unlisted(problems: list[Unread]) -> str:
    """The note on a root in which folders could not be listed, "" when all could be."""
    if not problems:
        return ""
    names = ", ".join(unread.relpath for unread in problems[:3])
    more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
    return f"Not all of it could be listed: {names}{more}. {problems[0].problem}"


def _look_again(task: Task) -> Task | None:
    """The task with what lies there at present; None when the file is gone."""
    try:
        fresh = task.found.looked_at_again(task.path)
    except OSError:
        return None
    return Task(task.root_id, fresh, task.path)


def _outcome(task: Task, finished: Done) -> Read:
    sha256, extracted = finished.sha256, finished.extracted
    if finished.changed:
        return Read(task, None, None, FRESH_SENTENCE)
    if sha256 is None:
        try:
            # The bytes are harmless to hash; only their meaning has to stay in the child.
            sha256 = file_sha256(task.path)
        except OSError:
            reason = extracted.reason or "This file could not be read."
            return Read(task, None, None, reason)
    return Read(task, sha256, extracted, "")
