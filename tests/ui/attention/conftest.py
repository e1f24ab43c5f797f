"""An attention page over the fake library, as a marketer sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.rows import PersonRow
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.pages.attention.page import AttentionPage

MARKETER = PersonRow(2, "Priya Raman", "marketer", "", "", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen display says of tooltips and menus what it cannot do; nothing is wrong."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def marketer(fake_library: FakeLibrary) -> PersonRow:
    """The person of the fake library is a marketer."""
    fake_library.person = MARKETER
    return MARKETER


@pytest.fixture
def page(
    context: Context, fake_library: FakeLibrary, marketer: PersonRow, qtbot: QtBot
) -> AttentionPage:
    """The page, shown, with everything read."""
    made = AttentionPage(context)
    qtbot.addWidget(made)
    context.bridge.changed.connect(made.on_changes)
    made.resize(1384, 880)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: bool(made.unused.model.items and made.requests.model.items))
    return made
