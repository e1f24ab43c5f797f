"""A library of the product (record, settings and index) that holds the pages of a corpus.

What the engines of the bench answer from their own columns is here asked of the record: titles,
files, versions, pages, tags of the vocabulary, people, deeds and searches.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from app.clock import DAY_MS, now_ms
from app.indexing.feeding import Feeder
from app.paths import LibraryPaths
from app.store.engine import Store, open_store

PEOPLE, DAYS = 300, 730
DEEDS_PER_ASSET, SEARCHES_PER_ASSET = 20, 3
STATUSES = ("published", "published", "published", "draft", "archived")
FACETS = {"persona": 3, "stage": 2, "value_proposition": 3, "content_type": 1}
DEEDS = ("open", "copy", "share", "send")
BATCH = 20_000


def make_library(folder: Path, corpus: Path) -> None:
    """Write the record of a corpus, and its index through the feeder that the product uses."""
    shutil.rmtree(folder, ignore_errors=True)
    with open_store(LibraryPaths(folder)) as store:
        fill(store, corpus, now_ms())
        feeder = Feeder(store, store.paths.index)
        feeder.apply()
        while feeder.tidy():
            pass
        feeder.close()


def fill(store: Store, corpus: Path, now: int) -> None:
    """Write the record: the corpus, and two years of use up to ``now`` from a fixed seed."""
    chance = np.random.default_rng(5)
    random.seed(5)
    texts = sqlite3.connect(corpus)
    with store.write() as session:
        connection = session.connection()
        _people(connection)
        assets = _assets(connection, texts, chance, now)
        _pages(connection, texts)
        _tags(connection, chance, assets, now)
        _use(connection, chance, assets, now)
        connection.exec_driver_sql("ANALYZE")
    texts.close()


def _insert(connection: sa.Connection, table: str, columns: str, rows: Iterator[Any]) -> None:
    marks = ", ".join("?" * len(columns.split(", ")))
    while batch := list(islice(rows, BATCH)):
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", batch)


def _uid() -> bytes:
    return random.getrandbits(128).to_bytes(16, "big")


def _people(connection: sa.Connection) -> None:
    rows = (
        (n, _uid(), f"Person {n}", "marketer" if n % 9 == 0 else "rep") for n in range(1, PEOPLE)
    )
    _insert(connection, "person", "id, uid, name, role", rows)
    _insert(
        connection, "library_root", "id, uid, name, added_at, state",
        iter([(1, _uid(), "Collateral", now_ms(), "online")]),
    )  # fmt: skip


def _assets(
    connection: sa.Connection, texts: sqlite3.Connection, chance: np.random.Generator, now: int
) -> int:
    sql = (
        "select id, title, filename, modified,"
        " (select count(*) from page where asset_id = asset.id) from asset order by id"
    )
    found = texts.execute(sql).fetchall()
    ages = chance.integers(1, DAYS, len(found))
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    _insert(
        connection, "asset",
        "id, uid, title, status, owner_id, current_version_id, published_at, created_at,"
        " updated_at, review_due_at",
        (
            (
                key, _uid(), title, STATUSES[key % 5], 1 + key % (PEOPLE - 1), key,
                now - int(age) * DAY_MS, now - int(age) * DAY_MS, now,
                now + (key % 400 - 40) * DAY_MS,
            )
            for (key, title, *_), age in zip(found, ages, strict=True)
        ),
    )  # fmt: skip
    _insert(
        connection, "asset_version",
        "id, asset_id, sha256, size, kind, page_count, extract_state, properties, modified_at,"
        " seen_at",
        (
            (
                key, key, hashlib.sha256(str(key).encode()).digest(), 1 << 20, "pptx", pages,
                "indexed", '{"language": "en"}', modified * 1000, now,
            )
            for key, _, _, modified, pages in found
        ),
    )  # fmt: skip
    _insert(
        connection, "asset_file",
        "id, root_id, relpath, asset_id, version_id, size, mtime_ns, file_key",
        (
            (key, 1, f"Team {key % 60}/{name}", key, key, 1 << 20, 1, str(key))
            for key, _, name, *_ in found
        ),
    )  # fmt: skip
    return len(found)


def _pages(connection: sa.Connection, texts: sqlite3.Connection) -> None:
    sql = "select asset_id, page_no, heading, body from page order by id"
    rows = (
        (asset, number, _sha(heading, body), heading, body)
        for asset, number, heading, body in texts.execute(sql)
    )
    while batch := list(islice(rows, BATCH)):
        _insert(
            connection, "page_text", "sha, heading, body, notes",
            iter({sha: (sha, heading, body, "") for _, _, sha, heading, body in batch}.values()),
        )  # fmt: skip
        _insert(
            connection, "page", "version_id, page_no, label, sha",
            ((asset, number, f"slide {number}", sha) for asset, number, sha, *_ in batch),
        )  # fmt: skip


def _sha(heading: str, body: str) -> bytes:
    return hashlib.blake2b(f"{heading}\0{body}".encode(), digest_size=16).digest()


def _tags(connection: sa.Connection, chance: np.random.Generator, assets: int, now: int) -> None:
    terms: dict[str, list[int]] = {}
    sql = "SELECT facet.key, term.id FROM term JOIN facet ON facet.id = facet_id ORDER BY term.id"
    for key, term in connection.exec_driver_sql(sql):
        terms.setdefault(key, []).append(term)

    def rows() -> Iterator[Any]:
        for asset in range(1, assets + 1):
            for facet, most in FACETS.items():
                for term in chance.choice(terms[facet], 1 + chance.integers(most), replace=False):
                    yield asset, int(term), "accepted", "human", 1, now

    _insert(connection, "asset_tag", "asset_id, term_id, state, source, by_id, at", rows())


def _use(connection: sa.Connection, chance: np.random.Generator, assets: int, now: int) -> None:
    """Deeds and searches; few assets get most of them."""
    weight = chance.pareto(0.8, assets)
    weight /= weight.sum()
    deeds, searches = assets * DEEDS_PER_ASSET, assets * SEARCHES_PER_ASSET
    used = chance.choice(assets, deeds, p=weight) + 1
    at = np.sort(now - chance.integers(1, DAYS * DAY_MS, deeds))
    who = chance.integers(1, PEOPLE, deeds)
    kinds = chance.integers(0, len(DEEDS), deeds)
    _insert(
        connection, "usage_event", "uid, kind, asset_id, person_id, at, received_at",
        (
            (_uid(), DEEDS[kind], int(asset), int(person), int(moment), int(moment))
            for kind, asset, person, moment in zip(kinds, used, who, at, strict=True)
        ),
    )  # fmt: skip
    shown = chance.choice(assets, (searches, 20), p=weight) + 1
    moments = np.sort(now - chance.integers(1, DAYS * DAY_MS, searches))
    _insert(
        connection, "search_event",
        "uid, person_id, at, received_at, query, norm, filters, n_results, top_ids",
        (
            (
                _uid(), int(who[n]), int(moments[n]), int(moments[n]), f"topic {n % 997}",
                f"topic {n % 997}", "{}", 20, json.dumps(shown[n].tolist()),
            )
            for n in range(searches)
        ),
    )  # fmt: skip
