"""Requests: filed in a sentence, moved by rules, nothing erased, everything taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.asking import requests, states
from app.changes import Changes
from app.clock import DAY_MS
from app.errors import UserError
from app.rows import OPEN_REQUEST_STATUSES, REQUEST_STATUSES, NewRequest, RequestRow
from app.store.logs import Account, Deal, RequestStatus, RequestVote
from tests.unit.usage.world import World


def file(lib: World, need: str = "A one-pager for hospitals", by: int = 0, **given: object) -> int:
    with lib.write() as session:
        changes = requests.file(session, by or lib.rep, NewRequest(need, **given))  # type: ignore[arg-type]
    assert isinstance(changes.result, int)
    return changes.result


def move(lib: World, request: int, status: str, note: str = "", **links: int) -> Changes:
    with lib.write() as session:
        return requests.set_status(session, lib.marketer, request, status, note, **links)


def undo(lib: World, changes: Changes) -> Changes:
    assert changes.inverse is not None
    assert changes.inverse.method == "set_request"
    request, status, note = changes.inverse.args
    return move(lib, request, status, note)  # type: ignore[arg-type]


def one(lib: World, request: int) -> RequestRow:
    with lib.store.read() as session:
        return requests.one(session, request)


def listed(lib: World, **given: bool) -> list[int]:
    with lib.store.read() as session:
        return [row.id for row in requests.listing(session, **given)]


def deal(lib: World, name: str, amount: int, currency: str = "EUR", outcome: str = "open") -> None:
    with lib.write() as session:
        closed = None if outcome == "open" else lib.now
        session.add(
            Deal(
                source="crm", crm_id=name, name=name, amount_minor=amount, currency=currency,
                outcome=outcome, closed_at=closed,
            )
        )  # fmt: skip


def test_a_request_keeps_everything_asked(lib: World) -> None:
    number = file(
        lib, "  A one-pager\n for hospitals ", details="Two pages.\r\nNo prices.\x00",
        content_type="flyer", persona="CFO", stage="proposal", value_proposition="",
        account="Acme", deal="Renewal", needed_by=lib.now + DAY_MS, search="  Hospital ROI",
    )  # fmt: skip
    row = one(lib, number)
    assert (row.need, row.details) == ("A one-pager for hospitals", "Two pages.\nNo prices.")
    assert (row.status, row.by, row.votes) == ("submitted", "Ana Ruiz", 1)
    assert (row.account, row.deal) == ("Acme", "Renewal")
    assert [(t.facet, t.slug) for t in row.wants] == [
        ("persona", "finance"), ("stage", "select"), ("content_type", "one_pager"),
    ]  # fmt: skip
    assert row.search == "hospital roi"
    assert [(note.status, note.by) for note in row.history] == [("submitted", "Ana Ruiz")]


@pytest.mark.parametrize(
    ("need", "given", "words"),
    [
        (" \n", {}, "one sentence"),
        ("x" * 501, {}, "500"),
        ("x", {"persona": "wizard"}, "has no term"),
        ("x", {"needed_by": 1_600_000_000_000}, "is over"),
    ],
)
def test_what_cannot_be_filed_says_why_and_leaves_nothing(
    lib: World, need: str, given: dict[str, object], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        file(lib, need, account="Acme", **given)
    assert listed(lib) == []
    with lib.store.read() as session:
        assert session.scalars(select(Account.id)).all() == []


def test_withdrawing_closes_and_can_be_taken_back(lib: World) -> None:
    number = file(lib)
    with lib.write() as session:
        changes = requests.withdraw(session, lib.rep, number)
    row = one(lib, number)
    assert row.status == "closed"
    assert row.history[-1].note == "withdrawn by Ana Ruiz"
    undo(lib, changes)
    assert one(lib, number).status == "submitted"
    assert [note.status for note in one(lib, number).history] == [
        "submitted", "closed", "submitted",
    ]  # fmt: skip
    with lib.write() as session:
        requests.withdraw(session, lib.rep, number)
    with pytest.raises(UserError, match="closed already"), lib.write() as session:
        requests.withdraw(session, lib.rep, number)


def test_a_request_walks_to_its_delivery(lib: World) -> None:
    number, deck = file(lib), lib.asset("deck.pdf", "Hospital one-pager")
    for status in ("triage", "accepted", "scheduled", "in_progress", "in_review"):
        move(lib, number, status)
    assert one(lib, number).assignee == "Mia Mark"
    with pytest.raises(UserError, match="needs the asset"):
        move(lib, number, "delivered")
    with pytest.raises(UserError, match="no asset number 99"):
        move(lib, number, "delivered", fulfilled_by=99)
    changes = move(lib, number, "delivered", fulfilled_by=deck)
    assert changes.asset_ids == (deck,)
    row = one(lib, number)
    assert (row.fulfilled_by, row.fulfilled_by_title) == (deck, "Hospital one-pager")
    again = undo(lib, changes)
    assert one(lib, number).status == "in_review"
    assert one(lib, number).fulfilled_by is None
    undo(lib, again)
    assert one(lib, number).fulfilled_by == deck
    move(lib, number, "closed")
    assert one(lib, number).fulfilled_by == deck
    assert listed(lib, open_only=True) == []


@pytest.mark.parametrize("status", ["declined", "needs_info", "closed"])
def test_a_step_that_needs_explaining_needs_a_note(lib: World, status: str) -> None:
    number = file(lib)
    with pytest.raises(UserError, match="needs a note"):
        move(lib, number, status)
    move(lib, number, status, "There is one: see the hospital deck.")
    assert one(lib, number).history[-1].note == "There is one: see the hospital deck."


def test_steps_that_make_no_sense_are_refused_with_those_that_do(lib: World) -> None:
    number, deck = file(lib), lib.asset("deck.pdf")
    with pytest.raises(UserError, match="Next may come triage"):
        move(lib, number, "in_review")
    with pytest.raises(UserError, match="no status"):
        move(lib, number, "lost")
    with pytest.raises(UserError, match="names no asset"):
        move(lib, number, "triage", fulfilled_by=deck)
    with pytest.raises(UserError, match="names no other request"):
        move(lib, number, "triage", duplicate_of=number)
    with pytest.raises(UserError, match="no request number 99"):
        move(lib, 99, "triage")
    assert [note.status for note in one(lib, number).history] == ["submitted"]


def test_the_same_status_with_a_note_adds_the_note(lib: World) -> None:
    number = file(lib)
    assert move(lib, number, "submitted").kinds == frozenset()
    assert move(lib, number, "submitted", "Also for clinics.").inverse is None
    assert [note.note for note in one(lib, number).history] == ["", "Also for clinics."]


def test_every_step_can_be_undone(lib: World) -> None:
    deck, other = lib.asset("deck.pdf"), file(lib, "Another")
    for present, following in states.NEXT.items():
        for status in following:
            links = {"duplicate_of": other} if status == "merged" else {}
            links |= {"fulfilled_by": deck} if status in states.FULFILLED else {}
            number = file(lib, f"{present} to {status}")
            _bring_to(lib, number, present, deck, other)
            if one(lib, number).status != present:
                continue
            changes = move(lib, number, status, "why", **links)
            if present != "merged":
                undo(lib, changes)
                assert one(lib, number).status == present
                assert one(lib, number).history[-1].note == "undone"
                assert one(lib, number).duplicate_of is None


def _bring_to(lib: World, number: int, status: str, deck: int, other: int) -> None:
    way = {"triage": ["triage"], "scheduled": ["accepted", "scheduled"],
           "in_progress": ["accepted", "in_progress"], "in_review": ["accepted", "in_review"],
           "delivered": ["accepted", "delivered"]}  # fmt: skip
    for step in way.get(status, [status]):
        if step in ("draft", "submitted"):
            continue
        links = {"duplicate_of": other} if step == "merged" else {}
        links |= {"fulfilled_by": deck} if step in states.FULFILLED else {}
        move(lib, number, step, "why", **links)


def test_the_states_are_those_of_the_vocabulary() -> None:
    assert set(states.NEXT) == set(REQUEST_STATUSES)
    for following in states.NEXT.values():
        assert set(following) <= set(REQUEST_STATUSES)
        assert len(set(following)) == len(following)
    for status in OPEN_REQUEST_STATUSES:
        assert "closed" in states.NEXT[status], "whatever is open can be withdrawn"


def test_a_vote_counts_once_per_person(lib: World) -> None:
    number = file(lib)
    for person in (lib.rep, lib.other, lib.other):
        with lib.write() as session:
            requests.vote(session, person, number)
    assert one(lib, number).votes == 2
    with lib.store.read() as session:
        assert session.scalar(select(func.count()).select_from(RequestVote)) == 1
    with pytest.raises(UserError, match="no request"), lib.write() as session:
        requests.vote(session, lib.rep, 99)


def test_a_merged_request_lends_its_voices_and_gets_them_back(lib: World) -> None:
    deal(lib, "Big", 900_00)
    target, twin = file(lib, "One"), file(lib, "Two", by=lib.other, deal="Big")
    with lib.write() as session:
        requests.vote(session, lib.marketer, twin)
    changes = move(lib, twin, "merged", duplicate_of=target)
    assert one(lib, target).votes == 3
    assert one(lib, target).amount_minor == 900_00
    assert one(lib, twin).duplicate_of == target
    with lib.write() as session:
        assert requests.vote(session, lib.marketer, twin).result == target
    undo(lib, changes)
    assert (one(lib, target).votes, one(lib, twin).votes) == (2, 2)
    assert one(lib, target).amount_minor is None


def test_merges_make_no_circle(lib: World) -> None:
    first, second, third = file(lib, "One"), file(lib, "Two"), file(lib, "Three")
    with pytest.raises(UserError, match="needs the number"):
        move(lib, first, "merged")
    with pytest.raises(UserError, match="is the same"):
        move(lib, first, "merged", duplicate_of=first)
    move(lib, second, "merged", duplicate_of=first)
    move(lib, third, "merged", duplicate_of=second)
    assert one(lib, third).duplicate_of == first
    with pytest.raises(UserError, match="merged into it"):
        move(lib, first, "merged", duplicate_of=third)


def test_what_most_people_and_money_wait_for_comes_first(lib: World) -> None:
    deal(lib, "Small", 100_00)
    deal(lib, "Large", 900_00)
    deal(lib, "Lost", 9_000_00, outcome="lost")
    late = file(lib, "later", needed_by=lib.now + 9 * DAY_MS)
    soon = file(lib, "sooner", needed_by=lib.now + 2 * DAY_MS)
    never = file(lib, "no date")
    lost = file(lib, "lost deal", deal="Lost")
    small, large = file(lib, "small", deal="Small"), file(lib, "large", deal="Large")
    voted, closed = file(lib, "voted"), file(lib, "closed")
    for number in (voted, closed):
        with lib.write() as session:
            requests.vote(session, lib.other, number)
    move(lib, closed, "closed", "over")
    assert listed(lib) == [voted, large, small, soon, late, never, lost, closed]
    assert closed not in listed(lib, open_only=True)


def test_amounts_of_different_currencies_are_not_added(lib: World) -> None:
    deal(lib, "Euro", 100_00)
    deal(lib, "Dollar", 150_00, "USD")
    first, second = file(lib, deal="Euro"), file(lib, by=lib.other, deal="Dollar")
    move(lib, second, "merged", duplicate_of=first)
    row = one(lib, first)
    assert (row.amount_minor, row.currency) == (150_00, "USD")


def test_the_history_cannot_be_changed(lib: World) -> None:
    file(lib)
    with pytest.raises(Exception, match="append-only"), lib.write() as session:
        session.delete(session.scalars(select(RequestStatus)).one())
