"""The three engines behind one face, each doing the same work in its own best way.

Where assets are not asked for, FTS5 and tantivy give pages, and ours gives assets all the same: it
collapses always. tantivy's prefix query does not score; the blend and the collapse of tantivy look
at its best 100 pages, those of FTS5 and ours at all.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from indexer.search.marking import snippet
from indexer.search.query import And, Everything, Fuzzy, Node, Or, Phrase, Word
from indexer.search.reader import Searcher
from tests.bench.scale_corpus import FACETS, KEYS, add_lexicon

TOP = 20
WEIGHTS = {"title": 3.0, "file": 1.5, "heading": 2.0, "body": 1.0}
SLUGS = tuple(slug for _, slug in KEYS)


@dataclass(frozen=True, slots=True)
class Ask:
    """One query: words, the last perhaps a beginning, and how they belong together."""

    words: tuple[str, ...] = ()
    kind: str = "and"
    prefix: bool = False
    filters: tuple[str, ...] = ()
    asset: int = 0

    @property
    def marks(self) -> tuple[str, ...]:
        """The words as ``snippet`` takes them."""
        return (*self.words[:-1], self.words[-1] + "*") if self.prefix else self.words


@dataclass(slots=True)
class Columns:
    """What the record knows of every asset, row by asset id less one."""

    masks: np.ndarray
    bits: np.ndarray
    boost: np.ndarray
    modified: np.ndarray
    by_slug: dict[str, np.ndarray] = field(default_factory=dict)


def columns(corpus: Path) -> Columns:
    """Read the facets, boosts and dates of a library."""
    db = sqlite3.connect(corpus)
    rows = db.execute("select terms, boost, modified from asset order by id").fetchall()
    db.close()
    at = {slug: place for place, slug in enumerate(SLUGS)}
    masks = np.zeros((len(SLUGS), len(rows)), bool)
    for row, (terms, _, _) in enumerate(rows):
        masks[[at[term] for term in terms.split("|")], row] = True
    return Columns(
        masks,
        np.packbits(masks, axis=1),
        np.array([boost for _, boost, _ in rows], np.float32),
        np.array([modified for _, _, modified in rows], np.int64),
        {slug: masks[place] for slug, place in at.items()},
    )


class Engine(Protocol):
    """What the bench asks of every engine."""

    name: str

    def forget(self) -> None:
        """Empty what was kept of earlier queries, where the engine can."""

    def keystroke(self, ask: Ask) -> tuple[int, list[Any]]:
        """Parse, match, score, blend, count every facet, collapse, fetch and cut out."""

    def top(self, ask: Ask) -> Any:
        """Find the best 20 pages or assets."""

    def facets(self, ask: Ask) -> Any:
        """Count every facet."""

    def newest(self, ask: Ask) -> Any:
        """Find the 20 most recently modified."""

    def collapse(self, ask: Ask) -> Any:
        """Find the best page of the best 20 assets."""

    def blend(self, ask: Ask) -> Any:
        """Find the best 20 by text and boost."""

    def related(self, ask: Ask) -> Any:
        """Find what is like an asset."""

    def suggest(self, ask: Ask) -> Any:
        """Return a word near a mistyped one."""


class Deckhand:
    """Our index."""

    name = "deckhand"

    def __init__(self, folder: Path, known: Columns) -> None:
        """Open the index and the texts."""
        self.searcher = Searcher.open(folder / "index")
        self.searcher.warm()
        self.db = sqlite3.connect(folder / "corpus.db")
        self.known = known
        # Facets are counted over the assets as the index numbers them: ids less one.
        self.boost = np.concatenate([np.zeros(1, np.float32), known.boost])

    def forget(self) -> None:
        """Empty the cache of scored terms."""
        self.searcher.forget()

    def _node(self, ask: Ask) -> Node:
        if ask.kind == "phrase":
            return Phrase(ask.words)
        if ask.kind == "fuzzy":
            return Fuzzy(ask.words[0])
        last = len(ask.words) - 1
        parts = tuple(Word(w, prefix=ask.prefix and at == last) for at, w in enumerate(ask.words))
        if not parts:
            return Everything()
        return parts[0] if len(parts) == 1 else (Or if ask.kind == "or" else And)(parts)

    def _allowed(self, ask: Ask) -> Any:
        if not ask.filters:
            return None
        masks = [self.known.by_slug[slug] for slug in ask.filters]
        return np.concatenate([[False], np.logical_and.reduce(masks)])

    def keystroke(self, ask: Ask) -> tuple[int, list[Any]]:
        """Search, blend, count, collapse, fetch, cut out."""
        found = self.searcher.search_assets(self._node(ask), TOP, boost=self.boost)
        counts = self._count(found)
        out = []
        for asset, page in zip(found.asset_ids.tolist(), found.page_nos.tolist(), strict=True):
            (text,) = self.db.execute(
                "select body from page where asset_id=? and page_no=?", (asset, page)
            ).fetchone()
            out.append(snippet(text, found.terms))
        return found.total, [counts, out]

    def _count(self, found: Any) -> np.ndarray:
        packed = np.packbits(found.matching(len(self.boost))[1:])
        return np.bitwise_count(self.known.bits & packed).sum(axis=1)

    def top(self, ask: Ask) -> Any:
        """Find the best 20 assets."""
        return self.searcher.search_assets(self._node(ask), TOP, allowed=self._allowed(ask))

    def facets(self, ask: Ask) -> Any:
        """Count from bit sets."""
        if not ask.words:
            return np.bitwise_count(self.known.bits).sum(axis=1)
        return self._count(self.searcher.search_assets(self._node(ask), 0))

    def newest(self, ask: Ask) -> Any:
        """Sort the matching assets by date."""
        found = self.searcher.search_assets(self._node(ask), 0)
        rows = np.flatnonzero(found.matching(len(self.boost))[1:])
        when = -self.known.modified[rows]
        if len(rows) > TOP:
            few = np.argpartition(when, TOP)[:TOP]
            rows, when = rows[few], when[few]
        return rows[np.argsort(when, kind="stable")]

    def collapse(self, ask: Ask) -> Any:
        """Search for assets, which is what we always do."""
        found = self.searcher.search_assets(self._node(ask), TOP)
        return found.asset_ids, found.page_nos

    def blend(self, ask: Ask) -> Any:
        """Search with a boost per asset."""
        return self.searcher.search_assets(self._node(ask), TOP, boost=self.boost)

    def related(self, ask: Ask) -> Any:
        """Find assets like one, from the terms that are stored."""
        sql = "select heading, body from page where asset_id=? order by page_no"
        rows = self.db.execute(sql, (ask.asset,)).fetchall()
        texts = (text for row in rows for text in row)
        return self.searcher.more_like(texts, TOP, language="en", without=(ask.asset,))

    def suggest(self, ask: Ask) -> Any:
        """Ask the lexicon."""
        return self.searcher.suggest(ask.words[0])


class Fts:
    """SQLite FTS5: weighted bm25; pages are joined to assets in numpy, twice as quick as in SQL."""

    name = "fts5"

    def __init__(self, folder: Path, known: Columns) -> None:
        """Open the index and the texts."""
        self.db = sqlite3.connect(folder / "fts.db")
        add_lexicon(self.db)
        self.db.execute("attach ? as corpus", (str(folder / "corpus.db"),))
        self.db.execute("pragma cache_size=-200000")
        self.known = known
        self.rank = "bm25(fts,{title},{file},{heading},{body})".format(**WEIGHTS)
        owners = self.db.execute("select asset_id from corpus.page order by id")
        self.owner = np.fromiter((0, *(asset for (asset,) in owners)), np.int64)

    def forget(self) -> None:
        """Nothing is kept but pages of the file."""

    def _text(self, ask: Ask) -> str:
        if ask.kind == "phrase":
            return '"' + " ".join(ask.words) + '"'
        if ask.kind == "fuzzy":
            near = [word for word, _ in self._near(ask.words[0])]
            return " OR ".join(f'"{word}"' for word in near) or '"xyzzyx"'
        joint = " OR " if ask.kind == "or" else " "
        return joint.join(f'"{word}"' for word in ask.words) + ("*" if ask.prefix else "")

    def _near(self, word: str) -> list[tuple[str, int]]:
        """The words one slip away, from a plain table of all words: FTS5's own is slower."""
        from indexer.search.lexicon import one_slip

        near = tuple(one_slip(word))
        marks = ",".join("?" * len(near))
        sql = f"select term, rank from surfaces where term in ({marks})"
        return self.db.execute(sql, near).fetchall()

    def keystroke(self, ask: Ask) -> tuple[int, list[Any]]:
        """Every asset with its best page; blend and count in numpy; fetch 20."""
        ids, scores, pages = self._assets(ask)
        blended = -scores * self.known.boost[ids - 1]
        best = np.argsort(-blended, kind="stable")[:TOP]
        matching = np.zeros(len(self.known.boost), bool)
        matching[ids - 1] = True
        counts = np.bitwise_count(self.known.bits & np.packbits(matching)).sum(axis=1)
        out = []
        for at in best.tolist():
            sql = "select body from corpus.page where id=?"
            (text,) = self.db.execute(sql, (int(pages[at]),)).fetchone()
            out.append(snippet(text, ask.marks))
        return len(ids), [counts, out]

    def _assets(self, ask: Ask) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Assets, the score of the best page of each, and that page."""
        sql = (
            "select rowid, rank from fts where fts match ? and rank match"
            f" '{self.rank.replace('fts,', '')}'"
        )
        rows = self.db.execute(sql, (self._text(ask),)).fetchall()
        pages = np.fromiter((page for page, _ in rows), np.int64, len(rows))
        scores = np.fromiter((score for _, score in rows), np.float64, len(rows))
        order = np.lexsort((scores, self.owner[pages]))
        owners = self.owner[pages[order]]
        first = order[np.flatnonzero(np.diff(owners, prepend=-1))]
        return self.owner[pages[first]], scores[first], pages[first]

    def top(self, ask: Ask) -> Any:
        """Find the best pages, filtered by asset where asked."""
        if not ask.filters:
            sql = f"select rowid, {self.rank} r from fts where fts match ? order by r limit 20"
            return self.db.execute(sql, (self._text(ask),)).fetchall()
        ids, scores, _ = self._assets(ask)
        kept = np.logical_and.reduce([self.known.by_slug[slug] for slug in ask.filters])[ids - 1]
        return ids[kept][np.argsort(scores[kept])[:TOP]]

    def _matching(self, ask: Ask) -> np.ndarray:
        rows = self.db.execute("select rowid from fts where fts match ?", (self._text(ask),))
        out = np.zeros(len(self.known.boost), bool)
        out[self.owner[np.fromiter((page for (page,) in rows), np.int64)] - 1] = True
        return out

    def facets(self, ask: Ask) -> Any:
        """Count from bit sets."""
        if not ask.words:
            return np.bitwise_count(self.known.bits).sum(axis=1)
        return np.bitwise_count(self.known.bits & np.packbits(self._matching(ask))).sum(axis=1)

    def newest(self, ask: Ask) -> Any:
        """Sort the matching assets by date."""
        rows = np.flatnonzero(self._matching(ask))
        return rows[np.argsort(-self.known.modified[rows])][:TOP]

    def collapse(self, ask: Ask) -> Any:
        """Group by asset."""
        ids, scores, pages = self._assets(ask)
        best = np.argsort(scores)[:TOP]
        return ids[best], pages[best]

    def blend(self, ask: Ask) -> Any:
        """Group by asset and weigh."""
        ids, scores, _ = self._assets(ask)
        return ids[np.argsort(scores * self.known.boost[ids - 1])[:TOP]]

    def related(self, ask: Ask) -> Any:
        """Ask for any of the words of the asset's title."""
        sql = "select title from corpus.asset where id=?"
        (title,) = self.db.execute(sql, (ask.asset,)).fetchone()
        text = " OR ".join(f'"{word}"' for word in title.split())
        sql = f"select rowid, {self.rank} r from fts where fts match ? order by r limit 60"
        return self.db.execute(sql, (text,)).fetchall()

    def suggest(self, ask: Ask) -> Any:
        """Look every word one slip away up in the table of words."""
        return max(self._near(ask.words[0]), key=lambda row: row[1], default=None)


class Tantivy:
    """tantivy-py, stemmed fields, facets and numbers as fast fields, texts stored."""

    name = "tantivy"

    def __init__(self, folder: Path, known: Columns) -> None:
        """Open the index."""
        import tantivy

        self.tv = tantivy
        self.index = tantivy.Index.open(str(folder / "tantivy"))
        self.schema = self.index.schema
        self.searcher = self.index.searcher()
        self.known = known
        self.db = sqlite3.connect(folder / "corpus.db")
        self.addresses: dict[int, Any] = {}
        self.aggregation = {
            facet: {"terms": {"field": facet, "size": many}} for facet, (many, _) in FACETS.items()
        }

    def forget(self) -> None:
        """Nothing is kept."""

    def _word(self, word: str, *, prefix: bool, fuzzy: bool = False) -> Any:
        make = self.tv.Query
        each = []
        for name, weight in WEIGHTS.items():
            if prefix:
                # Finds what a regular expression finds, sooner; a phrase prefix misses most.
                one = make.fuzzy_term_query(self.schema, name, word, distance=0, prefix=True)
            elif fuzzy:
                one = make.fuzzy_term_query(self.schema, name, word, distance=1)
            else:
                one = self.index.parse_query(word, [name])
            each.append((self.tv.Occur.Should, make.boost_query(one, weight)))
        return make.boolean_query(each)

    def _query(self, ask: Ask) -> Any:
        make, occur = self.tv.Query, self.tv.Occur
        if not ask.words:
            return make.all_query()
        if ask.kind == "phrase":
            text = '"' + " ".join(ask.words) + '"'
            query = self.index.parse_query(text, list(WEIGHTS), WEIGHTS)
        elif ask.kind in ("and", "or") and not ask.prefix:
            query = self.index.parse_query(
                " ".join(ask.words), list(WEIGHTS), WEIGHTS,
                conjunction_by_default=ask.kind == "and",
            )  # fmt: skip
        else:
            last = len(ask.words) - 1
            each = [
                self._word(w, prefix=ask.prefix and at == last, fuzzy=ask.kind == "fuzzy")
                for at, w in enumerate(ask.words)
            ]
            query = make.boolean_query([(occur.Must, one) for one in each])
        for slug in ask.filters:
            facet = slug.rstrip("0123456789")
            one = make.const_score_query(make.term_query(self.schema, facet, slug), 0.0)
            query = make.boolean_query([(occur.Must, query), (occur.Must, one)])
        return query

    def _assets(self, query: Any, pages: int, *, blend: bool) -> list[tuple[int, Any]]:
        """Collapse the best pages until 20 assets are found."""
        hits = self.searcher.search(query, pages, count=False).hits
        addresses = [address for _, address in hits]
        ids = self.searcher.fast_field_values("asset", addresses)
        scores = [score for score, _ in hits]
        if blend:
            scores = [s * float(self.known.boost[i - 1]) for s, i in zip(scores, ids, strict=True)]
        best: dict[int, tuple[float, Any]] = {}
        for score, asset, address in zip(scores, ids, addresses, strict=True):
            if asset not in best or best[asset][0] < score:
                best[asset] = (score, address)
        ordered = sorted(best.items(), key=lambda item: -item[1][0])[:TOP]
        return [(asset, address) for asset, (_, address) in ordered]

    def keystroke(self, ask: Ask) -> tuple[int, list[Any]]:
        """Search, blend among the best 100 pages, aggregate, fetch, cut out."""
        query = self._query(ask)
        best = self._assets(query, 100, blend=True)
        counts = self.searcher.aggregate(query, self.aggregation)
        make = self.tv.SnippetGenerator.create(self.searcher, query, self.schema, "body")
        out = [make.snippet_from_doc(self.searcher.doc(address)) for _, address in best]
        return len(best), [counts, [(each.fragment(), each.highlighted()) for each in out]]

    def top(self, ask: Ask) -> Any:
        """Find the best pages."""
        return self.searcher.search(self._query(ask), TOP, count=False).hits

    def facets(self, ask: Ask) -> Any:
        """Aggregate."""
        return self.searcher.aggregate(self._query(ask), self.aggregation)

    def newest(self, ask: Ask) -> Any:
        """Sort by a fast field."""
        query = self._query(ask)
        return self.searcher.search(query, TOP, count=False, order_by_field="modified").hits

    def collapse(self, ask: Ask) -> Any:
        """Collapse the best 100 pages."""
        return self._assets(self._query(ask), 100, blend=False)

    def blend(self, ask: Ask) -> Any:
        """Blend among the best 100 pages."""
        return self._assets(self._query(ask), 100, blend=True)

    def related(self, ask: Ask) -> Any:
        """Ask for what is like the asset's first page."""
        address = self.addresses.get(ask.asset)
        if address is None:
            query = self.tv.Query.term_query(self.schema, "asset", ask.asset)
            address = self.searcher.search(query, 1).hits[0][1]
            self.addresses[ask.asset] = address
        query = self.tv.Query.more_like_this_query(address)
        return self.searcher.search(query, 60, count=False).hits

    def suggest(self, ask: Ask) -> Any:
        """Find the best page for words one slip away; tantivy has no other did-you-mean."""
        query = self._word(ask.words[0], prefix=False, fuzzy=True)
        return self.searcher.search(query, 1, count=False).hits
