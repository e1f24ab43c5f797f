"""``deckhand doctor``: look at library, index, folders and surroundings; change nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from app.catalogue import health, problems, roots
from app.clock import DAY_MS, iso_text, now_ms
from app.errors import EnvironmentProblem
from app.paths import LibraryPaths, filesystem_of, unfit_reason
from app.rows import Check
from app.settings import Settings
from app.store import backups, feed
from app.store.engine import SAFE_SQLITE, Store, sqlite_module
from indexer.scan import is_folder

LITTLE_SPACE = 500 * 2**20
OLD_COPY_DAYS = 7


def checks(store: Store, paths: LibraryPaths, settings: Settings) -> tuple[Check, ...]:
    """All checks in the order in which they should be read."""
    return (
        *_program(),
        *_place(paths),
        *_settings(settings),
        *_told(_database(store)),
        *_backups(paths),
        *_told(_index(store, paths)),
        *_told(_roots(store, settings)),
        *_helpers(),
    )


def _told(found: Iterator[Check]) -> Iterator[Check]:
    """The checks, and a failure to read the record as one more: a doctor looks at damage."""
    try:
        yield from found
    except EnvironmentProblem as problem:
        yield Check("Record", "bad", str(problem))


def _program() -> Iterator[Check]:
    yield Check("Python", "ok", f"{sys.version.split()[0]} on {sys.platform}")
    module = sqlite_module()
    version = module.sqlite_version
    safe = tuple(int(part) for part in version.split(".")) >= SAFE_SQLITE
    yield Check(
        "SQLite", "ok" if safe else "warn", f"{version} ({module.__name__.split('.')[0]})",
        "" if safe else "Older than 3.51.3: two programs writing at once can lose a change. "
        "Close the window before using the command line.",
    )  # fmt: skip


def _place(paths: LibraryPaths) -> Iterator[Check]:
    reason = unfit_reason(paths.folder)
    kind = filesystem_of(paths.folder)
    yield Check(
        "Library folder", "bad" if reason else "ok",
        reason or f"{paths.folder}" + (f" ({kind})" if kind else ""),
        "Move the library to this computer's own disk." if reason else "",
    )  # fmt: skip
    free = shutil.disk_usage(paths.folder).free
    little = free < LITTLE_SPACE
    yield Check(
        "Disk space", "warn" if little else "ok",
        f"{free / 2**30:.1f} GB free; the library takes "
        f"{health.folder_size(paths.folder) / 2**20:.0f} MB",
        "Make room: indexing stops when the disk is full." if little else "",
    )  # fmt: skip


def _settings(settings: Settings) -> Iterator[Check]:
    yield Check(
        "Settings", "bad" if settings.damaged else "ok",
        f"{settings.path} " + ("cannot be read; defaults hold" if settings.damaged else "is sound"),
        "Put back a copy, or say anew where the folders are: deckhand index FOLDER, deckhand me"
        if settings.damaged else "",
    )  # fmt: skip


def _database(store: Store) -> Iterator[Check]:
    with store.read() as session:
        found = session.execute(sa.text("PRAGMA quick_check(5)")).scalars().all()
        orphans = session.execute(sa.text("PRAGMA foreign_key_check")).all()
    fine = found == ["ok"]
    yield Check(
        "Database", "ok" if fine else "bad", "sound" if fine else "; ".join(found),
        "" if fine else "Put back a copy: deckhand backup --list, then deckhand restore COPY",
    )  # fmt: skip
    yield Check(
        "References", "bad" if orphans else "ok",
        f"{len(orphans)} rows point nowhere" if orphans else "every row points to one that exists",
    )  # fmt: skip
    yield _rollup(store)


def _backups(paths: LibraryPaths) -> Iterator[Check]:
    found = backups.listing(paths.backups)
    old = bool(found) and now_ms() - found[0].made_at > OLD_COPY_DAYS * DAY_MS
    many = "1 copy" if len(found) == 1 else f"{len(found)} copies"
    yield Check(
        "Copies of the record", "warn" if old else "ok",
        f"{many}, the newest of {iso_text(found[0].made_at)}" if found
        else "none yet; the first is made a day after the library was begun",
        "Older than it should be. Make one now: deckhand backup" if old else "",
    )  # fmt: skip


def _rollup(store: Store) -> Check:
    wrong = sa.text(
        "SELECT count(*) FROM (SELECT at / 86400000 AS day, asset_id, count(*) AS n "
        "FROM usage_event WHERE kind IN ('open', 'send', 'share', 'copy') GROUP BY 1, 2) AS e "
        "LEFT JOIN usage_day AS d ON d.day = e.day AND d.asset_id = e.asset_id "
        "WHERE d.n_use IS NULL OR d.n_use <> e.n"
    )
    with store.read() as session:
        count = session.execute(wrong).scalar() or 0
    detail = f"{count} days differ from the log" if count else "equal to the log of events"
    return Check("Daily totals", "bad" if count else "ok", detail)


def _index(store: Store, paths: LibraryPaths) -> Iterator[Check]:
    from indexer.search.state import applied_in, entries_in

    with store.read() as session:
        newest = feed.last_indexed(session)
        wanted = health.entries(session)
    held, found = applied_in(paths.index), entries_in(paths.index)
    if held < 0:
        detail, fix = "missing or of another version", "Run: deckhand index"
    elif held < newest:
        detail, fix = f"holds change {held} of {newest}", "Run: deckhand index"
    elif found != wanted:
        detail, fix = f"holds {found:,} entries of {wanted:,}", "Run: deckhand index --rebuild"
    else:
        detail, fix = f"holds every change, {found:,} entries", ""
    yield Check("Search index", "ok" if not fix else "warn", detail, fix)


def _roots(store: Store, settings: Settings) -> Iterator[Check]:
    with store.read() as session:
        listed = roots.rows_of(session, settings)
        troubled = problems.listed(session)
    if not listed:
        yield Check("Folders", "warn", "none yet", "Add one: deckhand index FOLDER")
    for root in listed:
        reachable = bool(root.path) and is_folder(Path(root.path))
        detail = f"{root.path or root.name}: {root.files:,} files, {root.problems:,} with problems"
        yield Check(
            "Folder", "ok" if reachable and not root.reason else "warn", detail,
            root.reason or ("" if reachable else "It cannot be reached now; nothing is forgotten."),
        )  # fmt: skip
    for problem in troubled:
        yield Check("Problem", "warn", f"{problem.root}/{problem.path}: {problem.reason}")


def _helpers() -> Iterator[Check]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield Check(
        "LibreOffice", "ok", office or "not found; slides are shown as text cards, search is whole"
    )
