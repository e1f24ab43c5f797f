"""A list of thousands: loaded in parts, selected whole, and each hit made once (SC-7)."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.rows import FindResult, FindSpec, PageHit
from tests.ui import fake_rows
from tests.ui.fakes import FakeLibrary
from ui.models.hits import HIT_ROLE, PAGE
from ui.pages.find.choosing import chosen_rows, selection_of
from ui.pages.find.page import FindPage
from ui.pages.find.search import FIRST

MANY = 1_230


@pytest.fixture
def asked(
    page: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> list[FindSpec]:
    del page
    fake_library.hits = {n: fake_rows.hit(n) for n in range(1, MANY + 1)}
    specs: list[FindSpec] = []
    real = fake_library.find

    def find(spec: FindSpec) -> FindResult:
        specs.append(spec)
        return real(spec)

    monkeypatch.setattr(fake_library, "find", find)
    return specs


@pytest.fixture
def long(qtbot: QtBot, asked: list[FindSpec], page: FindPage) -> FindPage:
    page.search_for("")
    qtbot.waitUntil(lambda: len(page.hit_model.hits) == FIRST and page.header.field.text() == "")
    asked.clear()
    return page


def _parts(asked: list[FindSpec]) -> list[tuple[int, int]]:
    return [(spec.skip, spec.limit) for spec in asked]


def test_to_the_end_each_hit_is_made_once(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec]
) -> None:
    while not long.hit_model.complete:
        loaded = len(long.hit_model.hits)
        long.results.scrollToBottom()
        qtbot.waitUntil(lambda known=loaded: len(long.hit_model.hits) > known or
                        long.hit_model.complete)  # fmt: skip
    assert [hit.asset_id for hit in long.hit_model.hits] == list(range(1, MANY + 1))
    assert all(limit == PAGE for _, limit in _parts(asked))
    skips = [skip for skip, _ in _parts(asked)]
    assert skips == sorted(set(skips))


def test_select_all_selects_what_is_not_loaded_yet(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec]
) -> None:
    long.results.setFocus()
    qtbot.keyClick(long.results, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: long.results.selected_count() == MANY)
    assert len(long.results.selected_hits()) == MANY
    assert len(asked) == -(-(MANY - FIRST) // PAGE)


def test_another_key_ends_selecting_all(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec]
) -> None:
    long.results.setFocus()
    qtbot.keyClick(long.results, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(long.results, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not long.flow.busy and len(long.hit_model.hits) > FIRST)
    qtbot.wait(50)
    assert long.results.selected_count() == 1
    assert len(asked) == 1


def test_a_refresh_keeps_a_thousand_selected_in_one_stretch(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec]
) -> None:
    long.results.setFocus()
    long.results.selectAll()
    qtbot.waitUntil(lambda: long.results.selected_count() == MANY)
    asked.clear()
    # Another order of the same hits, so that the rows are reset.
    page, kept = long.results, [hit.asset_id for hit in long.hit_model.hits]
    page.replace(tuple(reversed(long.hit_model.hits)), complete=True, quiet=True)
    assert page.selected_count() == MANY
    assert page.selectionModel().selection().count() == 1
    assert [hit.asset_id for hit in page.selected_hits()] == kept[::-1]


def test_rows_are_told_and_chosen_by_stretches(qtbot: QtBot, long: FindPage) -> None:
    del qtbot
    model = long.results.selectionModel()
    rows = [0, 1, 2, 7, 9, 10]
    selection = selection_of(long.hit_model, rows)
    assert selection.count() == 3
    model.select(selection, model.SelectionFlag.ClearAndSelect)
    assert chosen_rows(model) == rows
    assert long.results.selected_count() == len(rows)


def test_a_long_list_is_told_anew_in_parts_the_one_on_screen_first(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec], fake_library: FakeLibrary
) -> None:
    long.results.selectAll()
    qtbot.waitUntil(lambda: long.results.selected_count() == MANY)
    long.results.scrollTo(long.hit_model.index(700, 0))
    asked.clear()
    told: list[int] = []
    long.hit_model.dataChanged.connect(lambda first, last: told.extend((first.row(), last.row())))
    fake_library.hits[650] = replace(fake_library.hits[650], title="Told anew")
    long._refresh()
    qtbot.waitUntil(lambda: len(asked) >= 2)
    assert _parts(asked)[0] == (600, PAGE)
    assert long.hit_model.hits[649].title == "Told anew"
    assert told == [649, 649]
    assert long.results.selected_count() == MANY
    qtbot.waitUntil(lambda: len(asked) == -(-MANY // PAGE))
    assert sorted(skip for skip, _ in _parts(asked)) == list(range(0, MANY, PAGE))


def test_typing_ends_the_parts(qtbot: QtBot, long: FindPage, asked: list[FindSpec]) -> None:
    long.results.selectAll()
    qtbot.waitUntil(lambda: long.results.selected_count() == MANY)
    asked.clear()
    long._refresh()
    long.search_for("trust")
    qtbot.waitUntil(lambda: long._last is not None and long._last.result.spec.text == "trust")
    qtbot.wait(150)
    assert [spec.text for spec in asked if spec.skip] == []


def test_where_the_order_is_another_the_whole_list_is_asked_for(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec], fake_library: FakeLibrary
) -> None:
    long.results.selectAll()
    qtbot.waitUntil(lambda: long.results.selected_count() == MANY)
    asked.clear()
    fake_library.hits = dict(sorted(fake_library.hits.items(), reverse=True))
    long._refresh()
    qtbot.waitUntil(lambda: long.hit_model.hits[0].asset_id == MANY)
    assert (0, MANY) in _parts(asked)
    assert long.results.selected_count() == MANY


def test_a_long_list_is_laid_out_without_asking_python_for_each_row(
    qtbot: QtBot, long: FindPage
) -> None:
    long.results.selectAll()
    qtbot.waitUntil(lambda: long.hit_model.complete)
    called: list[str] = []
    sys.setprofile(lambda frame, event, _: called.append(frame.f_code.co_name)
                   if event == "call" else None)  # fmt: skip
    try:
        long.results.doItemsLayout()
    finally:
        sys.setprofile(None)
    assert long.hit_model.rowCount() == MANY
    assert len(called) < MANY / 10


def test_pages_unfolded_below_the_rows_shown_are_not_counted(long: FindPage) -> None:
    model = long.hit_model
    hits = tuple(fake_rows.hit(n) for n in range(1, PAGE + 51))
    model.replace(hits, complete=True)
    model.unfold(1, [PageHit(98, "slide 98", "", ()), PageHit(99, "slide 99", "", ())])
    opened = model.rowCount() - PAGE
    assert opened > 0
    assert model.replace((*hits[1:], hits[0]), complete=True, keep_shown=True)
    assert model.rowCount() == PAGE
    assert model.data(model.index(PAGE - 1), HIT_ROLE) == hits[PAGE]


def test_the_hits_of_a_long_list_go_some_at_a_time(qtbot: QtBot, long: FindPage) -> None:
    model = long.hit_model
    model.replace([fake_rows.hit(n) for n in range(1, MANY + 1)], complete=True)
    model.replace([fake_rows.hit(MANY + 1)], complete=True)
    assert len(model._leaving) == MANY
    model._turns._do_next()
    assert MANY > len(model._leaving) > 0
    qtbot.waitUntil(lambda: not model._leaving)


def test_while_one_types_only_what_is_in_sight_is_asked_for(
    qtbot: QtBot, long: FindPage, asked: list[FindSpec]
) -> None:
    room = long.results.room()
    assert 3 < room < FIRST
    long.header.field.setFocus()
    qtbot.keyClicks(long.header.field, "trust")
    qtbot.waitUntil(lambda: not long.flow.busy and asked[-1].text == "trust")
    qtbot.wait(50)
    assert {(spec.skip, spec.limit) for spec in asked} == {(0, room)}
    assert len(long.hit_model.hits) == room
    long.results.scrollToBottom()
    qtbot.waitUntil(lambda: len(long.hit_model.hits) > room)
    assert _parts(asked)[-1] == (room, PAGE)
    qtbot.keyClick(long.header.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (asked[-1].limit, asked[-1].exact) == (FIRST, True))
