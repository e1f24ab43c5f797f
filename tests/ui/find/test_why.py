"""Why a result stands there, and what is like it: in words, in numbers, by key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.rows import RankReason
from app.rows.found import Evidence, Related, WordFound
from tests.ui import fake_rows
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.pages.find.page import FindPage
from ui.pages.find.why import Around, factors, ordinal, place_words, text_words, use_words
from ui.widgets.popover import Popover

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
RANKING = (
    RankReason("text", 42.13, "The words match with 42.1."),
    RankReason("use", 1.234, "Used more often."),
    RankReason("status", 0.1, "Expired."),
)
TOLD = Evidence(
    1, "page 7", (WordFound("zero", ("title", "text")), WordFound("trust", ("text", "notes")),
                  WordFound("cloud", ())), True, 9, 40, 120,
)  # fmt: skip


def ranked(number: int = 1, **changes: object):  # type: ignore[no-untyped-def]
    hit = replace(fake_rows.hit(number), ranking=RANKING, score=5.2, status="expired")
    return replace(hit, **changes)  # type: ignore[arg-type]


def test_words_are_told_with_their_places() -> None:
    assert text_words(TOLD, ranked(why=("title", "tagged Finance"))) == (
        "“zero” in title and text of page 7; “trust” in text and notes of page 7; "
        "“cloud” not on this page, nor in title or file name. "
        "They stand one after the other. It is tagged Finance."
    )
    assert text_words(replace(TOLD, words=()), ranked(why=())) == "No words to match."


def test_use_is_told_with_its_numbers() -> None:
    assert use_words(TOLD, 1.2) == (
        "Used 9 times, shown 40 times in 120 days, recent ones counting more: "
        "more often than expected."
    )
    assert use_words(replace(TOLD, uses=0, shown=0), 1.0).startswith("Not used, never shown in")
    assert use_words(TOLD, 0.5).endswith("less often than expected.")


def test_factors_are_told_in_the_order_in_which_they_multiply() -> None:
    found = factors(ranked(), TOLD)
    assert [(one.name, one.number) for one in found] == [
        ("Text match", "42.1"), ("Use", "× 1.23"), ("Status", "× 0.1"),
    ]  # fmt: skip
    assert found[2].words == "Expired: it counts only 0.1 times."
    named = (RankReason("title", 1.0, "The title is exactly what you typed."), *RANKING)
    assert factors(ranked(ranking=named), None)[0] == (
        "Exact title", "The title is exactly what you typed.", "",
    )  # fmt: skip
    first = factors(ranked(ranking=named[:2], status="published"), None)[0]
    assert first.words == "The title is exactly what you typed. It comes first."


@pytest.mark.parametrize(
    ("around", "words"),
    [
        (Around(2, "9", 8.04, 4.9, "best"), "The one above has 8.0, the one below has 4.9."),
        (Around(1, "1", None, None, "best"), "The only result."),
        (
            Around(1, "2", None, 9.0, "best"),
            "The one below has 9.0. An exact title stands first whatever its score.",
        ),
        (
            Around(1, "2", None, 9.0, "newest"),
            "The list is now ordered by “Newest”; by best match this is what would count.",
        ),
    ],
)
def test_the_neighbours_are_told(around: Around, words: str) -> None:
    assert place_words(around, 5.2) == words


def test_ordinals() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"
    ]  # fmt: skip


# ---- on the page ------------------------------------------------------------------------------


@pytest.fixture
def on_first(qtbot: QtBot, page: FindPage, fake_library: FakeLibrary) -> FindPage:
    """The page with its first result current, and reasons for its rank."""
    fake_library.hits = {n: ranked(n) for n in fake_library.hits}
    page.search_for("trust")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "trust")
    page.results.setFocus()
    return page


def test_w_opens_the_card_esc_closes_it_and_gives_the_focus_back(
    qtbot: QtBot, on_first: FindPage
) -> None:
    page = on_first
    qtbot.keyClick(page.results, KEY.Key_W)
    card = page._why
    assert card is not None
    assert card.isVisible()
    qtbot.waitUntil(lambda: any("Used 9 times, shown 40 times" in text for text in card.texts()))
    assert "= 5.2" in card.texts()
    assert card.place_label.text().startswith("1st of ")
    assert page.window().rect().contains(card.geometry())
    qtbot.keyClick(card, KEY.Key_Escape)
    assert not card.isVisible()
    assert page.window().focusWidget() is page.results


def test_a_card_goes_with_what_it_belongs_to(qtbot: QtBot) -> None:
    """Another page by a key, or another library in the same window."""
    window = QWidget()
    qtbot.addWidget(window)
    owner = QWidget(window)
    window.show()
    card = Popover(owner, "Why", width=200)
    card.open_beside(QRect(0, 0, 10, 10))
    assert card.isVisible()
    assert card.parentWidget() is window
    owner.hide()
    assert not card.isVisible()
    with qtbot.waitSignal(card.destroyed):
        owner.deleteLater()


def test_a_click_on_why_opens_it_and_one_elsewhere_closes_it(
    qtbot: QtBot, on_first: FindPage
) -> None:
    page = on_first
    index = page.hit_model.index(2)
    at = page.results._why_box(index).center().toPoint()
    qtbot.mouseClick(page.results.viewport(), LEFT, pos=at)
    card = page._why
    assert card is not None
    assert card.isVisible()
    assert card.place_label.text().startswith("3rd of ")
    qtbot.mouseClick(page.preview, LEFT, pos=QPoint(5, 5))
    assert not card.isVisible()


def test_plain_text_order_is_one_click_away_and_so_is_the_way_back(
    qtbot: QtBot, on_first: FindPage, context: Context
) -> None:
    page = on_first
    page.why()
    card = page._why
    assert card is not None
    assert card.order.text() == "Order by “Text match only”"
    qtbot.mouseClick(card.order, LEFT)
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.sort == "text")
    assert not card.isVisible()
    assert page.header.sort_key() == "text"
    qtbot.waitUntil(lambda: context.state.get("find.sort", "") == "text", timeout=3000)
    page.why()
    assert card.order.text() == "Order by “Best match”"
    page.why()
    assert not card.isVisible()
    qtbot.keyClick(page.results, KEY.Key_W, Qt.KeyboardModifier.ShiftModifier)
    assert page.header.sort_key() == "best"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_what_is_like_it_is_shown_and_gone_to(
    qtbot: QtBot, page: FindPage, told: Told, key: Qt.Key
) -> None:
    page.results.select_asset(5)
    related = page.preview.related
    qtbot.waitUntil(lambda: related.isVisible() and related.first() is not None)
    first = related.buttons[0]
    assert first.row is not None
    assert first.row.asset_id == 6
    page.results.setFocus()
    qtbot.keyClick(page.results, KEY.Key_R)
    assert page.window().focusWidget() is first
    qtbot.keyClick(first, key)
    current = page.results.current_hit()
    assert current is not None
    assert current.asset_id == 6
    assert not told.notices


def test_from_an_asset_that_is_not_listed_there_is_a_way_back(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    page.search_for("battlecard")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "battlecard")
    page.facet_model.choose("persona", "it", "out")
    listed = {hit.asset_id for hit in page.hit_model.hits}
    other = next(number for number in fake_library.hits if number not in listed)
    page.preview.asset_wanted.emit(other)
    qtbot.waitUntil(lambda: bool(told.notices))
    action = told.notices[0].action
    assert action is not None
    assert action[0] == "Back to “battlecard”"
    action[1]()
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "battlecard")
    assert page.facet_model.filters() == (("persona", ("-it",)),)


def test_nothing_like_it_is_said(qtbot: QtBot, page: FindPage) -> None:
    related = page.preview.related
    related.show_related(Related(1, ()))
    assert related.note.text() == "Nothing in the library is much like this."
    assert related.first() is None
    related.show_related(Related(1, (), "Not now."))
    assert related.note.text() == "Not now."
