"""SC-5: the cache of pictures has a size, and what was used longest ago leaves it first."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from indexer.picture_cache import (
    SCRATCH,
    converted_file,
    memo_file,
    note_use,
    sweep,
    write_whole,
)
from indexer.render_worker import Keeper

SHA = "cd" * 32
NOW = 1_900_000_000.0


def fill(cache: Path, count: int, size: int = 1_000) -> list[Path]:
    """Files of which the first was used longest ago."""
    made = []
    for number in range(count):
        file = cache / f"{number % 4:02x}" / f"{number:064x}-1-320.jpg"
        write_whole(file, b"x" * size)
        os.utime(file, (NOW + number, NOW))
        made.append(file)
    return made


def test_nothing_leaves_a_cache_that_fits(tmp_path: Path) -> None:
    files = fill(tmp_path, 10)
    assert sweep(tmp_path, 10_000).files == 0
    assert all(file.exists() for file in files)
    assert sweep(tmp_path / "none", 1).before == 0


def test_what_was_used_longest_ago_leaves_first(tmp_path: Path) -> None:
    files = fill(tmp_path, 20)
    os.utime(files[0], (NOW + 99, NOW))
    swept = sweep(tmp_path, 10_000)
    assert (swept.before, swept.after, swept.files) == (20_000, 9_000, 11)
    assert [file.exists() for file in files] == [True] + [False] * 11 + [True] * 8


def test_conversions_under_way_are_left_alone_and_old_halves_are_not(tmp_path: Path) -> None:
    work = tmp_path / f"{SCRATCH}77" / "work" / "in.pptx"
    work.parent.mkdir(parents=True)
    work.write_bytes(b"x" * 5_000)
    folder = tmp_path / "ab"
    folder.mkdir()
    old, new = folder / ".one.part", folder / ".two.part"
    for part in (old, new):
        part.write_bytes(b"half")
    long_ago = time.time() - 7_200
    os.utime(old, (long_ago, long_ago))
    sweep(tmp_path, 1_000)
    assert (work.exists(), old.exists(), new.exists()) == (True, False, True)


def test_use_is_noted_without_changing_the_file(tmp_path: Path) -> None:
    (file,) = fill(tmp_path, 1)
    os.utime(file, (1_000, 1_000))
    note_use(file)
    facts = file.stat()
    assert facts.st_atime > 1_000_000_000
    assert facts.st_mtime == 1_000
    note_use(tmp_path / "gone")


def test_what_belongs_to_a_file_lies_with_it(tmp_path: Path) -> None:
    assert converted_file(tmp_path, SHA.upper()) == tmp_path / "cd" / f"{SHA}.pdf"
    assert memo_file(tmp_path, SHA) == tmp_path / "cd" / f"{SHA}.json"
    with pytest.raises(ValueError, match="no content hash"):
        converted_file(tmp_path, "../x")


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    file = tmp_path / "ab" / "x.jpg"
    write_whole(file, b"old")
    with pytest.raises(TypeError):
        write_whole(file, "no bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_the_keeper_looks_at_once_and_after_enough_was_written(tmp_path: Path) -> None:
    keeper = Keeper()
    files = fill(tmp_path, 20)
    keeper.keep(tmp_path, 10_000)
    keeper.turn()
    assert sum(file.exists() for file in files) == 9
    fill(tmp_path, 20)
    keeper.wrote(499)
    assert not keeper.is_due
    keeper.wrote(2)
    assert keeper.is_due
    keeper.turn()
    assert sum(file.exists() for file in files) == 9
