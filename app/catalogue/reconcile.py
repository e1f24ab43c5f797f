"""Compare a scan with the record: what is new, changed, moved, back, gone, or just the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import current
from app.clock import now_ms
from app.store.tables import Asset, AssetFile, AssetVersion, Root
from indexer.scan import ONLINE_ONLY, Found

NEVER_READ = -1
"""The modification time of a file that a person wants read again."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the record holds of one file."""

    id: int
    relpath: str
    size: int
    mtime_ns: int
    file_key: str
    missing: bool
    read: bool


@dataclass(slots=True)
class Plan:
    """The difference between disk and record of one root.

    ``read`` must be opened; ``moved`` pairs a known file with its new place; ``back`` were missing
    and are there again unchanged; ``gone`` were there and are not; ``same`` counts the rest.
    """

    read: list[Found] = field(default_factory=list)
    moved: list[tuple[int, Found]] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    same: int = 0
    news: list[str] = field(default_factory=list)


def known_files(session: Session, root_id: int) -> list[Known]:
    """All files of a root that the record knows, missing ones included."""
    query = select(
        AssetFile.id, AssetFile.relpath, AssetFile.size, AssetFile.mtime_ns, AssetFile.file_key,
        AssetFile.missing_since, AssetFile.version_id, AssetFile.problem,
    ).where(AssetFile.root_id == root_id)  # fmt: skip
    return [
        Known(row[0], row[1], row[2], row[3], row[4], row[5] is not None, not row[7])
        for row in session.execute(query)
    ]


def plan(
    known: Sequence[Known],
    found: Iterable[Found],
    *,
    unknown_below: Sequence[str] = (),
    folds: Callable[[], bool] = lambda: False,
) -> Plan:
    """Decide what a scan means (FW-11).

    A file is unchanged when path, size and modification time are. A file whose id, size and time
    belong to a known file that has left its path is a move, in chains and swaps too. A known path
    whose former file is nowhere to be found keeps its identity: its content changed (FW-9). Files
    below a folder of ``unknown_below``, which could not be listed, are left as they are.

    A name of which only the case or the Unicode form changed is a move as well, should the file's
    id not tell (FW-15): with other content too where ``folds`` says that the root takes both names
    for one.
    """
    items = list(found)
    moves = _moves(known, items)
    moves |= _respelled(known, items, moves, folds)
    by_path = {file.relpath: file for file in known}
    result = Plan()
    for item in items:
        file = by_path.get(item.relpath)
        mover = moves.get(item.relpath)
        if mover is not None:
            result.moved.append((mover.id, item))
            if not _unchanged(mover, item):
                result.read.append(item)
        elif file is None or not _unchanged(file, item):
            result.read.append(_asked_for(file, item))
        elif file.missing:
            result.back.append(file.id)
        else:
            result.same += 1
    seen = {item.relpath for item in items}
    moved = {file_id for file_id, _ in result.moved}
    result.gone = [
        file.id
        for file in known
        if file.relpath not in seen
        and not file.missing
        and file.id not in moved
        and not _below(file, unknown_below)
    ]
    result.news = _news(result, by_path)
    return result


def _news(result: Plan, by_path: dict[str, Known]) -> list[str]:
    paths = {file.id: path for path, file in by_path.items()}
    news = [item.relpath for _, item in result.moved]
    news += [paths[file_id] for file_id in (*result.back, *result.gone)]
    for item in result.read:
        file = by_path.get(item.relpath)
        asked = file is not None and file.mtime_ns == NEVER_READ
        if file is None or not (asked or _as_it_was(file, item)):
            news.append(item.relpath)
    return news


def _asked_for(file: Known | None, item: Found) -> Found:
    """An online-only file is opened, and fetched by that, once a person wants it read (FW-16)."""
    asked = file is not None and file.mtime_ns == NEVER_READ
    return replace(item, problem=None) if asked and item.problem == ONLINE_ONLY else item


def _unchanged(file: Known, item: Found) -> bool:
    if not file.read and item.problem is None:
        return False
    return _as_it_was(file, item)


def _as_it_was(file: Known, item: Found) -> bool:
    return file.size == item.size and file.mtime_ns == item.mtime_ns


def _below(file: Known, folders: Sequence[str]) -> bool:
    return any(not folder or file.relpath.startswith(folder + "/") for folder in folders)


def _moves(known: Sequence[Known], items: Sequence[Found]) -> dict[str, Known]:
    """New path -> the known file that moved there."""
    at = {item.relpath: item for item in items}
    by_path = {file.relpath: file for file in known}
    # Where names were exchanged, the row of a file that is missing may tell of the same file as
    # one that was there: that one is what people knew it as.
    in_order = sorted(known, key=lambda file: (not file.missing, file.id))
    left = {
        (file.file_key, file.size, file.mtime_ns): file
        for file in in_order
        if file.read and file.file_key and _left(file, at.get(file.relpath))
    }
    wanted: dict[int, tuple[str, Known]] = {}
    for item in items:
        mover = left.get((item.file_key, item.size, item.mtime_ns))
        if mover is not None and mover.relpath != item.relpath:
            wanted.setdefault(mover.id, (item.relpath, mover))
    going = set(wanted)
    return {
        path: mover
        for path, mover in wanted.values()
        if path not in by_path or by_path[path].missing or by_path[path].id in going
    }


def folded(relpath: str) -> str:
    """What two names have in common that differ by case or by Unicode form alone (FW-15)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", relpath).casefold())


def _respelled(
    known: Sequence[Known],
    items: Sequence[Found],
    moves: dict[str, Known],
    folds: Callable[[], bool],
) -> dict[str, Known]:
    """New path -> the known file of which it is another spelling; only where that is clear."""
    there = {item.relpath for item in items}
    paths = {file.relpath for file in known if not file.missing}
    moving = {file.id for file in moves.values()}
    gone: dict[str, list[Known]] = {}
    for file in known:
        if file.relpath not in there and not file.missing and file.id not in moving:
            gone.setdefault(folded(file.relpath), []).append(file)
    if not gone:
        return {}
    fresh: dict[str, list[Found]] = {}
    for item in items:
        if item.relpath not in paths and item.relpath not in moves:
            fresh.setdefault(folded(item.relpath), []).append(item)
    pairs = [(gone[key][0], fresh[key][0]) for key in gone.keys() & fresh.keys()
             if len(gone[key]) == len(fresh[key]) == 1]  # fmt: skip
    return {
        item.relpath: file
        for file, item in pairs
        if (file.size, file.mtime_ns) == (item.size, item.mtime_ns) or folds()
    }


def _left(file: Known, now_there: Found | None) -> bool:
    return now_there is None or now_there.file_key != file.file_key


def apply_quick(session: Session, plan_: Plan) -> list[int]:
    """Write what needs no reading: moves, returns and absences. Returns the assets touched."""
    now = now_ms()
    moved = _apply_moves(session, plan_.moved)
    back = [_seen(session, file_id, None) for file_id in plan_.back]
    gone = [_seen(session, file_id, now) for file_id in plan_.gone]
    session.flush()
    current.settle(session, moved.back + back, back=True)
    current.settle(session, gone)
    return moved.all + back + gone


def _seen(session: Session, file_id: int, missing_since: int | None) -> int:
    file = session.get_one(AssetFile, file_id)
    file.missing_since = missing_since
    return file.asset_id


class _Moved(NamedTuple):
    """The assets of files that moved, and those of them whose file had been missing."""

    all: list[int]
    back: list[int]


def _apply_moves(session: Session, moved: Sequence[tuple[int, Found]]) -> _Moved:
    """Set the new paths. A path is unique, so movers first step aside, and the place of a file
    that has long been missing gives way to the one that is there now."""
    files = [(session.get_one(AssetFile, file_id), item) for file_id, item in moved]
    movers = {file.id for file, _ in files}
    for file, item in files:
        stale = select(AssetFile).where(
            AssetFile.root_id == file.root_id, AssetFile.relpath == item.relpath
        )
        other = session.scalars(stale).one_or_none()
        if other is not None and other.id not in movers:
            # Its tags and history wait for its bytes under a name that is nobody's (FW-7).
            other.relpath = f"{other.relpath} ~{other.id}"
        file.relpath = f"\0{file.id}"
    session.flush()
    back = [file.asset_id for file, _ in files if file.missing_since is not None]
    for file, item in files:
        file.relpath, file.raw_name = item.relpath, item.raw
        file.missing_since = None
    session.flush()
    return _Moved([file.asset_id for file, _ in files], back)


def mark_root(session: Session, root_id: int, state: str, reason: str = "") -> bool:
    """Note what a scan of a root came to: ``online`` with the time, or ``offline`` and why.

    Returns whether that is news.
    """
    root = session.get_one(Root, root_id)
    news = (root.state, root.reason) != (state, reason)
    root.state, root.reason = state, reason
    if state == "online":
        root.scanned_at = now_ms()
    return news


def live_counts(session: Session) -> tuple[int, int]:
    """How many assets have a file that is there, and how many pages those assets show."""
    from sqlalchemy import func

    has_file = (
        select(AssetFile.id)
        .where(AssetFile.asset_id == Asset.id, AssetFile.missing_since.is_(None))
        .exists()
    )
    query = (
        select(func.count(Asset.id), func.coalesce(func.sum(AssetVersion.page_count), 0))
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(has_file, Asset.merged_into_id.is_(None))
    )
    assets, pages = session.execute(query).one()
    return assets, pages
