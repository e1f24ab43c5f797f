"""What is chosen in the facets, as masks over the assets, and the counts beside the terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from app.finding.snapshot import Mask, Snapshot
from app.rows import FacetCounts, TermCount
from app.rows.listed import unwanted, wanted

Filters: TypeAlias = "tuple[tuple[str, tuple[str, ...]], ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen in one facet: who carries a term wanted (None: none is), and the unwanted."""

    slugs: tuple[str, ...]
    within: Mask | None
    left_out: tuple[tuple[str, Mask], ...]

    def mask(self, n: int) -> Mask:
        """Who of n assets may stay."""
        return self.without(np.ones(n, bool) if self.within is None else self.within)

    def without(self, held: Mask, *, but: str = "") -> Mask:
        """Who is left when the carriers of unwanted terms are taken away, those of one apart."""
        for slug, mask in self.left_out:
            if slug != but:
                held = held & ~mask
        return held


def merged(chosen: Filters, typed: Filters) -> Filters:
    """Filters chosen and typed as one."""
    both: dict[str, list[str]] = {}
    for key, slugs in (*chosen, *typed):
        known = both.setdefault(key, [])
        known.extend(slug for slug in slugs if slug not in known)
    return tuple((key, tuple(slugs)) for key, slugs in both.items() if slugs)


def choices(snapshot: Snapshot, filters: Filters) -> dict[str, Choice]:
    """What is chosen, by facet."""
    return {key: _choice(snapshot, key, slugs) for key, slugs in filters}


def _choice(snapshot: Snapshot, key: str, slugs: tuple[str, ...]) -> Choice:
    nobody = np.zeros(len(snapshot.ids), bool)
    within = None
    for slug in wanted(slugs):
        mask = snapshot.masks.get((key, slug), nobody)
        within = mask if within is None else within | mask
    left_out = tuple((slug, snapshot.masks.get((key, slug), nobody)) for slug in unwanted(slugs))
    return Choice(slugs, within, left_out)


def all_of(chosen: dict[str, Choice], n: int, *, leaving_out: str = "") -> Mask:
    """Who of n assets passes every facet, one of them apart."""
    result = np.ones(n, bool)
    for key, choice in chosen.items():
        if key != leaving_out:
            result &= choice.mask(n)
    return result


def counts(
    snapshot: Snapshot, chosen: dict[str, Choice], by_words: Mask
) -> tuple[FacetCounts, ...]:
    """Counts per term among the hits, each facet without what of it is wanted.

    What is unwanted stays away, for that is what a further choice would leave; beside an unwanted
    term stands how many it takes away.
    """
    n = len(snapshot.ids)
    among = np.packbits(by_words & all_of(chosen, n))
    counted = []
    for key, facet in snapshot.catalogue.shown.items():
        choice, own = chosen.get(key), among
        if choice is not None:
            held = by_words & all_of(chosen, n, leaving_out=key)
            own = np.packbits(choice.without(held))
        numbers = np.bitwise_count(facet.bits & own).sum(axis=1).tolist()
        terms = tuple(
            TermCount(slug, label, number, chosen=False)
            for (slug, label), number in zip(facet.terms, numbers, strict=True)
        )
        if choice is not None:
            terms = tuple(_told(snapshot, key, term, held, choice) for term in terms)
        counted.append(FacetCounts(key, facet.label, terms))
    return tuple(counted)


def _told(snapshot: Snapshot, key: str, term: TermCount, held: Mask, choice: Choice) -> TermCount:
    """A term of a facet in which something is chosen: its state, and what an unwanted one takes."""
    if term.slug not in unwanted(choice.slugs):
        return replace(term, chosen=term.slug in choice.slugs)
    taken = held if choice.within is None else held & choice.within
    taken = choice.without(taken & snapshot.masks[key, term.slug], but=term.slug)
    return TermCount(
        term.slug, term.label, int(taken.sum()), term.slug in choice.slugs, excluded=True
    )
