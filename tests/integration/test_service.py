"""The indexing child as the window runs it: roots that come and go while it watches."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.catalogue import roots
from app.errors import UserError
from app.indexing import recording, run
from app.indexing.service import Service
from app.library import Library
from indexer.watch.watcher import Watcher
from tests.collateral import write_pages
from tests.hostile import wait_until

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40.0
Event = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "stick"
    write_pages(root / "talk track.md", ["Opening\nAsk about churn"])
    return root


@pytest.fixture
def child(library: Library) -> Iterator[Callable[[], Callable[[str, str], list[Event]]]]:
    """``child()`` starts it and gives ``until(event, value)``: what it said up to there."""
    processes = []

    def start() -> Callable[[str, str], list[Event]]:
        process = subprocess.Popen(
            library.indexer_command(), cwd=CHECKOUT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        processes.append(process)
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(
            target=lambda: [lines.put(line) for line in process.stdout], daemon=True
        ).start()

        def until(kind: str, value: str) -> list[Event]:
            said: list[Event] = []
            while True:
                said.append(json.loads(lines.get(timeout=PATIENCE_S)))
                event = said[-1]
                if event["event"] == kind and value in (event.get("mode"), event.get("state")):
                    return said

        return until

    yield start
    for process in processes:
        process.stdin.close()
        process.wait(PATIENCE_S)
        process.stdout.close()


def test_a_root_away_at_the_start_is_seen_when_it_comes(child, library, folder) -> None:
    """FW-6: no start of the program is needed, and it is watched from then on."""
    away = folder.rename(folder.with_name("away"))
    until = child()
    until("root", "offline")
    away.rename(folder)
    until("root", "live")
    until("state", "watching")
    assert library.roots()[0].state == "online"
    write_pages(folder / "new.md", ["A newcomer"])
    until("state", "indexing")
    until("state", "watching")
    assert library.status().assets == 2


def test_a_root_that_went_and_came_is_told_live_again(child, folder) -> None:
    until = child()
    until("state", "watching")
    away = folder.rename(folder.with_name("away"))
    until("root", "offline")
    away.rename(folder)
    assert until("root", "live")[-1]["reason"] == ""


def test_a_root_that_nobody_can_place_is_no_reason_to_scan_for_ever(library) -> None:
    """A settings file that was lost: the folder is offline, and the child rests."""
    library.settings.set_fact("roots", {})
    with Service(library.store, lambda _event: None) as service:
        service._watcher = Watcher(lambda _key, _relpath: None)
        service._watch_roots()
        assert not service._roots_changed()
        library.settings.set_fact("roots", {str(uid_of(library)): "/somewhere"})
        assert service._roots_changed()


def test_a_folder_that_cannot_even_be_asked_for_stops_nothing(library, folder, tmp_path) -> None:
    """A share that was cut off and a drive that fails raise where an absent folder does not."""
    beyond = "x" * 300
    library.settings.set_fact("roots", {str(uid_of(library)): str(tmp_path / beyond)})
    write_pages(tmp_path / "other" / "okapi.md", ["Okapi"])
    library.add_root(str(tmp_path / "other"))
    with Service(library.store, lambda _event: None) as service:
        service._watcher = Watcher(lambda _key, _relpath: None)
        service._pass(None)
        service._watcher.check()
        service._watcher.stop()
    assert [root.state for root in library.roots()] == ["offline", "online"]
    assert library.status().assets == 2
    assert any(beyond in check.detail for check in library.doctor())
    with pytest.raises(UserError, match="no folder"):
        library.add_root(str(tmp_path / beyond))


def test_after_sleep_everything_is_looked_through(library, folder) -> None:
    """FW-1: what happened meanwhile sent no event that anybody heard."""
    told: list[Event] = []
    with Service(library.store, told.append) as service:
        service._watcher = Watcher(lambda _key, _relpath: None)
        service._pass(None)
        write_pages(folder / "overnight.md", ["Overnight"])
        service._tick()
        assert library.status().assets == 1
        service._sleep._ahead -= 3_600.0
        service._tick()
        assert library.status().assets == 2
        service._watcher.stop()


def test_nothing_is_done_while_paused(library, folder, monkeypatch) -> None:
    monkeypatch.setattr("app.indexing.service.TICK_S", 0.01)
    with Service(library.store, lambda _event: None) as service:
        service._pass(None)
        write_pages(folder / "new.md", ["A newcomer"])
        service._indexing.pace.pause()
        service._orders.put("scan")
        for _ in range(3):
            service._tick()
        assert library.status().assets == 1
        service._indexing.pace.resume()
        service._tick()
        assert library.status().assets == 2


@pytest.mark.expect_log
def test_a_folder_that_keeps_silent_is_polled_from_then_on_fw3(
    library, folder, monkeypatch
) -> None:
    monkeypatch.setattr("app.indexing.service.EVENTS_COME_S", 0.05)
    monkeypatch.setattr("app.indexing.service.TICK_S", 0.01)
    told: list[Event] = []
    with Service(library.store, told.append) as service:
        service._watcher = Watcher(service._hear)
        service._pass(None)
        assert told_modes(told) == ["live"]
        service._pass(None)
        service._watcher._on_hint = lambda _key, _relpath: None
        write_pages(folder / "unheard.md", ["Unheard"])
        service._orders.put("scan")
        service._tick()
        assert library.status().assets == 2
        service._tick()
        assert told_modes(told) == ["live", "polling"]
        assert "had not reported" in [e["reason"] for e in told if e["event"] == "root"][-1]


def test_what_could_not_be_read_is_tried_again_soon_fw8(library, folder, monkeypatch) -> None:
    """And not only by the next regular scan: whoever writes a file may lock it for a moment."""
    monkeypatch.setattr("app.indexing.again.DELAYS_S", (0.0, 3600.0))
    monkeypatch.setattr("app.indexing.service.TICK_S", 0.01)
    refused = lambda task, _done: recording.Read(task, None, None, "It is locked.")  # noqa: E731
    with Service(library.store, lambda _event: None) as service:
        service._watcher = Watcher(service._hear)
        service._pass(None)
        os.utime(write_pages(folder / "locked.md", ["Lemurs"]), (1e9, 1e9))
        with monkeypatch.context() as locked:
            locked.setattr(run, "_outcome", refused)
            service._pass(None)
        assert [problem.reason for problem in library.problems()] == ["It is locked."]
        service._tick()
        assert library.problems() == ()
        assert library.status().assets == 2
        service._watcher.stop()


def told_modes(told: list[Event]) -> list[str]:
    """How the root was said to be watched."""
    return [event["mode"] for event in told if event["event"] == "root"]


def test_what_the_window_says_to_leave_out_is_watched_accordingly(
    library, folder, monkeypatch
) -> None:
    """Also the other way round: a pattern that goes lets its files speak again."""
    monkeypatch.setattr("app.indexing.service.TICK_S", 0.01)
    heard: list[str | None] = []
    with Service(library.store, lambda _event: None) as service:
        service._watcher = Watcher(lambda _key, relpath: heard.append(relpath))
        library.set_left_out(None, ["*.draft.md"])
        service._pass(None)
        library.set_left_out(None, [])
        service._pass(None)
        write_pages(folder / "a.draft.md", ["A draft"])
        wait_until(lambda: "a.draft.md" in heard, PATIENCE_S)
        (folder / ".deckhandignore").write_text("old/\n")
        wait_until(lambda: None in heard, PATIENCE_S)


def uid_of(library: Library) -> UUID:
    """The identity of the only root."""
    with library.store.read() as session:
        return roots.live(session)[0].uid


def test_a_library_that_is_gone_is_not_begun_anew(tmp_path) -> None:
    library = Library(tmp_path / "gone")
    done = subprocess.run(
        library.indexer_command(), cwd=CHECKOUT, text=True, capture_output=True, input=""
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["message"] == f"The library {tmp_path / 'gone'} is gone."
    assert not library.folder.exists()
