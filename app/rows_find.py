"""The frozen rows of the find page; ``app.rows`` hands them out with the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag on an asset: the term, and who set it."""

    facet: str
    slug: str
    label: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class FindSpec:
    """What a person asks of the find page.

    ``filters`` maps a facet key (or "status") to the term slugs wanted: OR within a facet, AND
    between facets. ``exact`` forbids treating the last word as a prefix (after Enter).
    """

    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = "best"
    limit: int = 200
    exact: bool = False


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
class Completion:
    """A way to go on typing: put ``insert`` in place of the text from ``start`` to ``end``.

    ``kind`` is field, term, owner, folder, value, word or recent; ``label`` is shown, ``detail``
    says more about it beside.
    """

    insert: str
    label: str
    kind: str
    detail: str
    start: int
    end: int


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
class Elsewhere:
    """Assets that match the words and are not among the hits.

    ``kind`` is archived, missing or unindexed; ``sentence`` says it ("3 matches are archived.").
    """

    kind: str
    total: int
    sentence: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search kept under a name by the person of this machine."""

    id: int
    name: str
    spec: FindSpec
    saved_at: int


@dataclass(frozen=True, slots=True)
class RecentSearch:
    """A search made lately by the person of this machine, and how many assets it found."""

    spec: FindSpec
    at: int
    total: int


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


@dataclass(frozen=True, slots=True)
class TermCount:
    """How many of the hits (ignoring this facet's own choice) carry the term."""

    slug: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The counts of one facet for the present search."""

    key: str
    label: str
    terms: tuple[TermCount, ...]


@dataclass(frozen=True, slots=True)
class FindResult:
    """The answer to a FindSpec.

    ``understood`` says in words how the text was read; ``relaxed`` is "" or the sentences that tell
    that no asset had all the words, or which words were taken for misspelt; ``suggestion`` is a
    corrected text or ""; ``total`` counts assets; ``exact`` is False when ``total`` is a lower
    bound; ``limited`` is a sentence when the index was not ready and titles alone were searched;
    ``filtered_out`` counts the assets that match the words but not the filters (known only when
    ``total`` is 0).

    ``parts`` are the pieces of the text in order. ``without`` says, when ``total`` is 0, how many
    assets there would be without one filter or typed condition: (facet key, slug or "" for all
    its slugs, total), or ("", text of the part, total) for a condition that is no facet.
    ``elsewhere`` tells of matches that are not among the hits.
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
    without: tuple[tuple[str, str, int], ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
