"""Fingerprints of versions and the near copies found by them: a cache kept up with the record.

A new file brings its prints when it is recorded, since its text is at hand then. Whatever lacks a
print or a comparison is found by a query after each pass, so that a crash, a migrated library and a
page text read anew need no care.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from app.catalogue import versions
from app.rows import PageRow
from app.store.engine import Store
from app.store.tables import Asset, AssetVersion
from app.store.tables_copies import NearCopy, VersionPrint

if TYPE_CHECKING:
    from indexer.extract import PageText
    from indexer.likeness import Match, Prints, Shelf

FLOOR = 0.5
"""Pairs below this score are not kept; the setting ``copies.threshold`` cannot go lower."""

_PAGES_AT_ONCE = 2_000
_COMPARED_AT_ONCE = 100

Stop = Callable[[], bool]
Differences = dict[tuple[int, int], dict[str, Any]]


def catch_up(store: Store, stop: Stop, foreseen: Differences | None = None) -> bool:
    """Fingerprint and compare what is new in the record; True when pairs may have changed.

    ``stop`` is asked between batches; what was written stays and the rest waits for the next call.
    ``foreseen`` are differences that need not be worked out any more.
    """
    printed = _print_all(store, stop)
    compared = _compare_all(store, stop, foreseen or {})
    return printed or compared


# ---- prints ------------------------------------------------------------------------------


def page_text(page: PageRow | PageText) -> str:
    """What of a page tells whether it is another's copy: notes are left out, as exports do."""
    return f"{page.heading}\n{page.body}"


def prints_of(pages: Sequence[PageRow | PageText]) -> Prints:
    """The fingerprints of a content."""
    from indexer import likeness

    return likeness.prints([page_text(page) for page in pages], [page.number for page in pages])


def _print_all(store: Store, stop: Stop) -> bool:
    """Fingerprint what is new in the record, as ``catch_up`` does; True when anything was."""
    from indexer import likeness

    missing = (
        select(AssetVersion.id, AssetVersion.page_count)
        .outerjoin(VersionPrint, VersionPrint.version_id == AssetVersion.id)
        .where(
            AssetVersion.page_count > 0,
            or_(
                VersionPrint.version_id.is_(None), VersionPrint.revision != likeness.REVISION
            ),
        )
        .order_by(AssetVersion.id)
    )  # fmt: skip
    with store.read() as session:
        waiting = [(version, count) for version, count in session.execute(missing)]
    for batch in _batches(waiting):
        if stop():
            return True
        with store.read() as session:
            pages = versions.pages_of(session, batch)
        made = {version: prints_of(pages[version]) for version in batch}
        with store.write() as session:
            _keep(session, made)
    return bool(waiting)


def _batches(waiting: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    pages = 0
    for version, count in waiting:
        batch.append(version)
        pages += count
        if pages >= _PAGES_AT_ONCE:
            yield batch
            batch, pages = [], 0
    if batch:
        yield batch


def _keep(session: Session, made: dict[int, Prints]) -> None:
    known = list(
        session.scalars(select(VersionPrint.version_id).where(VersionPrint.version_id.in_(made)))
    )
    if known:
        pairs = or_(NearCopy.version_id.in_(known), NearCopy.other_id.in_(known))
        session.execute(delete(NearCopy).where(pairs))
        session.execute(delete(VersionPrint).where(VersionPrint.version_id.in_(known)))
    add(session, made)


def add(session: Session, made: dict[int, Prints]) -> None:
    """Keep the prints of versions that have none."""
    from indexer import likeness

    rows = []
    for version, found in made.items():
        pages, keys, sketches = likeness.to_bytes(found)
        rows.append(
            {"version_id": version, "revision": likeness.REVISION, "pages": pages, "keys": keys,
             "sketches": sketches, "compared": False}
        )  # fmt: skip
    if rows:
        session.execute(insert(VersionPrint), rows)


# ---- comparing ---------------------------------------------------------------------------


def kept_prints(session: Session, *, current: bool, least_pages: int = 0) -> dict[int, Prints]:
    """Version id -> prints, of the current versions of assets or of all versions; of those alone
    that have so many pages."""
    from indexer import likeness

    query = select(
        VersionPrint.version_id, VersionPrint.pages, VersionPrint.keys, VersionPrint.sketches
    ).where(VersionPrint.revision == likeness.REVISION)
    if current:
        query = query.join(Asset, Asset.current_version_id == VersionPrint.version_id).where(
            Asset.merged_into_id.is_(None)
        )
    if least_pages:
        query = query.join(AssetVersion, AssetVersion.id == VersionPrint.version_id).where(
            AssetVersion.page_count >= least_pages
        )
    return {
        version: likeness.from_bytes(pages, keys, sketches)
        for version, pages, keys, sketches in session.execute(query)
    }


def _compare_all(store: Store, stop: Stop, foreseen: Differences) -> bool:
    from indexer import likeness

    with store.read() as session:
        waiting, stale = _not_compared(session)
        kept = kept_prints(session, current=True) if waiting else {}
    if stale:
        # A version that is not current now meets others when it becomes current again.
        with store.write() as session:
            query = update(VersionPrint).where(VersionPrint.version_id.in_(stale))
            session.execute(query.values(compared=False))
    if not waiting:
        return bool(stale)
    shelf = likeness.Shelf(list(kept), list(kept.values()))
    done: set[int] = set()
    for start in range(0, len(waiting), _COMPARED_AT_ONCE):
        if stop():
            return True
        batch = waiting[start : start + _COMPARED_AT_ONCE]
        found: dict[tuple[int, int], tuple[float, float]] = {}
        for version in batch:
            found |= pairs_of(shelf, kept, version, done)
            done.add(version)
        _write_pairs(store, found, batch, foreseen)
    return True


def _not_compared(session: Session) -> tuple[list[int], list[int]]:
    """Current versions not compared yet, and compared ones that are not current any more."""
    from indexer import likeness

    # A version that lost its last page keeps a print of an earlier state, which is of no use.
    query = select(VersionPrint.version_id, VersionPrint.compared).where(
        VersionPrint.revision == likeness.REVISION
    )
    compared = {version: bool(flag) for version, flag in session.execute(query)}
    current = set(
        session.scalars(
            select(Asset.current_version_id).where(
                Asset.merged_into_id.is_(None), Asset.current_version_id.is_not(None)
            )
        )
    )
    waiting = sorted(v for v, flag in compared.items() if not flag and v in current)
    return waiting, [v for v, flag in compared.items() if flag and v not in current]


def pairs_of(
    shelf: Shelf, kept: dict[int, Prints], version: int, done: set[int]
) -> dict[tuple[int, int], tuple[float, float]]:
    """The pairs of a version with others than ``done``, and what either has of the other."""
    found = {}
    for match in shelf.matches(kept[version], least=FLOOR, besides=version):
        if match.owner not in done:
            found[_ordered(version, match)] = _shares(version, match)
    return found


def _ordered(version: int, match: Match) -> tuple[int, int]:
    return min(version, match.owner), max(version, match.owner)


def _shares(version: int, match: Match) -> tuple[float, float]:
    straight = version < match.owner
    return (match.forward, match.backward) if straight else (match.backward, match.forward)


def _write_pairs(
    store: Store,
    found: dict[tuple[int, int], tuple[float, float]],
    compared: Sequence[int],
    foreseen: Differences,
) -> None:
    """Keep the pairs with their differences, and that the versions were compared."""
    with store.read() as session:
        ids = sorted({version for pair in found.keys() - foreseen.keys() for version in pair})
        pages = versions.pages_of(session, ids) if ids else {}
    rows = [
        NearCopy(
            version_id=low, other_id=high, forward=forward, backward=backward,
            diff=foreseen.get((low, high))
            or versions.as_data(versions.diff(pages[low], pages[high])),
        )
        for (low, high), (forward, backward) in found.items()
    ]  # fmt: skip
    with store.write() as session:
        for row in rows:
            session.merge(row)
        query = update(VersionPrint).where(VersionPrint.version_id.in_(compared))
        session.execute(query.values(compared=True))
