"""The settings file under bad luck: damage, foreign shapes, full disks, two writers."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path

import pytest

import app.settings as module
from app.errors import EnvironmentProblem
from app.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "library" / "settings.json"


@pytest.mark.expect_log
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"', "\x00\x01"])
def test_a_damaged_file_is_set_aside_and_never_written_over(file: Path, text: str) -> None:
    """It names the folders and the person: whoever mends it by hand needs it."""
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    settings = Settings(file)
    assert settings.damaged
    assert settings.get("unused.window_days") == 90
    settings.set_fact("person", "p")
    assert file.with_suffix(".damaged.json").read_text("utf-8") == text
    assert json.loads(file.read_text("utf-8")) == {"facts": {"person": "p"}}
    assert not settings.damaged


@pytest.mark.parametrize(
    "data",
    [
        {"settings": [], "facts": []},
        {"settings": "x", "facts": 7},
        {"settings": {"unused.window_days": "x"}, "facts": {"roots": 5}},
        {"settings": {"unused.window_days": None}, "facts": {"roots": ["a"]}},
    ],
)
def test_a_foreign_shape_counts_as_nothing_said(file: Path, data: object) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps(data), "utf-8")
    settings = Settings(file)
    assert settings.get("unused.window_days") == 90
    assert settings.fact("roots", {}) == {}
    settings.set("unused.window_days", 30)
    settings.set_fact("roots", {"a": "/b"})
    assert Settings(file).fact("roots", {}) == {"a": "/b"}
    assert Settings(file).get("unused.window_days") == 30


def test_a_disk_that_refuses_is_a_sentence_and_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(file)
    settings.set_fact("person", "p")

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", refuse)
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        settings.set_fact("person", "q")
    assert Settings(file).fact("person") == "p"
    left = {path.name for path in file.parent.iterdir()}
    assert left <= {"settings.json", "settings.lock"}


def test_writers_do_not_undo_each_other(file: Path) -> None:
    """The window keeps a setting while the command line adds a folder."""

    def write(who: int) -> None:
        settings = Settings(file)
        for number in range(20):
            settings.set_fact(f"{who}-{number}", number)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(json.loads(file.read_text("utf-8"))["facts"]) == 80


def test_several_values_are_those_that_each_has_for_itself(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("rank.few", 3)
    keys = ("rank.few", "rank.row_weight", "rank.fresh_days")
    assert settings.several(*keys) == tuple(settings.get(key) for key in keys)
    assert settings.numbers(*keys) == tuple(settings.number(key) for key in keys)
    Settings(tmp_path / "settings.json").set("rank.few", 5)
    assert settings.numbers("rank.few") == (5.0,)
