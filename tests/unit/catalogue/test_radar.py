"""The copy radar: opted-in folders, what their files are to the library, and contributions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.radar_scan import RadarScan
from app.errors import LibraryBusy, UserError
from app.library import Library
from app.rows import FindSpec
from app.rows_copies import NumberChange, RadarFile
from tests.collateral import index, write_deck

SLIDES = [
    ("Why the cold chain breaks", "Most excursions are found at goods-in when it is too late"),
    ("How it works", "Sensors send a reading every ten minutes to a gateway in the trailer"),
    ("What it costs", "The platform starts at $49 per seat and month with hardware included"),
    ("Who runs on it", "Calder Biologics and Harrow Pine report fewer excursions every year"),
    ("A pilot", "We post forty sensors and your own team sticks them on in one morning"),
]


def quiet(_done: int, _total: int, _name: str) -> None:
    """No progress wanted."""


def priced(price: str) -> list[tuple[str, str]]:
    return [(title, body.replace("$49", price)) for title, body in SLIDES]


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    return folder


@pytest.fixture
def library(tmp_path: Path, downloads: Path) -> Iterator[Library]:
    """A library with one deck, of which $49 was the price before $59."""
    deck = write_deck(tmp_path / "collateral" / "Overview.pptx", priced("$49"))
    opened = Library(tmp_path / "library")
    index(opened, deck.parent)
    shutil.copy(deck, downloads / "old.pptx")
    write_deck(deck, priced("$59"))
    index(opened)
    opened.radar_add(str(downloads))
    yield opened
    opened.close()


def scanned(library: Library) -> dict[str, RadarFile]:
    return {file.name: file for file in library.radar_scan(quiet).files}


def everything(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        path.name: (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.iterdir())
    }


def test_every_file_is_told_how_it_stands(library, downloads, tmp_path) -> None:
    shutil.copy(tmp_path / "collateral" / "Overview.pptx", downloads / "same (1).pptx")
    write_deck(downloads / "saved anew.pptx", priced("$59"))
    write_deck(downloads / "from old.pptx", priced("$49"))
    write_deck(downloads / "mine.pptx", [*priced("$59")[:4], ("Ours", "My own closing slide here")])
    write_deck(downloads / "recipe.pptx", [("Apple pie", "Flour butter sugar apples and patience")])
    (downloads / "broken.pptx").write_bytes(b"PK\x03\x04 no zip at all")
    (downloads / "setup.exe").write_bytes(b"MZ" * 100)
    before = everything(downloads)
    found = scanned(library)
    assert {name: file.state for name, file in found.items()} == {
        "same (1).pptx": "current", "saved anew.pptx": "current", "old.pptx": "outdated",
        "from old.pptx": "outdated", "mine.pptx": "modified", "recipe.pptx": "unknown",
        "broken.pptx": "unread",
    }  # fmt: skip
    assert found["old.pptx"].sentence == (
        f"This is version 1 of 2 of “{found['old.pptx'].title}”; use the current one."
    )
    assert everything(downloads) == before, "nothing is ever written there"
    index(library)
    assert library.find(FindSpec("apple", exact=True)).total == 0
    assert library.status().assets == 1


def test_a_modified_slide_is_told_with_its_number_and_offered(library, downloads) -> None:
    write_deck(downloads / "for ACME.pptx", priced("$39"))
    (modified,) = (f for f in library.radar_scan(quiet).files if f.name == "for ACME.pptx")
    (slide,) = modified.slides
    assert (slide.page, slide.kind) == (3, "changed")
    assert slide.numbers in ((NumberChange("$59", "$39"),), (NumberChange("$49", "$39"),))
    assert "$39 here" in modified.sentence
    changes = library.offer(modified.path, 3)
    assert isinstance(changes.result, int)
    request = library.request(changes.result)
    assert request.need.startswith("Contribution: slide 3 of “")
    assert "starts at $39" in request.details
    assert str(downloads) not in request.need + request.details, "folders are private"
    offered = [s.request_id for f in library.radar().files for s in f.slides]
    assert request.id in offered
    with pytest.raises(UserError, match="offered already"):
        library.offer(modified.path, 3)
    assert changes.inverse is not None
    library.undo(changes.inverse)
    assert not any(s.request_id for f in library.radar().files for s in f.slides)
    with pytest.raises(UserError, match="differs"):
        library.offer(modified.path, 1)


def test_current_becomes_outdated_with_the_library_and_without_a_scan(
    library, downloads, tmp_path
) -> None:
    deck = tmp_path / "collateral" / "Overview.pptx"
    shutil.copy(deck, downloads / "same.pptx")
    assert scanned(library)["same.pptx"].state == "current"
    write_deck(deck, priced("$69"))
    index(library)
    states = {file.name: file.state for file in library.radar().files}
    assert states["same.pptx"] == "outdated"
    other = write_deck(deck.with_name("New.pptx"), [("New", "A wholly different thing to say")])
    index(library)
    library.chain(library.asset_id_of(other.name), library.asset_id_of(deck.name))
    (sentence,) = {file.sentence for file in library.radar().files if file.name == "same.pptx"}
    assert "is superseded by" in sentence


def test_an_unchanged_file_is_read_once(library, downloads, monkeypatch) -> None:
    write_deck(downloads / "recipe.pptx", [("Apple pie", "Flour butter sugar apples and patience")])
    write_deck(downloads / "mine.pptx", priced("$39"))
    scanned(library)

    def never(*_args: object) -> None:
        raise AssertionError("opened again")

    monkeypatch.setattr("indexer.worker.Extractors._hand_over", never)
    assert len(scanned(library)) == 3


def test_what_was_unknown_is_known_once_the_library_has_it(library, downloads, tmp_path) -> None:
    pie = [("Apple pie", "Flour butter sugar apples and patience"), ("Oven", "Bake it for an hour")]
    write_deck(downloads / "pie.pptx", pie)
    assert scanned(library)["pie.pptx"].state == "unknown"
    write_deck(tmp_path / "collateral" / "Pie.pptx", pie)
    index(library)
    assert scanned(library)["pie.pptx"].state == "current"


def test_files_that_are_gone_are_forgotten_and_a_lost_folder_is_told(library, downloads) -> None:
    assert "old.pptx" in scanned(library)
    (downloads / "old.pptx").unlink()
    assert scanned(library) == {}
    downloads.rmdir()
    (folder,) = library.radar_scan(quiet).folders
    assert "cannot be reached" in folder.reason


def test_a_folder_of_the_library_inside_is_left_out(library, downloads, tmp_path) -> None:
    library.radar_remove(str(downloads))
    library.radar_add(str(tmp_path))
    assert set(scanned(library)) == {"old.pptx"}


def test_opting_in_and_out(library, downloads, tmp_path) -> None:
    scanned(library)
    changes = library.radar_remove(str(downloads))
    assert library.radar().files == ()
    assert changes.inverse is not None
    changes = library.undo(changes.inverse)
    assert [folder.path for folder in library.radar().folders] == [str(downloads)]
    assert library.radar().files == (), "what was noted is forgotten"
    with pytest.raises(UserError, match="part of the library"):
        library.radar_add(str(tmp_path / "collateral"))
    with pytest.raises(UserError, match="no folder"):
        library.radar_add(str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="own files"):
        library.radar_add(str(tmp_path / "library"))
    (downloads / "sub").mkdir()
    with pytest.raises(UserError, match="lies inside"):
        library.radar_add(str(downloads / "sub"))
    with pytest.raises(UserError, match="not on the radar"):
        library.radar_remove(str(tmp_path))
    with pytest.raises(UserError, match="not on the radar"):
        library.offer(str(tmp_path / "x.pptx"), 1)


def test_two_looks_at_once_are_refused(library) -> None:
    with (
        RadarScan(library.store, library.settings),
        pytest.raises(LibraryBusy, match="already"),
    ):
        RadarScan(library.store, library.settings)


@pytest.mark.skipif(os.name == "nt", reason="bytes in names are for Unix")
def test_a_name_that_is_no_text_is_one_line(library, downloads) -> None:
    """NM-1."""
    raw = os.fsencode(downloads) + b"/caf\xe9.pptx"
    shutil.copy(downloads / "old.pptx", os.fsdecode(raw))
    states = {file.state for file in library.radar_scan(quiet).files}
    assert states == {"outdated"}
