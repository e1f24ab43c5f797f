"""The table of searches that people keep under a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now_ms
from app.store.types import Base, check, key_to, ms


class SavedSearch(Base):
    """A search kept by one person; ``spec`` holds text, filters and sort."""

    __tablename__ = "saved_search"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(key_to("person.id"))
    name: Mapped[str]
    spec: Mapped[dict[str, Any]]
    saved_at: Mapped[int] = ms(default=now_ms)
    # An id is never given again, or undoing a removal could overwrite another search.
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        check("trim(name) <> ''", "name"),
        {"sqlite_autoincrement": True},
    )
