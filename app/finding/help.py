"""What to try when nothing is found: which filter is in the way, and where else matches lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.finding import fallback
from app.finding.conditions import Mask
from app.finding.language import Parsed
from app.finding.matching import Matched
from app.finding.snapshot import Snapshot
from app.rows import Elsewhere, FindSpec
from app.store import feed

MOST_STALE = 500
"""Assets waiting to be indexed that are looked through for the words."""


def without(
    spec: FindSpec,
    parsed: Parsed,
    facets: dict[str, Mask],
    typed: list[Mask],
    rows: NDArray[np.int64],
) -> tuple[tuple[str, str, int], ...]:
    """How many assets there would be without one filter or typed condition, most first.

    See ``FindResult.without``; what would bring nothing is left out.
    """
    everyone = [*facets.values(), *typed]
    names = [*((key, _slug(spec, key)) for key in facets), *(("", t) for t in parsed.texts)]
    found = []
    for at, (key, slug) in enumerate(names):
        held = np.ones(len(rows), bool)
        for other, mask in enumerate(everyone):
            if other != at:
                held &= mask[rows]
        if total := int(held.sum()):
            found.append((key, slug, total))
    return tuple(sorted(found, key=lambda row: -row[2]))


def _slug(spec: FindSpec, key: str) -> str:
    slugs = dict(spec.filters).get(key, ())
    return slugs[0] if len(slugs) == 1 else ""


def elsewhere(
    session: Session,
    snapshot: Snapshot,
    matched: Matched,
    wanted: Mask,
    parsed: Parsed,
    applied: int | None,
) -> tuple[Elsewhere, ...]:
    """Matches that are not shown: filtered out though archived, missing, or not indexed yet.

    ``applied`` is the change up to which the index goes, or None to leave that out.
    """
    if parsed.node is None:
        return ()
    archived = snapshot.masks["status", "archived"] & ~wanted
    counts = [
        ("archived", int(archived[matched.rows].sum()), "archived"),
        ("missing", matched.gone, "missing: the files are not where they were"),
        ("unindexed", _unindexed(session, snapshot, parsed, applied), "not indexed yet"),
    ]
    return tuple(
        Elsewhere(kind, n, f"1 match is {said}." if n == 1 else f"{n:,} matches are {said}.")
        for kind, n, said in counts
        if n
    )


def _unindexed(session: Session, snapshot: Snapshot, parsed: Parsed, applied: int | None) -> int:
    if applied is None or applied >= feed.last_indexed(session) or not parsed.plain:
        return 0
    stale = set(feed.assets_since(session, applied)[:MOST_STALE])
    known = set(snapshot.ids.tolist())
    found = fallback.search(session, parsed.plain)
    return sum(1 for asset, _, _ in found if asset in stale and asset in known)
