"""What is like an asset, by the words that tell most about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import trust
from app.clock import now_ms
from app.finding.tags import tags_of
from app.rows.found import Related, RelatedRow
from app.store.tables import Asset, AssetVersion, Page, PageText

if TYPE_CHECKING:
    from app.finding.snapshot import Snapshot
    from indexer.search.reader import Searcher

MOST = 6
_LOOKED_AT = 4 * MOST
"""As many are asked for, since what must not be sent any more is left out."""
_LEFT_OUT = ("archived", "superseded")

NOT_NOW = "What is like it can be told when the search index is ready."


def related(
    session: Session, snapshot: Snapshot, searcher: Searcher | None, asset_id: int
) -> Related:
    """The assets most like one, best first; archived and superseded ones are left out."""
    if searcher is None:
        return Related(asset_id, (), NOT_NOW)
    texts = _texts(session, asset_id)
    if not any(text.strip() for text in texts):
        return Related(asset_id, (), "")
    found = searcher.more_like(
        texts, _LOOKED_AT, language=_language(session, asset_id), without=(asset_id,)
    )
    pages = dict(zip(found.asset_ids.tolist(), found.page_nos.tolist(), strict=True))
    rows = snapshot.rows_of(np.array(list(pages), np.int64))
    kept = [
        asset
        for asset, row in zip(pages, rows.tolist(), strict=True)
        if row >= 0 and snapshot.status[row] not in _LEFT_OUT
    ]
    return Related(asset_id, _rows(session, snapshot, kept[:MOST], pages))


def _texts(session: Session, asset_id: int) -> list[str]:
    query = (
        select(PageText.heading, PageText.body)
        .join(Page, Page.sha == PageText.sha)
        .join(Asset, Asset.current_version_id == Page.version_id)
        .where(Asset.id == asset_id)
        .order_by(Page.page_no)
    )
    return [f"{heading}\n{body}" for heading, body in session.execute(query)]


def _language(session: Session, asset_id: int) -> str | None:
    query = (
        select(AssetVersion.properties)
        .join(Asset, Asset.current_version_id == AssetVersion.id)
        .where(Asset.id == asset_id)
    )
    properties = session.scalar(query) or {}
    language = properties.get("language")
    return str(language) if language else None


def _rows(
    session: Session, snapshot: Snapshot, kept: list[int], pages: dict[int, int]
) -> tuple[RelatedRow, ...]:
    query = (
        select(
            Asset.id, Asset.title, Asset.review_due_at, Asset.expires_at, AssetVersion.kind,
            Page.label,
        )
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .outerjoin(Page, (Page.version_id == AssetVersion.id))
        .where(Asset.id.in_(kept))
        .add_columns(Page.page_no)
    )  # fmt: skip
    tags, now = tags_of(session, kept), now_ms()
    made: dict[int, RelatedRow] = {}
    for asset, title, review, expires, kind, label, number in session.execute(query):
        if asset in made and number != pages[asset]:
            continue
        status = snapshot.status[int(snapshot.rows_of(np.array([asset]))[0])]
        badge, _ = trust.badge(status, review_due_at=review, expires_at=expires, now=now)
        types = [tag.label for tag in tags.get(asset, ()) if tag.facet == "content_type"]
        at = pages[asset] if number == pages[asset] else 0
        made[asset] = RelatedRow(
            asset, title, kind or "other", next(iter(types), ""), badge, status, at,
            label if at else "",
        )  # fmt: skip
    return tuple(made[asset] for asset in kept if asset in made)
