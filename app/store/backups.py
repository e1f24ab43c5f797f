"""Copies of the record: made every day, before each migration and when asked for, and put back.

A copy is made by SQLite's backup interface, looked through, and named when it is whole; so no
name ever stands for half a copy, nor for a copy of a damaged record.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from app.errors import EnvironmentProblem, LibraryBusy, UserError, from_system
from app.paths import LibraryPaths
from app.rows import BackupRow, Holdings
from app.store.engine import make_engine, sqlite_module

KEEP = 10
WAIT_S = 60.0
EVERY_S = 20 * 3600
"""A copy a day, also for somebody who starts a little earlier each morning."""

_NAME = re.compile(r"library-(\d{8}-\d{6})-([a-z]+|\d+)(?:-\d+)?\.db")
_WORDS = {
    "daily": "made by itself", "update": "made before an update", "asked": "made by hand",
    "restore": "made before a copy was put back",
}  # fmt: skip
_COUNTS = {
    "assets": "SELECT count(*) FROM asset WHERE merged_into_id IS NULL",
    "tags": "SELECT count(*) FROM asset_tag WHERE state = 'accepted'",
    "events": "SELECT count(*) FROM usage_event",
    "requests": "SELECT count(*) FROM request",
}


def listing(folder: Path) -> tuple[BackupRow, ...]:
    """The copies in a folder, newest first."""
    found = []
    for path in folder.glob("library-*.db") if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        try:
            facts = path.stat()
        except OSError:
            continue
        at, why = facts.st_mtime, ""
        if named is not None:
            moment = datetime.strptime(named[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
            at, why = moment.timestamp(), _WORDS.get(named[2], _WORDS["update"])
        found.append(BackupRow(path, int(at * 1000), facts.st_size, why or _WORDS["update"]))
    return tuple(sorted(found, key=lambda row: (row.made_at, row.path.name), reverse=True))


def is_due(folder: Path, begun_ms: int) -> bool:
    """Whether a day has passed since the last copy, or since the library was begun.

    A last copy in the future tells of a clock that was set back, and of nothing else.
    """
    copies = listing(folder)
    age = time.time() - (copies[0].made_at if copies else begun_ms) / 1000
    return not -60 <= age < EVERY_S


def make(engine: sa.Engine, folder: Path, why: str) -> BackupRow:
    """Copy the record into the folder; the newest ten copies are kept.

    ``why`` is daily, update, asked or restore. Raises EnvironmentProblem, LibraryBusy.
    """
    with _alone(folder):
        return _made(engine, folder, why)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time: the half of a copy lies there under its maker's eyes, or nobody's."""
    lock = FileLock(folder.with_name(folder.name + ".lock"), timeout=WAIT_S)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy(_COPYING) from None
    except OSError as problem:
        raise from_system(problem) or EnvironmentProblem(
            f"No copy can be made in {folder}: {problem}."
        ) from problem
    try:
        yield
    finally:
        lock.release()


def _made(engine: sa.Engine, folder: Path, why: str) -> BackupRow:
    for left in folder.glob(".library-*.db.part"):
        with contextlib.suppress(OSError):
            left.unlink()
    made = _copied(engine, _free(folder, f"library-{datetime.now(UTC):%Y%m%d-%H%M%S}-{why}"))
    # A copy that a person has named is a person's to delete.
    others = [r.path for r in listing(folder) if r.path != made and _NAME.fullmatch(r.path.name)]
    for old in others[KEEP - 1 :]:
        old.unlink(missing_ok=True)
    return next(row for row in listing(folder) if row.path == made)


def _free(folder: Path, name: str) -> Path:
    """A name that no copy has: two may be made in one second."""
    names = (name, *(f"{name}-{n}" for n in range(2, 1000)))
    return next(path for each in names if not (path := folder / f"{each}.db").exists())


def make_at(engine: sa.Engine, file: Path) -> BackupRow:
    """Copy the record to a file of that name. Raises UserError when there is one already."""
    if file.exists():
        raise UserError(f"{file} is there already. Name another file for the copy.")
    if not file.parent.is_dir():
        raise UserError(f"There is no folder {file.parent} for the copy.")
    _copied(engine, file)
    return BackupRow(file, int(time.time() * 1000), file.stat().st_size, _WORDS["asked"])


def _copied(engine: sa.Engine, target: Path) -> Path:
    half = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source = engine.raw_connection()
        try:
            connection: Any = source.driver_connection
            with closing(sqlite_module().connect(str(half))) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                _must_be_sound(copy, target)
        finally:
            source.close()
        half.replace(target)
    except OSError as problem:
        raise from_system(problem) or EnvironmentProblem(
            f"The copy {target} cannot be written: {problem}."
        ) from problem
    except sqlite_module().Error as problem:
        raise EnvironmentProblem(f"The record could not be copied: {problem}.") from problem
    finally:
        with contextlib.suppress(OSError):
            half.unlink()
    return target


def _must_be_sound(connection: Any, target: Path) -> None:
    """Raises EnvironmentProblem: a copy of damage would push the good ones out."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        raise EnvironmentProblem(
            f"The record is damaged ({found[0]}), so {target.name} was not made. "
            "Put back a copy: deckhand restore"
        )


def is_sound(engine: sa.Engine) -> bool:
    """Whether SQLite finds nothing wrong with the record; reads all of it."""
    with engine.connect().execution_options(readonly=True) as connection:
        return connection.execute(sa.text("PRAGMA quick_check(1)")).scalar() == "ok"


# ---- putting back --------------------------------------------------------------------------------


def holdings(file: Path) -> Holdings:
    """What a record or a copy holds. Raises UserError when it is no sound record of ours."""
    try:
        with _reading(file) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise UserError(f"{file} is damaged.")
            counts = {name: connection.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
            uid = "SELECT value FROM library_meta WHERE key = 'library_uid'"
            (known,) = connection.execute(uid).fetchone()
    except (sqlite_module().Error, TypeError) as problem:
        raise UserError(f"{file} is no readable copy of a library: {problem}.") from problem
    return Holdings(uid=known, **counts)


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[Any]:
    if not file.is_file():
        raise UserError(f"There is no file {file}. `deckhand backup --list` names the copies.")
    place = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite_module().connect(place, uri=True)) as connection:
        yield connection


def restore(paths: LibraryPaths, copy: Path, window: int = 0) -> None:
    """Put a copy in the place of the record, which is kept: as a copy, or aside if damaged.

    Whenever this is cut off, the old record stands there or the new one, whole. Raises UserError
    for a copy of another library, LibraryBusy while a window or a command has this one open;
    ``window`` is the process whose window asks for it, and has let the library go.
    """
    wanted = holdings(copy)
    lock = FileLock(paths.indexing_lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy(_BUSY) from None
    try:
        if _window_lives(paths.folder, but=window):
            raise LibraryBusy(_BUSY)
        _keep_present(paths, wanted)
        _forget_index(paths)
        _put(copy, paths.database)
    except (OSError, sqlite_module().Error) as problem:
        known = from_system(problem) if isinstance(problem, OSError) else None
        raise known or EnvironmentProblem(
            f"The copy could not be put back: {problem}. The library is as it was."
        ) from problem
    finally:
        lock.release()


_COPYING = "Another program is making a copy of this library. Try again when it is done."
_BUSY = (
    "This library is open in a Deckhand window or used by another command. Close it, then put the "
    "copy back."
)


def _window_lives(folder: Path, *, but: int) -> bool:
    """Whether another process than ``but`` that holds the window's lock is alive (on Windows its
    lock tells)."""
    if sys.platform == "win32":
        return False
    try:
        pid = int((folder / "window.lock").read_text("utf-8").split("\n")[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return pid != but


def _keep_present(paths: LibraryPaths, wanted: Holdings) -> None:
    """Make a copy of the present record; of one that is damaged put the files aside."""
    if not paths.database.exists():
        return
    try:
        present = holdings(paths.database)
    except UserError:
        present = None
    if present is None:
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        for ending in ("", "-wal"):
            file = paths.database.with_name(paths.database.name + ending)
            if file.exists():
                aside = paths.backups / f"damaged-{stamp}.db{ending}"
                aside.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, aside)
    elif present.uid != wanted.uid:
        raise UserError(
            "That is a copy of another library. Open it with --library in a folder of its own."
        )
    else:
        engine = make_engine(str(paths.database))
        try:
            make(engine, paths.backups, "restore")
            # Outside of a transaction, in which nothing can be moved out of the log.
            source = engine.raw_connection()
            source.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            source.close()
        finally:
            engine.dispose()


def _forget_index(paths: LibraryPaths) -> None:
    """The index is of what the record holds now."""
    from indexer.search.writer import forget

    if paths.index.is_dir():
        forget(paths.index)


def _put(copy: Path, database: Path) -> None:
    fresh = database.with_name(database.name + ".part")
    fresh.unlink(missing_ok=True)
    # Read by SQLite, for what a person has copied by hand may have a log of its own beside it.
    with _reading(copy) as source, closing(sqlite_module().connect(str(fresh))) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())
    # A log left beside the new record would be played into it.
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    fresh.replace(database)
