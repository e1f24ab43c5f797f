"""Unused content by plain rules, with its denominator, what is left out of it, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.clock import DAY_MS
from app.insight.stats import wilson
from app.rows import UnusedReport, UnusedRow
from app.usage.counting import NOTHING, Tally

VERDICTS = ("unused", "gone_quiet", "no_use_yet", "used")
EXCLUDED = ("too_new", "not_published", "expired", "superseded", "exempt", "missing")
WHYS = ("never_shown", "shown_not_opened", "opened_not_sent")
ORDER = {verdict: place for place, verdict in enumerate((*VERDICTS[:3], "too_new", "used"))}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An asset as the rules see it. ``missing``: none of its files is there."""

    id: int
    title: str
    path: str
    content_type: str
    owner: str
    status: str
    published_at: int | None
    expires_at: int | None
    review_due_at: int | None
    superseded: bool
    exempt: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """When and by which periods is judged: the moment T, the window W, the grace period G in days,
    and since when use has been recorded at all."""

    as_of: int
    window_days: int
    grace_days: int
    log_start: int

    @property
    def start(self) -> int:
        """The first moment of the window."""
        return self.as_of - self.window_days * DAY_MS + 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the assets: counted deeds in the window, the last counted use before it,
    how many searches in the window showed each, and which were previewed in it."""

    tallies: Mapping[int, Tally]
    used_before: Mapping[int, int]
    shown: Mapping[int, int]
    viewed: Collection[int] = frozenset()


def available_since(asset: Candidate, frame: Frame) -> int:
    """Since when the asset could be seen to be used: published and recorded."""
    published = asset.published_at if asset.published_at is not None else frame.as_of
    return max(published, frame.log_start)


def exclusion(asset: Candidate, frame: Frame) -> str:
    """Why the asset is not judged (a word of EXCLUDED), or "" when it is eligible."""
    published_at = asset.published_at
    if asset.status == "expired":
        return "expired"
    if asset.status != "published" or published_at is None or published_at > frame.as_of:
        return "not_published"
    if asset.expires_at is not None and asset.expires_at < frame.as_of:
        return "expired"
    for reason in ("superseded", "exempt", "missing"):
        if getattr(asset, reason):
            return reason
    age = frame.as_of - available_since(asset, frame)
    return "too_new" if age < frame.grace_days * DAY_MS else ""


def verdict(asset: Candidate, frame: Frame, tally: Tally, used_before: int | None) -> str:
    """The verdict on an eligible asset: used, gone_quiet, unused or no_use_yet."""
    if tally.uses:
        return "used"
    if used_before is not None:
        return "gone_quiet"
    age = frame.as_of - available_since(asset, frame)
    return "unused" if age >= frame.window_days * DAY_MS else "no_use_yet"


def why(tally: Tally, *, shown: int, viewed: bool) -> str:
    """What is probably the matter, a word of WHYS, or "" when nothing is.

    A preview counts as shown: who looked at the pages had the asset in front of them.
    """
    if tally.strong:
        return ""
    if tally.opens:
        return "opened_not_sent"
    return "shown_not_opened" if shown or viewed else "never_shown"


def report(assets: Iterable[Candidate], evidence: Evidence, frame: Frame) -> UnusedReport:
    """Judge all assets as of a moment. The verdicts of the eligible and the exclusions together
    are all assets; the rows are the eligible ones and those that are too new."""
    excluded: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    whys: Counter[str] = Counter()
    rows: list[UnusedRow] = []
    for asset in assets:
        reason = exclusion(asset, frame)
        if reason:
            excluded[reason] += 1
            if reason == "too_new":
                rows.append(_row(asset, evidence, frame, "too_new"))
            continue
        tally = evidence.tallies.get(asset.id, NOTHING)
        word = verdict(asset, frame, tally, evidence.used_before.get(asset.id))
        row = _row(asset, evidence, frame, word)
        counts[word] += 1
        whys[row.why] += 1
        rows.append(row)
    rows.sort(key=lambda r: (ORDER[r.verdict], r.last_used_at or 0, r.available_since, r.asset_id))
    eligible = counts.total()
    idle = eligible - counts["used"]
    return UnusedReport(
        frame.as_of, frame.window_days, frame.grace_days, frame.log_start, eligible,
        counts["used"],
        counts=tuple((word, counts[word]) for word in VERDICTS),
        why=tuple((word, whys[word]) for word in WHYS),
        excluded=tuple((word, excluded[word]) for word in EXCLUDED if excluded[word]),
        unused_share=idle / eligible if eligible else 0.0,
        unused_interval=wilson(idle, eligible), rows=tuple(rows),
    )  # fmt: skip


def _row(asset: Candidate, evidence: Evidence, frame: Frame, word: str) -> UnusedRow:
    tally = evidence.tallies.get(asset.id, NOTHING)
    shown = evidence.shown.get(asset.id, 0)
    last = tally.last_used_at
    if last is None:
        last = evidence.used_before.get(asset.id)
    reason = (
        "" if word == "too_new" else why(tally, shown=shown, viewed=asset.id in evidence.viewed)
    )
    return UnusedRow(
        asset.id, asset.title, asset.path, word, reason, available_since(asset, frame), last,
        shown, tally.opens, tally.uses, asset.content_type, asset.owner, asset.review_due_at,
    )  # fmt: skip
