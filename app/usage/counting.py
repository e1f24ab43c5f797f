"""Which deeds count as use, how many do not and why, and the sums per asset (metrics.md, 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.clock import DAY_MS

REPEAT_MS = 30 * 60 * 1000
JUST_ADDED_MS = 10_000
WEEK_MS = 7 * DAY_MS
PLACES = {"open": 0, "copy": 1, "share": 2, "send": 3}
LAST = 4
DROPPED = ("not_counted_people", "own_asset", "bulk", "just_added", "repeated")


Deed = tuple[int, int, int, str, bool]
"""One usage event as the rules see it: (at in UTC ms, asset, person, kind, part of a bulk job).

A plain tuple, because a report of a year reads some hundred thousand of them.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Who and what the rules are about.

    ``counting``: the people whose deeds count. ``owners``: asset -> owner, whose own deeds do not
    count. ``available``: asset -> since when it could be used. ``merged``: asset -> the asset that
    it was merged into and that gets its deeds.
    """

    counting: frozenset[int]
    owners: Mapping[int, int] = field(default_factory=dict)
    available: Mapping[int, int] = field(default_factory=dict)
    merged: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """The deeds that count, oldest first, and how many were dropped for each reason."""

    deeds: tuple[Deed, ...]
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted deeds of one asset; ``users`` are distinct people."""

    opens: int = 0
    copies: int = 0
    shares: int = 0
    sends: int = 0
    users: int = 0
    last_used_at: int | None = None

    @property
    def uses(self) -> int:
        """Opening is weak use, and use."""
        return self.opens + self.strong

    @property
    def strong(self) -> int:
        """Deeds that took the asset out of the library: copied, shared or sent."""
        return self.copies + self.shares + self.sends


NOTHING = Tally()


def counted(deeds: Iterable[Deed], rules: Rules) -> Counted:
    """Drop the deeds that do not count, each for the first reason that applies.

    Dropped are deeds of people who do not count (those who make content), of the asset's owner,
    of bulk jobs, within 10 s after the asset became available, and those that repeat the same
    deed of the same person on the same asset within 30 minutes of one that was counted.
    """
    kept: list[Deed] = []
    dropped: Counter[str] = Counter()
    last: dict[tuple[int, int, str], int] = {}
    counting, owners, available, merged = (
        rules.counting, rules.owners, rules.available, rules.merged,
    )  # fmt: skip
    for deed in sorted(deeds):
        at, asset, person, kind, bulk = deed
        if person not in counting:
            dropped["not_counted_people"] += 1
            continue
        if asset in merged:
            asset = merged[asset]
            deed = (at, asset, person, kind, bulk)
        key = (asset, person, kind)
        if owners.get(asset) == person:
            dropped["own_asset"] += 1
        elif bulk:
            dropped["bulk"] += 1
        elif 0 <= at - available.get(asset, at + 1) < JUST_ADDED_MS:
            dropped["just_added"] += 1
        elif key in last and at - last[key] < REPEAT_MS:
            dropped["repeated"] += 1
        else:
            last[key] = at
            kept.append(deed)
    return Counted(tuple(kept), {reason: dropped[reason] for reason in DROPPED if dropped[reason]})


def tallies(deeds: Iterable[Deed]) -> dict[int, Tally]:
    """The counted deeds summed per asset; views are no use and are left out."""
    sums: dict[int, list[int]] = {}
    users: dict[int, set[int]] = {}
    for at, asset, person, kind, _ in deeds:
        place = PLACES.get(kind)
        if place is None:
            continue
        row = sums.get(asset)
        if row is None:
            row = sums[asset] = [0, 0, 0, 0, at]
            users[asset] = set()
        row[place] += 1
        row[LAST] = max(row[LAST], at)
        users[asset].add(person)
    return {
        asset: Tally(opens, copies, shares, sends, len(users[asset]), last)
        for asset, (opens, copies, shares, sends, last) in sums.items()
    }


def by_week(
    deeds: Iterable[Deed], as_of: int, window_days: int
) -> tuple[tuple[int, int, int], ...]:
    """(start of the week, uses, sends and shares) of the whole weeks that end at ``as_of``.

    Weeks are counted back from the report's moment, so that no bar stands for a part of a week;
    the oldest comes first, and days of the window before it are not shown.
    """
    n = max(1, window_days // 7)
    uses, sends = [0] * n, [0] * n
    for at, _, _, kind, _ in deeds:
        place = n - 1 - (as_of - at) // WEEK_MS
        if 0 <= place < n and kind in PLACES:
            uses[place] += 1
            sends[place] += kind in ("send", "share")
    starts = [as_of - (n - i) * WEEK_MS + 1 for i in range(n)]
    return tuple(zip(starts, uses, sends, strict=True))
