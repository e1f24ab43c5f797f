"""Seeded libraries of 12,000 to 600,000 pages, and every engine's index of them, in a folder."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from indexer.search.documents import AssetDoc, PageDoc
from tests.bench.gen_pages import assets, vocabulary

PAGES_PER_ASSET = 12
BATCH = 500
FACETS = {"persona": (10, 3), "stage": (8, 2), "value": (12, 3), "type": (14, 1), "status": (5, 1)}
"""Number of terms of each facet, and most that one asset carries."""

KEYS = tuple((facet, f"{facet}{at}") for facet, (many, _) in FACETS.items() for at in range(many))
NEWEST = 1_790_000_000


def built(folder: Path, name: str, make: Callable[[Path], None]) -> dict[str, float]:
    """Make ``folder/name`` unless it is there; return what making it cost and how large it is."""
    note, target = folder / f"{name}.json", folder / name
    if not note.exists():
        start = time.process_time()
        make(target)
        spent = time.process_time() - start
        note.write_text(json.dumps({"cpu_s": round(spent, 1), "bytes": _size(target)}))
    found: dict[str, float] = json.loads(note.read_text())
    return found


def _size(target: Path) -> int:
    if target.is_file():
        return target.stat().st_size
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def make_corpus(path: Path, pages: int) -> None:
    """Write the texts, facets, dates and boosts of a library into one database."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create table asset(id integer primary key, title text, filename text, terms text,"
        " modified int, boost real);"
        "create table page(id integer primary key, asset_id int, page_no int, heading text,"
        " body text);"
    )
    chance = np.random.default_rng(77)
    for asset in assets(max(1, pages // PAGES_PER_ASSET)):
        terms = "|".join(_terms(chance))
        modified = NEWEST - int(chance.integers(0, 90_000_000))
        boost = 0.5 + 0.5 * float(np.exp(-(NEWEST - modified) / 15_552_000))
        boost += 0.1 * float(np.log1p(chance.pareto(1.2) * 5))
        row = (asset.id, asset.title, asset.filename, terms, modified, boost)
        db.execute("insert into asset values(?,?,?,?,?,?)", row)
        rows = ((asset.id, no, h, b) for no, (h, b) in enumerate(asset.pages, 1))
        db.executemany("insert into page(asset_id,page_no,heading,body) values(?,?,?,?)", rows)
    db.execute("create index by_asset on page(asset_id, page_no)")
    db.commit()
    db.close()


def _terms(chance: np.random.Generator) -> list[str]:
    found = []
    for facet, (many, most) in FACETS.items():
        taken = 1 + int(chance.integers(0, most))
        weights = 1.0 / np.arange(1, many + 1) ** 0.6
        chosen = chance.choice(many, size=taken, replace=False, p=weights / weights.sum())
        found += [f"{facet}{at}" for at in chosen.tolist()]
    return found


def documents(corpus: Path) -> Iterator[AssetDoc]:
    """Yield every asset of a library as the index takes it."""
    db = sqlite3.connect(corpus)
    pages = db.execute("select asset_id, page_no, heading, body from page order by id")
    row = pages.fetchone()
    for asset_id, title, filename in db.execute("select id, title, filename from asset"):
        own = []
        while row is not None and row[0] == asset_id:
            own.append(PageDoc(row[1], row[2], row[3], ""))
            row = pages.fetchone()
        yield AssetDoc(asset_id, title, filename, "en", tuple(own))
    db.close()


def batches(corpus: Path) -> Iterator[list[AssetDoc]]:
    """Yield the assets of a library in batches of the size that a first indexing uses."""
    batch: list[AssetDoc] = []
    for doc in documents(corpus):
        batch.append(doc)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def make_fts(path: Path, corpus: Path) -> None:
    """Index a library with FTS5: porter stems, prefix indexes, texts kept outside."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.execute("attach ? as corpus", (str(corpus),))
    db.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create virtual table fts using fts5(title, file, heading, body, content='', "
        "tokenize=\"porter unicode61 remove_diacritics 2\", prefix='2 3 4');"
        "insert into fts(rowid, title, file, heading, body) select page.id, title,"
        " replace(filename, '_', ' '), heading, body from corpus.page join corpus.asset"
        " on asset.id = asset_id order by page.id;"
        "create virtual table words using fts5vocab(fts, row);"
    )
    add_lexicon(db)
    db.close()


def add_lexicon(db: sqlite3.Connection) -> None:
    """Keep the words as they stand in a plain table: FTS5 itself knows their stems only."""
    db.execute("create table if not exists surfaces(term text primary key, rank int) without rowid")
    if db.execute("select 1 from surfaces limit 1").fetchone() is None:
        ranked = enumerate(reversed(vocabulary()))
        db.executemany("insert into surfaces values(?, ?)", ((word, at) for at, word in ranked))
    db.commit()


def tantivy_schema() -> Any:
    """Return tantivy's schema of a page: stemmed text, facets and numbers as fast fields."""
    import tantivy

    build = tantivy.SchemaBuilder()
    build.add_integer_field("page", stored=True, indexed=True, fast=True)
    build.add_integer_field("asset", stored=True, indexed=True, fast=True)
    build.add_integer_field("modified", fast=True)
    for name in ("title", "file", "heading"):
        build.add_text_field(name, stored=False, tokenizer_name="en_stem")
    build.add_text_field("body", stored=True, tokenizer_name="en_stem")
    for facet in FACETS:
        build.add_text_field(facet, stored=False, fast=True, tokenizer_name="raw")
    return build.build()


def make_tantivy(folder: Path, corpus: Path) -> None:
    """Index a library with tantivy and join it to one segment, its best case."""
    import tantivy

    folder.mkdir(exist_ok=True)
    index = tantivy.Index(tantivy_schema(), path=str(folder))
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    db = sqlite3.connect(corpus)
    rows = db.execute(
        "select page.id, asset_id, modified, title, filename, heading, body, terms from page"
        " join asset on asset.id = asset_id order by page.id"
    )
    for number, asset_id, modified, title, filename, heading, body, terms in rows:
        values: dict[str, Any] = {facet: [] for facet in FACETS}
        for term in terms.split("|"):
            values[term.rstrip("0123456789")].append(term)
        texts = {"title": title, "file": filename.replace("_", " "), "heading": heading}
        doc = tantivy.Document(
            page=number, asset=asset_id, modified=modified, body=body, **texts, **values
        )
        writer.add_document(doc)
    writer.commit()
    writer.wait_merging_threads()
    db.close()
