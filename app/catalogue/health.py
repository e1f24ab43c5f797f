"""How the library is: what the index holds of the record, and the room they take."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.paths import LibraryPaths
from app.rows import Health
from app.store import backups, feed
from app.store.tables import Asset, AssetVersion, Root


def health(session: Session, paths: LibraryPaths) -> Health:
    """Counts of record and index, and bytes on disk."""
    from indexer.search.state import applied_in, entries_in

    record = sum(
        size_of(paths.database.with_name(paths.database.name + end)) for end in ("", "-wal", "-shm")
    )
    scans = session.scalars(select(Root.scanned_at).where(Root.removed_at.is_(None))).all()
    return Health(
        entries=entries(session),
        indexed=entries_in(paths.index),
        behind=max(0, feed.last_indexed(session) - max(0, applied_in(paths.index))),
        record_bytes=record,
        index_bytes=folder_size(paths.index),
        picture_bytes=folder_size(paths.pictures),
        scanned_at=max((at for at in scans if at is not None), default=None),
        copied_at=next((copy.made_at for copy in backups.listing(paths.backups)), None),
    )


def entries(session: Session) -> int:
    """How many entries the index should hold: the pages of each asset, one for one without any."""
    pages = func.max(1, func.coalesce(AssetVersion.page_count, 0))
    query = (
        select(func.coalesce(func.sum(pages), 0))
        .select_from(Asset)
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(Asset.merged_into_id.is_(None))
    )
    return session.scalar(query) or 0


def folder_size(folder: Path) -> int:
    """The bytes of all files below a folder; files that vanish meanwhile count nothing."""
    return sum(size_of(path) for path in folder.rglob("*"))


def size_of(path: Path) -> int:
    """The bytes of a file; nothing for a folder, or for one that is not there."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
