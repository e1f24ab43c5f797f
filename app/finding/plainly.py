"""Whether a page says what was asked for, without an index: slow, and right.

The same tree that the engine is given, looked for in the texts themselves. A word is found with
its inflections, in any case, with or without its accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

from indexer.search import text as words
from indexer.search.query import (
    And,
    Either,
    Everything,
    Field,
    Fuzzy,
    Most,
    Nearby,
    Node,
    Not,
    Or,
    Pages,
    Phrase,
    Wildcard,
    Word,
)

_SIGN = r"[^\W_]"
_SIGNS = re.compile(f"{_SIGN}+")
_SAME = 4
"""Letters that a word and its inflections have in common, for a quick look."""


@dataclass(frozen=True, slots=True)
class Said:
    """The texts of one page, folded."""

    number: int
    title: str
    file: str
    body: str
    notes: str

    def of(self, field: Field | None) -> tuple[str, ...]:
        """The texts that a field means; None means all."""
        if field is None:
            return self.title, self.file, self.body, self.notes
        return (getattr(self, field),)


def folded(text: str) -> str:
    """A text in small letters and without accents."""
    clean = words.clean(text)
    if clean.isascii():
        return clean
    bare = unicodedata.normalize("NFKD", clean)
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def says(node: Node, page: Said) -> bool:
    """Whether a page matches."""
    match node:
        case And(parts):
            return bool(parts) and all(says(part, page) for part in parts)
        case Or(parts) | Most(parts):
            return any(says(part, page) for part in parts)
        case Either(ways):
            return any(says(part, page) for part, _ in ways)
        case Nearby(part, _, _):
            return says(part, page)
        case Not(part):
            return not says(part, page)
        case Pages(first, last):
            return first <= page.number and (last is None or page.number <= last)
        case Everything():
            return True
        case _:
            found = _finder(node)
            return any(found(text) for text in page.of(node.field))


def positive(node: Node) -> list[Word | Phrase | Fuzzy | Wildcard]:
    """The words and phrases that are wanted, in order."""
    match node:
        case And(parts) | Or(parts):
            return [word for part in parts for word in positive(part)]
        case Word() | Phrase() | Fuzzy() | Wildcard():
            return [node]
        case _:
            return []


def needed(node: Node) -> list[str]:
    """Beginnings of plain words that every match has somewhere in its texts."""
    match node:
        case And(parts):
            return [word for part in parts for word in needed(part)]
        case Word(text):
            return [_common(text)] if _is_plain(text) else []
        case Phrase(said):
            return [word for word in said if _is_plain(word)]
        case _:
            return []


def marks(node: Node) -> tuple[str, ...]:
    """What to mark in an excerpt, as ``marking.snippet`` takes it."""
    found: dict[str, None] = {}
    for word in positive(node):
        match word:
            case Word(text, prefix):
                found.update(dict.fromkeys([text, f"{text}*"] if prefix else [text]))
            case Phrase(said):
                found.update(dict.fromkeys(said))
            case Fuzzy(text):
                found[text] = None
    return tuple(found)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalnum()


def _common(word: str) -> str:
    """What a word and its inflections begin with."""
    stem = words.stem(words.clean(word), "en")
    whole = word.lower()
    return stem if whole.startswith(stem) else whole[:_SAME]


@lru_cache(maxsize=256)
def _finder(node: Word | Phrase | Fuzzy | Wildcard) -> Callable[[str], bool]:
    """Looks for one word or phrase in a folded text."""
    match node:
        case Word(text, prefix):
            return _of_word(folded(text), prefix=prefix)
        case Fuzzy(text):
            return _of_word(folded(text), prefix=False)
        case Wildcard(pattern):
            wanted = re.compile(translate(folded(pattern)))
            return lambda text: any(wanted.match(found) for found in text.split())
        case Phrase(said, _, slop):
            return _of_phrase(said, slop)


def _of_phrase(said: tuple[str, ...], slop: int) -> Callable[[str], bool]:
    """Looks for words, or forms of them, one after the other, each at most ``slop`` places on."""
    wanted = [words.stem(part, "en") for word in said for part in _SIGNS.findall(folded(word))]

    def find(text: str) -> bool:
        stems = [words.stem(word, "en") for word in _SIGNS.findall(text)]
        ends = {at for at, stem in enumerate(stems) if wanted and stem == wanted[0]}
        for word in wanted[1:]:
            near = {at + step for at in ends for step in range(1, slop + 1)}
            ends = {at for at in near if at < len(stems) and stems[at] == word}
        return bool(ends)

    return find


def _of_word(word: str, *, prefix: bool) -> Callable[[str], bool]:
    if not word.isalnum() or words.is_unspaced(word):
        # Signs within a word, or a script without spaces: it stands there as it is.
        return lambda text: word in text
    stem = words.stem(word, "en")
    alike = re.compile(rf"(?<!{_SIGN}){re.escape(word[:_SAME])}{_SIGN}*")

    def find(text: str) -> bool:
        found = alike.findall(text)
        return any(
            words.stem(other, "en") == stem or (prefix and other.startswith(word))
            for other in dict.fromkeys(found)
        )

    return find
