"""What Whoosh is told about a page: its fields, how their text becomes postings."""

# ruff: noqa: ARG002 (the names and numbers of arguments are Whoosh's)

from __future__ import annotations

import hashlib
import sys
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from indexer.search import text as words
from indexer.search.whooshed import columns, fields, formats

FORMAT = 1
"""Raised whenever the files of a segment change their layout."""

BOOSTS = {"title": 3.0, "heading": 2.0, "file": 1.5, "body": 1.0, "notes": 0.7}
"""The fields with text, and how much a word found there counts."""

LAST_PLACE = 0xFFFF
"""Words after this many on one page are found, but not in phrases."""


@dataclass(slots=True)
class Inverter:
    """Turns text into places by stem, and counts the surfaces that it meets.

    One per writer: what it has learnt about a run of signs is kept between documents.
    """

    counts: dict[str | None, Counter[str]] = field(default_factory=dict)
    _known: dict[str | None, dict[str, tuple[int, tuple[tuple[int, str], ...]]]] = field(
        default_factory=dict
    )

    def places(self, text: str, language: str | None) -> dict[str, list[int]]:
        """Return the places of every stem of a text."""
        known = self._known.setdefault(language, {})
        found = words.clean(text).split()
        self.counts.setdefault(language, Counter()).update(found)
        out: dict[str, list[int]] = {}
        here = 0
        for run in found:
            entry = known.get(run) or self._learn(run, language)
            for ahead, stem in entry[1]:
                places = out.get(stem)
                if places is None:
                    out[stem] = [here + ahead]
                else:
                    places.append(here + ahead)
            here += entry[0]
        return out

    def _learn(self, run: str, language: str | None) -> tuple[int, tuple[tuple[int, str], ...]]:
        """Cut up what stands between two spaces: how many places it takes, and what is where."""
        here, found = 0, []
        for chain in words.chains(run):
            cut = words.cut(chain)
            stems = {(at, words.stem(form, language)) for at, form in words.places(cut)}
            found += [(here + at, stem) for at, stem in sorted(stems)]
            here += len(cut.parts)
        known = self._known[language]
        if len(known) > 300_000:
            known.clear()
        entry = known[run] = (here, tuple(found))
        return entry

    def surfaces(self) -> dict[tuple[str, str], int]:
        """Return how often each (surface, stem) was met since the last call, and start anew."""
        out: dict[tuple[str, str], int] = {}
        for language, counter in self.counts.items():
            for run, count in counter.items():
                for chain in words.chains(run):
                    for _, form in words.places(words.cut(chain)):
                        pair = (words.fold(form), words.stem(form, language))
                        out[pair] = out.get(pair, 0) + count
        self.counts = {}
        return out


class FlatPlaces(formats.Positions):  # type: ignore[misc]
    """Whoosh's positions format with a posting's places as one flat array of ``uint16``."""

    def word_values(
        self, value: Any, analyzer: Any, **kwargs: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        """Yield (stem, frequency, weight, places as bytes) of an analysed text."""
        for stem, places in value.items():
            places.sort()
            if places[-1] > LAST_PLACE:
                places = [min(place, LAST_PLACE) for place in places]
            yield stem, len(places), float(len(places)), array("H", places).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the places of one posting."""
        return array("H", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how often the stem stands on the page."""
        return len(valuestring) // 2

    def decode_weight(self, valuestring: bytes) -> float:
        """Return the weight of one posting, which is its frequency."""
        return float(len(valuestring) // 2)


class AnalysedText(fields.FieldType):  # type: ignore[misc]
    """A field whose text comes already analysed, as the places of every stem."""

    def __init__(self) -> None:
        """Scored, with places, nothing stored: texts are in the database."""
        super().__init__(FlatPlaces(), analyzer=None, scorable=True, stored=False)

    def index(self, value: Any, **kwargs: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (stem as bytes, frequency, weight, places as bytes)."""
        for stem, frequency, weight, places in self.format.word_values(value, None):
            yield stem.encode(), frequency, weight, places


def make_schema() -> Any:
    """Return the Whoosh schema of a page document.

    The title and the file name are repeated on every page of an asset: "acme security" then finds
    the slide about security in the deck called Acme, and pages of one asset differ only by what
    stands on them. Nothing else of the record is here, so tagging never touches the index.
    """
    shape: dict[str, Any] = {name: AnalysedText() for name in BOOSTS}
    number = columns.NumericColumn("i")
    return fields.Schema(aid=fields.COLUMN(number), page=fields.COLUMN(number), **shape)


def fingerprint() -> str:
    """Return what an index must have been written with to be read by this program."""
    parts: Iterable[object] = (
        FORMAT,
        words.ANALYSER,
        sorted(BOOSTS),
        words.STEMMED,
        sys.byteorder,
        unicodedata.unidata_version,
    )
    return hashlib.sha256(repr(tuple(parts)).encode()).hexdigest()[:16]
