"""What a reading child reads before anybody has asked it to."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from indexer import reading
from indexer.extract import Extracted, extract_within_memory
from indexer.inhand import Note, left_in
from indexer.limits import Limits
from tests.unit.indexer import made


class _Child:
    """The parts of a child, in this process and without its limits."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.ahead = reading.Ahead(Limits(), self._read)

    def _read(self, path: Path) -> Extracted:
        self.read.append(path.name)
        return extract_within_memory(path)

    def take(self, paths: list[Path]) -> None:
        self.ahead.take(paths, Note(""))

    def asked(self, path: Path) -> dict[str, object]:
        into, out = os.pipe()
        answer = reading._Answer(out, stepwise=False)
        reading._serve(path, answer, Limits(), self.ahead.kept, self._read)
        os.close(out)
        with os.fdopen(into, "rb") as stream:
            said: dict[str, object] = json.loads(stream.read())
        return said


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> _Child:
    monkeypatch.setattr(reading, "limit_cpu", lambda _seconds: None)
    monkeypatch.setattr(reading, "_is_asked", lambda: False)
    return _Child()


def _text(folder: Path, name: str = "talk.md", words: str = "ask about churn") -> Path:
    path = folder / name
    path.write_text(f"# Talk track\n\n{words}\n")
    return path


def test_what_was_read_ahead_is_not_read_again_and_says_the_same(
    child: _Child, tmp_path: Path
) -> None:
    path = _text(tmp_path)
    plainly = child.asked(path)
    child.take([path])
    assert child.asked(path) == plainly
    assert child.read == ["talk.md"] * 2
    assert child.asked(path) == plainly, "it is kept for one answer"
    assert child.read == ["talk.md"] * 3


def test_a_file_that_has_changed_since_is_read_anew(child: _Child, tmp_path: Path) -> None:
    path = _text(tmp_path)
    child.take([path])
    _text(tmp_path, words="ask about price")
    assert "ask about price" in str(child.asked(path))
    assert child.read == ["talk.md"] * 2


def test_only_small_plain_text_is_read_ahead(child: _Child, tmp_path: Path) -> None:
    """Whatever else has to be read is read under the eyes of the pool."""
    large = _text(tmp_path, "large.md", "words " * 20_000)
    pdf = made.pdf(tmp_path / "deck.md")
    folder = tmp_path / "folder.md"
    folder.mkdir()
    child.take([large, pdf, folder, tmp_path / "gone.md", _text(tmp_path, "last.md")])
    assert child.read == ["last.md"]


def test_reading_ahead_ends_with_the_first_order(
    child: _Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [_text(tmp_path, f"{number}.md") for number in range(5)]
    monkeypatch.setattr(reading, "_is_asked", lambda: len(child.read) >= 2)
    child.take(paths)
    assert child.read == ["0.md", "1.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_is_not_opened_ahead(child: _Child, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.md"
    os.mkfifo(fifo)
    taking = threading.Thread(target=child.take, args=([fifo],), daemon=True)
    taking.start()
    taking.join(30.0)
    assert not taking.is_alive()


def test_what_is_opened_ahead_is_noted_first_ix12(
    child: _Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, note = _text(tmp_path), tmp_path / "note"
    seen: list[str] = []
    monkeypatch.setattr(child.ahead, "_keep", lambda _: seen.append(left_in(note)))
    child.ahead.take([path], Note(str(note)))
    assert seen == [str(path)]
    assert left_in(note) == ""
