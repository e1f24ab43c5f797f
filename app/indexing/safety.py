"""What keeps the record safe beside the work: looked through after a crash, copied every day."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from app.errors import EnvironmentProblem, RecordDamaged
from app.indexing.readers import ahead_note
from app.indexing.recording import Task
from app.indexing.report import Report
from app.paths import LibraryPaths
from app.store import backups
from app.store.engine import Store, damaged
from app.store.tables import LibraryMeta
from indexer.inhand import InHand, left_in

log = logging.getLogger("deckhand.indexing")


def begin(store: Store) -> None:
    """Note that an indexer is at work; where the last one was cut off, look the record through.

    Raises RecordDamaged with the way out (DB-3).
    """
    mark = store.paths.at_work
    if mark.exists():
        log.info("the last indexer did not end: the record is looked through")
        if not backups.is_sound(store.engine):
            raise RecordDamaged(damaged(store.paths))
    mark.touch()


def accuse(paths: LibraryPaths, in_hand: InHand, tasks: Sequence[Task]) -> None:
    """Hold against a file that a former program ended while it was read ahead (IX-12)."""
    note = ahead_note(paths)
    left = left_in(note)
    for task in tasks:
        if left == str(task.path):
            log.info("the last indexer ended while %s was read ahead", left)
            in_hand.died(task.mark)
    in_hand.drop_note(note)


def end(store: Store) -> None:
    """Note that it has ended as it should."""
    store.paths.at_work.unlink(missing_ok=True)


def back_up_daily(store: Store, report: Report) -> None:
    """Copy the record when a day has passed since the last copy; a failure is told."""
    with store.read() as session:
        begun = session.get_one(LibraryMeta, "created_at").value
    if not backups.is_due(store.paths.backups, int(begun)):
        return
    try:
        made = backups.make(store.engine, store.paths.backups, "daily")
        log.info("a copy of the record was made: %s", made.path)
    except EnvironmentProblem as problem:
        log.warning("no copy of the record: %s", problem)
        report({"event": "error", "message": f"Today's copy of the library failed. {problem}"})
