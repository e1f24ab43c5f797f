"""Deckhand, SQLite FTS5 and tantivy, asked the same over the same pages."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, Protocol

from app.library import Library
from app.rows import FindSpec
from indexer.search.documents import AssetDoc
from indexer.search.text import separate_name
from tests.bench.quality.judged import DEPTH, Answer

FIELDS = ("title", "file", "heading", "body", "notes")
WEIGHTS = (3.0, 1.5, 2.0, 1.0, 0.7)
"""The weights of Deckhand's own fields, so that all three weigh the title alike."""
PAGES = 400


class Engine(Protocol):
    """Something that answers."""

    name: str

    def ask(self, text: str) -> list[Answer]:
        """The best assets, each with its best page."""


class Deckhand:
    """The product, asked as the window asks it: the last word may be unfinished."""

    def __init__(self, library: Library, paths: dict[int, tuple[str, ...]], *, exact: bool) -> None:
        self.name = "Deckhand, after Enter" if exact else "Deckhand"
        self._library = library
        self._paths = paths
        self._exact = exact

    def ask(self, text: str) -> list[Answer]:
        """Through ``Library.find``."""
        found = self._library.find(FindSpec(text=text, limit=DEPTH, exact=self._exact))
        return [Answer(self._paths[hit.asset_id], hit.page) for hit in found.hits]


def _rows(docs: Iterable[AssetDoc]) -> Iterable[tuple[int, int, tuple[str, ...]]]:
    """A row per page, with title and file name on each, as Deckhand indexes them."""
    for doc in docs:
        name = separate_name(doc.filename)
        if not doc.pages:
            yield doc.asset_id, 0, (doc.title, name, "", "", "")
        for page in doc.pages:
            yield doc.asset_id, page.page_no, (doc.title, name, page.heading, page.body, page.notes)


def _collapsed(
    rows: Iterable[tuple[int, int]], paths: dict[int, tuple[str, ...]]
) -> list[Answer]:
    best: dict[int, int] = {}
    for asset, page in rows:
        best.setdefault(asset, page)
    return [Answer(paths[asset], page) for asset, page in list(best.items())[:DEPTH]]


def _pieces(text: str) -> list[tuple[str, ...]]:
    """Phrases and words as typed; each a tuple of words."""
    pieces = []
    for phrase, word in re.findall(r'"([^"]+)"|(\S+)', text):
        words = tuple(re.findall(r"\w+", phrase or word))
        if words:
            pieces.append(words)
    return pieces


class Fts5:
    """SQLite FTS5: porter, bm25 with weights; all words, or if nothing has them any of them."""

    def __init__(
        self, docs: Sequence[AssetDoc], paths: dict[int, tuple[str, ...]], *, prefix: bool
    ) -> None:
        self.name = "FTS5, last word a prefix" if prefix else "FTS5"
        self._paths = paths
        self._prefix = prefix
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            f"CREATE VIRTUAL TABLE page USING fts5({', '.join(FIELDS)}, "
            "tokenize='porter unicode61 remove_diacritics 2', prefix='2 3 4')"
        )
        self._place: list[tuple[int, int]] = []
        marks = ", ".join("?" * (len(FIELDS) + 1))
        for asset, page, texts in _rows(docs):
            self._place.append((asset, page))
            row = (len(self._place), *texts)
            self._db.execute(f"INSERT INTO page (rowid, {', '.join(FIELDS)}) VALUES ({marks})", row)

    def ask(self, text: str) -> list[Answer]:
        """All words, else any."""
        pieces = _pieces(text)
        for glue in (" AND ", " OR "):
            rows = self._match(glue.join(self._terms(pieces, quoted=text.endswith('"'))))
            if rows:
                return _collapsed(rows, self._paths)
        return []

    def _terms(self, pieces: list[tuple[str, ...]], *, quoted: bool) -> list[str]:
        terms = ['"' + " ".join(words) + '"' for words in pieces]
        if self._prefix and terms and not quoted:
            terms[-1] = f"({terms[-1]} OR {terms[-1]}*)"
        return terms

    def _match(self, query: str) -> list[tuple[int, int]]:
        weights = ", ".join(str(weight) for weight in WEIGHTS)
        sql = (
            f"SELECT rowid FROM page WHERE page MATCH ? ORDER BY bm25(page, {weights}), rowid "
            f"LIMIT {PAGES}"
        )
        return [self._place[row - 1] for (row,) in self._db.execute(sql, (query,))]


class Tantivy:
    """tantivy: English stems, weighted fields, any of the words (its default) or all of them."""

    def __init__(
        self,
        tantivy: ModuleType,
        docs: Sequence[AssetDoc],
        paths: dict[int, tuple[str, ...]],
        *,
        all_words: bool,
        prefix: bool = False,
    ) -> None:
        kinds = [*(["all words first"] if all_words else []), *(["prefix"] if prefix else [])]
        self.name = ", ".join(["tantivy", *kinds])
        self._all_words, self._prefix, self._paths = all_words, prefix, paths
        self._tantivy: Any = tantivy
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="en_stem")
        builder.add_unsigned_field("asset", stored=True)
        builder.add_unsigned_field("page", stored=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer()
        for asset, page, texts in _rows(docs):
            named = dict(zip(FIELDS, texts, strict=True))
            writer.add_document(tantivy.Document(asset=asset, page=page, **named))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ask(self, text: str) -> list[Answer]:
        """As its query parser reads it; the last word also as a prefix if so made."""
        cleaned = re.sub(r"[^\w\s\"-]", " ", text)
        boosts = dict(zip(FIELDS, WEIGHTS, strict=True))
        for conjunction in (True, False) if self._all_words else (False,):
            query = self._index.parse_query(
                cleaned, list(FIELDS), boosts, conjunction_by_default=conjunction
            )
            if self._prefix and not text.endswith('"'):
                query = self._or_prefix(query, cleaned)
            rows = self._search(query)
            if rows:
                return _collapsed(rows, self._paths)
        return []

    def _or_prefix(self, query: Any, text: str) -> Any:
        tantivy = self._tantivy
        last = (re.findall(r"\w+", text.lower()) or [""])[-1]
        should = tantivy.Occur.Should
        parts = [(should, query)]
        for field, weight in zip(FIELDS, WEIGHTS, strict=True):
            begins = tantivy.Query.regex_query(self._schema, field, f"{last}.*")
            parts.append((should, tantivy.Query.boost_query(begins, weight)))
        return tantivy.Query.boolean_query(parts)

    def _search(self, query: Any) -> list[tuple[int, int]]:
        searcher = self._index.searcher()
        found = searcher.search(query, PAGES)
        docs = (searcher.doc(address) for _, address in found.hits)
        return [(int(doc["asset"][0]), int(doc["page"][0])) for doc in docs]
