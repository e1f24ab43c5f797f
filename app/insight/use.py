"""Use by asset and by week: how much of the content is used, and how concentrated the use is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.insight.stats import wilson
from app.insight.unused import Candidate, Frame, exclusion
from app.rows import UseReport, UseRow
from app.usage.counting import NOTHING, Counted, by_week, tallies

MOST_OF_USE = 0.8


def concentration(uses: Iterable[int], eligible: int) -> float:
    """The smallest number of assets that make 80 % of the uses, as a share of the eligible ones.

    0.0 when nothing is eligible or nothing was used.
    """
    ordered = sorted((n for n in uses if n > 0), reverse=True)
    if not ordered or eligible == 0:
        return 0.0
    wanted, reached = MOST_OF_USE * sum(ordered), 0
    for place, n in enumerate(ordered, start=1):
        reached += n
        if reached >= wanted:
            return place / eligible
    return len(ordered) / eligible


def report(
    assets: Iterable[Candidate], counted: Counted, shown: Mapping[int, int], frame: Frame
) -> UseReport:
    """Use in the window. The rows hold every used asset, eligible or not; the shares are of the
    eligible ones. The deeds must lie in the window."""
    sums = tallies(counted.deeds)
    listed = list(assets)
    eligible = {asset.id for asset in listed if not exclusion(asset, frame)}
    used = sum(1 for asset in eligible if sums.get(asset, NOTHING).uses)
    rows = []
    for asset in listed:
        tally = sums.get(asset.id, NOTHING)
        if tally.uses:
            rows.append(
                UseRow(
                    asset.id, asset.title, asset.path, asset.content_type, tally.opens,
                    tally.copies, tally.shares, tally.sends, tally.uses, tally.users,
                    shown.get(asset.id, 0), tally.last_used_at,
                )
            )  # fmt: skip
    rows.sort(key=lambda r: (-r.uses, -r.users, r.title, r.asset_id))
    return UseReport(
        frame.as_of, frame.window_days, len(eligible), used, wilson(used, len(eligible)),
        concentration((r.uses for r in rows if r.asset_id in eligible), len(eligible)),
        by_week(counted.deeds, frame.as_of, frame.window_days), tuple(counted.dropped.items()),
        tuple(rows),
    )  # fmt: skip
