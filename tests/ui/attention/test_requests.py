"""The requests beside the tables: their list, their detail, and their steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.asking import states
from app.errors import UserError
from app.rows import OPEN_REQUEST_STATUSES, REQUEST_STATUSES, PersonRow
from tests.ui.attention.conftest import MARKETER
from tests.ui.attention.material import request, shown_buttons
from tests.ui.conftest import ME, Told
from tests.ui.fake_rows import NOW
from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.pages.attention.page import AttentionPage
from ui.pages.requests import items, steps
from ui.pages.requests.detail import facts
from ui.theme import theme
from ui.widgets.lines import lines_of


@pytest.mark.parametrize("status", REQUEST_STATUSES)
def test_reps_take_no_steps_and_marketers_are_never_stuck(status: str) -> None:
    row = request(status=status)
    assert steps.steps_for(row, ME) == ()
    assert steps.steps_for(row, None) == ()
    offered = steps.steps_for(row, MARKETER)
    assert offered
    assert status not in {step.status for step in offered}
    assert {step.status for step in offered} <= set(REQUEST_STATUSES)
    if status in OPEN_REQUEST_STATUSES:
        assert "declined" in {step.status for step in offered}


@pytest.mark.parametrize("status", REQUEST_STATUSES)
def test_every_step_offered_is_one_that_the_record_allows(status: str) -> None:
    offered = steps.STEPS[status]
    assert {step.status for step in offered} <= set(states.NEXT[status])
    for step in offered:
        asked = step.needs in ("note", "reason")
        assert asked == states.needs_note(step.status, status)


def test_only_the_person_who_asked_may_withdraw() -> None:
    assert steps.may_withdraw(request(by=ME.name), ME)
    assert not steps.may_withdraw(request(), ME)
    assert not steps.may_withdraw(request(by=ME.name, status="closed"), ME)


def test_nobody_votes_for_their_own_or_for_a_closed_request() -> None:
    assert steps.may_vote(request(), ME)
    assert not steps.may_vote(request(by=ME.name), ME)
    assert not steps.may_vote(request(status="closed"), ME)


def test_open_mine_and_all() -> None:
    given = items.request_items(
        [request(1), request(2, status="closed"), request(3, by="Me", status="declined")], NOW
    )
    ids = {
        scope: [item.row.id for item in items.in_scope(given, scope, "Me")]
        for scope in items.SCOPES
    }
    assert ids == {"open": [1], "mine": [3], "all": [1, 2, 3]}


def test_similar_requests_share_half_of_the_words_and_are_open() -> None:
    given = [
        request(1, need="A case study from a bank"),
        request(2, need="Price list in francs"),
        request(3, need="Bank case studies in French", status="closed"),
        request(4, need="We need something", search="bank case study"),
    ]
    found = items.similar("I need a case study from banks", given)
    assert [row.id for row in found] == [1, 4]
    assert items.similar("we need the", given) == ()


def test_facts_leave_out_what_is_not_known() -> None:
    names = [name for name, _ in facts(request(amount_minor=500_000, currency="EUR", deal="Deal"))]
    assert names == ["Status", "Asked by", "Wanted by", "Deal", "Open deals"]
    told = dict(facts(request(search="soc 2", duplicate_of=4)))
    assert told["Search tried"] == "“soc 2”"
    assert told["Repeats"] == "Request #4"


def test_a_need_takes_two_lines_at_most(dressed: object) -> None:
    long = "A one-page answer to the question where our data is stored and who may read it " * 3
    lines = lines_of(long, theme().font("label"), 200)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert lines_of("Short", theme().font("label"), 200) == ("Short",)
    assert lines_of("", theme().font("label"), 200) in ((), ("",))


def test_the_most_wanted_is_listed_first(page: AttentionPage) -> None:
    assert [item.row.id for item in page.requests.model.items] == [1, 2]
    assert page.requests.count.text() == "2 open"


def test_a_rep_may_only_say_me_too(
    page: AttentionPage, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    fake_library.person = PersonRow(9, "Somebody", "rep", "", "", None)
    page.requests.see(1)
    detail = page.requests.detail
    assert shown_buttons(detail) == ["I need this too"]
    votes = fake_library.request_rows[1].votes
    detail.vote.click()
    qtbot.waitUntil(lambda: detail.request is not None and detail.request.votes == votes + 1)
    assert told.notices[-1].text == "You need this too"


def test_a_step_without_questions_is_taken_and_can_be_undone(
    page: AttentionPage, fake_library: FakeLibrary, context: Context, qtbot: QtBot
) -> None:
    page.requests.see(1)
    detail = page.requests.detail
    assert shown_buttons(detail)[0] == "Accept"
    detail.take(steps.ACCEPT)
    qtbot.waitUntil(lambda: fake_library.request_rows[1].status == "accepted")
    qtbot.waitUntil(lambda: detail.request is not None and detail.request.status == "accepted")
    assert shown_buttons(detail)[0] == "In progress"
    context.bridge.undo()
    qtbot.waitUntil(lambda: fake_library.request_rows[1].status == "submitted")


def test_declining_needs_a_reason(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page.requests.see(1)
    detail = page.requests.detail
    detail.take(steps.DECLINE)
    detail.form.confirm.click()
    assert detail.form.error.text() == "Choose a reason."
    assert fake_library.request_rows[1].status == "submitted"
    detail.form.reason.setCurrentText("Off strategy")
    detail.form.note.setText("We left that market")
    detail.form.confirm.click()
    qtbot.waitUntil(lambda: fake_library.request_rows[1].status == "declined")
    assert fake_library.request_rows[1].history[-1].note == "Off strategy: We left that market"


def test_an_answer_is_found_by_typing(
    page: AttentionPage, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    page.requests.see(1)
    detail = page.requests.detail
    detail.take(steps.ANSWER)
    detail.form.confirm.click()
    assert "choose the asset" in detail.form.error.text()
    picker = detail.form.asset
    qtbot.keyClicks(picker.field, "one-pager")
    qtbot.waitUntil(lambda: bool(picker.model.hits))
    hit = picker.model.hits[0]
    picker.list.clicked.emit(picker.model.index(0))
    assert picker.chosen == hit
    detail.form.confirm.click()
    qtbot.waitUntil(lambda: fake_library.request_rows[1].fulfilled_by == hit.asset_id)
    assert fake_library.request_rows[1].status == "answered"


def test_typing_on_after_a_choice_takes_it_back(page: AttentionPage, qtbot: QtBot) -> None:
    page.requests.see(1)
    page.requests.detail.take(steps.ANSWER)
    picker = page.requests.detail.form.asset
    qtbot.keyClicks(picker.field, "one-pager")
    qtbot.waitUntil(lambda: bool(picker.model.hits))
    picker.list.clicked.emit(picker.model.index(0))
    qtbot.keyClicks(picker.field, "x")
    assert picker.chosen is None


def test_a_duplicate_names_another_open_request(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    page.requests.see(1)
    form = page.requests.detail.form
    page.requests.detail.take(steps.MERGE)
    assert [form.request.itemData(n) for n in range(form.request.count())] == [None, 2]
    form.request.setCurrentIndex(1)
    form.confirm.click()
    qtbot.waitUntil(lambda: fake_library.request_rows[1].duplicate_of == 2)


def test_a_refusal_is_a_sentence_and_the_form_stays(
    page: AttentionPage, fake_library: FakeLibrary, told: Told, qtbot: QtBot
) -> None:
    page.requests.see(1)
    detail = page.requests.detail
    fake_library.fail["set_request"] = UserError("The request was closed by Hanna meanwhile.")
    detail.take(steps.NEEDS_INFO)
    detail.form.note.setText("Which bank?")
    detail.form.confirm.click()
    qtbot.waitUntil(lambda: "closed by Hanna" in detail.form.error.text())
    assert detail.form.note.text() == "Which bank?"
    assert detail.form.confirm.isEnabled()
    fake_library.fail["set_request"] = UserError("Not now.")
    detail.form.close_form()
    detail.take(steps.ACCEPT)
    qtbot.waitUntil(lambda: detail.error.text() == "Not now.")


def test_a_closed_request_is_shown_when_asked_for(page: AttentionPage) -> None:
    page.activate(request_id=3)
    assert page.requests.detail.request is not None
    assert page.requests.detail.request.id == 3
    assert page.requests.scope.currentText() == "All"


def test_the_history_is_read_when_a_request_is_chosen(
    page: AttentionPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    whole = fake_library.requests()
    short = tuple(replace(row, history=()) for row in whole)
    monkeypatch.setattr(fake_library, "requests", lambda *, open_only=False: short)
    page.requests.show_items(items.request_items(short, NOW))
    page.requests.see(2)
    shown = page.requests.detail
    said = f"Submitted  ·  {whole[1].history[0].by}"
    qtbot.waitUntil(lambda: any(said in text.text() for text in shown.findChildren(QLabel)))


def test_one_s_own_request_can_be_withdrawn(
    page: AttentionPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    fake_library.person = PersonRow(9, fake_library.request_rows[1].by, "rep", "", "", None)
    page.requests.see(1)
    assert shown_buttons(page.requests.detail) == ["Withdraw"]
    page.requests.detail.withdraw.click()
    qtbot.waitUntil(lambda: fake_library.request_rows[1].status == "closed")


def test_text_of_people_is_never_markup(page: AttentionPage) -> None:
    detail = page.requests.detail
    detail.show_request(request(need="<b>bold</b>", details="<img src=x>"), (), MARKETER)
    assert detail.need.textFormat().name == "PlainText"
    assert detail.details.textFormat().name == "PlainText"
    assert detail.need.text() == "<b>bold</b>"
