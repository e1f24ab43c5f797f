"""Taking words for what was probably meant: misspelt ones, unfinished ones, fillers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.finding import amounts, little_words
from app.finding.synonyms import others
from app.settings import Settings
from app.vocabulary.terms import Vocabulary
from indexer.search.lexicon import one_slip
from indexer.search.query import And, Either, Everything, Most, Nearby, Node, Not, Or, Phrase, Word
from indexer.search.reader import Searcher
from indexer.search.text import fold, stem

SHORTEST = 4
"""Shorter words are not corrected: too many words are one slip away."""

BEGINNING = 3
"""An unknown word of so many letters may be the beginning of one."""

GUESSED, UNFINISHED = 0.8, 0.5
"""How much of the word itself counts: a corrected word, after Enter one that begins with it."""

ROW_OF_ALL = 3.0
"""How many times words in a row count where all words are found: use must not put what has them
apart before what has them together."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the settings say: how few assets bring others, and what counts how much."""

    few: int = 10
    synonym: float = 0.5
    row: float = 1.0
    little: float = 0.5

    @classmethod
    def of(cls, settings: Settings) -> Weights:
        """The weights as they are set now."""
        few, *weights = settings.numbers(
            "rank.few", "rank.synonym_weight", "rank.row_weight", "rank.little_weight"
        )
        return cls(int(few), *weights)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part that must be there; ``word`` is the word it looks for anywhere, if it is one."""

    node: Node
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class Widened:
    """What is looked for, unknown words widened.

    ``corrections`` maps words to what was taken instead, ``begun`` are those taken as beginnings.
    ``rest`` is what takes no part in how well a page fits.
    """

    pieces: tuple[Piece, ...]
    rest: tuple[Node, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    begun: tuple[str, ...] = ()
    weights: Weights = Weights()

    @property
    def said(self) -> str:
        """What was taken for what, as sentences, or ""."""
        said = []
        if self.corrections:
            taken = ", ".join(f"“{better}” for “{word}”" for word, better in self.corrections)
            said.append(f"Searched for {taken}.")
        said += [f"“{word}” was taken as the beginning of a word." for word in self.begun]
        return " ".join(said)

    def all_of(self) -> Node:
        """Pages with all the pieces."""
        found = _together([piece.node for piece in self.pieces])
        return self._with_rest(found, ROW_OF_ALL * self.weights.row)

    def most_of(self, vocabulary: Vocabulary) -> Node:
        """Pages with any of the pieces that say something, or with synonyms of them."""
        also = others([p.word.text if p.word else "" for p in self.pieces], vocabulary)
        every = list(zip(self.pieces, also, strict=True))
        trust = self.weights.synonym
        telling, little = [], []
        for piece, more in every:
            if piece.word is None or not little_words.says_little(fold(piece.word.text)):
                telling.append(_or_else(piece.node, more, trust))
            elif little_words.says_nothing(fold(piece.word.text)):
                little.append(_finished(piece.word))
            else:
                little.append(_or_else(_finished(piece.word), more, trust))
        if not telling:
            telling, little = [_or_else(piece.node, more, trust) for piece, more in every], []
        found = Most(tuple(telling), tuple(little), self.weights.little)
        return self._with_rest(found, self.weights.row)

    def _with_rest(self, node: Node, row: float) -> Node:
        found = Nearby(node, self._in_row(), row) if row and len(self.pieces) > 1 else node
        return And((found, *self.rest)) if self.rest else found

    def _in_row(self) -> tuple[Word | None, ...]:
        return tuple(None if _says_nothing(piece) else piece.word for piece in self.pieces)

    def unfinished(self) -> Widened | None:
        """The same with the last word also taken as a beginning; None when it is one already."""
        *before, last = self.pieces
        word = last.word
        if word is None or word.prefix or not isinstance(last.node, Word):
            return None
        begun = replace(word, prefix=True)
        piece = Piece(Either(((word, 1.0), (begun, UNFINISHED))), begun)
        return replace(self, pieces=(*before, piece))


def _together(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _finished(word: Word) -> Node:
    """A word itself, and not as a beginning: "it" is not the beginning of "items"."""
    return replace(word, prefix=False)


def _or_else(node: Node, more: tuple[Node, ...], trust: float) -> Node:
    if not more or not trust:
        return node
    ways = node.parts if isinstance(node, Either) else ((node, 1.0),)
    return Either((*ways, *((other, trust) for other in more)))


def widened(node: Node, searcher: Searcher, weights: Weights) -> Widened:
    """The query with each word that no document has widened by the one that was probably meant.

    What is excluded stays as it is: a guess must not hide anything.
    """
    parts = node.parts if isinstance(node, And) else (node,)
    rest = tuple(part for part in parts if isinstance(part, Not | Everything))
    wanted = [part for part in parts if not isinstance(part, Not | Everything)]
    guesses = _Guesses(searcher, alone=len(wanted) == 1)
    pieces = [guesses.piece(part) for part in wanted]
    if not pieces:
        return Widened((Piece(Everything()),), rest, weights=weights)
    return Widened(
        tuple(guesses.joined(pieces)), rest, tuple(guesses.corrections.items()),
        tuple(guesses.begun), weights,
    )  # fmt: skip


class _Guesses:
    """Guesses words of one query, and remembers what it took for what."""

    def __init__(self, searcher: Searcher, *, alone: bool) -> None:
        self._searcher = searcher
        self._alone = alone
        self.corrections: dict[str, str] = {}
        self.begun: list[str] = []

    def piece(self, node: Node) -> Piece:
        """A part with its words widened."""
        if isinstance(node, And | Or):
            return Piece(replace(node, parts=tuple(self.piece(part).node for part in node.parts)))
        if not isinstance(node, Word):
            return Piece(node)
        found, word = self._word(node)
        for way in amounts.others(node.text):
            other = Phrase(way, node.field) if len(way) > 1 else replace(node, text=way[0])
            found = _or_way(found, other)
        return Piece(found, word if node.field is None else None)

    def _word(self, node: Word) -> tuple[Node, Word]:
        exact = replace(node, prefix=False)
        begun = replace(node, prefix=True)
        if node.prefix and (len(node.text) == 1 or self._searcher.begins(node.text)):
            # What is typed may be a whole word already: the better of the two counts.
            return (Either(((exact, 1.0), (begun, 1.0))) if len(node.text) > 1 else node), node
        if self._searcher.finds(exact):
            return self._or_slip(exact), exact
        if not node.prefix and len(node.text) >= BEGINNING and self._searcher.finds(begun):
            self.begun.append(node.text)
            return begun, begun
        better = self._better(node)
        if better is None:
            return node, node
        self.corrections[node.text] = better
        if " " in better:
            return Phrase(tuple(better.split()), node.field), Word(better.split()[0])
        word = replace(exact, text=better)
        return Either(((exact, 1.0), (word, GUESSED))), word

    def _or_slip(self, word: Word) -> Node:
        """A word that is found, and the one it may be a slip of: no document has it as typed.

        "recipies" has the stem of "recipients" and is a slip of "recipes".
        """
        text = fold(word.text)
        if len(text) < SHORTEST or not text.isalpha() or text in little_words.ordinary():
            return word
        better = self._searcher.suggest(text)
        if better is None or better not in one_slip(text) or stem(better, "en") == stem(text, "en"):
            return word
        self.corrections[word.text] = better
        return Either(((word, 1.0), (replace(word, text=better), GUESSED)))

    def _better(self, word: Word) -> str | None:
        if len(word.text) < SHORTEST or not word.text.isalpha():
            return None
        for at in range(BEGINNING, len(word.text) - BEGINNING + 1):
            halves = word.text[:at], word.text[at:]
            if self._searcher.finds(Phrase(halves, word.field)):
                return " ".join(halves)
        # An ordinary word beside others is meant as it is, though no document has it.
        if not self._alone and fold(word.text) in little_words.ordinary():
            return None
        return self._searcher.suggest(word.text)

    def joined(self, pieces: list[Piece]) -> list[Piece]:
        """The same, two words one after the other also as one: "cyber security", "4.2 million"."""
        found = list(pieces)
        for at in range(len(pieces) - 1):
            first, second = pieces[at].word, pieces[at + 1].word
            if first is None or second is None or _says_nothing(pieces[at]):
                continue
            one = Word(first.text + second.text, prefix=second.prefix)
            ways = [Word(word) for (word,) in amounts.others(first.text, second.text)]
            if _may_join(first, second) and self._searcher.begins(one.text):
                ways.append(one)
            for way in ways:
                for here in (at, at + 1):
                    found[here] = replace(found[here], node=_or_way(found[here].node, way))
        return found


def _may_join(first: Word, second: Word) -> bool:
    both = first.text + second.text
    return both.isalpha() and min(len(first.text), len(second.text)) >= BEGINNING


def _or_way(node: Node, other: Node) -> Node:
    ways = node.parts if isinstance(node, Either) else ((node, 1.0),)
    return Either((*ways, (other, GUESSED)))


def corrected_text(text: str, corrections: tuple[tuple[str, str], ...]) -> str:
    """The text as typed with the corrected words in place of the others."""
    better = dict(corrections)
    return " ".join(better.get(word, word) for word in text.split())


def _says_nothing(piece: Piece) -> bool:
    """Whether this is one word, and one that tells nothing of what is looked for."""
    word = piece.word
    return word is not None and not word.prefix and little_words.says_nothing(fold(word.text))
