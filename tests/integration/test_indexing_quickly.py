"""The quick ways of a first index give what the careful ones give."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.catalogue.foresight import Foresight
from app.library import Library
from indexer.worker import Extractors
from tests.collateral import index, write_deck, write_pages, write_pdf

WORDS = ["tide", "harbour", "pilot", "mast", "anchor", "keel", "buoy", "chart", "crew", "lock"]


def _folder(root: Path) -> Path:
    write_pdf(root / "Case studies" / "Bank.pdf", ["Northgate Bank", "onboarding in 36 hours"])
    write_deck(root / "Decks" / "Overview.pptx", [("Overview", "zero trust"), ("Price", "$49")])
    write_pages(root / "talk track.md", ["Opening\nAsk about churn", "Closing\nAsk for a pilot"])
    (root / "broken.pdf").write_bytes(b"%P")
    return root


def test_copies_that_are_found_together_are_recorded_as_if_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DUP-1: by one transaction for all, and by one for each."""
    folder = _folder(tmp_path / "collateral")
    for name in ("Decks/a.md", "Decks/b.md"):
        shutil.copy(folder / "talk track.md", folder / name)
    os.utime(folder / "Decks" / "b.md", (1_700_000_000, 1_700_000_000))
    together = Library(tmp_path / "first")
    index(together, folder)
    one_by_one = Library(tmp_path / "second")
    monkeypatch.setattr("app.indexing.backlog.COMMIT_FILES", 1)
    index(one_by_one, folder)
    assert _recorded(together) == _recorded(one_by_one)
    together.close()
    one_by_one.close()


def test_differences_worked_out_ahead_are_those_worked_out_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DUP-2."""
    pages = [
        f"Part {n}\nWhat part {n} costs is ${n} for {word} each month"
        for n, word in enumerate(WORDS)
    ]
    edited = [*pages[:7], pages[7].replace("$7", "$9"), *pages[8:]]
    for name, changed in (("old.pdf", pages), ("new.pdf", edited)):
        write_pdf(tmp_path / "collateral" / name, changed)
    plainly = Library(tmp_path / "first")
    index(plainly, tmp_path / "collateral")
    monkeypatch.setattr("app.indexing.backlog.COMMIT_FILES", 1)
    monkeypatch.setattr("app.indexing.backlog.FORESEEN", 1)
    monkeypatch.setattr(Extractors, "quiet", True)
    foreseen: list[Foresight] = []
    look = Foresight.look
    monkeypatch.setattr(Foresight, "look", lambda self: look(self) or foreseen.append(self))
    ahead = Library(tmp_path / "second")
    index(ahead, tmp_path / "collateral")
    assert len(foreseen[-1].differences) == 1
    assert _pairs(ahead) == _pairs(plainly) != []
    plainly.close()
    ahead.close()


def _pairs(library: Library) -> list[tuple[object, ...]]:
    query = "SELECT version_id, other_id, forward, backward, diff FROM near_copy"
    with library.store.read() as session:
        return [tuple(row) for row in session.execute(sa.text(query))]


def _recorded(library: Library) -> list[tuple[object, ...]]:
    """What the record holds of each file, but for numbers and the moments of writing."""
    of_page = "v.id = (SELECT version_id FROM asset_file WHERE id = f.id)"
    query = (
        "SELECT f.relpath, f.size, f.mtime_ns, f.file_key, a.title, a.published_at,"
        " hex(v.sha256), v.modified_at, v.properties, v.page_count, v.id = a.current_version_id,"
        " (SELECT count(*) FROM asset_file o WHERE o.asset_id = a.id),"
        " (SELECT group_concat(hex(p.sha)) FROM page p WHERE p.version_id = v.id)"
        " FROM asset_file f JOIN asset a ON a.id = f.asset_id"
        f" JOIN asset_version v ON {of_page} ORDER BY f.relpath"
    )
    with library.store.read() as session:
        return [tuple(row) for row in session.execute(sa.text(query))]
