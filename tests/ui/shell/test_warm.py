"""What is loaded ahead is all that the pages need, in small pieces."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from ui.warm import Warm, names

MOST_AT_ONCE = 8
PROGRAM = """
import json, sys
from importlib import import_module
import ui.window, ui.pages.find.page
from ui.pages.table import page_class
from ui.warm import names
most = 0
for name in names():
    before = len(sys.modules)
    import_module(name)
    most = max(most, len([m for m in list(sys.modules)[before:] if m.startswith(("ui.", "app."))]))
before = set(sys.modules)
for key in ("attention", "copies", "library", "settings"):
    page_class(key)
print(json.dumps([most, sorted(set(sys.modules) - before)]))
"""


def test_after_it_no_page_loads_anything_and_no_piece_is_large() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    most, left = json.loads(done.stdout)
    assert left == []
    assert most <= MOST_AT_ONCE


def test_each_turn_loads_one_module(qtbot: QtBot) -> None:
    del qtbot
    warm = Warm()
    steps = 0
    while warm.step():
        steps += 1
    assert steps == len(list(names()))


def test_it_waits_while_something_goes_on_and_then_does_more(qtbot: QtBot) -> None:
    done: list[int] = []
    busy = [time.monotonic() + 3600]

    def more() -> Iterator[None]:
        done.append(1)
        yield

    warm = Warm(None, more(), lambda: busy[0])
    warm._pieces = more()
    warm._timer.start(0)
    qtbot.wait(20)
    assert done == []
    busy[0] = 0.0
    qtbot.waitUntil(lambda: done == [1])
