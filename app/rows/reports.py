"""The reports of use, of its absence, and of searches in vain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """One asset of the unused report.

    ``verdict``: too_new, no_use_yet, unused, gone_quiet or used; ``why``: never_shown,
    shown_not_opened, opened_not_sent or "" ; ``shown`` counts searches in the window showing it.
    """

    asset_id: int
    title: str
    path: str
    verdict: str
    why: str
    available_since: int
    last_used_at: int | None
    shown: int
    opens: int
    uses: int
    content_type: str
    owner: str
    review_due_at: int | None


@dataclass(frozen=True, slots=True)
class UnusedReport:
    """Unused content with its denominator and the excluded counts (metrics.md, section 1 and 2).

    ``excluded`` maps a reason (too_new, not_published, expired, superseded, exempt) to a count;
    ``eligible`` is the denominator; ``unused_interval`` the Wilson 95 % interval of the share.
    """

    as_of: int
    window_days: int
    grace_days: int
    log_start: int
    eligible: int
    used: int
    counts: tuple[tuple[str, int], ...]
    why: tuple[tuple[str, int], ...]
    excluded: tuple[tuple[str, int], ...]
    unused_share: float
    unused_interval: tuple[float, float]
    rows: tuple[UnusedRow, ...]


@dataclass(frozen=True, slots=True)
class UseRow:
    """Use of one asset in the window; ``users`` counts distinct people whose deeds count."""

    asset_id: int
    title: str
    path: str
    content_type: str
    opens: int
    copies: int
    shares: int
    sends: int
    uses: int
    users: int
    shown: int
    last_used_at: int | None


@dataclass(frozen=True, slots=True)
class UseReport:
    """Use by asset, most used first, by week for the chart, with what was left out of the count."""

    as_of: int
    window_days: int
    eligible: int
    used: int
    utilisation_interval: tuple[float, float]
    concentration: float
    weeks: tuple[tuple[int, int, int], ...]
    dropped: tuple[tuple[str, int], ...]
    rows: tuple[UseRow, ...]


@dataclass(frozen=True, slots=True)
class SearchGapRow:
    """A search that found nothing. ``with_filters``: only because of the filters."""

    norm: str
    query: str
    times: int
    people: int
    last_at: int
    with_filters: bool
