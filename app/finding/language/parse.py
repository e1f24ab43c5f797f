"""Putting the pieces together: alternatives, exclusions, brackets, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from app.clock import now_ms
from app.finding.conditions import AllThat, AnyThat, Condition, NotThat
from app.finding.dates import Interval
from app.finding.language.fields import form_of
from app.finding.language.meaning import Context, Known, Meaning, of_field
from app.finding.language.tokens import Token, tokens, without
from app.rows import Part
from app.rows.listed import UNWANTED
from app.vocabulary.terms import Vocabulary
from indexer.search.query import And, Everything, Node, Not, Or, Phrase, Wildcard, Word

MIXED = "OR joins words with words or conditions with conditions, so this was left out."
Filters: TypeAlias = "tuple[tuple[str, tuple[str, ...]], ...]"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood.

    ``node`` is None when no words are left to search for. ``filters`` are the typed conditions
    that the facet list shows: (facet key, slugs), as in a FindSpec; ``filter_texts`` are the pieces
    typed for them, each with the filters that are left without it. ``conditions`` must all be met
    besides; ``texts`` are the pieces typed for each. ``pages`` bound the number of the page that
    matches; True: it must not be one. ``plain`` are the plain words in order, for matching the
    vocabulary; ``only_plain``: there is nothing else. ``parts`` are all pieces in order;
    ``understood`` says it in words when it is more than words.
    """

    node: Node | None
    filters: Filters
    plain: tuple[str, ...]
    understood: str
    conditions: tuple[Condition, ...] = ()
    pages: tuple[tuple[Interval, bool], ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()
    only_plain: bool = True
    filter_texts: tuple[tuple[tuple[str, ...], Filters], ...] = ()


def parse(
    text: str,
    vocabulary: Vocabulary,
    *,
    exact: bool,
    known: Known | None = None,
    now: int | None = None,
) -> Parsed:
    """Read what was typed. With ``exact`` the last word is whole, else it may be a beginning."""
    context = Context(vocabulary, now_ms() if now is None else now, known)
    found = tokens(text)
    open_end = not exact and text[-1:].strip() != "" and not text.endswith('"')
    reader = _Reader(found, context, open_end=open_end)
    tree = reader.sequence()
    sorter = _Sorter(reader.meanings)
    sorter.take(tree)
    return _parsed(found, reader.meanings, sorter)


# ---- the tree of what was typed --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Tree, ...]


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Tree, ...]


@dataclass(frozen=True, slots=True)
class _Without:
    part: _Tree


@dataclass(frozen=True, slots=True)
class _Leaf:
    token: Token


_Tree: TypeAlias = _All | _Any | _Without | _Leaf


class _Reader:
    """Recursive descent: a sequence of alternatives of exclusions of pieces and brackets."""

    def __init__(self, found: Sequence[Token], context: Context, *, open_end: bool) -> None:
        self._found = found
        self._context = context
        self._open_end = open_end
        self._at = 0
        self.meanings: dict[int, Meaning] = {}

    def sequence(self) -> _Tree:
        """Everything up to the closing bracket or the end; AND between the parts."""
        parts: list[_Tree] = []
        while (token := self._peek()) is not None and token.kind != "close":
            if token.text == "AND" and parts and token.kind == "operator":
                self._at += 1
                continue
            part = self._alternatives()
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else _All(tuple(parts))

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self._at + ahead
        return self._found[at] if at < len(self._found) else None

    def _alternatives(self) -> _Tree | None:
        first = self._one()
        parts = [first] if first is not None else []
        while parts and self._is_or() and self._begins_something(1):
            self._at += 1
            part = self._one()
            if part is not None:
                parts.append(part)
        if parts and self._is_or():
            self._at += 1
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else _Any(tuple(parts))

    def _is_or(self) -> bool:
        token = self._peek()
        return token is not None and token.kind == "operator" and token.text == "OR"

    def _begins_something(self, ahead: int) -> bool:
        token = self._peek(ahead)
        return token is not None and token.kind != "close" and token.text not in ("OR", "AND")

    def _one(self) -> _Tree | None:
        token = self._peek()
        if token is None or token.kind == "close":
            return None
        self._at += 1
        denies = token.kind == "minus" or (token.kind == "operator" and token.text == "NOT")
        if denies and self._begins_something(0):
            part = self._one()
            return _Without(part) if part is not None else None
        if token.kind == "open":
            inner = self.sequence()
            self._at += 1
            return inner if inner != _All(()) else None
        return self._leaf(token)

    def _leaf(self, token: Token) -> _Tree:
        last = self._at == len(self._found)
        typing = self._open_end and last and token.kind != "phrase"
        meaning = _meaning(token, self._context, typing=typing)
        self.meanings[id(token)] = meaning
        return _Without(_Leaf(token)) if token.negated else _Leaf(token)


def _meaning(token: Token, context: Context, *, typing: bool) -> Meaning:
    if token.kind == "phrase":
        words = tuple(token.value.split())
        said = f"“{token.value.strip()}”"
        return Meaning("phrase", said, node=Phrase(words))
    if token.kind != "field":
        word = token.value or token.text
        if "*" in word and sum(sign.isalnum() for sign in word) > 1:
            return Meaning("words", word, node=Wildcard(word.replace("?", "")))
        return Meaning("words", word, node=Word(word, prefix=typing))
    form = form_of(token.name, context.vocabulary.facets)
    if form is not None:
        return of_field(form, token, context, typing=typing)
    whole = f"{token.name}:{token.value}"
    said = f"{whole} (“{token.name}” is no field, so it is searched for as words)"
    return Meaning("unknown", said, node=Word(whole.replace('"', " ").strip(), prefix=typing))


# ---- words on one side, conditions on the other ----------------------------------------------


@dataclass(slots=True)
class _Sorter:
    """Takes the tree apart into nodes, conditions and filters."""

    meanings: dict[int, Meaning]
    nodes: list[Node] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)
    typed: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    pages: list[tuple[Interval, bool]] = field(default_factory=list)

    def take(self, tree: _Tree) -> None:
        """Add what must hold."""
        if isinstance(tree, _All):
            for part in tree.parts:
                self.take(part)
            return
        kinds = self._kinds(tree)
        if kinds <= {"node"}:
            node = self._node(tree)
            if node is not None:
                self.nodes.append(node)
        elif kinds == {"condition"}:
            self._take_condition(tree)
        elif not self._take_pages(tree):
            self._take_mixed(tree)

    def _of(self, leaf: _Leaf) -> Meaning:
        return self.meanings[id(leaf.token)]

    def _leaves(self, tree: _Tree) -> list[_Leaf]:
        if isinstance(tree, _Leaf):
            return [tree]
        parts = (tree.part,) if isinstance(tree, _Without) else tree.parts
        return [leaf for part in parts for leaf in self._leaves(part)]

    def _kinds(self, tree: _Tree) -> set[str]:
        kinds = set()
        for leaf in self._leaves(tree):
            meaning = self._of(leaf)
            if meaning.condition is not None:
                kinds.add("condition")
            elif meaning.pages is not None:
                kinds.add("pages")
            elif meaning.node is not None:
                kinds.add("node")
        return kinds

    def _take_condition(self, tree: _Tree) -> None:
        leaf = tree.part if isinstance(tree, _Without) else tree
        facet = self._of(leaf).facet if isinstance(leaf, _Leaf) else None
        if facet is None or not isinstance(leaf, _Leaf):
            condition = self._condition(tree)
            if condition is not None:
                self.conditions.append(condition)
                self.texts.append(tuple(each.token.text for each in self._leaves(tree)))
            return
        minus = UNWANTED if isinstance(tree, _Without) else ""
        self.typed.append((leaf.token.text, facet[0], tuple(minus + slug for slug in facet[1])))

    def filters(self, *, but: int = -1) -> Filters:
        """The terms typed, by facet; one of the pieces apart."""
        both: dict[str, list[str]] = {}
        for at, (_, key, slugs) in enumerate(self.typed):
            if at != but:
                known = both.setdefault(key, [])
                known.extend(slug for slug in slugs if slug not in known)
        return tuple((key, tuple(slugs)) for key, slugs in both.items())

    def _take_pages(self, tree: _Tree) -> bool:
        leaf = tree.part if isinstance(tree, _Without) else tree
        pages = self._of(leaf).pages if isinstance(leaf, _Leaf) else None
        if pages is not None:
            self.pages.append((pages, isinstance(tree, _Without)))
        return pages is not None

    def _take_mixed(self, tree: _Tree) -> None:
        """Keep the words of an alternative between words and conditions, and explain the rest."""
        for leaf in self._leaves(tree):
            meaning = self._of(leaf)
            if meaning.node is None and meaning.kind != "error":
                self.meanings[id(leaf.token)] = Meaning("error", MIXED)
        node = self._node(tree)
        if node is not None:
            self.nodes.append(node)

    def _node(self, tree: _Tree) -> Node | None:
        if isinstance(tree, _Leaf):
            return self._of(tree).node
        if isinstance(tree, _Without):
            inner = self._node(tree.part)
            return None if inner is None else Not(inner)
        nodes = [node for node in map(self._node, tree.parts) if node is not None]
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return And(tuple(nodes)) if isinstance(tree, _All) else Or(tuple(nodes))

    def _condition(self, tree: _Tree) -> Condition | None:
        if isinstance(tree, _Leaf):
            return self._of(tree).condition
        if isinstance(tree, _Without):
            inner = self._condition(tree.part)
            return None if inner is None else NotThat(inner)
        found = [each for each in map(self._condition, tree.parts) if each is not None]
        if len(found) < 2:
            return found[0] if found else None
        return AllThat(tuple(found)) if isinstance(tree, _All) else AnyThat(tuple(found))


# ---- the outcome -----------------------------------------------------------------------------


def _parsed(found: Sequence[Token], meanings: dict[int, Meaning], sorter: _Sorter) -> Parsed:
    node: Node | None = None
    if sorter.nodes:
        node = sorter.nodes[0] if len(sorter.nodes) == 1 else And(tuple(sorter.nodes))
        if all(isinstance(part, Not) for part in sorter.nodes):
            node = And((Everything(), *sorter.nodes))
    parts, plain, only_plain = [], [], True
    for at, token in enumerate(found):
        meaning = meanings.get(id(token))
        if meaning is None:
            only_plain = False
            continue
        excluded = token.negated or _is_denied(found, at)
        parts.append(_part(found, token, meaning, excluded=excluded))
        if meaning.kind == "words" and not excluded and not isinstance(meaning.node, Wildcard):
            plain.append(token.value or token.text)
        else:
            only_plain = False
    return Parsed(
        node, sorter.filters(), tuple(plain),
        "" if only_plain else _sentence(found, parts), tuple(sorter.conditions),
        tuple(sorter.pages), tuple(sorter.texts), tuple(parts), only_plain,
        tuple(((text,), sorter.filters(but=n)) for n, (text, *_) in enumerate(sorter.typed)),
    )  # fmt: skip


def _is_denied(found: Sequence[Token], at: int) -> bool:
    if not at:
        return False
    before = found[at - 1]
    return before.kind == "minus" or (before.kind == "operator" and before.text == "NOT")


def _part(found: Sequence[Token], token: Token, meaning: Meaning, *, excluded: bool) -> Part:
    kind, said = meaning.kind, meaning.said
    if excluded and kind != "error":
        is_words = meaning.node is not None and kind != "field"
        quoted = said if said.startswith("“") else f"“{said}”"
        said = f"without {quoted}" if is_words else _denied(said)
        kind = "not"
    return Part(token.text, token.start, token.end, kind, said, without(found, token))


def _denied(said: str) -> str:
    if said.startswith("not "):
        return said.removeprefix("not ")
    return said.replace(" is ", " is not ", 1) if " is " in said else f"not {said}"


def _sentence(found: Sequence[Token], parts: Sequence[Part]) -> str:
    """How everything was understood, errors apart."""
    by_start = {part.start: part for part in parts if part.kind != "error"}
    said, joining, denied = "", " and ", ""
    for at, token in enumerate(found):
        if token.kind == "operator" and token.text == "OR":
            joining = " or "
        elif token.kind == "minus" or (token.kind == "operator" and token.text == "NOT"):
            denied = "without " if at + 1 < len(found) and found[at + 1].kind == "open" else ""
        elif token.kind == "open":
            said += (joining if said and not said.endswith("(") else "") + denied + "("
            joining = denied = ""
        elif token.kind == "close":
            said, joining = said.removesuffix("(") + (")" if "(" in said else ""), " and "
        elif token.start in by_start:
            said += (joining if said and not said.endswith("(") else "") + by_start[
                token.start
            ].said
            joining = " and "
    return said
