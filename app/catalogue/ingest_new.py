"""The quick way for files that are plainly new: a batch in a handful of statements.

A first index of a big folder is nearly all such files; one by one, the record would cost more than
reading them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.catalogue import ingest
from app.store.tables import Asset, AssetFile, AssetVersion
from indexer.extract import Extracted
from indexer.scan import Found


@dataclass(frozen=True, slots=True)
class Item:
    """A file that was read: its root, its place, its bytes' hash and its content."""

    root_id: int
    found: Found
    sha256: bytes
    extracted: Extracted


def plainly_new(session: Session, items: Sequence[Item]) -> set[int]:
    """The positions of the items whose path and bytes the record has never seen.

    Bytes that come twice in the batch are left to the careful way, which knows copies.
    """
    hashes = Counter(item.sha256 for item in items)
    query = select(AssetVersion.sha256).where(AssetVersion.sha256.in_(list(hashes)))
    seen = set(session.scalars(query))
    paths = set()
    for root_id in {item.root_id for item in items}:
        wanted = [item.found.relpath for item in items if item.root_id == root_id]
        there = select(AssetFile.relpath).where(
            AssetFile.root_id == root_id, AssetFile.relpath.in_(wanted)
        )
        paths |= {(root_id, relpath) for relpath in session.scalars(there)}
    return {
        place
        for place, item in enumerate(items)
        if hashes[item.sha256] == 1
        and item.sha256 not in seen
        and (item.root_id, item.found.relpath) not in paths
    }


def add(session: Session, items: Sequence[Item]) -> list[int]:
    """Enter files that are plainly new; returns their assets' ids in the order of the items."""
    roots = {item.root_id for item in items}
    early = {root_id: ingest.came_with_its_root(session, root_id) for root_id in roots}
    # Below the unit of work, whose objects cost more than the rows.
    assets = _inserted(
        session, Asset,
        [
            ingest.new_asset(item.found, item.extracted, from_the_start=early[item.root_id])
            for item in items
        ],
    )  # fmt: skip
    versions = _inserted(
        session, AssetVersion,
        [
            ingest.new_version(asset, item.found, item.sha256, item.extracted)
            for asset, item in zip(assets, items, strict=True)
        ],
    )  # fmt: skip
    assets_of = Asset.__table__.c
    point = update(Asset.__table__).where(assets_of.id == bindparam("asset"))  # type: ignore[arg-type]
    session.connection().execute(
        point.values(current_version_id=bindparam("version")),
        [{"asset": a, "version": v} for a, v in zip(assets, versions, strict=True)],
    )
    session.execute(
        insert(AssetFile),
        [
            {
                "root_id": item.root_id, "relpath": item.found.relpath, "raw_name": item.found.raw,
                "asset_id": asset, "version_id": version, "size": item.found.size,
                "mtime_ns": item.found.mtime_ns, "file_key": item.found.file_key,
            }
            for item, asset, version in zip(items, assets, versions, strict=True)
        ],
    )  # fmt: skip
    ingest.add_pages(
        session,
        [(version, item.extracted) for version, item in zip(versions, items, strict=True)],
    )
    # The rows were written past the session: what it remembers of them is old.
    session.expire_all()
    return assets


def _inserted(
    session: Session, table: type[Asset | AssetVersion], rows: Sequence[dict[str, Any]]
) -> list[int]:
    """Insert rows and return their new ids in the same order."""
    into = insert(table.__table__)  # type: ignore[arg-type]
    query = into.returning(table.__table__.c.id, sort_by_parameter_order=True)
    return list(session.connection().execute(query, list(rows)).scalars())
