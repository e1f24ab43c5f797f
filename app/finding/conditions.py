"""Conditions on assets other than words, and which rows of the snapshot meet them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.finding.dates import Interval

Mask: TypeAlias = "NDArray[np.bool_]"
Numbers: TypeAlias = "NDArray[np.int64]"

UNKNOWN = -(1 << 62)
"""Stands in a column of numbers where there is none; it lies in no interval."""


class Facts(Protocol):
    """What conditions are tested against: a value per asset in the order of the snapshot."""

    def count(self) -> int:
        """How many assets there are."""

    def numbers(self, column: str) -> Numbers:
        """A column of whole numbers or moments (UTC ms)."""

    def choices(self, column: str, values: frozenset[str]) -> Mask:
        """Whose word in a column is one of these."""

    def tagged(self, facet: str, slug: str) -> Mask:
        """Who carries a term; with "" whoever carries any term of the facet."""

    def inside(self, folder: str, *, beginning: bool) -> Mask:
        """What lies in a folder of that name; see ``In``."""

    def idle(self, days: int) -> Mask:
        """What nobody has used for so many days, though it was there."""


@dataclass(frozen=True, slots=True)
class Within:
    """A number or moment lies in an interval."""

    column: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Missing:
    """A number or moment is not known."""

    column: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word is one of these."""

    column: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of these terms of a facet is carried; with none of them: no term of the facet is."""

    facet: str
    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class In:
    """It lies in a folder whose path holds this one; ``beginning``: its last name may go on."""

    folder: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody has used it for so many days, though it was in the library all that time."""

    days: int


@dataclass(frozen=True, slots=True)
class NotThat:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllThat:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyThat:
    """One of the parts holds."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Within | Missing | OneOf | Tagged | In | Idle | NotThat | AllThat | AnyThat


def mask(condition: Condition, facts: Facts) -> Mask:
    """Which assets meet the condition."""
    match condition:
        case NotThat(part):
            return ~mask(part, facts)
        case AnyThat(()):
            return np.zeros(facts.count(), bool)
        case AllThat(parts):
            return np.asarray(np.logical_and.reduce([mask(part, facts) for part in parts]))
        case AnyThat(parts):
            return np.asarray(np.logical_or.reduce([mask(part, facts) for part in parts]))
        case Tagged(facet, ()):
            return ~facts.tagged(facet, "")
        case Tagged(facet, slugs):
            return np.asarray(np.logical_or.reduce([facts.tagged(facet, s) for s in slugs]))
        case Within(column, interval):
            return within(facts.numbers(column), interval)
        case Missing(column):
            return np.asarray(facts.numbers(column) == UNKNOWN)
        case OneOf(column, values):
            return facts.choices(column, values)
        case In(folder, beginning):
            return facts.inside(folder, beginning=beginning)
        case Idle(days):
            return facts.idle(days)


def within(numbers: Numbers, interval: Interval) -> Mask:
    """Which numbers lie in an interval; unknown ones lie in none."""
    held = numbers != UNKNOWN
    if interval.low is not None:
        held &= numbers >= interval.low
    if interval.high is not None:
        held &= numbers <= interval.high
    return np.asarray(held)
