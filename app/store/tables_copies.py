"""The tables about copies: fingerprints and found pairs (caches), and what people decided."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now_ms
from app.rows_copies import DEEDS
from app.store.types import Base, check, key_to, ms, one_of


class VersionPrint(Base):
    """The fingerprints of a version's pages: a cache over page texts that says what it holds.

    ``revision`` is that of the method (0: the pages were written anew since); the three columns
    are packed arrays (``indexer.likeness``); ``compared`` says that the pairs of this version with
    the others are in ``near_copy``.
    """

    __tablename__ = "version_print"
    version_id: Mapped[int] = mapped_column(
        key_to("asset_version.id"), primary_key=True, autoincrement=False
    )
    revision: Mapped[int]
    pages: Mapped[bytes] = mapped_column(LargeBinary)
    keys: Mapped[bytes] = mapped_column(LargeBinary)
    sketches: Mapped[bytes] = mapped_column(LargeBinary)
    compared: Mapped[bool] = mapped_column(server_default=sa.false())


class NearCopy(Base):
    """Two versions of different assets that share much of their text: a cache, like the prints.

    ``forward`` is the weighted share of the first version's pages that the second has,
    ``backward`` the other way round; ``diff`` is the difference from the first to the second.
    """

    __tablename__ = "near_copy"
    version_id: Mapped[int] = mapped_column(key_to("asset_version.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(key_to("asset_version.id"), primary_key=True)
    forward: Mapped[float]
    backward: Mapped[float]
    diff: Mapped[dict[str, Any]]
    __table_args__ = (check("version_id < other_id", "order"), Index(None, "other_id"))


class CopyDecision(Base):
    """What a person decided about two assets; taking it back dates ``undone_at``.

    ``first_id`` is the kept or newer asset, ``second_id`` the merged or older one; ``detail`` holds
    what taking it back needs.
    """

    __tablename__ = "copy_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    first_id: Mapped[int] = mapped_column(key_to("asset.id"))
    second_id: Mapped[int] = mapped_column(key_to("asset.id"))
    by_id: Mapped[int] = mapped_column(key_to("person.id"))
    at: Mapped[int] = ms(default=now_ms)
    detail: Mapped[dict[str, Any]]
    undone_at: Mapped[int | None] = ms()
    __table_args__ = (
        one_of("what", DEEDS),
        check("first_id <> second_id", "two"),
        Index(None, "first_id"),
        Index(None, "second_id"),
    )
