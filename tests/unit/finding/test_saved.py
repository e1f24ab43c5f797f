"""Searches that are kept under a name, and those made lately."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.changes import Changes
from app.errors import UserError
from app.library import Library
from app.rows import FindSpec
from app.store.tables import Person

SPEC = FindSpec(text=" cfo price ", filters=(("stage", ("evaluate",)),), sort="newest", limit=5)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "library")
    made.set_me("Ana", "rep")
    yield made
    made.close()


def names(library: Library) -> list[str]:
    return [search.name for search in library.saved_searches()]


def undone(library: Library, changes: Changes) -> Changes:
    assert changes.inverse is not None
    return library.undo(changes.inverse)


def test_a_search_is_kept_with_all_that_was_chosen(library: Library) -> None:
    changes = library.save_search("  For  Kim ", SPEC)
    (kept,) = library.saved_searches()
    assert (kept.id, kept.name) == (changes.result, "For Kim")
    assert (kept.spec.text, kept.spec.filters, kept.spec.sort) == (
        "cfo price", SPEC.filters, "newest",
    )  # fmt: skip
    assert changes.touches("searches")


def test_saving_removing_and_replacing_can_be_taken_back(library: Library) -> None:
    saved = library.save_search("One", SPEC)
    replaced = library.save_search("ONE", FindSpec(text="other"))
    assert [s.spec.text for s in library.saved_searches()] == ["other"]
    again = undone(library, replaced)
    assert [(s.name, s.spec.text) for s in library.saved_searches()] == [("One", "cfo price")]
    undone(library, again)
    assert [s.spec.text for s in library.saved_searches()] == ["other"]
    assert isinstance(saved.result, int)
    removed = library.remove_saved_search(saved.result)
    assert names(library) == []
    back = undone(library, removed)
    assert names(library) == ["ONE"]
    undone(library, back)
    assert names(library) == []


def test_they_come_by_name_and_belong_to_one_person(library: Library) -> None:
    for name in ("b", "C", "a"):
        library.save_search(name, SPEC)
    assert names(library) == ["a", "b", "C"]
    (first, *_) = library.saved_searches()
    with library.store.write() as session:
        kim = Person(name="Kim", role="rep")
        session.add(kim)
        session.flush()
        library.settings.set_fact("person", kim.id)
    library.save_search("a", SPEC)
    assert names(library) == ["a"]
    with pytest.raises(UserError, match="not there"):
        library.remove_saved_search(first.id)


@pytest.mark.parametrize(
    ("name", "spec", "said"),
    [
        (" ", SPEC, "Give the search a name"),
        ("x" * 81, SPEC, "too long"),
        ("x", FindSpec(text="  ", filters=(("stage", ()),)), "nothing to save"),
    ],
)
def test_what_cannot_be_saved_is_explained(
    library: Library, name: str, spec: FindSpec, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        library.save_search(name, spec)
    assert names(library) == []


def test_a_name_taken_meanwhile_is_not_overwritten(library: Library) -> None:
    library.save_search("Other", SPEC)
    saved = library.save_search("One", SPEC)
    replaced = library.save_search("One", FindSpec(text="second"))
    assert isinstance(saved.result, int)
    library.remove_saved_search(saved.result)
    library.save_search("One", FindSpec(text="new"))
    with pytest.raises(UserError, match="another search"):
        undone(library, replaced)
    assert "new" in [search.spec.text for search in library.saved_searches()]


def test_undoing_a_removal_overwrites_nothing_made_since(library: Library) -> None:
    saved = library.save_search("One", SPEC)
    assert isinstance(saved.result, int)
    removed = library.remove_saved_search(saved.result)
    library.save_search("Two", FindSpec(text="two"))
    undone(library, removed)
    assert names(library) == ["One", "Two"]


def test_recent_searches_are_distinct_newest_first(library: Library) -> None:
    filtered = FindSpec(text="price", filters=(("stage", ("evaluate",)),))
    for spec in (FindSpec(text="Price"), FindSpec(text="bank"), FindSpec(text="price"), filtered):
        library.log_search(spec, 4, ())
    found = library.recent_searches()
    assert [(s.spec.text, s.spec.filters, s.total) for s in found] == [
        ("price", filtered.filters, 4), ("price", (), 4), ("bank", (), 4),
    ]  # fmt: skip


def test_a_search_that_grew_letter_by_letter_is_one(library: Library) -> None:
    for text in ("pr", "pric", "price l", "price list"):
        library.log_search(FindSpec(text=text), 1, ())
    assert [s.spec.text for s in library.recent_searches()] == ["price list"]


def test_a_search_just_made_or_forgotten_is_told_by_completion(library: Library) -> None:
    """What completion keeps between two letters is not older than the record."""

    def offered() -> list[str]:
        return [o.label for o in library.complete("pr", 2) if o.kind == "recent"]

    for text in ("price list", "product tour"):
        library.log_search(FindSpec(text=text), 1, ())
        assert offered() == [s.spec.text for s in library.recent_searches()]
    assert len(offered()) == 2
    undone(library, library.forget_searches())
    assert len(offered()) == 2
    library.forget_searches()
    assert offered() == []
    library.set_me("Ben", "rep")
    library.log_search(FindSpec(text="prospect"), 1, ())
    assert offered() == ["prospect"]


def test_a_field_without_its_value_was_no_search(library: Library) -> None:
    for text in ("bank", "price persona:"):
        library.log_search(FindSpec(text=text), 1, ())
    assert [s.spec.text for s in library.recent_searches()] == ["bank"]


def test_nobody_has_no_searches(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    assert library.recent_searches() == library.saved_searches() == ()
    library.close()


def test_forgetting_recent_searches_can_be_undone_and_leaves_the_record(library: Library) -> None:
    library.log_search(FindSpec(text="price"), 0, ())
    library.save_search("Kept", SPEC)
    forgotten = library.forget_searches()
    assert library.recent_searches() == ()
    assert names(library) == ["Kept"]
    assert [row.query for row in library.search_gaps()] == ["price"]
    again = undone(library, forgotten)
    assert [s.spec.text for s in library.recent_searches()] == ["price"]
    undone(library, again)
    assert library.recent_searches() == ()


def test_a_recent_search_has_no_filter_that_its_text_says(library: Library) -> None:
    """They are recorded together; run again, the filter would stand there twice."""
    asked = FindSpec(text="persona:cfo price", filters=(("stage", ("evaluate",)),))
    answer = library.find(asked)
    assert dict(answer.spec.filters) == {"stage": ("evaluate",), "persona": ("finance",)}
    library.log_search(answer.spec, 1, ())
    (found,) = library.recent_searches()
    assert found.spec.filters == asked.filters


def test_saved_searches_are_offered_by_name_and_by_text(library: Library) -> None:
    library.save_search("For the board", SPEC)
    for typed in ("boa", "cfo", ""):
        offer = library.complete(typed, len(typed))[0]
        assert (offer.kind, offer.label, offer.detail) == ("saved", "For the board", "cfo price")
        assert offer.spec is not None
        assert offer.spec.sort == "newest"
    assert not [o for o in library.complete("rice", 4) if o.kind == "saved"]
