"""What is not fully searchable, on real files through the real indexer: state, reason, remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.catalogue.problems import state_of
from app.library import Library
from app.rows import FindSpec
from indexer import scan
from indexer.extract import left_out
from tests.collateral import index, write_pages, write_pdf


@pytest.fixture
def library(bare: Library) -> Library:
    return bare


def _told(library: Library) -> dict[str, tuple[str, str]]:
    return {row.path: (row.state, row.reason) for row in library.problems()}


def test_a_file_of_which_a_part_was_left_out_is_listed_with_what(
    library: Library, tmp_path: Path
) -> None:
    write_pdf(tmp_path / "root" / "scan.pdf", ["Words", ""])
    write_pdf(tmp_path / "root" / "whole.pdf", ["Words"])
    index(library, tmp_path / "root")
    reason = "1 of 2 pages has no text (pictures only)."
    assert _told(library) == {"scan.pdf": ("partly", reason)}
    assert library.status().problems == library.roots()[0].problems == 1
    (hit,) = library.find(FindSpec("scan", exact=True)).hits
    assert (library.asset(hit.asset_id).state, hit.state) == ("partly", "indexed")


@pytest.mark.parametrize(
    ("warning", "counts"),
    [
        ("Slide 3 is damaged and could not be read.", True),
        ("Only the first 5,000 pages were read.", True),
        ("This file is named .doc but is a web page.", False),
        ("The text was read from the preview inside the file.", False),
    ],
)
def test_notes_by_which_nothing_is_lost_are_no_problems(warning: str, *, counts: bool) -> None:
    assert bool(left_out([warning])) is counts


def test_an_online_only_file_is_listed_and_not_opened_until_asked_for_fw16(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the mark of the system is made up; the file is a real one."""
    away = write_pages(tmp_path / "root" / "away.md", ["Away\nabout okapis"])
    write_pages(tmp_path / "root" / "here.md", ["Here\nabout tapirs"])
    inode = away.stat().st_ino
    monkeypatch.setattr(scan, "is_online_only", lambda status: status.st_ino == inode)
    os.utime(away, (1_600_000_000, 1_600_000_000))
    index(library, tmp_path / "root")
    assert _told(library) == {"away.md": ("online_only", scan.ONLINE_ONLY)}
    assert away.stat().st_atime == 1_600_000_000
    (hit,) = library.find(FindSpec("away", exact=True)).hits
    assert (hit.state, library.find(FindSpec("okapi", exact=True)).total) == ("online_only", 0)
    index(library)
    library.retry_files([hit.asset_id])
    index(library)
    assert _told(library) == {}
    assert [one.path for one in library.find(FindSpec("okapi", exact=True)).hits] == ["away.md"]
    assert index(library).read == 0, "what was read stays so while it is online only"


def test_a_folder_can_be_fetched_so_much_a_day_fw16(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "is_online_only", lambda status: status.st_size > 400_000)
    for name in ("okapi", "tapir", "zebra"):
        write_pages(tmp_path / "root" / f"{name}.md", [f"{name}\n{f'about {name}s ' * 40_000}"])
    index(library, tmp_path / "root")
    assert set(_told(library)) == {"okapi.md", "tapir.md", "zebra.md"}
    library.settings.set("index.fetch_mb_a_day", 1)
    (root,) = library.roots()
    changes = library.fetch_files(root.id, on=True)
    assert "up to 1 MB a day" in changes.summary
    assert library.roots()[0].fetch
    assert index(library).read == 2
    assert set(_told(library)) == {"zebra.md"}
    assert index(library).read == 0, "today's measure is full, and what was read stays read"
    library.settings.set_fact("fetched", {"day": "2020-01-01", "bytes": 10**9})
    assert index(library).read == 1
    assert _told(library) == {}
    assert changes.inverse is not None
    library.undo(changes.inverse)
    assert not library.roots()[0].fetch


@pytest.mark.parametrize(
    ("of", "state"),
    [
        (("no way to it", "indexed", ""), "unreadable"),
        ((scan.ONLINE_ONLY, None, None), "online_only"),
        (("", None, None), "unreadable"),
        (("", "indexed", ""), "indexed"),
        (("", "indexed", "a part"), "partly"),
        (("", "damaged", "broken"), "damaged"),
    ],
)
def test_what_keeps_a_file_from_being_read_goes_first(
    of: tuple[str, str | None, str | None], state: str
) -> None:
    assert state_of(*of)[0] == state
