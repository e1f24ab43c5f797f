"""How use and freshness move an asset, and why (data.md, "Ranking")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.clock import DAY_MS
from app.settings import Settings
from app.usage.counting import Deed

# Status is not a matter of taste: what must not be sent sinks below what may.
SINK = {"superseded": 0.1, "expired": 0.1, "archived": 0.08, "draft": 0.5}


def boosts(
    ids: NDArray[np.int64],
    published: NDArray[np.int64],
    deeds: Sequence[Deed],
    impressions: Iterable[tuple[int, Sequence[int]]],
    now: int,
    settings: Settings,
) -> NDArray[np.float64]:
    """The factor on the text score of each asset.

    0.5 + a r + b 2^(-age / h) with r = (u + p w) / (i + w): u uses and i impressions, both halving
    every ``rank.use_days``, p and w the prior; age since publication. Constants are settings; the
    formula and its defaults come from a simulation (data.md, "Ranking").
    """
    half = settings.number("rank.use_days") * DAY_MS
    row_of = {int(asset): row for row, asset in enumerate(ids)}
    uses, shown = np.zeros(len(ids)), np.zeros(len(ids))
    for at, asset, *_ in deeds:
        row = row_of.get(asset)
        if row is not None:
            uses[row] += 2.0 ** (-max(0, now - at) / half)
    for at, assets in impressions:
        weight = 2.0 ** (-max(0, now - at) / half)
        for asset in assets:
            row = row_of.get(asset)
            if row is not None:
                shown[row] += weight
    prior, worth = settings.number("rank.prior_uses"), settings.number("rank.prior_weight")
    rate = (uses + prior * worth) / (shown + worth)
    age = np.maximum(0, now - published) / (settings.number("rank.fresh_days") * DAY_MS)
    fresh = np.power(2.0, -np.minimum(age, 60.0))
    use_weight = settings.number("rank.use_weight")
    # A rate above one means deeds without searches (drag from a link, imports): it says no more.
    rate = np.minimum(rate, 1.0)
    return np.asarray(0.5 + use_weight * rate + settings.number("rank.fresh_weight") * fresh)


def sinks(status: Sequence[str]) -> NDArray[np.float64]:
    """The factor of each asset's status."""
    return np.array([SINK.get(word, 1.0) for word in status])
