"""Time searches while typing, beside SQLite FTS5 on the same pages in the same run.

    python -m tests.bench.search_keystroke --pages 12000 --json result.json

Numbers are CPU milliseconds per query (median, 95th percentile, greatest). FTS5 is asked for its
best 20 pages only; Deckhand returns every match, sorted, and the best page of every asset.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from indexer.search.marking import snippet
from indexer.search.query import And, Node, Or, Phrase, Word
from indexer.search.reader import Searcher
from indexer.search.writer import IndexWriter
from tests.bench.gen_pages import PHRASES, TRADE, Asset, assets

PAGES_PER_ASSET = 12
BATCH = 500
TOP = 20


def build_whoosh(folder: Path, made: list[Asset]) -> dict[str, float]:
    """Index everything with Deckhand's writer; return cost and size."""
    start = time.process_time()
    with IndexWriter(folder) as writer:
        for at in range(0, len(made), BATCH):
            batch = made[at : at + BATCH]
            writer.apply((asset.document() for asset in batch), (), at + len(batch))
        while writer.merge_if_idle():
            pass
    spent = time.process_time() - start
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"cpu_s": spent, "bytes": size}


def build_fts(path: Path, made: list[Asset]) -> tuple[sqlite3.Connection, dict[str, float]]:
    """Index everything with FTS5, porter stems and prefix indexes; return it, cost and size."""
    db = sqlite3.connect(path)
    db.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create table page(id integer primary key, asset_id int, page_no int, body text);"
    )
    rows, texts, at = [], [], 0
    for asset in made:
        for page_no, (heading, body) in enumerate(asset.pages, 1):
            at += 1
            rows.append((at, asset.id, page_no, body))
            texts.append((at, asset.title, asset.filename, heading, body))
    db.executemany("insert into page values(?,?,?,?)", rows)
    db.execute("create index by_asset on page(asset_id, page_no)")
    db.commit()
    before = path.stat().st_size
    start = time.process_time()
    db.execute(
        "create virtual table fts using fts5(title, file, heading, body, content='', "
        "tokenize=\"porter unicode61 remove_diacritics 2\", prefix='2 3 4')"
    )
    db.executemany("insert into fts(rowid,title,file,heading,body) values(?,?,?,?,?)", texts)
    db.commit()
    return db, {"cpu_s": time.process_time() - start, "bytes": path.stat().st_size - before}


def classes(rng: random.Random) -> dict[str, list[tuple[Node, str]]]:
    """Return each class of query as pairs of Deckhand's tree and FTS5's text."""

    def words(many: int) -> list[str]:
        return rng.sample(TRADE, many)

    def typed(parts: list[str], *, prefix: bool) -> tuple[Node, str]:
        tree = [Word(word, prefix and at == len(parts) - 1) for at, word in enumerate(parts)]
        text = " ".join(f'"{word}"' for word in parts) + ("*" if prefix else "")
        return (And(tuple(tree)) if len(tree) > 1 else tree[0]), text

    def either(parts: list[str]) -> tuple[Node, str]:
        return Or(tuple(Word(word) for word in parts)), " OR ".join(f'"{w}"' for w in parts)

    found = {"one word": [typed(words(1), prefix=False) for _ in range(30)]}
    found["two words"] = [typed(words(2), prefix=False) for _ in range(30)]
    found["three words"] = [typed(words(3), prefix=False) for _ in range(30)]
    found["any of three"] = [either(words(3)) for _ in range(30)]
    found["phrase"] = [(Phrase(tuple(p.split())), f'"{p}"') for p in PHRASES]
    for length in (1, 2, 3, 4):
        begins = sorted({word[:length] for word in TRADE})[:20]
        found[f"{length} letters"] = [typed([begin], prefix=True) for begin in begins]
        pairs = [words(2) for _ in range(20)]
        found[f"word + {length}"] = [typed([a, b[:length]], prefix=True) for a, b in pairs]
    return found


def timed(calls: Iterable[Callable[[], object]]) -> list[float]:
    """Return the CPU milliseconds of each call."""
    out = []
    gc.disable()
    for call in calls:
        start = time.process_time_ns()
        call()
        out.append((time.process_time_ns() - start) / 1e6)
    gc.enable()
    return out


def summary(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and greatest."""
    times = sorted(times)
    return {
        "p50": round(times[len(times) // 2], 2),
        "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 2),
        "max": round(times[-1], 2),
    }


def ours_once(searcher: Searcher, node: Node) -> object:
    """Search and collapse to assets."""
    return searcher.search(node).by_asset()


def fts_once(db: sqlite3.Connection, text: str) -> object:
    """Search for the best pages."""
    sql = "select rowid, bm25(fts,3,1.5,2,1) r from fts where fts match ? order by r limit 20"
    return db.execute(sql, (text,)).fetchall()


def ours_keystroke(searcher: Searcher, db: sqlite3.Connection, node: Node) -> object:
    """Search, collapse to 20 assets, fetch their text, make excerpts."""
    matches = searcher.search(node)
    best = matches.by_asset()
    out = []
    for asset_id, page_no in zip(best.asset_ids[:TOP], best.page_nos[:TOP], strict=True):
        row = db.execute(
            "select body from page where asset_id=? and page_no=?", (int(asset_id), int(page_no))
        ).fetchone()
        out.append(snippet(row[0], matches.terms))
    return len(best.asset_ids), out


def fts_keystroke(db: sqlite3.Connection, text: str, terms: tuple[str, ...]) -> object:
    """The same by FTS5: every match, the best page of each asset, text and excerpts of 20."""
    sql = (
        "with f as materialized "
        "(select rowid id, bm25(fts,3,1.5,2,1) r from fts where fts match ?) "
        "select p.asset_id, min(f.r) best, p.body, count(*) over () from f "
        "join page p on p.id=f.id group by p.asset_id order by best limit 20"
    )
    return [snippet(row[2], terms) for row in db.execute(sql, (text,)).fetchall()]


def typing(rng: random.Random) -> list[tuple[Node, str, tuple[str, ...]]]:
    """Return every state of 20 queries typed letter by letter."""
    out: list[tuple[Node, str, tuple[str, ...]]] = []
    wanted = [" ".join(rng.sample(TRADE, 2)) for _ in range(15)] + rng.sample(TRADE, 5)
    for query in wanted:
        for end in range(1, len(query) + 1):
            parts = query[:end].split()
            if query[:end].endswith(" "):
                continue
            tree = [Word(word, prefix=at == len(parts) - 1) for at, word in enumerate(parts)]
            node = And(tuple(tree)) if len(tree) > 1 else tree[0]
            text = " ".join(f'"{word}"' for word in parts) + "*"
            out.append((node, text, (*parts[:-1], parts[-1] + "*")))
    return out


def measure(folder: Path, made: list[Asset]) -> dict[str, Any]:
    """Build both, ask both, return everything."""
    pages = sum(len(asset.pages) for asset in made)
    ours_built = build_whoosh(folder / "index", made)
    db, fts_built = build_fts(folder / "fts.db", made)
    searcher = Searcher.open(folder / "index")
    rows: dict[str, Any] = {}
    for name, pairs in classes(random.Random(5)).items():
        ours_once(searcher, pairs[0][0])
        searcher._state._cache.clear()
        ours = timed([lambda n=node: ours_once(searcher, n) for node, _ in pairs])
        fts = timed([lambda t=text: fts_once(db, t) for _, text in pairs])
        rows[name] = {"deckhand": summary(ours), "fts5": summary(fts)}
    searcher._state._cache.clear()
    states = typing(random.Random(9))
    ours = timed([lambda n=node: ours_keystroke(searcher, db, n) for node, _, _ in states])
    fts = timed([lambda t=t, m=m: fts_keystroke(db, t, m) for _, t, m in states])
    rows["whole keystroke"] = {"deckhand": summary(ours), "fts5": summary(fts)}
    result = {"pages": pages, "assets": len(made), "rows": rows}
    result["build"] = {"deckhand": ours_built, "fts5": fts_built}
    result["update_ms"] = summary(update(folder / "index", searcher, made))
    searcher.close()
    return result


def update(folder: Path, searcher: Searcher, made: list[Asset]) -> list[float]:
    """Change one asset, commit, look again and find it; twenty times."""
    with IndexWriter(folder) as writer:
        writer.apply([made[0].document()], (), writer.applied + 1)

        def once(asset: Asset) -> None:
            writer.apply([asset.document()], (), writer.applied + 1)
            searcher.reopen()
            searcher.search(Word("customer"))

        return timed([lambda a=asset: once(a) for asset in made[1:21]])


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{result['pages']} pages, {result['assets']} assets; CPU ms p50 / p95 / max")
    print(f"{'':18} {'Deckhand':>22} {'FTS5':>24} {'times faster (p50, p95)':>26}")
    for name, row in result["rows"].items():
        ours, fts = row["deckhand"], row["fts5"]
        cells = [" / ".join(f"{x[k]:.2f}" for k in ("p50", "p95", "max")) for x in (ours, fts)]
        ratios = [fts[k] / max(ours[k], 0.01) for k in ("p50", "p95")]
        print(f"{name:18} {cells[0]:>22} {cells[1]:>24} {ratios[0]:>16.1f} {ratios[1]:>9.1f}")
    for name, built in result["build"].items():
        speed = result["pages"] / built["cpu_s"]
        print(f"{name}: {speed:.0f} pages per CPU s, {built['bytes'] / result['pages']:.0f} B/page")
    cost = result["update_ms"]
    print(f"one changed asset findable: {cost['p50']} / {cost['p95']} / {cost['max']} ms CPU")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=12_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    made = list(assets(max(1, options.pages // PAGES_PER_ASSET)))
    with tempfile.TemporaryDirectory() as name:
        result = measure(Path(name), made)
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
