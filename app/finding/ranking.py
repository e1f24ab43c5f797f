"""How use and freshness move an asset, and why (data.md, "Ranking")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.clock import DAY_MS
from app.rows import STATUS_LABELS, RankReason
from app.settings import Settings
from app.store.defaults import norm

# Status is not a matter of taste: what must not be sent sinks below what may.
SINK = {"superseded": 0.1, "expired": 0.1, "archived": 0.08, "draft": 0.5}


def boosts(
    uses: NDArray[np.float64],
    shown: NDArray[np.float64],
    published: NDArray[np.int64],
    now: int,
    settings: Settings,
) -> NDArray[np.float64]:
    """The factor on the text score of each asset.

    0.5 + a r + b 2^(-age / h) with r = (u + p w) / (i + w): u uses and i impressions, both halving
    every ``rank.use_days``, p and w the prior; age since publication. Constants are settings; the
    formula and its defaults come from a simulation (data.md, "Ranking").
    """
    prior, worth = settings.number("rank.prior_uses"), settings.number("rank.prior_weight")
    rate = (uses + prior * worth) / (shown + worth)
    age = np.maximum(0, now - published) / (settings.number("rank.fresh_days") * DAY_MS)
    fresh = np.power(2.0, -np.minimum(age, 60.0))
    use_weight = settings.number("rank.use_weight")
    # A rate above one means deeds without searches (drag from a link, imports): it says no more.
    rate = np.minimum(rate, 1.0)
    return np.asarray(0.5 + use_weight * rate + settings.number("rank.fresh_weight") * fresh)


def named(
    text: str,
    titles: Sequence[str],
    titled: Callable[[str], Sequence[int]],
    rows: NDArray[np.int64],
) -> frozenset[int]:
    """Which of the rows have exactly this text as their title (case and signs apart).

    ``titled`` gives the rows of a title as ``bare`` makes it.
    """
    wanted = bare(text)
    if not wanted:
        return frozenset()
    near = range(len(wanted), len(wanted) + 7)
    return frozenset(
        row for row in titled(wanted) if len(titles[row]) in near and (rows == row).any()
    )


def bare(title: str) -> str:
    """A title as it is compared: without signs at its words' ends."""
    words = (word.strip("\"'“”‘’.,:;!?()[]–—|&") for word in norm(title).split())
    return " ".join(word for word in words if word)


def first(
    named_rows: frozenset[int], rows: NDArray[np.int64], sunk: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 for each asset whose title was typed and that may be sent, else 0."""
    if not named_rows:
        return np.zeros(len(rows))
    held = np.isin(rows, np.fromiter(named_rows, np.int64))
    return np.asarray((held & (sunk == 1.0)).astype(np.float64))


class Freshness(NamedTuple):
    """What being new is worth now: the moment, the half-life in milliseconds, and the weight."""

    now: int
    half: float
    weight: float

    @classmethod
    def of(cls, settings: Settings, now: int) -> Freshness:
        """As the settings have it."""
        days, weight = settings.numbers("rank.fresh_days", "rank.fresh_weight")
        return cls(now, days * DAY_MS, weight)


def explain(
    text_score: float,
    boost: float,
    published_at: int | None,
    status: str,
    fresh: Freshness,
    *,
    is_named: bool,
) -> tuple[RankReason, ...]:
    """Why an asset stands where it stands: factors whose product is its score.

    ``boost`` is the sum of ``boosts``; it is taken apart as (use part) x (1 + new part / use part),
    so that the factors multiply.
    """
    age = max(0, fresh.now - (fresh.now if published_at is None else published_at))
    use = max(boost - fresh.weight * 2.0 ** -min(age / fresh.half, 60.0), 1e-9)
    reasons = [RankReason("text", text_score, f"The words match with {text_score:.1f}.")]
    if is_named:
        reasons.insert(0, RankReason("title", 1.0, "The title is exactly what you typed."))
    reasons.append(RankReason("use", use, _use_sentence(use)))
    if boost / use >= 1.05:
        sentence = f"New: published {_days(age)}, so it counts {boost / use:.1f} times."
        reasons.append(RankReason("new", boost / use, sentence))
    else:
        reasons[-1] = RankReason("use", boost, _use_sentence(use))
    sink = SINK.get(status)
    if sink is not None:
        label = STATUS_LABELS[status]
        reasons.append(RankReason("status", sink, f"{label}: counts {sink:g} times."))
    return tuple(reasons)


def _days(ms: int) -> str:
    days = ms // DAY_MS
    return "today" if not days else "1 day ago" if days == 1 else f"{days:,} days ago"


def _use_sentence(use: float) -> str:
    if use > 1.05:
        return f"Used more often than expected when shown: counts {use:.1f} times."
    if use < 0.95:
        return f"Used less often than expected when shown: counts {use:.1f} times."
    return "Used as often as expected when shown."
