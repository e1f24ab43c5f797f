"""The tables of the catalogue, the vocabulary and the people.

Times are UTC milliseconds. The logs, the deals and the requests are in ``app.store.logs``.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now_ms, uuid7
from app.rows import ROLES, STATUSES
from app.store.types import Base, check, index_where, key_to, ms, one_of

EXTRACT_STATES = (
    "indexed", "no_text", "name_only", "protected", "damaged", "too_large", "unsupported",
)  # fmt: skip


class LibraryMeta(Base):
    """Key and value: library_uid, feed_epoch, created_at, sample."""

    __tablename__ = "library_meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Root(Base):
    """A folder of collateral; where it is mounted on this machine is a setting, not a column."""

    __tablename__ = "library_root"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid7)
    name: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[int] = ms(default=now_ms)
    scanned_at: Mapped[int | None] = ms()
    state: Mapped[str] = mapped_column(server_default="never_indexed")
    reason: Mapped[str] = mapped_column(server_default="")
    removed_at: Mapped[int | None] = ms()
    __table_args__ = (one_of("state", ("never_indexed", "online", "offline")),)


class Person(Base):
    """Somebody who uses the library. ``counts`` overrides the role's rule of whose deeds count."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid7)
    email: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    team: Mapped[str] = mapped_column(server_default="")
    region: Mapped[str] = mapped_column(server_default="")
    counts: Mapped[bool | None]
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    __table_args__ = (
        one_of("role", (*ROLES, "admin")),
        check("email = lower(email)", "email_lower"),
    )


class Asset(Base):
    """A piece of collateral: a row with its own id; path, content and name are attributes."""

    __tablename__ = "asset"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid7)
    title: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="published")
    owner_id: Mapped[int | None] = mapped_column(key_to("person.id"))
    current_version_id: Mapped[int | None]
    published_at: Mapped[int | None] = ms()
    review_due_at: Mapped[int | None] = ms()
    expires_at: Mapped[int | None] = ms()
    superseded_by_id: Mapped[int | None] = mapped_column(key_to("asset.id"))
    merged_into_id: Mapped[int | None] = mapped_column(key_to("asset.id"))
    created_at: Mapped[int] = ms(default=now_ms)
    updated_at: Mapped[int] = ms(default=now_ms, onupdate=now_ms)
    row_version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012
    __table_args__ = (
        one_of("status", STATUSES),
        check("status <> 'published' OR published_at IS NOT NULL", "published"),
        check("superseded_by_id <> id AND merged_into_id <> id", "no_self"),
        ForeignKeyConstraint(
            ["id", "current_version_id"],
            ["asset_version.asset_id", "asset_version.id"],
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
            name="fk_asset_current_version",
        ),
        Index("ix_asset_status_published_at", "status", "published_at"),
    )


class AssetVersion(Base):
    """The content of an asset at some time; a revert finds the old row again."""

    __tablename__ = "asset_version"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    asset_id: Mapped[int] = mapped_column(key_to("asset.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    page_count: Mapped[int] = mapped_column(server_default="0")
    extract_state: Mapped[str]
    extract_reason: Mapped[str] = mapped_column(server_default="")
    properties: Mapped[dict[str, Any]]
    modified_at: Mapped[int] = ms()
    seen_at: Mapped[int] = ms(default=now_ms)
    __table_args__ = (
        UniqueConstraint("asset_id", "sha256"),
        UniqueConstraint("asset_id", "id"),
        Index("ix_asset_version_sha256", "sha256"),
        check("length(sha256) = 32", "sha_len"),
        one_of("extract_state", EXTRACT_STATES, "extract"),
    )


class AssetFile(Base):
    """Where the bytes are now. ``version_id`` is null while the file could never be read."""

    __tablename__ = "asset_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(key_to("library_root.id"))
    relpath: Mapped[str]
    raw_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    asset_id: Mapped[int] = mapped_column(key_to("asset.id"))
    version_id: Mapped[int | None]
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    file_key: Mapped[str]
    problem: Mapped[str] = mapped_column(server_default="")
    missing_since: Mapped[int | None] = ms()
    __table_args__ = (
        UniqueConstraint("root_id", "relpath"),
        ForeignKeyConstraint(
            ["asset_id", "version_id"], ["asset_version.asset_id", "asset_version.id"]
        ),
        Index("ix_asset_file_asset_id", "asset_id"),
        Index("ix_asset_file_file_key", "file_key"),
    )


class PageText(Base):
    """The text of a page, stored once however many versions and copies show it."""

    __tablename__ = "page_text"
    sha: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    heading: Mapped[str]
    body: Mapped[str]
    notes: Mapped[str]


class Page(Base):
    """A page of a version: its number, its label for people ("slide 3") and its text."""

    __tablename__ = "page"
    version_id: Mapped[int] = mapped_column(key_to("asset_version.id"), primary_key=True)
    page_no: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    hidden: Mapped[bool] = mapped_column(server_default=sa.false())
    sha: Mapped[bytes] = mapped_column(LargeBinary(16), key_to("page_text.sha"), index=True)


class Facet(Base):
    """A question that the vocabulary answers: persona, stage, value proposition, content type."""

    __tablename__ = "facet"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    multi: Mapped[bool] = mapped_column(server_default=sa.true())
    position: Mapped[int] = mapped_column(server_default="0")


class Term(Base):
    """An answer: a stable slug, an editable label. A merged term points at its canonical one."""

    __tablename__ = "term"
    id: Mapped[int] = mapped_column(primary_key=True)
    facet_id: Mapped[int] = mapped_column(key_to("facet.id"))
    slug: Mapped[str]
    label: Mapped[str]
    definition: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="active")
    position: Mapped[int] = mapped_column(server_default="0")
    exempt: Mapped[bool] = mapped_column(server_default=sa.false())
    review_days: Mapped[int | None]
    canonical_id: Mapped[int | None]
    row_version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("facet_id", "slug"),
        UniqueConstraint("facet_id", "id"),
        ForeignKeyConstraint(["facet_id", "canonical_id"], ["term.facet_id", "term.id"]),
        one_of("status", ("active", "retired", "merged")),
        check("(status = 'merged') = (canonical_id IS NOT NULL)", "merged"),
        check("canonical_id <> id", "no_self"),
    )


class TermSynonym(Base):
    """Another phrase for a term; within a facet a phrase has one meaning."""

    __tablename__ = "term_synonym"
    id: Mapped[int] = mapped_column(primary_key=True)
    facet_id: Mapped[int]
    term_id: Mapped[int]
    phrase: Mapped[str]
    norm: Mapped[str]
    __table_args__ = (
        UniqueConstraint("facet_id", "norm"),
        ForeignKeyConstraint(["facet_id", "term_id"], ["term.facet_id", "term.id"]),
    )


class AssetTag(Base):
    """A term on an asset. Rejected rows stay, so that a suggestion does not come back."""

    __tablename__ = "asset_tag"
    asset_id: Mapped[int] = mapped_column(key_to("asset.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(key_to("term.id"), primary_key=True)
    state: Mapped[str]
    source: Mapped[str]
    confidence: Mapped[float | None]
    by_id: Mapped[int | None] = mapped_column(key_to("person.id"))
    at: Mapped[int] = ms(default=now_ms)
    __table_args__ = (
        one_of("state", ("proposed", "accepted", "rejected")),
        one_of("source", ("human", "suggested", "inherited", "rule")),
        check("source <> 'human' OR by_id IS NOT NULL", "human_by"),
        check("source <> 'suggested' OR confidence IS NOT NULL", "suggested_confidence"),
        check("state <> 'rejected' OR by_id IS NOT NULL", "rejected_by"),
        check("confidence BETWEEN 0 AND 1", "confidence"),
        index_where(
            "ix_asset_tag_term_id_asset_id",
            "term_id",
            "asset_id",
            where="state = 'accepted'",
        ),
    )
