"""How text becomes terms: cleaning, cutting into words, folding, stemming.

The index holds *stems*; the words as they stood (*surfaces*) are kept in a lexicon beside them.
A chain of signs without a space ("e-mail", "SOC2", "24/7", "C#") gives its parts, one after the
other, and the closed form ("email", "soc2", "24/7", "c#") at the place of its first part, so that
either way of writing finds either way of writing. Scripts without spaces give overlapping pairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

ANALYSER = 1
"""Raised whenever the same text would give other terms: indexes of another number are rebuilt."""

LONGEST = 48
"""Characters kept of one word; encoded data in a text must not swell the lexicon."""

STEMMED = ("da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv")
"""Languages with a stemmer; text of other languages is indexed as it stands."""

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670"
)
_JOINED_MARKS = _MARKS + "\u0900-\u0963\u0970-\u0dff"
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)


def _chain(word: str, letter: str) -> str:
    """Return the pattern of one chain, given those of one sign of a word and of one letter."""
    return (
        rf"(?:(?<![\w.])\.(?={letter}))?"
        rf"{word}+(?:(?:[-./'&_]|(?<=\d),(?=\d\d\d(?!\d))){word}+)*"
        rf"(?:(?<={letter})(?:\+\+|[+#])(?!\w))?"
    )


_SPACED_CHAIN = re.compile(_chain(r"[^\W_]", "[a-z]"))
_MARKED = rf"(?:(?![{_UNSPACED}_])[\w{_JOINED_MARKS}])"
# The letters whose other case is in ASCII are named: re.IGNORECASE takes 18 ms to compile.
_ANY_CHAIN = re.compile(rf"[{_UNSPACED}]+|" + _chain(_MARKED, "[A-Za-z\u0130\u0131\u017f\u212a]"))
_HAS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_STRIP = re.compile(f"[{_MARKS}]")
_PART = re.compile(rf"\d+(?:[.,]\d+)*|(?:(?![\d_])[\w{_JOINED_MARKS}])+")
_SEPARATOR = re.compile(r"(?<!\d)[-./'&_,]|[-./'&_,](?!\d)|,(?=\d\d\d)")
# The look back stands behind the hyphen, so that only hyphens are looked at.
_LINE_HYPHEN = re.compile(r"[-\u2010\u00ad](?<=\w[-\u2010\u00ad])\s*\n\s*(?=[^\W\d_])")
_IDLE = "()[]{}\",;:!?*<>=|~^`$%@\\-/'&_"
"""Signs that are no part of a chain at its ends; "." begins one, "+" and "#" may end it."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_SIGNS: dict[int, str | None] = {
    **dict.fromkeys(
        [
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            0x2060,
            *range(0x2066, 0x206A),
            0xFEFF,
        ]
    ),
    **dict.fromkeys([0x2018, 0x2019, 0x02BC, 0xFF07], "'"),
    **dict.fromkeys([0x2010, 0x2011], "-"),
    **dict.fromkeys([0x2122, 0xAE, 0xA9, 0x2120], " "),
}
_ANY_SIGN = re.compile("[" + "".join(map(chr, _SIGNS)) + "]")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d"})


def clean(text: str) -> str:
    """Return the text in lower case, with ligatures, soft hyphens and line hyphens resolved."""
    if "\n" in text:
        text = _LINE_HYPHEN.sub("-", text)
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _ANY_SIGN.sub(_plain, text)).lower()


def _plain(found: re.Match[str]) -> str:
    return _SIGNS[ord(found[0])] or ""


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Return the word without case, accents and vowel points, cut at ``LONGEST`` characters."""
    if word.isascii():
        return word.lower()[:LONGEST]
    bare = _STRIP.sub("", unicodedata.normalize("NFKD", word.translate(_SIGNS)))
    return unicodedata.normalize("NFC", bare.casefold().translate(_LETTERS))[:LONGEST]


def separate_name(filename: str) -> str:
    """Return a file name as words: ``CamelCase`` as a chain, underlines and ending set apart."""
    stem, dot, ending = filename.rpartition(".")
    named = f"{stem} {ending}" if dot else filename
    return _CAMEL.sub("-", named.replace("_", " "))


@lru_cache(maxsize=32)
def stemmer(language: str | None) -> Callable[[str], str] | None:
    """Return the function that stems a lower-case word; English when the language is unknown."""
    code = (language or "en").lower().replace("_", "-").split("-")[0]
    if code in ("nb", "nn"):
        code = "no"
    if code not in STEMMED:
        return None
    if code == "en":
        from indexer.search import english

        return english.stem
    from indexer.search.whooshed import stemmer_for_language

    found: Callable[[str], str] = stemmer_for_language(code)
    return found


@lru_cache(maxsize=200_000)
def stem(word: str, language: str | None) -> str:
    """Return the folded stem of a word as ``clean`` gives it."""
    find = stemmer(language) if word.isalpha() else None
    return (fold(find(word)) if find else "") or fold(word)


@lru_cache(maxsize=32)
def stop_words(language: str | None) -> frozenset[str]:
    """Return the folded words of a language that carry no meaning of their own."""
    from indexer.search.whooshed import NoStopWords, stopwords_for_language

    try:
        return frozenset(fold(word) for word in stopwords_for_language(language or "en"))
    except NoStopWords:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain of signs, cut up.

    ``parts`` follow one another; ``closed`` is the form without separators, or None when the
    chain is one plain part or too long; ``special`` is a form such as ``c#`` or ``.net`` that
    means more than its last (``trailing``) or first part. ``unspaced``: the parts are pairs.
    """

    parts: tuple[str, ...]
    closed: str | None = None
    special: str | None = None
    trailing: bool = False
    unspaced: bool = False


def chains(cleaned: str) -> list[str]:
    """Return the chains of a text that ``clean`` has been through, in order."""
    return (_SPACED_CHAIN if cleaned.isascii() else _ANY_CHAIN).findall(cleaned)


def plain(run: str) -> str:
    """Return the one plain word of a run, "" when it has to be cut up by ``chains`` and ``cut``.

    Most runs are a word between punctuation that belongs to nothing: there the long way gives
    that word as only form, without accents, since it is in ASCII and in lower case.
    """
    word = run.lstrip(_IDLE).rstrip(_IDLE + ".")[:LONGEST]
    return word if word.isascii() and (word.isalpha() or word.isdigit()) else ""


def spans(folded: str) -> Iterator[re.Match[str]]:
    """Return the chains of a folded text with their places."""
    return (_SPACED_CHAIN if folded.isascii() else _ANY_CHAIN).finditer(folded)


def parts(word: str) -> list[re.Match[str]]:
    """Return the runs of digits and of letters in a word."""
    return list(_PART.finditer(word))


def is_unspaced(run: str) -> bool:
    """Return whether a run of signs begins with a script that puts no spaces between words."""
    return not run.isascii() and _HAS_UNSPACED.match(run) is not None


@lru_cache(maxsize=100_000)
def cut(chain: str) -> Chain:
    """Cut one chain into parts and closed form."""
    if chain.isalpha() and chain.isascii():
        return Chain((chain[:LONGEST],))
    if _HAS_UNSPACED.match(chain):
        pairs = [chain[i : i + 2] for i in range(len(chain) - 1)]
        return Chain((*pairs, chain[-1]), unspaced=True)
    core = chain.strip(".+#")
    if core.endswith("'s"):
        core = core[:-2]
    parts: list[str] = []
    for part in _PART.findall(core):
        if part.count(".") > 1:
            parts += part.split(".")
        else:
            parts.append(part.replace(",", "")[:LONGEST])
    closed = None
    if 1 < len(parts) <= 4 and len(core) <= LONGEST:
        closed = _SEPARATOR.sub("", core)
    special, trailing = None, False
    if parts and chain[-1] in "+#":
        special, trailing = parts[-1] + chain[len(chain.rstrip("+#")) :], True
    elif parts and chain[0] == ".":
        special = "." + parts[0]
    return Chain(tuple(parts), closed, special, trailing)


def places(chain: Chain) -> list[tuple[int, str]]:
    """Return every form of a chain with its place, counted from the chain's own first place."""
    found = list(enumerate(chain.parts))
    if chain.closed:
        found.append((0, chain.closed))
    if chain.special:
        found.append((len(chain.parts) - 1 if chain.trailing else 0, chain.special))
    return found
