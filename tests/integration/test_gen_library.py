"""The generated library of the benches is a library like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.indexing import Indexing
from app.library import Library
from app.rows import FindSpec
from tests.bench.gen_library import Size, ensure

SMALL = Size(assets=80, events=600, searches=60, people=12, requests=9)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure(tmp_path_factory.mktemp("generated") / "library", SMALL)


def test_the_doctor_is_content_but_for_the_problems_put_there(folder: Path) -> None:
    library = Library(folder)
    unwell = [check for check in library.doctor() if check.state != "ok"]
    library.close()
    assert {check.name for check in unwell} <= {"Problem", "SQLite", "Disk space"}


def test_a_scan_finds_nothing_to_read_and_the_index_holds_all(folder: Path) -> None:
    library = Library(folder)
    with Indexing(library.store, lambda _event: None) as indexing:
        summary = indexing.bring_up_to_date()
    status = library.status()
    library.close()
    assert (summary.read, summary.offline, status.index_current) == (0, [], True)


def test_it_has_something_of_everything_a_page_shows(folder: Path) -> None:
    library = Library(folder)
    found = library.find(FindSpec())
    assert found.total >= 70
    assert all(any(term.count for term in facet.terms) for facet in found.facets)
    assert library.find(FindSpec(text="pricing")).total
    assert library.problems()
    assert library.unused().rows
    assert library.search_gaps()
    assert len(library.requests()) == SMALL.requests
    assert library.saved_searches()
    library.close()


def test_what_stands_already_is_left_alone(folder: Path) -> None:
    before = (folder / "library.db").stat().st_ino
    assert ensure(folder, SMALL) == folder
    assert (folder / "library.db").stat().st_ino == before
