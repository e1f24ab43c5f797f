"""The words of the index as they stood: what a beginning stands for, completions, did-you-mean."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from indexer.search.segment import Segment

CAPS = {1: 24, 2: 64}
"""Most surfaces that a beginning of one or two letters stands for."""

CAP = 256
"""The same for longer ones; at 120,000 pages this finds 99 % of what no cap would find."""

_LAST = "\U0010ffff"
_EVERYDAY = "abcdefghijklmnopqrstuvwxyz0123456789"


class Lexicon:
    """Looks words up over all segments; surfaces are folded, stems are bytes."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        """Look into these segments; their words are read when they are first needed."""
        self._segments = tuple(segments)

    def stems(self, surface: str) -> set[bytes]:
        """Return the stems under which a surface was indexed."""
        found: set[bytes] = set()
        for segment in self._segments:
            at = bisect_left(segment.surfaces, surface)
            while at < len(segment.surfaces) and segment.surfaces[at] == surface:
                found.add(segment.stems[at])
                at += 1
        return found

    def _range(self, prefix: str) -> Iterator[tuple[Segment, int, int]]:
        for segment in self._segments:
            low = bisect_left(segment.surfaces, prefix)
            high = bisect_left(segment.surfaces, prefix + _LAST, low)
            if high > low:
                yield segment, low, high

    def beginning(self, prefix: str) -> tuple[set[bytes], bool]:
        """Return the stems that a beginning stands for, and whether those are all.

        The most frequent surfaces are taken, up to ``CAPS``.
        """
        cap = CAPS.get(len(prefix), CAP)
        ranges = list(self._range(prefix))
        if sum(high - low for _, low, high in ranges) <= cap:
            return {stem for s, low, high in ranges for stem in s.stems[low:high]}, True
        counts = self._counts(ranges)
        if len(counts) <= cap:
            return {stem for s, low, high in ranges for stem in s.stems[low:high]}, True
        chosen = set(sorted(counts, key=lambda word: (-counts[word], word))[:cap])
        stems: set[bytes] = set()
        for segment, low, high in ranges:
            pairs = zip(segment.surfaces[low:high], segment.stems[low:high], strict=True)
            stems.update(stem for surface, stem in pairs if surface in chosen)
        return stems, False

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
            text = stem.decode()
            found.add(text)
            for segment, low, high in self._range(text[: max(2, len(text) - 2)]):
                if high - low > 2_000:
                    continue
                rows = zip(segment.surfaces[low:high], segment.stems[low:high], strict=True)
                found.update(surface for surface, other in rows if other == stem)
        return tuple(sorted(found)[:most])

    def completions(self, prefix: str, k: int, without: frozenset[str]) -> list[str]:
        """Return the most frequent words with a beginning, the most frequent first."""
        counts = self._counts(self._range(prefix))
        words = (w for w in counts if w not in without and (w[-1].isalnum() or w == prefix))
        return sorted(words, key=lambda word: (-counts[word], word))[:k]

    def _count(self, surface: str) -> int:
        return self._counts(self._range_of(surface)).get(surface, 0)

    def _range_of(self, surface: str) -> Iterator[tuple[Segment, int, int]]:
        for segment in self._segments:
            low = bisect_left(segment.surfaces, surface)
            high = low
            while high < len(segment.surfaces) and segment.surfaces[high] == surface:
                high += 1
            if high > low:
                yield segment, low, high

    def suggest(self, word: str) -> str | None:
        """Return the most frequent word one slip away, or two in words of eight letters up.

        None when the word itself is in the index or nothing is near. A slip is a letter too
        many, too few or wrong, or two letters exchanged.
        """
        if len(word) < 3 or any(sign.isdigit() for sign in word) or self._count(word):
            return None
        best = self._most_frequent(_one_slip(word))
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


def _one_slip(word: str) -> set[str]:
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
