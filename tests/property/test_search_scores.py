"""The numpy executor finds the pages, with the scores, that Whoosh's own searcher finds."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search import reader, segment
from indexer.search.collapse import collapse
from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.plan import AnyOf
from indexer.search.query import Everything
from indexer.search.whooshed import query as wq
from indexer.search.writer import IndexWriter, open_whoosh

pytestmark = pytest.mark.storm

WORDS = ("kite", "lamp", "moss", "nest", "oak")
FIELDS = ("title", "body", "notes")

texts = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
pages = st.lists(st.tuples(texts, texts), max_size=3)
assets = st.tuples(st.integers(1, 6), texts, pages)
batches = st.lists(
    st.tuples(st.lists(assets, max_size=4), st.lists(st.integers(1, 6), max_size=2)),
    min_size=1,
    max_size=5,
)

terms = st.builds(
    wq.Term,
    st.sampled_from(FIELDS),
    st.sampled_from((*WORDS, "absent")),
    boost=st.sampled_from((1.0, 2.5)),
)
phrases = st.builds(
    wq.Phrase,
    st.sampled_from(FIELDS),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3),
    slop=st.sampled_from((1, 1, 1, 2, 4)),
)
# Whoosh's constant scores are not constant: a term that stands alone in a segment is weighed.
constant = st.just(False)
patterns = st.one_of(
    st.builds(
        wq.Prefix, st.sampled_from(FIELDS), st.sampled_from(("k", "la", "x")),
        constantscore=constant,
    ),
    st.builds(
        wq.Wildcard, st.sampled_from(FIELDS), st.sampled_from(("*s*", "?a*", "l?mp", "m*z")),
        constantscore=constant,
    ),
    st.builds(
        wq.FuzzyTerm, st.sampled_from(FIELDS), st.sampled_from(("lam", "kitt", "mos", "nets")),
        maxdist=st.sampled_from((1, 2)), prefixlength=st.sampled_from((0, 1)),
        constantscore=constant,
    ),
    st.builds(
        wq.TermRange, st.sampled_from(FIELDS), st.sampled_from((None, "kite", "l")),
        st.sampled_from((None, "moss", "n")), startexcl=st.booleans(), endexcl=st.booleans(),
        constantscore=constant,
    ),
)  # fmt: skip


def _compounds(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        several.map(wq.And),
        several.map(wq.Or),
        st.builds(lambda a, b: wq.And([a, wq.Not(b)]), inner, inner),
    )


# Within an And Whoosh's AndMaybe forgets its optional part: ``skip_to`` moves that to where it was
# told to go, not to where the wanted part has stopped.
inner_queries = st.recursive(st.one_of(terms, phrases, patterns), _compounds, max_leaves=7)
queries = st.one_of(inner_queries, inner_queries, st.builds(wq.AndMaybe, inner_queries, terms))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as name:
        yield Path(name)


def _doc(asset: tuple[int, str, list[tuple[str, str]]]) -> AssetDoc:
    asset_id, title, found = asset
    made = tuple(PageDoc(at, "", body, notes) for at, (body, notes) in enumerate(found, 1))
    return AssetDoc(asset_id, title, "", "xx", made)


def _write(folder: Path, found: list[tuple[list[Any], list[int]]], merges: int) -> None:
    with IndexWriter(folder) as writer:
        for change, (given_assets, removed) in enumerate(found, 1):
            writer.apply([_doc(asset) for asset in given_assets], removed, change)
        if merges and len(writer._manifest.segments) > 1:
            writer._join(list(writer._manifest.segments)[:merges])


def _by_whoosh(folder: Path, query: Any) -> dict[int, float]:
    with open_whoosh(folder).searcher() as searcher:
        return {hit.docnum: hit.score for hit in searcher.search(query, limit=None)}


def _same(searcher: reader.Searcher, query: Any, theirs: dict[int, float]) -> None:
    hits = searcher._state.run(query)
    ours = dict(zip(hits.ids.tolist(), hits.scores.tolist(), strict=True))
    assert sorted(ours) == sorted(theirs), query
    for docnum, score in theirs.items():
        assert np.isclose(ours[docnum], score, rtol=1e-5, atol=1e-5), (query, docnum)


def test_executor_equals_whoosh() -> None:
    """A thousand queries and more in the smallest dose; of every kind many find something."""
    asked, answered = Counter[str](), Counter[str]()

    @given(batches, st.integers(0, 4), st.lists(queries, min_size=17, max_size=20))
    def compare(found: Any, merges: int, some: list[Any]) -> None:
        with _folder() as place:
            _write(place / "index", found, merges)
            searcher = reader.Searcher.open(place / "index")
            with open_whoosh(place / "index").searcher() as theirs:
                for query in some:
                    hits = theirs.search(query, limit=None)
                    scores = {hit.docnum: hit.score for hit in hits}
                    _same(searcher, query, scores)
                    asked.update(kinds := {"any", *_kinds(query)})
                    answered.update(kinds if scores else ())
            searcher.close()

    compare()
    assert asked["any"] >= 1_000
    for kind in KINDS:
        assert asked[kind] >= 20, (kind, asked)
        assert answered[kind] >= asked[kind] / 10, (kind, asked, answered)


KINDS = (
    "Term", "Phrase", "Prefix", "Wildcard", "FuzzyTerm", "TermRange", "And", "Or", "Not",
    "AndMaybe",
)  # fmt: skip


def _kinds(query: Any) -> Iterator[str]:
    """Every kind of query in a tree."""
    yield type(query).__name__
    inner = [*getattr(query, "subqueries", ()), getattr(query, "query", None)]
    if isinstance(query, wq.AndMaybe):
        inner += [query.a, query.b]
    for part in inner:
        if part is not None:
            yield from _kinds(part)


@given(batches, queries, queries)
def test_the_best_of_two_scores(found: Any, one: Any, other: Any) -> None:
    """Against Whoosh's parts: its DisjunctionMax takes scores of pages that do not match."""
    with _folder() as place:
        _write(place / "index", found, 0)
        searcher = reader.Searcher.open(place / "index")
        theirs = _by_whoosh(place / "index", one)
        for docnum, score in _by_whoosh(place / "index", other).items():
            theirs[docnum] = max(score, theirs.get(docnum, 0.0))
        _same(searcher, wq.DisjunctionMax([one, other]), theirs)
        searcher.close()


@given(batches, inner_queries, queries)
def test_what_is_not_wanted_does_not_score(found: Any, wanted: Any, unwanted: Any) -> None:
    """Against Whoosh's And with Not, which adds 1: its AndNot lets through what it should not."""
    with _folder() as place:
        _write(place / "index", found, 0)
        searcher = reader.Searcher.open(place / "index")
        theirs = _by_whoosh(place / "index", wq.And([wanted, wq.Not(unwanted)]))
        lowered = {docnum: score - 1 for docnum, score in theirs.items()}
        _same(searcher, wq.AndNot(wanted, unwanted), lowered)
        searcher.close()


@given(batches, queries, queries)
def test_required_and_constant_scores(found: Any, wanted: Any, required: Any) -> None:
    """Against Whoosh's parts: its Require takes what it should leave."""
    with _folder() as place:
        _write(place / "index", found, 0)
        searcher = reader.Searcher.open(place / "index")
        both = _by_whoosh(place / "index", wq.And([wanted, required]))
        first = _by_whoosh(place / "index", wanted)
        _same(searcher, wq.Require(wanted, required), {at: first[at] for at in both})
        added = _by_whoosh(place / "index", required)
        maybe = {at: score + added.get(at, 0.0) for at, score in first.items()}
        _same(searcher, wq.AndMaybe(wanted, required), maybe)
        _same(searcher, wq.ConstantScoreQuery(wanted, 2.5), dict.fromkeys(first, 2.5))
        searcher.close()


@given(batches, patterns)
def test_patterns_find_what_whoosh_finds(found: Any, pattern: Any) -> None:
    with _folder() as place:
        _write(place / "index", found, 0)
        searcher = reader.Searcher.open(place / "index")
        theirs = _by_whoosh(place / "index", pattern)
        pattern.constantscore = True
        _same(searcher, pattern, dict.fromkeys(theirs, 1.0))
        searcher.close()


@given(batches, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
def test_a_group_scores_as_one_word_would(found: Any, group: list[str]) -> None:
    """A page scores for a group as it would if all words of the group were one word."""
    same = {word: "zinc" for word in group}

    def renamed(text: str) -> str:
        return " ".join(same.get(word, word) for word in text.split())

    as_one = [
        ([(a, renamed(t), [(renamed(b), n) for b, n in ps]) for a, t, ps in docs], removed)
        for docs, removed in found
    ]
    with _folder() as place:
        _write(place / "several", found, 0)
        _write(place / "one", as_one, 0)
        several = reader.Searcher.open(place / "several")
        one = reader.Searcher.open(place / "one")
        ours = several._state.run(AnyOf("body", [word.encode() for word in group]))
        wanted = one._state.run(wq.Term("body", "zinc"))
        assert ours.ids.tolist() == wanted.ids.tolist()
        assert np.allclose(ours.scores, wanted.scores, rtol=1e-5)


@given(batches)
def test_the_index_holds_what_was_last_applied(found: Any) -> None:
    """Documents re-added and removed, in any order: what remains is the last word of each."""
    expected: dict[int, int] = {}
    for docs, removed in found:
        for asset_id in removed:
            expected.pop(asset_id, None)
        for asset_id, _, found_pages in docs:
            expected[asset_id] = max(1, len(found_pages))
    with _folder() as place:
        folder = place / "index"
        _write(folder, found, 3)
        searcher = reader.Searcher.open(folder)
        best = searcher.search(Everything()).by_asset()
        got = dict(zip(best.asset_ids.tolist(), best.page_counts.tolist(), strict=True))
        assert got == expected
        assert searcher.doc_count == sum(expected.values())
        assert searcher.applied == len(found)


@given(batches, st.lists(queries, min_size=1, max_size=4), st.integers(1, 4), st.data())
def test_assets_are_those_of_the_sorted_pages(
    found: Any, asked: list[Any], k: int, data: st.DataObject
) -> None:
    """Collapsing without sorting gives what sorting every page gives."""
    allowed = data.draw(st.one_of(st.none(), st.sets(st.integers(1, 6))))
    with _folder() as place:
        _write(place / "index", found, 2)
        searcher = reader.Searcher.open(place / "index")
        state = searcher._state
        for query in asked:
            hits = state.run(query)
            keep = None if allowed is None else lambda ids: np.isin(ids, sorted(allowed))
            ours = collapse(hits, state.asset_ids, state.page_nos, k, keep=keep)
            if allowed is not None:
                inside = np.isin(state.asset_ids[hits.ids], sorted(allowed))
                hits = type(hits)(hits.ids[inside], hits.scores[inside])
            ids, scores = reader._best_first(hits)
            pages = reader.Matches(
                state.asset_ids[ids], state.page_nos[ids], scores, exact=True, terms=()
            ).by_asset()
            wanted = sorted(
                zip(
                    (-pages.scores).tolist(),
                    pages.asset_ids,
                    pages.page_nos,
                    pages.page_counts,
                    strict=True,
                )
            )
            got = zip(-ours.scores, ours.asset_ids, ours.page_nos, ours.page_counts, strict=True)
            assert list(got) == wanted[:k]
            best, many = ours.all_pages()
            every = zip(-ours.all_scores, ours.all_ids, best, many, strict=True)
            assert sorted(every) == wanted
            flags = ours.matching(7)
            assert flags.nonzero()[0].tolist() == sorted(pages.asset_ids.tolist())
        searcher.close()


tricky = st.text(st.sampled_from("ab1 .-/'&_,+#Cé降\n\u0301 "), max_size=30)
written = st.lists(
    st.tuples(
        st.integers(1, 4), tricky, st.lists(st.tuples(tricky, tricky), max_size=3),
        st.sampled_from((None, "en", "de")),
    ),
    max_size=5,
)  # fmt: skip


@given(st.lists(written, min_size=1, max_size=3))
def test_the_quick_writer_writes_what_whoosh_writes(found: list[list[Any]]) -> None:
    """Byte for byte, whatever is in the texts."""
    with _folder() as place:
        files_of = []
        for name, slow in (("slow", True), ("quick", False)):
            with IndexWriter(place / name, through_whoosh=slow) as writer:
                for change, docs in enumerate(found, 1):
                    made = [replace(_doc(doc[:3]), language=doc[3]) for doc in docs]
                    writer.apply(made, (), change)
                entries = writer._manifest.segments
                files_of.append(
                    [
                        ((writer._target / (e.id + ending)).read_bytes(), e.languages, e.documents)
                        for e in entries
                        for ending in segment.EXTENSIONS
                    ]
                )
        assert files_of[0] == files_of[1]
