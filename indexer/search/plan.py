"""From what was meant to what is looked up: query tree in, Whoosh query tree out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.search import query as meant
from indexer.search import text as words
from indexer.search.blend import Blend, InRow, Most, Ways
from indexer.search.lexicon import Lexicon
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import query as wq

_FIELDS: dict[str | None, tuple[str, ...]] = {
    None: tuple(BOOSTS),
    "title": ("title",),
    "file": ("file",),
    "body": ("heading", "body"),
    "notes": ("notes",),
}
_NAMES = ("title", "file")
_IN_ROWS = ("title", "heading", "body")
_LONG_ENOUGH, _MOST_IN_ROW = 3, 48
"""Letters that a beginning must have to stand in a row, and words it may stand for there."""


class AnyOf(wq.Query):  # type: ignore[misc]
    """Several terms of one field that count as one term: counts summed, frequency of the union.

    A beginning scored as the sum of its completions would put the rarest completion first.
    """

    def __init__(self, fieldname: str, terms: Iterable[bytes], boost: float = 1.0) -> None:
        """Take the terms as they are in the index."""
        self.fieldname = fieldname
        self.terms_ = tuple(sorted(terms))
        self.boost = boost


class Anywhere(wq.Query):  # type: ignore[misc]
    """One word in several fields: the sum of an ``AnyOf`` for each (field, terms, boost)."""

    boost = 1.0

    def __init__(self, groups: Iterable[tuple[str, Iterable[bytes], float]]) -> None:
        """Take the terms of each field as they are in the index."""
        self.groups = tuple((name, tuple(sorted(terms)), boost) for name, terms, boost in groups)


class PageRange(wq.Query):  # type: ignore[misc]
    """Documents with a page number between two, both included, each with the same score."""

    boost = 1.0

    def __init__(self, first: int, last: int, score: float) -> None:
        """Take the first and the last number."""
        self.first, self.last, self.score = first, last, score


Group = frozenset[bytes]
Steps = tuple[tuple[int, Group], ...]


@dataclass(slots=True)
class Plan:
    """The outcome of planning: what to run, whether it finds all, what to mark."""

    query: Any
    exact: bool
    terms: tuple[str, ...]


class Planning:
    """What the queries to one commit of the index have in common."""

    def __init__(self, lexicon: Lexicon, languages: Iterable[str | None]) -> None:
        """Plan for documents of these languages."""
        self.lexicon = lexicon
        self.languages = frozenset(languages) | {None}
        self.stop = frozenset[str]().union(*(words.stop_words(x) for x in self.languages))

    def plan(self, node: meant.Node) -> Plan:
        """Return what to run for a query."""
        return Planner(self).plan(node)


class Planner:
    """Analyses the words of one query against the words that are in the index."""

    def __init__(self, planning: Planning) -> None:
        """Plan one query."""
        self._lexicon = planning.lexicon
        self._languages = planning.languages
        self._stop = planning.stop
        self._exact = True
        self._marks: dict[str, None] = {}

    def plan(self, node: meant.Node) -> Plan:
        """Return what to run for a query."""
        found = self._node(node)
        return Plan(found or wq.NullQuery, self._exact, tuple(self._marks))

    def _node(self, node: meant.Node) -> Any:
        match node:
            case meant.Word():
                return self._word(node)
            case meant.Phrase():
                return self._phrase(node)
            case meant.Fuzzy():
                return self._one_of(self._lexicon.near(_surface(node.text)), node)
            case meant.Wildcard():
                return self._one_of(self._lexicon.matching(_surface(node.pattern)), node)
            case meant.Pages():
                return self._pages(node, 1.0)
            case meant.And() | meant.Or() | meant.Either() | meant.Most() | meant.Nearby():
                return self._several(node)
            case meant.Not(part):
                inner = self._unmarked(part)
                return wq.Not(inner) if inner is not None else None
            case meant.Everything():
                return wq.Every()

    def _several(
        self, node: meant.And | meant.Or | meant.Either | meant.Most | meant.Nearby
    ) -> Any:
        match node:
            case meant.And(parts):
                return self._all_of(self._meaningful(parts))
            case meant.Or(parts):
                return _compound(wq.Or, [self._node(part) for part in parts])
            case meant.Either(ways):
                found = [(self._node(part), trust) for part, trust in ways]
                known = [(part, trust) for part, trust in found if part is not None]
                return Ways(known) if known else None
            case meant.Most():
                return self._most(node)
            case meant.Nearby():
                return self._nearby(node)

    def _most(self, node: meant.Most) -> Any:
        """Plan any of the parts; what little parts say is not marked."""
        every = [self._node(part) for part in self._meaningful(node.parts)]
        parts = [found for found in every if found is not None]
        little = [found for part in node.little if (found := self._unmarked(part)) is not None]
        return Most(parts, little, node.weight) if parts or little else None

    def _all_of(self, parts: list[meant.Node]) -> Any:
        """Return the parts wanted, less the parts not wanted, which do not score."""
        unwanted = [part.part for part in parts if isinstance(part, meant.Not)]
        pages = [part for part in parts if isinstance(part, meant.Pages)]
        others = [p for p in parts if not isinstance(p, meant.Not | meant.Pages)]
        hints = [part for part in others if self._is_hint(part)]
        if len(hints) < len(others):
            others = [part for part in others if part not in hints]
        else:
            hints = []
        wanted = [self._node(part) for part in others]
        if pages:
            # A number that is wanted says nothing of how well the rest fits.
            wanted += [self._pages(part, 0.0 if others else 1.0) for part in pages]
        if parts and not wanted:
            wanted = [wq.Every()]
        found = _compound(wq.And, wanted)
        # One letter beside whole words says nothing yet: it raises names, and loses no page.
        more = _compound(wq.Or, [self._node(part) for part in hints])
        found = found if found is None or more is None else wq.AndMaybe(found, more)
        less = _compound(wq.Or, [self._unmarked(part) for part in unwanted])
        return found if found is None or less is None else wq.AndNot(found, less)

    def _pages(self, node: meant.Pages, score: float) -> PageRange:
        last = np.iinfo(np.int32).max if node.last is None else node.last
        return PageRange(node.first, int(last), score)

    def _one_of(self, found: tuple[list[str], bool], node: meant.Fuzzy | meant.Wildcard) -> Any:
        """Plan words of the index, all of which stand for one; False: there are more of them."""
        surfaces, whole = found
        stems: set[bytes] = set()
        for surface in surfaces:
            stems |= self._lexicon.stems(surface)
            self._marks[surface] = None
        self._exact = self._exact and whole
        if not stems:
            return None
        return _blended(_FIELDS[node.field], [((0, frozenset(stems)),)])

    def _unmarked(self, node: meant.Node) -> Any:
        """Plan something that is not looked for: nothing of it is marked."""
        before = dict(self._marks)
        found = self._node(node)
        self._marks = before
        return found

    def _meaningful(self, parts: tuple[meant.Node, ...]) -> list[meant.Node]:
        """Return the parts without stop words, unless nothing else is asked for."""
        kept = [part for part in parts if not self._is_stop_word(part)]
        asks = any(not isinstance(part, meant.Not) for part in kept)
        return kept if asks else list(parts)

    def _is_stop_word(self, node: meant.Node) -> bool:
        if not isinstance(node, meant.Word) or node.prefix:
            return False
        return words.fold(node.text.strip()) in self._stop

    def _word(self, word: meant.Word) -> Any:
        chains = words.chains(words.clean(word.text))
        found = []
        for at, chain in enumerate(chains):
            prefix = word.prefix and at == len(chains) - 1
            short = self._short(chain, word) if prefix else None
            forms = [] if short is not None else self._forms(chain, prefix=prefix)
            found.append(short if short is not None else self._any_field(forms, word))
        return _compound(wq.And, found)

    def _short(self, chain: str, word: meant.Word) -> Any:
        """Plan one letter, of a large library or of very many words: in names only.

        What one letter finds in texts is nearly everything; the letter as a word of its own is
        still found there.
        """
        if not self._is_short(chain, word):
            return None
        self._exact = False
        self._marks[words.fold(chain) + "*"] = None
        more, _ = self._lexicon.beginning(words.fold(chain))
        own = frozenset[bytes]() if words.fold(chain) in self._stop else self._stems(chain)
        return Blend(
            (name, [((0, own | more if name in _NAMES else own),)], BOOSTS[name])
            for name in _FIELDS[word.field]
            if own or name in _NAMES
        )

    def _is_short(self, chain: str, word: meant.Word) -> bool:
        if len(chain) > 1 or words.is_unspaced(chain) or word.field in ("body", "notes"):
            return False
        return self._lexicon.large or not self._lexicon.beginning(words.fold(chain))[1]

    def _is_hint(self, node: meant.Node) -> bool:
        """Return whether this is a word of which only the first letter is typed so far."""
        if not isinstance(node, meant.Word) or not node.prefix:
            return False
        chains = words.chains(words.clean(node.text))
        return len(chains) == 1 and self._is_short(chains[0], node)

    def _phrase(self, phrase: meant.Phrase) -> Any:
        steps: list[tuple[int, Group]] = []
        closed: list[tuple[int, Group]] = []
        here = there = 0
        for chain in words.chains(words.clean(" ".join(phrase.words))):
            cut = words.cut(chain)
            own = self._steps(cut, prefix=False)
            steps += [(here + ahead, group) for ahead, group in own]
            whole = self._stems(cut.closed) if cut.closed else None
            closed += [(there, whole)] if whole else [(there + a, group) for a, group in own]
            here += len(cut.parts)
            there += 1 if whole else len(cut.parts)
        forms = [tuple(steps)] if steps == closed else [tuple(steps), tuple(closed)]
        return self._any_field(forms if steps else [], phrase)

    def _any_field(self, forms: list[Steps], node: meant.Word | meant.Phrase) -> Any:
        if not forms:
            return None
        fields = _FIELDS[node.field]
        slop = node.slop if isinstance(node, meant.Phrase) else 1
        return _blended(fields, forms, slop)

    def _nearby(self, node: meant.Nearby) -> Any:
        """Plan a query with each two of its words that stand in a row."""
        found = self._node(node.part)
        rows: list[tuple[Blend, tuple[Any, ...]]] = []
        before, apart = None, 0
        for word in node.words:
            apart += 1
            if word is None or self._is_stop_word(word):
                continue
            open_end = word.prefix and len(word.text) < _LONG_ENOUGH
            row = self._row(before, word, apart) if before and not open_end else None
            rows += [row] if row is not None else []
            before, apart = word, 0
        return InRow(found, rows, node.weight) if found is not None and rows else found

    def _row(
        self, first: meant.Word, second: meant.Word, apart: int
    ) -> tuple[Blend, tuple[Any, ...]] | None:
        """Plan two words in a row, 1 or ``apart`` places from each other; None: it cannot be."""
        marked = dict(self._marks)
        (steps, width), (following, _) = self._all_steps(first), self._all_steps(second)
        singles = tuple(
            single for word in (first, second) if (single := self._word(word)) is not None
        )
        self._marks = marked
        if not all(0 < len(group) <= _MOST_IN_ROW for _, group in (*steps, *following)):
            return None
        forms = [
            (*steps, *((width + gap + at, group) for at, group in following))
            for gap in dict.fromkeys((0, apart - 1))
        ]
        return _blended(_IN_ROWS, forms), singles

    def _all_steps(self, word: meant.Word) -> tuple[Steps, int]:
        """Return the steps of all chains of a word, and how many places they take."""
        chains = words.chains(words.clean(word.text))
        steps: list[tuple[int, Group]] = []
        here = 0
        for at, chain in enumerate(chains):
            cut = words.cut(chain)
            own = self._steps(cut, prefix=word.prefix and at == len(chains) - 1)
            steps += [(here + ahead, group) for ahead, group in own]
            here += len(cut.parts)
        return tuple(steps), here

    def _forms(self, chain: str, *, prefix: bool) -> list[Steps]:
        """Return the ways in which a chain may be written in a text, each as steps."""
        cut = words.cut(chain)
        if not cut.parts:
            return []
        forms: list[Steps] = []
        if cut.closed and not cut.special:
            forms.append(((0, self._group(cut.closed, prefix=prefix)),))
        before = dict(self._marks)
        steps = self._steps(cut, prefix=prefix)
        if forms:
            # The "e" of "e-mail" is no word to be marked by itself.
            kept = {mark: None for mark in self._marks if len(mark.rstrip("*")) > 1}
            self._marks = {**before, **kept}
        if steps not in forms:
            forms.append(steps)
        return forms

    def _steps(self, cut: words.Chain, *, prefix: bool) -> Steps:
        if cut.unspaced:
            self._marks[words.fold("".join(part[0] for part in cut.parts))] = None
            if len(cut.parts) == 1:
                return ((0, self._beginning(words.fold(cut.parts[0]))),)
            pairs = enumerate(cut.parts[:-1])
            return tuple((at, frozenset((words.fold(p).encode(),))) for at, p in pairs)
        parts = list(cut.parts)
        if cut.special:
            parts[-1 if cut.trailing else 0] = cut.special
        last = len(parts) - 1
        return tuple(
            (at, self._group(part, prefix=prefix and at == last)) for at, part in enumerate(parts)
        )

    def _group(self, part: str, *, prefix: bool) -> Group:
        stems = self._stems(part)
        if not prefix:
            return stems
        surface = words.fold(part)
        self._marks[surface + "*"] = None
        return stems | self._beginning(surface)

    def _beginning(self, surface: str) -> Group:
        stems, whole = self._lexicon.beginning(surface)
        self._exact = self._exact and whole
        return frozenset(stems)

    def _stems(self, part: str) -> Group:
        """Return the stems of a word: those that the index knows, and each language's own."""
        surface = words.fold(part)
        stems = self._lexicon.stems(surface)
        stems |= {words.stem(part, language).encode() for language in self._languages}
        self._marks[surface] = None
        self._marks.update(dict.fromkeys(self._lexicon.surfaces(stems)))
        return frozenset(stems)


def _compound(kind: Any, parts: list[Any]) -> Any:
    kept = [part for part in parts if part is not None]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else kind(kept)


def _surface(text: str) -> str:
    return words.fold(words.clean(text.strip()))


def _blended(fields: tuple[str, ...], forms: list[Steps], slop: int = 1) -> Blend:
    return Blend(((name, forms, BOOSTS[name]) for name in fields), slop)
