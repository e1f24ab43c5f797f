"""The quick way for files that are plainly new: a batch in a handful of statements.

A first index of a big folder is nearly all such files; one by one, the record would cost more than
reading them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.catalogue import fingerprints, ingest
from app.store.tables import Asset, AssetFile, AssetVersion
from indexer.extract import Extracted
from indexer.scan import Found

if TYPE_CHECKING:
    from indexer.likeness import Prints


@dataclass(frozen=True, slots=True)
class Item:
    """A file that was read: its root, its place, its bytes' hash and its content.

    ``prints`` are the fingerprints of that, where they are made already.
    """

    root_id: int
    found: Found
    sha256: bytes
    extracted: Extracted
    prints: Prints | None = None


def plainly_new(session: Session, items: Sequence[Item]) -> set[int]:
    """The positions of the items whose path and bytes the record has never seen."""
    hashes = {item.sha256 for item in items}
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
        if item.sha256 not in seen and (item.root_id, item.found.relpath) not in paths
    }


def add(session: Session, items: Sequence[Item]) -> list[int]:
    """Enter files that are plainly new; returns the ids of their assets.

    Equal bytes are one asset in several places (DUP-1): it is called as the first of them, and
    its content is described by the last, as when they are entered one by one.
    """
    contents = _by_content(items)
    roots = {item.root_id for item in items}
    early = {root_id: ingest.came_with_its_root(session, root_id) for root_id in roots}
    # Below the unit of work, whose objects cost more than the rows.
    assets = _inserted(
        session, Asset,
        [
            ingest.new_asset(first.found, first.extracted, from_the_start=early[first.root_id])
            for first, *_ in contents
        ],
    )  # fmt: skip
    versions = _inserted(
        session, AssetVersion,
        [
            ingest.new_version(asset, same[-1].found, same[-1].sha256, same[-1].extracted)
            for asset, same in zip(assets, contents, strict=True)
        ],
    )  # fmt: skip
    assets_of = Asset.__table__.c
    point = update(Asset.__table__).where(assets_of.id == bindparam("asset"))  # type: ignore[arg-type]
    session.connection().execute(
        point.values(current_version_id=bindparam("version")),
        [{"asset": a, "version": v} for a, v in zip(assets, versions, strict=True)],
    )
    _add_places(session, contents, list(zip(assets, versions, strict=True)))
    ingest.add_pages(
        session,
        [(version, same[-1].extracted) for version, same in zip(versions, contents, strict=True)],
    )
    made = zip(versions, (same[-1].prints for same in contents), strict=True)
    fingerprints.add(session, {version: prints for version, prints in made if prints is not None})
    # The rows were written past the session: what it remembers of them is old.
    session.expire_all()
    return assets


def _add_places(
    session: Session, contents: Sequence[Sequence[Item]], owners: Sequence[tuple[int, int]]
) -> None:
    session.execute(
        insert(AssetFile),
        [
            {
                "root_id": item.root_id, "relpath": item.found.relpath, "raw_name": item.found.raw,
                "asset_id": asset, "version_id": version, "size": item.found.size,
                "mtime_ns": item.found.mtime_ns, "file_key": item.found.file_key,
            }
            for same, (asset, version) in zip(contents, owners, strict=True)
            for item in same
        ],
    )  # fmt: skip


def _by_content(items: Sequence[Item]) -> list[list[Item]]:
    """The items with equal bytes together; an empty file is nobody's copy."""
    found: dict[object, list[Item]] = {}
    for item in items:
        place = (item.root_id, item.found.relpath)
        found.setdefault(item.sha256 if item.found.size else place, []).append(item)
    return list(found.values())


def _inserted(
    session: Session, table: type[Asset | AssetVersion], rows: Sequence[dict[str, Any]]
) -> list[int]:
    """Insert rows and return their new ids in the same order."""
    into = insert(table.__table__)  # type: ignore[arg-type]
    query = into.returning(table.__table__.c.id, sort_by_parameter_order=True)
    return list(session.connection().execute(query, list(rows)).scalars())
