"""How often one asks while one types: at once, and then only for what was typed last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.rows import FindResult, FindSpec
from ui.pages.find.search import SearchFlow


class Line:
    """Stands for the bridge: keeps each read until it is answered."""

    def __init__(self) -> None:
        self.asked: list[FindSpec] = []
        self._ok: list[Callable[[Any], None]] = []

    def read(
        self, _owner: object, fn: Callable[[Any], Any], ok: Callable[[Any], None], *_: object,
        key: str,
    ) -> None:  # fmt: skip
        assert key == "find"
        fn(self)
        self._ok.append(ok)

    def find(self, spec: FindSpec) -> None:
        self.asked.append(spec)

    def answer(self) -> None:
        """Answer the latest read; the others are not heard any more."""
        spec = self.asked[-1]
        self._ok[-1](FindResult(spec, "", (), 0, exact=True, took_ms=1.0, facets=()))


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def flow(line: Line, qtbot: QtBot) -> SearchFlow:
    del qtbot
    flow = SearchFlow(line)  # type: ignore[arg-type]
    flow.told = []  # type: ignore[attr-defined]
    flow.answered.connect(lambda answer: flow.told.append(answer.result.spec.text))  # type: ignore[attr-defined]
    return flow


def _texts(line: Line) -> list[str]:
    return [spec.text for spec in line.asked]


def test_the_first_letter_is_asked_for_at_once(flow: SearchFlow, line: Line) -> None:
    flow.ask("p", (), "best")
    assert _texts(line) == ["p"]


def test_of_what_is_typed_meanwhile_only_the_last_is_asked_for(
    flow: SearchFlow, line: Line
) -> None:
    for text in ("p", "pr", "pri", "pric"):
        flow.ask(text, (), "best")
    assert _texts(line) == ["p"]
    line.answer()
    assert _texts(line) == ["p", "pric"]
    assert flow.busy
    line.answer()
    assert flow.told == ["pric"]  # type: ignore[attr-defined]
    assert not flow.busy


def test_a_slow_answer_is_not_waited_for(flow: SearchFlow, line: Line, qtbot: QtBot) -> None:
    flow.ask("p", (), "best")
    flow.ask("pr", (), "best")
    qtbot.waitUntil(lambda: _texts(line) == ["p", "pr"])
    line.answer()
    assert flow.told == ["pr"]  # type: ignore[attr-defined]


def test_enter_and_filters_do_not_wait(flow: SearchFlow, line: Line) -> None:
    flow.ask("p", (), "best")
    flow.ask("pr", (), "best")
    flow.ask("pr", (), "best", exact=True, now=True)
    assert _texts(line) == ["p", "pr"]
    line.answer()
    assert not flow.busy
    assert _texts(line) == ["p", "pr"]


def test_typing_does_not_wait_for_a_refresh(flow: SearchFlow, line: Line) -> None:
    flow.refresh()
    flow.ask("p", (), "best")
    assert _texts(line) == ["", "p"]


def _skips(line: Line) -> list[int]:
    return [spec.skip for spec in line.asked]


def test_what_comes_next_is_not_lost_to_a_refresh(
    flow: SearchFlow, line: Line, qtbot: QtBot
) -> None:
    """Nobody asks for it a second time: the list would end there."""
    for loaded, parts in ((600, [0, 200, 400]), (50, [0])):
        line.asked.clear()
        flow.more(loaded)
        flow.refresh(loaded)
        assert _skips(line) == [loaded]
        for count in range(2, 2 + len(parts)):
            line.answer()
            qtbot.waitUntil(lambda count=count: len(line.asked) == count)
        assert _skips(line) == [loaded, *parts]
        line.answer()


@pytest.mark.parametrize(("loaded", "parts"), [(600, [0, 0, 200, 400]), (50, [0, 0])])
def test_a_refresh_is_not_lost_to_what_comes_next(
    flow: SearchFlow, line: Line, qtbot: QtBot, loaded: int, parts: list[int]
) -> None:
    flow.refresh(loaded)
    flow.more(loaded)
    wanted = [parts[0], loaded, *parts[1:]]
    for count in range(3, len(wanted) + 1):
        line.answer()
        qtbot.waitUntil(lambda count=count: len(line.asked) == count)
    assert _skips(line) == wanted
