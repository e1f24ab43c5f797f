"""Writing a batch of read files into the record: what is plainly new at once, the rest singly."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.catalogue import fingerprints, ingest, ingest_new
from indexer.extract import Extracted
from indexer.scan import Found

log = logging.getLogger("deckhand.indexing")


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read."""

    root_id: int
    found: Found
    path: Path

    @property
    def mark(self) -> str:
        """Names this content of the file, to remember deaths by."""
        found = self.found
        return f"{self.root_id}:{found.size}:{found.mtime_ns}:{found.relpath}"


@dataclass(frozen=True, slots=True)
class Read:
    """A file ready for the record: its content, or the sentence why there is none."""

    task: Task
    sha256: bytes | None
    extracted: Extracted | None
    problem: str


def items_of(batch: Sequence[Read]) -> list[ingest_new.Item]:
    """What of a batch could be read, with its fingerprints: no transaction is open meanwhile."""
    return [
        ingest_new.Item(
            item.task.root_id, item.task.found, item.sha256, item.extracted,
            fingerprints.prints_of(item.extracted.pages) if item.extracted.pages else None,
        )
        for item in batch
        if item.sha256 is not None and item.extracted is not None
    ]  # fmt: skip


def record_all(
    session: Session, batch: Sequence[Read], items: Sequence[ingest_new.Item]
) -> list[int]:
    """Write a batch: what is plainly new at once, the rest one by one. Returns the assets."""
    new = ingest_new.plainly_new(session, items)
    quick = [item for place, item in enumerate(items) if place in new]
    touched: list[int] = []
    try:
        with session.begin_nested():
            touched += ingest_new.add(session, quick) if quick else []
    except (ValueError, UnicodeError, LookupError):
        # One of them is at fault; the careful way finds out which and says so.
        log.warning("%d new files are written one by one", len(quick), exc_info=True)
        quick, touched = [], []
    done = {(item.root_id, item.found.relpath) for item in quick}
    for item in batch:
        if (item.task.root_id, item.task.found.relpath) not in done:
            touched.append(_record_one(session, item))
    return touched


def _record_one(session: Session, item: Read) -> int:
    """Write one file; should that fail, its line in Problems says so and the run goes on."""
    task = item.task
    if item.sha256 is None or item.extracted is None:
        return ingest.ingest_problem(session, task.root_id, task.found, item.problem)
    try:
        with session.begin_nested():
            return ingest.ingest(session, task.root_id, task.found, item.sha256, item.extracted)
    except (ValueError, UnicodeError, LookupError):
        log.exception("the record did not take %s", task.found.relpath)
        sentence = "This file's text could not be kept. The log has the reason."
        return ingest.ingest_problem(session, task.root_id, task.found, sentence)
