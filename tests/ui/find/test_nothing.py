"""No results is not a dead end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.finding.language import parse
from app.rows import Elsewhere, FindResult, FindSpec, Looser, NewRequest
from app.vocabulary.terms import Vocabulary
from tests.ui import fake_rows
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.pages.find.nothing import Way, quoted, request_for, ways_on
from ui.pages.find.page import FindPage

LEFT = Qt.MouseButton.LeftButton


def nothing_for(qtbot: QtBot, page: FindPage, text: str) -> None:
    page.search_for(text)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)


def test_a_word_can_be_left_out(qtbot: QtBot, page: FindPage) -> None:
    nothing_for(qtbot, page, "trust kubernetes")
    assert page.nothing.title.text() == "Nothing found for “trust kubernetes”"
    drop = page.nothing.way_buttons[1]
    assert page.nothing.ways_label.text() == "Leave one out:"
    assert drop.accessibleName() == "Search without kubernetes"
    qtbot.mouseClick(drop, LEFT)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.results)
    assert page.header.text() == "trust"


def test_filters_can_be_cleared_when_they_hide_everything(qtbot: QtBot, page: FindPage) -> None:
    page.facet_model.set_filters((("persona", ("no_such",)),))
    nothing_for(qtbot, page, "trust")
    assert "have the words, but not what else you ask for" in page.nothing.text.text()
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


def found_nothing(text: str, **changes: object) -> FindResult:
    """An empty answer, its text read by the real language."""
    parts = parse(text, Vocabulary(fake_rows.FACETS), exact=True).parts
    plain = FindResult(FindSpec(text), "", (), 0, True, 1.0, (), parts=parts)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_request_takes_the_filters_as_wishes_and_leaves_out_what_is_not_wanted() -> None:
    filters = (("persona", ("it", "finance")), ("content_type", ("deck",)), ("stage", ("-any",)))
    spec = FindSpec("hipaa", filters)
    made = request_for(found_nothing("hipaa", spec=spec))
    assert (made.persona, made.content_type, made.stage) == ("it", "deck", "")


def test_a_request_says_the_words_and_keeps_the_search_as_it_was_typed() -> None:
    text = 'persona:finance "bridge letter" SOC -draft used:>5'
    made = request_for(found_nothing(text))
    assert (made.need, made.search) == ("bridge letter SOC", text)
    assert request_for(found_nothing("persona:finance")).need == "persona:finance"


LOOSER = (
    Looser("not IT", 9, FindSpec("trust", (("stage", ("discovery",)),))),
    Looser("Stage: Discovery & more", 1, FindSpec("trust", (("persona", ("-it",)),))),
)


def test_each_filter_in_the_way_is_offered_with_what_there_would_be_without_it(
    qtbot: QtBot, page: FindPage
) -> None:
    page.facet_model.set_filters((("persona", ("-it",)), ("stage", ("discovery",))))
    result = found_nothing("trust", without=LOOSER, filtered_out=12, spec=FindSpec(
        "trust", (("persona", ("-it",)), ("stage", ("discovery",)))
    ))  # fmt: skip
    page.nothing.show_no_results(result, chosen=True)
    page.stack.setCurrentWidget(page.nothing)
    first, second, third = page.nothing.way_buttons[:3]
    assert page.nothing.text.text() == ("12 assets have the words, but not what else you ask for.")
    assert first.text() == "not IT  ·  9"
    assert first.accessibleName() == "Search without not IT: 9 results"
    assert second.text() == "Stage: Discovery && more  ·  1"
    assert not third.isVisible()
    qtbot.mouseClick(first, LEFT)
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec == FindSpec(
        "trust", (("stage", ("discovery",)),), limit=page.flow.spec.limit))  # fmt: skip
    assert page.facet_model.filters() == (("stage", ("discovery",)),)
    assert page.header.text() == "trust"


def test_phrases_and_fields_are_left_out_whole() -> None:
    ways = ways_on(found_nothing('"zero trust" title:kubernetes'))
    assert ways == [
        Way(
            "the quotes",
            "Search for zero trust title:kubernetes without quotes",
            "zero trust title:kubernetes",
        ),
        Way('"zero trust"', 'Search without "zero trust"', "title:kubernetes"),
        Way("title:kubernetes", "Search without title:kubernetes", '"zero trust"'),
    ]
    assert ways_on(found_nothing("one")) == []
    assert [way.text for way in ways_on(found_nothing('"zero trust"'))] == ["zero trust"]
    assert quoted('"zero trust"') == quoted("zero trust") == "“zero trust”"
    assert quoted('"a" "b"') == '“"a" "b"”'


def test_archived_and_missing_matches_lead_to_where_they_are(
    qtbot: QtBot, page: FindPage, told: Told
) -> None:
    nothing_for(qtbot, page, "no such words")
    assert page._last is not None
    elsewhere = (
        Elsewhere("archived", 3, "3 matches are archived."),
        Elsewhere("missing", 1, "1 match is missing: the files are not where they were."),
    )
    page.nothing.show_no_results(replace(page._last.result, elsewhere=elsewhere), chosen=False)
    (said, archived), (_, missing) = page.nothing.elsewhere
    assert said.text() == "3 matches are archived."
    assert archived.accessibleName() == "Show the archived matches"
    qtbot.mouseClick(missing, LEFT)
    assert told.went == [("library", {})]
    qtbot.mouseClick(archived, LEFT)
    assert page.facet_model.filters() == (("status", ("archived",)),)
    assert page.header.text() == "no such words"
    page.nothing.show_empty_library()
    assert not archived.isVisible()


def test_an_empty_library_leads_to_its_folders(
    qtbot: QtBot, blank: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    fake_library.hits, fake_library.root_rows = {}, []
    blank.show()
    blank.activate()
    qtbot.waitUntil(lambda: blank.stack.currentWidget() is blank.nothing)
    assert blank.nothing.title.text() == "The library is empty"
    assert not blank.nothing.request.isVisible()
    qtbot.mouseClick(blank.nothing.folder, LEFT)
    assert told.went == [("library", {})]


def test_a_folder_that_was_just_added_is_not_asked_for_again(
    qtbot: QtBot, blank: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.hits, fake_library.root_rows = {}, []
    blank.show()
    blank.activate()
    qtbot.waitUntil(lambda: blank.stack.currentWidget() is blank.nothing)
    fake_library.root_rows = [fake_rows.roots()[0]]
    blank.on_changes(Changes(frozenset({"roots"})))
    qtbot.waitUntil(lambda: blank.nothing.title.text() == "Nothing has been read yet")
    assert blank.nothing.text.text().startswith("Your folder is looked through")
