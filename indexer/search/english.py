"""The English stemmer (Snowball's "Porter2") as Whoosh has it, twice as quick.

A first index stems every different word once, and most words have no ending at all: here one look
for all endings of a step comes before the search for the one. What comes out is what Whoosh's
``EnglishStemmer`` gives, word for word, which a test holds it to.
"""

from __future__ import annotations

import re

_VOWELS = frozenset("aeiouy")
_REGION = re.compile("[aeiouy][^aeiouy]")
_HAS_VOWEL = re.compile("[aeiouy]")
_LONG_PREFIXES = ("gener", "commun", "arsen")
_DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_BEFORE_LI = frozenset("cdeghkmnrt")

_SPECIAL = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
    "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    "innings": "inning", "outings": "outing", "cannings": "canning", "herrings": "herring",
    "earrings": "earring",
    **{word: word for word in (
        "sky", "news", "howe", "atlas", "cosmos", "bias", "andes", "inning", "outing", "canning",
        "herring", "earring",
    )},
    **{stem + end: stem for stem in ("proceed", "exceed", "succeed")
       for end in ("", "s", "ed", "ing")},
}  # fmt: skip

Rule = tuple[int, str, str]
"""Letters to take off the end, letters to put there, and what becomes of a region too short."""

_STEP_1B = ("eedly", "ingly", "edly", "eed", "ing", "ed")
_STEP_2: dict[str, Rule] = {
    "ization": (7, "ize", ""), "ational": (7, "ate", "e"), "fulness": (4, "", ""),
    "ousness": (7, "ous", ""), "iveness": (7, "ive", "e"), "tional": (2, "", ""),
    "biliti": (6, "ble", ""), "lessli": (2, "", ""), "entli": (2, "", ""),
    "ation": (5, "ate", "e"), "alism": (5, "al", ""), "aliti": (5, "al", ""),
    "ousli": (5, "ous", ""), "iviti": (5, "ive", "e"), "fulli": (2, "", ""),
    "enci": (1, "e", ""), "anci": (1, "e", ""), "abli": (1, "e", ""), "izer": (4, "ize", ""),
    "ator": (4, "ate", "e"), "alli": (4, "al", ""), "bli": (3, "ble", ""), "ogi": (1, "", ""),
    "li": (2, "", ""),
}  # fmt: skip
_STEP_3: dict[str, Rule] = {
    "ational": (7, "ate", ""), "tional": (2, "", ""), "alize": (3, "", ""),
    "icate": (5, "ic", ""), "iciti": (5, "ic", ""), "ative": (5, "", ""), "ical": (4, "ic", ""),
    "ness": (4, "", ""), "ful": (3, "", ""),
}  # fmt: skip
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous",
    "ive", "ize", "ion", "al", "er", "ic",
)  # fmt: skip
_ENDINGS_2, _ENDINGS_3 = tuple(_STEP_2), tuple(_STEP_3)

Parts = tuple[str, str, str]
"""The word, and its regions R1 and R2: what follows the first, and the second, syllable."""


def stem(word: str) -> str:
    """Return the stem of a word of letters only, in lower case."""
    known = _SPECIAL.get(word)
    if known is not None:
        return known
    parts = _ending_y(_step_1b(_step_1a(_regions(_marked(word)))))
    return _step_5(_step_4(_step_3(_step_2(parts)))).replace("Y", "y")


def _marked(word: str) -> str:
    """A y that is a consonant becomes Y."""
    if "y" not in word:
        return word
    if word[0] == "y":
        word = "Y" + word[1:]
    for i in range(1, len(word)):
        if word[i] == "y" and word[i - 1] in _VOWELS:
            word = word[:i] + "Y" + word[i + 1 :]
    return word


def _regions(word: str) -> Parts:
    if word.startswith(_LONG_PREFIXES):
        first = word[6 if word.startswith("commun") else 5 :]
    else:
        found = _REGION.search(word)
        first = word[found.end() :] if found else ""
    found = _REGION.search(first)
    return word, first, first[found.end() :] if found else ""


def _swapped(text: str, off: int, on: str, short: str = "") -> str:
    return text[:-off] + on if len(text) >= off else short


def _shortened(parts: Parts, off: int) -> Parts:
    word, first, second = parts
    return word[:-off], first[:-off], second[:-off]


def _step_1a(parts: Parts) -> Parts:
    word = parts[0]
    if word.endswith("sses"):
        return _shortened(parts, 2)
    if word.endswith(("ied", "ies")):
        return _shortened(parts, 2 if len(word) > 4 else 1)
    if word.endswith("s") and not word.endswith(("us", "ss")) and _HAS_VOWEL.search(word[:-2]):
        return _shortened(parts, 1)
    return parts


def _step_1b(parts: Parts) -> Parts:
    word, first, second = parts
    if not word.endswith(_STEP_1B):
        return parts
    suffix = next(ending for ending in _STEP_1B if word.endswith(ending))
    off = len(suffix)
    if suffix in ("eed", "eedly"):
        if not first.endswith(suffix):
            return parts
        return word[:-off] + "ee", _swapped(first, off, "ee"), _swapped(second, off, "ee")
    if not _HAS_VOWEL.search(word[:-off]):
        return parts
    word, first, second = _shortened(parts, off)
    if word.endswith(("at", "bl", "iz")):
        word, first = word + "e", first + "e"
        return word, first, second + "e" if len(word) > 5 or len(first) >= 3 else second
    if word.endswith(_DOUBLES):
        return _shortened((word, first, second), 1)
    if not first and _is_short(word):
        return word + "e", "", second + "e" if second else ""
    return word, first, second


def _is_short(word: str) -> bool:
    if len(word) >= 3:
        return (
            word[-1] not in _VOWELS
            and word[-1] not in "wxY"
            and word[-2] in _VOWELS
            and word[-3] not in _VOWELS
        )
    return len(word) == 2 and word[0] in _VOWELS and word[1] not in _VOWELS


def _ending_y(parts: Parts) -> Parts:
    word, first, second = parts
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        return word[:-1] + "i", _swapped(first, 1, "i"), _swapped(second, 1, "i")
    return parts


def _by_rule(parts: Parts, rule: Rule) -> Parts:
    off, on, short = rule
    word, first, second = parts
    return word[:-off] + on, _swapped(first, off, on), _swapped(second, off, on, short)


def _step_2(parts: Parts) -> Parts:
    word, first, _ = parts
    if not word.endswith(_ENDINGS_2):
        return parts
    suffix = next(ending for ending in _ENDINGS_2 if word.endswith(ending))
    if not first.endswith(suffix):
        return parts
    if (suffix == "ogi" and word[-4] != "l") or (suffix == "li" and word[-3] not in _BEFORE_LI):
        return parts
    return _by_rule(parts, _STEP_2[suffix])


def _step_3(parts: Parts) -> Parts:
    word, first, second = parts
    if not word.endswith(_ENDINGS_3):
        return parts
    suffix = next(ending for ending in _ENDINGS_3 if word.endswith(ending))
    if not first.endswith(suffix) or (suffix == "ative" and not second.endswith(suffix)):
        return parts
    return _by_rule(parts, _STEP_3[suffix])


def _step_4(parts: Parts) -> Parts:
    word, _, second = parts
    if not word.endswith(_STEP_4):
        return parts
    suffix = next(ending for ending in _STEP_4 if word.endswith(ending))
    if not second.endswith(suffix) or (suffix == "ion" and word[-4] not in "st"):
        return parts
    return _shortened(parts, len(suffix))


def _step_5(parts: Parts) -> str:
    word, first, second = parts
    if second.endswith("l") and word[-2] == "l":
        return word[:-1]
    if second.endswith("e"):
        return word[:-1]
    if first.endswith("e") and len(word) >= 4 and (
        word[-2] in _VOWELS
        or word[-2] in "wxY"
        or word[-3] not in _VOWELS
        or word[-4] in _VOWELS
    ):  # fmt: skip
        return word[:-1]
    return word
