"""The driver of the indexing child, against real child processes that speak as it does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.changes import Changes
from ui import indexing
from ui.indexing import Indexing, Progress, RadarProgress, RootMode
from ui.statusline import sentence

Make = Callable[[str], Indexing]
ECHO = """
import json, sys
def say(**m): print(json.dumps(m), flush=True)
say(event="state", state="scanning")
say(event="root", id=1, mode="polling", reason="a network folder")
for n in range(1, 401): say(event="progress", done=n, total=400, current=f"f{n}.pdf")
say(event="changed", kinds=["assets", "nonsense"], assets=[1, 2])
say(event="done", files=400, assets=1, pages=2, problems=0, seconds=1.0)
say(event="state", state="watching")
for line in sys.stdin:
    op = json.loads(line)["op"]
    open(sys.argv[1], "a").write(op + "\\n")
    if op == "quit": break
"""


@pytest.fixture
def make(qapp: QApplication, tmp_path: Path) -> Iterator[Make]:
    made: list[Indexing] = []

    def start(code: str) -> Indexing:
        child = Indexing([sys.executable, "-c", code, str(tmp_path / "ops")])
        made.append(child)
        return child

    yield start
    for child in made:
        child.close(2.0)


def test_it_hears_states_progress_roots_and_changes(make: Make, qtbot: QtBot) -> None:
    child = make(ECHO)
    states: list[Progress] = []
    changes: list[Changes] = []
    roots: list[RootMode] = []
    child.progressed.connect(states.append)
    child.changed.connect(changes.append)
    child.root_seen.connect(roots.append)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "watching", timeout=20_000)
    assert roots == [RootMode(1, "polling", "a network folder")]
    assert child.modes[1].mode == "polling"
    assert changes[0] == Changes(frozenset({"assets"}), (1, 2))
    assert states[0].state == "scanning"
    assert states[-1].state == "watching"
    # Four hundred lines of progress must not become four hundred repaints.
    assert len(states) < 100


def test_it_hears_that_indexing_goes_slower_and_why(make: Make, qtbot: QtBot) -> None:
    says = """
import json, sys
for m in ({"event": "pace", "slower": "on battery"}, {"event": "state", "state": "indexing"}):
    print(json.dumps(m), flush=True)
sys.stdin.read()
"""
    child = make(says)
    seen: list[Progress] = []
    child.progressed.connect(seen.append)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "indexing", timeout=20_000)
    assert seen[-1].slower == "on battery"
    assert child.progress.slower == "on battery"


def test_looking_again_ends_a_pause(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    child = make(ECHO)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "watching", timeout=20_000)
    child.pause()
    child.scan()
    ops = tmp_path / "ops"
    qtbot.waitUntil(lambda: ops.exists() and "scan" in ops.read_text(), timeout=20_000)
    assert ops.read_text().split() == ["pause", "resume", "scan"]


def test_it_hears_how_far_the_radar_is(make: Make, qtbot: QtBot) -> None:
    says = """
import json
for m in ({"event": "radar", "state": "scanning", "done": 2, "total": 7},
          {"event": "radar", "state": "done", "done": 7, "total": 7}): print(json.dumps(m))
"""
    child = make(says)
    seen: list[RadarProgress] = []
    child.radar_seen.connect(seen.append)
    child.start()
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=20_000)
    assert seen == [
        RadarProgress(working=True, done=2, total=7), RadarProgress(working=False, done=7, total=7),
    ]  # fmt: skip


def test_it_passes_on_what_people_ask_for(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    child = make(ECHO)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "watching", timeout=20_000)
    child.scan()
    child.pause()
    child.resume()
    child.cancel()
    child.radar()
    child.close(5.0)
    ops = (tmp_path / "ops").read_text().split()
    assert ops == ["scan", "pause", "resume", "cancel", "radar", "quit"]
    assert not child.running


def test_a_pause_shows(make: Make, qtbot: QtBot) -> None:
    child = make(ECHO.replace('say(event="state", state="watching")', ""))
    seen: list[Progress] = []
    child.progressed.connect(seen.append)
    child.start()
    qtbot.waitUntil(lambda: child.progress.done == 400, timeout=20_000)
    child.pause()
    assert seen[-1].state == "paused"
    child.resume()
    assert seen[-1].state != "paused"


def test_the_childs_word_for_a_pause_is_no_news(make: Make, qtbot: QtBot) -> None:
    says = """
import json, sys
def say(**m): print(json.dumps(m), flush=True)
for state in ("indexing", "paused"): say(event="state", state=state)
say(event="progress", done=1, total=2, current="")
sys.stdin.read()
"""
    child = make(says)
    seen: list[Progress] = []
    child.progressed.connect(seen.append)
    child.start()
    qtbot.waitUntil(lambda: any(p.done == 1 for p in seen), timeout=20_000)
    assert {p.state for p in seen if p.done == 1} == {"indexing"}


def test_until_the_child_has_looked_nothing_is_called_up_to_date(make: Make) -> None:
    """It takes a second or two to begin, and a library whose first pass was cut off is empty."""
    child = make("import sys; sys.stdin.read()")
    child.start()
    assert child.progress.state == "scanning"
    assert sentence(child.progress, None) == "Looking through your folders"


def test_a_crash_is_told_once_and_the_child_starts_again(
    make: Make, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(indexing, "FIRST_BACKOFF_MS", 20)
    code = """
import os, sys
with open(sys.argv[1], "a") as f: f.write("start\\n")
os._exit(3)
"""
    child = make(code)
    said: list[str] = []
    child.said.connect(said.append)
    child.start()
    starts = tmp_path / "ops"
    qtbot.waitUntil(
        lambda: starts.exists() and len(starts.read_text().split()) >= 3, timeout=20_000
    )
    assert len(said) == 1
    assert "starts again by itself" in said[0]
    assert "ended with code 3" in caplog.text


def test_a_program_that_is_not_there_is_told(
    qapp: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    child = Indexing(["/no/such/program"])
    said: list[str] = []
    child.said.connect(said.append)
    child.start()
    qtbot.waitUntil(lambda: bool(said))
    assert "could not be started" in caplog.text
    child.close(0.1)


def test_a_busy_library_is_no_crash(make: Make, qtbot: QtBot) -> None:
    child = make('import json; print(json.dumps({"event": "state", "state": "busy"}), flush=True)')
    said: list[str] = []
    child.said.connect(said.append)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "busy" and not child.running, timeout=20_000)
    assert said == []


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "7",
        '{"event": 1}',
        '{"event": "progress"}',
        '{"event": "state", "state": "dancing"}',
        '{"event": "root", "id": 1, "mode": "?"}',
        '{"event": "told"}',
    ],
)
def test_nonsense_is_logged_and_survived(
    make: Make, qtbot: QtBot, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    code = f"""
import sys, json
print({line!r}, flush=True)
print(json.dumps({{"event": "state", "state": "idle"}}), flush=True)
sys.stdin.readline()
"""
    child = make(code)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "idle", timeout=20_000)
    assert "message of the indexing child" in caplog.text


def test_a_child_that_will_not_quit_is_ended(
    make: Make, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    code = """
import json, time
print(json.dumps({"event": "state", "state": "idle"}), flush=True)
while True: time.sleep(60)
"""
    child = make(code)
    child.start()
    qtbot.waitUntil(lambda: child.progress.state == "idle", timeout=20_000)
    child.close(0.2)
    assert not child.running
    assert "did not quit in time" in caplog.text


def test_words_of_the_status_line() -> None:
    from tests.ui.fakes import FakeLibrary
    from ui.statusline import sentence

    status = FakeLibrary(Path("/nowhere")).status()
    assert sentence(Progress("idle"), status) == "Library up to date · 24 assets · 4 problems"
    assert sentence(Progress("indexing", 120, 640), status) == "Indexing 120 of 640"
    slower = Progress("indexing", 120, 640, slower="on battery")
    assert sentence(slower, status) == "Indexing 120 of 640 · Slower: on battery"
    assert sentence(Progress("scanning"), status) == "Looking through your folders"
    assert sentence(Progress("paused", 120, 640), status) == "Paused at 120 of 640"
    assert sentence(Progress("off"), None) == "Opening the library"
    assert "Another program" in sentence(Progress("busy"), status)
