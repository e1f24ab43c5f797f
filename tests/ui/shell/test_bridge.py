"""Reads, mutations, undo and redo through the bridge."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.errors import UserError
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context


def _tag(context: Context, numbers: list[int], term: str = "cfo") -> None:
    context.bridge.mutate(
        context.bridge, lambda library: library.tag(numbers, add=[("persona", term)])
    )


def _slugs(library: FakeLibrary, number: int) -> set[str]:
    return {tag.slug for tag in library.hits[number].tags}


def test_a_read_runs_off_the_ui_thread_and_answers_on_it(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    got: list[object] = []
    context.bridge.read(context.bridge, lambda library: library.status().assets, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [24]
    assert all(thread.startswith("read") for _, thread in fake_library.calls)


def test_a_mutation_tells_everyone_and_can_be_undone_and_done_again(
    context: Context, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    heard: list[Changes] = []
    context.bridge.changed.connect(heard.append)
    before = _slugs(fake_library, 1)
    _tag(context, [1, 2])
    qtbot.waitUntil(lambda: len(heard) == 1)
    assert heard[0].kinds == {"tags"}
    assert heard[0].asset_ids == (1, 2)
    assert _slugs(fake_library, 1) == before | {"cfo"}
    assert told.notices[-1].text == "2 assets tagged cfo"
    assert told.notices[-1].action is not None
    told.notices[-1].action[1]()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert _slugs(fake_library, 1) == before
    context.bridge.redo()
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert _slugs(fake_library, 1) == before | {"cfo"}
    context.bridge.undo()
    qtbot.waitUntil(lambda: len(heard) == 4)
    assert _slugs(fake_library, 1) == before


def test_hasty_undo_and_redo_come_out_in_order(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    heard: list[Changes] = []
    context.bridge.changed.connect(heard.append)
    _tag(context, [1], "one")
    _tag(context, [1], "two")
    qtbot.waitUntil(lambda: len(heard) == 2)
    context.bridge.undo()
    context.bridge.undo()
    context.bridge.redo()
    qtbot.waitUntil(lambda: len(heard) == 5)
    assert "one" in _slugs(fake_library, 1)
    assert "two" not in _slugs(fake_library, 1)
    assert context.bridge.stack.undoText() == "1 assets tagged one"
    assert context.bridge.stack.redoText() == "1 assets tagged two"


def test_a_failed_mutation_speaks_and_leaves_nothing_to_undo(
    context: Context, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    fake_library.fail["tag"] = UserError("There is no such term.")
    _tag(context, [1])
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[0].kind == "problem"
    assert told.notices[0].text == "There is no such term."
    assert not context.bridge.stack.canUndo()


def test_a_failed_undo_speaks_and_does_not_come_back(
    context: Context, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    _tag(context, [1])
    qtbot.waitUntil(context.bridge.stack.canUndo)
    fake_library.fail["restore_tags"] = UserError("Somebody changed it since.")
    context.bridge.undo()
    qtbot.waitUntil(lambda: told.notices[-1].kind == "problem")
    calls = len(fake_library.calls)
    context.bridge.redo()
    qtbot.wait(30)
    assert [name for name, _ in fake_library.calls[calls:]] == []


def test_a_quiet_mutation_says_nothing(
    context: Context, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    heard: list[Changes] = []
    context.bridge.changed.connect(heard.append)
    context.bridge.mutate(context.bridge, lambda library: library.vote(1), quiet=True)
    qtbot.waitUntil(lambda: bool(heard))
    assert told.notices == []


def test_closing_finishes_what_was_accepted(context: Context, fake_library: FakeLibrary) -> None:
    for number in range(1, 21):
        _tag(context, [number])
    context.bridge.close(3.0)
    assert all("cfo" in _slugs(fake_library, number) for number in range(1, 21))
    assert fake_library.closed
