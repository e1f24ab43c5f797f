"""The find page as a person uses it: type, choose, look, come back."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.errors import EnvironmentProblem
from app.rows import FindResult, FindSpec
from tests.ui import fake_rows
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.pages.find.header import count_words
from ui.pages.find.page import FindPage
from ui.pages.find.search import FIRST
from ui.pictures import Picture

KEY = Qt.Key


def searched(library: FakeLibrary) -> int:
    return sum(method == "find" for method, _ in library.calls)


def current(page: FindPage) -> int:
    """The number of the current asset; 0 for none."""
    hit = page.results.current_hit()
    return hit.asset_id if hit is not None else 0


def settle(qtbot: QtBot, page: FindPage, text: str) -> None:
    """Wait until the answer to ``text`` is shown, with its counts and its preview."""
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == text)
    qtbot.waitUntil(lambda: not page._late.busy)


def test_typing_searches_for_the_first_letter_and_the_whole_word(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    before = searched(fake_library)
    qtbot.keyClicks(page.header.field, "trust")
    settle(qtbot, page, "trust")
    assert searched(fake_library) == before + 2
    assert page._last is not None
    assert page.header.count.text() == f"{page._last.result.total} results"
    assert all(
        "trust" in hit.snippet or "trust" in hit.title.lower() for hit in page.hit_model.hits
    )


def test_the_newest_keystroke_wins(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fake_library.find

    def find(spec: FindSpec) -> FindResult:
        if spec.text == "trust":
            time.sleep(0.25)
        return real(spec)

    monkeypatch.setattr(fake_library, "find", find)
    page.search_for("trust")
    page.search_for("security")
    settle(qtbot, page, "security")
    qtbot.wait(350)
    assert page._last is not None
    assert page._last.result.spec.text == "security"


def test_nothing_of_it_runs_on_the_window_thread(page: FindPage, fake_library: FakeLibrary) -> None:
    assert fake_library.calls
    assert not [call for call in fake_library.calls if call[1] == "MainThread"]


def test_a_filter_narrows_and_its_chip_widens_again(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    row = page.facet_model.row_of(("term", "persona", "finance"))
    page.facets.list.setCurrentIndex(page.facet_model.index(row))
    qtbot.keyClick(page.facets.list, KEY.Key_Space)
    qtbot.waitUntil(lambda: len(page.hit_model.hits) < len(fake_library.hits))
    chip = page.header.chips.buttons[0]
    assert chip.isVisible()
    assert chip.accessibleName() == "Remove filter Finance"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.hit_model.hits) == len(fake_library.hits))
    assert not chip.isVisible()


def test_two_terms_of_a_facet_widen_and_two_facets_narrow(qtbot: QtBot, page: FindPage) -> None:
    def total_of(*chosen: tuple[str, str]) -> int:
        page.facet_model.clear()
        for facet, slug in chosen:
            page.facet_model.toggle(page.facet_model.row_of(("term", facet, slug)))
        wanted = page.facet_model.filters()
        qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.filters == wanted)
        assert page._last is not None
        return page._last.result.total

    one = total_of(("persona", "finance"))
    assert total_of(("persona", "finance"), ("persona", "it")) > one
    assert total_of(("persona", "finance"), ("stage", "discovery")) < one


def test_typing_does_not_rebuild_the_filters(qtbot: QtBot, page: FindPage) -> None:
    before = page.facets.findChildren(QWidget)
    page.search_for("zero")
    settle(qtbot, page, "zero")
    assert page.facets.findChildren(QWidget) == before


def test_sorting_asks_again(qtbot: QtBot, page: FindPage) -> None:
    page.header.set_sort("newest")
    page.header.sort_changed.emit()
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.sort == "newest")
    assert page.results._paints.dated
    page.header.set_sort("title")
    page.header.sort_changed.emit()
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.sort == "title")
    titles = [hit.title for hit in page.hit_model.hits]
    assert titles == sorted(titles)
    assert not page.results._paints.dated


def test_a_quiet_refresh_keeps_selection_and_scroll(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.results.select_asset(9)
    qtbot.keyClick(page.results, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    page.results.verticalScrollBar().setValue(500)
    chosen = [hit.asset_id for hit in page.results.selected_hits()]
    before = searched(fake_library)
    fake_library.hits[2] = replace(fake_library.hits[2], uses=4711)
    del fake_library.hits[1]
    page.on_changes(Changes(frozenset({"assets"}), (1, 2)))
    qtbot.waitUntil(lambda: searched(fake_library) > before and 1 not in
                    [hit.asset_id for hit in page.hit_model.hits])  # fmt: skip
    assert [hit.asset_id for hit in page.results.selected_hits()] == chosen
    assert page.results.verticalScrollBar().value() == 500
    assert current(page) == chosen[-1]


def test_a_change_while_hidden_is_caught_up_with_when_shown(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.hide()
    del fake_library.hits[1]
    before = searched(fake_library)
    page.on_changes(Changes(frozenset({"assets"})))
    qtbot.wait(250)
    assert searched(fake_library) == before
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: len(page.hit_model.hits) == len(fake_library.hits))


def test_a_logged_search_does_not_search_again(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    before = searched(fake_library)
    page.on_changes(Changes(frozenset({"events"})))
    qtbot.wait(250)
    assert searched(fake_library) == before


def test_going_to_an_asset_selects_it(qtbot: QtBot, page: FindPage) -> None:
    page.activate(asset_id=7)
    assert current(page) == 7


def test_going_to_an_asset_outside_the_present_list_finds_it(qtbot: QtBot, page: FindPage) -> None:
    page.search_for("no such words")
    settle(qtbot, page, "no such words")
    page.activate(asset_id=3)
    qtbot.waitUntil(lambda: current(page) == 3)  # fmt: skip


def test_going_to_an_asset_that_is_gone_says_so(qtbot: QtBot, page: FindPage, told: Told) -> None:
    page.activate(asset_id=4040)
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[0].text == "There is no asset 4040."


def test_activate_with_a_text_searches_for_it(qtbot: QtBot, page: FindPage) -> None:
    page.activate(text="security")
    settle(qtbot, page, "security")
    assert page.header.text() == "security"


def test_the_preview_starts_at_the_matching_page_and_turns(qtbot: QtBot, page: FindPage) -> None:
    page.results.select_asset(4)
    hit = page.results.current_hit()
    assert hit is not None
    qtbot.waitUntil(lambda: page.preview.detail is not None and page.preview.detail.id == 4)
    assert page.preview.page == hit.page
    page.results.setFocus()
    qtbot.keyClick(page.results, KEY.Key_Right)
    assert page.preview.page == hit.page + 1
    qtbot.keyClick(page.results, KEY.Key_Left)
    assert page.preview.page == hit.page
    page.preview.step(-100)
    assert page.preview.page == 1
    assert not page.preview.pager.back.isEnabled()


def test_the_preview_tells_status_owner_use_and_place(page: FindPage) -> None:
    facts = page.preview.facts
    assert facts.text_of("Owner") == "Priya Raman"
    assert facts.text_of("Version") == "2 of 2"
    assert "by" in facts.text_of("Used in 90 days")
    assert page.preview.detail is not None
    assert facts.text_of("File") == page.preview.detail.file_path


def test_a_superseded_asset_warns_and_leads_to_its_replacement(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fake_library.asset
    monkeypatch.setattr(
        fake_library,
        "asset",
        lambda number: replace(
            real(number), trust="superseded", superseded_by=8, superseded_by_title="New <i>one</i>"
        ),
    )
    page.results.select_asset(6)
    qtbot.waitUntil(lambda: page.preview.warning.isVisible())
    assert "superseded" in page.preview.warning.label.text()
    qtbot.mouseClick(page.preview.warning.button, Qt.MouseButton.LeftButton)
    assert current(page) == 8


def test_the_words_are_marked_on_pages_of_pdf(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.hits[2] = replace(fake_library.hits[2], kind="pdf")
    page.search_for("zero-trust")
    settle(qtbot, page, "zero-trust")
    page.results.select_asset(2)
    located = page.pictures.located  # type: ignore[attr-defined]
    assert (fake_library.hits[2].file_path, fake_library.hits[2].page) in located
    page.quick_look()
    assert page._look is not None
    assert page._look.canvas._boxes == [[0.1, 0.1, 0.2, 0.12]]


def test_quick_look_opens_with_space_turns_pages_and_closes(qtbot: QtBot, page: FindPage) -> None:
    page.results.select_asset(5)
    page.results.setFocus()
    qtbot.keyClick(page.results, KEY.Key_Space)
    look = page._look
    assert look is not None
    assert look.isVisible()
    at = page.preview.page
    qtbot.keyClick(look, KEY.Key_Right)
    assert page.preview.page == at + 1
    qtbot.keyClick(look, KEY.Key_Down)
    assert page.results.currentIndex().row() == 5
    qtbot.keyClick(look, KEY.Key_Escape)
    assert not look.isVisible()


def test_quick_look_begins_with_the_small_picture_of_the_page(page: FindPage) -> None:
    """The large one may take a while to draw, and a blank sheet says nothing."""
    page.results.select_asset(5)
    page._late.finish()
    canvas = page.preview.canvas
    small = Picture(QImage(40, 30, QImage.Format.Format_RGB32), "page")
    canvas._set(small)
    page.quick_look()
    look = page._look
    assert look is not None
    assert look.canvas.picture is small
    look.resize(900, 600)
    assert look.canvas.picture is small, "it waits for another one now"
    assert not look.canvas._blank.isActive()
    page.preview.step(1)
    assert look.canvas._blank.isActive(), "that is no picture of the next page"


def test_down_from_the_field_goes_to_the_results(qtbot: QtBot, page: FindPage) -> None:
    page.search_for("zero")
    settle(qtbot, page, "zero")
    qtbot.keyClick(page.header.field, KEY.Key_Down)
    assert page.results.hasFocus() or page.window().focusWidget() is page.results


def test_escape_in_the_field_clears_it(qtbot: QtBot, page: FindPage) -> None:
    page.search_for("zero")
    settle(qtbot, page, "zero")
    qtbot.keyClick(page.header.field, KEY.Key_Escape)
    settle(qtbot, page, "")


def test_what_was_searched_is_remembered(
    qtbot: QtBot, page: FindPage, context: Context, fake_library: FakeLibrary
) -> None:
    page.facet_model.toggle(page.facet_model.row_of(("term", "stage", "discovery")))
    page.header.set_sort("newest")
    page.search_for("trust")
    settle(qtbot, page, "trust")
    qtbot.waitUntil(lambda: context.state.get("find.text", "") == "trust", timeout=3000)
    page.hide()
    other = FindPage(context)
    qtbot.addWidget(other)
    assert other.header.text() == "trust"
    assert other.header.sort_key() == "newest"
    assert other.facet_model.filters() == (("stage", ("discovery",)),)


def test_the_list_of_last_time_is_there_before_any_answer(
    qtbot: QtBot, page: FindPage, context: Context, fake_library: FakeLibrary
) -> None:
    context.state.save_list(page.hit_model.hits)
    context.state.close()
    other = FindPage(context)
    qtbot.addWidget(other)
    assert [h.asset_id for h in other.hit_model.hits] == [h.asset_id for h in page.hit_model.hits]


def test_without_a_remembered_list_there_are_placeholders(blank: FindPage) -> None:
    assert blank.hit_model.skeleton
    assert blank.hit_model.rowCount() > 0


def test_the_splitter_is_remembered(qtbot: QtBot, page: FindPage, context: Context) -> None:
    page.splitter.setSizes([200, 700, 480])
    page.splitter.splitterMoved.emit(200, 1)
    sizes = page.splitter.sizes()
    other = FindPage(context)
    qtbot.addWidget(other)
    other.resize(page.size())
    other.show()
    assert other.splitter.sizes() == sizes
    # Nobody holds it from here on: it may go while it is painted.
    other.close()


def test_room_that_the_window_gains_goes_to_the_results(page: FindPage) -> None:
    before = page.splitter.sizes()
    page.resize(page.width() + 200, page.height())
    page.layout().activate()
    assert page.splitter.sizes() == [before[0], before[1] + 200, before[2]]


def test_a_failed_search_says_why_and_can_be_tried_again(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.fail["find"] = EnvironmentProblem("The disk cannot be read. Check its cable.")
    page.search_for("zero")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)
    assert page.nothing.text.text() == "The disk cannot be read. Check its cable."
    qtbot.mouseClick(page.nothing.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.results)


def result(**changes: object) -> FindResult:
    plain = FindResult(FindSpec("zero trust"), "", (), 5, True, 3.2, ())
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_header_says_when_the_count_is_a_lower_bound() -> None:
    assert count_words(result(total=1000, exact=False)) == "at least 1,000 results"
    assert count_words(result(total=1)) == "1 result"


def test_header_shows_limits_relaxation_and_suggestion(page: FindPage) -> None:
    page.header.set_result(
        result(limited="Only titles were searched.", relaxed="No asset has all words.",
               suggestion="zero thrust")
    )  # fmt: skip
    assert page.header.limited.isVisible()
    assert page.header.note.text() == "No asset has all words."
    assert "zero thrust" in page.header.suggestion.text()


def test_long_lists_are_read_further(
    qtbot: QtBot, blank: FindPage, fake_library: FakeLibrary
) -> None:
    fake_library.hits = {n: fake_rows.hit(n) for n in range(1, 501)}
    blank.show()
    blank.activate()
    qtbot.waitUntil(lambda: blank.hit_model.rowCount() >= FIRST)
    bar = blank.results.verticalScrollBar()
    for _ in range(8):
        bar.setValue(bar.maximum())
        qtbot.wait(60)
    qtbot.waitUntil(lambda: blank.hit_model.rowCount() == 500)


def test_the_words_of_an_enter_stay_whole_until_they_are_changed(
    qtbot: QtBot, page: FindPage
) -> None:
    def exact(text: str, sort: str) -> bool:
        def answered() -> bool:
            spec = page._last.result.spec if page._last is not None else FindSpec()
            return (spec.text, spec.sort) == (text, sort) and not page.flow.busy

        qtbot.waitUntil(answered)
        return page.flow.spec.exact

    qtbot.keyClicks(page.header.field, "trust")
    qtbot.keyClick(page.header.field, KEY.Key_Return)
    assert exact("trust", "best")
    page.header.set_sort("newest")
    page.ask_now()
    assert exact("trust", "newest")
    page.facet_model.toggle(page.facet_model.row_of(("term", "stage", "discovery")))
    assert exact("trust", "newest")
    assert page.flow.spec.filters
    qtbot.keyClicks(page.header.field, "x")
    assert not exact("trustx", "newest")
    qtbot.keyClick(page.header.field, KEY.Key_Backspace)
    assert not exact("trust", "newest")


def test_details_of_what_comes_first_wait_while_one_types(qtbot: QtBot, page: FindPage) -> None:
    pause = page.preview._pause
    qtbot.keyClicks(page.header.field, "trust")
    settle(qtbot, page, "trust")
    typing = pause.interval()
    page.results.select_row(1)
    page._late.finish()
    assert pause.isActive()
    assert pause.interval() < typing


def test_the_preview_follows_at_once_when_its_page_is_wanted(qtbot: QtBot, page: FindPage) -> None:
    page.results.select_row(3)
    page._late.finish()
    before, shown = page.preview.hit, []

    def look(_answer: object) -> None:
        shown.append(page.preview.hit)
        page.quick_look()
        shown.append(page.preview.hit)

    page.flow.answered.connect(look)
    page.search_for("zero-trust")
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [before, page.results.current_hit()]


def test_what_turns_the_page_turns_that_of_the_asset_just_chosen(page: FindPage) -> None:
    page.results.select_asset(4)
    page.turn(1)
    hit = page.results.current_hit()
    assert hit is not None
    assert (page.preview.hit, page.preview.page) == (hit, hit.page + 1)
