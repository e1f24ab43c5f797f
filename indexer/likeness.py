"""How alike pages and whole files are: MinHash sketches of pages, and a shelf to look them up.

A page is known by the key of its masked normal text and, for when that differs by a few words, by a
MinHash sketch (Broder 1997, "On the resemblance and containment of documents") of its shingles of
three words. Everything is numpy over whole arrays; numpy is imported by whoever imports this.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.fingerprint import (
    LEAST_CHARACTERS,
    masked,
    normal_lines,
    text_key,
    text_words,
)

REVISION = 1
"""Of prints: one made by another revision cannot be compared with ours."""

PERMUTATIONS = 64
SHINGLE = 3
PAGE_JACCARD = 0.5
"""Two pages are the same page, edited, when their estimated resemblance is at least this."""

SURE = 0.75
"""A score by keys alone at or above this is believed; below it the sketches are asked."""

_BANDS, _BAND_ROWS = 4, 3
_COMMON = 200
_MOST_WORDS = 5_000
_AT_ONCE = 1_500
_MOST_TOGETHER = 4_000
_MOST_SUMS = 50_000
_MOST_CANDIDATES = 40
_EXCERPT = 0.5
_LEAST_EXCERPT = 3
# Of real pages, those of one template or in two languages came up to .87, copies from .97 on.
_SHORT, _SHORT_SHARE = 4, 0.9
_ROUNDING = 1e-6

Keys = npt.NDArray[np.int64]
Sketches = npt.NDArray[np.uint16]
Weights = npt.NDArray[np.float64]

_RANDOM = np.random.Generator(np.random.PCG64(20261122))
# Odd multipliers: x -> a * x + b mod 2**64, of which the high half is kept, is 2-universal.
_A = _RANDOM.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_B = _RANDOM.integers(0, 2**63, PERMUTATIONS, dtype=np.uint64)
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one file: its pages with enough text.

    ``pages``: int32 (n) page numbers; ``keys``: int64 (n); ``sketches``: uint16 (n, 64).
    """

    pages: npt.NDArray[np.int32]
    keys: Keys
    sketches: Sketches

    def __len__(self) -> int:
        return len(self.keys)


def prints(texts: Sequence[str], numbers: Sequence[int]) -> Prints:
    """Return the fingerprints of a file's pages, given as text (heading and body) and number."""
    normal = zip(numbers, normal_lines(texts, numbers), strict=True)
    said = [(number, masked(lines)) for number, lines in normal]
    said = [(number, text) for number, text in said if len(text) >= LEAST_CHARACTERS]
    return Prints(
        np.array([number for number, _ in said], np.int32),
        np.array([text_key(text) for _, text in said], np.int64),
        sketched([text for _, text in said]),
    )


def from_bytes(pages: bytes, keys: bytes, sketches: bytes) -> Prints:
    """Return the fingerprints that ``to_bytes`` packed. Raises ValueError when they do not fit."""
    return Prints(
        np.frombuffer(pages, "<i4"),
        np.frombuffer(keys, "<i8"),
        np.frombuffer(sketches, "<u2").reshape(-1, PERMUTATIONS),
    )


def to_bytes(made: Prints) -> tuple[bytes, bytes, bytes]:
    """Pack fingerprints for the record: page numbers, keys and sketches, little-endian."""
    return (
        made.pages.astype("<i4").tobytes(),
        made.keys.astype("<i8").tobytes(),
        made.sketches.astype("<u2").tobytes(),
    )


def sketch(text: str) -> Sketches:
    """Return the MinHash sketch of a masked text: uint16 (64), the low halves of the minima."""
    made: Sketches = sketched([text])[0]
    return made


def sketched(texts: Sequence[str]) -> Sketches:
    """Return the sketches of several masked texts: uint16 (n, 64)."""
    made = np.zeros((len(texts), PERMUTATIONS), np.uint16)
    waiting: list[npt.NDArray[np.uint64]] = []
    first = size = 0
    for place, text in enumerate(texts):
        waiting.append(_shingles(text))
        size += len(waiting[-1])
        # Many short pages together, yet no more than fits the cache of a processor.
        if size >= _AT_ONCE or place + 1 == len(texts):
            starts = np.cumsum([0, *(len(shingles) for shingles in waiting[:-1])])
            hashed = (np.concatenate(waiting)[:, None] * _A + _B) >> np.uint64(32)
            minima = np.minimum.reduceat(hashed, starts, axis=0)
            made[first : place + 1] = minima & np.uint64(0xFFFF)
            waiting, first, size = [], place + 1, 0
    return made


def _shingles(text: str) -> npt.NDArray[np.uint64]:
    words = text_words(text)[:_MOST_WORDS] or [""]
    hashes = np.fromiter(map(_SUMS.__getitem__, words), np.uint64, len(words))
    count = max(1, len(hashes) - SHINGLE + 1)
    shingles = np.zeros(count, np.uint64)
    for place in range(min(SHINGLE, len(hashes))):
        shingles += hashes[place : place + count] * _MIX[place]
    shingles ^= shingles >> np.uint64(29)
    return shingles


class _Sums(dict[str, int]):
    """The CRC of each word; begins anew when it has grown beyond measure."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_SUMS:
            self.clear()
        found = self[word] = zlib.crc32(word.encode("utf-8", "replace"))
        return found


_SUMS = _Sums()


def band_keys(sketches: Sketches) -> Keys:
    """Return int64 (n, bands): sketches that agree in a band are worth comparing."""
    rows = sketches[:, : _BANDS * _BAND_ROWS].astype(np.int64).reshape(-1, _BANDS, _BAND_ROWS)
    packed = rows[:, :, 0] << 32 | rows[:, :, 1] << 16 | rows[:, :, 2]
    return packed | np.arange(1, _BANDS + 1, dtype=np.int64) << 50


def same_pages(first: Prints, second: Prints) -> tuple[Weights, Weights]:
    """Return how much of each page of two files the other has: 0, or the estimated resemblance
    (0.5 to 1) of the likest page there, and 1 for an equal key."""
    alike = _alike(first, second)
    return alike.max(axis=1), alike.max(axis=0)


def _alike(first: Prints, second: Prints) -> Weights:
    """Return the estimated resemblance of each page of one with each of the other."""
    alike: Weights = (first.sketches[:, None, :] == second.sketches[None, :, :]).mean(axis=2)
    alike[alike < PAGE_JACCARD] = 0.0
    alike[first.keys[:, None] == second.keys[None, :]] = 1.0
    return alike


def share(found: Weights, weights: Weights) -> float:
    """Return the weighted mean (0 to 1) of what was found of each page; 0 without pages."""
    total = float(weights.sum())
    return float(found @ weights) / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """How a file compares with one on the shelf: the shares of its own and of the other's pages
    (weighted by rarity), and how many of its pages were found."""

    owner: int
    forward: float
    backward: float
    pages: int


class Shelf:
    """All fingerprints to compare with, held as a few sorted arrays (about 180 bytes a page)."""

    def __init__(self, owners: Sequence[int], kept: Sequence[Prints]) -> None:
        self._owners = list(owners)
        self._kept = list(kept)
        counts = [len(made) for made in self._kept]
        place = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        keys = _joined([made.keys for made in self._kept], np.empty(0, np.int64))
        sketches = _joined(
            [made.sketches for made in self._kept], np.empty((0, PERMUTATIONS), np.uint16)
        )
        bands = band_keys(sketches)
        self._keys, self._key_places = _sorted(keys, place)
        self._bands, self._band_places = _sorted(bands.ravel(), np.repeat(place, _BANDS))
        self._sets = [frozenset(made.keys.tolist()) for made in self._kept]
        ends = np.cumsum([0, *counts])
        weighed = self._weigh(keys, kept=True)
        self._weights = [weighed[a:b] for a, b in pairwise(ends)]

    def __len__(self) -> int:
        return len(self._owners)

    def _weigh(self, keys: Keys, *, kept: bool) -> Weights:
        """How much pages say: ln(1 + files / other files that have it), Spärck Jones's idf.

        ``kept``: the file is on the shelf itself. A page that one other file has weighs as much as
        one that nobody has, or the only copy of a file would count for less than it is.
        """
        left = np.searchsorted(self._keys, keys, "left")
        right = np.searchsorted(self._keys, keys, "right")
        others = np.maximum(1, right - left - int(kept))
        weighed: Weights = np.log1p(max(1, len(self)) / others)
        return weighed

    def matches(self, made: Prints, *, least: float, besides: int | None = None) -> list[Match]:
        """Return the files whose pages are those of ``made``, best first.

        ``least`` is the lowest share, in either direction, that is of interest; ``besides`` an
        owner to leave out (the file itself, when it is on the shelf). A single common page makes
        no copy of files that have more, two make no excerpt, and a file of under four pages has to
        be nearly the same.
        """
        if not len(made):
            return []
        weights = self._weigh(made.keys, kept=besides is not None)
        own = frozenset(made.keys.tolist())
        found = []
        places = [p for p in self._candidates(made) if self._owners[p] != besides]
        for place in self._worth(made, weights, places, least):
            match = self._compare(made, own, weights, place)
            if max(match.forward, match.backward) >= least:
                found.append(match)
        return sorted(found, key=lambda m: (-max(m.forward, m.backward), -m.backward, m.owner))

    def _worth(self, made: Prints, weights: Weights, places: list[int], least: float) -> list[int]:
        """The places whose shares by sketches, which are never below those by keys, suffice.

        One comparison for all: nearly every candidate has little more than a footer in common.
        """
        others = [self._kept[place] for place in places]
        if not others or len(made) * sum(map(len, others)) > _MOST_TOGETHER:
            return places
        together = Prints(
            made.pages,
            np.concatenate([other.keys for other in others]),
            np.concatenate([other.sketches for other in others]),
        )
        alike = _alike(made, together)
        starts = np.cumsum([0, *(len(other) for other in others[:-1])])
        forward = weights @ np.maximum.reduceat(alike, starts, axis=1)
        theirs = np.concatenate([self._weights[place] for place in places])
        backward = np.add.reduceat(alike.max(axis=0) * theirs, starts)
        enough = forward >= (least - _ROUNDING) * weights.sum()
        enough |= backward >= (least - _ROUNDING) * np.add.reduceat(theirs, starts)
        return [place for place, worth in zip(places, enough.tolist(), strict=True) if worth]

    def _compare(self, made: Prints, own: frozenset[int], weights: Weights, place: int) -> Match:
        """By keys alone where they settle it, else by keys and sketches."""
        other, theirs, owner = self._kept[place], self._weights[place], self._owners[place]
        common = own & self._sets[place]
        mine = np.array([key in common for key in made.keys.tolist()], np.float64)
        back = np.array([key in common for key in other.keys.tolist()], np.float64)
        forward, backward = share(mine, weights), share(back, theirs)
        if max(forward, backward) < SURE or min(forward, backward) < _EXCERPT:
            mine, back = same_pages(made, other)
            forward, backward = share(mine, weights), share(back, theirs)
        pages = int(np.count_nonzero(mine))
        smaller = len(made) if forward >= backward else len(other)
        excerpt = min(forward, backward) < _EXCERPT
        few = pages < min(2, max(len(made), len(other)))
        short = min(len(made), len(other)) < _SHORT and max(forward, backward) < _SHORT_SHARE
        if few or short or (excerpt and smaller < _LEAST_EXCERPT):
            return Match(owner, 0.0, 0.0, pages)
        return Match(owner, forward, backward, pages)

    def _candidates(self, made: Prints) -> list[int]:
        """The places that share the most keys and bands; what everybody has names nobody."""
        places = [
            *_places(self._keys, self._key_places, _distinct(made.keys)),
            *_places(self._bands, self._band_places, _distinct(band_keys(made.sketches).ravel())),
        ]
        if not places:
            return []
        times = np.bincount(np.concatenate(places))
        found = np.flatnonzero(times)
        order = np.argsort(-times[found], kind="stable")[:_MOST_CANDIDATES]
        return [int(place) for place in found[order]]


def _distinct(keys: Keys) -> Keys:
    """Return each key once, in ascending order: np.unique, which loads numpy.ma, took 20 ms."""
    ordered = np.sort(keys)
    return ordered[np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))]


def _joined(parts: list[npt.NDArray[np.generic]], empty: npt.NDArray[np.generic]) -> np.ndarray:
    return np.concatenate(parts) if parts else empty


def _sorted(keys: Keys, places: npt.NDArray[np.int32]) -> tuple[Keys, npt.NDArray[np.int32]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], places[order]


def _places(keys: Keys, places: npt.NDArray[np.int32], wanted: Keys) -> list[npt.NDArray[np.int32]]:
    """The places of each wanted key that at most :data:`_COMMON` have."""
    left = np.searchsorted(keys, wanted, "left")
    right = np.searchsorted(keys, wanted, "right")
    rare = right - left <= _COMMON
    if not rare.any():
        rarest = int((right - left).argmin()) if len(wanted) else 0
        rare[rarest : rarest + 1] = True
    return [places[a:b] for a, b in zip(left[rare], right[rare], strict=True) if b > a]
