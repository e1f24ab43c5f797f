"""Which pages of an asset the words stand on, and what they say there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.finding.hits import WIDTH
from app.rows import PageHit, PagesFound
from app.store.tables import Asset, Page, PageText
from indexer.search.marking import snippet
from indexer.search.query import (
    And,
    Either,
    Fuzzy,
    Most,
    Nearby,
    Node,
    Or,
    Phrase,
    Wildcard,
    Word,
)
from indexer.search.text import fold

if TYPE_CHECKING:
    from app.finding.matching import Answer
    from indexer.search.reader import Searcher

MOST = 300
"""Pages of one asset that are listed with what they say."""

GOOD = 0.5
"""Where pages have some of the words only: the share of the best page's score that is enough."""


def pages_of(searcher: Searcher, found: Answer, asset_ids: Sequence[int]) -> tuple[PagesFound, ...]:
    """The pages of some assets that match by what stands on them, in the order of the assets."""
    own = _best_first(searcher, found, asset_ids)
    return tuple(PagesFound(asset, tuple(sorted(own.get(asset, ())))) for asset in asset_ids)


def best_of(searcher: Searcher, found: Answer, asset_ids: Sequence[int]) -> dict[int, int]:
    """The best page of each of some assets that have a page with one of the words on itself."""
    own = _best_first(searcher, found, asset_ids)
    return {asset: pages[0] for asset, pages in own.items()}


def _best_first(
    searcher: Searcher, found: Answer, asset_ids: Sequence[int]
) -> dict[int, list[int]]:
    own: dict[int, list[int]] = {}
    for way in found.ways:
        left = [asset for asset in asset_ids if asset not in own]
        if left:
            own.update(_pages(searcher, way, left, good=GOOD if found.some else 0.0))
    return own


def _pages(
    searcher: Searcher, way: Node, asset_ids: Sequence[int], *, good: float
) -> dict[int, list[int]]:
    """The pages that match one way, those of an asset best first."""
    leaves = list(_leaves(way))
    words = [leaf for leaf in leaves if not _says_nothing(leaf, searcher)]
    allowed = np.array(asset_ids, np.int64)
    if leaves:
        matches = searcher.pages_with(way, words, allowed)
    else:
        matches = searcher.search(way, allowed=allowed)
    found: dict[int, list[int]] = {}
    best: dict[int, float] = {}
    rows = (matches.asset_ids.tolist(), matches.page_nos.tolist(), matches.scores.tolist())
    for asset, page, score in zip(*rows, strict=True):
        if page and score >= good * best.setdefault(asset, score):
            found.setdefault(asset, []).append(page)
    return found


def _leaves(node: Node) -> Iterator[Word | Phrase | Fuzzy | Wildcard]:
    """What is looked for, exclusions apart."""
    if isinstance(node, And | Or | Most):
        for part in node.parts:
            yield from _leaves(part)
    elif isinstance(node, Either):
        for way, _ in node.parts:
            yield from _leaves(way)
    elif isinstance(node, Nearby):
        yield from _leaves(node.part)
    elif isinstance(node, Word | Phrase | Fuzzy | Wildcard):
        yield node


def _says_nothing(leaf: Word | Phrase | Fuzzy | Wildcard, searcher: Searcher) -> bool:
    return isinstance(leaf, Word) and not leaf.prefix and fold(leaf.text) in searcher.stop_words


def page_hits(
    session: Session, asset_id: int, pages: Sequence[int], terms: tuple[str, ...]
) -> tuple[PageHit, ...]:
    """What some pages of an asset say around the words, in the order of the pages."""
    query = (
        select(Page.page_no, Page.label, PageText.heading, PageText.body, PageText.notes)
        .join(PageText, PageText.sha == Page.sha)
        .join(Asset, Asset.current_version_id == Page.version_id)
        .where(Asset.id == asset_id, Page.page_no.in_(pages[:MOST]))
        .order_by(Page.page_no)
    )
    return tuple(
        PageHit(number, label, *snippet(" ".join(f"{head}\n{body}\n{notes}".split()), terms, WIDTH))
        for number, label, head, body, notes in session.execute(query)
    )
