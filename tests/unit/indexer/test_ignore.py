"""What is none of the library's business (FW-9)."""

from pathlib import Path

import pytest

from indexer.watch.ignore import IGNORE_FILE, Ignore, is_pattern


@pytest.mark.parametrize(
    "name",
    [
        "~$plan.docx", ".~lock.plan.odt#", "a/b.tmp", "movie.crdownload", "x.partial",
        "._deck.pptx", "Thumbs.db", "thumbs.DB", "desktop.ini", "deep/er/.DS_Store",
    ],
)  # fmt: skip
def test_built_in_files(name: str) -> None:
    assert Ignore().matches(name, is_dir=False)


@pytest.mark.parametrize("name", ["@eaDir", "a/.git", "node_modules", "$RECYCLE.BIN"])
def test_built_in_folders_as_folders_only(name: str) -> None:
    assert Ignore().matches(name, is_dir=True)
    assert not Ignore().matches(name, is_dir=False)


@pytest.mark.parametrize("name", ["tmp.pdf", "git.md", "~plan.docx", "template.potx", "a.tmp.pdf"])
def test_names_that_only_look_alike_stay(name: str) -> None:
    assert not Ignore().matches(name, is_dir=False)


def test_user_patterns_are_added_and_cannot_undo_the_built_in_ones() -> None:
    ignore = Ignore(["/private/", "*.psd", "!keep.psd", "!~$x.docx"])
    assert ignore.matches("private", is_dir=True)
    assert not ignore.matches("a/private", is_dir=True)
    assert ignore.matches("a/b.psd", is_dir=False)
    assert not ignore.matches("a/keep.psd", is_dir=False)
    assert ignore.matches("~$x.docx", is_dir=False)


def test_hides_looks_at_the_folders_above() -> None:
    ignore = Ignore(["old/"])
    assert ignore.hides("a/old/b.pdf")
    assert ignore.hides("a/.git/b.pdf")
    assert not ignore.hides("a/new/b.pdf")


def test_malformed_pattern_of_a_person_is_named() -> None:
    assert not is_pattern("!")
    with pytest.raises(ValueError, match="“!” is not a valid ignore pattern"):
        Ignore(["*.psd", "!"])


def test_malformed_line_in_a_shared_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / IGNORE_FILE).write_bytes(b"!\n*.psd\n# note\n\xff\xfe\n")
    assert Ignore.for_root(tmp_path, ["*.ai"]).matches("x.psd", is_dir=False)
    assert Ignore.for_root(tmp_path, ["*.ai"]).matches("x.ai", is_dir=False)
