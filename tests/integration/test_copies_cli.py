"""Copies and the radar from outside: the command line, the sample, and the indexing child."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from app.indexing import Indexing
from app.library import Library
from app.sample.build import build_collateral
from tests.unit.catalogue.test_copies import slides, write

CHECKOUT = Path(__file__).resolve().parents[2]


class Shell:
    """The command line on one library."""

    def __init__(self, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.library = library
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = main([*words, "--library", str(self.library)])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def answer(self, *words: str) -> Any:
        code, out, err = self.run(*words, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def shell(tmp_path: Path, capsys) -> Shell:
    """A library with a deck, a rep's copy of it, and an unlike one."""
    folder = tmp_path / "collateral"
    write(folder / "Overview.md", slides(1), day=30)
    write(folder / "mine.md", [text.replace("$49", "$39") for text in slides(1)], day=1)
    write(folder / "other.md", slides(2))
    made = Shell(tmp_path / "library", capsys)
    assert made.run("index", str(folder))[0] == 0
    return made


@pytest.mark.timeout(300)
def test_the_copies_of_the_sample(tmp_path: Path) -> None:
    """An outdated deck, a near copy with one changed price, and an exact copy."""
    folder = tmp_path / "collateral"
    build_collateral(folder, now=datetime.now(UTC))
    library = Library(tmp_path / "library")
    library.add_root(str(folder))
    with Indexing(library.store, lambda _event: None) as indexing:
        indexing.bring_up_to_date()
    near = [pair for pair in library.copies() if pair.kind == "near"]
    names = [{Path(p.copy.path).name, Path(p.original.path).name} for p in near]
    assert names == [{"Overview deck v4.pptx", "Overview deck v4 - ACME (final) copy.pptx"}], (
        "the outdated deck says something else, the translations too"
    )
    assert "slide 7" in near[0].sentence
    assert {"€16", "€19"} == {n for c in near[0].differs for x in c.numbers for n in (x.old, x.new)}
    (exact,) = library.exact_copies()
    assert {Path(path).name for path in exact.paths} == {"Overview deck v4.pptx"}
    library.close()


def test_copies_are_listed_merged_and_taken_apart(shell: Shell) -> None:
    (pair,) = shell.answer("copies")["pairs"]
    assert (pair["same"], pair["of"], pair["kind"]) == (7, 8, "near")
    code, out, _ = shell.run("copies")
    assert code == 0
    assert "$39 became $49" in out
    keep, other = str(pair["original"]["asset"]), str(pair["copy"]["asset"])
    assert "was merged into" in shell.answer("merge", keep, other)["summary"]
    told = shell.answer("copies", "--decided")
    assert (told["pairs"], [d["what"] for d in told["decided"]]) == ([], ["merge"])
    assert told["exact"][0]["drifted"] == ["collateral/mine.md"]
    assert "two assets again" in shell.answer("merge", "--undo", other)["summary"]
    assert "older version" in shell.answer("merge", keep, other, "--as-version")["summary"]
    shell.answer("merge", "--undo", other)
    shell.answer("not-a-copy", keep, other)
    assert shell.answer("copies")["pairs"] == []
    shell.answer("not-a-copy", keep, other, "--undo")
    assert len(shell.answer("copies")["pairs"]) == 1


def test_versions_are_told(shell: Shell, tmp_path: Path) -> None:
    texts = [text.replace("$49", "$59") for text in slides(1)]
    write(tmp_path / "collateral" / "Overview.md", texts, day=40)
    shell.run("index")
    told = shell.answer("versions", "Overview.md")
    assert [(v["version"], v["current"]) for v in told["versions"]] == [(2, True), (1, False)]
    (change,) = told["versions"][0]["changes"]
    assert change["numbers"] == [{"old": "$49", "new": "$59"}]
    assert "Section 8: $49 became $59." in shell.run("versions", "Overview.md")[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("merge", "1"), "Give two assets"),
        (("merge", "1", "1"), "itself"),
        (("merge", "1", "2", "--undo"), "give one asset"),
        (("merge", "1", "--undo"), "not superseded"),
        (("merge", "1", "2", "--moved"), "still where it was"),
        (("radar", "add"), "Say which folder"),
        (("radar", "add", "/no/such/folder"), "There is no folder"),
        (("offer", "nothing.pptx", "1"), "not on the radar"),
        (("relink", "nowhere", "a", "b"), "no folder of the library"),
        (("relink", "collateral", "a", "b"), "Nothing is missing"),
        (("versions", "99"), "no asset number 99"),
    ],
)
def test_mistakes_get_a_sentence(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    code, _, err = shell.run(*words)
    assert code == 1
    assert sentence in err
    assert "Traceback" not in err


def radar_folder(tmp_path: Path) -> Path:
    """Downloads with the same words in another format, saved as a document of its own."""
    from tests.collateral import write_deck

    folder = tmp_path / "Downloads"
    parts = [text.split("\n", 1) for text in slides(1)]
    write_deck(folder / "same.pptx", [(heading, body) for heading, body in parts])
    write_deck(folder / "pie.pptx", [("Apple pie", "Flour butter sugar apples and patience")])
    return folder


def test_the_radar_from_the_command_line(shell: Shell, tmp_path: Path) -> None:
    assert "No folder is on the radar" in shell.run("radar")[1]
    shell.answer("radar", "add", str(radar_folder(tmp_path)))
    assert "not scanned yet" in shell.run("radar", "list")[1]
    told = shell.answer("radar", "scan", "--all")
    assert {Path(f["path"]).name: f["state"] for f in told["files"]} == {
        "same.pptx": "current", "pie.pptx": "unknown",
    }  # fmt: skip
    assert [f["state"] for f in shell.answer("radar")["files"]] == ["current"]
    shell.answer("radar", "remove", str(tmp_path / "Downloads"))
    assert shell.answer("radar") == {"folders": [], "files": []}


@pytest.fixture
def child(shell: Shell) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "app.indexing", "--library", str(shell.library), "--watch"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=CHECKOUT, text=True, **pipes)
    guard = threading.Timer(120, process.kill)
    guard.start()
    yield process
    guard.cancel()
    process.kill()
    process.communicate()


def heard(process: subprocess.Popen[str], wanted: dict[str, Any]) -> dict[str, Any]:
    """The next event that has all that is wanted; fails when the child ends before."""
    assert process.stdout is not None
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        assert event["event"] != "error", event
        if wanted.items() <= event.items():
            return event
    raise AssertionError(f"the child ended without {wanted}")


def test_the_indexing_child_looks_out_when_asked(
    shell: Shell, child: subprocess.Popen[str], tmp_path: Path
) -> None:
    heard(child, {"event": "state", "state": "watching"})
    folder = radar_folder(tmp_path)
    shell.answer("radar", "add", str(folder))
    assert child.stdin is not None
    child.stdin.write('{"op": "radar"}\n')
    child.stdin.flush()
    done = heard(child, {"event": "radar", "state": "done"})
    assert (done["done"], done["total"]) == (2, 2)
    states = {Path(f["path"]).name: f["state"] for f in shell.answer("radar", "--all")["files"]}
    assert states == {"same.pptx": "current", "pie.pptx": "unknown"}
    shutil.rmtree(folder)
