"""Answers while the index is missing, behind, or of another record: always, and never wrong."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.finding import plainly
from app.finding.plainly import Said
from app.rows import FindSpec
from app.store.tables import Asset, AssetVersion, Page, PageText, Root
from indexer.search.query import And, Fuzzy, Node, Not, Or, Pages, Phrase, Wildcard, Word
from indexer.search.reader import Searcher
from indexer.search.writer import IndexWriter
from tests.unit.finding.world import Shelf
from tests.unit.search.made import asset as doc


def rewrite(shelf: Shelf, asset_id: int, body: str) -> None:
    """Give an asset another version with one page, as an edit does."""
    sha = body.encode().ljust(16, b"\0")[:16]
    with shelf.lib.write() as session:
        version = AssetVersion(
            asset_id=asset_id, sha256=sha * 2, size=9, kind="pdf", extract_state="indexed",
            properties={}, modified_at=shelf.lib.now, page_count=1,
        )  # fmt: skip
        session.add(version)
        session.add(PageText(sha=sha, heading="", body=body, notes=""))
        session.flush()
        session.add(Page(version_id=version.id, page_no=1, label="page 1", sha=sha))
        session.get_one(Asset, asset_id).current_version_id = version.id


def test_what_changed_since_the_index_was_written_is_found_as_it_is_now(shelf: Shelf) -> None:
    """SC-6: neither the words that a file said before, nor nothing."""
    changed = shelf.put("a.pdf", "bank llamas")
    shelf.put("b.pdf", "bank otters")
    shelf.feed()
    rewrite(shelf, changed, "bank alpacas")
    assert shelf.names("llamas", fed=False) == []
    assert shelf.names("alpacas", fed=False) == ["a"]
    assert sorted(shelf.names("bank", fed=False)) == ["a", "b"]
    found = shelf.ask("alpac", exact=False, fed=False)
    assert [hit.snippet[a:b] for hit in found.hits for a, b in hit.marks] == ["alpacas"]
    assert found.limited == ""
    assert sorted(shelf.names("bank")) == ["a", "b"]


def test_a_library_without_folders_says_so_and_of_no_rebuilding(shelf: Shelf) -> None:
    shelf.put("a.pdf", "otters")
    assert "being rebuilt" in shelf.ask("otters", fed=False).limited
    with shelf.lib.write() as session:
        for root in session.scalars(select(Root)):
            root.removed_at = shelf.lib.now
    assert "no folders in the library yet" in shelf.ask("llamas", fed=False).limited


def test_what_is_tagged_is_found_by_its_tag_while_its_words_wait(shelf: Shelf) -> None:
    tagged = shelf.put("a.pdf", "ledger")
    shelf.feed()
    shelf.lib.tag(tagged, "persona", "finance")
    rewrite(shelf, tagged, "books")
    assert shelf.names("cfo", fed=False) == ["a"]


def test_an_index_that_is_ahead_of_the_record_does_not_answer(shelf: Shelf) -> None:
    """The record was put back from a copy: what came after it is not there any more."""
    shelf.put("a.pdf", "otters")
    shelf.feed()
    with IndexWriter(shelf.index) as writer:
        writer.apply([doc(1, "llamas")], (), writer.applied + 50)
    found = shelf.ask("llamas", fed=False)
    assert found.hits == ()
    assert "being rebuilt" in found.limited
    assert shelf.names("otters", fed=False) == ["a"]


def test_it_is_said_how_far_the_index_is(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.finding.waiting.MANY", 3)
    for number in range(6):
        shelf.put(f"a{number}.pdf", "bank")
    shelf.feed()
    shelf.finder.close()
    shutil.rmtree(shelf.index)
    found = shelf.ask("bank", fed=False)
    assert len(found.hits) == 6
    assert found.limited.startswith("The search index is being rebuilt. Titles")
    with shelf.lib.store.read() as session:
        from app.store import feed

        halfway = feed.stale_assets(session, 0)[1][1]
    with IndexWriter(shelf.index) as writer:
        writer.apply([doc(1, "bank"), doc(2, "bank")], (), halfway)
    found = shelf.ask("bank", fed=False)
    assert len(found.hits) == 6
    assert found.limited.startswith("The search index is being rebuilt: 2 of 6 assets are done.")
    assert shelf.ask("bank").limited == ""


def test_of_very_many_waiting_the_last_changed_are_looked_through_and_the_others_named(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SC-8: a keystroke must not look through all that a first indexing has not come to yet."""
    old = [shelf.put(f"asset{number}.pdf", "bank llamas") for number in range(4)]
    shelf.feed()
    monkeypatch.setattr("app.finding.waiting.PAGES", 2)
    for asset in (old[2], old[0], old[3], old[1]):
        rewrite(shelf, asset, f"bank alpacas {asset}")
    found = shelf.ask("alpacas", fed=False)
    assert {hit.asset_id for hit in found.hits} == {old[3], old[1]}
    assert found.limited.endswith(
        "2 changed assets are not searched in full until then, at most by title and name."
    )
    # What is not looked through is found by its name, but not as it was, nor for what it lacks.
    assert shelf.ask("llamas", fed=False).hits == ()
    new = shelf.put("camels.pdf", "bank")
    rewrite(shelf, old[3], "bank alpacas")
    rewrite(shelf, old[1], "bank alpacas otters")
    assert [hit.asset_id for hit in shelf.ask("camels", fed=False).hits] == [new]
    assert shelf.ask("camels -alpacas", fed=False).hits == ()
    assert shelf.ask("alpacas").limited == ""
    assert len(shelf.ask("alpacas").hits) == 4


WORDS = ("red", "blue", "decks", "deck", "café", "plan", "planning", "24/7")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
WORD = st.builds(Word, st.sampled_from(WORDS), st.booleans()) | st.builds(
    Word, st.sampled_from(WORDS), st.just(False), st.sampled_from(("title", "body", "notes"))
)
LEAF = (
    WORD
    | st.builds(Phrase, st.lists(st.sampled_from(("red", "blue", "plan")), min_size=2, max_size=3)
                .map(tuple))
    | st.builds(Wildcard, st.sampled_from(("re*", "b?ue", "caf*")))
    | st.builds(Pages, st.integers(1, 2), st.none() | st.integers(2, 3))
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, list[tuple[int, Said]]]:
    """One index of pages of all sorts, and the same pages as the record has them."""
    folder = tmp_path_factory.mktemp("engine") / "index"
    docs, pages = [], []
    for number in range(1, 60):
        one, two = WORDS[number % 8], WORDS[number * 3 % 8]
        bodies = (f"{one} {two} {WORDS[number * 5 % 8]}", f"Red {one} blue plan")[: number % 3]
        title = f"{two} {number}"
        docs.append(doc(number, *bodies, title=title, notes=one))
        for at, body in enumerate(bodies, 1):
            said = (plainly.folded(text) for text in (title, "", body, one))
            pages.append((number, Said(at, *said)))
        if not bodies:
            pages.append((number, Said(0, plainly.folded(title), "", "", "")))
    with IndexWriter(folder) as writer:
        writer.apply(docs, (), 1)
    return Searcher.open(folder), pages


@settings(max_examples=150)
@given(node=TREE)
def test_the_record_says_what_the_engine_says(
    engine: tuple[Searcher, list[tuple[int, Said]]], node: Node
) -> None:
    searcher, pages = engine
    matches = searcher.search(node)
    found = set(zip(matches.asset_ids.tolist(), matches.page_nos.tolist(), strict=True))
    assert {(asset, page.number) for asset, page in pages if plainly.says(node, page)} == found


def test_a_slip_is_looked_for_as_it_was_typed() -> None:
    page = Said(1, "", "", "otters", "")
    assert plainly.says(Fuzzy("otters"), page)
    assert not plainly.says(Fuzzy("ottrs"), page)


@pytest.mark.parametrize("text", ["Bank", "über", "bank -otters", '"red bank"', "title:a", "*tter"])
def test_every_form_is_answered_without_an_index(shelf: Shelf, text: str) -> None:
    """IX-1: and like the index does."""
    shelf.put("a.pdf", "The red bank", "Über uns")
    shelf.put("b.pdf", "bank of otters")
    shelf.put("c.pdf", "bankrupt")
    with_index = sorted(shelf.names(text))
    shelf.finder.close()
    shutil.rmtree(shelf.index)
    found = shelf.finder.find(FindSpec(text, exact=True))
    assert sorted(hit.title for hit in found.hits) == with_index
    assert found.limited
