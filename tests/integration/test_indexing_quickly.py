"""The quick ways of a first index give what the careful ones give."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.library import Library
from tests.collateral import index, write_deck, write_pages, write_pdf


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
