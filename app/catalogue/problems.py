"""The files that are not fully searchable: which, why, and how many."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rows import ProblemRow
from app.store.tables import Asset, AssetFile, AssetVersion, Root
from indexer.scan import ONLINE_ONLY

IS_PROBLEM = (
    (AssetFile.problem != "")
    | (AssetVersion.extract_state != "indexed")
    | (AssetVersion.extract_reason != "")
)
"""Of a file and its version. An indexed version has a reason when a part of it was left out."""


def listed(session: Session) -> tuple[ProblemRow, ...]:
    """Every present file that is not fully searchable, by root and path."""
    query = (
        select(
            AssetFile.asset_id, Root.name, AssetFile.relpath, Asset.title, AssetFile.problem,
            AssetVersion.extract_state, AssetVersion.extract_reason,
        )
        .join(Asset, Asset.id == AssetFile.asset_id)
        .join(Root, Root.id == AssetFile.root_id)
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(AssetFile.missing_since.is_(None), IS_PROBLEM)
        .order_by(Root.name, AssetFile.relpath)
    )  # fmt: skip
    return tuple(
        ProblemRow(asset, root, path, title, *state_of(problem, state, reason))
        for asset, root, path, title, problem, state, reason in session.execute(query)
    )


def count(session: Session) -> int:
    """How many there are."""
    query = (
        select(func.count())
        .select_from(AssetFile)
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(AssetFile.missing_since.is_(None), IS_PROBLEM)
    )
    return session.scalar(query) or 0


def state_of(problem: str, state: str | None, reason: str | None) -> tuple[str, str]:
    """State and reason of a file: what keeps it from being read goes before what is inside."""
    if problem:
        return ("online_only" if problem == ONLINE_ONLY else "unreadable"), problem
    if state is None:
        return "unreadable", "The file has not been read yet."
    if state == "indexed" and reason:
        return "partly", reason
    return state, reason or ""
