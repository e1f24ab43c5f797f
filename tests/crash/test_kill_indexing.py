"""kill -9 of window, indexer and reader at work: the next start goes on, nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.library import Library
from app.rows import FindSpec, NewRequest
from tests.collateral import index, write_pages

CHECKOUT = Path(__file__).resolve().parents[2]
FILES = 160
pytestmark = [
    pytest.mark.storm,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds children through /proc"),
]


def children_of(pid: int) -> list[int]:
    """All processes that descend from one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found, front = [], [pid]
    while front:
        front = [child for child, parent in parents.items() if parent in front]
        found += front
    return found


def start(library: Path, what: str) -> subprocess.Popen[bytes]:
    """The indexing child alone, or the whole window with its own."""
    indexer = [sys.executable, "-m", "app.indexing", "--library", str(library)]
    window = [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(library)]
    return subprocess.Popen(
        window if what == "window" else indexer,
        cwd=CHECKOUT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_somebody(process: subprocess.Popen[bytes], dice: random.Random) -> None:
    """A reader, the indexer or the window, whichever the dice choose, by SIGKILL."""
    alive = [process.pid, *children_of(process.pid)]
    victim = dice.choice(alive)
    if victim != process.pid:
        kill(victim)
        time.sleep(dice.uniform(0, 0.4))
    kill(process.pid)
    process.wait()
    assert process.stdin is not None
    process.stdin.close()


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def gone(pids: list[int]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def the_same_everywhere(library: Library, root: Path) -> None:
    """Record equals disk, index equals record, no orphan, no duplicate."""
    on_disk = sorted(p.relative_to(root).as_posix() for p in root.rglob("*.md"))
    with library.store.read() as session:
        rows = session.execute(
            sa.text("SELECT relpath, asset_id FROM asset_file WHERE missing_since IS NULL")
        ).all()
        assert sorted(path for path, _ in rows) == on_disk
        assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        assert session.execute(sa.text("PRAGMA quick_check")).scalar() == "ok"
        lonely = "SELECT count(*) FROM asset WHERE id NOT IN (SELECT asset_id FROM asset_file)"
        assert session.execute(sa.text(lonely)).scalar() == 0
    assert len({asset for _, asset in rows}) == len(rows)
    assert library.status().index_current
    found = {hit.path for hit in library.find(FindSpec("number", limit=10_000)).hits}
    assert found == set(on_disk)
    for path in on_disk[:: max(1, len(on_disk) // 10)]:
        word = (root / path).read_text("utf-8").split()[-1]
        assert [hit.path for hit in library.find(FindSpec(word, exact=True)).hits] == [path]


def test_nothing_acknowledged_is_lost(
    tmp_path: Path, storm_dose: Callable[[int, int], int]
) -> None:
    dice = random.Random(20261121)
    root, library = tmp_path / "root", Library(tmp_path / "library")
    for n in range(FILES):
        write_pages(root / f"{n:03}.md", [f"Number {n}\nunique{n:04}x"])
    library.add_root(str(root))
    library.set_me("Ana", "rep")
    asked = 0
    tagged: set[int] = set()
    for turn in range(storm_dose(6, 120)):
        for _ in range(6):
            n = dice.randrange(FILES)
            path = root / f"{n:03}.md"
            write_pages(path, [f"Number {n}\nunique{n:04}x{dice.randrange(10**9)}"])
        process = start(library.folder, "window" if turn % 3 == 2 else "indexer")
        time.sleep(dice.uniform(0.3, 1.6 if turn % 3 != 2 else 3.0))
        hits = library.find(FindSpec("number")).hits
        if hits:
            asset = dice.choice(hits).asset_id
            library.tag([asset], add=[("persona", "finance")])
            library.record_use("copy", [asset])
            tagged.add(asset)
        library.file_request(NewRequest(need=f"Something for turn {turn}"))
        asked += 1
        family = [process.pid, *children_of(process.pid)]
        kill_somebody(process, dice)
        assert gone(family), "a killed parent leaves no child behind"
    index(library)
    the_same_everywhere(library, root)
    assert len(library.requests()) == asked
    for asset in tagged:
        detail = library.asset(asset)
        assert [tag.slug for tag in detail.tags] == ["finance"]
        assert detail.history
    library.close()
