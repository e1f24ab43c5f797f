"""Everything a folder can hold against us: nothing is lost, nothing hangs, each costs a line.

The small dose always runs; the full one needs ``--storm``. ``tests.bench.hostile`` measures it.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.library import Library
from app.rows import FindSpec
from tests import hostile
from tests.collateral import index, write_pages

pytestmark = [
    pytest.mark.storm,
    pytest.mark.skipif(sys.platform != "linux", reason="pipes, user ids and /proc of Linux"),
]
PATIENCE_S = 1_800.0
MOST_MB = 600
Dose = Callable[[int, int], int]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def _problems(library: Library) -> dict[str, str]:
    return {problem.path: problem.reason for problem in library.problems()}


def test_hostile_files_cost_a_line_each(
    tmp_path: Path, library: Library, storm_dose: Dose, request: pytest.FixtureRequest
) -> None:
    """FILE-1, FILE-5, FILE-6, IX-12."""
    root = tmp_path / "root"
    lines = [f"lines/{one}" for one in hostile.one_line(root / "lines", storm_dose(1, 60))]
    deep = [f"deep/{one}" for one in hostile.nested(root / "deep", storm_dose(20_000, 200_000))]
    claims = [f"claims/{one}" for one in hostile.claiming(root / "claims")]
    places = [f"places/{one}" for one in hostile.strange_places(root / "places")]
    if storm_dose(0, 1):
        hostile.copy_broken(request.getfixturevalue("corpus"), root / "broken")
    write_pages(root / "zebra.md", ["Zebra\nthe last of all files"])
    library.add_root(str(root))
    library.store  # noqa: B018 - makes the record
    with hostile.Watched(library) as indexer:
        indexer.until("watching", PATIENCE_S)
        peak = indexer.peak_mb
    assert peak < MOST_MB, indexer.at_peak
    hostile.nothing_lost(library, root, "zebra")
    told = _problems(library)
    assert not {path for path in [*claims, *places] if not told.get(path)}
    assert all("unpacks to" in told[path] for path in claims)
    assert "permission" in told["places/secret.md"]
    assert all(path in told or _found(library, path) for path in [*lines, *deep])
    assert "nested too deep" in told["deep/nested.docx"] or _found(library, "deep/nested.docx")


def _found(library: Library, path: str) -> bool:
    """Whether a file's own text is searched, whatever of it had to be left out."""
    word = {"lines": f"{Path(path).suffix[1:]}0000000", "deep": ""}[path.split("/")[0]]
    hits = library.find(FindSpec(word, exact=True, limit=1_000)).hits
    return any(hit.path == path for hit in hits)


def test_names_and_folders_that_change_all_at_once(
    tmp_path: Path, library: Library, storm_dose: Dose
) -> None:
    """FW-5, FW-10, FW-11: made and renamed in numbers while it watches; identity is kept."""
    many, renamed = storm_dose(400, 20_000), storm_dose(150, 5_000)
    root = tmp_path / "root"
    write_pages(root / "first.md", ["First"])
    library.add_root(str(root))
    library.store  # noqa: B018 - makes the record
    with hostile.Watched(library) as indexer:
        indexer.until("watching", PATIENCE_S)
        for number in range(many):
            write_pages(root / f"{number % 40}" / f"okapi {number}.md", [f"Okapi {number}"])
        hostile.wait_until(lambda: len(hostile.recorded(library)) == many + 1, PATIENCE_S)
        before = hostile.recorded(library)
        for number in range(renamed):
            place_of = root / f"{number % 40}"
            (place_of / f"okapi {number}.md").rename(place_of / f"okapi, new {number}.md")
        hostile.wait_until(
            lambda: sum("new" in path for path in hostile.recorded(library)) == renamed,
            PATIENCE_S,
        )
        hostile.wait_until(lambda: library.status().index_current, PATIENCE_S)
        peak = indexer.peak_mb
    after = hostile.recorded(library)
    moved = {path.replace(", new", ""): asset for path, asset in after.items()}
    assert moved == before, "every file is still the same asset"
    assert peak < MOST_MB
    index(library)
    hostile.nothing_lost(library, root, "okapi")


def test_a_folder_becomes_a_file_and_a_file_a_folder(tmp_path: Path, library: Library) -> None:
    root = tmp_path / "root"
    write_pages(root / "plan" / "okapi.md", ["Okapi"])
    write_pages(root / "notes.md", ["Notes"])
    index(library, root)
    shutil.rmtree(root / "plan")
    (root / "plan").write_text("now a file about tapirs")
    (root / "notes.md").unlink()
    write_pages(root / "notes.md" / "okapi.md", ["Okapi"])
    index(library)
    assert set(hostile.recorded(library)) == {"plan", "notes.md/okapi.md"}
    hostile.nothing_lost(library, root, "okapi")


def test_a_file_that_grows_while_it_is_read_is_told_and_then_read(
    tmp_path: Path, library: Library
) -> None:
    """FW-8: never half of it, never given up."""
    growing = tmp_path / "root" / "growing.md"
    write_pages(growing, ["Growing\nfirst words"])
    stop = threading.Event()

    def grow() -> None:
        with growing.open("a") as stream:
            while not stop.wait(0.001):
                stream.write("more okapi\n")
                stream.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        index(library, tmp_path / "root")
        assert "still being written" in _problems(library)["growing.md"]
    finally:
        stop.set()
        writer.join()
    index(library)
    assert _problems(library) == {}
    assert [hit.path for hit in library.find(FindSpec("okapi", exact=True)).hits] == ["growing.md"]
