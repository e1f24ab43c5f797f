"""Looks at disk, SQLite file and index with its own eyes: the record's code is not used.

The module of SQLite must be the program's: two copies of SQLite in one process take each other's
locks away.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from app.library import Library
from app.rows import FindSpec
from app.store.engine import sqlite_module
from indexer.search.query import Everything, Word
from indexer.search.reader import Searcher

MADE_UP = re.compile(r"zq[bcdfghjklmnpqrtvwxz]{6}kx")
LIVE = (
    "SELECT f.raw_name, f.relpath, f.size, f.problem, v.sha256, f.asset_id, f.version_id,"
    " a.current_version_id FROM asset_file f JOIN asset a ON a.id = f.asset_id"
    " LEFT JOIN asset_version v ON v.id = f.version_id WHERE f.missing_since IS NULL"
)
ORPHANS = {
    "assets without a place": "SELECT id FROM asset WHERE id NOT IN"
    " (SELECT asset_id FROM asset_file) AND merged_into_id IS NULL",
    "versions without an asset": "SELECT id FROM asset_version WHERE asset_id NOT IN"
    " (SELECT id FROM asset)",
    "versions that nothing shows": "SELECT id FROM asset_version v WHERE page_count <>"
    " (SELECT count(*) FROM page p WHERE p.version_id = v.id)",
    "pages without a version": "SELECT version_id FROM page WHERE version_id NOT IN"
    " (SELECT id FROM asset_version)",
    "pages without text": "SELECT version_id FROM page WHERE sha NOT IN"
    " (SELECT sha FROM page_text)",
    "prints without a version": "SELECT version_id FROM version_print WHERE version_id NOT IN"
    " (SELECT id FROM asset_version)",
    "pairs without versions": "SELECT version_id FROM near_copy WHERE version_id NOT IN"
    " (SELECT id FROM asset_version) OR other_id NOT IN (SELECT id FROM asset_version)",
    "tags without an asset": "SELECT asset_id FROM asset_tag WHERE asset_id NOT IN"
    " (SELECT id FROM asset)",
    "two rows of one place": "SELECT relpath FROM asset_file GROUP BY root_id, relpath"
    " HAVING count(*) > 1",
    "rows that were stepping aside": "SELECT id FROM asset_file WHERE relpath LIKE char(0) || '%'",
    "current versions of other assets": "SELECT a.id FROM asset a JOIN asset_version v"
    " ON v.id = a.current_version_id WHERE v.asset_id <> a.id",
    "current versions that are nowhere": "SELECT a.id FROM asset a WHERE a.merged_into_id IS NULL"
    " AND EXISTS (SELECT 1 FROM asset_file f WHERE f.asset_id = a.id AND f.missing_since IS NULL"
    " AND f.problem = '') AND NOT EXISTS (SELECT 1 FROM asset_file f WHERE f.asset_id = a.id"
    " AND f.missing_since IS NULL AND f.version_id = a.current_version_id)",
}


class Record:
    """What the SQLite file holds, read once. ``place`` maps bytes of a path to its live row."""

    def __init__(self, database: Path) -> None:
        with closing(sqlite_module().connect(f"file:{database}?mode=ro", uri=True)) as db:
            self.sound = [row[0] for row in db.execute("PRAGMA quick_check")]
            self.dangling = db.execute("PRAGMA foreign_key_check").fetchall()
            self.orphans = {name: db.execute(sql).fetchall() for name, sql in ORPHANS.items()}
            live = db.execute(LIVE).fetchall()
            self.live = len(live)
            self.place = {row[0] or row[1].encode(): row for row in live}
            self.pages: dict[int, dict[int, str]] = defaultdict(dict)
            for asset, number, *texts in db.execute(
                "SELECT a.id, p.page_no, t.heading, t.body, t.notes FROM asset a"
                " JOIN page p ON p.version_id = a.current_version_id"
                " JOIN page_text t ON t.sha = p.sha WHERE a.merged_into_id IS NULL"
            ):
                self.pages[asset][number] = "\n".join(texts)
            self.titles: dict[int, str] = dict(
                db.execute("SELECT id, title FROM asset WHERE merged_into_id IS NULL")
            )

    def asset_at(self, path: str) -> int | None:
        """The asset whose file is at a path now."""
        row = self.place.get(os.fsencode(path))
        return None if row is None else int(row[5])


def record_equals_disk(record: Record, root: Path) -> list[str]:
    """Every file one live row with its size and bytes, every live row a file. The faults."""
    faults = [f"quick_check: {line}" for line in record.sound if line != "ok"]
    faults += [f"dangling: {row}" for row in record.dangling[:5]]
    faults += [f"{name}: {rows[:5]}" for name, rows in record.orphans.items() if rows]
    disk = {os.fsencode(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    faults += [f"not in the record: {path!r}" for path in sorted(disk.keys() - record.place.keys())]
    faults += [f"not on disk: {path!r}" for path in sorted(record.place.keys() - disk.keys())]
    if record.live != len(record.place):
        faults.append(f"{record.live} live rows for {len(record.place)} places")
    for name in sorted(disk.keys() & record.place.keys()):
        data = disk[name].read_bytes()
        _, relpath, size, problem, sha256, *_ = record.place[name]
        if (size, sha256) != (len(data), hashlib.sha256(data).digest()):
            faults.append(f"other bytes than the record's ({problem or 'no problem'}): {relpath}")
    return faults


def index_equals_record(record: Record, index: Path, ever: list[str]) -> list[str]:
    """Page by page and word by word, also words that no page has any more. The faults."""
    searcher = Searcher.open(index)
    try:
        found = searcher.search(Everything())
        held = Counter(zip(found.asset_ids.tolist(), found.page_nos.tolist(), strict=True))
        wanted = Counter(
            (asset, number) for asset in record.titles for number in record.pages.get(asset) or (0,)
        )
        faults = [f"in the index, not in the record: {page}" for page in (held - wanted)]
        faults += [f"in the record, not in the index: {page}" for page in (wanted - held)]
        words = defaultdict(set)
        for asset, title in record.titles.items():
            for number, text in (record.pages.get(asset) or {0: ""}).items():
                for word in MADE_UP.findall(f"{title} {text}"):
                    words[word].add((asset, number))
        for word in sorted({*ever, *words}):
            hits = searcher.search(Word(word))
            got = set(zip(hits.asset_ids.tolist(), hits.page_nos.tolist(), strict=True))
            if got != words.get(word, set()):
                faults.append(f"{word}: index {sorted(got)}, record {sorted(words.get(word, ()))}")
        return faults
    finally:
        searcher.close()


def search_tells_the_truth(record: Record, library: Library, root: Path, step: int) -> list[str]:
    """Each n-th word that stands in a file is found, in that file, through a real search."""
    faults = []
    places = defaultdict(set)
    for name, row in record.place.items():
        places[row[5]].add(name)
    texts = {
        asset: " ".join(pages.values()) for asset, pages in record.pages.items() if places[asset]
    }
    for asset, text in list(texts.items())[::step]:
        for word in dict.fromkeys(MADE_UP.findall(text)):
            result = library.find(FindSpec(word, exact=True, limit=50))
            got = {hit.asset_id for hit in result.hits}
            want = {other for other, said in texts.items() if word in said}
            if got != want or result.limited or result.relaxed:
                faults.append(f"search {word}: {sorted(got)}, truth {sorted(want)} {result}")
        for name in places[asset]:
            # A text file says its words in the clear: what is found there, must be there.
            if (
                name.endswith((b".md", b".txt", b".csv"))
                and record.place[name][6:7] == (record.place[name][7:8])
            ):
                said = set(MADE_UP.findall((root / os.fsdecode(name)).read_text("utf-8")))
                if said - set(MADE_UP.findall(text)):
                    faults.append(f"words of {name!r} are not in the record: {said}")
    return faults
