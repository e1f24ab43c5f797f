"""The state of the whole record in counts."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import problems, reconcile
from app.paths import LibraryPaths
from app.rows import LibraryStatus
from app.store import feed
from app.store.tables import AssetFile, LibraryMeta, Root


def status(session: Session, paths: LibraryPaths) -> LibraryStatus:
    """Counts of the record, and whether the index holds its newest change."""
    from indexer.search.state import applied_in

    assets, pages = reconcile.live_counts(session)
    present = AssetFile.missing_since.is_(None)
    files = session.scalar(select(func.count()).select_from(AssetFile).where(present)) or 0
    missing = session.scalar(select(func.count()).select_from(AssetFile).where(~present)) or 0
    roots = session.scalars(select(Root.scanned_at).where(Root.removed_at.is_(None))).all()
    return LibraryStatus(
        assets=assets, files=files, pages=pages, problems=problems.count(session),
        roots=len(roots), missing=missing,
        index_current=applied_in(paths.index) >= feed.last_indexed(session),
        sample=is_sample(session),
        updated_at=max((at for at in roots if at is not None), default=None),
    )  # fmt: skip


def is_sample(session: Session) -> bool:
    """Whether this is the made-up sample library."""
    return session.get(LibraryMeta, "sample") is not None
