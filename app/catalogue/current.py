"""Which version of an asset is its content, when its places come and go."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import decisions
from app.store.tables import Asset, AssetFile, AssetVersion


def settle(session: Session, asset_ids: Collection[int], *, back: bool = False) -> None:
    """Let each asset show what lies in one of its places.

    Of an asset in several places one may have been edited and then have gone: search must not
    answer with words that no file says any more. Nothing changes where no place is left. With
    ``back`` a place has come back: the content that was changed last is shown. A place that was
    merged in counts only where there is no other.
    """
    for asset_id in sorted(set(asset_ids)):
        asset = session.get_one(Asset, asset_id)
        held = _held(session, asset_id)
        shown = {version for version, _ in held}
        if not held or (asset.current_version_id in shown and not back):
            continue
        asset.current_version_id = max(held, key=lambda row: (row[1], row[0]))[0]
    session.flush()


def _held(session: Session, asset_id: int) -> list[tuple[int, int]]:
    """(version, when its file was changed) of the places that are there."""
    query = (
        select(AssetFile.id, AssetVersion.id, AssetVersion.modified_at)
        .join(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(AssetFile.asset_id == asset_id, AssetFile.missing_since.is_(None))
    )
    rows = [(file, version, at) for file, version, at in session.execute(query)]
    merged = decisions.merged_places(session, asset_id)
    own = [row for row in rows if row[0] not in merged]
    return [(version, at) for _, version, at in own or rows]
