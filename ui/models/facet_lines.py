"""The lines of the panel of facets: which terms are worth their place while a facet is folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.rows import FacetCounts, TermCount

SHORT = 6
"""Terms of a facet shown before *Show all*."""

STATUS = "status"
UNTAGGED = "Tags become filters here"
"""Said while nothing has a tag."""

STATES = {"": "not chosen", "in": "chosen", "out": "left out"}
"""What a screen reader says for the three states of a term."""


@dataclass(frozen=True, slots=True)
class FacetLine:
    """One line of the panel. ``kind`` is head, term, more or none; ``slug`` and ``count`` are a
    term's, ``state`` is a key of STATES.

    ``count`` of a "more" line is how many terms it would show; -1 when it would show fewer. The
    line "none" says that no term has the words by which the panel is narrowed.
    """

    kind: str
    facet: str
    label: str
    slug: str = ""
    count: int = 0
    state: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while counts change."""
        return (self.kind, self.facet, self.slug)

    @property
    def chosen(self) -> bool:
        """Whether the term narrows the search, in either way."""
        return bool(self.state)


@dataclass(frozen=True, slots=True)
class View:
    """How the panel shows the facets: which are unfolded, by which words it is narrowed, which
    terms come first in their facet, the state of each term chosen, and which facets have ever had
    a result (None: all). The others are of no use yet, since nothing has their tags."""

    unfolded: frozenset[str]
    words: str
    first: Mapping[str, Sequence[str]]
    states: Mapping[tuple[str, str], str]
    known: frozenset[str] | None = None


def _short(terms: Sequence[TermCount], facet: str, view: View) -> list[TermCount]:
    """The terms worth their place in a facet folded up: chosen ones, then those with hits."""
    wanted = {t.slug for t in terms if view.states.get((facet, t.slug))}
    room = SHORT - len(wanted)
    wanted.update([t.slug for t in terms if t.count > 0 and t.slug not in wanted][: max(0, room)])
    return [t for t in terms if t.slug in wanted]


def lines_of(facets: Iterable[FacetCounts], view: View) -> list[FacetLine]:
    """Heading, terms and "show all" of each facet that has terms."""
    lines: list[FacetLine] = []
    for facet in facets:
        first = view.first.get(facet.key, ())
        terms = sorted(facet.terms, key=lambda term: term.slug not in first)
        lines += _narrowed(facet, terms, view) if view.words else _folding(facet, terms, view)
    if view.words and not lines:
        lines.append(FacetLine("none", "", f"No filter has “{view.words}”."))
    elif view.known is not None and not view.words and view.known <= {STATUS}:
        lines.append(FacetLine("none", "", UNTAGGED))
    return lines


def _folding(facet: FacetCounts, terms: Sequence[TermCount], view: View) -> list[FacetLine]:
    if not terms or (view.known is not None and facet.key not in view.known):
        return []
    long = len(terms) > SHORT + 1
    folded = long and facet.key not in view.unfolded
    shown = _short(terms, facet.key, view) if folded else terms
    lines = [FacetLine("head", facet.key, facet.label), *_terms(facet, shown, view)]
    if long:
        label = f"Show all {len(terms)}" if folded else "Show fewer"
        lines.append(FacetLine("more", facet.key, label, "", len(terms) if folded else -1))
    return lines


def _narrowed(facet: FacetCounts, terms: Sequence[TermCount], view: View) -> list[FacetLine]:
    """The terms that have the words typed above the panel, or all when the heading has them."""
    words = view.words.casefold().split()
    whole = _has(facet.label, words)
    shown = [term for term in terms if whole or _has(term.label, words)]
    return [FacetLine("head", facet.key, facet.label), *_terms(facet, shown, view)] if shown else []


def _terms(facet: FacetCounts, terms: Sequence[TermCount], view: View) -> list[FacetLine]:
    return [
        FacetLine(
            "term", facet.key, t.label, t.slug, t.count, view.states.get((facet.key, t.slug), "")
        )
        for t in terms
    ]


def _has(label: str, words: Sequence[str]) -> bool:
    """Whether each word begins a word of the label."""
    parts = label.casefold().replace("/", " ").replace("-", " ").split()
    return all(any(part.startswith(word) for part in parts) for word in words)
