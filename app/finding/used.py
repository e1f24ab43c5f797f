"""What use says of the assets: sums per asset, read whole once and then only what is new."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from app.clock import DAY_MS
from app.settings import Settings
from app.store.logs import SearchEvent, UsageEvent
from app.usage import log as usage_log
from app.usage.counting import Deed, Rules

WINDOW_DAYS = 90
MOST_ANEW = 500
"""Assets of which the deeds are counted anew one by one; of more, all are."""


class Used:
    """Sums by asset id: uses and users of the last 90 days; uses and impressions fading away.

    ``now`` is the moment (UTC ms) from which everything is counted. Not safe for threads.
    """

    def __init__(self, session: Session, settings: Settings, now: int) -> None:
        """Read everything."""
        self._now = now
        self._half = settings.number("rank.use_days") * DAY_MS
        self._rules = usage_log.rules(session)
        self._uses = np.zeros(0, np.int64)
        self._users = np.zeros(0, np.int64)
        self._faded = np.zeros(0)
        self._shown = np.zeros(0)
        self._count(usage_log.uses(session, self._rules).deeds)
        self._show(session, 0)

    def of(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Uses and users of assets."""
        self._reach(int(ids.max(initial=0)))
        return self._uses[ids], self._users[ids]

    def faded(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Uses and impressions of assets, each counting half after ``rank.use_days``."""
        self._reach(int(ids.max(initial=0)))
        return self._faded[ids], self._shown[ids]

    def catch_up(
        self, session: Session, changed: Sequence[int], events: int, searches: int
    ) -> bool:
        """Take in what came after an event and a search, and assets that have changed.

        False when that is so much, or of a kind, that everything has to be read anew.
        """
        affected: set[int] = set()
        if changed:
            fresh = usage_log.rules_of(session, self._rules, changed)
            if fresh.merged != self._rules.merged:
                return False
            affected = {key for key in changed if _differ(fresh, self._rules, key)}
            self._rules = fresh
        query = select(UsageEvent.asset_id).where(UsageEvent.seq > events)
        affected |= {row[0] for row in usage_log.plain(session, query)}
        if affected:
            merged = self._rules.merged
            targets = {merged.get(key, key) for key in affected}
            members = targets | {key for key, target in merged.items() if target in targets}
            if len(members) > MOST_ANEW:
                return False
            self._count_anew(session, targets, members)
        self._show(session, searches)
        return True

    # ---- sums ----------------------------------------------------------------------------

    def _reach(self, asset: int) -> None:
        """Make room for assets up to this id."""
        more = asset + 1 - len(self._uses)
        if more > 0:
            more += more // 8 + 64
            self._uses = np.append(self._uses, np.zeros(more, np.int64))
            self._users = np.append(self._users, np.zeros(more, np.int64))
            self._faded = np.append(self._faded, np.zeros(more))
            self._shown = np.append(self._shown, np.zeros(more))

    def _count_anew(self, session: Session, targets: set[int], members: set[int]) -> None:
        self._reach(max(targets))
        gone = np.fromiter(targets, np.int64)
        self._uses[gone] = self._users[gone] = 0
        self._faded[gone] = 0.0
        only = UsageEvent.asset_id.in_(members)
        self._count(usage_log.uses(session, self._rules, only).deeds)

    def _count(self, deeds: Sequence[Deed]) -> None:
        """Add deeds of assets that have none yet."""
        if not deeds:
            return
        at = np.array([deed[0] for deed in deeds], np.int64)
        asset = np.array([deed[1] for deed in deeds], np.int64)
        person = np.array([deed[2] for deed in deeds], np.int64)
        self._reach(int(asset.max()))
        size = len(self._uses)
        self._faded += np.bincount(asset, self._weight(at), size)
        recent = at >= self._now - WINDOW_DAYS * DAY_MS
        self._uses += np.bincount(asset[recent], minlength=size)
        pairs = np.unique(asset[recent] << 32 | person[recent])
        self._users += np.bincount(pairs >> 32, minlength=size)

    def _show(self, session: Session, after: int) -> None:
        """Add what searches showed, those recent enough to weigh anything."""
        since = self._now - int(8 * self._half)
        query = select(SearchEvent.at, SearchEvent.top_ids, SearchEvent.person_id).where(
            literal_column("search_event.rowid") > after
        )
        if not after:
            query = query.where(SearchEvent.at >= since)
        found = [
            (at, json.loads(ids))
            for at, ids, person in usage_log.plain(session, query)
            if at >= since and person in self._rules.counting
        ]
        if not found:
            return
        weight = self._weight(np.array([at for at, _ in found], np.int64))
        weight = weight.repeat([len(ids) for _, ids in found])
        assets = np.array([asset for _, ids in found for asset in ids], np.int64)
        if len(assets):
            self._reach(int(assets.max()))
            self._shown += np.bincount(assets, weight, len(self._shown))

    def _weight(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(np.exp2(-np.maximum(0, self._now - at) / self._half))


def _differ(one: Rules, other: Rules, key: int) -> bool:
    return one.owners.get(key) != other.owners.get(key) or one.available.get(
        key
    ) != other.available.get(key)
