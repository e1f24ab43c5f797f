"""Which deeds count as use, and which are dropped for what reason (metrics.md, section 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

REPEAT_MS = 30 * 60_000
DROP_REASONS = ("not_counted_person", "owner", "bulk", "repeat")


@dataclass(frozen=True, slots=True)
class Deed:
    """One event as it is counted: who did what (``kind``) with which asset, when (UTC ms)."""

    asset_id: int
    person_id: int
    kind: str
    at: int
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """The deeds that count, in order of time, and how many were dropped for each reason."""

    deeds: tuple[Deed, ...]
    dropped: Mapping[str, int]


def counted_deeds(
    deeds: Sequence[Deed], counting: Collection[int], owners: Mapping[int, int | None]
) -> Counted:
    """Keep the deeds that are use.

    Dropped are those of people who do not count, of the asset's owner (unless only the owner
    counts at all), of bulk jobs, and repeats: the same person, asset and kind within 30 minutes of
    the last one kept.
    """
    dropped = dict.fromkeys(DROP_REASONS, 0)
    last: dict[tuple[int, int, str], int] = {}
    kept = []
    for deed in sorted(deeds, key=lambda d: d.at):
        reason = _reason(deed, counting, owners)
        key = (deed.person_id, deed.asset_id, deed.kind)
        if not reason and key in last and deed.at - last[key] < REPEAT_MS:
            reason = "repeat"
        if reason:
            dropped[reason] += 1
        else:
            last[key] = deed.at
            kept.append(deed)
    return Counted(tuple(kept), dropped)


def _reason(deed: Deed, counting: Collection[int], owners: Mapping[int, int | None]) -> str:
    if deed.person_id not in counting:
        return "not_counted_person"
    if owners.get(deed.asset_id) == deed.person_id and len(counting) > 1:
        return "owner"
    return "bulk" if deed.bulk else ""
