"""The table of unused content fits its room; the window of the settings holds at first."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.rows import PersonRow
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.pages.attention.columns import HIDDEN_FIRST, TITLE_LEAST, WIDTHS, too_many
from ui.pages.attention.page import STATE_KEYS, AttentionPage
from ui.pages.attention.unused_items import OWNER, TITLE, TYPE

REST = sum(WIDTHS) - WIDTHS[TITLE]


@pytest.mark.parametrize(
    ("room", "hidden"),
    [
        (TITLE_LEAST + REST, ()),
        (TITLE_LEAST + REST - 1, (OWNER,)),
        (TITLE_LEAST + REST - WIDTHS[OWNER] - 1, (OWNER, TYPE)),
        (100, HIDDEN_FIRST),
    ],
)
def test_owner_goes_first(room: int, hidden: tuple[int, ...]) -> None:
    assert too_many(WIDTHS, room) == hidden


def test_the_columns_fit_at_the_usual_size_and_come_back(page: AttentionPage, qtbot: QtBot) -> None:
    table = page.unused.table
    assert table.isColumnHidden(OWNER)
    assert not table.horizontalScrollBar().isVisible()
    assert table.horizontalScrollBar().maximum() == 0
    table.resize(1500, 400)
    qtbot.waitUntil(lambda: not table.isColumnHidden(OWNER))
    assert table.columnWidth(OWNER) == WIDTHS[OWNER]


def test_the_window_of_the_settings_holds_until_one_is_chosen(
    context: Context, fake_library: FakeLibrary, marketer: PersonRow, qtbot: QtBot
) -> None:
    fake_library.settings.set("unused.window_days", 120)
    page = AttentionPage(context)
    qtbot.addWidget(page)
    context.bridge.changed.connect(page.on_changes)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: "in 120 days" in page.summary.share.sentence.text())
    assert page.window_days.key == "120"
    assert context.state.get(STATE_KEYS["window"], 0) == 0
    toggle = page.window_days.toggle("30")
    assert toggle is not None
    toggle.click()
    qtbot.waitUntil(lambda: "in 30 days" in page.summary.share.sentence.text())
    again = AttentionPage(context)
    qtbot.addWidget(again)
    again.activate()
    qtbot.waitUntil(lambda: "in 30 days" in again.summary.share.sentence.text())
