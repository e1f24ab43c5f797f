"""kill -9 at any step of commit, merge and rebuild leaves an index that answers truly."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.search.query import Everything, Word
from indexer.search.reader import Searcher
from indexer.search.writer import IndexWriter, start_rebuild
from tests.unit.search.made import asset

ASSETS = 5
WRITES = """
import sys
from pathlib import Path
from tests import killing
from tests.unit.search import test_killed
killing.at(int(sys.argv[2]), ("replace", "unlink", "write_bytes", "mkdir"))
test_killed.write_on(Path(sys.argv[1]))
"""


def expected(applied: int) -> dict[int, int]:
    """Return the change that each asset must show when the index holds ``applied``."""
    last: dict[int, int] = {}
    for change in range(1, applied + 1):
        if change % 4 == 0:
            last.pop((change - 2) % ASSETS, None)
        last[change % ASSETS] = change
    return last


def write_on(folder: Path) -> None:
    """Apply one change after the other for ever, with merges and rebuilds among them."""
    with IndexWriter(folder) as opened:
        writer = opened
        while True:
            change = writer.applied + 1
            gone = [(change - 2) % ASSETS] if change % 4 == 0 else []
            writer.apply([asset(change % ASSETS, f"change c{change}", "second")], gone, change)
            if not writer.rebuilding:
                print(change, flush=True)
            if change % 5 == 0:
                writer.merge_if_idle()
            if change % 9 == 0:
                done = writer.applied
                writer.close()
                writer = start_rebuild(folder)
                last = expected(done)
                docs = [asset(a, f"change c{c}", "second") for a, c in last.items()]
                gone = set(range(ASSETS)) - last.keys()
                writer.apply(docs, gone, max(done, writer.applied))
                writer.switch()


def killed(folder: Path, step: int, seconds: float = 60) -> int:
    """Run the writer until it kills itself or the time is up; return the last acknowledged."""
    command = [sys.executable, "-c", WRITES, str(folder), str(step)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not step:
        time.sleep(seconds)
        process.kill()
    out, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, errors
    whole = out[: out.rfind("\n") + 1].split()
    return int(whole[-1]) if whole else 0


def check(folder: Path, acknowledged: int) -> None:
    """The index answers with exactly what it says that it holds."""
    with IndexWriter(folder) as writer:
        assert not writer.rebuilding
        assert writer.applied >= acknowledged
    searcher = Searcher.open(folder)
    assert searcher.applied >= acknowledged
    last = expected(searcher.applied)
    best = searcher.search(Everything()).by_asset()
    assert sorted(best.asset_ids.tolist()) == sorted(last)
    assert set(best.page_counts.tolist()) <= {2}
    for asset_id, change in last.items():
        assert searcher.search(Word(f"c{change}")).asset_ids.tolist() == [asset_id]
    searcher.close()


@pytest.mark.storm
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")
def test_killed_between_any_two_steps(
    tmp_path: Path, storm_dose: Callable[[int, int], int]
) -> None:
    folder = tmp_path / "index"
    acknowledged = 0
    chance = random.Random(3)
    many = storm_dose(6, 150)
    for at in range(many):
        step = at + 1 if at < many // 2 else chance.randint(1, 150)
        acknowledged = max(acknowledged, killed(folder, step))
        if (folder / "current").exists():
            check(folder, acknowledged)
    assert acknowledged


@pytest.mark.storm
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")
def test_killed_at_any_moment(tmp_path: Path, storm_dose: Callable[[int, int], int]) -> None:
    chance = random.Random(4)
    acknowledged = 0
    for _ in range(storm_dose(3, 50)):
        acknowledged = max(acknowledged, killed(tmp_path / "index", 0, chance.uniform(0.8, 2.5)))
        if (tmp_path / "index" / "current").exists():
            check(tmp_path / "index", acknowledged)
