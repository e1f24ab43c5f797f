"""The answer to a search, and what the search field offers."""

from __future__ import annotations

from dataclasses import dataclass

from app.rows.listed import FindSpec, Hit


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of what was typed, from ``start`` to ``end`` of the text, and what it means.

    ``kind`` is words, phrase, field, not, unknown (no such field: searched for as words) or error
    (left out of the search; ``said`` is then the sentence that says what is expected). Else
    ``said`` puts the piece in words ("persona is Finance"). ``removable_text`` is the whole text
    without this piece.
    """

    text: str
    start: int
    end: int
    kind: str
    said: str
    removable_text: str


@dataclass(frozen=True, slots=True)
class TermCount:
    """How many of the hits (ignoring what of this facet is wanted) carry the term.

    Of a term that is ``excluded`` it is how many hits that takes away.
    """

    slug: str
    label: str
    count: int
    chosen: bool
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The counts of one facet for the present search."""

    key: str
    label: str
    terms: tuple[TermCount, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Assets that match the words and are not among the hits.

    ``kind`` is archived or missing; ``sentence`` says it ("3 matches are archived.").
    """

    kind: str
    total: int
    sentence: str


@dataclass(frozen=True, slots=True)
class PagesFound:
    """The pages of an asset on which themselves the words stand, ascending.

    A page that matches only by the asset's title or file name is none of them.
    """

    asset_id: int
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page that matches; ``marks`` are (start, end) ranges to mark in ``snippet``."""

    page: int
    label: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Looser:
    """The same search without one filter or typed condition: ``total`` assets, found by ``spec``.

    ``left_out`` says in words what is left out ("Persona: Finance", "not IT", "used:>5").
    """

    left_out: str
    total: int
    spec: FindSpec


@dataclass(frozen=True, slots=True)
class FindResult:
    """The answer to a FindSpec.

    ``understood`` says in words how the text was read; ``relaxed`` is "" or the sentences that tell
    that no asset had all the words, or which words were taken for misspelt; ``suggestion`` is a
    corrected text or ""; ``total`` counts assets; ``exact`` is False when ``total`` is a lower
    bound; ``limited`` is a sentence when the index was not ready and titles alone were searched;
    ``filtered_out`` counts the assets that match the words but not the filters (known only when
    ``total`` is 0; those found by a guess or by some of the words do not count).

    ``parts`` are the pieces of the text in order. ``without`` says, when ``total`` is 0, how many
    assets there would be without one filter or typed condition, most first. ``elsewhere`` tells
    of matches that are not among the hits.
    """

    spec: FindSpec
    understood: str
    hits: tuple[Hit, ...]
    total: int
    exact: bool
    took_ms: float
    facets: tuple[FacetCounts, ...]
    relaxed: str = ""
    suggestion: str = ""
    limited: str = ""
    filtered_out: int = 0
    terms: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    without: tuple[Looser, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A way to go on typing: put ``insert`` in place of the text from ``start`` to ``end``.

    ``kind`` is field, term, owner, folder, value, word, recent or saved; ``label`` is shown,
    ``detail`` says more about it beside. ``spec`` is the whole search behind a recent or saved one.
    """

    insert: str
    label: str
    kind: str
    detail: str
    start: int
    end: int
    spec: FindSpec | None = None


@dataclass(frozen=True, slots=True)
class RecentSearch:
    """A search made lately by the person of this machine, and how many assets it found."""

    spec: FindSpec
    at: int
    total: int


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search kept under a name by the person of this machine."""

    id: int
    name: str
    spec: FindSpec
    saved_at: int
