"""From matched assets to rows that can be painted: text, snippet, badge, tags and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.catalogue import files, trust
from app.clock import now_ms
from app.finding import ranking
from app.finding.tags import tags_of
from app.rows import Hit, TagRow
from app.settings import Settings
from app.store.tables import Asset, AssetVersion, Page, PageText
from indexer.search.marking import snippet

if TYPE_CHECKING:
    from app.finding.matching import Matched
    from app.finding.snapshot import Snapshot

WIDTH = 180
TITLE_WIDTH = 10_000


@dataclass(frozen=True, slots=True)
class _Facts:
    assets: dict[int, tuple[Asset, AssetVersion | None]]
    places: dict[int, list[files.Place]]
    tags: dict[int, tuple[TagRow, ...]]
    pages: dict[tuple[int, int], tuple[str, str]]


def build(
    session: Session,
    settings: Settings,
    snapshot: Snapshot,
    matched: Matched,
    order: NDArray[np.int64],
) -> tuple[Hit, ...]:
    """The rows for the given positions of ``matched``, in that order."""
    ids = [int(snapshot.ids[row]) for row in matched.rows[order]]
    page_of = {asset: int(matched.pages[at]) for asset, at in zip(ids, order, strict=True)}
    facts = _facts(session, ids, page_of)
    now = now_ms()
    return tuple(
        _hit(asset, int(at), facts, snapshot, matched, settings, now)
        for asset, at in zip(ids, order, strict=True)
        if asset in facts.assets
    )


def _facts(session: Session, ids: Sequence[int], page_of: dict[int, int]) -> _Facts:
    query = (
        select(Asset, AssetVersion)
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(Asset.id.in_(ids))
    )
    assets: dict[int, tuple[Asset, AssetVersion | None]] = {
        asset.id: (asset, version) for asset, version in session.execute(query)
    }
    wanted = [
        (version.id, max(1, page_of[asset_id]))
        for asset_id, (_, version) in assets.items()
        if version is not None
    ]
    return _Facts(
        assets, files.places(session, ids), tags_of(session, ids), _pages(session, wanted)
    )


def _pages(
    session: Session, wanted: list[tuple[int, int]]
) -> dict[tuple[int, int], tuple[str, str]]:
    """(version, page) -> (label, text)."""
    query: Any = (
        select(Page.version_id, Page.page_no, Page.label, PageText)
        .join(PageText, PageText.sha == Page.sha)
        .where(tuple_(Page.version_id, Page.page_no).in_(wanted))
    )
    return {
        (version, number): (label, " ".join(f"{text.heading}\n{text.body}\n{text.notes}".split()))
        for version, number, label, text in session.execute(query)
    }


def _hit(
    asset_id: int,
    at: int,
    facts: _Facts,
    snapshot: Snapshot,
    matched: Matched,
    settings: Settings,
    now: int,
) -> Hit:
    asset, version = facts.assets[asset_id]
    row = int(matched.rows[at])
    page = int(matched.pages[at])
    label, text = facts.pages.get((version.id if version else 0, max(1, page)), ("", ""))
    words, marks = snippet(text, matched.terms, WIDTH)
    _, title_marks = snippet(asset.title, matched.terms, TITLE_WIDTH)
    shown = snapshot.status[row]
    badge, note = trust.badge(
        shown, review_due_at=asset.review_due_at, expires_at=asset.expires_at, now=now
    )
    reasons = ranking.explain(
        float(matched.scores[at]), float(snapshot.boost[row]), asset.published_at, shown,
        is_named=row in matched.named, now=now, settings=settings,
    )  # fmt: skip
    place = next(iter(facts.places.get(asset_id, ())), None)
    tags = facts.tags.get(asset_id, ())
    return Hit(
        asset_id=asset_id, title=asset.title, title_marks=title_marks,
        kind=version.kind if version else "other",
        content_type=next((t.label for t in tags if t.facet == "content_type"), ""),
        page=page, page_label=label if page else "",
        page_count=version.page_count if version else 0,
        more_pages=max(0, int(matched.n_pages[at]) - 1), snippet=words, marks=marks,
        why=_why(matched, at, label if page else "", title_marks, snapshot, row),
        score=round(prod(reason.factor for reason in reasons), 4), status=shown,
        trust=badge, trust_note=note, uses=int(snapshot.uses[row]),
        users=int(snapshot.users[row]), tags=tags, path=place.relpath if place else "",
        file_path=str(place.path) if place and place.path and not place.missing else "",
        sha=version.sha256.hex() if version else "",
        state=_state(place, version), modified_at=version.modified_at if version else 0,
        ranking=reasons,
    )  # fmt: skip


def _state(place: files.Place | None, version: AssetVersion | None) -> str:
    if version is None or (place is not None and place.problem):
        return "unreadable"
    return version.extract_state


def _why(
    matched: Matched,
    at: int,
    label: str,
    in_title: tuple[tuple[int, int], ...],
    snapshot: Snapshot,
    row: int,
) -> tuple[str, ...]:
    reasons = []
    if in_title:
        reasons.append("title")
    if label and matched.n_pages[at]:
        reasons.append(label)
    if matched.tagged[at]:
        reasons.append(f"tagged {matched.tagged[at]}")
    users = int(snapshot.users[row])
    if users:
        reasons.append("used by 1 person" if users == 1 else f"used by {users} people")
    return tuple(reasons)
