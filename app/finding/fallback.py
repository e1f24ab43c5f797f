"""Answers from the database alone, for as long as the index is missing or damaged (IX-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.store.tables import Asset, AssetFile, Page, PageText

LIMIT = 500
TITLE_SCORE, NAME_SCORE, TEXT_SCORE = 3.0, 2.0, 1.0


def search(session: Session, words: Sequence[str]) -> list[tuple[int, int, float]]:
    """(asset id, page or 0, score) of assets that have all words in title, file name or a page."""
    if not words:
        return []
    found: dict[int, tuple[int, float]] = {}
    titles = select(Asset.id).where(and_(*(_has(Asset.title, word) for word in words)))
    for asset in session.scalars(titles.limit(LIMIT)):
        found[asset] = (0, TITLE_SCORE)
    names = select(AssetFile.asset_id).where(and_(*(_has(AssetFile.relpath, w) for w in words)))
    for asset in session.scalars(names.limit(LIMIT)):
        found.setdefault(asset, (0, NAME_SCORE))
    text = PageText.heading + " " + PageText.body + " " + PageText.notes
    pages = (
        select(Asset.id, func.min(Page.page_no))
        .join(Page, Page.version_id == Asset.current_version_id)
        .join(PageText, PageText.sha == Page.sha)
        .where(and_(*(_has(text, word) for word in words)))
        .group_by(Asset.id)
        .limit(LIMIT)
    )
    for asset, page in session.execute(pages):
        former = found.get(asset, (0, 0.0))[1]
        found[asset] = (page, former + TEXT_SCORE)
    return [(asset, page, score) for asset, (page, score) in sorted(found.items())]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word.lower(), autoescape=True)
    return found
