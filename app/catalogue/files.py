"""From an asset to its bytes on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import roots
from app.store.tables import Asset, AssetFile, Root
from indexer.scan import real_path


@dataclass(frozen=True, slots=True)
class Place:
    """One location of an asset: its root's name, the path below it, and the full path here."""

    asset_id: int
    version_id: int | None
    root: str
    relpath: str
    path: Path | None
    missing: bool
    problem: str


def places(session: Session, asset_ids: Sequence[int]) -> dict[int, list[Place]]:
    """The locations of assets: present before missing, the current version first."""
    paths = roots.mounts(session)
    query = (
        select(AssetFile, Root, Asset.current_version_id)
        .join(Root, Root.id == AssetFile.root_id)
        .join(Asset, Asset.id == AssetFile.asset_id)
        .where(AssetFile.asset_id.in_(asset_ids))
        .order_by(AssetFile.id)
    )
    found: dict[int, list[tuple[tuple[bool, bool, int], Place]]] = {}
    for file, root, current in session.execute(query):
        base = paths.get(str(root.uid))
        full = real_path(Path(base), file.relpath, file.raw_name) if base else None
        gone = file.missing_since is not None
        place = Place(
            file.asset_id, file.version_id, root.name, file.relpath, full, gone, file.problem
        )
        order = (gone, file.version_id != current, file.id)
        found.setdefault(file.asset_id, []).append((order, place))
    return {
        asset: [place for _, place in sorted(listed, key=lambda pair: pair[0])]
        for asset, listed in found.items()
    }


def current_file(session: Session, asset_id: int) -> Path | None:
    """The file that holds the asset's newest content on this machine, if it is there now."""
    for place in places(session, [asset_id]).get(asset_id, ()):
        if not place.missing and place.path is not None and place.path.is_file():
            return place.path
    return None
