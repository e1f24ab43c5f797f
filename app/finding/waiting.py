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
from app.store.prepared import Prepared
from app.store.tables import Asset, AssetVersion, Root
from indexer.search import state
from indexer.search.query import Node

NO_FOLDERS = (
    "There are no folders in the library yet. Add one on the Library page, "
    "or with: deckhand index FOLDER"
)
MANY = 500
"""With more assets waiting than this, that is said: answers come from the record for the most."""

PAGES, NAMES = 600, 2_000
"""Pages, and then names, that are looked through at a keystroke at most, those changed last first.

Whoever types waits for it at each letter: some 0.03 ms a page. What changed first is indexed next.
"""


_N_PAGES = Prepared(
    lambda marks: (
        select(Asset.id, AssetVersion.page_count)
        .join(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(Asset.id.in_(marks))
    )
)


class Waiting(NamedTuple):
    """The assets that changed since the change that the index holds.

    Of all ``ids``, ``read`` are looked through, and of ``named`` the titles and file names.
    """

    changes: int
    applied: int
    ids: NDArray[np.int64]
    read: NDArray[np.int64]
    named: NDArray[np.int64]


def read(session: Session, snapshot: Snapshot, applied: int) -> Waiting:
    """Look which they are."""
    stale: list[int] = []
    if applied < feed.last_indexed(session):
        stale = [asset for asset, _ in reversed(feed.stale_assets(session, applied))]
    many = _looked_through(session, stale)
    ids = np.array(stale, np.int64)
    read, named = ids[:many], ids[many : many + NAMES]
    return Waiting(snapshot.stamp.changes, applied, np.sort(ids), read, named)


def _looked_through(session: Session, stale: list[int]) -> int:
    """How many of the assets have as many pages as can be read while one types; one can always."""
    if not stale:
        return 0
    first = stale[:PAGES]
    pages = dict(_N_PAGES.rows(session, first))
    sums = np.cumsum([max(1, pages.get(asset) or 0) for asset in first])
    return max(1, int(np.searchsorted(sums, PAGES, side="right")))


def completed(
    session: Session, snapshot: Snapshot, node: Node, found: Answer, waiting: Waiting, index: Path
) -> Answer:
    """The answer of the index, with the record's in place of its own for assets that wait.

    What the index knows of those may be what a file said before, so that none of it is used. Of
    more than can be looked through while one types, those come to it that their names tell.
    """
    known = fallback.search(session, node, waiting.read.tolist())
    if len(waiting.named):
        known += fallback.search(session, node, waiting.named.tolist(), by_name=True)
    mine = of_fallback(known, snapshot)
    kept = _without(found.matched, snapshot.rows_of(waiting.ids))
    # Scores of the two have no measure in common: a match of the record is a middling one.
    middle = float(np.median(kept.scores)) if len(kept.scores) else 1.0
    mine = replace(mine, scores=mine.scores * middle / fallback.TITLE_SCORE)
    said = "" if len(mine.rows) else found.relaxed
    limited = ""
    if left := len(waiting.ids) - len(waiting.read):
        limited = sentence(session, index, _left(left))
    elif len(waiting.ids) > MANY:
        limited = sentence(session, index)
    return replace(found, matched=_with_marks(union(kept, mine), node), relaxed=said,
                   limited=limited)  # fmt: skip


def from_record(session: Session, snapshot: Snapshot, node: Node, index: Path) -> Answer:
    """The answer without an index (IX-1)."""
    found = of_fallback(fallback.search(session, node), snapshot)
    return Answer(_with_marks(found, node), limited=sentence(session, index))


def _left(many: int) -> str:
    assets = "1 changed asset is" if many == 1 else f"{many:,} changed assets are"
    return f"{assets} not searched in full until then, at most by title and name."


def sentence(
    session: Session,
    index: Path,
    meanwhile: str = "Titles, names and text are searched plainly meanwhile.",
) -> str:
    """What is said above answers from the record: how far the index is, when that is known."""
    if not session.scalar(select(Root.id).where(Root.removed_at.is_(None)).limit(1)):
        return NO_FOLDERS
    done, total = _progress(session, state.being_written(index))
    so_far = f": {done:,} of {total:,} assets are done" if done else ""
    return f"The search index is being rebuilt{so_far}. {meanwhile}"


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
