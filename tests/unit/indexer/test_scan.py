"""The walk over a root: what it yields, what it leaves out, what it says of the rest."""

import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.scan import (
    LINKED,
    NO_FILE,
    RootUnreachable,
    Scan,
    display_path,
    is_online_only,
    real_path,
    scan,
)
from indexer.watch.ignore import Ignore

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def _make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def _names(root: Path, ignore: Ignore | None = None) -> list[str]:
    return [found.relpath for found in scan(root, ignore)]


def test_yields_files_of_all_folders_with_size_and_time(tmp_path: Path) -> None:
    _make(tmp_path, "b.txt", "a/z.txt", "a/b/deep #1 & [x].txt")
    found = list(scan(tmp_path))
    assert [f.relpath for f in found] == ["b.txt", "a/z.txt", "a/b/deep #1 & [x].txt"]
    status = (tmp_path / "b.txt").stat()
    assert (found[0].size, found[0].mtime_ns) == (5, status.st_mtime_ns)
    assert found[0].file_key == f"{status.st_dev:x}:{status.st_ino:x}"
    assert (found[0].raw, found[0].problem) == (None, None)


def test_leaves_out_what_programs_leave_behind_fw9(tmp_path: Path) -> None:
    _make(tmp_path, "deck.pptx", "~$deck.pptx", "x.tmp", ".git/config", "node_modules/a.md")
    _make(tmp_path, ".~lock.deck.odp#", "THUMBS.DB", "a/._deck.pptx", "new.crdownload")
    assert _names(tmp_path) == ["deck.pptx"]


def test_root_has_an_ignore_file_of_its_own(tmp_path: Path) -> None:
    _make(tmp_path, "old/a.pdf", "new/a.pdf", "draft-1.pdf")
    (tmp_path / ".deckhandignore").write_text("old/\ndraft-*\n")
    assert _names(tmp_path) == ["new/a.pdf"]


@posix
def test_follows_no_folder_links_and_tells_of_what_is_no_file(tmp_path: Path) -> None:
    _make(tmp_path, "a/file.txt")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a" / "file.txt")
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        found = {one.relpath: one.problem for one in scan(tmp_path)}
    assert found == {
        "fifo": NO_FILE, "socket": NO_FILE, "link.txt": None, "a/file.txt": None, "a/loop": LINKED,
    }  # fmt: skip


@posix
def test_link_to_file_has_a_key_of_its_own_and_the_size_of_its_target(tmp_path: Path) -> None:
    _make(tmp_path, "long name.txt")
    (tmp_path / "link.txt").symlink_to("long name.txt")
    link, target = scan(tmp_path)
    assert link.size == target.size
    assert link.file_key != target.file_key


@posix
def test_broken_link_is_reported_and_does_not_end_the_scan(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").symlink_to(tmp_path / "gone.pdf")
    _make(tmp_path, "b.txt")
    broken, fine = scan(tmp_path)
    assert broken.problem is not None
    assert "target" in broken.problem
    assert fine.problem is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names of arbitrary bytes")
def test_names_that_are_not_utf8_stay_apart_and_can_be_opened_nm1(tmp_path: Path) -> None:
    for raw in (b"caf\xe9.pdf", b"caf\xe8.pdf", b"dir\xff/x.pdf"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
    found = list(scan(tmp_path))
    assert len({f.relpath for f in found}) == 3
    for one in found:
        one.relpath.encode("utf-8")
        assert "\ufffd" in one.relpath
        assert one.relpath.endswith(".pdf")
        assert one.raw is not None
        assert real_path(tmp_path, one.relpath, one.raw).read_bytes() == one.raw


def test_strange_names_are_kept_exactly_nm2(tmp_path: Path) -> None:
    names = ["⚓ emoji.md", "שלום.md", "a%20b#c.md", "x" * 240 + ".md"]
    if sys.platform != "win32":
        names += ["trailing .md ", "new\nline.md", "CON.md"]
    _make(tmp_path, *names)
    assert sorted(_names(tmp_path)) == sorted(names)
    assert all(display_path(name) == name for name in names)


def test_unreadable_folder_is_unknown_not_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path, "locked/a.pdf", "open/b.pdf")
    real = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)

    walk = scan(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        assert [f.relpath for f in walk] == ["open/b.pdf"]
    assert [p.relpath for p in walk.problems] == ["locked"]
    assert "permission denied" in walk.problems[0].problem


def test_file_without_permission_has_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path, "a.pdf")
    monkeypatch.setattr(os, "access", lambda *_: False)
    (found,) = scan(tmp_path)
    assert found.problem is not None
    assert "permission" in found.problem


@pytest.mark.parametrize(
    ("status", "away"),
    [
        (SimpleNamespace(st_file_attributes=0x20), False),
        (SimpleNamespace(st_file_attributes=0x1000), True),
        (SimpleNamespace(st_file_attributes=0x40020), True),
        (SimpleNamespace(st_file_attributes=0x400000), True),
        (SimpleNamespace(st_flags=0x40000000), True),
        (SimpleNamespace(st_flags=0x40), False),
        (SimpleNamespace(st_blocks=0, st_size=9), False),
    ],
)
def test_placeholders_of_clouds_are_told_by_windows_and_macos_fw16(
    status: SimpleNamespace, *, away: bool
) -> None:
    assert is_online_only(status) is away


def test_missing_root_is_unreachable_not_empty_fw7(tmp_path: Path) -> None:
    with pytest.raises(RootUnreachable, match="cannot be reached"):
        list(scan(tmp_path / "gone"))


def test_a_file_is_no_root(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RootUnreachable, match="not a folder"):
        list(scan(tmp_path / "file"))


def test_root_replaced_during_the_scan_is_unreachable_fw7(tmp_path: Path) -> None:
    root = tmp_path / "share"
    _make(root, "a.txt", "b.txt")
    walk = scan(root)
    assert isinstance(walk, Scan)
    next(walk)
    root.rename(tmp_path / "unmounted")
    root.mkdir()
    with pytest.raises(RootUnreachable, match="replaced"):
        list(walk)


def test_a_file_that_vanishes_between_listing_and_looking_ends_nothing(tmp_path: Path) -> None:
    _make(tmp_path, "a.txt", "b.txt", "c.txt")
    walk = scan(tmp_path)
    assert next(walk).relpath == "a.txt"
    (tmp_path / "b.txt").unlink()
    rest = list(walk)
    assert rest[-1].relpath == "c.txt"
    assert all(f.problem for f in rest[:-1])
