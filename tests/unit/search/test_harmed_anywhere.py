"""Any harm to any file of the index: the truth or a sentence, never something else, then repair."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.search.query import And, Everything, Not, Phrase, Word
from indexer.search.reader import IndexMissing, Searcher
from indexer.search.writer import IndexWriter
from tests.unit.search.made import asset

ASKED = (
    Everything(),
    Word("word"),
    Word("n1", prefix=True),
    Phrase(("red", "blue")),
    And((Word("word"), Not(Word("n3")))),
)
DOCS = tuple(asset(i, f"word n{i} red blue", f"page two n{i * 7}") for i in range(1, 30))
Answers = list[list[tuple[int, int, float]]]


def _build(folder: Path) -> None:
    with IndexWriter(folder) as writer:
        for change in range(1, 5):
            writer.apply(DOCS[(change - 1) * 7 : change * 8], (), change)
        writer.apply([asset(2, "changed once")], [5], 5)


def _answers(folder: Path) -> Answers:
    searcher = Searcher.open(folder)
    try:
        out = []
        for node in ASKED:
            m = searcher.search(node)
            rows = zip(m.asset_ids.tolist(), m.page_nos.tolist(), m.scores.tolist(), strict=True)
            out.append(sorted(rows))
        return out
    finally:
        searcher.close()


def _truncate(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))


def _blank(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at : at + 512] = bytes(len(data[at : at + 512]))
    path.write_bytes(bytes(data))


def _grow(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.randbytes(chance.randint(1, 64)))


def _confuse(path: Path, chance: random.Random) -> None:
    others = sorted(p for p in path.parent.iterdir() if p.is_file() and p != path)
    path.write_bytes(chance.choice(others).read_bytes() if others else b"")


def _lose(path: Path, chance: random.Random) -> None:
    path.unlink()


HARMS = (_truncate, _flip, _flip, _blank, _grow, _confuse, _lose)


@pytest.mark.storm
def test_harm_anywhere_gives_the_truth_or_a_sentence(
    tmp_path: Path, storm_dose: Callable[[int, int], int]
) -> None:
    """IX-1, IX-3."""
    _build(tmp_path / "sound")
    truth = _answers(tmp_path / "sound")
    chance = random.Random(21)
    folder = tmp_path / "index"
    noticed = 0
    for _ in range(storm_dose(25, 1_000)):
        shutil.copytree(tmp_path / "sound", folder)
        folder.chmod(0o700)
        files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size]
        harm, victim = chance.choice(HARMS), chance.choice(files)
        harm(victim, chance)
        said = f"{harm.__name__} {victim.name}"
        sentence = ""
        try:
            assert _answers(folder) == truth, said
        except IndexMissing as missing:
            sentence = str(missing)
            noticed += 1
        assert sentence == "" or sentence.endswith("."), said
        with IndexWriter(folder) as writer:
            if writer.rebuilding or not writer.applied:
                writer.apply(DOCS, (), 9)
                writer.switch()
                rebuilt = True
            else:
                rebuilt = False
        if rebuilt:
            assert len(_answers(folder)[0]) == 2 * len(DOCS), said
        else:
            assert _answers(folder) == truth, said
        shutil.rmtree(folder)
    assert noticed
