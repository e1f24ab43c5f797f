"""The query tree that the engine understands: what was meant, not yet analysed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Field: TypeAlias = Literal["title", "file", "body", "notes"]
"""Where a word may be looked for; ``body`` takes the headings in."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed; the engine folds case and accents and finds its inflections.

    With ``prefix`` it also stands for every indexed word that begins with it (the word at which
    the person is still typing). ``field`` of None looks in title, file name, text and notes.
    """

    text: str
    prefix: bool = False
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand directly one after the other in one field.

    With ``slop`` above 1 each may stand up to so many places after the one before.
    """

    words: tuple[str, ...]
    field: Field | None = None
    slop: int = 1


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word as typed or one slip away: a letter too many, too few, wrong, or two exchanged."""

    text: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every indexed word that a pattern stands for: ``*`` any signs, ``?`` one sign."""

    pattern: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages with a number from ``first`` to ``last``, both included; None: to the end.

    Within And it takes no part in the score, else 1.
    """

    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class And:
    """Pages that match every part; scores add up. No parts: no page."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Pages that match any part; scores of the parts that match add up."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Several ways to say one thing, each with how much it counts; the best one is the score.

    The first is what was typed: another one that is rarer counts no more than the first would.
    """

    parts: tuple[tuple[Node, float], ...]


@dataclass(frozen=True, slots=True)
class Most:
    """Pages that match any part, those with more of the parts, and with the rarer ones, first.

    ``little`` are parts that are no reason to show a page, unless no page has another; they count
    ``weight`` of the others.
    """

    parts: tuple[Node, ...]
    little: tuple[Node, ...] = ()
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Nearby:
    """Pages that match the part; the best of them count more where words stand in a row.

    ``words`` are the words in order; None stands for one that is not looked for but may stand
    between the others in a text too. ``weight`` is what a row counts of its rarer word.
    """

    part: Node
    words: tuple[Word | None, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Not:
    """Pages that do not match the part; within And it takes no part in the score, else 1."""

    part: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """Every page, each with score 1."""


Node: TypeAlias = (
    Word | Phrase | Fuzzy | Wildcard | Pages | And | Or | Either | Most | Nearby | Not | Everything
)
