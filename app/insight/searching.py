"""Searches as people meant them: growing queries are one, and some find nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.rows import SearchGapRow

SESSION_MS = 10 * 60 * 1000


class Search(NamedTuple):
    """One recorded search; ``shown`` are asset ids; ``filtered``: filters were on."""

    at: int
    person_id: int
    query: str
    norm: str
    n_results: int
    filtered: bool
    shown: tuple[int, ...]


def chains(searches: Iterable[Search]) -> list[list[Search]]:
    """The searches grouped into wishes, oldest first.

    A search goes on with the former one of the same person when it comes within 10 minutes and
    says the same with letters or words added (or with other filters): typing on is no new wish
    (metrics.md, "search session").
    """
    made: list[list[Search]] = []
    latest: dict[int, list[Search]] = {}
    for search in sorted(searches):
        chain = latest.get(search.person_id)
        if chain is not None and _goes_on(chain[-1], search):
            chain.append(search)
        else:
            chain = latest[search.person_id] = [search]
            made.append(chain)
    return made


def _goes_on(former: Search, search: Search) -> bool:
    if search.at - former.at > SESSION_MS:
        return False
    grown = bool(former.norm) and search.norm.startswith(former.norm)
    return grown or former.norm == search.norm


def shown(wishes: Iterable[list[Search]], merged: Mapping[int, int]) -> Counter[int]:
    """How many wishes showed each asset; one that stays on screen while somebody types counts 1."""
    counts: Counter[int] = Counter()
    for chain in wishes:
        ids = {merged.get(asset, asset) for search in chain for asset in search.shown}
        counts.update(ids)
    return counts


def gaps(wishes: Iterable[list[Search]]) -> tuple[SearchGapRow, ...]:
    """What was searched for and not found, most people first.

    The last search of a wish decides. Searches without words are no wish that content could meet.
    With and without filters are kept apart: the former may be a matter of tags, not of content.
    """
    found: dict[tuple[str, bool], list[Search]] = {}
    for chain in wishes:
        last = chain[-1]
        if last.n_results == 0 and last.norm:
            found.setdefault((last.norm, last.filtered), []).append(last)
    rows = [
        SearchGapRow(
            norm, max(listed).query, len(listed), len({s.person_id for s in listed}),
            max(s.at for s in listed), filtered,
        )
        for (norm, filtered), listed in found.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda r: (-r.people, -r.times, -r.last_at, r.norm)))
