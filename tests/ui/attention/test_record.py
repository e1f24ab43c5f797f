"""The attention page over a real library: what is filed, voted and moved reaches the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library import Library
from app.rows import FindSpec, NewRequest, PersonRow
from ui.bridge import Bridge
from ui.commands import Commands
from ui.context import Context
from ui.dialogs.request import RequestDialog
from ui.notify import Notice, Notify
from ui.pages.attention.page import AttentionPage
from ui.pages.requests import steps
from ui.state import State
from ui.theme import theme


class Desk:
    """A real library at which a person works."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder)
        self.owner = QObject()
        self.notices: list[Notice] = []
        notify = Notify(None, self.owner)
        notify.said.connect(self.notices.append)
        self.person: PersonRow | None = None
        self.bridge = Bridge(self.library, notify, self.owner)
        self.state = State(folder)
        self.context = Context(
            bridge=self.bridge, notify=notify, theme=theme(), commands=Commands(self.owner),
            state=self.state, navigate=lambda key, **args: None,
            me=lambda: self.person,
        )  # fmt: skip

    def sit_down(self, name: str, role: str) -> None:
        self.library.set_me(name, role)
        self.person = self.library.me()


@pytest.fixture
def desk(dressed: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "library")
    made.sit_down("Kofi Mensah", "rep")
    yield made
    made.bridge.close()
    made.state.close()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> AttentionPage:
    made = AttentionPage(desk.context)
    qtbot.addWidget(made)
    desk.bridge.changed.connect(made.on_changes)
    made.show()
    return made


def test_an_empty_record_is_honest(desk: Desk, page: AttentionPage, qtbot: QtBot) -> None:
    page.activate()
    qtbot.waitUntil(lambda: page.requests.notice.heading() == "No requests yet", timeout=15000)
    qtbot.waitUntil(lambda: "Nothing can be called unused" in page.summary.share.sentence.text())
    assert desk.notices == []


def test_a_request_is_filed_shown_accepted_and_taken_back(
    desk: Desk, page: AttentionPage, qtbot: QtBot
) -> None:
    page.activate()
    dialog = RequestDialog(desk.context, NewRequest(need="", search="SOC 2 letter"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.combos["persona"].count() > 5, timeout=15000)
    dialog.need.setText("A letter that bridges two SOC 2 reports")
    dialog.combos["persona"].setCurrentIndex(1)
    wanted = dialog.combos["persona"].currentText()
    dialog.submit()
    qtbot.waitUntil(lambda: len(page.requests.model.items) == 1, timeout=15000)
    row = page.requests.model.items[0].row
    assert [tag.label for tag in row.wants] == [wanted]

    desk.sit_down("Priya Raman", "marketer")
    page.requests.see(row.id)
    detail = page.requests.detail
    done = desk.bridge.stack.count()
    detail.take(steps.ACCEPT)
    # A step can be taken back once the window has heard of it, a moment after the record.
    qtbot.waitUntil(lambda: desk.bridge.stack.count() == done + 1, timeout=15000)
    assert desk.library.request(row.id).status == "accepted"
    assert desk.library.request(row.id).assignee == "Priya Raman"
    desk.bridge.undo()
    qtbot.waitUntil(lambda: desk.library.request(row.id).status == "submitted", timeout=15000)


def test_a_vain_search_is_listed_and_then_names_its_request(
    desk: Desk, page: AttentionPage, qtbot: QtBot
) -> None:
    desk.library.log_search(FindSpec(text="SOC-2 bridge letter"), 0, ())
    page.activate()
    qtbot.waitUntil(lambda: len(page.gaps.model.items) == 1, timeout=15000)
    assert page.gaps.model.items[0].request_id is None
    filed = desk.library.file_request(NewRequest(need="A letter", search="SOC-2 bridge letter"))
    page.on_changes(filed)
    qtbot.waitUntil(lambda: page.gaps.model.items[0].request_id == filed.result, timeout=15000)
