"""Other words for what was typed: the synonyms of the field, and those of the vocabulary."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

from app.vocabulary.terms import Vocabulary
from indexer.search.query import Node, Phrase, Word
from indexer.search.text import clean, fold, stem

Stems = tuple[str, ...]
LONGEST = 3
"""Words in the longest run that is looked up."""


def others(words: Sequence[str], vocabulary: Vocabulary) -> list[tuple[Node, ...]]:
    """For each of the words in order what else it may be called, alone or in a run with others."""
    own = _of_vocabulary(vocabulary)
    stems = [_stems(word) for word in words]
    found: list[dict[Stems, Node]] = [{} for _ in words]
    for length in range(LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            run = tuple(s for part in stems[start : start + length] for s in part)
            for phrase in (*_packaged().get(run, ()), *own.get(run, ())):
                for at in range(start, start + length):
                    found[at].setdefault(_stems(phrase), _node(phrase))
    return [tuple(each.values()) for each in found]


def _stems(phrase: str) -> Stems:
    parts = clean(phrase).replace("-", " ").replace("/", " ").split()
    return tuple(stem(fold(part.strip(".,;:!?")), "en") for part in parts)


def _node(phrase: str) -> Node:
    words = tuple(phrase.split())
    return Word(phrase) if len(words) == 1 else Phrase(words)


def _by_stems(groups: Iterable[Sequence[str]]) -> dict[Stems, tuple[str, ...]]:
    table: dict[Stems, tuple[str, ...]] = {}
    for group in groups:
        for phrase in group:
            key = _stems(phrase)
            more = tuple(other for other in group if _stems(other) != key)
            table[key] = tuple(dict.fromkeys((*table.get(key, ()), *more)))
    return table


@lru_cache(maxsize=1)
def _packaged() -> dict[Stems, tuple[str, ...]]:
    text = (files("resources") / "synonyms.toml").read_text("utf-8")
    return _by_stems(tomllib.loads(text)["groups"])


@lru_cache(maxsize=4)
def _of_vocabulary(vocabulary: Vocabulary) -> dict[Stems, tuple[str, ...]]:
    return _by_stems(
        (term.label, *term.synonyms)
        for facet in vocabulary.facets
        for term in facet.terms
        if term.slug != "any"
    )
