"""What the copy radar noted of files outside the library: a small database on this machine only.

It is a cache of its own, beside the record and not in it: private files never enter what a team
shares. Of a file that matches nothing only hashes are kept; of one that matches, the text of the
pages that differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.paths import LibraryPaths
from app.store.engine import make_engine

FORMAT = 1
_META = sa.MetaData()
_FOLDER = sa.Table(
    "folder", _META,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("scanned_at", sa.BigInteger),
    sa.Column("reason", sa.Text, nullable=False),
)  # fmt: skip
_FILE = sa.Table(
    "file", _META,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("folder", sa.Text, nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.LargeBinary),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("pages", sa.LargeBinary, nullable=False),
    sa.Column("keys", sa.LargeBinary, nullable=False),
    sa.Column("sketches", sa.LargeBinary, nullable=False),
    sa.Column("candidates", sa.JSON, nullable=False),
    sa.Column("version_id", sa.Integer),
    sa.Column("exact", sa.Boolean, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("diff", sa.JSON, nullable=False),
    sa.Column("texts", sa.JSON, nullable=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """One file. ``candidates`` are the version ids that it was held against, ``version_id`` the one
    that it matches (None: none); ``diff`` leads from that to the file, ``texts`` is the text of the
    pages that differ, by page number."""

    path: str
    folder: str
    size: int
    mtime_ns: int
    sha256: bytes | None = None
    problem: str = ""
    pages: bytes = b""
    keys: bytes = b""
    sketches: bytes = b""
    candidates: list[int] = field(default_factory=list)
    version_id: int | None = None
    exact: bool = False
    score: float = 0.0
    diff: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """The note as the database takes it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Notes:
    """The notes of one library on this machine. Safe to use from several processes."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def files(self) -> list[Note]:
        """All files noted, by path."""
        rows = self._connection.execute(sa.select(_FILE).order_by(_FILE.c.path))
        return [Note(**row) for row in rows.mappings()]

    def file(self, path: str) -> Note | None:
        """The note of one file."""
        found = self._connection.execute(sa.select(_FILE).where(_FILE.c.path == path))
        row = found.mappings().one_or_none()
        return Note(**row) if row is not None else None

    def folders(self) -> dict[str, tuple[int | None, str]]:
        """Folder -> (when it was looked through, why it could not be)."""
        rows = self._connection.execute(sa.select(_FOLDER))
        return {row.path: (row.scanned_at, row.reason) for row in rows}

    def put(self, notes: Iterable[Note]) -> None:
        """Keep notes of files, in the place of former ones."""
        for note in notes:
            self._connection.execute(sa.delete(_FILE).where(_FILE.c.path == note.path))
            self._connection.execute(sa.insert(_FILE).values(**note.as_row()))

    def put_folder(self, path: str, scanned_at: int | None, reason: str) -> None:
        """Keep how a look through a folder ended; a failed one leaves the time of the last."""
        known = self.folders().get(path, (None, ""))
        self._connection.execute(sa.delete(_FOLDER).where(_FOLDER.c.path == path))
        when = scanned_at if scanned_at is not None else known[0]
        values = {"path": path, "scanned_at": when, "reason": reason}
        self._connection.execute(sa.insert(_FOLDER).values(**values))

    def forget(self, paths: Sequence[str]) -> None:
        """Forget files that are gone."""
        for path in paths:
            self._connection.execute(sa.delete(_FILE).where(_FILE.c.path == path))

    def forget_folder(self, path: str) -> None:
        """Forget a folder and all its files."""
        self._connection.execute(sa.delete(_FILE).where(_FILE.c.folder == path))
        self._connection.execute(sa.delete(_FOLDER).where(_FOLDER.c.path == path))


@contextmanager
def opened(paths: LibraryPaths) -> Iterator[Notes]:
    """The notes in one transaction. Notes of another format are thrown away: a scan makes them."""
    engine = make_engine(str(paths.folder / "radar.db"))
    try:
        with engine.begin() as connection:
            held = connection.exec_driver_sql("PRAGMA user_version").scalar()
            if held != FORMAT:
                _META.drop_all(connection)
                _META.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")
            yield Notes(connection)
    finally:
        engine.dispose()
