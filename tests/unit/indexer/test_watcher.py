"""Hints from watched folders, on a real file system."""

import errno
import queue
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.watch import watcher as module
from indexer.watch.filesystem import judge_type, silent_because, type_of
from indexer.watch.watcher import Watcher

PATIENCE_S = 20.0
Hints = queue.SimpleQueue[tuple[str, str | None]]


@pytest.fixture
def hints() -> Hints:
    return queue.SimpleQueue()


@pytest.fixture
def watcher(hints: Hints) -> Iterator[Watcher]:
    made = Watcher(lambda key, relpath: hints.put((key, relpath)), check_s=3600.0)
    yield made
    made.stop()


def _until(hints: Hints, wanted: Callable[[tuple[str, str | None]], bool]) -> None:
    while not wanted(hints.get(timeout=PATIENCE_S)):
        pass


def test_new_file_gives_a_hint_with_its_path(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    assert watcher.watch("root", tmp_path) == ("live", None)
    (tmp_path / "sub" / "deck.pptx").write_text("x")
    _until(hints, lambda hint: hint == ("root", "sub/deck.pptx"))


def test_office_saving_by_rename_hints_at_the_destination_fw9(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    (tmp_path / "deck.pptx").write_text("old")
    watcher.watch("root", tmp_path)
    (tmp_path / "ABCD.tmp").write_text("new")
    (tmp_path / "ABCD.tmp").replace(tmp_path / "deck.pptx")
    assert hints.get(timeout=PATIENCE_S) == ("root", "deck.pptx")


def test_folder_that_arrives_hints_at_everything_fw10(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    watcher.watch("root", root)
    (tmp_path / "new" / "deep").mkdir(parents=True)
    (tmp_path / "new" / "deep" / "a.pdf").write_text("x")
    (tmp_path / "new").rename(root / "new")
    _until(hints, lambda hint: hint == ("root", None))


def test_unwatched_root_is_silent(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        watcher.watch(name, tmp_path / name)
    watcher.unwatch("one")
    watcher.unwatch("never watched")
    (tmp_path / "one" / "a.pdf").write_text("x")
    (tmp_path / "two" / "b.pdf").write_text("x")
    assert hints.get(timeout=PATIENCE_S) == ("two", "b.pdf")


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "max_user_watches"), (errno.EMFILE, "max_user_instances")],
)
def test_no_watches_left_means_polling_and_the_way_out_fw4(
    watcher: Watcher,
    hints: Hints,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    words: str,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "limit reached")

    monkeypatch.setattr(Watcher, "_schedule", refuse)
    mode, reason = watcher.watch("root", tmp_path)
    assert mode == "polling"
    assert reason is not None
    assert f"sysctl fs.inotify.{words}=" in reason
    assert hints.empty()
    watcher.check(now=1e12)
    assert hints.get_nowait() == ("root", None)


def test_network_folder_is_polled_fw2(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "silent_because", lambda _: "a network folder (NFS)")
    mode, reason = watcher.watch("root", tmp_path)
    assert (mode, reason) == (
        "polling",
        "This is a network folder (NFS), and the system does not report changes there.",
    )


def test_root_that_was_gone_is_watched_again_fw6(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    root = tmp_path / "share"
    root.mkdir()
    watcher.watch("root", root)
    root.rename(tmp_path / "away")
    watcher.check()
    _until(hints, lambda hint: hint == ("root", None))
    root.mkdir()
    watcher.check()
    _until(hints, lambda hint: hint == ("root", None))
    (root / "a.pdf").write_text("x")
    _until(hints, lambda hint: hint == ("root", "a.pdf"))


def test_root_that_was_not_there_from_the_start_is_watched_when_it_comes_fw6(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    root = tmp_path / "share"
    assert watcher.watch("root", root).mode == "polling"
    root.mkdir()
    watcher.check()
    _until(hints, lambda hint: hint == ("root", None))
    assert watcher.how("root") == ("live", None)
    (root / "a.pdf").write_text("x")
    _until(hints, lambda hint: hint == ("root", "a.pdf"))
    watcher.unwatch("root")
    assert watcher.how("root") is None


def test_burst_becomes_one_hint_for_everything_fw5(
    watcher: Watcher, hints: Hints, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BURST", 3)
    watcher.watch("root", tmp_path)
    for number in range(50):
        (tmp_path / f"{number}.pdf").write_text("x")
    single = [hints.get(timeout=PATIENCE_S) for _ in range(1)]
    assert single[0][1] is not None
    known = watcher._roots["root"]
    while known.burst_count <= 3:
        pass
    watcher.check(now=known.burst_since + 60.0)
    _until(hints, lambda hint: hint == ("root", None))


@pytest.mark.expect_log
def test_a_receiver_that_fails_does_not_end_the_watching(tmp_path: Path) -> None:
    heard: Hints = queue.SimpleQueue()

    def receive(key: str, relpath: str | None) -> None:
        heard.put((key, relpath))
        raise RuntimeError("receiver")

    made = Watcher(receive, check_s=3600.0)
    try:
        made.watch("root", tmp_path)
        (tmp_path / "a.pdf").write_text("x")
        _until(heard, lambda hint: hint[1] == "a.pdf")
        (tmp_path / "b.pdf").write_text("x")
        _until(heard, lambda hint: hint[1] == "b.pdf")
    finally:
        made.stop()


def test_type_of_file_system_is_that_of_the_deepest_mount() -> None:
    mounts = (
        b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        b"30 22 0:40 / /mnt/team\\040share rw,relatime shared:1 - cifs //server/share rw\n"
        b"31 22 0:41 / /mnt/team\\040share/sub rw - fuse.sshfs host: rw\n"
    )
    assert type_of("/home/ada", mounts) == "ext4"
    assert type_of("/mnt/team share/decks", mounts) == "cifs"
    assert type_of("/mnt/team shares", mounts) == "ext4"
    assert type_of("/mnt/team share/sub", mounts) == "fuse.sshfs"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.rclone", "fuse", "9p"])
def test_silent_file_systems(kind: str) -> None:
    assert judge_type(kind) is not None


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "fuseblk", "overlay", ""])
def test_file_systems_that_report(kind: str) -> None:
    assert judge_type(kind) is None


def test_a_temporary_folder_reports(tmp_path: Path) -> None:
    assert silent_because(tmp_path) is None
