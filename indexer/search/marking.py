"""Excerpts of a page with the words that were searched for, as ranges to mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.search import text as words

_BREAK = str.maketrans(dict.fromkeys("\n\r\t\v\f\u2028\u2029", " "))
_RUN = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")
_PIECE = re.compile(r"[^\W_]+")

_JOINT = re.compile(r"[-./'&_,](?=[^\W_])")
_HINT = 4
_MANY = 24

Span = tuple[int, int]


def snippet(text: str, terms: tuple[str, ...], width: int = 160) -> tuple[str, tuple[Span, ...]]:
    """Return an excerpt of at most about ``width`` characters and the ranges to mark in it.

    ``terms`` come from ``Matches.terms``: words, or with a trailing ``*`` beginnings of words;
    in scripts without spaces any run of signs. The excerpt is where most different terms stand
    together, begins and ends between words, shows line breaks as spaces, and has an ellipsis where
    text was left out. The ranges are (start, end) in characters of the excerpt, ascending and
    apart.
    """
    marks = _marks(text, terms, width)
    alike = len(_wanted(terms).hints) == 1
    start, end = _window(text, marks, width, _MANY if alike else len(marks))
    head = "… " if start else ""
    tail = " …" if end < len(text) else ""
    excerpt = head + text[start:end].translate(_BREAK) + tail
    shift = len(head) - start
    inside = ((a, min(b, end)) for a, b, _ in marks if start <= a < end)
    return excerpt, tuple((a + shift, b + shift) for a, b in inside)


def places(text: str, terms: tuple[str, ...]) -> list[Span]:
    """Return everything in a text that is to be marked, as (start, end), ascending and apart."""
    return [(start, end) for start, end, _ in _marks(text, terms, len(text))]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be marked: whole words, beginnings, runs of scripts without spaces.

    ``hints`` are first letters that one of these has, as few and as short as will do.
    """

    whole: frozenset[str]
    begins: tuple[str, ...]
    runs: tuple[str, ...]
    hints: tuple[str, ...]


@lru_cache(maxsize=64)
def _wanted(terms: tuple[str, ...]) -> _Wanted:
    whole = frozenset(filter(None, (words.fold(t) for t in terms if not t.endswith("*"))))
    begins = tuple(words.fold(term[:-1]) for term in terms if len(term) > 1 and term[-1] == "*")
    runs = tuple(sorted(term for term in whole if words.is_unspaced(term)))
    hints: list[str] = []
    for hint in sorted({word[:_HINT] for word in (*whole, *begins)}, key=lambda w: (len(w), w)):
        if not hint.startswith(tuple(hints)):
            hints.append(hint)
    return _Wanted(whole, begins, runs, tuple(hints))


def _marks(text: str, terms: tuple[str, ...], width: int) -> list[tuple[int, int, str]]:
    """Return (start, end, term) of what is to be marked in a text, in order.

    That is everything, unless all begins alike and there is very much of it: then enough of it
    to choose an excerpt of ``width`` characters from and to mark that whole.
    """
    folded, origin = _fold_signs(text)
    wanted = _wanted(terms)
    found: list[tuple[int, int, str]] = []
    last = len(folded)
    for start, end in _pieces(folded, wanted.hints):
        if start > last:
            break
        found += _in_piece(folded[start:end], start, wanted)
        if len(found) >= _MANY and len(wanted.hints) == 1:
            last = min(last, found[_MANY - 1][0] + 2 * width + 100)
    out: list[tuple[int, int, str]] = []
    for a, b, term in found:
        if not out or origin[a] >= out[-1][1]:
            out.append((origin[a], origin[b - 1] + 1, term))
    return out


def _pieces(folded: str, hints: tuple[str, ...]) -> list[Span]:
    """Return where between two spaces something to be marked may stand.

    That is where one of the first letters stands, not within a run of letters, and wherever a
    sign joins two words: those may be one word to be marked when they are written closed.
    """
    places = [match.start() for match in _JOINT.finditer(folded)] if hints else []
    for hint in hints:
        at, inner = folded.find(hint), hint[0].isalpha() and hint[0].isascii()
        while at >= 0:
            before = folded[at - 1 : at] if inner else ""
            if not (before.isalpha() and before.isascii()):
                places.append(at)
            at = folded.find(hint, at + 1)
    places.sort()
    out: list[Span] = []
    end = 0
    for at in places:
        if at < end:
            continue
        start = max(end, folded.rfind(" ", end, at) + 1)
        end = folded.find(" ", at)
        end = len(folded) if end < 0 else end
        out.append((start, end))
    return out


def _in_piece(piece: str, base: int, wanted: _Wanted) -> list[tuple[int, int, str]]:
    whole, begins = wanted.whole, wanted.begins
    plain = piece.rstrip(".,;:!?)")
    if plain.isalpha() and plain.isascii():
        if plain in whole or (begins and plain.startswith(begins)):
            return [(base, base + len(plain), plain)]
        return []
    found = []
    for match in words.spans(piece):
        chain, start = match.group(), match.start()
        if chain in whole or (begins and chain.startswith(begins)):
            found.append((start, match.end(), chain))
        elif chain.isascii() and chain.isalpha():
            continue
        elif words.is_unspaced(chain):
            runs = _runs(chain, wanted.runs)
            found += [(start + at, start + at + len(run), run) for run, at in runs]
        else:
            found += [(start + a, start + b, t) for a, b, t in _in_chain(chain, whole, begins)]
    found.sort()
    return [(base + a, base + b, term) for a, b, term in found]


def _fold_signs(text: str) -> tuple[str, range | list[int]]:
    """Return the text folded sign by sign, and for each folded sign where it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    out: list[str] = []
    origin: list[int] = []
    for run in _RUN.finditer(text):
        at, signs = run.start(), run.group()
        if signs.isascii():
            out.append(signs.lower())
            origin.extend(range(at, run.end()))
        else:
            folded = words.fold(signs)
            out.append(folded)
            origin += [at] * len(folded)
    return "".join(out), origin


def _runs(chain: str, runs: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for run in runs:
        at = chain.find(run)
        while at >= 0:
            yield run, at
            at = chain.find(run, at + len(run))


def _in_chain(
    chain: str, whole: frozenset[str], begins: tuple[str, ...]
) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, term) of what is to be marked in a chain that is no such term itself."""
    cut = words.cut(chain)
    closed = cut.special or cut.closed
    if closed and (closed in whole or (begins and closed.startswith(begins))):
        yield 0, len(chain), closed
        return
    for piece in _PIECE.finditer(chain):
        word = piece.group()
        if word in whole or (begins and word.startswith(begins)):
            yield piece.start(), piece.end(), word
        elif not word.isalpha():
            for part in words.parts(word):
                if part.group() in whole or (begins and part.group().startswith(begins)):
                    yield piece.start() + part.start(), piece.start() + part.end(), part.group()


def _window(text: str, marks: list[tuple[int, int, str]], width: int, most: int) -> Span:
    """Return where to cut: most different terms first, then most marks, then the earliest.

    Only the first ``most`` marks may come first in it.
    """
    if len(text) <= width:
        return 0, len(text)
    if not marks:
        return 0, _between_words(text, width, back=True)
    best, chosen = (0, 0), (0, 1)
    last = 0
    for first in range(min(len(marks), most)):
        last = max(last, first + 1)
        while last < len(marks) and marks[last][1] - marks[first][0] <= width:
            last += 1
        worth = (len({term for _, _, term in marks[first:last]}), last - first)
        if worth > best:
            best, chosen = worth, (first, last)
    low, high = marks[chosen[0]][0], marks[chosen[1] - 1][1]
    start = max(0, min(low - (width - (high - low)) // 3, len(text) - width))
    start = min(low, _between_words(text, start, back=False)) if start else 0
    end = start + width
    if end >= len(text):
        return start, len(text)
    return start, max(min(high, end), _between_words(text, end, back=True))


def _between_words(text: str, at: int, *, back: bool) -> int:
    """Return the nearest place at or beyond ``at`` that is not within a word, if one is near."""
    for step in range(24):
        here = at - step if back else at + step
        if not 0 < here < len(text):
            break
        if text[here].isspace():
            return here if back else here + 1
        if words.is_unspaced(text[here]):
            return here
    return at
