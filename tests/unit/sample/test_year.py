"""The made-up year has the shape of real use, and each story that the product must find."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from app.rows import REQUEST_STATUSES, ROLES
from app.sample.model import SampleAsset, SampleEvent, SampleManifest, SampleYear
from app.sample.use import plan_year

NOW = datetime(2031, 3, 14, 15, 30, tzinfo=UTC)
USES = ("copy", "share", "send")


def reps(year: SampleYear) -> set[str]:
    return {person.key for person in year.people if person.role == "rep"}


def by_reps(year: SampleYear, asset: SampleAsset) -> list[SampleEvent]:
    return [e for e in year.events if e.asset == asset.relpath and e.person in reps(year)]


def with_story(sample: SampleManifest, story: str) -> list[SampleAsset]:
    found = [asset for asset in sample.assets if asset.story == story]
    assert found, story
    return found


def shown(year: SampleYear, asset: SampleAsset) -> int:
    return sum(asset.relpath in search.top_ids for search in year.searches)


def test_nothing_lies_in_the_future_or_before_its_piece(
    sample: SampleManifest, year: SampleYear
) -> None:
    born = {a.relpath: a.published_at or a.created_at for a in sample.assets}
    assert max(event.at for event in year.events) <= NOW
    assert all(event.at >= born[event.asset] for event in year.events)
    assert all(search.at <= NOW for search in year.searches)
    assert all(born[path] <= s.at for s in year.searches for path in s.top_ids)
    for request in year.requests:
        times = [step.at for step in request.history]
        assert times == sorted(times)
        assert request.created_at == times[0]
        assert max(times) <= NOW
        assert all(request.created_at <= at <= NOW for _, at in request.votes)
    for deal in year.deals:
        assert deal.opened_at <= NOW
        assert (deal.closed_at is None) == (deal.outcome == "open")
        assert deal.closed_at is None or deal.opened_at < deal.closed_at <= NOW


def test_the_year_follows_from_manifest_now_and_seed(
    sample: SampleManifest, year: SampleYear
) -> None:
    assert plan_year(sample, now=NOW) == year
    assert plan_year(sample, now=NOW, seed=8) != year


def test_every_reference_points_at_something(sample: SampleManifest, year: SampleYear) -> None:
    people = {person.key for person in year.people}
    paths = {asset.relpath for asset in sample.assets}
    accounts = {account.key for account in year.accounts}
    deals = {deal.crm_id: deal for deal in year.deals}
    assert {person.role for person in year.people} == set(ROLES)
    assert all(d.account in accounts and d.owner in people for d in year.deals)
    for event in year.events:
        assert event.person in people
        assert event.asset in paths
        if event.deal:
            assert deals[event.deal].account == event.account
            assert deals[event.deal].owner == event.person
        if event.search is not None:
            search = year.searches[event.search]
            assert search.person == event.person
            assert event.asset in search.top_ids
            assert timedelta(0) < event.at - search.at < timedelta(minutes=20)
    for request in year.requests:
        linked = (request.answered_with, request.delivered_as, *(p for p, _ in request.looked_at))
        assert {path for path in linked if path} <= paths
        assert request.deal is None or request.deal in deals


def test_use_has_the_shape_of_real_use(year: SampleYear) -> None:
    kinds = Counter(event.kind for event in year.events)
    total = len(year.events)
    assert 3000 <= total <= 5500
    assert 0.40 <= kinds["open"] / total <= 0.55
    assert 0.22 <= kinds["send"] / total <= 0.35
    assert set(kinds) == {"view", "open", "copy", "share", "send"}
    counts = [n for _, n in Counter(e.asset for e in year.events).most_common()]
    assert sum(counts[: len(counts) // 5]) > 0.5 * total
    weekdays = Counter(event.at.weekday() for event in year.events)
    assert weekdays[5] == weekdays[6] == 0
    assert weekdays[1] > weekdays[4]
    half = NOW - timedelta(days=182)
    assert sum(e.at > half for e in year.events) > sum(e.at <= half for e in year.events)
    months = Counter(event.at.month for event in year.events)
    assert months[8] < 0.75 * months[6]


def test_marketing_opens_pieces_too_also_those_that_no_rep_uses(
    sample: SampleManifest, year: SampleYear
) -> None:
    marketing = [event for event in year.events if event.person not in reps(year)]
    assert 0.02 < len(marketing) / len(year.events) < 0.15
    unused = {a.relpath for s in ("never_used", "never_found") for a in with_story(sample, s)}
    assert any(event.asset in unused for event in marketing)


def test_never_used_never_found_and_the_bad_title(sample: SampleManifest, year: SampleYear) -> None:
    unused = with_story(sample, "never_used")
    assert len(unused) >= 3
    assert all(not by_reps(year, asset) for asset in unused)
    assert all(shown(year, asset) for asset in unused)
    for asset in with_story(sample, "never_found"):
        assert not by_reps(year, asset)
        assert not shown(year, asset)
    for asset in with_story(sample, "bad_title"):
        assert not by_reps(year, asset)
        assert shown(year, asset) > 30


def test_quiet_opened_only_and_new_pieces(sample: SampleManifest, year: SampleYear) -> None:
    for asset in with_story(sample, "gone_quiet"):
        events = by_reps(year, asset)
        assert len(events) > 10
        assert max(event.at for event in events) < NOW - timedelta(days=100)
    for asset in with_story(sample, "opened_only"):
        kinds = {event.kind for event in by_reps(year, asset)}
        assert kinds == {"open", "view"}
    for asset in with_story(sample, "too_new"):
        assert asset.published_at is not None
        assert NOW - asset.published_at < timedelta(days=30)


def test_the_outdated_deck_is_still_sent_and_the_copies_are_used(
    sample: SampleManifest, year: SampleYear
) -> None:
    recent = NOW - timedelta(days=90)
    for story in ("outdated", "current"):
        for asset in with_story(sample, story):
            assert any(e.kind == "send" and e.at > recent for e in by_reps(year, asset)), story
    old, new = with_story(sample, "outdated")[0], with_story(sample, "current")[0]
    late = [sum(e.at > recent for e in by_reps(year, asset)) for asset in (old, new)]
    assert 0 < late[0] < late[1]
    near = with_story(sample, "near_copy")[0]
    assert {event.person for event in by_reps(year, near)} == {near.owner}
    assert any(event.kind in USES for event in by_reps(year, near))
    assert by_reps(year, with_story(sample, "exact_copy")[0])


def test_the_expired_report_is_opened_but_no_longer_sent(
    sample: SampleManifest, year: SampleYear
) -> None:
    report = with_story(sample, "expired")[0]
    assert report.expires is not None
    late = [e for e in by_reps(year, report) if e.at.date() > report.expires]
    early = [e for e in by_reps(year, report) if e.at.date() <= report.expires]
    assert late
    assert not any(event.kind in USES for event in late)
    assert any(event.kind in USES for event in early)


def test_internal_pieces_are_never_sent(sample: SampleManifest, year: SampleYear) -> None:
    internal = {a.relpath for a in sample.assets if ("audience", "internal_only") in a.tags}
    assert internal
    sent = {e.asset for e in year.events if e.kind == "send"}
    assert not internal & sent


def test_searches_that_find_nothing(sample: SampleManifest, year: SampleYear) -> None:
    missed = Counter(s.query for s in year.searches if not s.n_results and not s.filters)
    assert {"fedramp", "hipaa one-pager", "isotherra battlecard"} <= set(missed)
    assert any(s.filters and not s.n_results for s in year.searches)
    assert all(s.n_results >= len(s.top_ids) for s in year.searches)
    rate = sum(s.n_results == 0 for s in year.searches) / len(year.searches)
    assert 0.03 < rate < 0.15
    assert not any(asset.competitor == "Isotherra" for asset in sample.assets)


def test_requests_of_every_status_and_a_delivered_one_that_was_used(
    sample: SampleManifest, year: SampleYear
) -> None:
    assert {request.status for request in year.requests} == set(REQUEST_STATUSES)
    for request in year.requests:
        assert request.status == request.history[-1].status
        assert (request.status == "declined") == (request.decline_reason is not None)
        assert (request.status == "merged") == (request.merged_into is not None)
        assert (request.status == "answered") == (request.answered_with is not None)
        assert (request.status in ("delivered", "closed")) == (request.delivered_as is not None)
        assert request.requester not in [person for person, _ in request.votes]
    delivered = with_story(sample, "delivered")[0]
    closed = next(r for r in year.requests if r.status == "closed")
    assert closed.delivered_as == delivered.relpath
    assert sum(event.kind in USES for event in by_reps(year, delivered)) >= 3


def test_deals_suffice_for_comparisons(year: SampleYear) -> None:
    outcomes = Counter(deal.outcome for deal in year.deals)
    assert outcomes["won"] >= 20
    assert outcomes["lost"] >= 20
    assert outcomes["open"] >= 15
    # One rep in twelve has hardly begun: that is what adoption looks like.
    counts = Counter(e.person for e in year.events if e.person in reps(year))
    assert len(counts) == 12
    assert min(counts.values()) < 0.2 * max(counts.values())
