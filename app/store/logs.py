"""The tables of deeds, deals and requests: the append-only logs, the rollup and the change feed."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now_ms
from app.rows import REQUEST_STATUSES
from app.store.types import BIG_ID, Base, check, index_where, key_to, ms, one_of

EVENT_KINDS = ("view", "open", "send", "share", "copy", "feedback")
USE_KINDS = ("open", "send", "share", "copy")
APPEND_ONLY = ("usage_event", "search_event", "request_status", "change")
_USE_SQL = "kind IN ('open', 'send', 'share', 'copy')"


class ImportBatch(Base):
    """A file that was imported; the same file twice is a no-op."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    file_sha: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[int] = ms(default=now_ms)
    by_id: Mapped[int] = mapped_column(key_to("person.id"))
    mapping: Mapped[dict[str, Any]]
    n_rows: Mapped[int]
    n_bad: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (UniqueConstraint("source", "file_sha"),)


class Account(Base):
    """A customer or prospect. ``source`` is where it comes from: "here" or a CRM."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    crm_id: Mapped[str]
    name: Mapped[str]
    industry: Mapped[str | None]
    region: Mapped[str | None]
    __table_args__ = (UniqueConstraint("source", "crm_id"),)


class Deal(Base):
    """An opportunity. ``closed_at`` is set only when it is closed."""

    __tablename__ = "deal"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    crm_id: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(key_to("account.id"), index=True)
    name: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(key_to("person.id"))
    stage_raw: Mapped[str] = mapped_column(server_default="")
    stage_term_id: Mapped[int | None] = mapped_column(key_to("term.id"))
    outcome: Mapped[str] = mapped_column(server_default="open")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    opened_at: Mapped[int | None] = ms()
    closed_at: Mapped[int | None] = ms()
    import_id: Mapped[int | None] = mapped_column(key_to("import_batch.id"))
    __table_args__ = (
        UniqueConstraint("source", "crm_id"),
        one_of("outcome", ("open", "won", "lost")),
        check("(outcome = 'open') = (closed_at IS NULL)", "closed"),
        check("(amount_minor IS NULL) = (currency IS NULL)", "money"),
        Index("ix_deal_outcome_closed_at", "outcome", "closed_at"),
    )


class UsageEvent(Base):
    """A deed, append-only. ``uid`` is made by the client; ``seq`` is a local cursor only.

    ``detail`` holds channel, page, number of recipients and their domains, never a name or address.
    """

    __tablename__ = "usage_event"
    seq: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    asset_id: Mapped[int] = mapped_column(key_to("asset.id"))
    version_id: Mapped[int | None] = mapped_column(key_to("asset_version.id"))
    person_id: Mapped[int] = mapped_column(key_to("person.id"))
    team: Mapped[str] = mapped_column(server_default="")
    at: Mapped[int] = ms()
    received_at: Mapped[int] = ms(default=now_ms)
    deal_id: Mapped[int | None] = mapped_column(key_to("deal.id"))
    account_id: Mapped[int | None] = mapped_column(key_to("account.id"))
    stage_id: Mapped[int | None] = mapped_column(key_to("term.id"))
    search_uid: Mapped[uuid.UUID | None]
    detail: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    __table_args__ = (
        one_of("kind", EVENT_KINDS),
        check("at > 1000000000000", "at_ms"),
        Index("ix_usage_event_asset_id_at", "asset_id", "at"),
        Index("ix_usage_event_person_id_at", "person_id", "at"),
        index_where(
            "ix_usage_event_use",
            "at",
            "asset_id",
            "person_id",
            "kind",
            where=_USE_SQL,
        ),
        index_where(
            "ix_usage_event_deal",
            "deal_id",
            "asset_id",
            "kind",
            where="deal_id IS NOT NULL",
        ),
        index_where(
            "ix_usage_event_search_uid",
            "search_uid",
            where="search_uid IS NOT NULL",
        ),
    )


class SearchEvent(Base):
    """A settled search and what it showed: ``top_ids`` are asset ids in order = impressions."""

    __tablename__ = "search_event"
    uid: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(key_to("person.id"))
    at: Mapped[int] = ms()
    received_at: Mapped[int] = ms(default=now_ms)
    query: Mapped[str]
    norm: Mapped[str]
    filters: Mapped[dict[str, Any]]
    n_results: Mapped[int]
    top_ids: Mapped[list[int]] = mapped_column(sa.JSON)
    __table_args__ = (Index("ix_search_event_at", "at"), check("n_results >= 0", "n"))


class UsageDay(Base):
    """The one rollup: deeds per asset and UTC day, kept by trigger in the event's transaction."""

    __tablename__ = "usage_day"
    day: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(primary_key=True)
    n_view: Mapped[int] = mapped_column(server_default="0")
    n_use: Mapped[int] = mapped_column(server_default="0")
    n_send: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        Index("ix_usage_day_asset_id_day", "asset_id", "day"),
        {"sqlite_with_rowid": False},
    )


class Request(Base):
    """A request for material: the need in one sentence, and what became of it."""

    __tablename__ = "request"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="")
    by_id: Mapped[int] = mapped_column(key_to("person.id"))
    assignee_id: Mapped[int | None] = mapped_column(key_to("person.id"))
    status: Mapped[str] = mapped_column(server_default="submitted")
    due_at: Mapped[int | None] = ms()
    created_at: Mapped[int] = ms(default=now_ms)
    account_id: Mapped[int | None] = mapped_column(key_to("account.id"))
    deal_id: Mapped[int | None] = mapped_column(key_to("deal.id"))
    search_norm: Mapped[str] = mapped_column(server_default="")
    fulfilled_by_id: Mapped[int | None] = mapped_column(key_to("asset.id"))
    duplicate_of_id: Mapped[int | None] = mapped_column(key_to("request.id"))
    row_version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": row_version}  # noqa: RUF012
    __table_args__ = (
        one_of("status", REQUEST_STATUSES),
        check("trim(title) <> ''", "title"),
        check(
            "status NOT IN ('answered', 'delivered') OR fulfilled_by_id IS NOT NULL", "fulfilled"
        ),
        check("(status = 'merged') = (duplicate_of_id IS NOT NULL)", "merged"),
        check("duplicate_of_id <> id", "no_self"),
    )


class RequestStatus(Base):
    """The history of a request, append-only."""

    __tablename__ = "request_status"
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=True)
    request_id: Mapped[int] = mapped_column(key_to("request.id"), index=True)
    status: Mapped[str]
    by_id: Mapped[int] = mapped_column(key_to("person.id"))
    at: Mapped[int] = ms(default=now_ms)
    note: Mapped[str] = mapped_column(server_default="")


class RequestVote(Base):
    """ "I need this too": one vote per person."""

    __tablename__ = "request_vote"
    request_id: Mapped[int] = mapped_column(key_to("request.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(key_to("person.id"), primary_key=True)
    deal_id: Mapped[int | None] = mapped_column(key_to("deal.id"))
    at: Mapped[int] = ms(default=now_ms)


class RequestTerm(Base):
    """A term that the wanted material should carry."""

    __tablename__ = "request_term"
    request_id: Mapped[int] = mapped_column(key_to("request.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(key_to("term.id"), primary_key=True)


class Change(Base):
    """The change feed, written by triggers only; ``seq`` is in commit order on SQLite."""

    __tablename__ = "change"
    seq: Mapped[int] = mapped_column(BIG_ID, primary_key=True, autoincrement=True)
    entity: Mapped[str]
    entity_id: Mapped[int]
    op: Mapped[str] = mapped_column(String(1))
    at: Mapped[int] = ms(server_default=text("0"))
    __table_args__ = (
        Index("ix_change_entity_entity_id", "entity", "entity_id"),
        {"sqlite_autoincrement": True},
    )
