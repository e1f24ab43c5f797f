"""What people leave out of the library by patterns, for one folder or for all of them (FW-9)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import roots
from app.catalogue.mending import EVERYWHERE, IGNORED
from app.changes import Changes, Inverse
from app.errors import UserError
from app.rows import LeavingOut, LeftOut
from app.settings import Settings
from app.store.tables import AssetFile, Root
from indexer.watch.ignore import Ignore


def listed(session: Session, settings: Settings) -> tuple[LeftOut, ...]:
    """The patterns for all folders, then those of each folder, as they were written."""
    kept: dict[str, list[str]] = settings.fact(IGNORED, {})
    found = [LeftOut(None, "All folders", tuple(kept.get(EVERYWHERE, [])))]
    for root in roots.live(session):
        found.append(LeftOut(root.id, root.name, tuple(kept.get(str(root.uid), []))))
    return tuple(found)


def put(
    session: Session, settings: Settings, root_id: int | None, patterns: Sequence[str]
) -> Changes:
    """Have these patterns, and no others, hold for a folder (None: for all folders).

    Nothing on disk changes; what is left out leaves the library at the next pass and comes back
    when its pattern goes. Raises UserError for a line that is no pattern.
    """
    lines = _checked(patterns)
    root = _root(session, root_id)
    before: dict[str, list[str]] = settings.fact(IGNORED, {})
    key, name = (str(root.uid), root.name) if root is not None else (EVERYWHERE, "all folders")
    if before.get(key, []) == lines:
        return Changes(summary=f"Nothing changed for {name}.")
    settings.set_fact(IGNORED, {**before, key: lines})
    count = len([line for line in lines if not line.startswith("#")])
    patterns_word = "pattern" if count == 1 else "patterns"
    return Changes(
        frozenset({"roots"}),
        summary=f"{count or 'No'} {patterns_word} for {name}.",
        inverse=Inverse("restore_ignored", (before,)),
    )


def would_leave(
    session: Session, settings: Settings, root_id: int | None, patterns: Sequence[str]
) -> LeavingOut:
    """What these patterns would do in place of those that hold for a folder (None: for all).

    Files come back that the record knows, the present patterns leave out, and the disk still has.
    Raises UserError for a line that is no pattern.
    """
    lines = _checked(patterns)
    kept: dict[str, list[str]] = settings.fact(IGNORED, {})
    leave = back = 0
    for root in roots.live(session):
        if root_id not in (None, root.id):
            continue
        everywhere, own = kept.get(EVERYWHERE, []), kept.get(str(root.uid), [])
        place = roots.path_of(session, root)
        asked = [*lines, *own] if root_id is None else [*everywhere, *lines]
        now, then = _ignore(place, [*everywhere, *own]), _ignore(place, asked)
        query = select(AssetFile.relpath, AssetFile.missing_since)
        for path, gone in session.execute(query.where(AssetFile.root_id == root.id)):
            if gone is None:
                leave += then.hides(path)
            elif place is not None and now.hides(path) and not then.hides(path):
                back += (place / path).is_file()
    return LeavingOut(leave, back)


def _ignore(place: Path | None, patterns: Sequence[str]) -> Ignore:
    """With what the folder's own file leaves out, as a pass has it."""
    return Ignore(patterns) if place is None else Ignore.for_root(place, patterns)


def _checked(patterns: Sequence[str]) -> list[str]:
    lines = [line.rstrip("\r\n") for line in patterns]
    lines = [line for line in lines if line.strip()]
    try:
        Ignore(lines)
    except ValueError as problem:
        raise UserError(str(problem)) from problem
    return lines


def _root(session: Session, root_id: int | None) -> Root | None:
    if root_id is None:
        return None
    root = session.get(Root, root_id)
    if root is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    return root
