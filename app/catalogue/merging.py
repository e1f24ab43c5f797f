"""Making one asset of two, because they are copies or because one moved, and taking it back.

Nothing on disk changes and no event is rewritten: the deeds on a merged asset count for the one it
went into when they are read (``merged_into_id``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.catalogue import assets, decisions
from app.catalogue.versions import quoted
from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.store.tables import Asset, AssetFile, AssetTag, AssetVersion, Page

_TOUCHED = frozenset({"assets", "tags", "events", "index"})


@dataclass(slots=True)
class _Note:
    """What taking a merge back needs, kept with the decision as plain data."""

    files: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    other_current: int | None = None
    keep_current: int | None = None
    title: str | None = None
    new_title: str | None = None
    tags_added: list[int] = field(default_factory=list)
    tags_accepted: list[dict[str, Any]] = field(default_factory=list)
    followers: list[int] = field(default_factory=list)
    keep_superseded: bool = False
    gone: list[dict[str, Any]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The note for the record."""
        return {name: getattr(self, name) for name in self.__slots__}


# ---- merge -------------------------------------------------------------------------------


def merge(session: Session, me_id: int, keep_id: int, other_id: int) -> Changes:
    """Make one asset of two: ``keep`` stays as it is and gets the tags, places and history of
    ``other``, whose content becomes a version of it. Raises UserError."""
    return _join(session, me_id, keep_id, other_id, taking=False)


def accept_move(session: Session, me_id: int, old_id: int, new_id: int) -> Changes:
    """Say that the missing file of ``old`` has been moved and edited and is ``new`` now (FW-14).

    The old asset keeps its tags and history and gets the new content as its current version.
    Raises UserError when the old asset's file is not missing.
    """
    present = select(AssetFile.id).where(
        AssetFile.asset_id == old_id, AssetFile.missing_since.is_(None)
    )
    if session.scalars(present).first() is not None:
        raise UserError(
            f"{decisions.title(session, old_id)} is still where it was, so it has not moved. "
            "Merge the two instead."
        )
    return _join(session, me_id, old_id, new_id, taking=True)


def _join(session: Session, me_id: int, keep_id: int, other_id: int, *, taking: bool) -> Changes:
    keep, other = decisions.two(session, keep_id, other_id)
    note = _Note(other_current=other.current_version_id, keep_current=keep.current_version_id)
    moved = _move_content(session, keep, other, note)
    _unite_tags(session, keep.id, other.id, note)
    _redirect_followers(session, keep, other, note)
    other.merged_into_id = keep.id
    if taking or keep.current_version_id is None:
        _take_content(session, keep, other, moved, note)
    session.flush()
    what = "accept_move" if taking else "merge"
    decisions.decide(session, me_id, what, keep.id, other.id, note.as_data())
    return Changes(
        _TOUCHED, (keep.id, other.id), decisions.sentence(session, what, keep.id, other.id),
        Inverse("unmerge", (other.id,)), keep.id,
    )  # fmt: skip


def _move_content(
    session: Session, keep: Asset, other: Asset, note: _Note
) -> dict[int | None, int | None]:
    """Give files and versions to ``keep``; returns each version's id there.

    Content that ``keep`` has already stays behind as it was, so that going back is exact.
    """
    files = list(session.scalars(select(AssetFile).where(AssetFile.asset_id == other.id)))
    held = {file.id: file.version_id for file in files}
    note.files = [file.id for file in files]
    for file in files:
        file.version_id = None
    other.current_version_id = None
    session.flush()
    mine = _by_hash(session, keep.id)
    place: dict[int | None, int | None] = {None: None}
    for version in session.scalars(select(AssetVersion).where(AssetVersion.asset_id == other.id)):
        place[version.id] = mine.get(version.sha256, version.id)
        if version.sha256 not in mine:
            version.asset_id = keep.id
            note.versions.append(version.id)
    session.flush()
    for file in files:
        file.asset_id, file.version_id = keep.id, place[held[file.id]]
    session.flush()
    return place


def _by_hash(session: Session, asset_id: int) -> dict[bytes, int]:
    query = select(AssetVersion.sha256, AssetVersion.id).where(AssetVersion.asset_id == asset_id)
    return {sha: version for sha, version in session.execute(query)}


def _unite_tags(session: Session, keep_id: int, other_id: int, note: _Note) -> None:
    """Accepted tags go over; what a person rejected on the kept asset stays rejected."""
    mine = {
        tag.term_id: tag
        for tag in session.scalars(select(AssetTag).where(AssetTag.asset_id == keep_id))
    }
    theirs = select(AssetTag).where(AssetTag.asset_id == other_id, AssetTag.state == "accepted")
    for tag in session.scalars(theirs):
        known = mine.get(tag.term_id)
        if known is None:
            note.tags_added.append(tag.term_id)
            session.add(
                AssetTag(
                    asset_id=keep_id, term_id=tag.term_id, state=tag.state, source=tag.source,
                    confidence=tag.confidence, by_id=tag.by_id, at=tag.at,
                )
            )  # fmt: skip
        elif known.state == "proposed":
            former = {"term_id": known.term_id, "source": known.source, "by_id": known.by_id,
                      "confidence": known.confidence, "at": known.at}  # fmt: skip
            note.tags_accepted.append(former)
            known.state, known.source, known.by_id = "accepted", tag.source, tag.by_id
            known.confidence, known.at = tag.confidence, tag.at


def _redirect_followers(session: Session, keep: Asset, other: Asset, note: _Note) -> None:
    """What the other asset supersedes is superseded by the kept one now."""
    query = select(Asset).where(Asset.superseded_by_id == other.id)
    for follower in session.scalars(query):
        if follower.id == keep.id:
            note.keep_superseded = True
            follower.superseded_by_id = None
        else:
            note.followers.append(follower.id)
            follower.superseded_by_id = keep.id


def _take_content(
    session: Session,
    keep: Asset,
    other: Asset,
    place: dict[int | None, int | None],
    note: _Note,
) -> None:
    """Make the other's content current; the places that are missing were where it lay before."""
    keep.current_version_id = place[note.other_current]
    note.title, note.new_title = keep.title, other.title
    keep.title = other.title
    missing = select(AssetFile).where(
        AssetFile.asset_id == keep.id, AssetFile.missing_since.is_not(None),
        AssetFile.id.not_in(note.files),
    )  # fmt: skip
    for file in session.scalars(missing):
        note.gone.append(_file_data(file))
        session.delete(file)


def _file_data(file: AssetFile) -> dict[str, Any]:
    names = (
        "root_id", "relpath", "version_id", "size", "mtime_ns", "file_key", "problem",
        "missing_since",
    )  # fmt: skip
    raw = file.raw_name.hex() if file.raw_name is not None else None
    return {**{name: getattr(file, name) for name in names}, "raw_name": raw}


# ---- and back ----------------------------------------------------------------------------


def unmerge(session: Session, other_id: int) -> Changes:
    """Take a merge or an accepted move back, also one of long ago. Raises UserError.

    What happened since stays where it belongs: a file that was edited meanwhile goes back with its
    new content, and tags that people set on the kept asset stay there.
    """
    decision = decisions.active(session, ("merge", "accept_move"), second_id=other_id)
    if decision is None:
        raise UserError(f"{decisions.title(session, other_id)} was not merged into another asset.")
    keep, other = assets.get(session, decision.first_id), assets.get(session, other_id)
    if keep.merged_into_id is not None:
        kept = decisions.title(session, decisions.into(session, keep.id))
        raise UserError(f"{quoted(keep.title)} was merged into {kept}. Take that back first.")
    note = _Note(**decision.detail)
    other.merged_into_id = None
    session.flush()
    _return_content(session, keep, other, note)
    _return_tags(session, keep.id, note)
    for follower_id in note.followers:
        follower = session.get_one(Asset, follower_id)
        if follower.superseded_by_id == keep.id:
            follower.superseded_by_id = other.id
    if note.keep_superseded and keep.superseded_by_id is None:
        keep.superseded_by_id = other.id
    if note.title is not None and keep.title == note.new_title:
        keep.title = note.title
    _return_gone(session, keep.id, note)
    decision.undone_at = now_ms()
    session.flush()
    return Changes(
        _TOUCHED, (keep.id, other.id),
        f"{quoted(other.title)} and {quoted(keep.title)} are two assets again.",
        Inverse(decision.what, (keep.id, other.id)), other.id,
    )  # fmt: skip


def _return_content(session: Session, keep: Asset, other: Asset, note: _Note) -> None:
    moved = set(
        session.scalars(
            select(AssetVersion.id).where(
                AssetVersion.id.in_(note.versions), AssetVersion.asset_id == keep.id
            )
        )
    )
    files = [
        file
        for file in session.scalars(select(AssetFile).where(AssetFile.asset_id == keep.id))
        if file.id in note.files or file.version_id in moved
    ]
    held = {file.id: file.version_id for file in files}
    for file in files:
        file.version_id = None
    if keep.current_version_id in {*moved, *held.values()} and (
        keep.current_version_id != note.keep_current
    ):
        keep.current_version_id = _own_current(session, keep.id, moved, note)
    session.flush()
    change = update(AssetVersion).where(AssetVersion.id.in_(moved)).values(asset_id=other.id)
    session.execute(change, execution_options={"synchronize_session": "fetch"})
    for file in files:
        file.asset_id = other.id
        file.version_id = _version_in(session, other.id, held[file.id])
    session.flush()
    there = next((f.version_id for f in files if f.missing_since is None and f.version_id), None)
    other.current_version_id = there or _version_in(session, other.id, note.other_current)


def _own_current(session: Session, keep_id: int, moved: set[int], note: _Note) -> int | None:
    """The kept asset's own content again: what its own present file holds, else what it was."""
    own = select(AssetFile.version_id).where(
        AssetFile.asset_id == keep_id, AssetFile.version_id.is_not(None),
        AssetFile.version_id.not_in(moved), AssetFile.id.not_in(note.files),
    )  # fmt: skip
    held = session.scalars(own.order_by(AssetFile.missing_since.is_not(None))).first()
    return held if held is not None else note.keep_current


def _version_in(session: Session, asset_id: int, version_id: int | None) -> int | None:
    """The asset's own version with the content of ``version_id``, copied if it has none."""
    version = session.get(AssetVersion, version_id or 0)
    if version is None:
        return None
    own = _by_hash(session, asset_id).get(version.sha256)
    return own if own is not None else _copied(session, version, asset_id)


def _copied(session: Session, version: AssetVersion, asset_id: int) -> int:
    names = (
        "sha256", "size", "kind", "page_count", "extract_state", "extract_reason", "properties",
        "modified_at", "seen_at",
    )  # fmt: skip
    made = AssetVersion(asset_id=asset_id, **{name: getattr(version, name) for name in names})
    session.add(made)
    session.flush()
    columns = (Page.page_no, Page.label, Page.hidden, Page.sha)
    pages = session.execute(select(*columns).where(Page.version_id == version.id)).all()
    rows = [
        {"version_id": made.id, "page_no": n, "label": label, "hidden": hidden, "sha": sha}
        for n, label, hidden, sha in pages
    ]
    if rows:
        session.execute(insert(Page), rows)
    return made.id


def _return_tags(session: Session, keep_id: int, note: _Note) -> None:
    for term_id in note.tags_added:
        tag = session.get(AssetTag, (keep_id, term_id))
        if tag is not None:
            session.delete(tag)
    for former in note.tags_accepted:
        tag = session.get(AssetTag, (keep_id, former["term_id"]))
        if tag is not None and tag.state == "accepted":
            tag.state, tag.source, tag.by_id = "proposed", former["source"], former["by_id"]
            tag.confidence, tag.at = former["confidence"], former["at"]


def _return_gone(session: Session, keep_id: int, note: _Note) -> None:
    for data in note.gone:
        taken = select(AssetFile.id).where(
            AssetFile.root_id == data["root_id"], AssetFile.relpath == data["relpath"]
        )
        if session.scalars(taken).first() is None:
            raw = bytes.fromhex(data["raw_name"]) if data["raw_name"] is not None else None
            session.add(AssetFile(**{**data, "raw_name": raw}, asset_id=keep_id))
