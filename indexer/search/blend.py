"""Weighing that is our own: one saturation for all fields, the best of several ways, some of all.

Whoosh's BM25F saturates every field by itself, so that a word in title, heading and body counts
three times. Here the counts of a word are added up over the fields, each times its boost, and
weighed once against the length of the whole page (Robertson & Zaragoza 2009, "simple BM25F"):

    w = sum of boost x count        weight = idf x w (K + 1) / (w + K (1 - B + B length / average))

with idf = ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N pages that have the word in any field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.search import near
from indexer.search.hits import NOTHING, Floats, Hits, together
from indexer.search.packing import Ids
from indexer.search.whooshed import query as wq

if TYPE_CHECKING:
    from indexer.search.executor import Snapshot

K, B = 1.5, 0.75
"""How soon more of a word says nothing more, and how much a long page has to have more of it."""

SHARE = 0.5
"""The power of the share of the words that a page has, where it need not have all."""

COMMON = 4
"""A little word that more than one page in so many has tells nothing."""

BEST = 300
"""Words in a row are looked for on so many of the best pages."""

SPARSE = 6
"""Lists that are so many times shorter than that of all documents are merged by sorting."""

FEW = 16
"""So many times fewer documents are looked up one by one instead of walking through a list."""

ON_PAGE = frozenset({"heading", "body", "notes"})
"""The fields that are of a page itself and not of its asset."""

Steps: TypeAlias = "tuple[tuple[int, tuple[bytes, ...]], ...]"
Fields: TypeAlias = "tuple[tuple[str, tuple[Steps, ...], float], ...]"


class Counted(NamedTuple):
    """How often a word stands in one field: documents, counts, and the field's boost.

    Where it stands for several terms, ``ids`` may be those of one term after the other: they are
    not ``distinct`` then, and do not ascend.
    """

    field: str
    ids: Ids
    counts: NDArray[Any]
    boost: float
    distinct: bool = True


class Blend(wq.Query):  # type: ignore[misc]
    """A word or a phrase in several fields, weighed once for all of them."""

    boost = 1.0

    def __init__(
        self, fields: Iterable[tuple[str, Iterable[Iterable[tuple[int, Iterable[bytes]]]], float]],
        slop: int = 1,
    ) -> None:  # fmt: skip
        """Take the field, the forms in which it may stand there as steps, and the boost of each."""
        self.fields: Fields = tuple(
            (name, tuple(tuple((at, tuple(sorted(t))) for at, t in form) for form in forms), boost)
            for name, forms, boost in fields
        )
        self.slop = slop
        self.key = (self.fields, slop)
        forms = [form for _, each, _ in self.fields for form in each]
        self.plain = all([len(form) == 1 for form in forms])
        """Whether every form is one step: a word without parts."""
        self.single = self.plain and len(forms) == len(self.fields)
        """Whether it is plain and has one form in each field."""

    @property
    def widest(self) -> int:
        """The number of terms that the widest step stands for."""
        return max(len(terms) for _, forms, _ in self.fields for form in forms for _, terms in form)


class Ways(wq.Query):  # type: ignore[misc]
    """Several ways to say one thing, each with how much it counts: the best one is the score.

    A way that is rarer than the first one that is found at all counts no more than that one would.
    """

    boost = 1.0

    def __init__(self, parts: Iterable[tuple[Any, float]]) -> None:
        """Take (query, how much it counts) pairs."""
        self.parts = tuple(parts)


class Most(wq.Query):  # type: ignore[misc]
    """Any of the parts: the sum of their scores times a power of the share of them that is there.

    Each part weighs its inverse frequency in the share; a way that counts less is less of it. A
    document with none of the parts is not found, whatever it has of the ``little`` ones, unless no
    document has any part.
    """

    boost = 1.0

    def __init__(
        self, parts: Iterable[Any], little: Iterable[Any] = (), weight: float = 0.5
    ) -> None:
        """Take the queries, and how much the little ones count."""
        self.parts, self.little, self.weight = tuple(parts), tuple(little), weight


class InRow(wq.Query):  # type: ignore[misc]
    """A query whose best pages count more where words of it stand in a row."""

    boost = 1.0

    def __init__(
        self, part: Any, rows: Iterable[tuple[Blend, tuple[Any, ...]]], weight: float
    ) -> None:
        """Take the query, for each row the words at their distances and the single words, and
        how much a row counts of the weight of the rarer word."""
        self.part, self.rows, self.weight = part, tuple(rows), weight


def inverse(count: int, frequency: int) -> float:
    """Return the inverse document frequency of what ``frequency`` of ``count`` pages have."""
    return log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def blend(snapshot: Snapshot, node: Blend) -> Hits:
    """Documents with the word in any field."""
    found = snapshot.kept(node.key)
    if found is None:
        found = _weighed(snapshot, _counted(snapshot, node))
        snapshot.keep(node.key, found)
    return found


def _counted(snapshot: Snapshot, node: Blend) -> Sequence[Counted]:
    """Return what is counted in every field that has any; it is kept for a while."""
    found = snapshot.counted.get(node.key)
    if found is None:
        found = tuple(_count(snapshot, node))
        snapshot.counted.put(node.key, found)
    return found


def bytes_of(counted: Sequence[Counted]) -> int:
    """Return the bytes that counts take."""
    return sum(each.ids.nbytes + each.counts.nbytes for each in counted)


def _count(snapshot: Snapshot, node: Blend) -> Iterator[Counted]:
    if node.single:
        found = snapshot.gathered([(name, forms[0][0][1]) for name, forms, _ in node.fields])
        for (ids, counts, distinct), (name, _, boost) in zip(found, node.fields, strict=True):
            if not distinct and len(ids) * SPARSE < snapshot.count:
                ids, counts = together(ids, counts, snapshot.count)
                distinct = True
            if len(ids):
                yield Counted(name, ids, counts, boost, distinct)
        return
    for name, forms, boost in node.fields:
        parts = [_of_form(snapshot, name, form, node.slop) for form in forms]
        parts = [part for part in parts if len(part[0])]
        if parts:
            yield Counted(name, *_most(snapshot, parts), boost)


def _of_form(snapshot: Snapshot, name: str, form: Steps, slop: int) -> tuple[Ids, NDArray[Any]]:
    if len(form) == 1:
        return snapshot.counts([(name, form[0][1])])[0]
    return near.standing(snapshot, name, form, slop)


def _most(
    snapshot: Snapshot, parts: Sequence[tuple[Ids, NDArray[Any]]]
) -> tuple[Ids, NDArray[Any]]:
    """Return the documents of all parts, with the highest count that one part has."""
    if len(parts) == 1:
        return parts[0]
    sums = snapshot.sums
    for ids, counts in parts:
        sums[ids] = np.maximum(sums[ids], counts)
    every = snapshot.union([ids for ids, _ in parts])
    counts = sums[every]
    sums[every] = 0
    return every, counts


def _weighed(snapshot: Snapshot, counted: Sequence[Counted], only: Ids | None = None) -> Hits:
    """Weigh what was counted; ``only`` is a list of documents of which alone to tell.

    Of how many pages have the word, the field tells that has it most often.
    """
    if not counted:
        return NOTHING
    if all(each.distinct for each in counted):
        weight = inverse(snapshot.count, max(len(each.ids) for each in counted))
        ids, amounts = _added(snapshot, counted, only)
    else:
        ids, amounts, frequency = _spread(snapshot, counted, only)
        weight = inverse(snapshot.count, frequency)
    return Hits(ids, _saturated(snapshot, ids, amounts, weight))


def _added(snapshot: Snapshot, counted: Sequence[Counted], only: Ids | None) -> tuple[Ids, Floats]:
    """Return the documents and the counts times boost, added up over the fields."""
    if only is not None:
        counted = _within(snapshot, counted, only)
    elif len(counted) == 1:
        (each,) = counted
        return each.ids, each.counts.astype(np.float32) * np.float32(each.boost)
    sums = snapshot.sums
    for each in counted:
        sums[each.ids] += each.counts * np.float32(each.boost)
    ids = snapshot.union([each.ids for each in counted]) if only is None else only
    amounts = sums[ids]
    sums[ids] = 0
    return ids, amounts


def _spread(
    snapshot: Snapshot, counted: Sequence[Counted], only: Ids | None
) -> tuple[Ids, Floats, int]:
    """Return the same of long lists, and how many documents the widest field has.

    They are added up at their places among all documents: to merge them takes longer.
    """
    total = np.zeros(snapshot.count)
    frequency = 0
    for each in counted:
        if each.distinct:
            total[each.ids] += each.counts * each.boost
            frequency = max(frequency, len(each.ids))
        else:
            own = np.bincount(each.ids, each.counts, snapshot.count)
            frequency = max(frequency, int(np.count_nonzero(own)))
            total += own if each.boost == 1.0 else own * each.boost
    ids = total.nonzero()[0] if only is None else only
    return ids, total[ids].astype(np.float32), frequency


def _within(snapshot: Snapshot, counted: Sequence[Counted], only: Ids) -> list[Counted]:
    """Return what was counted in some documents, which ascend."""
    seen, found = snapshot.seen, []
    seen[only] = True
    for each in counted:
        if len(only) * FEW < len(each.ids):
            at = np.searchsorted(each.ids, only)
            at[at == len(each.ids)] = 0
            kept = at[each.ids[at] == only]
        else:
            kept = seen[each.ids].nonzero()[0]
        found.append(each._replace(ids=each.ids[kept], counts=each.counts[kept]))
    seen[only] = False
    return found


def _saturated(snapshot: Snapshot, ids: Ids, amounts: Floats, weight: float) -> Floats:
    below = snapshot.long[ids]
    below += amounts
    amounts *= np.float32(weight * (K + 1))
    amounts /= below
    return amounts


def words_of(node: Any) -> tuple[Blend, ...]:
    """Return a word, or the ways to say it that all count fully; nothing when it is another thing.

    Such ways are a word and what begins with it: no later one is rarer than the first.
    """
    parts = _distinct(node.parts) if type(node) is Ways else ((node, 1.0),)
    if all(type(part) is Blend and trust == 1.0 and part.plain for part, trust in parts):
        return tuple(part for part, _ in parts)
    return ()


def is_wide(snapshot: Snapshot, node: Any, most: int) -> bool:
    """Return whether a beginning of more than ``most`` words is in this and not weighed yet."""
    if type(node) is Ways:
        plain = all(type(part) is Blend and trust == 1.0 for part, trust in node.parts)
        return plain and any(is_wide(snapshot, part, most) for part, _ in node.parts)
    return (
        type(node) is Blend
        and node.plain
        and node.widest > most
        and snapshot.kept(node.key) is None
    )


def narrowed(snapshot: Snapshot, hits: Hits, node: Any) -> Hits:
    """Documents of the hits that a wide word finds too, weighing only those."""
    if not len(hits.ids):
        return NOTHING
    best = np.zeros(len(hits.ids), np.float32)
    for part, trust in _distinct(node.parts) if type(node) is Ways else ((node, 1.0),):
        found = _weighed(snapshot, _counted(snapshot, part), hits.ids)
        if len(found.ids):
            np.maximum(best, found.scores * np.float32(trust), out=best)
    keep = best > 0
    return Hits(hits.ids[keep], hits.scores[keep] + best[keep])


def on_page(snapshot: Snapshot, hits: Hits, words: Sequence[Any]) -> Hits:
    """Those of some hits that say one of the words on the page itself, which weighs once more."""
    more = np.zeros(len(hits.ids), np.float32)
    for word in words:
        more += _said(snapshot, hits.ids, word)
    keep = more > 0
    return Hits(hits.ids[keep], hits.scores[keep] + more[keep])


def _said(snapshot: Snapshot, only: Ids, node: Any) -> Floats:
    """Return what a word weighs on each of some documents themselves, 0 where it is not there."""
    if type(node) is Blend:
        own = [each for each in _counted(snapshot, node) if each.field in ON_PAGE]
        return _weighed(snapshot, own, only).scores if own else np.zeros(len(only), np.float32)
    if type(node) is wq.And:
        parts = [_said(snapshot, only, part) for part in node.subqueries]
        return np.where(np.minimum.reduce(parts) > 0, sum(parts), np.float32(0))
    return np.zeros(len(only), np.float32)


def ways(snapshot: Snapshot, node: Ways) -> Hits:
    """Documents that any way finds, with the best of the scores."""
    found = _found(snapshot, node)
    if all(trust == 1.0 for _, trust in found):
        if len(found) == 1:
            return found[0][0]
        if len(found) == 2 and (best := _wider(*[hits for hits, _ in found])) is not None:
            return best
    return _best_way(snapshot, found)[0]


def _wider(one: Hits, other: Hits) -> Hits | None:
    """Return the second hits with the scores of the first where those are higher.

    None where the first has other documents or is not far shorter: a word and what begins with it.
    """
    if len(one.ids) * FEW > len(other.ids):
        return None
    at = np.searchsorted(other.ids, one.ids)
    at[at == len(other.ids)] = 0
    if not (other.ids[at] == one.ids).all():
        return None
    scores = other.scores.copy()
    scores[at] = np.maximum(scores[at], one.scores)
    return Hits(other.ids, scores)


def _found(snapshot: Snapshot, node: Any) -> list[tuple[Hits, float]]:
    """Return what each way finds that finds anything, and how much it counts."""
    parts = _distinct(node.parts) if type(node) is Ways else ((node, 1.0),)
    every = [(snapshot.found(part), trust) for part, trust in parts]
    return [(hits, trust) for hits, trust in every if len(hits.ids)]


def _distinct(parts: Sequence[tuple[Any, float]]) -> Sequence[tuple[Any, float]]:
    """Return the ways without those that are one before and count no more: a word and what begins
    with it often are the same terms."""
    kept: dict[Any, tuple[Any, float]] = {}
    for part, trust in parts:
        key = part.key if type(part) is Blend else id(part)
        if key not in kept or kept[key][1] < trust:
            kept[key] = (part, trust)
    return tuple(kept.values())


def _best_way(
    snapshot: Snapshot, found: Sequence[tuple[Hits, float]]
) -> tuple[Hits, Floats | float, float]:
    """Return the documents of all ways with their best scores, how much they count, the weight.

    How much they count is one number where it is the same of all.
    """
    if not found:
        return NOTHING, 0.0, inverse(snapshot.count, 0)
    first, trust = found[0]
    weight = inverse(snapshot.count, len(first.ids))
    if len(found) == 1:
        scores = first.scores if trust == 1.0 else first.scores * np.float32(trust)
        return Hits(first.ids, scores), trust, weight
    best, sure = np.zeros(snapshot.count, np.float32), np.zeros(snapshot.count, np.float32)
    for hits, trust in found:
        capped = trust * min(1.0, weight / inverse(snapshot.count, len(hits.ids)))
        best[hits.ids] = np.maximum(best[hits.ids], hits.scores * np.float32(capped))
        sure[hits.ids] = np.maximum(sure[hits.ids], np.float32(trust))
    ids = snapshot.union([hits.ids for hits, _ in found])
    return Hits(ids, best[ids]), sure[ids], weight


def most(snapshot: Snapshot, node: Most) -> Hits:
    """Documents with any part, those with more of them first."""
    scores, shares = np.zeros(snapshot.count, np.float32), np.zeros(snapshot.count, np.float32)
    whole, lists = 0.0, []
    little = [part for part in node.little if _tells(snapshot, part)]
    for at, part in enumerate((*node.parts, *little)):
        counts = 1.0 if at < len(node.parts) else node.weight
        hits, sure, weight = _best_way(snapshot, _found(snapshot, part))
        whole += weight * counts
        if len(hits.ids):
            scores[hits.ids] += hits.scores if counts == 1.0 else hits.scores * np.float32(counts)
            shares[hits.ids] += np.float32(weight * counts) * np.float32(sure)
            if at < len(node.parts):
                lists.append(hits.ids)
    if not lists:
        return most(snapshot, Most(node.little)) if node.little else NOTHING
    ids = snapshot.union(lists)
    return Hits(ids, scores[ids] * (shares[ids] / np.float32(whole)) ** SHARE)


def _tells(snapshot: Snapshot, node: Any) -> bool:
    """Return whether a little word is rare enough to tell anything: not "the"."""
    return bool(snapshot.size(node) * COMMON <= snapshot.count)


def in_row(snapshot: Snapshot, node: InRow) -> Hits:
    """Documents of the query, the best of them weighed up where words of it stand in a row."""
    hits = snapshot.found(node.part)
    if not len(hits.ids) or not node.rows:
        return hits
    at = _best(hits.scores)
    among, more = hits.ids[at], np.zeros(len(at), np.float32)
    for row, singles in node.rows:
        amounts = np.zeros(len(at), np.float32)
        for name, forms, boost in row.fields:
            for form in forms:
                ids, counts = near.standing(snapshot, name, form, within=among)
                amounts[np.searchsorted(among, ids)] += counts * np.float32(boost)
        weight = max((_weight(snapshot, single) for single in singles), default=0.0)
        more += _saturated(snapshot, among, amounts, weight * node.weight)
    scores = hits.scores.copy()
    scores[at] += more
    return Hits(hits.ids, scores)


def _best(scores: Floats) -> NDArray[np.int64]:
    """Return the places of the best scores, ascending."""
    if len(scores) <= BEST:
        return np.arange(len(scores))
    at = np.argpartition(scores, len(scores) - BEST)[len(scores) - BEST :]
    at.sort()
    return at


def _weight(snapshot: Snapshot, node: Any) -> float:
    """Return the inverse frequency of a word, 0 when finding that out would cost too much."""
    if is_wide(snapshot, node, 0) or not (found := len(snapshot.found(node).ids)):
        return 0.0
    return inverse(snapshot.count, found)
