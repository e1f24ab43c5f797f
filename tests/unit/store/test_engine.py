"""The record: migrations equal the tables, logs only grow, writes survive, newer files refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import app.store.logs
import app.store.tables_copies  # noqa: F401 - their tables belong to the metadata
from app.errors import EnvironmentProblem, UserError
from app.paths import LibraryPaths
from app.store import migrate
from app.store.engine import SCHEMA_HEAD, Store, open_store
from app.store.logs import USE_KINDS, UsageEvent
from app.store.tables import Asset, Person
from app.store.types import Base


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(LibraryPaths(tmp_path / "library"))
    yield opened
    opened.close()


def _event(session, **more):
    from app.clock import now_ms, uuid7

    person = Person(name="Ana", role="rep")
    asset = Asset(title="Deck", published_at=1)
    session.add_all([person, asset])
    session.flush()
    event = UsageEvent(
        uid=uuid7(), kind="open", asset_id=asset.id, person_id=person.id, at=now_ms(), **more
    )
    session.add(event)
    session.flush()
    return event


def test_migrations_make_what_the_tables_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_in_the_code_is_the_newest_migration() -> None:
    assert migrate.head() == SCHEMA_HEAD


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE usage_event SET kind = 'send'",
        "DELETE FROM usage_event",
        "INSERT OR REPLACE INTO usage_event SELECT * FROM usage_event",
        "UPDATE change SET op = 'x'",
        "DELETE FROM change",
    ],
)
def test_logs_only_grow(store: Store, statement: str) -> None:
    with store.write() as session:
        _event(session)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), store.write() as session:
        session.execute(sa.text(statement))


def test_the_rollup_is_kept_in_the_transaction_of_the_event(store: Store) -> None:
    with store.write() as session:
        event = _event(session)
        day, asset = event.at // 86_400_000, event.asset_id
    with store.read() as session:
        row = session.execute(sa.text("SELECT day, asset_id, n_use, n_send FROM usage_day")).one()
    assert tuple(row) == (day, asset, 1, 0)


def test_an_error_leaves_nothing_behind(store: Store) -> None:
    def fail() -> None:
        with store.write() as session:
            _event(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(UsageEvent)) == 0


def test_what_is_use_has_its_index(store: Store) -> None:
    """Traps 1 and 2 of the hot paths: the partial index serves only literal predicates."""
    kinds = sa.bindparam("kinds", list(USE_KINDS), expanding=True, literal_execute=True)
    query = sa.select(UsageEvent.asset_id).where(UsageEvent.kind.in_(kinds), UsageEvent.at > 5)
    with store.read() as session:
        sql = str(
            query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        )
        plan = session.execute(sa.text(f"EXPLAIN QUERY PLAN {sql}")).all()
    assert "ix_usage_event_use" in str(plan)


def test_durability_pragmas_are_set(store: Store) -> None:
    with store.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert values == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1,
    }  # fmt: skip


def test_a_newer_library_is_refused_with_a_sentence(tmp_path: Path) -> None:
    paths = LibraryPaths(tmp_path / "library")
    store = open_store(paths)
    with store.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(UserError, match="newer Deckhand"):
        open_store(paths)
    assert list(paths.backups.glob("*.db")), "a backup comes before each migration"


def test_a_network_folder_is_refused(tmp_path: Path) -> None:
    """DB-1."""
    with pytest.raises(UserError, match="Dropbox"):
        open_store(LibraryPaths(tmp_path / "Dropbox" / "library"))


def _people(store: Store) -> int:
    with store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person))


def _add_ana(store: Store) -> None:
    with store.write() as session:
        session.add(Person(name="Ana", role="rep"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files where they are")
def test_a_library_that_went_away_is_told_and_nothing_is_begun_in_its_place(store, tmp_path):
    """STO: what is acknowledged must be found again."""
    assert _people(store) == 0
    away = store.paths.folder.rename(tmp_path / "away")
    for deed in (_people, _add_ana):
        with pytest.raises(EnvironmentProblem, match="is gone"):
            deed(store)
    store.paths.folder.mkdir()
    with pytest.raises(EnvironmentProblem, match="is gone"):
        _people(store)
    assert list(store.paths.folder.iterdir()) == []
    store.paths.folder.rmdir()
    away.rename(store.paths.folder)
    assert _people(store) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files where they are")
def test_a_library_that_was_put_back_from_a_copy_is_read_as_it_is(store, tmp_path):
    copy = store.paths.database.with_name("copy")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
        connection.exec_driver_sql("BEGIN")
    _add_ana(store)
    assert _people(store) == 1
    for file in store.paths.folder.glob("library.db-*"):
        file.unlink()
    copy.replace(store.paths.database)
    assert _people(store) == 0
