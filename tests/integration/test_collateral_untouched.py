"""Collateral is read and never written to (FILE-2), and read again only when it changed (FW-12)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cli.main import main
from app.library import Library
from app.rows import FindSpec
from indexer.render_worker import serve
from tests.collateral import index, write_pages, write_pdf
from tests.unit.indexer import made, made_more

LONG_AGO_NS = 1_600_000_000_000_000_000
State = dict[str, tuple[int, int, int, bytes]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of many a format, some of them broken, none changed for years."""
    home = tmp_path / "collateral"
    write_pages(home / "text.md", ["Otters\nabout otters"])
    write_pdf(home / "paper.pdf", ["Bank", "onboarding in 36 hours"])
    made.deck(home / "deck.pptx")
    made.document(home / "document.docx")
    made.workbook(home / "sheet.xlsx")
    made_more.epub(home / "book.epub")
    made_more.mp4(home / "film.mp4")
    (home / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (home / "cut.docx").write_bytes((home / "document.docx").read_bytes()[:900])
    for file in home.iterdir():
        os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return home


def _state(folder: Path) -> State:
    facts = {path.name: path.lstat() for path in folder.rglob("*")}
    return {
        name: (fact.st_mtime_ns, fact.st_ino, fact.st_mode, (folder / name).read_bytes())
        for name, fact in facts.items()
    }


def _draw(folder: Path, cache: Path) -> int:
    """Have a picture of each file made as the window does; returns how many there were."""
    cache.mkdir()
    answers = [
        serve(
            {"path": str(path), "out": str(cache / f"{number}.jpg"), "page": 1, "width": 320,
             "sha": f"{number:064x}", "kind": path.suffix[1:], "title": path.stem, "text": "",
             "label": "", "cache": str(cache)}
        )
        for number, path in enumerate(sorted(folder.iterdir()), start=1)
    ]  # fmt: skip
    return sum(bool(answer["ok"]) for answer in answers)


def test_whatever_is_done_the_files_stay_as_they_were_file2(folder: Path, tmp_path: Path) -> None:
    before = _state(folder)
    library = Library(tmp_path / "library")
    index(library, folder)
    hits = library.find(FindSpec()).hits
    assert len(hits) == len(before)
    library.set_me("Ana", "rep")
    for hit in hits:
        library.open_asset(hit.asset_id)
    library.draft([hit.asset_id for hit in hits], to="ben@example.com")
    library.tag([hit.asset_id for hit in hits], add=[("persona", "finance")])
    library.retry_files([problem.asset_id for problem in library.problems()])
    index(library)
    assert _draw(folder, tmp_path / "pictures")
    library.close()
    assert _state(folder) == before


def test_what_did_not_change_is_opened_once_fw12(folder: Path, tmp_path: Path) -> None:
    """No hash is taken anew of a file whose size and time are what they were."""
    library = Library(tmp_path / "library")
    first = index(library, folder)
    for file in folder.iterdir():
        os.utime(file, ns=(1, LONG_AGO_NS))
    assert (first.read, index(library).read) == (9, 0)
    assert {file.stat().st_atime_ns for file in folder.iterdir()} == {1}
    library.close()


def test_the_index_can_be_rebuilt_on_the_command_line_ix7(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--library", str(tmp_path / "library")]
    assert main([*at, "index", str(folder)]) == 0
    paths = Library(tmp_path / "library").paths
    before = (paths.index / "current").read_bytes()
    assert main([*at, "index"]) == 0
    assert (paths.index / "current").read_bytes() == before
    assert main([*at, "index", "--rebuild"]) == 0
    assert (paths.index / "current").read_bytes() != before
    capsys.readouterr()
    assert main([*at, "find", "otters"]) == 0
    assert "text.md" in capsys.readouterr().out
