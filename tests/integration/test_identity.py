"""An asset is itself whatever happens to its file: on real files, through the real indexer."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.library import Library
from app.rows import FindSpec
from tests.collateral import index, write_deck, write_pages

SLIDES = [(f"Topic {n}", f"What is said of topic {n} on slide number {n}") for n in range(8)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "collateral"
    write_deck(root / "Decks" / "Pricing.pptx", [("Pricing", "it costs $49 a month"), *SLIDES])
    write_pages(root / "notes.md", ["Notes\nabout okapis"])
    return root


def _only(library: Library, words: str) -> int:
    (hit,) = library.find(FindSpec(words, exact=True)).hits
    return hit.asset_id


def test_a_revert_finds_the_former_version_again(library: Library, folder: Path) -> None:
    deck = folder / "Decks" / "Pricing.pptx"
    asset, before = _only(library, "pricing"), deck.read_bytes()
    write_deck(deck, [("Pricing", "it costs $59 a month"), *SLIDES])
    index(library)
    detail = library.asset(asset)
    assert (detail.version, detail.versions) == (2, 2)
    newest = library.versions(asset)[0]
    assert "$49 became $59" in str(newest)
    deck.write_bytes(before)
    os.utime(deck)
    index(library)
    detail = library.asset(asset)
    assert (detail.version, detail.versions) == (1, 2), "no third version for known content"
    assert _only(library, '"$49"') == asset
    assert library.find(FindSpec('"$59"', exact=True)).total == 0


def test_office_saving_by_temp_and_rename_is_a_new_version_fw9(
    library: Library, folder: Path
) -> None:
    deck = folder / "Decks" / "Pricing.pptx"
    asset = _only(library, "pricing")
    write_deck(deck.with_name("ABCD.tmp.pptx"), [("Pricing", "now $79 a month"), *SLIDES])
    deck.with_name("ABCD.tmp.pptx").rename(deck.with_name("4F2A.tmp"))
    deck.rename(deck.with_name("8E11.tmp"))
    deck.with_name("4F2A.tmp").rename(deck)
    deck.with_name("8E11.tmp").unlink()
    index(library)
    assert _only(library, '"$79"') == asset
    assert library.asset(asset).versions == 2
    assert library.status().assets == 2


def test_a_move_with_an_edit_is_suggested_and_confirmed_by_a_person_fw14(
    library: Library, folder: Path
) -> None:
    asset = _only(library, "pricing")
    library.tag([asset], add=[("persona", "finance")])
    library.record_use("copy", [asset])
    (folder / "Decks" / "Pricing.pptx").unlink()
    write_deck(folder / "2027" / "Price list.pptx", [("Pricing", "it costs $59 a month"), *SLIDES])
    index(library)
    new = _only(library, '"$59"')
    assert new != asset, "nothing is assumed"
    (pair,) = [one for one in library.copies() if one.kind == "moved"]
    assert {pair.original.asset_id, pair.copy.asset_id} == {asset, new}
    library.accept_move(asset, new)
    index(library)
    found = _only(library, '"$59"')
    detail = library.asset(found)
    assert found == asset
    assert [tag.slug for tag in detail.tags] == ["finance"]
    assert [event.kind for event in detail.history] == ["copy"]
    assert (detail.version, detail.versions) == (2, 2)


def test_a_folder_that_moved_and_was_rewritten_is_relinked_fw13(
    library: Library, folder: Path
) -> None:
    """By content where it is the same, else by name and size; one deed, one undo."""
    for number in range(6):
        write_pages(folder / "old" / f"{number}.md", [f"Sheet {number}\nword{number}"])
    index(library)
    before = {hit.title: hit.asset_id for hit in library.find(FindSpec("sheet", exact=True)).hits}
    library.tag(list(before.values()), add=[("stage", "explore")])
    (folder / "new").mkdir()
    for number in range(6):
        source = folder / "old" / f"{number}.md"
        text = source.read_text().replace(f"word{number}", f"term{number}")
        (folder / "new" / f"{number}.md").write_text(text)
    shutil.rmtree(folder / "old")
    index(library)
    changes = library.relink(library.roots()[0].id, "old", "new")
    assert changes.result == 6
    index(library)
    after = {hit.title: hit.asset_id for hit in library.find(FindSpec("sheet", exact=True)).hits}
    assert after == before
    assert all(library.asset(one).tags for one in after.values())
    assert changes.inverse is not None
    library.undo(changes.inverse)
    index(library)
    assert not set(before.values()) & {
        hit.asset_id for hit in library.find(FindSpec("sheet", exact=True)).hits
    }


def test_a_copy_that_is_edited_is_a_new_version_and_the_other_place_is_told(
    library: Library, folder: Path
) -> None:
    """DUP-1, DUP-4: search finds the newest content, and says which place does not hold it."""
    shutil.copy(folder / "notes.md", folder / "Decks" / "notes.md")
    index(library)
    (found,) = library.exact_copies()
    assert set(found.paths) == {"collateral/notes.md", "collateral/Decks/notes.md"}
    asset = _only(library, "okapis")
    write_pages(folder / "notes.md", ["Notes\nabout tapirs"])
    index(library)
    assert _only(library, "tapirs") == asset
    (found,) = library.exact_copies()
    assert found.sentence == ("2 places; 1 of them holds other content than the current version.")
    write_pages(folder / "Decks" / "notes.md", ["Notes\nabout tapirs"])
    index(library)
    (found,) = library.exact_copies()
    assert found.sentence == "2 places, the same content."
    assert library.asset(asset).versions == 2
