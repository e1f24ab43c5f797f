"""Write what was read of a file into the record: asset, version, pages, place or problem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.catalogue import current, decisions
from app.clock import now_ms
from app.store.tables import Asset, AssetFile, AssetVersion, Page, PageText, Root
from indexer.extract import Extracted, left_out
from indexer.fingerprint import page_sha
from indexer.scan import Found

SEPARATOR = "\x1f"
# A first index may take hours and be taken up again after a crash or a night.
SETTLING_IN_MS = 86_400_000


def plain_title(relpath: str) -> str:
    """The file's name as a title, for a file that could not be opened."""
    stem = PurePosixPath(relpath).stem.replace("_", " ").strip()
    return stem or relpath


def ingest(
    session: Session, root_id: int, found: Found, sha256: bytes, extracted: Extracted
) -> int:
    """Bring one read file into the record and return its asset's id.

    The same path with other bytes is a new version; bytes known from a missing file are that file
    moved here; bytes known from a file that is there are one more place of that asset (DUP-1).
    """
    file = _file_at(session, root_id, found.relpath)
    if file is None:
        file = _file_moved_here(session, root_id, found, sha256)
    if file is None:
        asset = _asset_of_copy(session, sha256, found) or _new_asset(
            session, found, extracted, from_the_start=came_with_its_root(session, root_id)
        )
        file = AssetFile(
            root_id=root_id, relpath=found.relpath, asset_id=asset.id, size=0, mtime_ns=0,
            file_key="",
        )  # fmt: skip
        session.add(file)
    asset = session.get_one(Asset, file.asset_id)
    version = _version(session, asset, found, sha256, extracted)
    aside = decisions.stands_aside(session, asset, file, version.id)
    _place(file, found, version.id)
    if asset.current_version_id != version.id and not aside:
        asset.current_version_id = version.id
        if extracted.title:
            asset.title = extracted.title
    session.flush()
    if aside:
        # A place that says nothing about the current content may be the last one that is left.
        current.settle(session, [asset.id])
    return asset.id


def ingest_problem(session: Session, root_id: int, found: Found, problem: str) -> int:
    """Enter a file that cannot be read at all; what was known of it stays. Returns its asset."""
    file = _file_at(session, root_id, found.relpath)
    if file is None:
        since = _published(found, from_the_start=came_with_its_root(session, root_id))
        asset = Asset(title=plain_title(found.relpath), published_at=since)
        session.add(asset)
        session.flush()
        file = AssetFile(
            root_id=root_id, relpath=found.relpath, asset_id=asset.id, size=0, mtime_ns=0,
            file_key="",
        )  # fmt: skip
        session.add(file)
    _place(file, found, file.version_id)
    file.problem = problem
    session.flush()
    return file.asset_id


def _file_at(session: Session, root_id: int, relpath: str) -> AssetFile | None:
    query = select(AssetFile).where(AssetFile.root_id == root_id, AssetFile.relpath == relpath)
    return session.scalars(query).one_or_none()


def _file_moved_here(
    session: Session, root_id: int, found: Found, sha256: bytes
) -> AssetFile | None:
    if found.size == 0:
        return None
    query = (
        select(AssetFile)
        .join(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(AssetVersion.sha256 == sha256, AssetFile.missing_since.is_not(None))
        .order_by(AssetFile.missing_since.desc(), AssetFile.id)
    )
    gone = list(session.scalars(query))
    name = PurePosixPath(found.relpath).name
    same_name = (file for file in gone if PurePosixPath(file.relpath).name == name)
    file = next(same_name, gone[0] if gone else None)
    if file is not None:
        file.root_id, file.relpath = root_id, found.relpath
    return file


def _asset_of_copy(session: Session, sha256: bytes, found: Found) -> Asset | None:
    """The asset that has these bytes as its current, present version; never for an empty file."""
    if found.size == 0:
        return None
    query = (
        select(Asset)
        .join(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .join(AssetFile, AssetFile.version_id == AssetVersion.id)
        .where(AssetVersion.sha256 == sha256, AssetFile.missing_since.is_(None))
        .order_by(Asset.id)
    )
    return session.scalars(query).first()


def came_with_its_root(session: Session, root_id: int) -> bool:
    """Whether a file found now was there when its root was added, as far as can be told."""
    added: int = session.get_one(Root, root_id).added_at
    return now_ms() - added < SETTLING_IN_MS


def _published(found: Found, *, from_the_start: bool) -> int:
    """Since when a file can have been used, as UTC milliseconds, never the future.

    For a file that came with its root that is its own time. One that appears later is new to the
    library however old it is: copying, unpacking and synchronising keep old times.
    """
    if not from_the_start:
        return now_ms()
    return max(1, min(found.mtime_ns // 1_000_000, now_ms()))


def new_asset(found: Found, extracted: Extracted, *, from_the_start: bool) -> dict[str, Any]:
    """What the record holds of an asset whose file is seen for the first time."""
    return {
        "title": extracted.title or plain_title(found.relpath),
        "published_at": _published(found, from_the_start=from_the_start),
    }


def _new_asset(
    session: Session, found: Found, extracted: Extracted, *, from_the_start: bool
) -> Asset:
    asset = Asset(**new_asset(found, extracted, from_the_start=from_the_start))
    session.add(asset)
    session.flush()
    return asset


def _place(file: AssetFile, found: Found, version_id: int | None) -> None:
    file.version_id = version_id
    file.raw_name = found.raw
    file.size, file.mtime_ns, file.file_key = found.size, found.mtime_ns, found.file_key
    file.problem = ""
    file.missing_since = None


def new_version(
    asset_id: int, found: Found, sha256: bytes, extracted: Extracted
) -> dict[str, Any]:
    """What the record holds of a version not seen before."""
    return {"asset_id": asset_id, "sha256": sha256, **_described(found, extracted)}


def _described(found: Found, extracted: Extracted) -> dict[str, Any]:
    return {
        "size": found.size,
        "kind": extracted.kind,
        "extract_state": extracted.state,
        "extract_reason": extracted.reason or " ".join(left_out(extracted.warnings)),
        "properties": {**extracted.properties, **_warnings(extracted)},
        "modified_at": found.mtime_ns // 1_000_000,
        "page_count": len(extracted.pages),
    }


def _version(
    session: Session, asset: Asset, found: Found, sha256: bytes, extracted: Extracted
) -> AssetVersion:
    query = select(AssetVersion).where(
        AssetVersion.asset_id == asset.id, AssetVersion.sha256 == sha256
    )
    version = session.scalars(query).one_or_none()
    if version is None:
        version = AssetVersion(**new_version(asset.id, found, sha256, extracted))
        session.add(version)
    else:
        for name, value in _described(found, extracted).items():
            setattr(version, name, value)
    session.flush()
    session.execute(delete(Page).where(Page.version_id == version.id))
    add_pages(session, [(version.id, extracted)])
    return version


def _warnings(extracted: Extracted) -> dict[str, str]:
    return {"warnings": "; ".join(extracted.warnings)} if extracted.warnings else {}


def add_pages(session: Session, read: Sequence[tuple[int, Extracted]]) -> None:
    """Enter the pages of versions that have none; a text known already is not stored again."""
    rows, texts = [], {}
    for version_id, extracted in read:
        for page in extracted.pages:
            sha = page_sha(SEPARATOR.join((page.heading, page.body, page.notes)))
            texts[sha] = page
            rows.append(
                {"version_id": version_id, "page_no": page.number, "label": page.label,
                 "hidden": page.hidden, "sha": sha}
            )  # fmt: skip
    if not rows:
        return
    known = set(session.scalars(select(PageText.sha).where(PageText.sha.in_(list(texts)))))
    fresh = [
        {"sha": sha, "heading": page.heading, "body": page.body, "notes": page.notes}
        for sha, page in texts.items()
        if sha not in known
    ]
    if fresh:
        session.execute(insert(PageText), fresh)
    session.execute(insert(Page), rows)
