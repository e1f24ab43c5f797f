"""Looking through the folders on the radar, a few files at a time, in reading processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import fingerprints, radar, roots, versions
from app.catalogue.radar_notes import Note, opened
from app.clock import now_ms
from app.errors import LibraryBusy
from app.rows import PageRow
from app.rows_copies import VersionDiff
from app.settings import Settings
from app.store.engine import Store
from app.store.tables import Asset, AssetVersion
from indexer.extract import Extracted
from indexer.fingerprint import file_sha256
from indexer.scan import Found, RootUnreachable, real_path, scan
from indexer.worker import Done, Extractors, Job

if TYPE_CHECKING:
    from indexer.likeness import Match, Prints, Shelf

SUFFIXES = frozenset((
    ".pptx", ".ppsx", ".pptm", ".potx", ".ppt", ".pdf", ".docx", ".docm", ".doc", ".xlsx", ".xlsm",
    ".xls", ".odp", ".odt", ".ods", ".key", ".rtf", ".epub",
))  # fmt: skip
MOST_BYTES = 200 * 2**20
MOST_FILES = 20_000
MOST_TEXT = 4_000
MOST_SLIDES = 100
_CLOSE = 0.05
_RIVALS = 5
_AT_ONCE = 8

Progress = Callable[[int, int, str], None]


class RadarScan:
    """One look through the opted-in folders. Raises LibraryBusy when another one is going on.

    ``step`` does a few files and may be called between other work; what it noted stays noted.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = FileLock(store.paths.folder / "radar.lock", timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise LibraryBusy("The radar is looking through its folders already.") from None
        try:
            self._waiting = self._compare()
        except BaseException:
            self._lock.release()
            raise
        self.total = len(self._waiting)
        self._library: _Library | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others look."""
        self._lock.release()

    @property
    def done(self) -> int:
        """How many of the ``total`` files have been looked at."""
        return self.total - len(self._waiting)

    # ---- what there is -----------------------------------------------------------------

    def _compare(self) -> list[tuple[Note, Path]]:
        """The files to look at, newest first; files that are gone are forgotten."""
        with self._store.read() as session:
            own = [Path(base) for base in roots.mounts(session).values()]
        own.append(self._store.paths.folder.absolute().resolve())
        with opened(self._store.paths) as notes:
            known = {note.path: note for note in notes.files()}
            waiting: list[tuple[Note, Path]] = []
            for folder in radar.folders(self._settings):
                try:
                    there = {note.path: (note, path) for note, path in _files(folder, own)}
                except RootUnreachable as problem:
                    notes.put_folder(folder, None, str(problem))
                    continue
                gone = [p for p, note in known.items() if note.folder == folder and p not in there]
                notes.forget(gone)
                notes.put_folder(folder, now_ms(), "")
                waiting += there.values()
        waiting.sort(key=lambda pair: -pair[0].mtime_ns)
        fresh = (_kept(known.get(note.path), note, path) for note, path in waiting[:MOST_FILES])
        return [pair for pair in fresh if pair is not None]

    # ---- a step --------------------------------------------------------------------------

    def step(self, extractors: Extractors) -> bool:
        """Look at the next few files; True while there are more."""
        if self._waiting and self._library is None:
            with self._store.read() as session:
                self._library = _Library(session, self._settings.number("copies.threshold"))
        batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        if batch:
            assert self._library is not None
            notes, unread = self._known(self._library, batch)
            # No transaction is open while files are read: that may take minutes.
            finished = [done for done in extractors.run(unread) if not done.vanished]
            with self._store.read() as session:
                notes += [_judged(session, self._library, done) for done in finished]
            with opened(self._store.paths) as kept:
                kept.put(notes)
        return bool(self._waiting)

    def _known(
        self, library: _Library, batch: Iterable[tuple[Note, Path]]
    ) -> tuple[list[Note], list[Job]]:
        """What is news without reading, and what has to be read."""
        notes, unread = [], []
        with self._store.read() as session:
            for note, path in batch:
                told = _without_reading(session, library, note, path)
                if told is None:
                    unread.append(Job(note, path))
                elif told is not note or note.problem:
                    notes.append(told)
        return notes, unread


def _files(folder: str, own: Iterable[Path]) -> Iterator[tuple[Note, Path]]:
    """The documents below a folder that are not in the library themselves."""
    base = Path(folder)
    for found in scan(base):
        path = real_path(base, found.relpath, found.raw)
        if path.suffix.lower() in SUFFIXES and not any(path.is_relative_to(root) for root in own):
            yield _note(folder, found), path


def _note(folder: str, found: Found) -> Note:
    problem = found.problem or ""
    if not problem and found.size > MOST_BYTES:
        problem = f"It is larger than {MOST_BYTES >> 20} MB, so the radar leaves it alone."
    return Note(
        f"{folder}{os.sep}{found.relpath}", folder, found.size, found.mtime_ns, problem=problem
    )


def _kept(known: Note | None, note: Note, path: Path) -> tuple[Note, Path] | None:
    """The former note of a file that is unchanged, else the new one; None when that was unreadable
    and still is."""
    if known is None or note.problem or known.sha256 is None:
        return note, path
    if (known.size, known.mtime_ns) != (note.size, note.mtime_ns):
        return note, path
    return None if known.problem else (known, path)


# ---- judging -----------------------------------------------------------------------------


class _Library:
    """The versions of the library's assets, to hold files against."""

    def __init__(self, session: Session, threshold: float) -> None:
        from indexer import likeness

        kept = fingerprints.kept_prints(session, current=False)
        self.shelf: Shelf = likeness.Shelf(list(kept), list(kept.values()))
        self.threshold = threshold

    def rivals(self, prints: Prints) -> list[Match]:
        """The versions that a file is most like, best first, all about equally like it."""
        found = self.shelf.matches(prints, least=self.threshold)
        if not found:
            return []
        best = max(found[0].forward, found[0].backward)
        return [m for m in found[:_RIVALS] if max(m.forward, m.backward) >= best - _CLOSE]


def _without_reading(session: Session, library: _Library, note: Note, path: Path) -> Note | None:
    """What can be said of a file without opening its content; None when it has to be read.

    An unchanged file is read again only when the library has something else that is like it.
    """
    from indexer import likeness

    if note.problem:
        return note
    sha256 = note.sha256
    if sha256 is None:
        try:
            sha256 = file_sha256(path)
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            return _plain(note, None, problem=f"It could not be read: {reason}.")
    version = _version_of(session, sha256)
    if version is not None:
        return Note(
            note.path, note.folder, note.size, note.mtime_ns, sha256, version_id=version,
            exact=True, score=1.0,
        )  # fmt: skip
    if note.sha256 is None or note.exact:
        return None
    made = likeness.from_bytes(note.pages, note.keys, note.sketches)
    same = [match.owner for match in library.rivals(made)] == note.candidates
    return note if same else None


def _plain(note: Note, sha256: bytes | None, *, problem: str = "") -> Note:
    return Note(note.path, note.folder, note.size, note.mtime_ns, sha256, problem)


def _version_of(session: Session, sha256: bytes) -> int | None:
    """The version with these bytes, of an asset that has them now before one that had them."""
    query = (
        select(AssetVersion.id)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(AssetVersion.sha256 == sha256, Asset.merged_into_id.is_(None))
        .order_by((Asset.current_version_id == AssetVersion.id).desc(), Asset.id)
    )
    return session.scalars(query).first()


def _judged(session: Session, library: _Library, finished: Done) -> Note:
    """The note of a file that was read."""
    from indexer import likeness

    assert isinstance(finished.key, Note)
    extracted, pages = finished.extracted, _pages(finished.extracted)
    note = _plain(finished.key, finished.sha256)
    prints = fingerprints.prints_of(pages)
    if not len(prints):
        return replace(note, problem=extracted.reason or "")
    packed = likeness.to_bytes(prints)
    rivals = library.rivals(prints)
    note = replace(
        note, pages=packed[0], keys=packed[1], sketches=packed[2],
        candidates=[match.owner for match in rivals],
    )  # fmt: skip
    best = _best(session, rivals, pages)
    if best is None:
        return note
    match, diff = best
    return replace(
        note, version_id=match.owner, score=round(max(match.forward, match.backward), 3),
        diff=versions.as_data(diff), texts=_texts(diff, pages),
    )  # fmt: skip


def _pages(extracted: Extracted) -> list[PageRow]:
    return [
        PageRow(page.number, page.label, page.heading, page.body, page.notes, page.hidden)
        for page in extracted.pages
    ]


def _best(
    session: Session, rivals: list[Match], pages: list[PageRow]
) -> tuple[Match, VersionDiff] | None:
    """The version that differs least in what it says; the current one among equals."""
    texts = versions.pages_of(session, [match.owner for match in rivals])
    current = set(
        session.scalars(
            select(Asset.current_version_id).where(Asset.current_version_id.in_(list(texts)))
        )
    )

    def rank(pair: tuple[Match, VersionDiff]) -> tuple[int, int, bool, int]:
        match, diff = pair
        kinds = [change.kind for change in diff.changes]
        own = kinds.count("changed") + kinds.count("added")
        return own, kinds.count("removed"), match.owner not in current, -match.owner

    judged = [(match, versions.diff(texts[match.owner], pages)) for match in rivals]
    return min(judged, key=rank) if judged else None


def _texts(diff: VersionDiff, pages: list[PageRow]) -> dict[str, str]:
    """The text of the pages that differ, for a contribution."""
    by_number = {page.number: page for page in pages}
    differing = [c.new_number for c in diff.changes if c.kind in ("changed", "added")]
    return {
        str(number): f"{by_number[number].heading}\n{by_number[number].body}".strip()[:MOST_TEXT]
        for number in differing[:MOST_SLIDES]
    }


def scan_all(store: Store, settings: Settings, progress: Progress) -> None:
    """Look through all folders on the radar, with reading processes of its own."""
    workers = max(1, (os.cpu_count() or 2) - 1)
    with RadarScan(store, settings) as looking, Extractors(workers) as extractors:
        more = True
        while more:
            more = looking.step(extractors)
            progress(looking.done, looking.total, "")
