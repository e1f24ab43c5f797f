"""What people do about files that are not searchable or not there: retry, ignore, accept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.catalogue.reconcile import NEVER_READ
from app.changes import Changes, Inverse
from app.errors import UserError
from app.settings import Settings
from app.store.tables import AssetFile, LibraryMeta, Root

IGNORED = "ignored"
EVERYWHERE = "*"
"""Stands for all roots among the patterns."""
_SPECIAL = re.compile(r"([\\*?\[\]!#])")


def _files(session: Session, asset_ids: Sequence[int]) -> list[tuple[AssetFile, Root]]:
    query = (
        select(AssetFile, Root)
        .join(Root, Root.id == AssetFile.root_id)
        .where(AssetFile.asset_id.in_(asset_ids), AssetFile.missing_since.is_(None))
    )
    found = [(file, root) for file, root in session.execute(query)]
    if not found:
        raise UserError("Select at least one file that is in a folder of the library.")
    return found


def _named(files: Sequence[tuple[AssetFile, Root]]) -> str:
    if len(files) == 1:
        return PurePosixPath(files[0][0].relpath).name
    return f"{len(files):,} files"


def retry(session: Session, asset_ids: Sequence[int]) -> Changes:
    """Have the next pass read these files again, though they have not changed."""
    files = _files(session, asset_ids)
    for file, _ in files:
        file.mtime_ns = NEVER_READ
    session.flush()
    return Changes(frozenset({"roots"}), tuple(asset_ids), f"{_named(files)} will be read again.")


def patterns(settings: Settings, root: Root) -> list[str]:
    """The ignore patterns that people have set on this machine: for all roots, then for this."""
    kept: dict[str, list[str]] = settings.fact(IGNORED, {})
    return [*kept.get(EVERYWHERE, []), *kept.get(str(root.uid), [])]


def pattern_for(relpath: str) -> str:
    """A gitignore pattern that means exactly one file, from the root."""
    escaped = _SPECIAL.sub(r"\\\1", relpath)
    stripped = escaped.rstrip(" ")
    return "/" + stripped + "\\ " * (len(escaped) - len(stripped))


def ignore(session: Session, settings: Settings, asset_ids: Sequence[int]) -> Changes:
    """Leave these files out of the library from the next pass on; they stay where they are."""
    files = _files(session, asset_ids)
    before: dict[str, list[str]] = settings.fact(IGNORED, {})
    after = {uid: list(found) for uid, found in before.items()}
    for file, root in files:
        wanted = pattern_for(file.relpath)
        known = after.setdefault(str(root.uid), [])
        if wanted not in known:
            known.append(wanted)
    settings.set_fact(IGNORED, after)
    return Changes(
        frozenset({"roots"}), tuple(asset_ids), f"{_named(files)} left out of the library.",
        Inverse("restore_ignored", (before,)),
    )  # fmt: skip


def restore_ignored(settings: Settings, before: Any) -> Changes:
    """Put the ignore patterns back as they were."""
    now = settings.fact(IGNORED, {})
    settings.set_fact(IGNORED, before)
    return Changes(
        frozenset({"roots"}), summary="Ignored files as before.",
        inverse=Inverse("restore_ignored", (now,)),
    )  # fmt: skip


def accept_missing(session: Session, root_id: int) -> Changes:
    """Say that the files which vanished from a root all at once are meant to be gone (FW-7).

    Their assets become missing at the next pass; tags and history stay with them.
    """
    root = session.get(Root, root_id)
    if root is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    session.merge(LibraryMeta(key=_accepted(root), value="1"))
    return Changes(frozenset({"roots"}), summary=f"{root.name} is taken as it is now.")


def is_accepted(session: Session, root: Root) -> bool:
    """Whether a person has said that what vanished from a root is meant to be gone."""
    return session.get(LibraryMeta, _accepted(root)) is not None


def end_acceptance(session: Session, root: Root) -> None:
    """The word counts once: for the pass that is recorded in this very transaction."""
    session.execute(delete(LibraryMeta).where(LibraryMeta.key == _accepted(root)))


def _accepted(root: Root) -> str:
    return f"accepted:{root.uid}"
