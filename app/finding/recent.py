"""The searches that a person has made lately."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import DAY_MS, now_ms
from app.rows import FindSpec, RecentSearch
from app.store.logs import SearchEvent

DAYS = 90
LOOKED_THROUGH = 400
MOST = 50
GROWING_MS = 10 * 60 * 1000
"""Within this time a search that goes on with a former one is the same wish."""


def searches(session: Session, me: int, most: int = MOST) -> tuple[RecentSearch, ...]:
    """The distinct searches of a person, newest first; beginnings of a search typed on are none."""
    query = (
        select(
            SearchEvent.at, SearchEvent.query, SearchEvent.norm, SearchEvent.filters,
            SearchEvent.n_results,
        )
        .where(SearchEvent.person_id == me, SearchEvent.at >= now_ms() - DAYS * DAY_MS)
        .order_by(SearchEvent.at.desc(), SearchEvent.uid.desc())
        .limit(LOOKED_THROUGH)
    )  # fmt: skip
    found: list[RecentSearch] = []
    seen: set[tuple[str, str]] = set()
    later: tuple[int, str] | None = None
    for at, text, norm, filters, total in session.execute(query):
        key = (norm, json.dumps(filters, sort_keys=True))
        grown = later is not None and later[1].startswith(norm) and later[0] - at <= GROWING_MS
        begun = grown and later is not None and later[1] != norm
        later = (at, norm)
        if key in seen or (begun and norm):
            continue
        seen.add(key)
        chosen = tuple((facet, tuple(slugs)) for facet, slugs in sorted(filters.items()))
        found.append(RecentSearch(FindSpec(text=text, filters=chosen, exact=True), at, total))
        if len(found) == most:
            break
    return tuple(found)
