"""How what is being typed could go on: fields, their values, words of the library, searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.finding.language import fields
from app.finding.language.tokens import Token, tokens
from app.rows import (
    SHOWN_STATUSES,
    STATUS_LABELS,
    Completion,
    FacetRow,
    RecentSearch,
    SavedSearch,
)
from app.store.defaults import norm

MOST = 12
MOST_VALUES = 40
"""A list of values is looked through, not read at a glance: it is cut much later."""
SAVED_SHOWN = 4
RECENT_SHOWN = 6
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "used": ((">10", "more than 10 times in 90 days"), ("0", "not at all"), ("5..20", "5 to 20")),
    "unused": (("90d", "90 days"), ("30d", "30 days"), ("1y", "a year")),
    "pages": ((">10", "more than 10"), ("<5", "fewer than 5"), ("2..20", "2 to 20")),
    "page": (("1", "the first page"), ("2-5", "pages 2 to 5")),
    "expires": (("<30d", "in the next 30 days"), ("expired", "already"), ("none", "never")),
    "review": (("overdue", "already due"), ("<30d", "in the next 30 days"), ("none", "never")),
    "added": (("<7d", "in the last 7 days"), ('"last month"', "last month"), ("today", "today")),
    "changed": (("<7d", "in the last 7 days"), ('"last month"', "last month"), ("today", "today")),
    "published": (("<30d", "in the last 30 days"), ('"this year"', "this year")),
    "state": (
        ("problem", "not read in full"),
        *((state, said) for state, said in fields.STATES.items()),
    ),
    "has": (("notes", "speaker notes"),),
    "language": (
        ("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"),
        ("it", "Italian"), ("nl", "Dutch"), ("pt", "Portuguese"),
    ),
}  # fmt: skip


class Words(Protocol):
    """The words of the index."""

    def completions(self, prefix: str, k: int = 8) -> list[str]:
        """Words with a beginning, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where completions come from; people and folders are asked for only after their fields."""

    facets: tuple[FacetRow, ...]
    people: Callable[[], Sequence[str]]
    folders: Callable[[], Sequence[str]]
    recent: Callable[[], Sequence[RecentSearch]]
    words: Words | None
    saved: Callable[[], Sequence[SavedSearch]] = tuple


def complete(text: str, cursor: int, sources: Sources) -> tuple[Completion, ...]:
    """The ways to go on at the cursor, the most likely first: at most twelve, or forty values."""
    cursor = max(0, min(cursor, len(text)))
    token = _token_at(text, cursor)
    if token is not None and token.kind == "field":
        return tuple(_first(_values(token, sources), MOST_VALUES))
    begun = "" if token is None else token.value
    start, end = (cursor, cursor) if token is None else (token.start, token.end)
    if token is not None and token.negated:
        start += 1
    found: list[Completion] = []
    if not text[end:].strip():
        found += _saved(text, sources.saved())
        found += _recent(text, sources.recent())
    if token is None or token.kind == "word":
        found += _fields(begun, start, end, sources.facets)
        found += _words(begun, start, end, sources.words)
    return tuple(_first(found, MOST))


def _first(found: Iterable[Completion], most: int) -> list[Completion]:
    """The first of them, each text once; a saved search is another thing than its words."""
    seen: dict[tuple[str, bool], Completion] = {}
    for each in found:
        seen.setdefault((each.insert, each.kind == "saved"), each)
        if len(seen) == most:
            break
    return list(seen.values())


def _token_at(text: str, cursor: int) -> Token | None:
    """The word, phrase or field that ends at the cursor or holds it."""
    return next(
        (t for t in tokens(text) if t.is_leaf and t.start < cursor <= t.end),
        None,
    )


def _saved(text: str, searches: Iterable[SavedSearch]) -> list[Completion]:
    """The saved searches of whose names a word begins so, or whose text does."""
    wanted = norm(text)
    found = []
    for search in searches:
        said = search.spec.text
        if _has_beginning(norm(search.name), wanted) or norm(said).startswith(wanted):
            found.append(
                Completion(said, search.name, "saved", said, 0, len(text), search.spec)
            )
    return found[:SAVED_SHOWN]


def _recent(text: str, searches: Iterable[RecentSearch]) -> list[Completion]:
    wanted = norm(text)
    found = []
    for search in searches:
        said = search.spec.text
        if said and norm(said).startswith(wanted) and norm(said) != wanted:
            count = "1 asset" if search.total == 1 else f"{search.total:,} assets"
            found.append(Completion(said, said, "recent", count, 0, len(text), search.spec))
    return found[:RECENT_SHOWN]


def _fields(begun: str, start: int, end: int, facets: tuple[FacetRow, ...]) -> Iterator[Completion]:
    if not begun:
        return
    lower = begun.lower()
    known = [(form.name, form.detail) for form in fields.FIELDS]
    known += [(name, facet.label) for name, facet in fields.facet_names(facets).items()]
    for name, detail in known:
        if name.startswith(lower):
            yield Completion(f"{name}:", f"{name}:", "field", detail, start, end)


def _words(begun: str, start: int, end: int, words: Words | None) -> Iterator[Completion]:
    if words is None or len(begun) < 2:
        return
    for word in words.completions(begun, 8):
        if word != begun.lower():
            yield Completion(word, word, "word", "", start, end)


# ---- after a field ---------------------------------------------------------------------------


def _values(token: Token, sources: Sources) -> Iterator[Completion]:
    form = fields.form_of(token.name, sources.facets)
    if form is None:
        return
    head, _, last = token.value.rpartition(",")
    begun = norm(last.strip('"'))
    if form.kind == "text":
        yield from _words_in(token, last, sources.words)
        return
    before = f"{'-' if token.negated else ''}{token.name}:{head + ',' if head else ''}"
    for value, label, kind, detail in _known(form, sources):
        names = (value, label, detail if kind == "term" else "")
        if not begun or any(_has_beginning(norm(name), begun) for name in names):
            insert = before + (f'"{value}"' if " " in value and '"' not in value else value)
            yield Completion(insert, label, kind, detail, token.start, token.end)


def _words_in(token: Token, begun: str, words: Words | None) -> Iterator[Completion]:
    """Words of the library after a field that looks for words."""
    at = token.end - len(begun)
    if '"' not in begun:
        yield from _words(begun, at, token.end, words)


def _has_beginning(name: str, begun: str) -> bool:
    """Whether a word or a folder of the name begins so."""
    return name.startswith(begun) or f" {begun}" in name or f"/{begun}" in name


def _known(form: fields.FieldForm, sources: Sources) -> Iterator[tuple[str, str, str, str]]:
    """(value, label, kind, detail) of what may stand after a field."""
    if form.kind == "terms":
        facet = next(f for f in sources.facets if f.key == form.source)
        for term in facet.terms:
            yield term.slug, term.label, "term", ", ".join(term.synonyms)
        yield "none", f"no {form.said} set", "value", ""
    elif form.kind == "status":
        for status in SHOWN_STATUSES:
            yield status, STATUS_LABELS[status], "value", ""
    elif form.kind == "owner":
        yield "me", "me", "owner", "what I own"
        for name in sources.people():
            yield name, name, "owner", ""
        yield "none", "nobody", "owner", "no owner set"
    elif form.kind == "folder":
        for folder in sources.folders():
            yield folder, folder, "folder", ""
    elif form.source == "format":
        for kind in dict.fromkeys(fields.FORMATS.values()):
            yield kind, kind, "value", ""
    else:
        for value, detail in EXAMPLES.get(form.name, ()):
            yield value, value.strip('"'), "value", detail
