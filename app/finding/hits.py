"""From matched assets to rows that can be painted: text, snippet, badge, tags and reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.catalogue import files, problems, trust
from app.clock import now_ms
from app.finding import ranking
from app.finding.facts import Facts, facts_of
from app.rows import Hit
from app.settings import Settings
from indexer.search.marking import snippet

if TYPE_CHECKING:
    from app.finding.matching import Matched
    from app.finding.snapshot import Snapshot

WIDTH = 180
TITLE_WIDTH = 10_000


def build(
    session: Session,
    settings: Settings,
    snapshot: Snapshot,
    matched: Matched,
    order: NDArray[np.int64],
    own_pages: Callable[[list[int]], dict[int, int]],
) -> tuple[Hit, ...]:
    """The rows for the given positions of ``matched``, in that order.

    ``own_pages`` gives for some assets the best of the pages that have a word themselves. It is
    asked about those whose best page has none: with the title of the asset a page of few words may
    fit better than one that says what was looked for.
    """
    ids = [int(snapshot.ids[row]) for row in matched.rows[order]]
    pages, n_pages = matched.pages_of(order)
    places = dict(zip(ids, zip(order.tolist(), n_pages.tolist(), strict=True), strict=True))
    fresh = ranking.Freshness.of(settings, now_ms())

    def made(best: dict[int, int]) -> dict[int, Hit]:
        facts = facts_of(session, best)
        return {
            asset: _hit(
                asset, places[asset][0], (page, places[asset][1]), facts, snapshot, matched, fresh
            )
            for asset, page in best.items()
            if asset in facts.assets
        }  # fmt: skip

    found = made(dict(zip(ids, pages.tolist(), strict=True)))
    blank = [
        asset for asset, hit in found.items() if hit.page and not hit.marks and places[asset][1] > 1
    ]
    if blank and (better := own_pages(blank)):
        found |= made(better)
    return tuple(found.values())


def _hit(
    asset_id: int,
    at: int,
    best: Sequence[int],
    facts: Facts,
    snapshot: Snapshot,
    matched: Matched,
    fresh: ranking.Freshness,
) -> Hit:
    asset = facts.assets[asset_id]
    row = int(matched.rows[at])
    page, n_pages = best
    label, text = facts.pages.get((asset.version, max(1, page)), ("", ""))
    words, marks = snippet(text, matched.terms, WIDTH)
    _, title_marks = snippet(asset.title, matched.terms, TITLE_WIDTH)
    shown = snapshot.status[row]
    badge, note = trust.badge(
        shown, review_due_at=asset.review_due_at, expires_at=asset.expires_at, now=fresh.now
    )
    reasons = ranking.explain(
        float(matched.scores[at]), float(snapshot.boost[row]), asset.published_at, shown,
        fresh, is_named=row in matched.named,
    )  # fmt: skip
    place = next(iter(facts.places.get(asset_id, ())), None)
    if not marks:
        # It matches by its title, its name or a tag: no page of it has been found.
        label = ""
    tags = facts.tags.get(asset_id, ())
    return Hit(
        asset_id=asset_id, title=asset.title, title_marks=title_marks,
        kind=asset.kind,
        content_type=next((t.label for t in tags if t.facet == "content_type"), ""),
        page=page, page_label=label if page else "",
        page_count=asset.page_count,
        more_pages=_more(matched, n_pages, title_marks, place), snippet=words, marks=marks,
        why=_why(matched, label if page and n_pages else "", title_marks, snapshot, row),
        score=round(prod(reason.factor for reason in reasons), 4), status=shown,
        trust=badge, trust_note=note, uses=int(snapshot.uses[row]),
        users=int(snapshot.users[row]), tags=tags, path=place.relpath if place else "",
        file_path=str(place.path) if place and place.path and not place.missing else "",
        sha=asset.sha,
        state=_state(place.problem if place else "", asset.extract_state),
        modified_at=asset.modified_at,
        ranking=reasons,
    )  # fmt: skip


def _state(problem: str, state: str) -> str:
    return problems.state_of(problem, state, "")[0]


def _more(
    matched: Matched, n_pages: int, in_title: tuple[tuple[int, int], ...], place: files.Place | None
) -> int:
    """How many more pages match; 0 when that is not known yet.

    Each page matches by the asset's title and file name too: where these have the words, only
    ``found_pages`` can tell the pages that have them themselves.
    """
    if in_title or (place and snippet(place.relpath.rpartition("/")[2], matched.terms)[1]):
        return 0
    return max(0, n_pages - 1)


def _why(
    matched: Matched,
    label: str,
    in_title: tuple[tuple[int, int], ...],
    snapshot: Snapshot,
    row: int,
) -> tuple[str, ...]:
    reasons = []
    if in_title:
        reasons.append("title")
    if label:
        reasons.append(label)
    if row in matched.tagged:
        reasons.append(f"tagged {matched.tagged[row]}")
    users = int(snapshot.users[row])
    if users:
        reasons.append("used by 1 person" if users == 1 else f"used by {users} people")
    return tuple(reasons)
