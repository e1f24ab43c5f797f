"""The five rules of calls away from the UI thread (style.md, principle 6)."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.tasks import Tasks


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks("the library")  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_both_outcomes_come_back_on_the_ui_thread(
    tasks: Tasks, owner: QObject, qtbot: QtBot
) -> None:
    got: list[tuple[Any, bool]] = []
    here = threading.current_thread()

    def note(value: Any) -> None:
        got.append((value, threading.current_thread() is here))

    def fails(_library: Any) -> None:
        raise ValueError("no")

    tasks.run(owner, lambda library: (library, threading.current_thread() is here), note)
    tasks.run(owner, fails, note, note)
    qtbot.waitUntil(lambda: len(got) == 2)
    values = sorted(got, key=str)
    assert (("the library", False), True) in values
    assert any(isinstance(value, ValueError) and on_ui for value, on_ui in values)


def test_an_error_nobody_takes_goes_to_the_one_who_takes_all(
    tasks: Tasks, owner: QObject, qtbot: QtBot
) -> None:
    heard: list[Exception] = []
    tasks.unhandled = heard.append

    def fails(_library: Any) -> None:
        raise OSError("disk full")

    tasks.run(owner, fails, lambda _: None)
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert str(heard[0]) == "disk full"


def test_the_latest_call_of_a_key_wins(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    got: list[int] = []
    first_runs, second_done = threading.Event(), threading.Event()

    def slow(_library: Any) -> int:
        first_runs.set()
        assert second_done.wait(10)
        return 1

    tasks.run(owner, slow, got.append, key="search")
    assert first_runs.wait(10)
    tasks.run(owner, lambda _: 2, got.append, key="search")
    qtbot.waitUntil(lambda: got == [2])
    second_done.set()
    tasks.run(owner, lambda _: 3, got.append)
    qtbot.waitUntil(lambda: 3 in got)
    qtbot.wait(20)
    assert got == [2, 3]


def test_a_superseded_read_is_not_even_begun(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    gate, begun, got = threading.Event(), [], []
    for _ in range(3):
        tasks.run(owner, lambda _: gate.wait(10), lambda _: None)
    for number in range(5):
        tasks.run(
            owner, lambda _, n=number: begun.append(n) or n, got.append, key="search"
        )  # fmt: skip
    gate.set()
    qtbot.waitUntil(lambda: got == [4])
    assert begun == [4]


def test_a_dead_owner_hears_nothing(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    gate, got, other = threading.Event(), [], []
    deleted, collected = QObject(), QObject()
    tasks.run(deleted, lambda _: gate.wait(10), got.append)
    tasks.run(collected, lambda _: gate.wait(10), got.append)
    shiboken6.delete(deleted)
    del collected
    gc.collect()
    gate.set()
    tasks.run(owner, lambda _: "alive", other.append)
    qtbot.waitUntil(lambda: other == ["alive"])
    qtbot.wait(20)
    assert got == []


def test_writes_run_one_by_one_in_order(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    order: list[int] = []
    threads: set[str] = set()

    def write(number: int) -> None:
        threads.add(threading.current_thread().name)
        order.append(number)

    for number in range(40):
        tasks.run(owner, lambda _, n=number: write(n), lambda _: None, lane="write")
    qtbot.waitUntil(lambda: len(order) == 40)
    assert order == list(range(40))
    assert threads == {"write-0"}


def test_closing_finishes_writes_and_drops_queued_reads(tasks: Tasks, owner: QObject) -> None:
    done: list[str] = []
    gate = threading.Event()
    for _ in range(3):
        tasks.run(owner, lambda _: gate.wait(10), lambda _: None)
    for number in range(10):
        tasks.run(owner, lambda _, n=number: done.append(f"read {n}"), lambda _: None)
        tasks.run(owner, lambda _, n=number: done.append(f"write {n}"), lambda _: None,
                  lane="write")  # fmt: skip
    threading.Timer(0.05, gate.set).start()
    tasks.close(5.0)
    assert done == [f"write {n}" for n in range(10)]
    tasks.run(owner, lambda _: done.append("late"), lambda _: None, lane="write")
    assert "late" not in done


def test_nothing_begins_while_held(tasks: Tasks, owner: QObject, qtbot: QtBot) -> None:
    got: list[int] = []
    tasks.hold()
    tasks.run(owner, lambda _: 1, got.append)
    qtbot.wait(30)
    assert got == []
    assert not [t for t in threading.enumerate() if t.name.startswith("read-")]
    tasks.release()
    qtbot.waitUntil(lambda: got == [1])
