"""Searches that a person keeps under a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.rows import SORTS, FindSpec, SavedSearch
from app.store import tables_searches

KINDS = frozenset({"searches"})
LONGEST_NAME = 80


def listing(session: Session, me: int) -> tuple[SavedSearch, ...]:
    """The saved searches of a person by name."""
    table = tables_searches.SavedSearch
    query = select(table).where(table.person_id == me).order_by(func.lower(table.name), table.id)
    return tuple(
        SavedSearch(row.id, row.name, spec_of(row.spec), row.saved_at)
        for row in session.scalars(query)
    )


def save(session: Session, me: int, name: str, spec: FindSpec) -> Changes:
    """Keep a search under a name; a search of that name is replaced. ``result`` is its id.

    Raises UserError for an empty or too long name, and when there is nothing to search for.
    """
    name = " ".join(name.split())
    if not name:
        raise UserError("Give the search a name.")
    if len(name) > LONGEST_NAME:
        raise UserError(f"The name is too long: {LONGEST_NAME} characters at most.")
    if not spec.text.strip() and not any(slugs for _, slugs in spec.filters):
        raise UserError("There is nothing to save: type something or choose a filter first.")
    row = _named(session, me, name)
    if row is None:
        row = tables_searches.SavedSearch(person_id=me, name=name, spec=as_data(spec))
        session.add(row)
        session.flush()
        inverse = Inverse("remove_saved_search", (row.id,))
        return Changes(KINDS, (), f"Search “{name}” saved.", inverse, row.id)
    inverse = Inverse("restore_saved_search", ((row.id, row.name, row.spec, row.saved_at),))
    row.name, row.spec, row.saved_at = name, as_data(spec), now_ms()
    session.flush()
    return Changes(KINDS, (), f"Search “{name}” saved anew.", inverse, row.id)


def remove(session: Session, me: int, search_id: int) -> Changes:
    """Forget a saved search. Raises UserError when this person has none of that id."""
    row = session.get(tables_searches.SavedSearch, search_id)
    if row is None or row.person_id != me:
        raise UserError("This saved search is not there any more.")
    inverse = Inverse("restore_saved_search", ((row.id, row.name, row.spec, row.saved_at),))
    session.delete(row)
    session.flush()
    return Changes(KINDS, (), f"Search “{row.name}” removed.", inverse)


def restore(session: Session, me: int, before: object) -> Changes:
    """The inverse of ``remove``, and of a ``save`` that replaced one."""
    assert isinstance(before, tuple)
    search_id, name, spec, saved_at = before
    row = session.get(tables_searches.SavedSearch, search_id)
    other = _named(session, me, name)
    if other is not None and other.id != search_id:
        raise UserError(f"There is another search called “{name}” now. Remove it first.")
    if row is None:
        inverse = Inverse("remove_saved_search", (search_id,))
        row = tables_searches.SavedSearch(id=search_id, person_id=me, name=name, spec=spec)
        session.add(row)
    else:
        inverse = Inverse("restore_saved_search", ((row.id, row.name, row.spec, row.saved_at),))
    row.name, row.spec, row.saved_at = name, spec, saved_at
    session.flush()
    return Changes(KINDS, (), f"Search “{name}” put back.", inverse, row.id)


def _named(session: Session, me: int, name: str) -> tables_searches.SavedSearch | None:
    table = tables_searches.SavedSearch
    same = func.lower(table.name) == name.lower()
    return session.scalars(select(table).where(table.person_id == me, same)).first()


def as_data(spec: FindSpec) -> dict[str, Any]:
    """A search as it is stored."""
    filters = {key: list(slugs) for key, slugs in spec.filters if slugs}
    return {"text": spec.text.strip(), "filters": filters, "sort": spec.sort}


def spec_of(data: dict[str, Any]) -> FindSpec:
    """A stored search; what a newer or older version wrote and is not understood is left out."""
    text, filters, sort = data.get("text"), data.get("filters"), data.get("sort")
    given = filters.items() if isinstance(filters, dict) else ()
    return FindSpec(
        text=text if isinstance(text, str) else "",
        filters=tuple(
            (str(key), tuple(str(slug) for slug in slugs))
            for key, slugs in given
            if isinstance(slugs, list) and slugs
        ),
        sort=sort if sort in SORTS else "best",
        exact=True,
    )
