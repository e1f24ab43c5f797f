"""Assets that the index does not hold as they are now: found in the record meanwhile (SC-6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.finding import fallback, plainly
from app.finding.matching import Answer, Matched, of_fallback, union
from app.finding.snapshot import Snapshot
from app.store import feed
from app.store.logs import Change
from indexer.search import state
from indexer.search.query import Node

MANY = 500
"""With more assets waiting than this, that is said: answers come from the record for the most."""


class Waiting(NamedTuple):
    """The assets that changed since the change that the index holds."""

    changes: int
    applied: int
    ids: NDArray[np.int64]


def read(session: Session, snapshot: Snapshot, applied: int) -> Waiting:
    """Look which they are."""
    stale = feed.assets_since(session, applied) if applied < feed.last_indexed(session) else []
    return Waiting(snapshot.stamp.changes, applied, np.array(stale, np.int64))


def completed(
    session: Session, snapshot: Snapshot, node: Node, found: Answer, waiting: Waiting, index: Path
) -> Answer:
    """The answer of the index, with the record's in place of its own for assets that wait.

    What the index knows of those may be what a file said before.
    """
    mine = of_fallback(fallback.search(session, node, waiting.ids.tolist()), snapshot)
    kept = _without(found.matched, snapshot.rows_of(waiting.ids))
    # Scores of the two have no measure in common: a match of the record is a middling one.
    middle = float(np.median(kept.scores)) if len(kept.scores) else 1.0
    mine = replace(mine, scores=mine.scores * middle / fallback.TITLE_SCORE)
    said = "" if len(mine.rows) else found.relaxed
    limited = sentence(session, index) if len(waiting.ids) > MANY else ""
    return replace(found, matched=_with_marks(union(kept, mine), node), relaxed=said,
                   limited=limited)  # fmt: skip


def from_record(session: Session, snapshot: Snapshot, node: Node, index: Path) -> Answer:
    """The answer without an index (IX-1)."""
    found = of_fallback(fallback.search(session, node), snapshot)
    return Answer(_with_marks(found, node), limited=sentence(session, index))


def sentence(session: Session, index: Path) -> str:
    """What is said above answers from the record: how far the index is, when that is known."""
    done, total = _progress(session, state.being_written(index))
    so_far = f": {done:,} of {total:,} assets are done" if done else ""
    return (
        f"The search index is being rebuilt{so_far}. "
        "Titles, names and text are searched plainly meanwhile."
    )


def _progress(session: Session, applied: int) -> tuple[int, int]:
    if applied <= 0:
        return 0, 0
    every: Any = select(func.count(func.distinct(Change.entity_id))).where(
        Change.entity.in_(feed.INDEXED)
    )
    total = session.scalar(every) or 0
    return total - len(feed.assets_since(session, applied)), total


def _without(matched: Matched, rows: NDArray[np.int64]) -> Matched:
    """The rest; what matches by a tag matches whatever its words are."""
    stay = ~np.isin(matched.rows, rows)
    stay |= np.isin(matched.rows, np.fromiter(matched.tagged, np.int64, len(matched.tagged)))
    places = np.flatnonzero(stay)
    return replace(
        matched, rows=matched.rows[stay], scores=matched.scores[stay],
        pages_of=lambda some: matched.pages_of(places[some]),
    )  # fmt: skip


def _with_marks(matched: Matched, node: Node) -> Matched:
    return replace(matched, terms=tuple(dict.fromkeys((*matched.terms, *plainly.marks(node)))))
