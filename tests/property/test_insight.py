"""What holds for the numbers whatever the library: nothing lost, nothing twice, no time travel."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.clock import DAY_MS
from app.insight import searching, unused
from app.insight.stats import newcombe, shrunk, wilson
from app.insight.unused import Candidate, Evidence, Frame
from app.insight.use import concentration
from app.insight.use import report as use_report
from app.rows import STATUSES, UnusedReport
from app.usage.counting import REPEAT_MS, Deed, Rules, by_week, counted, tallies

NOW = 1_800_000_000_000
MOMENTS = st.integers(NOW - 300 * DAY_MS, NOW + 30 * DAY_MS)
KINDS = st.sampled_from(["view", "open", "copy", "share", "send"])
ASSETS = st.integers(1, 6)
DEEDS = st.lists(
    st.tuples(
        st.one_of(MOMENTS, st.integers(NOW - 5 * REPEAT_MS, NOW)), ASSETS, st.integers(1, 3), KINDS,
        st.booleans(),
    ),
    max_size=40,
)  # fmt: skip
RULES = st.builds(
    Rules,
    st.frozensets(st.integers(1, 3)),
    st.dictionaries(ASSETS, st.integers(1, 3)),
    st.dictionaries(ASSETS, MOMENTS),
    st.dictionaries(st.integers(4, 6), st.integers(1, 3)),
)
FRAMES = st.builds(
    Frame, st.just(NOW), st.integers(1, 200), st.integers(0, 100), st.integers(1, NOW)
)
CANDIDATES = st.lists(
    st.builds(
        Candidate, ASSETS, st.just("t"), st.just("p"), st.just(""), st.just(""),
        st.sampled_from(STATUSES), st.none() | MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS,
        st.booleans(), st.booleans(), st.booleans(),
    ),
    max_size=6,
    unique_by=lambda asset: asset.id,
)  # fmt: skip
COUNTS = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda p: (min(p), max(p)))


def judged(assets: list[Candidate], deeds: list[Deed], rules: Rules, frame: Frame) -> UnusedReport:
    """The report as the queries feed it: the window for the tallies, before it for the rest."""
    window = [deed for deed in deeds if frame.start <= deed[0] <= frame.as_of]
    before = [deed for deed in deeds if deed[0] < frame.start]
    earlier = tallies(counted(before, rules).deeds)
    last = {asset: t.last_used_at for asset, t in earlier.items() if t.last_used_at is not None}
    evidence = Evidence(tallies(counted(window, rules).deeds), last, {})
    return unused.report(assets, evidence, frame)


@given(DEEDS, RULES)
def test_every_deed_is_counted_once_or_dropped_once(deeds: list[Deed], rules: Rules) -> None:
    result = counted(deeds, rules)
    assert len(result.deeds) + sum(result.dropped.values()) == len(deeds)
    assert {person for _, _, person, _, _ in result.deeds} <= rules.counting
    assert counted(result.deeds, rules).deeds == result.deeds, "counting twice changes nothing"
    assert counted(deeds[::-1], rules) == result, "the order of reading changes nothing"


@given(DEEDS, RULES)
def test_no_two_counted_deeds_repeat_each_other(deeds: list[Deed], rules: Rules) -> None:
    last: dict[tuple[int, int, str], int] = {}
    for at, asset, person, kind, _ in counted(deeds, rules).deeds:
        key = (asset, person, kind)
        assert key not in last or at - last[key] >= REPEAT_MS
        last[key] = at


@given(DEEDS, st.integers(1, 400))
def test_tallies_and_weeks_count_the_same_deeds(deeds: list[Deed], window: int) -> None:
    sums = tallies(deeds)
    uses = [deed for deed in deeds if deed[3] != "view"]
    assert sum(t.uses for t in sums.values()) == len(uses)
    assert all(1 <= t.users <= min(3, t.uses) for t in sums.values())
    weeks = by_week(deeds, NOW, window)
    covered = [d for d in uses if weeks[0][0] <= d[0] <= NOW]
    assert sum(week[1] for week in weeks) == len(covered)
    assert all(sends <= all_uses for _, all_uses, sends in weeks)


@given(CANDIDATES, DEEDS, RULES, FRAMES)
def test_verdicts_and_exclusions_are_all_assets(
    assets: list[Candidate], deeds: list[Deed], rules: Rules, frame: Frame
) -> None:
    report = judged(assets, deeds, rules, frame)
    assert sum(n for _, n in report.counts) == report.eligible
    assert report.eligible + sum(n for _, n in report.excluded) == len(assets)
    too_new = dict(report.excluded).get("too_new", 0)
    assert len(report.rows) == report.eligible + too_new
    low, high = report.unused_interval
    assert 0 <= low <= high <= 1
    if report.eligible:
        assert low <= report.unused_share <= high
    assert sum(n for _, n in report.why) <= report.eligible


@given(CANDIDATES, DEEDS, RULES, FRAMES, DEEDS)
def test_more_deeds_never_make_an_asset_less_used(
    assets: list[Candidate], deeds: list[Deed], rules: Rules, frame: Frame, more: list[Deed]
) -> None:
    rank = {"too_new": 0, "unused": 0, "no_use_yet": 0, "gone_quiet": 1, "used": 2}
    before = {row.asset_id: row.verdict for row in judged(assets, deeds, rules, frame).rows}
    after = {row.asset_id: row.verdict for row in judged(assets, deeds + more, rules, frame).rows}
    assert before.keys() == after.keys()
    assert all(rank[after[asset]] >= rank[word] for asset, word in before.items())


@given(CANDIDATES, DEEDS, RULES, FRAMES)
def test_what_comes_later_is_not_seen(
    assets: list[Candidate], deeds: list[Deed], rules: Rules, frame: Frame
) -> None:
    known = [deed for deed in deeds if deed[0] <= frame.as_of]
    assert judged(assets, deeds, rules, frame) == judged(assets, known, rules, frame)


@given(CANDIDATES, RULES, FRAMES, st.integers(1, 100 * DAY_MS))
def test_time_alone_only_brings_assets_closer_to_unused(
    assets: list[Candidate], rules: Rules, frame: Frame, later: int
) -> None:
    lasting = [replace(asset, expires_at=None) for asset in assets]
    order = {"too_new": 0, "no_use_yet": 1, "unused": 2}
    first = {row.asset_id: row.verdict for row in judged(lasting, [], rules, frame).rows}
    then = replace(frame, as_of=frame.as_of + later)
    second = {row.asset_id: row.verdict for row in judged(lasting, [], rules, then).rows}
    assert all(order[second[asset]] >= order[word] for asset, word in first.items())


@given(CANDIDATES, DEEDS, RULES, FRAMES)
def test_both_reports_agree(
    assets: list[Candidate], deeds: list[Deed], rules: Rules, frame: Frame
) -> None:
    window = [deed for deed in deeds if frame.start <= deed[0] <= frame.as_of]
    use = use_report(assets, counted(window, rules), {}, frame)
    report = judged(assets, deeds, rules, frame)
    assert (use.eligible, use.used) == (report.eligible, report.used)
    assert 0 <= use.concentration <= 1
    assert sum(row.uses for row in use.rows) <= len(window)


@given(COUNTS)
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    assert 0 <= low <= high <= 1
    if of:
        assert low <= hits / of <= high
        mirrored = wilson(of - hits, of)
        assert abs(mirrored[0] - (1 - high)) < 1e-12


@given(COUNTS, COUNTS)
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    if not one[1] or not other[1]:
        return
    difference, low, high = newcombe(*one, *other)
    assert -1 - 1e-12 <= low <= difference <= high <= 1 + 1e-12
    turned = newcombe(*other, *one)
    assert abs(turned[1] + high) < 1e-12


@given(COUNTS, st.floats(0, 1), st.floats(0.1, 100))
def test_shrinking_goes_towards_the_base(
    counts: tuple[int, int], base: float, strength: float
) -> None:
    hits, of = counts
    if of:
        share = hits / of
        drawn = shrunk(hits, of, base, strength)
        assert min(share, base) - 1e-9 <= drawn <= max(share, base) + 1e-9


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 20))
def test_concentration_is_a_share_of_those_used(uses: list[int], idle: int) -> None:
    eligible = len(uses) + idle
    share = concentration(uses, eligible)
    used = sum(1 for n in uses if n)
    assert 0 <= share <= 1
    if used:
        assert 0.5 / eligible < share <= used / eligible


SEARCHES = st.lists(
    st.builds(
        searching.Search, st.integers(NOW, NOW + 10**7), st.integers(1, 3), st.just("q"),
        st.text("ab ", max_size=4), st.integers(0, 2), st.booleans(),
        st.tuples() | st.tuples(ASSETS, ASSETS),
    ),
    max_size=30,
)  # fmt: skip


@given(SEARCHES)
def test_each_search_belongs_to_one_wish_of_one_person(searches: list[searching.Search]) -> None:
    wishes = searching.chains(searches)
    assert sorted(s for chain in wishes for s in chain) == sorted(searches)
    assert all(len({s.person_id for s in chain}) == 1 for chain in wishes)
    shown = searching.shown(wishes, {})
    assert all(0 < n <= len(wishes) for n in shown.values())
    gaps = searching.gaps(wishes)
    assert sum(gap.times for gap in gaps) <= len(wishes)
    assert all(1 <= gap.people <= min(3, gap.times) for gap in gaps)
    assert all(gap.norm for gap in gaps)
