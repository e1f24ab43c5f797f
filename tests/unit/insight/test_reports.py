"""The reports on a real library: what is unused and why, what is used, what is not found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.clock import DAY_MS
from app.errors import UserError
from app.insight import reports
from app.rows import UnusedReport, UseReport
from app.store.tables import Asset, AssetFile, Person
from tests.unit.usage.world import World


def unused(lib: World, window: int = 90, as_of: int = 0) -> UnusedReport:
    with lib.store.read() as session:
        return reports.unused(session, lib.settings, window, as_of or lib.now)


def use(lib: World, window: int = 90, as_of: int = 0) -> UseReport:
    with lib.store.read() as session:
        return reports.use(session, lib.settings, window, as_of or lib.now)


def verdicts(report: UnusedReport) -> dict[str, tuple[str, str]]:
    return {row.title: (row.verdict, row.why) for row in report.rows}


def change(lib: World, asset: int, **facts: object) -> None:
    with lib.write() as session:
        row = session.get(Asset, asset)
        assert row is not None
        for name, value in facts.items():
            setattr(row, name, value)


def test_each_verdict_and_exclusion(lib: World) -> None:
    lib.created(days=400)
    ids = {
        name: lib.asset(f"{name}.pdf", days=200)
        for name in (
            "unused", "quiet", "sent", "opened", "shown", "viewed", "draft", "expired", "ended",
            "superseded", "exempt", "gone",
        )
    }  # fmt: skip
    ids["waiting"] = lib.asset("waiting.pdf", days=60)
    ids["new"] = lib.asset("new.pdf", days=5)
    lib.deed("send", ids["quiet"], days=91)
    lib.deed("send", ids["sent"], days=3)
    lib.deed("open", ids["opened"], days=89)
    lib.deed("view", ids["viewed"], days=5)
    lib.search("price", 4, (ids["shown"], ids["sent"]))
    change(lib, ids["draft"], status="draft")
    change(lib, ids["expired"], status="expired")
    change(lib, ids["ended"], expires_at=lib.now - 1)
    change(lib, ids["superseded"], superseded_by_id=ids["sent"])
    lib.tag(ids["exempt"], "content_type", "security_pack")
    lib.tag(ids["sent"], "content_type", "one_pager")
    with lib.write() as session:
        session.execute(
            sa.update(AssetFile)
            .where(AssetFile.asset_id == ids["gone"])
            .values(missing_since=lib.now - 5)
        )
    report = unused(lib)
    assert verdicts(report) == {
        "unused": ("unused", "never_shown"),
        "shown": ("unused", "shown_not_opened"),
        "viewed": ("unused", "shown_not_opened"),
        "quiet": ("gone_quiet", "never_shown"),
        "waiting": ("no_use_yet", "never_shown"),
        "new": ("too_new", ""),
        "opened": ("used", "opened_not_sent"),
        "sent": ("used", ""),
    }
    assert dict(report.counts) == {"unused": 3, "gone_quiet": 1, "no_use_yet": 1, "used": 2}
    assert dict(report.excluded) == {
        "too_new": 1, "not_published": 1, "expired": 2, "superseded": 1, "exempt": 1, "missing": 1,
    }  # fmt: skip
    assert (report.eligible, report.used) == (7, 2)
    assert report.unused_share == pytest.approx(5 / 7)
    low, high = report.unused_interval
    assert low < 5 / 7 < high
    assert dict(report.why) == {"never_shown": 3, "shown_not_opened": 2, "opened_not_sent": 1}
    sent = next(row for row in report.rows if row.title == "sent")
    assert (sent.content_type, sent.shown, sent.uses, sent.path) == ("One-pager", 1, 1, "sent.pdf")
    assert [row.verdict for row in report.rows][:3] == ["unused"] * 3, "what needs work comes first"


def test_a_fresh_library_says_too_new_whatever_the_files_dates(lib: World) -> None:
    lib.asset("old.pdf", days=900)
    report = unused(lib)
    assert report.eligible == 0
    assert dict(report.excluded) == {"too_new": 1}
    assert report.unused_share == 0.0
    assert report.unused_interval == (0.0, 1.0)


@pytest.mark.parametrize("history", ["send", "view", "search"])
def test_an_imported_history_starts_the_clock(lib: World, history: str) -> None:
    old, other = lib.asset("old.pdf", days=900), lib.asset("other.pdf", days=900)
    if history == "search":
        lib.search("anything", 200)
    else:
        lib.deed(history, other, days=200)
    report = unused(lib)
    assert report.log_start == pytest.approx(lib.now - 200 * DAY_MS, abs=1)
    row = next(row for row in report.rows if row.asset_id == old)
    assert row.verdict == "unused"
    assert row.available_since == report.log_start


def test_only_deeds_that_count_make_use(lib: World) -> None:
    lib.created(days=400)
    made, own, bulk, early = (
        lib.asset(f"{name}.pdf", days=200) for name in ("made", "own", "bulk", "early")
    )
    change(lib, own, owner_id=lib.rep)
    lib.deed("open", made, 5, lib.marketer)
    lib.deed("open", own, 5)
    lib.deed("open", bulk, 5, detail={"bulk": True})
    lib.deed("copy", early, 200 - 5 / 86_400)
    for days in (5, 5 - 0.01, 5 - 0.02):
        lib.deed("send", early, days)
    report = use(lib, window=300)
    assert dict(report.dropped) == {
        "not_counted_people": 1, "own_asset": 1, "bulk": 1, "just_added": 1, "repeated": 2,
    }  # fmt: skip
    assert [(row.title, row.uses) for row in report.rows] == [("early", 1)]
    assert unused(lib).used == 1
    with lib.write() as session:
        person = session.get(Person, lib.marketer)
        assert person is not None
        person.counts = True
    assert unused(lib).used == 2


def test_the_same_rules_hold_for_use_long_ago(lib: World) -> None:
    lib.created(days=400)
    made, own, bulk, real = (
        lib.asset(f"{name}.pdf", days=300) for name in ("made", "own", "bulk", "real")
    )
    change(lib, own, owner_id=lib.rep)
    lib.deed("open", made, 100, lib.marketer)
    lib.deed("open", own, 100)
    lib.deed("open", bulk, 100, detail={"bulk": True})
    lib.deed("open", real, 100, detail={"page": 3})
    words = {title: verdict for title, (verdict, _) in verdicts(unused(lib)).items()}
    assert words == {"made": "unused", "own": "unused", "bulk": "unused", "real": "gone_quiet"}
    row = next(row for row in unused(lib).rows if row.title == "real")
    assert row.last_used_at == lib.now - 100 * DAY_MS


def test_one_person_alone_counts_even_as_owner(lib: World) -> None:
    lib.created(days=400)
    deck = lib.asset("deck.pdf", days=200)
    change(lib, deck, owner_id=lib.marketer)
    lib.deed("send", deck, 3, lib.marketer)
    assert unused(lib).used == 0
    with lib.write() as session:
        for person in (lib.rep, lib.other):
            session.delete(session.get(Person, person))
    assert unused(lib).used == 1


def test_people_who_left_still_count_for_their_time(lib: World) -> None:
    lib.created(days=400)
    lib.deed("send", lib.asset("deck.pdf", days=200), 3, lib.other)
    with lib.write() as session:
        person = session.get(Person, lib.other)
        assert person is not None
        person.active = False
    assert unused(lib).used == 1


def test_a_merged_asset_lends_its_use(lib: World) -> None:
    lib.created(days=400)
    kept, copy, older = (lib.asset(f"{n}.pdf", days=200) for n in ("kept", "copy", "older"))
    change(lib, copy, merged_into_id=kept)
    change(lib, older, merged_into_id=copy)
    lib.deed("send", older, 3)
    lib.search("deck", 3, (copy, kept))
    report = use(lib)
    assert [(row.title, row.uses, row.shown) for row in report.rows] == [("kept", 1, 1)]
    assert verdicts(unused(lib)) == {"kept": ("used", "")}


def test_nothing_after_the_moment_is_looked_at(lib: World) -> None:
    lib.created(days=400)
    deck = lib.asset("deck.pdf", days=200)
    lib.asset("later.pdf", days=5)
    lib.deed("send", deck, days=3)
    lib.search("deck", 3, (deck,))
    then = lib.now - 10 * DAY_MS
    assert verdicts(unused(lib, as_of=then)) == {"deck": ("unused", "never_shown")}
    assert dict(unused(lib, as_of=then).excluded) == {"not_published": 1}
    assert use(lib, as_of=then).rows == ()
    assert verdicts(unused(lib))["deck"] == ("used", "")


def test_the_use_report_counts_by_asset_and_week(lib: World) -> None:
    lib.created(days=400)
    often, seldom, draft = (lib.asset(f"{n}.pdf", days=200) for n in ("often", "seldom", "draft"))
    change(lib, draft, status="draft")
    for days in (1, 2, 3, 8, 9):
        lib.deed("open", often, days)
    lib.deed("send", often, 1, lib.other)
    lib.deed("copy", seldom, 20)
    lib.deed("share", draft, 40)
    report = use(lib)
    assert (report.eligible, report.used) == (2, 2)
    rows = [
        (r.title, r.opens, r.copies, r.shares, r.sends, r.uses, r.users) for r in report.rows
    ]  # fmt: skip
    assert rows == [
        ("often", 5, 0, 0, 1, 6, 2), ("draft", 0, 0, 1, 0, 1, 1), ("seldom", 0, 1, 0, 0, 1, 1),
    ]  # fmt: skip
    assert report.concentration == 0.5
    assert len(report.weeks) == 12
    assert [week[1:] for week in report.weeks[-3:]] == [(1, 0), (2, 0), (4, 1)]
    assert report.weeks[-1][0] == lib.now - 7 * DAY_MS + 1
    low, high = report.utilisation_interval
    assert 0 < low < high == 1.0


def test_what_was_searched_in_vain(lib: World) -> None:
    deck = lib.asset("deck.pdf")
    minute = 1 / 1440
    lib.search("pri", 5)
    lib.search("prici", 5 - minute)
    lib.search("pricing", 5 - 2 * minute, (deck,))
    lib.search("Hospital", 4)
    lib.search("hospital ROI", 4 - minute)
    lib.search("hospital roi", 3, person_id=lib.other)
    lib.search("hospital roi", 3, person_id=lib.marketer)
    lib.search("churn", 2, filters={"persona": ["finance"]})
    lib.search("churn", 1)
    lib.search("", 1, filters={"persona": ["finance"]})
    lib.search("too old", 100)
    with lib.store.read() as session:
        gaps = reports.search_gaps(session, 90, lib.now)
    assert [(g.norm, g.times, g.people, g.with_filters) for g in gaps] == [
        ("hospital roi", 2, 2, False), ("churn", 1, 1, False), ("churn", 1, 1, True),
    ]  # fmt: skip


def test_an_impossible_window_is_refused(lib: World) -> None:
    for window in (0, -1, 4000):
        with pytest.raises(UserError, match="from 1 to 3650"):
            unused(lib, window)
        with pytest.raises(UserError, match="from 1 to 3650"), lib.store.read() as session:
            reports.search_gaps(session, window, lib.now)


def test_the_deeds_of_a_window_are_read_through_their_index(lib: World) -> None:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if "FROM usage_event" in statement and "BETWEEN" in statement:
            statements.append((statement, values))  # type: ignore[arg-type]

    sa.event.listen(lib.store.engine, "before_cursor_execute", note)
    use(lib)
    statement, values = statements[0]
    with lib.store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()  # type: ignore[arg-type]
    assert "ix_usage_event_use" in str(plan)


def test_an_empty_library_has_reports(lib: World) -> None:
    assert unused(lib).rows == ()
    report = use(lib)
    assert (report.rows, report.concentration, report.utilisation_interval) == ((), 0.0, (0.0, 1.0))
