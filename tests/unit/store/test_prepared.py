"""Queries composed once give what the same query composed anew would give."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import and_, func, or_, select

from app.paths import LibraryPaths
from app.store.engine import open_store
from app.store.prepared import SIZES, Fixed, Prepared
from app.store.tables import Person

_BY_ID = Prepared(
    lambda marks: select(Person.id, Person.name).where(Person.id.in_(marks), Person.role == "rep")
)
_BY_BOTH = Prepared(
    lambda marks: select(Person.id).where(
        or_(
            *(
                and_(Person.id == key, Person.name == name)
                for key, name in zip(marks[::2], marks[1::2], strict=True)
            )
        )
    ),
    width=2,
)
_COUNT = Fixed(select(func.count()).select_from(Person).where(Person.role == "rep"))


@pytest.mark.parametrize("many", [0, 1, 2, SIZES[1], SIZES[1] + 1, SIZES[-1] + 5])
def test_any_number_of_values(tmp_path: Path, many: int) -> None:
    """Lists are filled up and cut into parts, and each row comes once."""
    with open_store(LibraryPaths(tmp_path / "library")) as store:
        with store.write() as session:
            session.add_all(Person(name=f"N{at}", role="rep") for at in range(SIZES[-1] + 9))
            session.add(Person(name="Maker", role="marketer"))
        with store.read() as session:
            ids = sorted(session.scalars(select(Person.id).where(Person.role == "rep")))[:many]
            maker = session.scalars(select(Person.id).where(Person.role == "marketer")).one()
            found = _BY_ID.rows(session, [*ids, maker])
            assert sorted(key for key, _ in found) == ids
            assert len(found) == many
            assert _COUNT.rows(session) == [(SIZES[-1] + 9,)]


def test_values_of_several_parts(tmp_path: Path) -> None:
    with open_store(LibraryPaths(tmp_path / "library")) as store, store.write() as session:
        people = [Person(name=f"N{at}", role="rep") for at in range(3)]
        session.add_all(people)
        # Not flushed yet: what is pending is seen.
        assert _COUNT.rows(session) == [(3,)]
        a, b, c = (person.id for person in people)
        found = _BY_BOTH.rows(session, [a, "N0", b, "another", c, "N2"])
        assert sorted(key for (key,) in found) == [a, c]
