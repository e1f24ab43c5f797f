"""The lines of the panel of facets: which terms are worth their place while a facet is folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rows import FacetCounts, TermCount

SHORT = 6
"""Terms of a facet shown before *Show all*."""


@dataclass(frozen=True, slots=True)
class FacetLine:
    """One line of the panel. ``kind`` is head, term or more; ``slug`` and ``count`` are a term's.

    ``count`` of a "more" line is how many terms it would show; -1 when it would show fewer.
    """

    kind: str
    facet: str
    label: str
    slug: str = ""
    count: int = 0
    chosen: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while counts change."""
        return (self.kind, self.facet, self.slug)


def _short(terms: Sequence[TermCount]) -> list[TermCount]:
    """The terms worth their place in a facet folded up: chosen ones, then those with hits."""
    wanted = {t.slug for t in terms if t.chosen}
    room = SHORT - len(wanted)
    wanted.update([t.slug for t in terms if t.count > 0 and not t.chosen][: max(0, room)])
    return [t for t in terms if t.slug in wanted]


def lines_of(facets: Iterable[FacetCounts], unfolded: set[str]) -> list[FacetLine]:
    """Heading, terms and "show all" of each facet that has terms."""
    lines: list[FacetLine] = []
    for facet in facets:
        if not facet.terms:
            continue
        lines.append(FacetLine("head", facet.key, facet.label))
        long = len(facet.terms) > SHORT + 1
        folded = long and facet.key not in unfolded
        terms = _short(facet.terms) if folded else facet.terms
        lines += [FacetLine("term", facet.key, t.label, t.slug, t.count, t.chosen) for t in terms]
        if long:
            label = f"Show all {len(facet.terms)}" if folded else "Show fewer"
            count = len(facet.terms) if folded else -1
            lines.append(FacetLine("more", facet.key, label, "", count))
    return lines
