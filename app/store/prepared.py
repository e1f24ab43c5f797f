"""Queries that are composed once: composing one takes longer than SQLite takes to answer it.

The rows are the driver's own tuples, unconverted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, Connection, Select, bindparam
from sqlalchemy.orm import Session

Marks: TypeAlias = "list[BindParameter[Any]]"
SIZES = (1, 20, 40, 200, 900)
"""Lists are filled up to one of these lengths with their last value, so that few texts are kept.

SQLite takes no expression of more than a thousand terms."""

_MARK = "each__{}"


class _Text(NamedTuple):
    sql: str
    order: list[str]
    given: dict[str, Any]


class Prepared:
    """A query with one list of values in it.

    ``make`` gets a mark for each value, or for values of several parts (``width``) the marks of
    all parts in a row, and returns the query. A value that is there twice must change nothing. Of
    more than 900 values each 900 are asked for alone, and the rows put end to end.
    """

    def __init__(self, make: Callable[[Marks], Select[*tuple[Any, ...]]], width: int = 1) -> None:
        self._make = make
        self._width = width
        self._known: dict[tuple[str, int], _Text] = {}

    def rows(self, session: Session, values: Sequence[Any]) -> list[Any]:
        """The rows for some values; those of several parts are given in a row."""
        most = SIZES[-1] * self._width
        found: list[Any] = []
        for start in range(0, len(values), most):
            found += self._rows(session, values[start : start + most])
        return found

    def _rows(self, session: Session, values: Sequence[Any]) -> list[Any]:
        connection = _connected(session)
        many = len(values) // self._width
        size = next(size for size in SIZES if size >= many)
        key = connection.dialect.name, size
        text = self._known.get(key)
        if text is None:
            marks: Marks = [bindparam(_MARK.format(at), None) for at in range(size * self._width)]
            text = self._known[key] = _composed(connection, self._make(marks))
        full = [*values, *list(values[-self._width :]) * (size - many)]
        given = {**text.given, **{_MARK.format(at): value for at, value in enumerate(full)}}
        return _fetched(connection, text, given)


class Fixed:
    """A query without values from outside."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query = query
        self._known: dict[str, _Text] = {}

    def rows(self, session: Session) -> list[Any]:
        """The rows."""
        connection = _connected(session)
        text = self._known.get(connection.dialect.name)
        if text is None:
            text = self._known[connection.dialect.name] = _composed(connection, self._query)
        return _fetched(connection, text, text.given)


def _connected(session: Session) -> Connection:
    # What is pending must be seen, as by any query of a session.
    session.flush()
    return session.connection()


def _composed(connection: Connection, query: Select[*tuple[Any, ...]]) -> _Text:
    compiled = query.compile(dialect=connection.dialect)
    order: list[str] = list(compiled.positiontup or ())
    return _Text(str(compiled), order, dict(compiled.params))


def _fetched(connection: Connection, text: _Text, given: dict[str, Any]) -> list[Any]:
    result = connection.exec_driver_sql(text.sql, tuple([given[name] for name in text.order]))
    assert result.cursor is not None
    rows = list(result.cursor.fetchall())
    result.close()
    return rows
