"""Assets by id or path, and the status that people give them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import files, roots
from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.rows import STATUS_LABELS, STATUSES
from app.store.tables import Asset, AssetFile

LONGEST_NUMBER = 18


def get(session: Session, asset_id: int) -> Asset:
    """The asset's row. Raises UserError when there is none."""
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise UserError(f"There is no asset number {asset_id} in this library.")
    return asset


def resolve(session: Session, text: str) -> int:
    """The asset meant by an id, an absolute path, or a path relative to here or to a root.

    Raises UserError when none or more than one is meant.
    """
    text = text.strip()
    if text.isdecimal():
        # Longer than any number that the record can give.
        if len(text.lstrip("0")) > LONGEST_NUMBER:
            raise UserError(f"There is no asset number {text[:30]} in this library.")
        return get(session, int(text)).id
    wanted = Path(text).expanduser()
    exact = _at(session, Path.cwd() / wanted)
    if exact is not None:
        return exact
    matches = _ending_in(session, wanted.as_posix())
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UserError(
            f"{text} means {len(matches)} assets. Give the whole path or the number of one of "
            + ", ".join(str(match) for match in matches[:5])
            + "."
        )
    raise UserError(f"No asset is at {text}. Give its number or path; `deckhand find` lists both.")


def _at(session: Session, full: Path) -> int | None:
    for candidate in (full, full.resolve()):
        for root in roots.live(session):
            base = roots.path_of(session, root)
            if base is None or not candidate.is_relative_to(base):
                continue
            relpath = candidate.relative_to(base).as_posix()
            query = select(AssetFile.asset_id).where(
                AssetFile.root_id == root.id, AssetFile.relpath == relpath
            )
            found = session.scalars(query).one_or_none()
            if found is not None:
                return found
    return None


def _ending_in(session: Session, tail: str) -> list[int]:
    query = select(AssetFile.asset_id, AssetFile.relpath).where(
        AssetFile.relpath.endswith(tail, autoescape=True), AssetFile.missing_since.is_(None)
    )
    return sorted(
        {asset for asset, relpath in session.execute(query) if ("/" + relpath).endswith("/" + tail)}
    )


def path_text(session: Session, asset_id: int) -> str:
    """Where the asset is, or last was, as "root/relpath"."""
    found = files.places(session, [asset_id]).get(asset_id, [])
    return f"{found[0].root}/{found[0].relpath}" if found else ""


def set_status(session: Session, asset_ids: Sequence[int], status: str) -> Changes:
    """Set the status of assets; publishing dates an asset that never was. Raises UserError."""
    if status not in STATUSES:
        raise UserError(f"{status!r} is no status. Statuses are {', '.join(STATUSES)}.")
    before = []
    for asset_id in dict.fromkeys(asset_ids):
        asset = get(session, asset_id)
        before.append((asset.id, asset.status, asset.published_at))
        asset.status = status
        if status == "published" and asset.published_at is None:
            asset.published_at = now_ms()
    session.flush()
    return _status_changes(tuple(before), f"Status is now {STATUS_LABELS[status]}.")


def restore_status(session: Session, before: object) -> Changes:
    """Put back the statuses noted before."""
    assert isinstance(before, tuple)
    now_there = []
    for asset_id, status, published_at in before:
        asset = get(session, asset_id)
        now_there.append((asset.id, asset.status, asset.published_at))
        asset.status, asset.published_at = status, published_at
    session.flush()
    return _status_changes(tuple(now_there), "Status put back.")


def _status_changes(before: tuple[tuple[int, str, int | None], ...], summary: str) -> Changes:
    return Changes(
        frozenset({"assets"}), tuple(row[0] for row in before), summary,
        Inverse("restore_status", (before,)),
    )  # fmt: skip
