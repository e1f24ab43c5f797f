"""The searches that a person has made lately."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import ColumnClause, func, literal_column, select
from sqlalchemy.orm import Session

from app.changes import Changes, Inverse
from app.clock import DAY_MS, now_ms
from app.finding import language
from app.rows import FindSpec, RecentSearch
from app.settings import Settings
from app.store import people
from app.store.logs import SearchEvent
from app.vocabulary import terms

SINCE = "recent_searches_since"
"""The fact that tells from when on the searches of this machine's person are listed."""
DAYS = 90
LOOKED_THROUGH = 400
MOST = 50
GROWING_MS = 10 * 60 * 1000
"""Within this time a search that goes on with a former one is the same wish."""


def of_me(session: Session, settings: Settings) -> tuple[RecentSearch, ...]:
    """The searches of this machine's person since they were last forgotten, newest first."""
    return Kept().of_me(session, settings)


_ENTERED: ColumnClause[int] = literal_column("search_event.rowid")
"""The order of recording, by which searches of one millisecond are told apart."""


class Kept:
    """The same, read anew only when there is another search: completion asks at every letter."""

    def __init__(self) -> None:
        self._kept: tuple[object, tuple[RecentSearch, ...]] = (None, ())

    def of_me(self, session: Session, settings: Settings) -> tuple[RecentSearch, ...]:
        """See ``recent.of_me``."""
        me = people.me(session, settings)
        if me is None:
            return ()
        since = settings.fact(SINCE, 0)
        latest = select(func.max(_ENTERED)).select_from(SearchEvent)
        state = (me.id, since, session.scalar(latest))
        kept, listed = self._kept
        if kept != state:
            listed = _as_asked(session, searches(session, me.id, since=since))
            self._kept = (state, listed)
        return listed


def forget(settings: Settings) -> Changes:
    """List no search made until now. The record, from which reports count, keeps them."""
    before = settings.fact(SINCE, 0)
    settings.set_fact(SINCE, now_ms())
    return Changes(
        frozenset({"searches"}), (), "Recent searches forgotten.",
        Inverse("remember_searches", (before,)),
    )  # fmt: skip


def remember(settings: Settings, since: object) -> Changes:
    """The inverse of ``forget``."""
    assert isinstance(since, int)
    before = settings.fact(SINCE, 0)
    settings.set_fact(SINCE, since)
    inverse = Inverse("remember_searches", (before,))
    return Changes(frozenset({"searches"}), (), "Recent searches put back.", inverse)


def _as_asked(session: Session, listed: tuple[RecentSearch, ...]) -> tuple[RecentSearch, ...]:
    """The searches without filters that their text says: they are recorded with the chosen ones."""
    if not any(_may_say_filters(search.spec) for search in listed):
        return listed
    vocabulary = terms.load(session)
    return tuple(
        replace(search, spec=_without_typed(search.spec, vocabulary))
        if _may_say_filters(search.spec) else search
        for search in listed
    )  # fmt: skip


def _may_say_filters(spec: FindSpec) -> bool:
    return bool(spec.filters) and ":" in spec.text


def _without_typed(spec: FindSpec, vocabulary: terms.Vocabulary) -> FindSpec:
    typed = dict(language.parse(spec.text, vocabulary, exact=True).filters)
    chosen = tuple(
        (key, tuple(slug for slug in slugs if slug not in typed.get(key, ())))
        for key, slugs in spec.filters
    )
    return replace(spec, filters=tuple((key, slugs) for key, slugs in chosen if slugs))


def searches(
    session: Session, me: int, most: int = MOST, *, since: int = 0
) -> tuple[RecentSearch, ...]:
    """The distinct searches of a person, newest first; beginnings of a search typed on are none."""
    query = (
        select(
            SearchEvent.at, SearchEvent.query, SearchEvent.norm, SearchEvent.filters,
            SearchEvent.n_results,
        )
        .where(
            SearchEvent.person_id == me,
            SearchEvent.at >= max(since, now_ms() - DAYS * DAY_MS),
        )
        .order_by(SearchEvent.at.desc(), _ENTERED.desc())
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
        if key in seen or (begun and norm) or text.endswith(":"):
            continue
        seen.add(key)
        chosen = tuple((facet, tuple(slugs)) for facet, slugs in sorted(filters.items()))
        found.append(RecentSearch(FindSpec(text=text, filters=chosen, exact=True), at, total))
        if len(found) == most:
            break
    return tuple(found)
