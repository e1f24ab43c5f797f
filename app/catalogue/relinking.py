"""A whole folder that has moved: its missing files are found again below another one (FW-13)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import merging
from app.catalogue.versions import plural, quoted
from app.changes import Changes, Inverse
from app.errors import UserError
from app.store.tables import Asset, AssetFile, AssetVersion, Root

_KINDS = frozenset({"assets", "tags", "events", "index"})


def relink(session: Session, me_id: int, root_id: int, old_prefix: str, new_prefix: str) -> Changes:
    """Say that what was below ``old_prefix`` of a root lies below ``new_prefix`` now.

    Each missing file there is paired with a file that is there now: equal bytes, else equal name
    and size. The former asset gets the file and keeps tags and history. ``result`` is how many.
    Raises UserError when nothing is missing there or nothing is found again.
    """
    old, new = _prefix(old_prefix), _prefix(new_prefix)
    if session.get(Root, root_id) is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    missing = _below(session, root_id, old, missing=True)
    if not missing:
        raise UserError(f"Nothing is missing below {quoted(old_prefix)}.")
    pairs = _pairs(missing, _below(session, root_id, new, missing=False))
    done = []
    for old_asset, new_asset in pairs:
        if _is_gone(session, old_asset) and _stands(session, new_asset):
            merging.accept_move(session, me_id, old_asset, new_asset)
            done.append((old_asset, new_asset))
    if not done:
        raise UserError(
            f"None of the {plural(len(missing), 'file')} missing below {quoted(old_prefix)} is "
            f"below {quoted(new_prefix)} under its name and size. Scan the folder first."
        )
    return Changes(
        _KINDS, tuple(asset for pair in done for asset in pair),
        f"{plural(len(done), 'file')} found again below {quoted(new_prefix)}.",
        Inverse("unlink", (root_id, old_prefix, new_prefix, tuple(b for _, b in done))), len(done),
    )  # fmt: skip


def unlink(
    session: Session, root_id: int, old_prefix: str, new_prefix: str, assets: tuple[int, ...]
) -> Changes:
    """Take a relinking back. Raises UserError when one of its assets went on elsewhere."""
    touched = [merging.unmerge(session, asset).asset_ids for asset in reversed(assets)]
    return Changes(
        _KINDS, tuple(asset for ids in touched for asset in ids),
        f"{plural(len(assets), 'file')} of {quoted(old_prefix)} count as missing again.",
        Inverse("relink", (root_id, old_prefix, new_prefix)), len(assets),
    )  # fmt: skip


_File = tuple[int, str, int, bytes | None]


def _prefix(text: str) -> str:
    clean = text.replace("\\", "/").strip("/")
    return f"{clean}/" if clean else ""


def _below(session: Session, root_id: int, prefix: str, *, missing: bool) -> list[_File]:
    gone = AssetFile.missing_since.is_not(None)
    query = (
        select(AssetFile.asset_id, AssetFile.relpath, AssetFile.size, AssetVersion.sha256)
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(
            AssetFile.root_id == root_id, AssetFile.relpath.startswith(prefix, autoescape=True),
            gone if missing else ~gone,
        )
        .order_by(AssetFile.relpath)
    )  # fmt: skip
    return [(asset, relpath, size, sha) for asset, relpath, size, sha in session.execute(query)]


def _pairs(missing: list[_File], present: list[_File]) -> list[tuple[int, int]]:
    """(former asset, asset there now); a file is taken once, the nearest path first."""
    found = []
    taken: set[int] = set()
    by_hash: dict[object, list[_File]] = defaultdict(list)
    by_name: dict[object, list[_File]] = defaultdict(list)
    for file in present:
        if file[3] is not None:
            by_hash[file[3]].append(file)
        by_name[_name(file)].append(file)
    for lookup, key in ((by_hash, lambda f: f[3]), (by_name, _name)):
        for file in missing:
            fits = [f for f in lookup.get(key(file), ()) if f[0] not in taken and f[0] != file[0]]
            if file[0] not in taken and fits:
                best = max(fits, key=lambda f: _common_end(f[1], file[1]))
                taken |= {file[0], best[0]}
                found.append((file[0], best[0]))
    return found


def _name(file: _File) -> object:
    return PurePosixPath(file[1]).name, file[2]


def _common_end(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if a != b:
            break
        count += 1
    return count


def _stands(session: Session, asset_id: int) -> bool:
    """Whether the asset still stands for itself; an earlier pair may have taken it in."""
    return session.get_one(Asset, asset_id).merged_into_id is None


def _is_gone(session: Session, asset_id: int) -> bool:
    """Whether the asset stands for itself and none of its files is there."""
    present = select(AssetFile.id).where(
        AssetFile.asset_id == asset_id, AssetFile.missing_since.is_(None)
    )
    return _stands(session, asset_id) and session.scalars(present).first() is None
