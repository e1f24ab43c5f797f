"""Which terms of the index a Whoosh pattern stands for: beginnings, wildcards, slips, ranges."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

from indexer.search.segment import Segment
from indexer.search.whooshed import distance
from indexer.search.whooshed import query as wq

Test = Callable[[str], bool]


def terms_of(node: Any, segments: Sequence[Segment]) -> tuple[bytes, ...] | None:
    """Return every term of the field that a pattern stands for, ascending, or None if unknown."""
    if type(node) is wq.TermRange:
        return _between(node, segments)
    begin, test = _test(node)
    if test is None:
        return None
    start = begin.encode()
    found: set[bytes] = set()
    for segment in segments:
        terms = segment.table(node.fieldname).terms
        for at in range(bisect_left(terms, start), len(terms)):
            if not terms[at].startswith(start):
                break
            if test(terms[at].decode()):
                found.add(terms[at])
    return tuple(sorted(found))


def _test(node: Any) -> tuple[str, Test | None]:
    """Return how a term must begin, and what it must pass besides."""
    if type(node) is wq.Prefix:
        return node.text, lambda _: True
    if type(node) is wq.Wildcard:
        begin = re.split(r"[*?\[]", node.text, maxsplit=1)[0]
        matches = re.compile(node._get_pattern()).match
        return begin, lambda term: matches(term) is not None
    if type(node) is wq.FuzzyTerm:
        most, word = node.maxdist, node.text
        return (
            word[: node.prefixlength],
            lambda term: (
                abs(len(term) - len(word)) <= most and distance(word, term, limit=most) <= most
            ),
        )
    return "", None


def _between(node: Any, segments: Sequence[Segment]) -> tuple[bytes, ...]:
    low, high = (None if end is None else end.encode() for end in (node.start, node.end))
    found: set[bytes] = set()
    for segment in segments:
        terms = segment.table(node.fieldname).terms
        first = bisect_left(terms, low) if low is not None else 0
        last = bisect_left(terms, high + b"\0") if high is not None else len(terms)
        found.update(terms[first:last])
    if node.startexcl:
        found.discard(low or b"")
    if node.endexcl:
        found.discard(high or b"")
    return tuple(sorted(found))
