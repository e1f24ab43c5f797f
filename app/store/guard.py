"""Keeps a running program from going on in a library file that was moved, deleted or replaced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

_KEY = "deckhand_file"


def guard(engine: sa.Engine, database: Path) -> None:
    """From now on connect only to a file that is there, and drop connections to one that went.

    SQLite would write on into a file that nobody finds again, and begin an empty one in its
    place: what was acknowledged would be lost. Where the file is gone, connecting raises
    OperationalError; where another lies there now, that one is used.
    """

    @sa.event.listens_for(engine, "do_connect")
    def _must_exist(dialect: Any, _record: Any, _args: Any, _more: Any) -> None:
        if not database.exists():
            raise dialect.dbapi.OperationalError("unable to open database file: it is gone")

    @sa.event.listens_for(engine, "checkout")
    def _same_file(_connection: Any, record: Any, _proxy: Any) -> None:
        now = _identity(database)
        if record.info.setdefault(_KEY, now) != now:
            raise sa.exc.DisconnectionError


def _identity(database: Path) -> tuple[int, int] | None:
    try:
        found = database.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
