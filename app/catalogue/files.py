"""From an asset to its bytes on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import roots
from app.store.prepared import Fixed, Prepared
from app.store.tables import Asset, AssetFile, Root
from indexer.scan import is_file, real_path


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


_ROOTS = Fixed(select(Root.id, Root.uid, Root.name))
_FILES = Prepared(
    lambda marks: (
        select(
            AssetFile.id, AssetFile.asset_id, AssetFile.version_id, AssetFile.root_id,
            AssetFile.relpath, AssetFile.raw_name, AssetFile.missing_since, AssetFile.problem,
            Asset.current_version_id,
        )
        .join(Asset, Asset.id == AssetFile.asset_id)
        .where(AssetFile.asset_id.in_(marks))
    )
)  # fmt: skip


def places(session: Session, asset_ids: Sequence[int]) -> dict[int, list[Place]]:
    """The locations of assets: present before missing, the current version first."""
    paths = roots.mounts(session)
    known = {
        key: (name, Path(path) if (path := paths.get(str(UUID(bytes=uid)))) else None)
        for key, uid, name in _ROOTS.rows(session)
    }
    found: dict[int, list[tuple[tuple[bool, bool, int], Place]]] = {}
    for key, asset, version, root, relpath, raw, missing, problem, current in _FILES.rows(
        session, asset_ids
    ):
        name, base = known[root]
        full = real_path(base, relpath, raw) if base else None
        gone = missing is not None
        place = Place(asset, version, name, relpath, full, gone, problem)
        found.setdefault(asset, []).append(((gone, version != current, key), place))
    return {
        asset: [place for _, place in sorted(listed, key=lambda pair: pair[0])]
        for asset, listed in found.items()
    }


def current_file(session: Session, asset_id: int) -> Path | None:
    """The file that holds the asset's newest content on this machine, if it is there now."""
    for place in places(session, [asset_id]).get(asset_id, ()):
        if not place.missing and place.path is not None and is_file(place.path):
            return place.path
    return None
