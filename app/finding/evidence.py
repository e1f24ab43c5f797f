"""What the factors of a rank rest on: where the words stand, how often it was shown and used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import files
from app.catalogue.decisions import family
from app.clock import DAY_MS, now_ms
from app.rows.found import Evidence, WordFound
from app.settings import Settings
from app.store.logs import SearchEvent, UsageEvent
from app.store.tables import Asset, Page, PageText
from app.usage import log as usage_log
from indexer.search.marking import places
from indexer.search.query import Node, Phrase, Word

if TYPE_CHECKING:
    from app.finding.language import Parsed
    from indexer.search.reader import Searcher

HALVES = 2
"""Uses and impressions are counted so many times back as they take to weigh half."""

MOST_WORDS = 12


def evidence(
    session: Session,
    settings: Settings,
    parsed: Parsed,
    searcher: Searcher | None,
    asset_id: int,
    page: int,
) -> Evidence:
    """See ``rows.found.Evidence``; ``page`` is the page by which the asset stands there."""
    label, texts = _texts(session, asset_id, page)
    words = tuple(
        WordFound(said, tuple(name for name, text in texts.items() if places(text, terms)))
        for said, terms in _wanted(parsed, searcher)
    )
    days = int(HALVES * settings.number("rank.use_days"))
    since = now_ms() - days * DAY_MS
    uses, shown = _use(session, asset_id, since)
    return Evidence(
        asset_id, label, words, _together(parsed, texts), uses, shown, days
    )  # fmt: skip


def _texts(session: Session, asset_id: int, page: int) -> tuple[str, dict[str, str]]:
    """The label of the page, and what title, file name and page say."""
    asset = session.get_one(Asset, asset_id)
    place = next(iter(files.places(session, [asset_id]).get(asset_id, ())), None)
    texts = {
        "title": asset.title, "file name": place.relpath.rpartition("/")[2] if place else "",
    }  # fmt: skip
    query = (
        select(Page.label, PageText.heading, PageText.body, PageText.notes)
        .join(PageText, PageText.sha == Page.sha)
        .where(Page.version_id == asset.current_version_id, Page.page_no == max(1, page))
    )
    row = session.execute(query).first()
    if row is None:
        return "", texts
    label, heading, body, notes = row
    return label if page else "", {**texts, "heading": heading, "text": body, "notes": notes}


def _wanted(parsed: Parsed, searcher: Searcher | None) -> list[tuple[str, tuple[str, ...]]]:
    """Each word or phrase that is looked for, with the terms by which it is marked."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parsed.parts[:MOST_WORDS]:
        if part.kind in ("words", "phrase"):
            text = part.text.strip('"“”')
            found[text] = _terms(text, searcher)
    return list(found.items())


def _terms(text: str, searcher: Searcher | None) -> tuple[str, ...]:
    """A word with its inflections as the index has them; without an index as it is."""
    if searcher is None:
        return tuple(text.split())
    words = text.split()
    node: Node = Word(text) if len(words) == 1 else Phrase(tuple(words))
    return searcher.search_assets(node, 1).terms or tuple(words)


def _together(parsed: Parsed, texts: dict[str, str]) -> bool:
    """Whether the words that were typed stand one after the other in one of the texts."""
    if not parsed.only_plain or len(parsed.plain) < 2:
        return False
    wanted = " ".join(parsed.plain).casefold()
    return any(wanted in " ".join(text.split()).casefold() for text in texts.values())


def _use(session: Session, asset_id: int, since: int) -> tuple[int, int]:
    """Uses of an asset since a moment, and the searches that showed it."""
    rules = usage_log.rules(session)
    ids = family(session, asset_id)
    uses = usage_log.uses(
        session, rules, UsageEvent.asset_id.in_(ids), UsageEvent.at >= since
    ).deeds
    query = select(SearchEvent.top_ids).where(
        SearchEvent.at >= since, SearchEvent.person_id.in_(rules.counting)
    )
    return len(uses), _shown(session.scalars(query).all(), ids)


def _shown(lists: Sequence[list[int]], ids: Sequence[int]) -> int:
    wanted = set(ids)
    return sum(1 for listed in lists if not wanted.isdisjoint(listed))
