"""The full search for rubbish waits until nobody waits."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui import rubbish
from ui.rubbish import Rubbish


@pytest.fixture
def full() -> Iterator[list[int]]:
    """How often a full search was done."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.append(1)

    gc.collect()
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def tidy(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rubbish]:
    monkeypatch.setattr(rubbish, "QUIET_S", 0.05)
    tidy = Rubbish(window, lambda: 0.0)
    yield tidy
    tidy.close()


def _make_some() -> None:
    """Rings, and enough of them for many of Python's smaller searches."""
    for _ in range(100_000):
        ring: list[object] = []
        ring.append(ring)


def test_python_does_no_full_search_by_itself(tidy: Rubbish, full: list[int]) -> None:
    del tidy
    _make_some()
    assert full == []
    assert gc.get_count()[2] >= rubbish.ENOUGH


def test_it_is_done_when_it_is_quiet_and_not_again_for_nothing(
    tidy: Rubbish, full: list[int]
) -> None:
    _make_some()
    time.sleep(0.06)
    assert tidy.look()
    assert not tidy.look()
    assert full == [1]


def test_not_while_somebody_types_or_something_is_done(
    qtbot: QtBot, window: QWidget, tidy: Rubbish, full: list[int]
) -> None:
    _make_some()
    time.sleep(0.06)
    qtbot.keyClick(window, Qt.Key.Key_A)  # type: ignore[no-untyped-call]
    assert not tidy.look()
    time.sleep(0.06)
    tidy._busy_until = time.monotonic
    assert not tidy.look()
    assert full == []


def test_closing_gives_it_back(window: QWidget) -> None:
    before = gc.get_threshold()
    tidy = Rubbish(window, lambda: 0.0)
    assert gc.get_threshold() != before
    tidy.close()
    assert gc.get_threshold() == before
