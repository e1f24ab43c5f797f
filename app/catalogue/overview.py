"""The state of the whole record: counts, problems, and the words for a file's state."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import reconcile
from app.paths import LibraryPaths
from app.rows import LibraryStatus, ProblemRow
from app.store import feed
from app.store.tables import Asset, AssetFile, AssetVersion, LibraryMeta, Root


def status(session: Session, paths: LibraryPaths) -> LibraryStatus:
    """Counts of the record, and whether the index holds its newest change."""
    from indexer.search.state import applied_in

    assets, pages = reconcile.live_counts(session)
    present = AssetFile.missing_since.is_(None)
    files = session.scalar(select(func.count()).select_from(AssetFile).where(present)) or 0
    missing = session.scalar(select(func.count()).select_from(AssetFile).where(~present)) or 0
    roots = session.scalars(select(Root.scanned_at).where(Root.removed_at.is_(None))).all()
    return LibraryStatus(
        assets=assets, files=files, pages=pages, problems=len(problems(session)),
        roots=len(roots), missing=missing,
        index_current=applied_in(paths.index) >= feed.last_indexed(session),
        sample=is_sample(session),
        updated_at=max((at for at in roots if at is not None), default=None),
    )  # fmt: skip


def is_sample(session: Session) -> bool:
    """Whether this is the made-up sample library."""
    return session.get(LibraryMeta, "sample") is not None


def problems(session: Session) -> tuple[ProblemRow, ...]:
    """Every present file that is not fully searchable, by root and path."""
    query = (
        select(AssetFile, AssetVersion, Asset.title, Root.name)
        .join(Asset, Asset.id == AssetFile.asset_id)
        .join(Root, Root.id == AssetFile.root_id)
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(
            AssetFile.missing_since.is_(None),
            (AssetFile.problem != "") | (AssetVersion.extract_state != "indexed"),
        )
        .order_by(Root.name, AssetFile.relpath)
    )
    rows = []
    for file, version, title, root in session.execute(query):
        state, reason = state_of(file, version)
        rows.append(ProblemRow(file.asset_id, root, file.relpath, title, state, reason))
    return tuple(rows)


def state_of(file: AssetFile, version: AssetVersion | None) -> tuple[str, str]:
    """State and reason of a file: what keeps it from being read goes before what is inside."""
    if file.problem:
        return "unreadable", file.problem
    if version is None:
        return "unreadable", "The file has not been read yet."
    return version.extract_state, version.extract_reason


def folder_size(folder: Path) -> int:
    """The bytes of all files below a folder; files that vanish meanwhile count nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                total += path.stat().st_size
        except OSError:
            continue
    return total
