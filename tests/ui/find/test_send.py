"""Sending: a few keys, a draft on disk, the mail program, and the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.rows import AssetDetail
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from tests.ui.find.conftest import FakeOutside
from ui.context import Context
from ui.dialogs import send
from ui.dialogs.send import SendDialog, subject_for
from ui.pages.find.page import FindPage

CTRL = Qt.KeyboardModifier.ControlModifier
Make = Callable[..., SendDialog]


@pytest.fixture
def dialog_of(
    qtbot: QtBot, context: Context, fake_library: FakeLibrary, outside: FakeOutside
) -> Make:
    """Opens the dialog for asset numbers and waits until it has read what it shows."""
    send.forget()

    def make(*numbers: int) -> SendDialog:
        hits = [fake_library.hits[number] for number in numbers]
        dialog = SendDialog(context, hits, outside=outside, search_uid=lambda: "search-7")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.open()
        qtbot.waitUntil(lambda: bool(dialog.total.text()) and dialog.stage.count() > 1)
        return dialog

    return make


def details(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Make the first asset's details differ."""
    real = library.asset

    def asset(number: int) -> AssetDetail:
        return replace(real(number), **(changes if number == 1 else {}))  # type: ignore[arg-type]

    monkeypatch.setattr(library, "asset", asset)


def test_ctrl_enter_sends_and_records_with_the_occasion(
    qtbot: QtBot, dialog_of: Make, fake_library: FakeLibrary, outside: FakeOutside, told: Told
) -> None:
    dialog = dialog_of(1, 2)
    dialog.to.setText("cfo@northwind.example")
    dialog.account.setText("Northwind")
    dialog.deal.setText("Northwind renewal")
    dialog.stage.setCurrentIndex(2)
    qtbot.keyClick(dialog.subject, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    kind, ids, occasion = fake_library.events[-1]
    assert (kind, ids) == ("sent", (1, 2))
    assert occasion is not None
    assert (occasion.account, occasion.deal) == ("Northwind", "Northwind renewal")
    assert occasion.stage == "evaluation"
    assert occasion.channel == "mail"
    assert occasion.search_uid == "search-7"
    assert [Path(path).suffix for path in outside.opened] == [".eml"]
    assert told.notices[-1].kind == "info"


def test_nothing_has_to_be_filled_in(
    qtbot: QtBot, dialog_of: Make, fake_library: FakeLibrary
) -> None:
    dialog = dialog_of(1)
    qtbot.mouseClick(dialog.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert fake_library.events[-1][0] == "sent"


def test_sizes_and_subject_are_there(dialog_of: Make, fake_library: FakeLibrary) -> None:
    dialog = dialog_of(1, 2, 3)
    assert dialog.subject.text() == f"{fake_library.hits[1].title} and 2 more documents"
    assert dialog.total.text() == "3 files, 3.5 MB"
    assert "1.2 MB" in str(dialog.attachments.index(0).data())


def test_the_last_account_and_deal_are_offered_again(qtbot: QtBot, dialog_of: Make) -> None:
    first = dialog_of(1)
    first.account.setText("Contoso")
    first.deal.setText("Contoso pilot")
    first.send()
    qtbot.waitUntil(lambda: not first.isVisible())
    second = dialog_of(2)
    assert (second.account.text(), second.deal.text()) == ("Contoso", "Contoso pilot")


def test_deals_follow_the_account(qtbot: QtBot, dialog_of: Make) -> None:
    dialog = dialog_of(1)
    dialog.account.setText("Northwind")
    qtbot.waitUntil(lambda: dialog._deals.stringList() == ["Northwind renewal"])
    dialog.account.setText("Contoso")
    qtbot.waitUntil(lambda: dialog._deals.stringList() == [])
    assert dialog._accounts.stringList() == ["Contoso", "Northwind"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"internal_only": True}, "internal use only"), ({"trust": "expired"}, "expired"),
     ({"trust": "superseded"}, "superseded"), ({"missing": True}, "not where it was"),
     ({"size": 30_000_000}, "more than many mail servers")],
)  # fmt: skip
def test_what_should_not_leave_is_warned_of_without_blocking(
    dialog_of: Make, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object], word: str,
) -> None:  # fmt: skip
    details(fake_library, monkeypatch, **changes)
    dialog = dialog_of(1, 2)
    assert dialog.warning.isVisible()
    assert word in dialog.warning.text()
    assert dialog.send_button.isEnabled()


def test_the_newer_one_can_be_sent_instead(
    qtbot: QtBot, dialog_of: Make, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    details(fake_library, monkeypatch, trust="superseded", superseded_by=7,
            superseded_by_title="The newer one")  # fmt: skip
    dialog = dialog_of(1, 2)
    qtbot.mouseClick(dialog.newer, Qt.MouseButton.LeftButton)
    assert dialog.attachments.ids() == (7, 2)
    assert dialog.subject.text().startswith("The newer one")
    qtbot.waitUntil(lambda: not dialog.warning.isVisible())


def test_a_failure_keeps_the_dialog_and_what_was_typed(
    qtbot: QtBot, dialog_of: Make, fake_library: FakeLibrary
) -> None:
    dialog = dialog_of(1)
    dialog.to.setText("someone@example.org")
    fake_library.fail["draft"] = UserError("The file is gone. Take it out of the selection.")
    dialog.send()
    qtbot.waitUntil(lambda: dialog.problem.isVisible())
    assert dialog.problem.text() == "The file is gone. Take it out of the selection."
    assert dialog.to.text() == "someone@example.org"
    assert dialog.send_button.isEnabled()


def test_without_a_mail_program_the_draft_is_named(
    qtbot: QtBot, dialog_of: Make, outside: FakeOutside, told: Told
) -> None:
    outside.works = False
    dialog = dialog_of(1)
    dialog.send()
    qtbot.waitUntil(lambda: bool(told.notices))
    assert "draft.eml" in told.notices[-1].text
    assert told.notices[-1].action is not None


def test_ctrl_enter_in_the_results_opens_the_dialog(qtbot: QtBot, page: FindPage) -> None:
    page.results.select_asset(2)
    page.results.setFocus()
    qtbot.keyClick(page.results, Qt.Key.Key_Return, CTRL)
    dialog = page.findChild(SendDialog)
    assert dialog is not None
    assert dialog.attachments.ids() == (2,)
    dialog.reject()


def test_subject_for() -> None:
    assert subject_for([]) == ""
    assert subject_for(["One"]) == "One"
    assert subject_for(["One", "Two"]) == "One and 1 more document"
