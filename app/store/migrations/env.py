"""Alembic's environment: migrations run on the connection handed over by ``app.store.migrate``."""

from __future__ import annotations

from alembic import context

import app.store.logs
import app.store.tables
import app.store.tables_copies
import app.store.tables_searches
from app.store.types import Base

__all__ = ["app"]

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
