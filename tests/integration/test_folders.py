"""Folders on this machine: where they are, what of them is left out, what the index holds."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from app.cli.main import main
from app.errors import UserError
from app.library import Library
from app.rows import FindSpec, LeavingOut
from indexer.watch.filesystem import folds_case
from tests.collateral import index, write_pages, write_pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    for name in ("okapi.md", "drafts/tapir.md", "old/lynx.md"):
        write_pages(root / name, [f"{name}\nabout {Path(name).stem}s"])
    return root


def _paths(library: Library) -> set[str]:
    return {hit.path for hit in library.find(FindSpec("about", exact=True)).hits}


def _root(library: Library) -> int:
    return library.roots()[0].id


# ---- where a folder is ---------------------------------------------------------------------


def test_a_folder_that_moved_is_located_and_keeps_everything_fw17(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    (hit, *_) = library.find(FindSpec("okapi", exact=True)).hits
    library.tag([hit.asset_id], add=[("persona", "finance")])
    folder.rename(tmp_path / "elsewhere")
    assert len(index(library).offline) == 1
    changes = library.locate_root(_root(library), str(tmp_path / "elsewhere"))
    summary = index(library)
    assert (summary.offline, summary.assets, summary.read) == ([], 3, 0)
    (again,) = library.find(FindSpec("okapi", exact=True)).hits
    assert again.asset_id == hit.asset_id
    assert Path(again.file_path).is_file()
    assert changes.inverse is not None
    undone = library.undo(changes.inverse)
    assert library.roots()[0].path == str(folder)
    assert undone.inverse is not None
    library.undo(undone.inverse)
    assert library.roots()[0].path == str(tmp_path / "elsewhere")


def test_of_two_folders_that_lay_in_one_place_the_last_comes_back(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    first = _root(library)
    library.remove_root(first)
    folder.rename(tmp_path / "first")
    write_pages(tmp_path / "second" / "tapir.md", ["Tapir"])
    index(library, tmp_path / "second")
    second = _root(library)
    (tmp_path / "second").rename(folder)
    library.locate_root(second, str(folder))
    library.remove_root(second)
    library.add_root(str(folder))
    assert _root(library) == second


def test_a_folder_with_other_files_is_not_taken_for_it(library: Library, tmp_path: Path) -> None:
    write_pages(tmp_path / "other" / "new.md", ["New"])
    with pytest.raises(UserError, match=r"None of the files of team is in .*other"):
        library.locate_root(_root(library), str(tmp_path / "other"))
    with pytest.raises(UserError, match="There is no folder"):
        library.locate_root(_root(library), str(tmp_path / "nowhere"))


def test_a_folder_is_not_located_inside_another(library: Library, folder: Path, tmp_path) -> None:
    second = write_pages(tmp_path / "second" / "okapi.md", ["Okapi"]).parent
    index(library, second)
    with pytest.raises(UserError, match="already part of the library"):
        library.locate_root(_root(library), str(second))


# ---- what is left out ----------------------------------------------------------------------


def test_patterns_for_one_folder_and_for_all_are_added_to_the_built_in_ones_fw9(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    write_pages(tmp_path / "second" / "drafts" / "puma.md", ["Puma\nabout pumas"])
    (folder / "~$okapi.md").write_text("about locks")
    index(library, tmp_path / "second")
    assert library.would_leave_out(None, ["drafts/"]) == LeavingOut(2, 0)
    patterns = ["drafts/", "!drafts/tapir.md"]
    assert library.would_leave_out(_root(library), patterns) == LeavingOut(1, 0)
    library.set_left_out(_root(library), ["/old", "# a note"])
    index(library)
    assert _paths(library) == {"okapi.md", "drafts/tapir.md", "drafts/puma.md"}
    everywhere = library.set_left_out(None, ["drafts/"])
    index(library)
    assert _paths(library) == {"okapi.md"}
    assert library.would_leave_out(None, []) == LeavingOut(0, 2)
    (folder / "drafts" / "tapir.md").unlink()
    assert library.would_leave_out(None, []) == LeavingOut(0, 1), "what is gone stays gone"
    write_pages(folder / "drafts" / "tapir.md", ["Tapir\nabout tapirs"])
    told = {row.name: row.patterns for row in library.left_out()}
    assert told == {"All folders": ("drafts/",), "team": ("/old", "# a note"), "second": ()}
    assert everywhere.inverse is not None
    library.undo(everywhere.inverse)
    index(library)
    assert _paths(library) == {"okapi.md", "drafts/tapir.md", "drafts/puma.md"}


def test_a_line_that_is_no_pattern_is_refused_by_name(library: Library) -> None:
    for ask in (library.set_left_out, library.would_leave_out):
        with pytest.raises(UserError, match="“!” is not a valid ignore pattern"):
            ask(None, ["*.psd", "!"])
    assert library.left_out()[0].patterns == ()


def test_leaving_out_most_of_a_folder_is_no_loss_that_needs_a_word_fw7(
    library: Library, folder: Path
) -> None:
    """By patterns in the window or in the folder's own file."""
    for number in range(40):
        write_pages(folder / "many" / f"{number}.md", [f"Number {number}"])
    index(library)
    (folder / ".deckhandignore").write_text("many/\n")
    summary = index(library)
    assert (summary.offline, summary.assets) == ([], 3)
    (folder / ".deckhandignore").unlink()
    assert index(library).assets == 43
    library.set_left_out(_root(library), ["many/"])
    summary = index(library)
    assert (summary.offline, summary.assets) == ([], 3)


# ---- names -----------------------------------------------------------------------------------


def test_a_renamed_case_keeps_the_asset_fw15(library: Library, folder: Path) -> None:
    (before,) = library.find(FindSpec("okapi", exact=True)).hits
    (folder / "okapi.md").rename(folder / "Okapi.MD")
    assert index(library).read == 0
    (after,) = library.find(FindSpec("okapi", exact=True)).hits
    assert (after.asset_id, after.path) == (before.asset_id, "Okapi.MD")


def test_whether_names_fold_is_asked_of_the_folder_itself_fw15(tmp_path: Path, monkeypatch) -> None:
    """Here they do not; a disk that folds is made up by answering for the other name."""
    (tmp_path / "Deck.md").touch()
    (tmp_path / "123").touch()
    assert not folds_case(tmp_path, ["123", "Deck.md"])
    assert not folds_case(tmp_path, [])
    lstat = Path.lstat

    def folding(path: Path) -> os.stat_result:
        return lstat(path.with_name(path.name.replace("dECK.MD", "Deck.md")))

    monkeypatch.setattr(Path, "lstat", folding)
    assert folds_case(tmp_path, ["123", "Deck.md"])


def test_many_files_moved_on_a_disk_without_lasting_ids_are_no_loss_fw11(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    """As on some network drives: other ids, the same size and time, the same content."""
    for number in range(60):
        write_pages(folder / "many" / f"{number}.md", [f"Number {number}\nword{number}"])
    index(library)
    before = {hit.title: hit.asset_id for hit in library.find(FindSpec("number", limit=99)).hits}
    shutil.copytree(folder / "many", tmp_path / "copy")
    shutil.rmtree(folder / "many")
    shutil.copytree(tmp_path / "copy", folder / "moved")
    summary = index(library)
    assert (summary.offline, summary.missing, summary.assets) == ([], 0, 63)
    after = {hit.title: hit.asset_id for hit in library.find(FindSpec("number", limit=99)).hits}
    assert after == before


# ---- what the index holds --------------------------------------------------------------------


def test_health_counts_record_against_index(library: Library, folder: Path) -> None:
    write_pdf(folder / "two.pdf", ["One", "Two"])
    (folder / "empty.pdf").touch()
    index(library)
    health = library.health()
    assert health.entries == health.indexed == 6
    assert health.behind == 0
    assert min(health.record_bytes, health.index_bytes) > 1_000
    assert health.scanned_at is not None
    checks = {check.name: check.detail for check in library.doctor()}
    assert checks["Search index"] == "holds every change, 6 entries"
    library.close()
    shutil.rmtree(library.paths.index)
    lost = library.health()
    assert (lost.indexed, lost.index_bytes) == (0, 0)
    assert lost.behind > 0


# ---- the same on the command line --------------------------------------------------------------


def test_the_command_line_locates_and_leaves_out(
    library: Library, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--library", str(library.folder)]
    folder.rename(tmp_path / "elsewhere")
    assert main([*place, "roots", "--locate", "team", str(tmp_path / "elsewhere")]) == 0
    assert library.roots()[0].path == str(tmp_path / "elsewhere")
    assert main([*place, "ignore", "--folder", "team", "--add", "old/", "--add", "*.psd"]) == 0
    assert main([*place, "ignore", "--add", "drafts/", "--json"]) == 0
    capsys.readouterr()
    assert main([*place, "ignore", "--folder", "1", "--remove", "*.psd", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == [{"root": 1, "name": "team", "patterns": ["old/"]}]
    assert main([*place, "index"]) == 0
    assert _paths(library) == {"okapi.md"}
    assert main([*place, "ignore"]) == 0
    assert "drafts/" in capsys.readouterr().out
    for wrong in (["--folder", "none"], ["--remove", "*.none"], ["--add", "!"]):
        assert main([*place, "ignore", *wrong]) == 1
    assert main([*place, "roots", "--locate", "none", str(tmp_path)]) == 1
