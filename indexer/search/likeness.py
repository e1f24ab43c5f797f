"""The words of some texts that tell most about them, as a query for what is like them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log
from typing import TYPE_CHECKING, Any

from indexer.search import text as words
from indexer.search.schema import BOOSTS
from indexer.search.whooshed import query as wq

if TYPE_CHECKING:
    from indexer.search.executor import Snapshot

MOST_WORDS = 25
_MOST_SIGNS = 60_000
_AROUND = ".,;:!?()[]\"'"
_FIELDS = ("title", "heading", "body")


def query(snapshot: Snapshot, texts: Iterable[str], language: str | None) -> Any:
    """Return the query for any of the texts' words that tell most.

    A word is weighed by how often it stands in the texts times the inverse of how many pages have
    it; words on fewer than two pages or on more than a quarter of all say nothing about likeness.
    """
    from indexer.search.plan import Anywhere

    tables = [segment.table("body") for segment in snapshot.segments]
    weighed = []
    for stem, count in _stems(snapshot, texts, language).items():
        pages = 0
        for table in tables:
            row = table.row(stem)
            if row is not None:
                pages += int(table.frequency[row])
        if 2 <= pages <= max(8, snapshot.count // 4):
            weighed.append((count * log(snapshot.count / pages + 1), stem))
    weighed.sort(reverse=True)
    best = weighed[:MOST_WORDS]
    if not best:
        return wq.NullQuery
    top = best[0][0]
    return wq.Or(
        [
            Anywhere((name, (stem,), BOOSTS[name] * weight / top) for name in _FIELDS)
            for weight, stem in best
        ]
    )


def _stems(snapshot: Snapshot, texts: Iterable[str], language: str | None) -> Counter[bytes]:
    """Count the stems of the first pages of some texts; numbers and stop words are left out.

    Words are looked up as they were indexed: stemming them anew would take most of the time.
    """
    stop = words.stop_words(language)
    counts: Counter[str] = Counter()
    signs = 0
    for text in texts:
        counts.update(words.clean(text).split())
        signs += len(text)
        if signs > _MOST_SIGNS:
            break
    surfaces: Counter[str] = Counter()
    for run, count in counts.items():
        bare = run.strip(_AROUND)
        if bare.isascii() and bare.isalpha():
            surfaces[bare] += count
            continue
        for chain in words.chains(run):
            for part in words.cut(chain).parts:
                surfaces[words.fold(part)] += count
    out: Counter[bytes] = Counter()
    often = [pair for pair in surfaces.items() if pair[1] > 1]
    for surface, count in often if len(often) > 2 * MOST_WORDS else surfaces.items():
        if len(surface) > 2 and surface not in stop and not surface[0].isdigit():
            for stem in _known(snapshot, surface):
                out[stem] += count
    return out


def _known(snapshot: Snapshot, surface: str) -> set[bytes]:
    found = set()
    for segment in snapshot.segments:
        row = segment.surface_rows.get(surface)
        if row is not None:
            found.add(segment.stems[row])
    return found
