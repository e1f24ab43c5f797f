"""No results is not a dead end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.rows import FindResult, FindSpec, NewRequest
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.pages.find.nothing import request_for, without
from ui.pages.find.page import FindPage

LEFT = Qt.MouseButton.LeftButton


def nothing_for(qtbot: QtBot, page: FindPage, text: str) -> None:
    page.search_for(text)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)


def test_a_word_can_be_left_out(qtbot: QtBot, page: FindPage) -> None:
    nothing_for(qtbot, page, "trust kubernetes")
    assert page.nothing.title.text() == "Nothing found for “trust kubernetes”"
    drop = page.nothing._drop_buttons[1]
    assert drop.accessibleName() == "Search without kubernetes"
    qtbot.mouseClick(drop, LEFT)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.results)
    assert page.header.text() == "trust"


def test_filters_can_be_cleared_when_they_hide_everything(qtbot: QtBot, page: FindPage) -> None:
    page.facet_model.set_filters((("persona", ("no_such",)),))
    nothing_for(qtbot, page, "trust")
    assert "would match without filters" in page.nothing.text.text()
    qtbot.mouseClick(page.nothing.clear, LEFT)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.results)
    assert page.facet_model.filters() == ()


def test_a_suggestion_is_offered_and_taken(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fake_library.find
    monkeypatch.setattr(
        fake_library,
        "find",
        lambda spec: (
            replace(real(spec), suggestion="trust") if spec.text == "trsut" else real(spec)
        ),
    )
    nothing_for(qtbot, page, "trsut")
    assert "trust" in page.nothing.guess.text()
    qtbot.mouseClick(page.nothing.guess, LEFT)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.results)


def test_what_is_missing_can_be_requested(
    qtbot: QtBot, page: FindPage, monkeypatch: pytest.MonkeyPatch, fake_library: FakeLibrary
) -> None:
    """The product's own loop: a search in vain becomes a request, filled in."""
    asked: list[NewRequest] = []

    class Dialog:
        def __init__(self, _context: object, prefill: NewRequest) -> None:
            asked.append(prefill)

        def open(self) -> None:
            pass

    monkeypatch.setattr("ui.dialogs.request.RequestDialog", Dialog)
    nothing_for(qtbot, page, "SOC 2 bridge letter")
    qtbot.mouseClick(page.nothing.request, LEFT)
    assert asked[0].need == asked[0].search == "SOC 2 bridge letter"
    qtbot.waitUntil(lambda: [s.text for s in fake_library.searches] == ["SOC 2 bridge letter"])


def test_a_request_takes_the_filters_as_wishes() -> None:
    spec = FindSpec("hipaa", (("persona", ("it", "finance")), ("content_type", ("deck",))))
    made = request_for(FindResult(spec, "", (), 0, True, 1.0, ()))
    assert (made.persona, made.content_type, made.stage) == ("it", "deck", "")


def test_an_empty_library_leads_to_its_folders(
    qtbot: QtBot, blank: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    fake_library.hits = {}
    blank.show()
    blank.activate()
    qtbot.waitUntil(lambda: blank.stack.currentWidget() is blank.nothing)
    assert blank.nothing.title.text() == "The library is empty"
    assert not blank.nothing.request.isVisible()
    qtbot.mouseClick(blank.nothing.folder, LEFT)
    assert told.went == [("library", {})]


def test_without() -> None:
    assert without("a b c", 1) == "a c"
