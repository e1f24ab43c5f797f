"""Bring a database up to the present schema, with a backup before."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.errors import UserError

KEEP_BACKUPS = 10


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(files("app.store") / "migrations"))
    made.attributes["connection"] = connection
    return made


def head() -> str:
    """The newest revision that this program knows."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None
    return found


def upgrade(engine: sa.Engine) -> None:
    """Run all missing migrations in one transaction. Raises UserError for a newer database."""
    with engine.begin() as connection:
        try:
            command.upgrade(config(connection), "head")
        except CommandError as problem:
            raise UserError(
                "This library was written by a newer Deckhand. Update Deckhand to open it."
            ) from problem


def backup(engine: sa.Engine, folder: Path) -> Path:
    """Copy the database by SQLite's backup interface; the newest ten copies are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"library-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000}.db"
    source = engine.raw_connection()
    try:
        connection = source.driver_connection
        assert connection is not None
        copy = type(connection)(str(target))
        connection.backup(copy)
        copy.close()
    finally:
        source.close()
    for old in sorted(folder.glob("library-*.db"))[:-KEEP_BACKUPS]:
        old.unlink()
    return target
