"""When a changed file is still (FW-8)."""

import time

import pytest

from app.indexing.settling import Settling
from indexer.scan import Found

HOUR_NS = 3_600 * 10**9


def _file(mtime_ns: int, size: int = 1) -> Found:
    return Found("deck.pptx", None, size, mtime_ns, "k", None)


def test_a_file_that_was_just_written_waits() -> None:
    settling, now = Settling(2.0), time.time_ns()
    assert settling.ready(1, [_file(now)], 2.0) == []
    assert settling.ready(1, [_file(now - 3 * 10**9)], 2.0) != []
    assert settling.ready(1, [_file(now)], 0.0) != []


def test_a_file_from_the_future_is_read_once_it_was_seen_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settling, ahead = Settling(2.0), _file(time.time_ns() + HOUR_NS)
    steady = [100.0]
    monkeypatch.setattr("app.indexing.settling.time.monotonic", lambda: steady[0])
    assert settling.ready(1, [ahead], 2.0) == []
    assert settling.ready(2, [], 2.0) == [], "another root is another matter"
    steady[0] += 2.5
    grown = _file(ahead.mtime_ns, size=2)
    assert settling.ready(1, [grown], 2.0) == [], "it is still growing"
    steady[0] += 2.5
    assert settling.ready(1, [grown], 2.0) == [grown]
