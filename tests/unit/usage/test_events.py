"""Deeds and searches are recorded as they are done, with what was known at that moment."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from app.errors import UserError
from app.rows import FindSpec, Occasion
from app.store.logs import Account, Deal, SearchEvent, UsageDay
from app.store.tables import Term
from app.usage import accounts, events
from tests.unit.usage.world import World


def test_an_event_keeps_version_team_and_occasion(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    search = str(uuid.uuid4())
    occasion = Occasion("Acme GmbH", "Renewal 2027", "Proposal", "chat", search)
    with lib.write() as session:
        changes = events.record(session, lib.rep, "share", [deck], occasion)
        stage = session.scalars(select(Term.id).where(Term.slug == "select")).one()
    assert changes.kinds == {"events"}
    assert changes.asset_ids == (deck,)
    assert changes.inverse is None
    assert len(changes.result) == 1
    (event,) = lib.events()
    assert event["team"] == "North"
    assert event["version_id"] is not None
    assert event["stage_id"] == stage, "a synonym (proposal) names the stage"
    assert event["detail"] == {"channel": "chat"}
    assert str(event["search_uid"]) == search
    assert event["deal_id"]
    assert event["account_id"]


def test_several_assets_make_an_event_each_and_a_repeated_one_a_single(lib: World) -> None:
    one, two = lib.asset("one.pdf"), lib.asset("two.pdf")
    with lib.write() as session:
        changes = events.record(session, lib.rep, "copy", [two, one, two])
    assert changes.asset_ids == (two, one)
    assert changes.summary == "2 assets copied."
    assert [event["asset_id"] for event in lib.events()] == [two, one]
    with lib.store.read() as session:
        assert session.scalar(select(func.sum(UsageDay.n_use))) == 2


@pytest.mark.parametrize(
    ("kind", "ids", "occasion", "words"),
    [
        ("stolen", [1], None, "Deeds are"),
        ("open", [], None, "at least one"),
        ("open", [99], None, "number 99"),
        ("open", [1], Occasion(stage="nowhere"), "identify"),
        ("open", [1], Occasion(search_uid="x"), "uid"),
        ("open", [1], Occasion(account="A" * 300), "longer"),
    ],
)
def test_what_cannot_be_recorded_says_why_and_leaves_nothing(
    lib: World, kind: str, ids: list[int], occasion: Occasion | None, words: str
) -> None:
    lib.asset("deck.pdf")
    with pytest.raises(UserError, match=words), lib.write() as session:
        events.record(session, lib.rep, kind, ids, occasion)
    assert lib.events() == []
    with lib.store.read() as session:
        assert session.scalars(select(Account.id)).all() == []


def test_names_are_matched_without_capitals_in_any_script(lib: World) -> None:
    with lib.write() as session:
        made = accounts.match_account(session, "  Müller   & Söhne ")
        again = accounts.match_account(session, "MÜLLER & SÖHNE")
        deal = accounts.match_deal(session, "Ausbau", made)
        same = accounts.match_deal(session, "AUSBAU", made)
        elsewhere = accounts.match_deal(session, "Ausbau", accounts.match_account(session, "B"))
        assert made is again
        assert made is not None
        assert made.name == "Müller & Söhne"
        assert made.source == "here"
        assert deal is same
        assert elsewhere is not deal
        assert accounts.account_names(session) == ("B", "Müller & Söhne")
        assert accounts.deal_names(session, "müller & söhne") == ("Ausbau",)
        assert accounts.deal_names(session, "unknown") == ()


def test_a_deal_brings_its_account_and_stage_and_a_crm_goes_first(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    with lib.write() as session:
        stage = session.scalars(select(Term.id).where(Term.slug == "validate")).one()
        session.add(Account(source="here", crm_id="h", name="Acme"))
        crm = Account(source="crm", crm_id="1", name="ACME")
        session.add(crm)
        session.flush()
        session.add(
            Deal(source="crm", crm_id="d", name="Big", account_id=crm.id, stage_term_id=stage)
        )
        session.flush()
        events.record(session, lib.rep, "send", [deck], Occasion(deal="big"))
        assert accounts.match_account(session, "acme") is crm
        wanted = (crm.id, stage)
    (event,) = lib.events()
    assert (event["account_id"], event["stage_id"]) == wanted


def test_closed_deals_are_not_offered(lib: World) -> None:
    with lib.write() as session:
        session.add(Deal(source="x", crm_id="1", name="Won", outcome="won", closed_at=lib.now))
        session.add(Deal(source="x", crm_id="2", name="Open"))
        session.flush()
        assert accounts.deal_names(session) == ("Open",)


def test_a_search_keeps_words_filters_and_what_it_showed(lib: World) -> None:
    spec = FindSpec("  Price   List ", (("persona", ("finance",)), ("stage", ())))
    with lib.write() as session:
        changes = events.log_search(session, lib.rep, spec, 240, list(range(1, 60)))
    with lib.store.read() as session:
        row = session.scalars(select(SearchEvent)).one()
        assert str(row.uid) == changes.result
        assert (row.query, row.norm) == ("Price List", "price list")
        assert row.filters == {"persona": ["finance"]}
        assert row.n_results == 240
        assert row.top_ids == list(range(1, 21))


def test_neither_words_nor_filters_is_no_search(lib: World) -> None:
    with lib.write() as session:
        changes = events.log_search(session, lib.rep, FindSpec("  "), 12, [1])
        assert changes.result == ""
        assert session.scalars(select(SearchEvent.uid)).all() == []


def test_half_characters_from_a_terminal_are_survived(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    with lib.write() as session:
        events.log_search(session, lib.rep, FindSpec("caf\udce9 \x00menu"), 0, [])
        events.record(
            session, lib.rep, "open", [deck], Occasion("caf\udce9", "d\x00", channel="\n")
        )
        assert session.scalars(select(SearchEvent.query)).one() == "caf menu"
        assert session.scalars(select(Account.name)).one() == "caf"
