"""What is missing is told by folder and by file, and found again (FW-13): on real files, through
the real indexer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue import merging, relinking
from app.errors import UserError
from app.library import Library
from app.rows import MissingPlace, RelinkPreview
from tests import collateral
from tests.collateral import index, write_pages


@pytest.fixture(scope="module")
def after_a_move(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder and its library after a move: made once, for indexing takes a second."""
    return collateral.after_a_move(tmp_path_factory.mktemp("moved"))


@pytest.fixture
def after(after_a_move: Path, tmp_path: Path) -> Iterator[Library]:
    """A copy of that library; its folder is shared and only read."""
    shutil.copytree(after_a_move / "library", tmp_path / "after")
    opened = Library(tmp_path / "after")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "collateral"


@pytest.fixture
def library(bare: Library) -> Library:
    return bare


def test_what_is_missing_is_told_by_folder_with_where_it_may_be(after) -> None:
    (root,) = [row.id for row in after.roots()]
    found = after.missing(root)
    assert found.folders == (
        MissingPlace("old", 6, "new/old"),
        MissingPlace("old/a", 3, "new/old/a"),
        MissingPlace("old/b", 3, "new/old/b"),
    )
    assert [(one.path, one.proposed) for one in found.files] == [
        ("old/a/1.md", "new/old/a/1.md"), ("old/a/2.md", "new/old/a/2.md"),
        ("old/a/3.md", "new/old/a/3.md"), ("old/b/4.md", "new/old/b/4.md"),
        ("old/b/5.md", None), ("old/b/gone.md", None),
    ]  # fmt: skip
    assert after.roots()[0].missing == 6


def test_a_folder_is_foretold_relinked_and_taken_back(after) -> None:
    (root,) = [row.id for row in after.roots()]
    before = after.missing(root)
    assert after.relink_preview(root, "old", "new") == RelinkPreview(4, 6, "below “new”")
    assert after.relink_preview(root, "old", str(Path(after.roots()[0].path, "new"))).found == 4
    assert after.missing(root) == before, "a preview changes nothing"
    changes = after.relink(root, "old", str(Path(after.roots()[0].path, "new")))
    assert (changes.result, changes.summary) == (4, "4 files found again below “new”.")
    assert [one.path for one in after.missing(root).files] == ["old/b/5.md", "old/b/gone.md"]
    assert after.missing(root).folders == (MissingPlace("old/b", 2, None),)
    after.undo(changes.inverse)
    assert after.missing(root) == before


def test_many_files_are_written_some_at_a_time_and_the_rest_after_a_kill(
    after, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root,) = [row.id for row in after.roots()]
    before = after.missing(root)
    monkeypatch.setattr(relinking, "PART", 1)
    accept, asked = merging.accept_move, []

    def killed(*given):
        asked.append(given)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return accept(*given)

    monkeypatch.setattr(merging, "accept_move", killed)
    with pytest.raises(KeyboardInterrupt):
        after.relink(root, "old", "new")
    assert len(after.missing(root).files) == len(before.files) - 2
    changes = after.relink(root, "old", "new")
    assert (changes.result, len(after.missing(root).files)) == (2, len(before.files) - 4)
    undone = after.undo(changes.inverse)
    assert (undone.result, len(after.missing(root).files)) == (2, len(before.files) - 2)
    with pytest.raises(UserError, match="stays as it is"):
        after.undo(changes.inverse)


def test_a_single_file_is_whatever_file_a_person_says_it_is(after) -> None:
    """Of another size, which no rule finds; tags stay, and undo and redo take it back and forth."""
    (root,) = [row.id for row in after.roots()]
    asset = after.asset_id_of("old/b/5.md")
    after.tag([asset], add=[("stage", "explore")])
    with pytest.raises(UserError, match=r"“old/b/5.md” is not below “new”, neither by content"):
        after.relink_preview(root, "old/b/5.md", "new")
    told = after.relink_preview(root, "old/b/5.md", "new/old/b/5.md")
    assert told == RelinkPreview(1, 1, "as “new/old/b/5.md”")
    changes = after.relink(root, "old/b/5.md", "new/old/b/5.md")
    detail = after.asset(asset)
    assert detail.locations == ("collateral/new/old/b/5.md",)
    assert [tag.slug for tag in detail.tags] == ["explore"]
    back = after.undo(changes.inverse)
    assert "old/b/5.md" in [one.path for one in after.missing(root).files]
    after.undo(back.inverse)
    assert after.asset(asset).locations == ("collateral/new/old/b/5.md",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("old", "/elsewhere", "lies outside of “collateral”"),
        ("old", "../new", "lies outside of “collateral”"),
        ("old", "nowhere", "holds no file at or below “nowhere”"),
        ("old/b", "kept.md", "None of the 3 files missing below “old/b” is below “kept.md”"),
        ("new", "new", "Nothing is missing below “new”"),
    ],
)
def test_a_bad_choice_gets_a_sentence(after, old: str, new: str, said: str) -> None:
    (root,) = [row.id for row in after.roots()]
    for deed in (after.relink_preview, after.relink):
        with pytest.raises(UserError, match=said):
            deed(root, old, new)


def test_what_still_lies_elsewhere_is_not_missing(library, folder) -> None:
    write_pages(folder / "one.md", ["Notes\nabout okapis"])
    shutil.copy(folder / "one.md", folder / "two.md")
    index(library, folder)
    (folder / "one.md").unlink()
    index(library)
    (root,) = library.roots()
    assert root.missing == 0
    assert library.missing(root.id).files == ()


def test_a_folder_at_the_top_is_called_by_the_name_of_the_root(library, folder) -> None:
    for name in ("1", "2"):
        write_pages(folder / f"{name}.md", [f"Sheet {name}\nword of {name}"])
    index(library, folder)
    for name in ("1", "2"):
        text = (folder / f"{name}.md").read_text("utf-8").replace("word", "term")
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{name}.md").write_text(text, "utf-8")
        (folder / f"{name}.md").unlink()
    index(library)
    (root,) = library.roots()
    assert library.missing(root.id).folders == (MissingPlace("", 2, "in"),)
    changes = library.relink(root.id, "", "in")
    assert changes.result == 2
    assert library.undo(changes.inverse).summary == (
        "2 files of “collateral” count as missing again."
    )
