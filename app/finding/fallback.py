"""Answers from the database alone: while the index is missing or damaged (IX-1), and for assets
that it does not hold yet (SC-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Select, and_, func, literal, select
from sqlalchemy.orm import Session

from app.finding.plainly import Said, folded, needed, positive, says
from app.store.tables import Asset, AssetFile, Page, PageText
from indexer.search.query import And, Everything, Node, Not, Or, Pages

LIMIT = 500
LOOKED_AT = 20_000
"""Pages that are read for one answer at most: a search without an index must end."""

TITLE_SCORE, NAME_SCORE, TEXT_SCORE = 3.0, 2.0, 1.0
_BATCH = 400


def search(
    session: Session,
    node: Node,
    only: Collection[int] | None = None,
    *,
    by_name: bool = False,
) -> list[tuple[int, int, float]]:
    """(asset id, first page or 0, score) of the assets with a page that matches, ascending.

    What is returned does match; of very many matches not all may be (``LIMIT``, ``LOOKED_AT``).
    With ``only`` no other assets are looked at; ``by_name`` looks at titles and file names alone,
    which cannot tell whether a page lacks a word or has a number: then nothing is found.
    """
    if by_name and not _is_of_words(node):
        return []
    found: dict[int, tuple[int, float]] = {}
    for asset, page in islice(_pages(session, node, only, by_name=by_name), LOOKED_AT):
        if len(found) >= LIMIT:
            break
        if asset not in found and says(node, page):
            found[asset] = (page.number, _score(node, page))
    return [(asset, page, score) for asset, (page, score) in sorted(found.items())]


def _is_of_words(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(_is_of_words(part) for part in node.parts)
    return not isinstance(node, Not | Pages | Everything)


def _score(node: Node, page: Said) -> float:
    """Words in the title count most, then those in the file's name."""
    score = 0.0
    for word in positive(node):
        if word.field is not None:
            continue
        for text, worth in (
            (page.title, TITLE_SCORE), (page.file, NAME_SCORE), (page.body, TEXT_SCORE),
        ):  # fmt: skip
            here = Said(page.number, text, "", "", "")
            score += worth if says(word, here) else 0.0
    return score or TEXT_SCORE


def _pages(
    session: Session, node: Node, only: Collection[int] | None, *, by_name: bool
) -> Iterator[tuple[int, Said]]:
    """The pages that may match, in order of asset and page."""
    names: Any = (
        select(func.group_concat(AssetFile.relpath, "\n"))
        .where(AssetFile.asset_id == Asset.id)
        .scalar_subquery()
    )
    texts: list[Any] = [PageText.heading, PageText.body, PageText.notes]
    number: Any = Page.page_no
    if by_name:
        texts, number = [literal("")] * 3, literal(0)
    query: Select[Any] = select(Asset.id, Asset.title, names, number, *texts)
    if not by_name:
        query = query.outerjoin(Page, Page.version_id == Asset.current_version_id)
        query = query.outerjoin(PageText, PageText.sha == Page.sha)
    query = query.where(Asset.merged_into_id.is_(None)).order_by(Asset.id, number)
    every = func.lower(
        Asset.title + "\n" + func.coalesce(names, "") + "\n"
        + func.coalesce(texts[0] + "\n" + texts[1] + "\n" + texts[2], "")
    )  # fmt: skip
    wanted = [every.contains(word, autoescape=True) for word in needed(node)]
    if wanted:
        query = query.where(and_(*wanted))
    for asset, title, paths, number, heading, body, notes in _rows(session, query, only):
        yield asset, Said(
            number or 0, folded(title), folded(_names(paths or "")),
            folded(f"{heading or ''}\n{body or ''}"), folded(notes or ""),
        )  # fmt: skip


def _rows(
    session: Session, query: Select[Any], only: Collection[int] | None
) -> Iterator[tuple[Any, ...]]:
    if only is None:
        yield from session.execute(query.execution_options(yield_per=_BATCH))
        return
    ids = sorted(only)
    for start in range(0, len(ids), _BATCH):
        yield from session.execute(query.where(Asset.id.in_(ids[start : start + _BATCH])))


def _names(paths: str) -> str:
    """File names as words, without their folders."""
    from indexer.search.text import separate_name

    return "\n".join(
        f"{name}\n{separate_name(name)}"
        for name in (PurePosixPath(path).name for path in paths.split("\n"))
    )
