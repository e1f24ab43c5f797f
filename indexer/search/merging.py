"""Joining segments: which ones, when, and how, without going through Whoosh's matchers."""

from __future__ import annotations

from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from indexer.search import files, segment
from indexer.search.codec import NAME, write_documents
from indexer.search.files import Entry
from indexer.search.inverted import SortedFiles
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import W3Segment

MOST_SEGMENTS = 25
"""An index never has more segments than this: every one costs each search a little."""

WIDTH = 4
"""So many segments of about one size become one of the next size."""

_SMALLEST = 256
_SPARSE = 0.4
_AT_ONCE = 2_000_000


def tier(documents: int) -> int:
    """Return the size class of a segment: each is ``WIDTH`` times the one before."""
    return max(0, int(log(max(documents, 1) / _SMALLEST, WIDTH)) + 1)


def choose(
    segments: tuple[Entry, ...], *, most: int = MOST_SEGMENTS - 5, idle: bool = False
) -> list[Entry]:
    """Return the segments to join next: empty when the index is in good order.

    A tier with ``WIDTH`` segments is joined; so are the smallest when there are more than
    ``most`` in all; a segment of which over 40 % is deleted is written anew by itself. When
    ``idle``, all that are very small become one, and so do two of which the smaller has more than
    half the documents of the larger: each large segment costs a keystroke a fifth of its time.
    """
    by_tier: dict[int, list[Entry]] = {}
    for entry in segments:
        by_tier.setdefault(tier(entry.live), []).append(entry)
    for level in sorted(by_tier):
        if len(by_tier[level]) >= WIDTH:
            return by_tier[level]
    if len(segments) > most:
        return sorted(segments, key=lambda entry: entry.live)[: len(segments) // 2 + 1]
    sparse = [e for e in segments if e.live < e.documents * (1 - _SPARSE)]
    return sparse[:1] or (_when_idle(segments) if idle else [])


def _when_idle(segments: tuple[Entry, ...]) -> list[Entry]:
    """Return the smallest segments, or else the smallest two of nearly the same size.

    A document is so joined anew only when its segment doubles.
    """
    by_size = sorted(segments, key=lambda entry: entry.live)
    small = [entry for entry in by_size if entry.live <= _SMALLEST]
    if len(small) > 1:
        return small
    pairs = (list(pair) for pair in pairwise(by_size))
    return next((pair for pair in pairs if pair[0].live * 2 > pair[1].live), [])


def join(folder: Path, entries: list[Entry]) -> Entry | None:
    """Write one segment with the live documents of several; None when there is none."""
    sources = [segment.Segment(folder, entry.id) for entry in entries]
    try:
        return _join(folder, entries, sources)
    finally:
        for source in sources:
            source.close()


def _join(folder: Path, entries: list[Entry], sources: list[segment.Segment]) -> Entry | None:
    maps = _document_maps(entries)
    total = sum(entry.live for entry in entries)
    if not total:
        return None
    new_id = f"{NAME}_{W3Segment(None, NAME).segid}"
    kept = [new >= 0 for new in maps]
    _join_documents(folder / (new_id + segment.DOCUMENTS), sources, kept)
    inverted = SortedFiles(folder, new_id)
    seen: set[bytes] = set()
    for field in sorted(BOOSTS):
        seen.update(_join_field(inverted, field, sources, maps))
    inverted.close(_surfaces(sources, seen))
    languages = sorted({code for entry in entries for code in entry.languages}, key=str)
    return Entry(new_id, total, files.seal(folder, new_id), tuple(languages))


def _document_maps(entries: list[Entry]) -> list[Any]:
    """Return for each segment the new number of each document, -1 for deleted ones."""
    maps, base = [], 0
    for entry in entries:
        new = np.arange(base, base + entry.documents, dtype=np.int32)
        if entry.deleted is not None:
            new = np.where(entry.deleted, -1, np.cumsum(~entry.deleted) - 1 + base).astype(np.int32)
        maps.append(new)
        base += entry.live
    return maps


def _join_documents(path: Path, sources: list[segment.Segment], kept: list[Any]) -> None:
    pairs = list(zip(sources, kept, strict=True))
    lengths, totals = {}, {}
    for field in BOOSTS:
        # The exact length of one document is not kept, only Whoosh's coarse byte of it, so the
        # sum over the live ones is the old sum scaled by the coarse lengths that remain.
        lengths[field] = np.concatenate([source.lengths(field)[keep] for source, keep in pairs])
        totals[field] = sum(_live_length(source, field, keep) for source, keep in pairs)
    write_documents(
        path,
        np.concatenate([source.asset_ids[keep] for source, keep in pairs]),
        np.concatenate([source.page_nos[keep] for source, keep in pairs]),
        lengths,
        totals,
    )


def _live_length(source: segment.Segment, field: str, keep: Any) -> int:
    coarse = segment.LENGTHS[source.lengths(field)]
    whole = float(coarse.sum())
    if not whole:
        return 0
    return round(source.total_length(field) * float(coarse[keep].sum()) / whole)


def _join_field(
    inverted: SortedFiles, field: str, sources: list[segment.Segment], maps: list[Any]
) -> set[bytes]:
    """Write the postings of one field, some terms at a time; return the terms that are left."""
    tables = [source.table(field) for source in sources]
    terms = sorted({term for table in tables for term in table.terms})
    if not terms:
        return set()
    place = {term: at for at, term in enumerate(terms)}
    ranks = [np.array([place[term] for term in table.terms], np.int64) for table in tables]
    total = np.zeros(len(terms), np.int64)
    for rank, table in zip(ranks, tables, strict=True):
        total[rank] += table.total
    part = np.cumsum(total) // _AT_ONCE
    edges = [*np.flatnonzero(np.diff(part, prepend=-1)).tolist(), len(terms)]
    left: set[bytes] = set()
    for low, high in pairwise(edges):
        found = []
        for source, table, rank, new in zip(sources, tables, ranks, maps, strict=True):
            first, last = np.searchsorted(rank, (low, high))
            if first < last:
                rows = np.arange(first, last)
                found.append(_live_postings(source, table, rows, rank[rows], new))
        left.update(_write_joined(inverted, field, terms, found))
    return left


def _live_postings(
    source: segment.Segment, table: segment.TermTable, rows: Any, ranks: Any, new: Any
) -> tuple[Any, Any, Any]:
    """Return (rank and new document as one number, count) of live postings, and their places."""
    documents, counts, places = source.places_many(table, rows)
    mapped = new[documents]
    rank = np.repeat(ranks, table.frequency[rows])
    keep = mapped >= 0
    if not keep.all():
        places = places[np.repeat(keep, counts)]
        rank, mapped, counts = rank[keep], mapped[keep], counts[keep]
    return rank << 32 | mapped, counts, places


def _write_joined(
    inverted: SortedFiles, field: str, terms: list[bytes], found: list[tuple[Any, Any, Any]]
) -> list[bytes]:
    """Write the postings of several segments, each in order of term and document, as one."""
    keys = np.concatenate([part[0] for part in found])
    if not len(keys):
        return []
    counts = np.concatenate([part[1] for part in found])
    places = np.concatenate([part[2] for part in found])
    if len(found) > 1:
        order = np.argsort(keys)
        begins = (np.cumsum(counts, dtype=np.int64) - counts)[order]
        keys, counts = keys[order], counts[order]
        ends = np.cumsum(counts, dtype=np.int64)
        source = np.repeat(begins - (ends - counts), counts) + np.arange(len(places))
        places = places[source]
    rank = keys >> 32
    begins = np.flatnonzero(np.diff(rank, prepend=-1))
    frequency = np.diff(np.append(begins, len(rank)))
    inverted.add_sorted(
        field,
        terms,
        rank[begins],
        frequency,
        (keys & 0xFFFFFFFF).astype(np.uint32),
        counts.astype(np.uint32),
        places.astype(np.uint32),
    )
    return [terms[at] for at in rank[begins].tolist()]


def _surfaces(sources: list[segment.Segment], seen: set[bytes]) -> dict[tuple[str, str], int]:
    """Return the surfaces of all segments whose stem is still in use."""
    out: dict[tuple[str, str], int] = {}
    for source in sources:
        rows = zip(source.surfaces, source.stems, source.surface_counts.tolist(), strict=True)
        for surface, stem, count in rows:
            if stem in seen:
                pair = (surface, stem.decode())
                out[pair] = out.get(pair, 0) + count
    return out
