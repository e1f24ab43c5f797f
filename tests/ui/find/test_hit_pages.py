"""Hits by slide: unfolding them in the list, walking through them in the preview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.changes import Changes
from app.rows import PageHit, PagesFound
from tests.ui import fake_rows
from tests.ui.fakes import FakeLibrary
from tests.ui.find.conftest import FakeOutside
from ui.models.hits import HIT_ROLE, PAGE_ROLE, HitModel, at_page
from ui.models.pages import FOUND_ROLE, PageModel
from ui.pages.find import preview as preview_module
from ui.pages.find.page import FindPage
from ui.pages.find.pager import hit_words, next_hit
from ui.pictures import Picture

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def pages(*numbers: int) -> list[PageHit]:
    return [PageHit(n, f"slide {n}", f"says {n}", ()) for n in numbers]


def shown(model: HitModel) -> list[str]:
    """Each row as "asset" or "asset/page"."""
    out = []
    for row in range(model.rowCount()):
        index = model.index(row)
        page = model.page(index)
        out.append(f"{index.data(HIT_ROLE).asset_id}" + (f"/{page.page}" if page else ""))
    return out


def model_of(count: int) -> HitModel:
    model = HitModel()
    model.replace([replace(fake_rows.hit(n), page=2) for n in range(1, count + 1)], complete=True)
    return model


def test_the_model_obeys_qt_while_pages_come_and_go(qtmodeltester: ModelTester) -> None:
    model = model_of(5)
    qtmodeltester.check(model)
    model.unfold(2, pages(1, 2, 3))
    model.unfold(4, pages(7))
    model.take_found([PagesFound(1, (1, 2, 3)), PagesFound(99, ())])
    model.fold(2)
    model.replace([fake_rows.hit(n) for n in (4, 5)], complete=True, keep_shown=True)
    qtmodeltester.check(model)


def test_pages_stand_below_their_hit_without_the_one_it_shows() -> None:
    model = model_of(3)
    model.unfold(2, pages(1, 2, 3))
    assert shown(model) == ["1", "2", "2/1", "2/3", "3"]
    assert (model.row_of(3), model.row_of(2, 3), model.row_of(2, 9)) == (4, 3, 1)
    index = model.index(2)
    assert index.data(PAGE_ROLE).page == 1
    assert index.data(SPOKEN) == "slide 1: says 1"
    assert str(model.index(1).data(SPOKEN)).endswith(", unfolded")
    model.fold(2)
    assert shown(model) == ["1", "2", "3"]


def test_all_rows_told_anew_are_not_looked_for_one_by_one(monkeypatch) -> None:
    """Each look goes through the whole list: with 10,000 rows the window stood for 0.8 s."""
    model, looks, told = model_of(50), [], []
    model.unfold(2, pages(1, 3))
    row_of, place_of = model._row_at, model.place_of
    monkeypatch.setattr(model, "_row_at", lambda at: looks.append(at) or row_of(at))
    monkeypatch.setattr(model, "place_of", lambda asset: looks.append(asset) or place_of(asset))
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.replace([replace(hit, score=9.0) for hit in model.hits], complete=True, keep_shown=True)
    assert told == [(0, 51)]
    model.replace([replace(hit, sha="0") for hit in model.hits], complete=True, keep_shown=True)
    assert not model.has_open
    assert len(looks) < 10


def test_the_same_search_again_keeps_pages_unless_the_asset_has_changed() -> None:
    model = model_of(3)
    model.take_found([PagesFound(1, (1, 2)), PagesFound(2, (2, 5, 6))])
    model.unfold(1, pages(1))
    model.unfold(2, pages(5, 6))
    again = [replace(hit, more_pages=0) for hit in model.hits]
    model.replace([again[0], replace(again[1], sha="ff"), again[2]], complete=True, keep_shown=True)
    assert shown(model) == ["1", "1/1", "2", "3"]
    assert [hit.more_pages for hit in model.hits[:2]] == [1, 0]
    assert model.found_pages(2) is None
    model.replace(again, complete=True)
    assert shown(model) == ["1", "2", "3"]
    assert model.found_pages(1) is None


def test_at_page_is_the_hit_as_if_that_page_had_been_the_best() -> None:
    hit = replace(fake_rows.hit(1), page=2, page_label="slide 2", why=("title", "slide 2"))
    other = at_page(hit, pages(5)[0])
    assert (other.page, other.page_label, other.snippet) == (5, "slide 5", "says 5")
    assert other.why == ("title", "slide 5")


def test_walking_goes_round() -> None:
    found = (3, 5, 9)
    assert [next_hit(found, page, 1) for page in (1, 3, 4, 9)] == [3, 5, 5, 3]
    assert [next_hit(found, page, -1) for page in (1, 3, 4, 9)] == [9, 9, 3, 5]
    assert next_hit((), 4, 1) == 0
    assert (hit_words(found, 5), hit_words(found, 4)) == ("hit 2 of 3", "3 hits")


# ---- on the page ------------------------------------------------------------------------------


def on_asset(qtbot: QtBot, page: FindPage, asset: int) -> None:
    """Search, go to an asset with more hits than one and wait until its pages are known."""
    page.search_for("trust")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "trust")
    page.results.select_asset(asset)
    page.results.setFocus()
    qtbot.waitUntil(lambda: page.hit_model.found_pages(asset) is not None)


@pytest.fixture
def many(page: FindPage, fake_library: FakeLibrary) -> int:
    """An asset that has "trust" on slides 2, 5 and 9 (see ``found_pages`` of the fake rows)."""
    fake_library.hits[3] = replace(
        fake_library.hits[3], title="All about trust", snippet="trust", kind="pptx", page=2,
        page_label="slide 2", page_count=12, more_pages=2,
    )  # fmt: skip
    return 3


def test_right_unfolds_down_shows_a_page_and_enter_opens_it_there(
    qtbot: QtBot, page: FindPage, many: int, fake_library: FakeLibrary, outside: FakeOutside
) -> None:
    on_asset(qtbot, page, many)
    row = page.results.currentIndex().row()
    qtbot.keyClick(page.results, KEY.Key_Right)
    qtbot.waitUntil(lambda: page.hit_model.is_open(many))
    assert shown(page.hit_model)[row : row + 3] == ["3", "3/1", "3/3"]
    qtbot.keyClick(page.results, KEY.Key_Down)
    qtbot.keyClick(page.results, KEY.Key_Down)
    qtbot.waitUntil(lambda: page.preview.page == 3)
    assert [hit.asset_id for hit in page.results.selected_hits()] == [many]
    opened: list[int] = []
    page.deeds.open = lambda hit, number=0: opened.append(number)  # type: ignore[method-assign]
    qtbot.keyClick(page.results, KEY.Key_Return)
    assert opened == [3]
    qtbot.keyClick(page.results, KEY.Key_Left)
    assert page.results.currentIndex().row() == row
    qtbot.waitUntil(lambda: page.preview.page == 2)
    qtbot.keyClick(page.results, KEY.Key_Left)
    assert not page.hit_model.has_open
    qtbot.keyClick(page.results, KEY.Key_Left)
    assert page.preview.page == 1


def test_a_click_on_more_unfolds_and_folds_and_two_open_nothing(
    qtbot: QtBot, page: FindPage, many: int, fake_library: FakeLibrary
) -> None:
    on_asset(qtbot, page, many)
    index = page.hit_model.index(page.hit_model.row_of(many))
    hit = page.hit_model.hit(index)
    assert hit is not None
    from PySide6.QtCore import QRectF

    rect = QRectF(page.results.visualRect(index))
    at = page.results._paints.more_box(rect, hit).center().toPoint()
    qtbot.mouseClick(page.results.viewport(), LEFT, pos=at)
    qtbot.waitUntil(lambda: page.hit_model.is_open(many))
    qtbot.mouseClick(page.results.viewport(), LEFT, pos=at)
    assert not page.hit_model.is_open(many)
    qtbot.mouseDClick(page.results.viewport(), LEFT, pos=at)
    assert not [call for call in fake_library.calls if call[0] == "open_asset"]


def test_a_quiet_refresh_stays_on_the_page_chosen(
    qtbot: QtBot, page: FindPage, many: int, fake_library: FakeLibrary
) -> None:
    on_asset(qtbot, page, many)
    page.results.toggle_pages()
    qtbot.waitUntil(lambda: page.hit_model.is_open(many))
    page.results.select_row(page.hit_model.row_of(many, 3))
    seen = shown(page.hit_model)
    asked = sum(method == "find" for method, _ in fake_library.calls)
    fake_library.hits[many] = replace(fake_library.hits[many], uses=77)
    page.on_changes(Changes(frozenset({"assets"}), (many,)))
    qtbot.waitUntil(lambda: sum(m == "find" for m, _ in fake_library.calls) > asked)
    qtbot.waitUntil(lambda: any(hit.uses == 77 for hit in page.hit_model.hits))
    assert shown(page.hit_model) == seen
    current = page.results.current_hit()
    assert current is not None
    assert (current.asset_id, current.page, page.preview.page) == (many, 3, 3)


def test_the_preview_walks_from_hit_to_hit(
    qtbot: QtBot, page: FindPage, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(preview_module, "announce", lambda _widget, words: said.append(words))
    on_asset(qtbot, page, many)
    pager = page.preview.pager
    qtbot.waitUntil(lambda: pager.hits.text() == "hit 2 of 3")
    qtbot.keyClick(page.results, KEY.Key_N)
    assert (page.preview.page, pager.hits.text()) == (3, "hit 3 of 3")
    assert said == ["page 3, hit 3 of 3"] or said == ["slide 3, hit 3 of 3"]
    qtbot.keyClick(page.results, KEY.Key_F3)
    assert page.preview.page == 1
    qtbot.keyClick(page.results, KEY.Key_N, SHIFT)
    assert page.preview.page == 3
    page.preview.go_to_page(7)
    assert pager.hits.text() == "3 hits"
    qtbot.mouseClick(pager.hit_back, LEFT)
    assert page.preview.page == 3
    page.quick_look()
    assert page._look is not None
    assert page._look.place.text().startswith("hit 3 of 3")
    qtbot.keyClick(page._look, KEY.Key_N)
    assert page.preview.page == 1
    page._look.close_look()


def test_where_the_only_hit_is_shown_there_is_nowhere_to_walk(
    qtbot: QtBot, page: FindPage, many: int, fake_library: FakeLibrary
) -> None:
    fake_library.hits[many] = replace(fake_library.hits[many], more_pages=0)
    on_asset(qtbot, page, many)
    assert not page.preview.pager.hit_on.isVisible()
    page.preview.go_to_page(5)
    assert page.preview.pager.hits.text() == "1 hit"
    assert page.preview.pager.hit_on.isVisible()


def test_the_strip_tells_which_pages_match() -> None:
    model = PageModel()
    model.fill(3)
    model.set_found((2,))
    assert [model.index(row).data(FOUND_ROLE) for row in range(3)] == [False, True, False]
    assert model.index(1).data(SPOKEN) == "page 2, matches"


def test_another_search_forgets_the_pages_of_the_one_before(
    qtbot: QtBot, page: FindPage, many: int
) -> None:
    on_asset(qtbot, page, many)
    qtbot.waitUntil(lambda: page.preview.pager.hits.text() == "hit 2 of 3")
    page.search_for("about")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "about")
    qtbot.waitUntil(lambda: not page._late.busy)
    assert page.preview.pages.found == () or page.hit_model.found_pages(many) is not None


def test_pages_that_come_too_late_are_not_those_of_the_present_search(
    qtbot: QtBot, page: FindPage, many: int
) -> None:
    on_asset(qtbot, page, many)
    old = page.flow.spec
    page.search_for("no such words")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)
    page.found._take(old, (PagesFound(many, (1, 2, 3)),))
    page.found._show(old, many, (PageHit(1, "slide 1", "", ()),))
    assert page.hit_model.found_pages(many) is None


def test_words_are_marked_on_text_previews_too_and_anew_when_the_page_itself_comes(
    qtbot: QtBot, page: FindPage, many: int
) -> None:
    on_asset(qtbot, page, many)
    located = page.pictures.located  # type: ignore[attr-defined]
    asked = len(located)
    canvas = page.preview.canvas
    image = QImage(32, 18, QImage.Format.Format_RGB32)
    canvas._set(Picture(image, "card"))
    assert len(located) == asked + 1
    canvas._set(Picture(image, "card"))
    assert len(located) == asked + 1
    canvas._set(Picture(image, "page"))
    assert len(located) == asked + 2
    assert page.preview.boxes
    canvas._set(Picture(image, "embedded"))
    assert not page.preview.boxes
