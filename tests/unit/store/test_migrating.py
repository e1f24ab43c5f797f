"""A library of an earlier release comes up with its data, and a backup lies beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from app.catalogue import copies, fingerprints
from app.paths import LibraryPaths
from app.store import migrate
from app.store.engine import SCHEMA_HEAD, make_engine, open_store
from app.store.tables_copies import VersionPrint

SENTENCES = ("Sensors send a reading every ten minutes", "The platform costs {} a seat and month")


def first_release(path: Path) -> None:
    """A database as the first release left it: two assets with two pages, a person, an event."""
    path.parent.mkdir(parents=True)
    engine = make_engine(str(path))
    with engine.begin() as connection:
        command.upgrade(migrate.config(connection), "0001")
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO library_meta VALUES ('library_uid', 'x')")
        run("INSERT INTO person (id, uid, name, role) VALUES (1, zeroblob(16), 'Ana', 'rep')")
        run("INSERT INTO library_root (id, uid, name, added_at) VALUES (1, zeroblob(16), 'c', 1)")
        for asset, price in ((1, "$49"), (2, "$59")):
            run(
                "INSERT INTO asset (id, uid, title, published_at, created_at, updated_at) "
                f"VALUES ({asset}, randomblob(16), 'Deck {asset}', 1, 1, 1)"
            )
            run(
                "INSERT INTO asset_version (id, asset_id, sha256, size, kind, page_count, "
                "extract_state, properties, modified_at, seen_at) "
                f"VALUES ({asset}, {asset}, randomblob(32), 9, 'pptx', 2, 'indexed', '{{}}', 1, 1)"
            )
            run(f"UPDATE asset SET current_version_id = {asset} WHERE id = {asset}")
            run(
                "INSERT INTO asset_file (root_id, relpath, asset_id, version_id, size, mtime_ns, "
                f"file_key) VALUES (1, '{asset}.pptx', {asset}, {asset}, 9, 1, '')"
            )
            for number, sentence in enumerate(SENTENCES, 1):
                text = sentence.format(price)
                sha = hashlib.md5(text.encode()).hexdigest()
                run(f"INSERT OR IGNORE INTO page_text VALUES (x'{sha}', '', '{text}', '')")
                run(
                    "INSERT INTO page (version_id, page_no, label, sha) "
                    f"VALUES ({asset}, {number}, 'slide {number}', x'{sha}')"
                )
        run(
            "INSERT INTO usage_event (uid, kind, asset_id, person_id, at, received_at) "
            "VALUES (randomblob(16), 'open', 1, 1, 1700000000000, 1700000000000)"
        )
    engine.dispose()


@pytest.fixture
def paths(tmp_path: Path) -> LibraryPaths:
    made = LibraryPaths(tmp_path / "library")
    first_release(made.database)
    return made


def test_the_first_release_comes_up_with_its_data(paths: LibraryPaths) -> None:
    with open_store(paths) as store, store.read() as session:
        assert session.scalar(sa.text("SELECT version_num FROM alembic_version")) == SCHEMA_HEAD
        counts = {
            table: session.scalar(sa.text(f"SELECT count(*) FROM {table}"))
            for table in ("asset", "page", "usage_event", "usage_day", "version_print")
        }
        assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    assert counts == {
        "asset": 2, "page": 4, "usage_event": 1, "usage_day": 1, "version_print": 0,
    }  # fmt: skip
    (backup,) = paths.backups.glob("*.db")
    engine = make_engine(str(backup))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM asset").scalar() == 2
    engine.dispose()


def test_its_copies_are_found_without_reading_a_file(paths: LibraryPaths) -> None:
    with open_store(paths) as store:
        assert fingerprints.catch_up(store, lambda: False)
        with store.read() as session:
            (pair,) = copies.pairs(session, 0.65)
            assert session.scalar(sa.select(sa.func.count()).select_from(VersionPrint)) == 2
    assert "$49" in pair.sentence
    assert "$59" in pair.sentence


def test_a_page_that_is_read_anew_makes_its_print_stale(paths: LibraryPaths) -> None:
    with open_store(paths) as store:
        fingerprints.catch_up(store, lambda: False)
        with store.write() as session:
            session.execute(sa.text("DELETE FROM page WHERE version_id = 2"))
        with store.read() as session:
            query = sa.select(VersionPrint.version_id, VersionPrint.revision)
            revisions = {version: revision for version, revision in session.execute(query)}
    assert revisions[1] > 0
    assert revisions[2] == 0


def test_a_version_that_lost_its_last_page_is_compared_with_nothing(paths: LibraryPaths) -> None:
    """It was read again and had no text any more: the next pass must not fail on its old print."""
    with open_store(paths) as store:
        fingerprints.catch_up(store, lambda: False)
        with store.write() as session:
            session.execute(sa.text("DELETE FROM page WHERE version_id = 2"))
            session.execute(sa.text("UPDATE asset_version SET page_count = 0 WHERE id = 2"))
            session.execute(sa.text("UPDATE version_print SET compared = 0"))
        assert fingerprints.catch_up(store, lambda: False)
        assert not fingerprints.catch_up(store, lambda: False)
