"""Column types and naming shared by all tables."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UidBytes(sa.types.TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes on SQLite (version 7 sorts by time), the native type on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """The type of the database at hand."""
        if dialect.name == "postgresql":
            # Its dialect takes 30 ms to import, which every start on SQLite would pay.
            from sqlalchemy.dialects import postgresql

            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        """The value as the database wants it."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:  # noqa: ARG002
        """The value as a UUID."""
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(bytes=bytes(value))


_WHERE = "where"

# On SQLite only INTEGER PRIMARY KEY is the rowid.
BIG_ID = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The declarative base: one metadata for SQLite and PostgreSQL."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        int: Integer,
        str: sa.Text,
        dict[str, Any]: sa.JSON,
        uuid.UUID: UidBytes,
    }


def check(expression: str, name: str) -> CheckConstraint:
    """A named CHECK."""
    return CheckConstraint(expression, name=name)


def one_of(column: str, values: tuple[str, ...], name: str | None = None) -> CheckConstraint:
    """A CHECK that a column holds one of the given words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which a condition holds.

    To give an index an option of PostgreSQL loads that dialect, which takes 30 ms of every start
    on SQLite; so it gets the condition when tables are made in such a database.
    """
    return Index(name, *columns, sqlite_where=sa.text(where), info={_WHERE: where})


@sa.event.listens_for(Base.metadata, "before_create")
def _tell_postgresql(metadata: MetaData, connection: sa.Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        for table in metadata.tables.values():
            for index in table.indexes:
                if _WHERE in index.info:
                    index.dialect_options["postgresql"]["where"] = sa.text(index.info[_WHERE])


def key_to(target: str, **options: Any) -> ForeignKey:
    """A foreign key to ``table.column``."""
    return ForeignKey(target, **options)


def ms(**options: Any) -> MappedColumn[Any]:
    """A moment in UTC milliseconds."""
    return mapped_column(BigInteger, **options)
