"""The rows of the list of results, which the window paints first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag on an asset: the term, and who set it."""

    facet: str
    slug: str
    label: str
    by: str
    at: int


UNWANTED = "-"
"""Before a slug in ``FindSpec.filters``: assets with that term are left out."""


def wanted(slugs: Sequence[str]) -> tuple[str, ...]:
    """Of the slugs of a filter those that are looked for."""
    return tuple(slug for slug in slugs if not slug.startswith(UNWANTED))


def unwanted(slugs: Sequence[str]) -> tuple[str, ...]:
    """Of the slugs of a filter those that are left out, without their minus."""
    return tuple(slug[1:] for slug in slugs if slug.startswith(UNWANTED))


@dataclass(frozen=True, slots=True)
class FindSpec:
    """What a person asks of the find page.

    ``filters`` maps a facet key (or "status") to term slugs: OR between those wanted of a facet,
    none of those with a minus before them ("-it"), AND between facets. ``exact`` forbids treating
    the last word as a prefix (after Enter). ``skip`` leaves out the best of them, so that a long
    list comes in parts of ``limit``.
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = "best"
    limit: int = 200
    exact: bool = False
    skip: int = 0


@dataclass(frozen=True, slots=True)
class RankReason:
    """One factor of a hit's score; multiplied they are the score by which it stands there.

    ``name`` is text, title, use, new or status; ``sentence`` says it ("Used 2.1 times as often
    as expected when shown").
    """

    name: str
    factor: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One asset found, ready to be painted.

    ``marks`` and ``title_marks`` are (start, end) ranges to mark in ``snippet`` and ``title``;
    ``page`` is the matching page's number (1-based; 0 = the asset as a whole); ``why`` are short
    reasons ("page 7", "title", "tagged Finance", "used by 9 reps"); ``trust`` is a key of
    TRUST_LABELS; ``uses`` counts uses in the last 90 days; ``file_path`` is absolute ("" if gone).
    ``ranking`` says why it stands where it stands among the best matches.
    """

    asset_id: int
    title: str
    title_marks: tuple[tuple[int, int], ...]
    kind: str
    content_type: str
    page: int
    page_label: str
    page_count: int
    more_pages: int
    snippet: str
    marks: tuple[tuple[int, int], ...]
    why: tuple[str, ...]
    score: float
    status: str
    trust: str
    trust_note: str
    uses: int
    users: int
    tags: tuple[TagRow, ...]
    path: str
    file_path: str
    sha: str
    state: str
    modified_at: int
    ranking: tuple[RankReason, ...] = ()
