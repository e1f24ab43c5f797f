"""Bring a database up to the present schema."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.errors import UserError


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
