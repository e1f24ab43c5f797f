"""The words of the index as they stood: what a beginning stands for, completions, did-you-mean."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np

from indexer.search.segment import Segment

CAPS = {1: 24, 2: 64}
"""Most surfaces that a beginning of one or two letters stands for."""

CAP = 256
"""The same for longer ones; at 120,000 pages this finds 99 % of what no cap would find."""

LARGE = 20_000
"""With more pages than this one letter is looked for in names only."""

_FEW = 400
_KEPT = 10_000
_LAST = "\U0010ffff"
_EVERYDAY = "abcdefghijklmnopqrstuvwxyz0123456789"


class Lexicon:
    """Looks words up over all segments; surfaces are folded, stems are bytes."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        """Look into these segments; their words are read when they are first needed."""
        self._segments = tuple(segments)
        self.large = sum(segment.count for segment in self._segments) > LARGE
        self._begun: dict[str, tuple[frozenset[bytes], bool]] = {}
        self._marks: dict[bytes, tuple[str, ...]] = {}

    def stems(self, surface: str) -> set[bytes]:
        """Return the stems under which a surface was indexed."""
        return {
            segment.stems[at] for segment, low, high in self._range_of(surface)
            for at in range(low, high)
        }  # fmt: skip

    def _range(self, prefix: str) -> Iterator[tuple[Segment, int, int]]:
        for segment in self._segments:
            low = bisect_left(segment.surfaces, prefix)
            high = bisect_left(segment.surfaces, prefix + _LAST, low)
            if high > low:
                yield segment, low, high

    def beginning(self, prefix: str) -> tuple[frozenset[bytes], bool]:
        """Return the stems that a beginning stands for, and whether those are all.

        The most frequent surfaces are taken, up to ``CAPS``.
        """
        found = self._begun.get(prefix)
        if found is None:
            if len(self._begun) > _KEPT:
                self._begun.clear()
            found = self._begun[prefix] = self._beginning(prefix)
        return found

    def _beginning(self, prefix: str) -> tuple[frozenset[bytes], bool]:
        ranges = list(self._range(prefix))
        chosen, whole = self._frequent(ranges, CAPS.get(len(prefix), CAP))
        stems: set[bytes] = set()
        for segment, low, high in ranges:
            if whole:
                stems.update(segment.stems[low:high])
                continue
            for surface in chosen:
                row = segment.surface_rows.get(surface)
                while row is not None and row < high and segment.surfaces[row] == surface:
                    stems.add(segment.stems[row])
                    row += 1
        return frozenset(stems), whole

    def _frequent(
        self, ranges: list[tuple[Segment, int, int]], most: int
    ) -> tuple[list[str], bool]:
        """Return the most frequent surfaces of some ranges, and whether those are all."""
        if sum(high - low for _, low, high in ranges) <= most:
            return [word for s, low, high in ranges for word in s.surfaces[low:high]], True
        counts = self._large_counts(ranges, most)
        if counts is None:
            counts = self._counts(ranges)
            if len(counts) <= most:
                return list(counts), True
        return sorted(counts, key=lambda word: (-counts[word], word))[:most], False

    def _large_counts(
        self, ranges: list[tuple[Segment, int, int]], most: int
    ) -> dict[str, int] | None:
        """Return the counts of all surfaces that may be among the most frequent ones.

        Of n segments one must have a frequent surface at least as often as the last of the most
        frequent ones of any segment, divided by n. None: count them all.
        """
        segment, low, high = max(ranges, key=lambda each: each[2] - each[1])
        if high - low <= 2 * most:
            return None
        last = int(np.partition(segment.surface_counts[low:high], -2 * most)[-2 * most])
        candidates: set[str] = set()
        for segment, low, high in ranges:
            # A surface with two stems has two rows: twice as many rows are certainly enough.
            least = last / (2 * len(ranges))
            rows = np.flatnonzero(segment.surface_counts[low:high] >= least) + low
            candidates.update(map(segment.surfaces.__getitem__, rows.tolist()))
        if len(candidates) < most:
            return None
        return {word: self._count(word) for word in candidates}

    def _counts(self, ranges: Iterable[tuple[Segment, int, int]]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for segment, low, high in ranges:
            words = segment.surfaces[low:high]
            for word, count in zip(words, segment.surface_counts[low:high].tolist(), strict=True):
                counts[word] = counts.get(word, 0) + count
        return counts

    def surfaces(self, stems: Iterable[bytes], most: int = 64) -> tuple[str, ...]:
        """Return words of the index with one of these stems, to be marked in excerpts.

        Looked for among the words that share the stem's first letters, which is where nearly all
        are; the stem itself is always among them.
        """
        found: set[str] = set()
        for stem in stems:
            marks = self._marks.get(stem)
            if marks is None:
                if len(self._marks) > _KEPT:
                    self._marks.clear()
                marks = self._marks[stem] = tuple(self._inflected(stem))
            found.update(marks)
        return tuple(sorted(found)[:most])

    def _inflected(self, stem: bytes) -> set[str]:
        text = stem.decode()
        found = {text}
        for segment, low, high in self._range(text[: max(2, len(text) - 2)]):
            if high - low <= _FEW:
                rows = zip(segment.surfaces[low:high], segment.stems[low:high], strict=True)
                found.update(surface for surface, other in rows if other == stem)
        return found

    def near(self, word: str) -> tuple[list[str], bool]:
        """Return the word and the words of the index one slip away, and that those are all."""
        candidates = one_slip(word) | {word}
        found: set[str] = set()
        for segment in self._segments:
            found |= segment.surface_rows.keys() & candidates
        return sorted(found), True

    def matching(self, pattern: str) -> tuple[list[str], bool]:
        """Return the most frequent words that a pattern with ``*`` and ``?`` stands for."""
        begin = re.split(r"[*?]", pattern, maxsplit=1)[0]
        signs = {"*": ".*", "?": "."}
        test = re.compile("".join(signs.get(sign) or re.escape(sign) for sign in pattern)).fullmatch
        counts: dict[str, int] = {}
        for segment, low, high in self._range(begin):
            for at in range(low, high):
                surface = segment.surfaces[at]
                if test(surface):
                    counts[surface] = counts.get(surface, 0) + int(segment.surface_counts[at])
        ordered = sorted(counts, key=lambda word: (-counts[word], word))
        return ordered[:CAP], len(ordered) <= CAP

    def completions(self, prefix: str, k: int, without: frozenset[str]) -> list[str]:
        """Return the most frequent words with a beginning, the most frequent first."""
        ranges = list(self._range(prefix))
        counts = (self._large_counts(ranges, 4 * k + len(without)) if ranges else None) or (
            self._counts(ranges)
        )
        words = (w for w in counts if w not in without and (w[-1].isalnum() or w == prefix))
        return sorted(words, key=lambda word: (-counts[word], word))[:k]

    def begins(self, prefix: str, without: frozenset[str]) -> bool:
        """Return whether ``completions`` would find any."""
        return any(
            word not in without and (word[-1].isalnum() or word == prefix)
            for segment, low, high in self._range(prefix)
            for word in map(segment.surfaces.__getitem__, range(low, high))
        )

    def _count(self, surface: str) -> int:
        return sum([segment.surface_totals.get(surface, 0) for segment in self._segments])

    def _range_of(self, surface: str) -> Iterator[tuple[Segment, int, int]]:
        for segment in self._segments:
            low = segment.surface_rows.get(surface)
            if low is None:
                continue
            high = low + 1
            while high < len(segment.surfaces) and segment.surfaces[high] == surface:
                high += 1
            yield segment, low, high

    def suggest(self, word: str) -> str | None:
        """Return the most frequent word one slip away, or two in words of eight letters up.

        None when the word itself is in the index or nothing is near. A slip is a letter too
        many, too few or wrong, or two letters exchanged.
        """
        if len(word) < 3 or any(sign.isdigit() for sign in word) or self._count(word):
            return None
        best = self._most_frequent(self.near(word)[0])
        if best is None and len(word) >= 8:
            best = self._most_frequent(self._two_slips(word))
        return best

    def _most_frequent(self, candidates: Iterable[str]) -> str | None:
        counts = {word: count for word in candidates if (count := self._count(word))}
        return min(counts, key=lambda word: (-counts[word], word)) if counts else None

    def _two_slips(self, word: str) -> list[str]:
        """Return the words of the index two slips away that begin with the same letter."""
        near: set[str] = set()
        letters = set(word)
        for segment, low, high in self._range(word[0]):
            for other in segment.surfaces[low:high]:
                close = abs(len(other) - len(word)) <= 2 and len(letters ^ set(other)) <= 4
                if close and other not in near and _distance(word, other, 2) <= 2:
                    near.add(other)
        return sorted(near)


def one_slip(word: str) -> set[str]:
    """Return every word one slip away from a word: inserted, left out, wrong, exchanged letters."""
    letters = _EVERYDAY + "".join(sorted(set(word) - set(_EVERYDAY)))
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    found = {a + b[1:] for a, b in halves if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    found |= {a + letter + b[1:] for a, b in halves if b for letter in letters}
    found |= {a + letter + b for a, b in halves for letter in letters}
    return found - {word}


def _distance(one: str, other: str, limit: int) -> int:
    """Return the optimal string alignment distance of two words, or more than ``limit``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        fresh = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, fresh[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            fresh.append(cost)
        if min(fresh) > limit:
            return limit + 1
        before, row = row, fresh
    return row[-1]
