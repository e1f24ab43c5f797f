"""Who uses the library, and whose deeds count as use (metrics.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.changes import Changes
from app.errors import UserError
from app.rows import ROLE_LABELS, ROLES, PersonRow
from app.settings import Settings
from app.store.tables import Person

FACT = "person"


def _row(person: Person) -> PersonRow:
    return PersonRow(
        person.id, person.name, person.role, person.email or "", person.team, person.counts
    )


def everyone(session: Session) -> tuple[PersonRow, ...]:
    """All active people by name."""
    query = select(Person).where(Person.active).order_by(func.lower(Person.name))
    return tuple(_row(person) for person in session.scalars(query))


def me(session: Session, settings: Settings) -> PersonRow | None:
    """The person of this machine, or None before the question was answered."""
    known = settings.fact(FACT)
    person = session.get(Person, known) if isinstance(known, int) else None
    return _row(person) if person is not None else None


def my_id(session: Session, settings: Settings) -> int:
    """The id of the person of this machine. Raises UserError when nobody has said who they are.

    The command line may come before the window has asked: then the computer's account name is
    entered as a rep, which can be changed at any time.
    """
    row = me(session, settings)
    if row is not None:
        return row.id
    changes = set_me(session, settings, name=account_name(), role="rep", counts=None)
    assert isinstance(changes.result, int)
    return changes.result


def account_name() -> str:
    """The name of the computer's account, as a first guess of who is there."""
    import getpass

    try:
        return getpass.getuser() or "Somebody"
    except (OSError, KeyError, ImportError):
        return "Somebody"


def set_me(
    session: Session, settings: Settings, *, name: str, role: str, counts: bool | None
) -> Changes:
    """Enter or change the person of this machine. Raises UserError for a bad name or role."""
    name = " ".join(name.split())
    if not name:
        raise UserError("Please give a name, so that others see who opened and sent what.")
    if role not in ROLES:
        raise UserError(f"{role!r} is no role. Roles are {', '.join(ROLES)}.")
    known = settings.fact(FACT)
    person = session.get(Person, known) if isinstance(known, int) else None
    if person is None:
        person = Person(name=name, role=role, counts=counts)
        session.add(person)
    else:
        person.name, person.role, person.counts = name, role, counts
    session.flush()
    settings.set_fact(FACT, person.id)
    label = ROLE_LABELS[role]
    return Changes(
        frozenset({"people", "events"}), summary=f"You are {name}, {label}.", result=person.id
    )


def by_name(session: Session, text: str) -> Person | None:
    """The person with that e-mail address or name, capitals ignored."""
    wanted = text.strip().lower()
    query = select(Person).where((Person.email == wanted) | (func.lower(Person.name) == wanted))
    return session.scalars(query.order_by(Person.id)).first()


def counting_ids(people: Iterable[PersonRow]) -> frozenset[int]:
    """The ids of those whose opening and sending count as use.

    What a person said of themselves wins; else reps count and the makers of content do not; in a
    library of one person that person counts whatever the role.
    """
    listed = list(people)
    alone = len(listed) == 1
    return frozenset(
        p.id for p in listed if (p.counts if p.counts is not None else (p.role == "rep" or alone))
    )
