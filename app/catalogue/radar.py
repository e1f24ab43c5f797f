"""The copy radar: files in folders outside the library, and how they stand to its assets.

A folder is opted in by a person, on one machine. Nothing there is ever written, and nothing there
is searched or shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import roots, trust
from app.catalogue.radar_notes import Note, opened
from app.catalogue.versions import capital, from_data, plural, quoted
from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.paths import LibraryPaths
from app.rows_copies import (
    RADAR_STATES,
    PageChange,
    RadarFile,
    RadarFolder,
    RadarReport,
    RadarSlide,
    VersionDiff,
)
from app.settings import Settings
from app.store.tables import Asset, AssetVersion

FACT = "radar"
_KINDS = frozenset({"settings"})
_TOLD = 3


# ---- the folders -------------------------------------------------------------------------


def folders(settings: Settings) -> dict[str, int]:
    """The opted-in folders of this machine, each with the time of opting in."""
    found = settings.fact(FACT, {})
    return {path: at for path, at in found.items() if isinstance(at, int)}


def add(session: Session, settings: Settings, path: Path, *, library: Path) -> Changes:
    """Opt a folder in. Raises UserError when it is no folder, or lies in the library."""
    wanted = _checked(path)
    known = folders(settings)
    if str(wanted) in known:
        return Changes(summary=f"{wanted} is on the radar already.")
    own = library.absolute().resolve()
    if wanted.is_relative_to(own) or own == wanted:
        raise UserError(f"{wanted} holds Deckhand's own files. Choose another folder.")
    for base in roots.mounts(session).values():
        if wanted.is_relative_to(base):
            raise UserError(f"{wanted} is part of the library. The radar is for folders outside.")
    for other in known:
        if wanted.is_relative_to(other):
            raise UserError(f"{wanted} is on the radar already: it lies inside {other}.")
        if Path(other).is_relative_to(wanted):
            raise UserError(f"{wanted} holds {other}, which is on the radar. Remove that first.")
    settings.set_fact(FACT, {**known, str(wanted): now_ms()})
    return Changes(
        _KINDS, summary=f"{wanted} is on the radar. Nothing there is changed or shared.",
        inverse=Inverse("radar_remove", (str(wanted),)),
    )  # fmt: skip


def _checked(path: Path) -> Path:
    full = path.expanduser().absolute()
    try:
        str(full).encode("utf-8")
        is_folder = full.is_dir()
    except (UnicodeEncodeError, ValueError, OSError):
        is_folder = False
    if not is_folder:
        shown = str(full).encode("utf-8", "replace").decode()
        raise UserError(f"There is no folder {shown}. Check the path.")
    return full.resolve()


def remove(settings: Settings, paths: LibraryPaths, path: Path) -> Changes:
    """Opt a folder out and forget what was noted of it. Raises UserError when it was not in."""
    known = folders(settings)
    full = path.expanduser().absolute()
    found = next((text for text in (str(full), str(full.resolve())) if text in known), None)
    if found is None:
        raise UserError(f"{full} is not on the radar.")
    settings.set_fact(FACT, {text: at for text, at in known.items() if text != found})
    with opened(paths) as notes:
        notes.forget_folder(found)
    return Changes(
        _KINDS, summary=f"{found} is off the radar.", inverse=Inverse("radar_add", (found,))
    )


# ---- the report --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    """The asset that a file matches, as it stands now, and which of its versions it is."""

    asset_id: int
    title: str
    shown: str
    replacement: str
    number: int
    versions: int
    current: bool

    @property
    def outdated(self) -> bool:
        """Whether a file with that content should not be used any more."""
        return not self.current or self.shown in ("superseded", "expired", "archived")


def report(session: Session, settings: Settings, paths: LibraryPaths) -> RadarReport:
    """The folders and their files as they stand to the library now."""
    known = folders(settings)
    if not known:
        return RadarReport((), ())
    with opened(paths) as notes:
        listed = [note for note in notes.files() if note.folder in known]
        scans = notes.folders()
    targets = _targets(session, sorted({n.version_id for n in listed if n.version_id is not None}))
    files = [_file(note, targets.get(note.version_id or 0)) for note in listed]
    order = {state: place for place, state in enumerate(RADAR_STATES)}
    files.sort(key=lambda file: (order[file.state], file.name.casefold(), file.path))
    counts = {folder: Counter(f.state for f in files if f.folder == folder) for folder in known}
    shown = tuple(
        RadarFolder(
            folder, added, *scans.get(folder, (None, "")),
            tuple((state, counts[folder][state]) for state in RADAR_STATES),
        )
        for folder, added in sorted(known.items())
    )  # fmt: skip
    return RadarReport(shown, tuple(files))


def file_at(session: Session, settings: Settings, paths: LibraryPaths, path: str) -> RadarFile:
    """One file of the report. Raises UserError when the radar does not know it."""
    with opened(paths) as notes:
        note = notes.file(path)
    if note is None or note.folder not in folders(settings):
        raise UserError(f"{path} is not on the radar. Scan its folder first.")
    targets = _targets(session, [note.version_id] if note.version_id is not None else [])
    return _file(note, targets.get(note.version_id or 0))


def _targets(session: Session, version_ids: Sequence[int]) -> dict[int, _Target]:
    place = (
        func.row_number()
        .over(partition_by=AssetVersion.asset_id, order_by=(AssetVersion.seen_at, AssetVersion.id))
        .label("place")
    )
    count = func.count().over(partition_by=AssetVersion.asset_id).label("count")
    ranked = select(AssetVersion.id, AssetVersion.asset_id, place, count).subquery()
    query = select(Asset, ranked.c.id, ranked.c.place, ranked.c.count).join(
        ranked, ranked.c.asset_id == Asset.id
    )
    found = {}
    for start in range(0, len(version_ids), 500):
        part = query.where(ranked.c.id.in_(version_ids[start : start + 500]))
        for asset, version, number, of in session.execute(part):
            found[version] = _target(session, asset, version, number, of)
    return found


def _target(session: Session, asset: Asset, version: int, number: int, of: int) -> _Target:
    shown = trust.shown_status(
        asset.status, expires_at=asset.expires_at,
        superseded=asset.superseded_by_id is not None, now=now_ms(),
    )  # fmt: skip
    newer = session.get(Asset, asset.superseded_by_id or 0)
    return _Target(
        asset.id, asset.title, shown, newer.title if newer else "", number, of,
        asset.current_version_id == version,
    )  # fmt: skip


def _file(note: Note, target: _Target | None) -> RadarFile:
    diff = from_data(note.diff) if note.diff and target is not None else None
    state, sentence = _standing(note, target, diff)
    slides = _slides(diff, note) if diff is not None else ()
    return RadarFile(
        note.path, Path(note.path).name, note.folder, state, target.asset_id if target else 0,
        target.title if target else "", sentence, slides, note.score if target else 0.0,
        note.size, note.mtime_ns // 1_000_000,
    )  # fmt: skip


def _modified(diff: VersionDiff) -> list[PageChange]:
    return [
        change
        for change in diff.changes
        if change.kind == "added" or (change.kind == "changed" and not change.notes_only)
    ]


def _standing(note: Note, target: _Target | None, diff: VersionDiff | None) -> tuple[str, str]:
    """The state of a file and its sentence."""
    if note.problem:
        return "unread", note.problem
    if target is None:
        return "unknown", "Nothing in the library is like it."
    title = quoted(target.title)
    same = diff is None or not (_modified(diff) or diff.of_kind("removed"))
    if target.outdated:
        sentence = _outdated(target, title)
        return "outdated", sentence if same or diff is None else f"{sentence} {_differs(diff)}"
    if same or diff is None:
        return "current", f"The same as {title}." if note.exact else f"The same text as {title}."
    share = f"{diff.same} of {plural(diff.new_pages, diff.word)}"
    return (
        "modified",
        f"{share} {'is' if diff.same == 1 else 'are'} as in {title}. {_differs(diff)}",
    )


def _outdated(target: _Target, title: str) -> str:
    if target.shown == "superseded":
        return f"{title} is superseded by {quoted(target.replacement)}."
    if target.shown in ("expired", "archived"):
        return f"{title} is {target.shown}."
    return f"This is version {target.number} of {target.versions} of {title}; use the current one."


def _differs(diff: VersionDiff) -> str:
    """What the local file says differently, numbers first."""
    parts = []
    changes = _modified(diff)
    for change in [c for c in changes if c.numbers][:_TOLD]:
        parts.append(f"{change.new_label}: {_numbers(change)}")
    others = sum(not c.numbers and c.kind == "changed" for c in changes)
    added = sum(c.kind == "added" for c in changes)
    removed = len(diff.of_kind("removed"))
    for count, text in ((others, "changed"), (added, "of its own"), (removed, "left out")):
        if count:
            parts.append(f"{plural(count, diff.word)} {text}")
    return capital("; ".join(parts)) + "." if parts else ""


def _numbers(change: PageChange) -> str:
    shown = "; ".join(f"{n.old} there, {n.new} here" for n in change.numbers[:_TOLD])
    more = len(change.numbers) - _TOLD
    return shown + (f" and {more} more" if more > 0 else "")


def _slides(diff: VersionDiff, note: Note) -> tuple[RadarSlide, ...]:
    return tuple(
        RadarSlide(
            change.new_number, change.new_label, change.kind, change.heading, change.numbers,
            note.texts.get(str(change.new_number), ""), _slide_sentence(change),
        )
        for change in _modified(diff)
    )  # fmt: skip


def _slide_sentence(change: PageChange) -> str:
    name = capital(change.new_label)
    if change.kind == "added":
        return f"{name} is not in the library's version."
    if change.numbers:
        return f"{name}: {_numbers(change)}."
    return f"{name} says something else than {change.old_label} there."
