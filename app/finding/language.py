"""From typed text to a query tree: words, phrases, exclusions, alternatives and fields.

Nothing typed is an error: what is not understood as a form is searched for as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from app.rows import SHOWN_STATUSES, STATUS_LABELS
from app.vocabulary.terms import Vocabulary, facet_key, term_in
from indexer.search.query import And, Field, Node, Not, Or, Phrase, Word

MAX_CHARACTERS = 400
MAX_PARTS = 32
TEXT_FIELDS = {"title": "title", "file": "file", "notes": "notes", "text": "body"}

_TOKEN = re.compile(
    r"""(?P<minus>-)?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))"""
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood.

    ``node`` is None when no words are left to search for; ``filters`` are those typed in the text;
    ``plain`` are the plain words in order, for matching the vocabulary; ``understood`` says it all
    in words when it is more than plain words.
    """

    node: Node | None
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    plain: tuple[str, ...]
    understood: str


@dataclass(slots=True)
class _Reading:
    parts: list[Node] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    simple: bool = True
    joining: bool = False


def parse(text: str, vocabulary: Vocabulary, *, exact: bool) -> Parsed:
    """Read what was typed. With ``exact`` the last word is whole, else it may be a beginning."""
    text = text[:MAX_CHARACTERS]
    reading = _Reading()
    tokens = list(_tokens(text))[:MAX_PARTS]
    open_end = not exact and text[-1:].strip() != "" and not text.endswith('"')
    for place, token in enumerate(tokens):
        last = place == len(tokens) - 1
        _read(reading, token, vocabulary, typing=last and open_end)
    positive = [part for part in reading.parts if not isinstance(part, Not)]
    node = None
    if reading.parts:
        node = reading.parts[0] if len(reading.parts) == 1 else And(tuple(reading.parts))
    if node is not None and not positive:
        from indexer.search.query import Everything

        node = And((Everything(), *reading.parts))
    filters = tuple((key, tuple(slugs)) for key, slugs in reading.filters.items())
    understood = "" if reading.simple else " and ".join(reading.said)
    return Parsed(node, filters, tuple(reading.plain), understood)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _TOKEN.finditer(text) if match.group() not in ("-", '"'))


def _read(reading: _Reading, token: re.Match[str], vocabulary: Vocabulary, *, typing: bool) -> None:
    name, phrase, word = token["field"], token["phrase"], token["word"]
    if word == "OR" and not name and not token["minus"] and reading.parts:
        reading.joining = True
        return
    value = phrase if phrase is not None else word
    if name and _filter(reading, name, value, vocabulary):
        return
    where: Field | None = None
    if name:
        where = cast("Field | None", TEXT_FIELDS.get(name.lower()))
        if where is None:
            value = f"{name}:{value}"
    _add(reading, value, where, phrase=phrase is not None, minus=bool(token["minus"]),
         typing=typing and phrase is None)  # fmt: skip


def _filter(reading: _Reading, name: str, value: str, vocabulary: Vocabulary) -> bool:
    """Take ``persona:cfo`` as a filter if both halves are known."""
    if name.lower() == "status":
        wanted = value.lower().replace(" ", "_")
        if wanted not in SHOWN_STATUSES:
            return False
        reading.filters.setdefault("status", []).append(wanted)
        reading.said.append(f"status is {STATUS_LABELS[wanted]}")
        reading.simple = False
        return True
    key = facet_key(name, vocabulary.facets)
    facet = next((f for f in vocabulary.facets if f.key == key), None)
    term = term_in(facet, value) if facet is not None else None
    if facet is None or term is None:
        return False
    reading.filters.setdefault(facet.key, []).append(term.slug)
    reading.said.append(f"{facet.label.lower()} is {term.label}")
    reading.simple = False
    return True


def _add(
    reading: _Reading, value: str, where: Field | None, *, phrase: bool, minus: bool, typing: bool
) -> None:
    words = tuple(value.split()) if phrase else (value,)
    if not words:
        return
    node: Node = Phrase(words, where) if phrase else Word(value, prefix=typing, field=where)
    said = f"“{value}”" if phrase or where or minus else value
    if where:
        said = f"{said} in the {'text' if where == 'body' else where}"
    if minus:
        node, said = Not(node), f"without {said}"
    if phrase or minus or where:
        reading.simple = False
    else:
        reading.plain.append(value)
    if reading.joining and reading.parts and not minus:
        former = reading.parts.pop()
        alternatives = former.parts if isinstance(former, Or) else (former,)
        reading.parts.append(Or((*alternatives, node)))
        reading.said[-1] = f"{reading.said[-1]} or {said}"
        reading.simple = False
    else:
        reading.parts.append(node)
        reading.said.append(said)
    reading.joining = False
