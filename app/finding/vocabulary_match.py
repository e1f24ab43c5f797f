"""Words that name a term of the vocabulary: "cfo" finds what is tagged Finance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.store.defaults import norm
from app.vocabulary.terms import Vocabulary
from indexer.search.query import And, Node, Word

MAX_WORDS = 5


@dataclass(frozen=True, slots=True)
class Group:
    """A term named by some of the words, and the words that remain."""

    facet: str
    slug: str
    label: str
    rest: tuple[str, ...]

    def node(self) -> Node:
        """The query for the words that remain."""
        parts: tuple[Node, ...] = tuple(Word(word) for word in self.rest)
        return parts[0] if len(parts) == 1 else And(parts)


def groups_in(words: tuple[str, ...], vocabulary: Vocabulary) -> list[Group]:
    """The terms named by runs of the words, longest runs first; at most four."""
    names = _names(vocabulary)
    found: list[Group] = []
    for length in range(min(len(words), MAX_WORDS), 0, -1):
        for start in range(len(words) - length + 1):
            phrase = norm(" ".join(words[start : start + length]))
            for facet, slug, label in names.get(phrase, ()):
                rest = words[:start] + words[start + length :]
                found.append(Group(facet, slug, label, rest))
    return found[:4]


@lru_cache(maxsize=4)
def _names(vocabulary: Vocabulary) -> dict[str, list[tuple[str, str, str]]]:
    names: dict[str, list[tuple[str, str, str]]] = {}
    for facet in vocabulary.facets:
        for term in facet.terms:
            if term.slug == "any":
                continue
            for phrase in {norm(term.label), norm(term.slug), *(norm(s) for s in term.synonyms)}:
                names.setdefault(phrase, []).append((facet.key, term.slug, term.label))
    return names
