"""The form for a new request: quick, forgiving, and nothing written is lost."""

from __future__ import annotations

import gc
from dataclasses import asdict

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from app.errors import EnvironmentProblem
from app.rows import NewRequest
from tests.ui.attention.material import nameless
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.dialogs.request import RequestDialog
from ui.pages.requests import drafts

SEARCH = "security finance one-pager"


def _open(context: Context, qtbot: QtBot, prefill: NewRequest | None = None) -> RequestDialog:
    dialog = RequestDialog(context, prefill or NewRequest(need=""))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.combos["persona"].count() > 1)
    return dialog


def test_one_sentence_and_ctrl_enter_file_it(
    context: Context, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    dialog = _open(context, qtbot, NewRequest(need="", search=SEARCH))
    assert dialog.focusWidget() is dialog.need
    qtbot.keyClicks(dialog.need, "A price list in Swiss francs")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.need, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    filed = fake_library.request_rows[max(fake_library.request_rows)]
    assert (filed.need, filed.search) == ("A price list in Swiss francs", SEARCH)
    assert told.notices[-1].action is not None
    context.bridge.undo()
    qtbot.waitUntil(lambda: fake_library.request_rows[filed.id].status == "closed")


def test_without_a_need_it_says_so_and_files_nothing(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    dialog = _open(context, qtbot)
    dialog.submit()
    assert dialog.error.text() == "Say in one sentence what you need."
    assert dialog.isVisible()
    assert not any(method == "file_request" for method, _ in fake_library.calls)


def test_everything_written_is_passed_on(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("  A   need ")
    slug = dialog.combos["persona"].itemData(1)
    dialog.combos["persona"].setEditText(dialog.combos["persona"].itemText(1).upper())
    dialog.account.setText("Northwind")
    dialog.deal.setText("Renewal")
    dialog.details.setPlainText("More")
    dialog.due.check.setChecked(True)
    new = dialog.request()
    assert (new.need, new.persona, new.account, new.deal, new.details) == (
        "A need", slug, "Northwind", "Renewal", "More",
    )  # fmt: skip
    assert new.needed_by is not None


def test_a_word_that_is_in_no_list_gets_a_sentence(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("A need")
    dialog.combos["stage"].setEditText("nonsense")
    dialog.submit()
    assert dialog.error.text().startswith("“nonsense” is not in the list of Stage.")
    assert dialog.isVisible()


def test_wanted_terms_are_prefilled_before_the_lists_are_read(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    facet = next(f for f in fake_library.vocabulary() if f.key == "persona")
    dialog = _open(context, qtbot, NewRequest(need="x", persona=facet.terms[1].slug))
    assert dialog.combos["persona"].currentText() == facet.terms[1].label
    assert dialog.request().persona == facet.terms[1].slug


def test_a_failure_keeps_every_word(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    fake_library.fail["file_request"] = EnvironmentProblem("The disk is full. Free some space.")
    dialog = _open(context, qtbot)
    dialog.need.setText("A need")
    dialog.submit()
    qtbot.waitUntil(lambda: dialog.error.text() == "The disk is full. Free some space.")
    assert dialog.need.text() == "A need"
    assert dialog.file.isEnabled()
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_two_quick_submits_file_once(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("Once")
    dialog.submit()
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    dialog.submit()
    assert [row.need for row in fake_library.request_rows.values()].count("Once") == 1


def test_what_is_written_is_kept_while_writing(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("Half a sen")
    qtbot.waitUntil(lambda: drafts.kept(context.state) is not None, timeout=4000)
    kept = drafts.kept(context.state)
    assert kept is not None
    assert kept.need == "Half a sen"


def test_a_kept_draft_is_offered_and_taken(context: Context, qtbot: QtBot) -> None:
    first = _open(context, qtbot)
    first.need.setText("A story about onboarding")
    first.account.setText("Contoso")
    first.reject()
    again = _open(context, qtbot)
    assert again.banner.isVisibleTo(again)
    assert "A story about onboarding" in again.banner_text.text()
    assert again.need.text() == ""
    again.go_on.click()
    assert (again.need.text(), again.account.text()) == ("A story about onboarding", "Contoso")
    assert not again.banner.isVisibleTo(again)


def test_an_offered_draft_is_not_written_over(context: Context, qtbot: QtBot) -> None:
    drafts.keep(context.state, NewRequest(need="The long one"))
    dialog = _open(context, qtbot)
    dialog.need.setText("x")
    dialog.reject()
    kept = drafts.kept(context.state)
    assert kept is not None
    assert kept.need == "The long one"


def test_a_draft_thrown_away_or_filed_is_gone(context: Context, qtbot: QtBot) -> None:
    drafts.keep(context.state, NewRequest(need="Old"))
    dialog = _open(context, qtbot)
    dialog.discard.click()
    assert drafts.kept(context.state) is None
    dialog.need.setText("New")
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert drafts.kept(context.state) is None


@pytest.mark.parametrize(
    "stored",
    [{}, {"need": ""}, {"need": "x", "unknown": 1}, {**asdict(NewRequest(need="")), "need": "  "}],
)
def test_a_draft_that_cannot_be_read_is_none(context: Context, stored: dict[str, object]) -> None:
    context.state.set(drafts.KEY, stored)
    assert drafts.kept(context.state) is None


def test_an_empty_form_never_replaces_a_draft(context: Context) -> None:
    drafts.keep(context.state, NewRequest(need="Kept"))
    drafts.keep(context.state, NewRequest(need="", search="found nothing"))
    kept = drafts.kept(context.state)
    assert kept is not None
    assert kept.need == "Kept"


def test_what_exists_is_shown_while_writing(context: Context, told: Told, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("Security one-pager")
    qtbot.waitUntil(lambda: dialog.maybe.isVisibleTo(dialog))
    assert "one-pager" in dialog.maybe.assets[0].title.text()
    dialog.maybe.assets[0].act.click()
    assert told.went[0][0] == "find"
    assert not dialog.isVisible()
    kept = drafts.kept(context.state)
    assert kept is not None


def test_a_voice_for_an_open_request_files_nothing_new(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    before = fake_library.request_rows[2].votes
    dialog = _open(context, qtbot)
    dialog.need.setText("A hospital case study")
    qtbot.waitUntil(lambda: dialog.maybe.requests[0].isVisibleTo(dialog))
    dialog.maybe.requests[0].act.click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert fake_library.request_rows[2].votes == before + 1
    assert len(fake_library.request_rows) == 3
    assert drafts.kept(context.state) is None


def test_unlike_words_show_nothing(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.need.setText("Xyzzy plugh frobnicate")
    qtbot.wait(400)
    assert not dialog.maybe.isVisibleTo(dialog)


def test_tab_goes_through_the_form_in_order(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot)
    dialog.activateWindow()
    dialog.need.setFocus()
    order = []
    for _ in range(9):
        now = dialog.focusWidget()
        assert now is not None
        order.append(now.accessibleName())
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    assert order == [
        "What you need, in one sentence", "Type", "Persona", "Stage", "Value proposition",
        "Account", "Deal", "Needed by", "Details",
    ]  # fmt: skip


def test_every_control_has_a_name(context: Context, qtbot: QtBot) -> None:
    drafts.keep(context.state, NewRequest(need="Old"))
    dialog = _open(context, qtbot)
    assert nameless(dialog) == []
    assert all(line.accessibleName() for line in dialog.findChildren(QLineEdit)
               if not line.objectName().startswith("qt_"))  # fmt: skip


def test_the_lists_failing_does_not_stop_a_request(
    context: Context, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    fake_library.fail["vocabulary"] = EnvironmentProblem("The database is locked.")
    dialog = RequestDialog(context, NewRequest(need="A need"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: "The database is locked." in dialog.error.text())
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_form_lives_on_when_its_maker_lets_go(context: Context, qtbot: QtBot) -> None:
    RequestDialog(context, NewRequest(need="Still here")).open()
    gc.collect()
    standing = [w for w in QApplication.topLevelWidgets() if isinstance(w, RequestDialog)]
    assert [dialog.need.text() for dialog in standing if dialog.isVisible()] == ["Still here"]
    for dialog in standing:
        dialog.close()


def test_the_whole_form_is_seen_when_it_opens(context: Context, qtbot: QtBot) -> None:
    dialog = _open(context, qtbot, NewRequest(need="", search=SEARCH))
    area = dialog.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    assert dialog.details.height() >= dialog.details.minimumHeight()
