"""Which page of one content is which page of another, and which numbers on it differ."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.rows import PageRow
from app.rows_copies import NumberChange
from indexer.fingerprint import masked, normal_lines_of_two, text_words

ALIKE = 0.5
"""Dice's share of common words from which on two pages are one page that was changed."""

_MOST_COMPARED = 40_000
_WINDOW = 20
_MOST_TOKENS = 600
_MOST_NUMBERS = 20
_NUMBER = re.compile(
    r"(?:[$€£¥₹]|\b(?:chf|eur|usd|gbp) )?\s?(?<![\w.,])\d+(?:[.,'’\u00a0\u202f]\d+)*"
    r"(?:\s?(?:%|‰|€|£)|(?:bn|[kmbx])\b)?"
)
_CODE = re.compile(r"\b(?:chf|eur|usd|gbp)\b")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(rf"{_NUMBER.pattern}|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Text:
    """A page as it compares: its normal lines, their text, that with digits masked, its notes."""

    lines: tuple[str, ...]
    whole: str
    mask: str
    heading: str
    notes: str


def texts(old: Sequence[PageRow], new: Sequence[PageRow]) -> tuple[list[Text], list[Text]]:
    """Both contents as they compare; a line that is repeated through either counts in neither."""
    kept = normal_lines_of_two(
        [
            ([f"{page.heading}\n{page.body}" for page in side], [page.number for page in side])
            for side in (old, new)
        ]
    )
    sides = [
        [
            Text(
                lines, " ".join(lines), masked(lines),
                " ".join(page.heading.casefold().split()), " ".join(page.notes.split()),
            )
            for page, lines in zip(side, normal, strict=True)
        ]
        for side, normal in zip((old, new), kept, strict=True)
    ]  # fmt: skip
    return sides[0], sides[1]


def pairs(old: Sequence[Text], new: Sequence[Text]) -> list[tuple[int, int, float]]:
    """(place in old, place in new, likeness) of the pages that are one page, by place in old.

    Equal texts first, then equal but for digits, then the likest pairs that are at least ALIKE;
    each page is in one pair at most. Which side is called old makes no difference.
    """
    left, right = set(range(len(old))), set(range(len(new)))
    found: list[tuple[int, int, float]] = []
    by_whole = _equal([t.whole for t in old], [t.whole for t in new], left, right)
    found += [(i, j, 1.0) for i, j in by_whole]
    by_mask = _equal([t.mask for t in old], [t.mask for t in new], left, right)
    found += [(i, j, _dice(_bag(old[i]), _bag(new[j]))) for i, j in by_mask]
    for i, j, likeness in _likest(old, new, sorted(left), sorted(right)):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            found.append((i, j, likeness))
    return sorted(found)


def _equal(
    old: Sequence[str], new: Sequence[str], left: set[int], right: set[int]
) -> list[tuple[int, int]]:
    """The k-th of equal texts with the k-th; what is paired leaves ``left`` and ``right``."""
    places: dict[str, list[int]] = defaultdict(list)
    for j in sorted(right, reverse=True):
        places[new[j]].append(j)
    found = []
    for i in sorted(left):
        waiting = places.get(old[i])
        if waiting:
            found.append((i, waiting.pop()))
    left.difference_update(i for i, _ in found)
    right.difference_update(j for _, j in found)
    return found


def _bag(text: Text) -> frozenset[object]:
    """The words of a page with their repetitions: of two bags, what both have is quickly counted.

    The second occurrence of a word is another element than the first.
    """
    counts = Counter(text_words(text.whole))
    again = ((word, k) for word, count in counts.items() if count > 1 for k in range(1, count))
    return frozenset(counts) | frozenset(again)


def _dice(one: frozenset[object], other: frozenset[object]) -> float:
    sizes = len(one), len(other)
    if 2 * min(sizes) < ALIKE * sum(sizes):
        return 0.0
    return 2 * len(one & other) / sum(sizes) if sum(sizes) else 0.0


def _likest(
    old: Sequence[Text], new: Sequence[Text], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[int, int, float]]:
    """Pairs worth making, likest first, the nearest in place first among equals."""
    old_bags, new_bags = {i: _bag(old[i]) for i in left}, {j: _bag(new[j]) for j in right}
    named = _only_headings([old[i] for i in left]) & _only_headings([new[j] for j in right])
    near = len(left) * len(right) > _MOST_COMPARED
    scored = []
    for i in left:
        for j in right:
            if near and abs(i - j) > _WINDOW:
                continue
            likeness = _dice(old_bags[i], new_bags[j])
            if old[i].heading == new[j].heading and old[i].heading in named:
                likeness = max(likeness, ALIKE)
            if likeness >= ALIKE:
                scored.append((-likeness, abs(i - j), i + j, i, j))
    for likeness, _, _, i, j in sorted(scored):
        yield i, j, -likeness


def _only_headings(side: Sequence[Text]) -> set[str]:
    """Headings that name one page only."""
    counts = Counter(text.heading for text in side)
    return {heading for heading, count in counts.items() if count == 1 and len(heading) > 3}


def moved(found: Sequence[tuple[int, int, float]]) -> set[int]:
    """The places in old of the pages that changed their order: the fewest that explain it.

    All but a longest increasing run of places in new (patience sorting).
    """
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, (_, j, _) in enumerate(found):
        k = bisect_left(tails, j)
        before.append(ends[k - 1] if k else -1)
        tails[k : k + 1] = [j]
        ends[k : k + 1] = [place]
    staying: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        staying.add(at)
        at = before[at]
    return {i for place, (i, _, _) in enumerate(found) if place not in staying}


def numbers_changed(old: Text, new: Text) -> tuple[NumberChange, ...]:
    """The numbers that stand in the same place of both texts and differ, at most twenty.

    Lines are aligned with their digits masked, then words within lines that differ otherwise.
    """
    if old.whole == new.whole:
        return ()
    found: list[NumberChange] = []
    a, b = ([masked([line]) for line in side.lines] for side in (old, new))
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            for one, other in zip(old.lines[a0:a1], new.lines[b0:b1], strict=True):
                if one != other:
                    found += _different(_NUMBER.findall(one), _NUMBER.findall(other))
        elif tag == "replace":
            found += _within(" ".join(old.lines[a0:a1]), " ".join(new.lines[b0:b1]))
    return tuple(dict.fromkeys(found))[:_MOST_NUMBERS]


def _within(old: str, new: str) -> list[NumberChange]:
    """Numbers that differ between equal words; one without an equal word beside it is chance."""
    if not (_DIGIT.search(old) and _DIGIT.search(new)):
        return []
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(a) > _MOST_TOKENS or len(b) > _MOST_TOKENS:
        return []
    found = []
    hidden_a, hidden_b = [_hidden(token) for token in a], [_hidden(token) for token in b]
    same = SequenceMatcher(None, hidden_a, hidden_b, autojunk=False)
    for a0, b0, size in same.get_matching_blocks():
        block = a[a0 : a0 + size]
        if any(token.isalpha() for token in block):
            found += _different(_numbers(block), _numbers(b[b0 : b0 + size]))
    return found


def _hidden(token: str) -> str:
    return "#" if _NUMBER.fullmatch(token) else token


def _numbers(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if _NUMBER.fullmatch(token)]


def _different(old: Sequence[str], new: Sequence[str]) -> list[NumberChange]:
    """The pairs that differ, where both sides have as many numbers."""
    if len(old) != len(new):
        return []
    shown = ((_shown(a), _shown(b)) for a, b in zip(old, new, strict=True))
    return [NumberChange(a, b) for a, b in shown if a != b]


def _shown(number: str) -> str:
    return _CODE.sub(lambda code: code[0].upper(), number.strip())
