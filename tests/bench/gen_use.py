"""A made-up library of any size for measuring the reports: assets, people, searches, events.

Use falls on assets like a Pareto distribution, 15 % of the assets are not published, about a third
is never used. The same seed makes the same library. Run it: ``python -m tests.bench.gen_use DIR``.
"""

from __future__ import annotations

import argparse
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from app.clock import DAY_MS
from app.paths import LibraryPaths
from app.store.engine import Store, open_store

DAYS = 730
KINDS = ("open", "view", "copy", "share", "send")
KIND_SHARES = (0.45, 0.2, 0.12, 0.08, 0.15)
BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make."""

    assets: int = 10_000
    events: int = 1_000_000
    people: int = 500
    searches: int = 50_000


def generate(folder: Path, size: Size, now: int, seed: int = 1) -> Store:
    """Make the library in ``folder``; its history of two years ends at ``now`` (UTC ms)."""
    store = open_store(LibraryPaths(folder))
    random.seed(seed)
    chance = np.random.default_rng(seed)
    with store.write() as session:
        connection = session.connection()
        roll = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'usage_event_roll'"
        ).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER usage_event_roll")
        _people(connection, size)
        _assets(connection, size, now, chance)
        _searches(connection, size, now, chance)
        _events(connection, size, now, chance)
        connection.exec_driver_sql(
            "INSERT INTO usage_day SELECT at / 86400000, asset_id, sum(kind = 'view'), "
            "sum(kind <> 'view'), sum(kind IN ('send', 'share')) FROM usage_event GROUP BY 1, 2"
        )
        connection.exec_driver_sql(roll)
        connection.exec_driver_sql("ANALYZE")
    return store


def _insert(connection: sa.Connection, table: str, columns: str, rows: Iterator[Any]) -> None:
    marks = ", ".join("?" * len(columns.split(", ")))
    sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    while batch := list(islice(rows, BATCH)):
        connection.exec_driver_sql(sql, batch)


def _uid() -> bytes:
    return random.getrandbits(128).to_bytes(16, "big")


def _people(connection: sa.Connection, size: Size) -> None:
    roles = ("rep", "rep", "rep", "rep", "rep", "rep", "rep", "rep", "marketer", "lead")
    rows = ((n, _uid(), f"Person {n}", roles[n % 10], f"team {n % 12}") for n in _ids(size.people))
    _insert(connection, "person", "id, uid, name, role, team", rows)


def _ids(n: int) -> range:
    return range(1, n + 1)


def _assets(connection: sa.Connection, size: Size, now: int, chance: np.random.Generator) -> None:
    ages = chance.integers(1, 2 * DAYS, size.assets)
    rows: list[tuple[Any, ...]] = [
        (
            n, _uid(), f"Asset {n} about something",
            "published" if chance.random() < 0.85 else "draft",
            int(chance.integers(1, size.people)), now - int(ages[n - 1]) * DAY_MS,
            now - int(ages[n - 1]) * DAY_MS, now, now + DAY_MS if n % 3 else None,
        )
        for n in _ids(size.assets)
    ]  # fmt: skip
    columns = (
        "id, uid, title, status, owner_id, published_at, created_at, updated_at, review_due_at"
    )
    _insert(connection, "asset", columns, iter(rows))
    connection.exec_driver_sql(
        "INSERT INTO library_root (id, uid, name, added_at) VALUES (1, ?, 'Collateral', ?)",
        (_uid(), now),
    )
    files = ((n, 1, f"folder {n % 60}/asset {n}.pptx", n, 1, 1, str(n)) for n in _ids(size.assets))
    _insert(
        connection, "asset_file", "id, root_id, relpath, asset_id, size, mtime_ns, file_key", files
    )
    terms = connection.exec_driver_sql("SELECT id FROM term ORDER BY id").scalars().all()
    tags = (
        (n, int(term), "accepted", "human", 1, now)
        for n in _ids(size.assets)
        for term in chance.choice(terms, 9, replace=False)
    )
    _insert(connection, "asset_tag", "asset_id, term_id, state, source, by_id, at", tags)


def _popular(size: Size, n: int, chance: np.random.Generator) -> np.ndarray:
    """``n`` asset ids; a third of the assets never comes up, few come up very often."""
    weight = chance.pareto(0.8, size.assets) * (chance.random(size.assets) < 0.67)
    return chance.choice(size.assets, n, p=weight / weight.sum()) + 1


def _searches(connection: sa.Connection, size: Size, now: int, chance: np.random.Generator) -> None:
    at = np.sort(chance.integers(now - DAYS * DAY_MS, now, size.searches))
    shown = _popular(size, size.searches * 20, chance).reshape(-1, 20)

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(size.searches):
            words = f"topic {n % 997}"
            empty = n % 14 == 0
            ids = [] if empty else shown[n].tolist()
            filters = json.dumps({"persona": ["finance"]} if n % 5 == 0 else {})
            person = int(chance.integers(1, size.people + 1))
            yield (
                _uid(), person, int(at[n]), int(at[n]), words, words, filters, len(ids),
                json.dumps(ids),
            )  # fmt: skip

    columns = "uid, person_id, at, received_at, query, norm, filters, n_results, top_ids"
    _insert(connection, "search_event", columns, rows())


def _events(connection: sa.Connection, size: Size, now: int, chance: np.random.Generator) -> None:
    at = np.sort(chance.integers(now - DAYS * DAY_MS, now, size.events))
    assets = _popular(size, size.events, chance)
    persons = chance.integers(1, size.people + 1, size.events)
    kinds = chance.choice(len(KINDS), size.events, p=KIND_SHARES)

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(size.events):
            kind = KINDS[kinds[n]]
            detail = '{"channel": "mail", "n_recipients": 1}' if kind == "send" else None
            yield (
                uuid.UUID(int=random.getrandbits(128)).bytes, kind, int(assets[n]),
                int(persons[n]), int(at[n]), int(at[n]), detail,
            )  # fmt: skip

    columns = "uid, kind, asset_id, person_id, at, received_at, detail"
    _insert(connection, "usage_event", columns, rows())


def main() -> None:
    """Make a library from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assets", type=int, default=Size().assets)
    parser.add_argument("--events", type=int, default=Size().events)
    from app.clock import now_ms

    given = parser.parse_args()
    size = Size(given.assets, given.events, searches=max(100, given.events // 20))
    generate(given.folder, size, now_ms()).close()


if __name__ == "__main__":
    main()
