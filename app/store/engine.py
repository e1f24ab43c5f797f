"""The engine: SQLite with the pragmas that lose nothing, sessions, and the way up to the schema."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import now_ms, uuid7
from app.errors import EnvironmentProblem, UserError
from app.paths import LibraryPaths, gone, unfit_reason
from app.settings import Settings
from app.store.guard import guard

SCHEMA_HEAD = "0003"
PRAGMAS = (
    "busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
    "recursive_triggers=ON", "trusted_schema=OFF", "cache_size=-65536", "temp_store=MEMORY",
    "journal_size_limit=67108864",
)  # fmt: skip
# 3.7.0 to 3.51.2 can lose commits of two connections (the WAL-reset race), backports apart.
SAFE_SQLITE = (3, 51, 3)


def sqlite_module() -> ModuleType:
    """The SQLite to use: the bundled new one where there is a wheel, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def make_engine(path: str) -> sa.Engine:
    """An engine on a SQLite file whose transactions begin as writer or, if asked, as reader."""
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=sqlite_module(),
        connect_args={"timeout": 5, "check_same_thread": False, "isolation_level": None},
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("readonly", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def mended(problem: sa.exc.DBAPIError, paths: LibraryPaths) -> EnvironmentProblem | None:
    """The sentence for a database error that the surroundings cause, or None for a bug."""
    text = str(problem.orig).lower()
    if "locked" in text or "busy" in text:
        return EnvironmentProblem(
            "The library is busy: another program has been writing for over 5 seconds. Try again."
        )
    if "full" in text:
        return EnvironmentProblem("The disk is full: nothing was saved. Make room and try again.")
    if "it is gone" in text:
        return EnvironmentProblem(gone(paths.folder))
    if "readonly" in text or "unable to open" in text:
        return EnvironmentProblem(
            f"The library folder {paths.folder} cannot be written to. Check its permissions."
        )
    if "disk i/o error" in text:
        return EnvironmentProblem(
            f"The disk of the library folder {paths.folder} refuses to be read or written: it is "
            "full, was unplugged or fails. Make room or check the disk, then try again."
        )
    if "malformed" in text or "not a database" in text:
        return EnvironmentProblem(damaged(paths))
    return None


def damaged(paths: LibraryPaths) -> str:
    """The sentence about a damaged record, with the way out."""
    return f"The library file {paths.database} is damaged. {_remedy(paths)}"


def _remedy(paths: LibraryPaths) -> str:
    """What to do about a damaged library file."""
    copies = sorted(paths.backups.glob("*.db")) if paths.backups.is_dir() else []
    if copies:
        return (
            f"Put back a copy, the newest is {copies[-1].name}: deckhand restore {copies[-1].name}"
        )
    return (
        "Put back a copy of your own: deckhand restore FILE. Without one, move the file away and "
        "index the folders again: the documents are found again, their tags and history are not."
    )


class Store:
    """The opened database, and where its library is. Safe to call from several threads.

    Sessions carry this machine's settings in ``session.info["settings"]``, because where a root is
    mounted is a fact of the machine and not of the record.
    """

    def __init__(self, engine: sa.Engine, paths: LibraryPaths, settings: Settings) -> None:
        self.engine = engine
        self.paths = paths
        self.settings = settings
        self._info = {"settings": settings}
        self._writing = threading.Lock()
        self._readers = engine.execution_options(readonly=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing."""
        with self._speaking(), Session(self._readers, info=self._info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one write transaction: committed at the end, rolled back on any error."""
        with (
            self._speaking(),
            self._writing,
            Session(self.engine, info=self._info) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as problem:
            sentence = mended(problem, self.paths)
            if sentence is None:
                raise
            raise sentence from problem

    def close(self) -> None:
        """Release all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(paths: LibraryPaths, settings: Settings | None = None) -> Store:
    """Open the library's database, creating or migrating it first when needed.

    Raises UserError when the folder must not hold a library or the database is newer than we are.
    """
    reason = unfit_reason(paths.folder)
    if reason:
        raise UserError(f"{reason} Choose a folder on this computer's own disk (--library DIR).")
    try:
        paths.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise UserError(f"The library folder cannot be made: {problem}.") from problem
    store = Store(make_engine(str(paths.database)), paths, settings or Settings(paths.settings))
    try:
        with store._speaking():
            if _schema(store.engine) != SCHEMA_HEAD:
                _migrate(store.engine, paths)
            guard(store.engine, paths.database)
    except BaseException:
        store.close()
        raise
    return store


def _schema(engine: sa.Engine) -> str | None:
    with engine.connect().execution_options(readonly=True) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: sa.Engine, paths: LibraryPaths) -> None:
    from filelock import FileLock

    from app.store import backups, migrate

    with FileLock(paths.lock, timeout=120):
        present = _schema(engine)
        if present == SCHEMA_HEAD:
            return
        if present is not None:
            backups.make(engine, paths.backups, "update")
        migrate.upgrade(engine)
        with Session(engine) as session, session.begin():
            fill_new(session)


def fill_new(session: Session) -> None:
    """Give a new library its identity and the default vocabulary; changes nothing in an old one."""
    from app.store.defaults import load_defaults
    from app.store.tables import LibraryMeta

    if session.get(LibraryMeta, "library_uid") is not None:
        return
    session.add(LibraryMeta(key="library_uid", value=str(uuid7())))
    session.add(LibraryMeta(key="feed_epoch", value=str(uuid7())))
    session.add(LibraryMeta(key="created_at", value=str(now_ms())))
    load_defaults(session)
