"""How an indexing child is told to end, at whatever moment that comes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.indexing.__main__ import when_terminated
from app.indexing.pace import Pace
from app.settings import Settings
from indexer.worker import Extractors


@pytest.fixture
def terminated() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is asked to end there")
@pytest.mark.usefixtures("terminated")
def test_ending_may_need_what_the_interrupted_thread_holds() -> None:
    lock, got, done = threading.Lock(), [], threading.Event()

    def end() -> None:
        got.append(lock.acquire(timeout=2.0))
        done.set()

    when_terminated(end)
    with lock:
        os.kill(os.getpid(), signal.SIGTERM)
    assert done.wait(10)
    assert got == [True]


def test_a_pass_that_begins_after_the_end_is_cancelled(tmp_path: Path) -> None:
    pool = Extractors(1)
    pace = Pace(Settings(tmp_path / "settings.json"), lambda _event: None, pool)
    pace.cancel()
    pace.begin()
    assert not pace.cancelled, "an order to cancel is for the pass in progress"
    pace.end()
    pace.begin()
    assert pace.cancelled
