"""Taking words for what was probably meant: misspelt ones, unfinished ones, fillers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from app.finding.synonyms import others
from app.vocabulary.terms import Vocabulary
from indexer.search.query import And, Everything, Node, Not, Or, Phrase, Word
from indexer.search.reader import Searcher
from indexer.search.text import fold, stop_words

SHORTEST = 4
"""Shorter words are not corrected: too many words are one slip away."""


@dataclass(frozen=True, slots=True)
class Widened:
    """The query with unknown words widened; ``corrections`` maps them to what was taken."""

    node: Node
    corrections: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> str:
        """What was corrected, as a sentence, or ""."""
        if not self.corrections:
            return ""
        taken = ", ".join(f"“{better}” for “{word}”" for word, better in self.corrections)
        return f"Searched for {taken}."


def widened(node: Node, searcher: Searcher) -> Widened:
    """The query with each word that no document has widened by the one that was probably meant.

    What is excluded stays as it is: a guess must not hide anything.
    """
    corrections: dict[str, str] = {}
    found = _widened(node, searcher, corrections)
    return Widened(found, tuple(corrections.items()))


def _widened(node: Node, searcher: Searcher, corrections: dict[str, str]) -> Node:
    if isinstance(node, And | Or):
        return replace(node, parts=tuple(_widened(p, searcher, corrections) for p in node.parts))
    if not isinstance(node, Word):
        return node
    better = _better(node, searcher)
    if better and len(searcher.search(replace(node, prefix=False)).asset_ids):
        # Another form of the word is known, so it is not misspelt.
        better = None
    if better:
        corrections[node.text] = better
        return Or((node, Word(better, field=node.field)))
    if node.prefix and len(node.text) > 1:
        # What is typed may be a whole word already: pages with that very word come first.
        return Or((replace(node, prefix=False), node))
    return node


def _better(word: Word, searcher: Searcher) -> str | None:
    if len(word.text) < SHORTEST or not word.text.isalpha():
        return None
    if word.prefix and searcher.completions(word.text, 1):
        return None
    return searcher.suggest(word.text)


def corrected_text(text: str, corrections: tuple[tuple[str, str], ...]) -> str:
    """The text as typed with the corrected words in place of the others."""
    better = dict(corrections)
    return " ".join(better.get(word, word) for word in text.split())


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is looked for, and how far it is what was typed: a guess counts less.

    ``others`` are what else it may be called. ``pair`` is the part together with the one before
    it in the text, as a phrase, where both are words and nothing stands between.
    """

    node: Node
    trust: float = 1.0
    others: tuple[Node, ...] = ()
    pair: Phrase | None = None


GUESSED = 0.5


def meaningful(wide: Widened, vocabulary: Vocabulary) -> tuple[Part, ...]:
    """The parts that are wanted, without words that say nothing as long as others are left."""
    node = wide.node
    parts = node.parts if isinstance(node, And) else (node,)
    wanted = tuple(part for part in parts if not isinstance(part, Not | Everything))
    telling = tuple(part for part in wanted if not _says_nothing(part)) or wanted
    guessed = {word for word, _ in wide.corrections}
    words = [_word_of(part) for part in telling]
    also = others(words, vocabulary)
    before = {id(part): _word_of(former) for former, part in pairwise(wanted)}
    return tuple(
        Part(
            part, GUESSED if _is_guess(part, guessed) else 1.0, more,
            _pair(before.get(id(part), ""), word),
        )
        for part, word, more in zip(telling, words, also, strict=True)
    )  # fmt: skip


def _pair(former: str, word: str) -> Phrase | None:
    both = former and word and not _says_nothing(Word(former))
    return Phrase((former, word)) if both else None


def _word_of(node: Node) -> str:
    """The word that a part looks for everywhere, or ""."""
    if isinstance(node, Or) and isinstance(node.parts[0], Word):
        node = node.parts[-1] if len(node.parts) == 2 else node
    return node.text if isinstance(node, Word) and node.field is None else ""


def _is_guess(node: Node, guessed: set[str]) -> bool:
    parts = node.parts if isinstance(node, Or) else ()
    return any(isinstance(part, Word) and part.text in guessed for part in parts)


def _says_nothing(node: Node) -> bool:
    if isinstance(node, Or):
        return all(_says_nothing(part) for part in node.parts)
    if isinstance(node, Phrase) or not isinstance(node, Word) or node.field is not None:
        return False
    return fold(node.text) in FILLERS or fold(node.text) in stop_words("en")


FILLERS = frozenset(
    {
        "about", "any", "anything", "asset", "assets", "deck", "decks", "do", "document",
        "documents", "does", "doing", "explain", "explains", "find", "get", "give", "help",
        "helps", "i", "know", "like", "look", "looking", "material", "materials", "me", "my",
        "need", "needs", "our", "please", "send", "show", "showing", "slide", "slides", "some",
        "something", "tell", "them", "they", "us", "want", "wants", "way", "what", "where",
        "which", "who", "why", "would",
    }
)  # fmt: skip
"""Words of a need put into a sentence that say nothing about what is needed."""
