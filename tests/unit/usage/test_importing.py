"""Importing events: every good line counts once, every bad one says why."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.clock import iso_text
from app.errors import UserError
from app.rows import ImportResult
from app.store.logs import Account, ImportBatch, UsageDay
from app.store.people import by_name
from app.store.tables import Person
from app.usage import importing
from tests.unit.usage.world import World

HEADER = "at,kind,asset,person,account,deal,stage,channel,search\n"


def run(lib: World, text: str | bytes, name: str = "events.csv") -> ImportResult:
    file = lib.folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with lib.write() as session:
        return importing.import_events(session, lib.marketer, file)


def test_lines_become_events(lib: World) -> None:
    deck = lib.asset("sub/deck.pdf", "The big deck")
    text = HEADER + (
        "2026-03-01,opened,sub/deck.pdf,ana@vendor.com,,,,,\n"
        "2026-03-01T14:05:00+02:00,Sent,The BIG deck,bo lind,Acme,Renewal,proposal,mail,\n"
        f"1772366400000,downloaded,{deck},Zoë New,acme,,,,01980000-0000-7000-8000-000000000000\n"
        "2026-03-02 10:00,shared,C:\\Users\\x\\Sales collateral\\sub\\deck.pdf,New@V.com,,,,,\n"
        "\n,,,,,,,,\n"
    )
    result = run(lib, text)
    assert result == ImportResult(4, 4, 0, False, ())
    events = lib.events()
    assert [event["kind"] for event in events] == ["open", "send", "copy", "share"]
    assert {event["asset_id"] for event in events} == {deck}
    assert [event["team"] for event in events] == ["North", "South", "", ""]
    assert iso_text(events[0]["at"]) == "2026-03-01T00:00:00Z"
    assert iso_text(events[1]["at"]) == "2026-03-01T12:05:00Z"
    assert events[1]["detail"] == {"channel": "mail"}
    assert events[1]["account_id"] == events[2]["account_id"]
    assert events[2]["search_uid"] is not None
    with lib.store.read() as session:
        zoe, new = by_name(session, "Zoë New"), by_name(session, "new@v.com")
        assert zoe is not None
        assert new is not None
        assert (zoe.role, new.role, new.name) == ("rep", "rep", "New")
        assert session.scalar(select(func.sum(UsageDay.n_use))) == 4


def test_the_same_file_twice_changes_nothing(lib: World) -> None:
    lib.asset("deck.pdf")
    text = HEADER + "2026-03-01,open,deck,Ana Ruiz,,,,,\n2026-03-02,open,deck,Ana Ruiz,,,,,\n"
    assert run(lib, text).imported == 2
    assert run(lib, text, "copy.csv") == ImportResult(2, 0, 2, True, ())
    more = text + "2026-03-03,open,deck,Ana Ruiz,,,,,\n"
    assert run(lib, more) == ImportResult(3, 1, 2, False, ())
    assert len(lib.events()) == 3
    with lib.store.read() as session:
        assert session.scalar(select(func.count()).select_from(ImportBatch)) == 2


def test_bad_lines_say_why_and_cost_only_themselves(lib: World) -> None:
    lib.asset("a/deck.pdf", "Deck")
    lib.asset("b/deck.pdf", "Deck")
    lines = {
        "yesterday,open,a/deck.pdf,Ana,,,,,": "no date",
        "2099-01-01,open,a/deck.pdf,Ana,,,,,": "future",
        "1999-01-01,open,a/deck.pdf,Ana,,,,,": "before September 2001",
        "2026-03-01,stole,a/deck.pdf,Ana,,,,,": "no kind of deed",
        "2026-03-01,open,Deck,Ana,,,,,": "means 2 assets",
        "2026-03-01,open,nothing.pdf,Ana,,,,,": "no asset",
        "2026-03-01,open,a/deck.pdf,,,,,,": "no person",
        "2026-03-01,open,a/deck.pdf,Ana,Acme,,nowhere,,": "Terms are",
        "2026-03-01,open,a/deck.pdf,Ana,Acme,,,,here": "uid of a search",
    }
    result = run(lib, HEADER + "\n".join(lines) + "\n2026-03-01,open,a/deck.pdf,Ana Ruiz\n")
    assert (result.rows, result.imported, result.skipped) == (10, 1, 0)
    assert [line for line, _ in result.bad] == list(range(2, 11))
    for (_, reason), words in zip(result.bad, lines.values(), strict=True):
        assert words in reason
    with lib.store.read() as session:
        assert session.scalars(select(Account.id)).all() == []
        assert session.scalar(select(func.count()).select_from(Person)) == 3


def test_a_file_with_bad_lines_may_be_tried_again(lib: World) -> None:
    lib.asset("deck.pdf")
    text = HEADER + "2026-03-01,open,deck,Ana,,,,,\n2026-03-01,open,late,Ana,,,,,\n"
    assert (run(lib, text).imported, len(run(lib, text).bad)) == (1, 1)
    lib.asset("late.pdf")
    again = run(lib, text)
    assert again == ImportResult(2, 1, 1, True, ())
    assert run(lib, text) == ImportResult(2, 0, 2, True, ())
    assert len(lib.events()) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
def test_delimiters_and_encodings_of_spreadsheets(
    lib: World, delimiter: str, encoding: str
) -> None:
    lib.asset("Übersicht.pdf")
    rows = [
        ("User", "Date", "Action", "File Path"),
        ("Jörg Ö", "2026-03-01", "Viewed", "Übersicht"),
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert run(lib, text.encode(encoding)) == ImportResult(1, 1, 0, False, ())
    with lib.store.read() as session:
        assert "Jörg Ö" in session.scalars(select(Person.name)).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at, kind, asset, person"),
        ("at,kind,asset\n", "column person"),
        ("%PDF-1.4\n\x00\x01", "lacks the columns"),
        ('"' * 1000, "lacks"),
    ],
)
def test_a_file_without_the_columns_names_them(lib: World, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        run(lib, text)


def test_a_file_that_is_not_there_or_too_large(lib: World) -> None:
    with pytest.raises(UserError, match="no file"), lib.write() as session:
        importing.import_events(session, lib.rep, lib.folder / "none.csv")
    with pytest.raises(UserError, match="no file"), lib.write() as session:
        importing.import_events(session, lib.rep, lib.folder)
    big = lib.folder / "big.csv"
    big.touch()
    with big.open("r+b") as file:
        file.truncate(importing.LARGEST_FILE + 1)
    with pytest.raises(UserError, match="100 MB"), lib.write() as session:
        importing.import_events(session, lib.rep, big)


def test_many_lines_go_through_in_batches(lib: World) -> None:
    lib.asset("deck.pdf")
    line = "2026-03-01T{:02}:{:02}:{:02},open,deck,Ana Ruiz\n"
    body = "".join(line.format(n // 3600, n // 60 % 60, n % 60) for n in range(2500))
    assert run(lib, "at,kind,asset,person\n" + body + body) == ImportResult(
        5000, 2500, 2500, False, ()
    )
    assert len(lib.events()) == 2500


def test_a_cell_without_end_costs_its_line(lib: World) -> None:
    lib.asset("deck.pdf")
    head = "at,kind,asset,person\n"
    result = run(
        lib, head + "2026-03-01,open," + "x" * 200_000 + ",Ana\n2026-03-01,open,deck,Ana\n"
    )
    assert (result.rows, result.imported, len(result.bad)) == (2, 1, 1)
    assert "no CSV" in result.bad[0][1]
