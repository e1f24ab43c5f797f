"""What to try when nothing is found: which filter is in the way, and where else matches lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.finding.choices import Filters, all_of, choices, merged
from app.finding.conditions import Mask
from app.finding.language import Parsed
from app.finding.language.tokens import text_without
from app.finding.matching import Matched
from app.finding.snapshot import Snapshot
from app.rows import STATUS_LABELS, Elsewhere, FindSpec, Looser
from app.rows.listed import UNWANTED, unwanted, wanted


def without(
    asked: FindSpec,
    parsed: Parsed,
    snapshot: Snapshot,
    typed: list[Mask],
    rows: NDArray[np.int64],
) -> tuple[Looser, ...]:
    """How many assets there would be without one filter or typed condition, most first.

    ``typed`` are the conditions of ``parsed`` as masks, ``rows`` what the words alone find. What
    would bring nothing is left out.
    """
    n = len(snapshot.ids)
    met = [mask[rows] for mask in typed]

    def total(filters: Filters, conditions: list[Mask]) -> int:
        held = all_of(choices(snapshot, filters), n)[rows]
        return int(np.logical_and.reduce([held, *conditions]).sum())

    found = []
    for key, slugs in _pieces(asked.filters):
        less = _less(asked.filters, key, slugs)
        count = total(merged(less, parsed.filters), met)
        spec = replace(asked, filters=less)
        found.append(Looser(_said(snapshot, key, slugs), count, spec))
    for text, filters in parsed.filter_texts:
        spec = replace(asked, text=text_without(asked.text, text))
        found.append(Looser(text[0], total(merged(asked.filters, filters), met), spec))
    both = merged(asked.filters, parsed.filters)
    for at, text in enumerate(parsed.texts):
        spec = replace(asked, text=text_without(asked.text, text))
        others = [mask for other, mask in enumerate(met) if other != at]
        found.append(Looser(" ".join(text), total(both, others), spec))
    return tuple(sorted((row for row in found if row.total), key=lambda row: -row.total))


def _pieces(filters: Filters) -> list[tuple[str, tuple[str, ...]]]:
    """What can be taken back by itself: all that is wanted of a facet, and each term left out."""
    pieces: list[tuple[str, tuple[str, ...]]] = []
    for key, slugs in filters:
        if wanted(slugs):
            pieces.append((key, wanted(slugs)))
        pieces += [(key, (UNWANTED + slug,)) for slug in unwanted(slugs)]
    return pieces


def _less(filters: Filters, key: str, slugs: tuple[str, ...]) -> Filters:
    kept = ((k, tuple(s for s in all_ if k != key or s not in slugs)) for k, all_ in filters)
    return tuple((k, left) for k, left in kept if left)


def _said(snapshot: Snapshot, key: str, slugs: tuple[str, ...]) -> str:
    """A choice in words: "Persona: Finance", "not IT", "Persona (3)"."""
    facet = next((f for f in snapshot.vocabulary.facets if f.key == key), None)
    labels = STATUS_LABELS if facet is None else {t.slug: t.label for t in facet.terms}
    name = "Status" if facet is None else facet.label
    if len(slugs) > 1:
        return f"{name} ({len(slugs)})"
    said = [f"{name}: {labels.get(slug, slug)}" for slug in wanted(slugs)]
    return "".join(said or [f"not {labels.get(slug, slug)}" for slug in unwanted(slugs)])


def elsewhere(
    snapshot: Snapshot, matched: Matched, wanted: Mask, parsed: Parsed
) -> tuple[Elsewhere, ...]:
    """Matches that are not shown: filtered out though archived, or missing."""
    if parsed.node is None:
        return ()
    archived = snapshot.masks["status", "archived"] & ~wanted
    counts = [
        ("archived", int(archived[matched.rows].sum()), "archived"),
        ("missing", matched.gone, "missing: the files are not where they were"),
    ]
    return tuple(
        Elsewhere(kind, n, f"1 match is {said}." if n == 1 else f"{n:,} matches are {said}.")
        for kind, n, said in counts
        if n
    )
