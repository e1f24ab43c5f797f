"""The folders whose files belong to the library; where they are mounted is a machine's setting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from app.catalogue import fetching, problems
from app.changes import Changes, Inverse
from app.clock import now_ms, uuid7
from app.errors import UserError
from app.rows import RootRow
from app.settings import Settings
from app.store.tables import AssetFile, AssetVersion, Root
from indexer.scan import is_file, is_folder

FACT = "roots"
LOOKED_FOR = 500


def mounts(session: Session) -> dict[str, str]:
    """Root uid -> path on this machine."""
    settings = session.info.get("settings")
    found: dict[str, Any] = settings.fact(FACT, {}) if isinstance(settings, Settings) else {}
    return {key: value for key, value in found.items() if isinstance(value, str)}


def path_of(session: Session, root: Root) -> Path | None:
    """Where the root is on this machine, or None when nobody has said."""
    text = mounts(session).get(str(root.uid))
    return Path(text) if text else None


def live(session: Session) -> list[Root]:
    """The roots that have not been removed, oldest first."""
    return list(session.scalars(select(Root).where(Root.removed_at.is_(None)).order_by(Root.id)))


def rows_of(session: Session, settings: Settings) -> tuple[RootRow, ...]:
    """The roots with their counts."""
    paths = settings.fact(FACT, {})
    counts, missing = _counts(session), _missing(session)
    rows = []
    for root in live(session):
        files, bad = counts.get(root.id, (0, 0))
        rows.append(
            RootRow(
                root.id, root.name, paths.get(str(root.uid), ""), root.state, root.reason,
                files, bad, root.scanned_at, missing.get(root.id, 0),
                fetching.wants(settings, str(root.uid)),
            )
        )  # fmt: skip
    return tuple(rows)


def _counts(session: Session) -> dict[int, tuple[int, int]]:
    query = (
        select(AssetFile.root_id, func.count(), func.sum(func.iif(problems.IS_PROBLEM, 1, 0)))
        .outerjoin(AssetVersion, AssetVersion.id == AssetFile.version_id)
        .where(AssetFile.missing_since.is_(None))
        .group_by(AssetFile.root_id)
    )
    return {root: (files, int(bad or 0)) for root, files, bad in session.execute(query)}


def _missing(session: Session) -> dict[int, int]:
    other = aliased(AssetFile)
    elsewhere = select(other.id).where(
        other.asset_id == AssetFile.asset_id, other.missing_since.is_(None)
    )
    query = (
        select(AssetFile.root_id, func.count(AssetFile.asset_id.distinct()))
        .where(AssetFile.missing_since.is_not(None), ~elsewhere.exists())
        .group_by(AssetFile.root_id)
    )
    return {root: number for root, number in session.execute(query)}


def _checked(path: Path, library: Path) -> Path:
    full = path.expanduser().absolute()
    if not is_folder(full) and not is_file(full):
        raise UserError(f"There is no folder {full}. Check the path or whether the drive is there.")
    if not is_folder(full):
        raise UserError(f"{full} is a file. Give the folder that holds it.")
    resolved = full.resolve()
    own = library.absolute().resolve()
    if own == resolved or own.is_relative_to(resolved):
        raise UserError(
            f"{full} holds Deckhand's own library files. Choose a folder of collateral instead."
        )
    return resolved


def _refuse_nested(wanted: Path, others: dict[str, str]) -> None:
    for other in others.values():
        known = Path(other)
        if wanted.is_relative_to(known):
            raise UserError(f"{wanted} is already part of the library: it lies inside {known}.")
        if known.is_relative_to(wanted):
            raise UserError(f"{wanted} holds {known}, which is in the library. Remove that first.")


def add(session: Session, settings: Settings, path: Path, *, library: Path) -> Changes:
    """Add a folder; one that was removed before comes back with its files, tags and history.

    Raises UserError when the folder is not there, is not a folder, overlaps another root or holds
    the library itself. Adding a folder twice is not an error.
    """
    wanted = _checked(path, library)
    paths = mounts(session)
    alive = {str(root.uid): root for root in live(session)}
    for uid, root in alive.items():
        if paths.get(uid) == str(wanted):
            return Changes(summary=f"{wanted} is in the library already.", result=root.id)
    _refuse_nested(wanted, {uid: paths[uid] for uid in alive if uid in paths})
    there = {uid for uid, known in paths.items() if known == str(wanted)}
    # Of several that lay here one after the other, the last.
    removed = select(Root).where(Root.removed_at.is_not(None)).order_by(Root.removed_at.desc())
    again = next((root for root in session.scalars(removed) if str(root.uid) in there), None)
    if again is not None:
        return restore(session, settings, again.id, str(wanted))
    lost = _lost(session, wanted, [r for uid, r in alive.items() if uid not in paths])
    if lost is not None:
        settings.set_fact(FACT, {**paths, str(lost.uid): str(wanted)})
        return Changes(
            frozenset({"roots"}), summary=f"{lost.name} is at {wanted}.", result=lost.id
        )
    root = Root(uid=uuid7(), name=_free_name(session, wanted.name or str(wanted)))
    settings.set_fact(FACT, {**paths, str(root.uid): str(wanted)})
    session.add(root)
    session.flush()
    return Changes(
        frozenset({"roots"}), summary=f"Added {wanted}.", result=root.id,
        inverse=Inverse("remove_root", (root.id,)),
    )  # fmt: skip


def _lost(session: Session, wanted: Path, candidates: Sequence[Root]) -> Root | None:
    """Of roots whose place nobody knows on this machine, the one that ``wanted`` is: a file of
    it lies there, or it has none and bears the folder's name."""
    for root in candidates:
        query = select(AssetFile.relpath).where(AssetFile.root_id == root.id)
        known = session.scalars(query.limit(LOOKED_FOR)).all()
        if _holds_any(wanted, known):
            return root
        if not known and root.name == wanted.name:
            return root
    return None


def _holds_any(folder: Path, relpaths: Sequence[str]) -> bool:
    return any(is_file(folder / relpath) for relpath in relpaths)


def _free_name(session: Session, name: str) -> str:
    taken = set(session.scalars(select(Root.name)))
    candidate, n = name, 2
    while candidate in taken:
        candidate, n = f"{name} ({n})", n + 1
    return candidate


def _get(session: Session, root_id: int) -> Root:
    root = session.get(Root, root_id)
    if root is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    return root


def remove(session: Session, settings: Settings, root_id: int) -> Changes:
    """Take a folder out: its files count as missing, nothing on disk or in the history changes."""
    root = _get(session, root_id)
    path = settings.fact(FACT, {}).get(str(root.uid), "")
    if root.removed_at is not None:
        return Changes(summary=f"{root.name} was removed already.")
    root.removed_at = now_ms()
    gone = (AssetFile.root_id == root_id) & AssetFile.missing_since.is_(None)
    session.execute(update(AssetFile).where(gone).values(missing_since=root.removed_at))
    return Changes(
        frozenset({"roots", "assets", "index"}), summary=f"Removed {root.name} from the library.",
        inverse=Inverse("restore_root", (root_id, path)),
    )  # fmt: skip


def restore(session: Session, settings: Settings, root_id: int, path: str) -> Changes:
    """Bring a removed folder back as it was."""
    root = _get(session, root_id)
    if path:
        settings.set_fact(FACT, {**settings.fact(FACT, {}), str(root.uid): path})
    back = (AssetFile.root_id == root_id) & (AssetFile.missing_since == root.removed_at)
    session.execute(update(AssetFile).where(back).values(missing_since=None))
    root.removed_at = None
    return Changes(
        frozenset({"roots", "assets", "index"}), summary=f"{root.name} is in the library again.",
        result=root_id, inverse=Inverse("remove_root", (root_id,)),
    )  # fmt: skip


def locate(
    session: Session, settings: Settings, root_id: int, path: Path, *, library: Path
) -> Changes:
    """Say where a root is on this machine now; its files, tags and history are those it had.

    Raises UserError when the folder is not there, overlaps another root, or holds none of the
    root's files.
    """
    root = _get(session, root_id)
    wanted = _checked(path, library)
    paths = mounts(session)
    former = paths.get(str(root.uid), "")
    if former == str(wanted):
        return Changes(summary=f"{root.name} is at {wanted} already.", result=root_id)
    others = {str(other.uid) for other in live(session) if other.id != root_id}
    _refuse_nested(wanted, {uid: paths[uid] for uid in others if uid in paths})
    known = session.scalars(
        select(AssetFile.relpath).where(AssetFile.root_id == root_id).limit(LOOKED_FOR)
    ).all()
    if known and not _holds_any(wanted, known):
        raise UserError(
            f"None of the files of {root.name} is in {wanted}, such as {known[0]}. "
            "Choose the folder that holds them, or add this one as a new folder."
        )
    return _put_place(settings, root, str(wanted), former)


def restore_place(session: Session, settings: Settings, root_id: int, path: str) -> Changes:
    """Put a root's place on this machine back to what it was; "" when nobody knew it."""
    root = _get(session, root_id)
    return _put_place(settings, root, path, mounts(session).get(str(root.uid), ""))


def _put_place(settings: Settings, root: Root, path: str, former: str) -> Changes:
    paths = {uid: known for uid, known in settings.fact(FACT, {}).items() if uid != str(root.uid)}
    settings.set_fact(FACT, {**paths, str(root.uid): path} if path else paths)
    summary = f"{root.name} is at {path}." if path else f"Nobody knows where {root.name} is."
    return Changes(
        frozenset({"roots"}), summary=summary, result=root.id,
        inverse=Inverse("restore_place", (root.id, former)),
    )  # fmt: skip
