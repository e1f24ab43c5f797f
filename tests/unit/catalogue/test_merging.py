"""Decisions about copies: merged, chained, moved, told apart; taken back and done again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.changes import Changes
from app.errors import UserError
from app.library import Library
from app.rows import FindSpec
from app.store.tables import Asset, AssetFile, AssetVersion
from tests.collateral import index, write_pages
from tests.unit.catalogue.test_copies import slides, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "collateral"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def pair(library: Library, folder: Path) -> tuple[int, int]:
    """A deck and a rep's copy of it, indexed: (kept, other)."""
    write(folder / "Overview.md", slides(1), day=30)
    write(folder / "mine.md", [t.replace("$49", "$39") for t in slides(1)], day=1)
    index(library, folder)
    return library.asset_id_of("Overview.md"), library.asset_id_of("mine.md")


def record(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """What a decision may change, without the times and counters that only grow."""
    queries = {
        "asset": sa.select(
            Asset.id, Asset.title, Asset.current_version_id, Asset.superseded_by_id,
            Asset.merged_into_id,
        ),
        "file": sa.select(
            AssetFile.relpath, AssetFile.asset_id, AssetFile.version_id,
            AssetFile.missing_since.is_(None),
        ),
        "version": sa.select(AssetVersion.id, AssetVersion.asset_id, AssetVersion.sha256),
        "tag": sa.text("SELECT asset_id, term_id, state, source FROM asset_tag"),
    }  # fmt: skip
    with library.store.read() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(query)), key=repr)
            for name, query in queries.items()
        }


def back_and_forth(library: Library, changes: Changes, before: object) -> None:
    """Undo, redo, undo: each time exactly what was there."""
    after = record(library)
    for _ in range(2):
        assert changes.inverse is not None
        changes = library.undo(changes.inverse)
        assert record(library) == before
        assert changes.inverse is not None
        changes = library.undo(changes.inverse)
        assert record(library) == after


def tags(library: Library, asset: int) -> set[str]:
    return {f"{tag.facet}={tag.slug}" for tag in library.asset(asset).tags}


def test_a_merge_unites_tags_places_and_history(library, pair, folder) -> None:
    """DUP-3."""
    keep, other = pair
    library.tag([keep], add=[("persona", "finance")])
    library.tag([other], add=[("persona", "finance"), ("stage", "explore")])
    library.record_use("copy", [other])
    changes = library.merge(keep, other)
    assert tags(library, keep) == {"persona=finance", "stage=explore"}
    assert library.asset(keep).locations == ("collateral/Overview.md", "collateral/mine.md")
    assert [(row.asset_id, row.copies) for row in library.use().rows if row.copies] == [(keep, 1)]
    assert library.copies() == ()
    (exact,) = library.exact_copies()
    assert exact.drifted == ("collateral/mine.md",)
    assert changes.touches("assets", "tags", "index")
    assert changes.result == keep
    assert (folder / "mine.md").exists()
    index(library)
    found = library.find(FindSpec("part", exact=True)).hits
    assert {hit.asset_id for hit in found} == {keep}


def test_a_merge_is_taken_back_and_done_again_exactly(library, pair) -> None:
    keep, other = pair
    library.tag([other], add=[("stage", "explore")])
    library.chain(other, keep)
    before = record(library)
    back_and_forth(library, library.merge(keep, other), before)
    (decision, *_) = library.copy_decisions()
    assert (decision.what, decision.first, decision.second) == ("merge", keep, other)


def test_a_merge_of_assets_that_share_content_keeps_both_histories(library, folder) -> None:
    write(folder / "a.md", slides(1))
    write(folder / "b.md", slides(2))
    index(library, folder)
    write(folder / "a.md", slides(2)[:6], day=2)
    write(folder / "b.md", slides(1), day=2)
    index(library)
    before = record(library)
    first, second = library.asset_id_of("a.md"), library.asset_id_of("b.md")
    changes = library.merge(first, second)
    assert len(library.versions(first)) == 3, "one content was in both"
    back_and_forth(library, changes, before)


def test_a_copy_that_was_merged_in_does_not_become_current_by_an_edit(
    library, pair, folder
) -> None:
    keep, other = pair
    library.merge(keep, other)
    current = library.asset(keep).sha
    os.utime(folder / "mine.md")
    index(library)
    assert library.asset(keep).sha == current
    write(folder / "mine.md", [t.replace("$49", "$19") for t in slides(1)], day=40)
    index(library)
    assert library.asset(keep).sha == current
    write(folder / "Overview.md", [t.replace("$49", "$69") for t in slides(1)], day=41)
    index(library)
    assert library.asset(keep).sha != current
    library.unmerge(other)
    assert library.asset(other).locations == ("collateral/mine.md",)
    assert "$19" in " ".join(page.body for page in library.asset(other).pages)
    assert "$69" in " ".join(page.body for page in library.asset(keep).pages)
    index(library)
    assert library.status().index_current


def test_what_people_did_after_a_merge_stays_when_it_is_taken_back(library, pair) -> None:
    keep, other = pair
    library.merge(keep, other)
    library.tag([keep], add=[("stage", "evaluate")])
    library.record_use("copy", [keep])
    library.unmerge(other)
    assert tags(library, keep) == {"stage=evaluate"}
    assert [(row.asset_id, row.copies) for row in library.use().rows if row.copies] == [(keep, 1)]


def test_merges_are_taken_back_in_their_order(library, folder) -> None:
    for name, count in (("a", 8), ("b", 7), ("c", 6)):
        write(folder / f"{name}.md", slides(1)[:count])
    index(library, folder)
    a, b, c = (library.asset_id_of(f"{name}.md") for name in "abc")
    before = record(library)
    library.merge(b, c)
    library.merge(a, b)
    with pytest.raises(UserError, match="Take that back first"):
        library.unmerge(c)
    with pytest.raises(UserError, match=r"merged into .* already"):
        library.merge(a, c)
    library.unmerge(b)
    library.unmerge(c)
    assert record(library) == before


def test_a_chain_supersedes_and_is_taken_back(library, pair) -> None:
    newer, older = pair
    before = record(library)
    changes = library.chain(newer, older)
    assert library.asset(older).superseded_by == newer
    assert library.copies() == ()
    back_and_forth(library, changes, before)
    with pytest.raises(UserError, match="itself an older version"):
        library.chain(older, newer)


def test_not_a_copy_is_remembered_also_after_edits(library, pair, folder) -> None:
    before = record(library)
    changes = library.not_a_copy(*pair)
    assert library.copies() == ()
    write(folder / "mine.md", slides(1)[:7], day=50)
    index(library)
    assert library.copies() == ()
    assert changes.inverse is not None
    library.undo(changes.inverse)
    assert len(library.copies()) == 1
    assert len(before["asset"]) == 2
    assert library.copy_decisions() == ()


def test_moved_and_edited_is_suggested_and_confirmed(library, folder) -> None:
    """FW-14: tags and history stay, the new content is the current version."""
    old = write(folder / "Decks" / "Overview.md", slides(1))
    index(library, folder)
    asset = library.asset_id_of("Overview.md")
    library.tag([asset], add=[("stage", "explore")])
    old.unlink()
    write(folder / "2027" / "Company.md", [t.replace("$49", "$59") for t in slides(1)], day=9)
    index(library)
    (pair,) = library.copies()
    assert (pair.kind, pair.deeds[0], pair.original.asset_id) == ("moved", "accept_move", asset)
    assert "moved and edited?" in pair.sentence
    before = record(library)
    changes = library.accept_move(asset, pair.copy.asset_id)
    shown = library.asset(asset)
    assert shown.locations == ("collateral/2027/Company.md",)
    assert (shown.versions, shown.version, shown.missing) == (2, 2, False)
    assert tags(library, asset) == {"stage=explore"}
    assert "$59" in library.versions(asset)[0].sentence
    back_and_forth(library, changes, before)
    index(library)
    assert library.copies() == ()


def test_a_file_that_is_still_there_has_not_moved(library, pair) -> None:
    with pytest.raises(UserError, match="still where it was"):
        library.accept_move(*pair)


def test_a_folder_that_moved_is_relinked(library, folder) -> None:
    """FW-13: the copies were there before the old folder went, so nothing matched by itself."""
    for place in range(3):
        write(folder / "Old" / "Sub" / f"{place}.md", slides(place))
    index(library, folder)
    ids = [library.asset_id_of(f"Old/Sub/{place}.md") for place in range(3)]
    library.tag(ids, add=[("stage", "explore")])
    for place in range(3):
        # The same name and size, other bytes: a program that rewrote a date inside.
        text = (folder / "Old" / "Sub" / f"{place}.md").read_text("utf-8")
        target = folder / "New" / "Sub" / f"{place}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("Part", "Pert"), "utf-8")
    index(library)
    shutil.rmtree(folder / "Old")
    index(library)
    before = record(library)
    (root,) = library.roots()
    with pytest.raises(UserError, match="holds no file"):
        library.relink(root.id, "Old", "Elsewhere")
    changes = library.relink(root.id, "Old", "New")
    assert changes.result == 3
    assert [library.asset(i).locations for i in ids] == [
        (f"collateral/New/Sub/{place}.md",) for place in range(3)
    ]
    assert all(tags(library, i) == {"stage=explore"} for i in ids)
    back_and_forth(library, changes, before)
    with pytest.raises(UserError, match="Nothing is missing"):
        library.relink(root.id, "New", "Old")


@pytest.mark.parametrize("deed", ["merge", "chain", "not_a_copy"])
def test_an_asset_is_not_its_own_copy(library, pair, deed: str) -> None:
    with pytest.raises(UserError, match="itself"):
        getattr(library, deed)(pair[0], pair[0])


@pytest.mark.parametrize("undo", ["unmerge", "unchain"])
def test_there_is_nothing_to_take_back(library, pair, undo: str) -> None:
    with pytest.raises(UserError, match="not"):
        getattr(library, undo)(pair[0])


def test_an_unread_file_can_be_merged_too(library, folder) -> None:
    write_pages(folder / "a.md", slides(1))
    (folder / "b.pdf").write_bytes(b"%P")
    index(library, folder)
    before = record(library)
    a, b = library.asset_id_of("a.md"), library.asset_id_of("b.pdf")
    back_and_forth(library, library.merge(b, a), before)


def test_the_kept_asset_shows_the_deeds_of_both(tmp_path: Path) -> None:
    """The asset's own page counts as the reports do, and an old number leads to it."""
    from app.library import Library
    from tests.collateral import index, write_pages

    for name in ("one", "two"):
        write_pages(tmp_path / "root" / f"{name}.md", [f"{name}\nabout {name}"])
    library = Library(tmp_path / "library")
    index(library, tmp_path / "root")
    keep, other = library.asset_id_of("one.md"), library.asset_id_of("two.md")
    library.record_use("copy", [keep])
    library.record_use("send", [other])
    before = library.asset(keep).uses_90d + library.asset(other).uses_90d
    library.merge(keep, other)
    detail = library.asset(other)
    assert detail.id == keep
    assert detail.uses_90d == before
    assert {event.kind for event in detail.history} == {"copy", "send"}
    library.close()
