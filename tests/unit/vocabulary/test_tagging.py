"""Tags: on many assets at once, single-valued facets, undo and redo, sentences for mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import UserError
from app.library import Library
from app.store.defaults import norm, read_defaults
from app.store.tables import Asset


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    with opened.store.write() as session:
        session.add_all([Asset(title=f"Deck {n}", published_at=1) for n in range(3)])
    yield opened
    opened.close()


def tags(library: Library, asset: int) -> list[str]:
    return [f"{t.facet}={t.slug}" for t in library.asset(asset).tags]


def test_slug_label_synonym_and_alias_mean_the_same_term(library) -> None:
    library.tag([1], add=[("persona", "finance")])
    library.tag([2], add=[("Persona", "CFO")])
    library.tag([3], add=[("type", "Pitch deck"), ("vp", "Cut cost")])
    assert tags(library, 1) == tags(library, 2) == ["persona=finance"]
    assert tags(library, 3) == ["value_proposition=cut_cost", "content_type=first_call_deck"]


def test_undo_and_redo_put_back_exactly_what_was(library) -> None:
    library.tag([1], add=[("stage", "explore")])
    changes = library.tag([1, 2, 3], add=[("stage", "explore"), ("persona", "it")])
    undone = library.undo(changes.inverse)
    assert [tags(library, n) for n in (1, 2, 3)] == [["stage=explore"], [], []]
    library.undo(undone.inverse)
    both = ["persona=it", "stage=explore"]
    assert [tags(library, n) for n in (1, 2, 3)] == [both, both, both]


def test_undo_leaves_what_others_tagged_meanwhile(library) -> None:
    changes = library.tag([1], add=[("stage", "explore")])
    library.tag([1], add=[("persona", "it")])
    library.undo(changes.inverse)
    assert tags(library, 1) == ["persona=it"]


def test_a_facet_of_one_value_replaces_it_and_undo_brings_it_back(library) -> None:
    library.tag([1], add=[("content_type", "battlecard")])
    changes = library.tag([1], add=[("content_type", "datasheet")])
    assert tags(library, 1) == ["content_type=datasheet"]
    library.undo(changes.inverse)
    assert tags(library, 1) == ["content_type=battlecard"]
    with pytest.raises(UserError, match="holds one value"):
        library.tag([1], add=[("type", "datasheet"), ("type", "battlecard")])


def test_untag(library) -> None:
    library.tag([1], add=[("persona", "it"), ("persona", "security")])
    changes = library.tag([1], remove=[("persona", "it")])
    assert tags(library, 1) == ["persona=security"]
    assert "no longer tagged IT" in changes.summary


@pytest.mark.parametrize(
    ("assets", "pair", "says"),
    [
        ([1], ("colour", "red"), "no facet called 'colour'"),
        ([1], ("persona", "wizard"), "Terms are ceo_gm"),
        ([99], ("persona", "it"), "no asset number 99"),
        ([], ("persona", "it"), "at least one asset"),
    ],
)
def test_mistakes_get_a_sentence_and_change_nothing(library, assets, pair, says) -> None:
    with pytest.raises(UserError, match=says):
        library.tag(assets, add=[("stage", "explore"), pair])
    assert tags(library, 1) == []


def test_the_default_vocabulary_has_one_meaning_per_phrase() -> None:
    for facet in read_defaults():
        phrases = [
            norm(text)
            for term in facet["term"]
            for text in {norm(term["label"]), *map(norm, term.get("synonyms", ()))}
        ]
        assert len(phrases) == len(set(phrases)), facet["key"]
        slugs = [term["slug"] for term in facet["term"]]
        assert len(slugs) == len(set(slugs))
