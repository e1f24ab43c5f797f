"""The search itself: words to pages, pages to assets, blended, filtered, counted and explained."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.clock import now_ms
from app.finding import (
    columns,
    completion,
    evidence,
    found_pages,
    help,
    hits,
    language,
    ranking,
    recent,
    related,
    saved,
)
from app.finding import waiting as waiting_
from app.finding.choices import all_of, choices, counts, merged
from app.finding.columns import Columns, Sight
from app.finding.conditions import mask as met_by
from app.finding.keeping import Keeper
from app.finding.matching import Answer, Matched, answer, everything, page_bounds
from app.finding.snapshot import Snapshot, Stamp
from app.finding.widening import Weights
from app.rows import (
    Completion,
    FindResult,
    FindSpec,
    PageHit,
    PagesFound,
    RecentSearch,
    SavedSearch,
)
from app.rows.found import Evidence, Related
from app.settings import Settings
from app.store import feed, people
from app.store.engine import Store
from indexer.search import state
from indexer.search.query import And, Everything, Node
from indexer.search.reader import IndexMissing, Searcher

log = logging.getLogger("deckhand.finding")


class Finder:
    """Searches one library. Safe to call from several threads; holds a snapshot and a searcher."""

    def __init__(self, store: Store, index: Path, settings: Settings) -> None:
        self._store = store
        self._index = index
        self._settings = settings
        self._lock = threading.Lock()
        self._keeper = Keeper(settings)
        self._recents = recent.Kept()
        self._columns: Columns | None = None
        self._searcher: Searcher | None = None
        self._waiting: waiting_.Waiting | None = None
        self._latest: tuple[tuple[str, bool, Stamp], Answer] | None = None

    def close(self) -> None:
        """Release the index files."""
        with self._lock:
            if self._searcher is not None:
                self._searcher.close()
                self._searcher = None

    def find(self, spec: FindSpec) -> FindResult:
        """Answer one search; see ``rows.FindResult``."""
        begun = time.perf_counter()
        with self._store.read() as session:
            snapshot = self._keeper.fresh(session)
            sight = self._sight(session, snapshot, spec.text)
            parsed = language.parse(spec.text, snapshot.vocabulary, exact=spec.exact, known=sight)
            found = self._match(session, parsed, spec.text, snapshot)
            self._latest = (spec.text, spec.exact, snapshot.stamp), found
            return self._answer(session, spec, snapshot, parsed, sight, found, begun)

    def _answer(
        self,
        session: Session,
        spec: FindSpec,
        snapshot: Snapshot,
        parsed: language.Parsed,
        sight: Sight | None,
        found: Answer,
        begun: float,
    ) -> FindResult:
        matched = found.matched
        hit_by_words = np.zeros(len(snapshot.ids), bool)
        hit_by_words[matched.rows] = True
        asked, spec = spec, replace(spec, filters=merged(spec.filters, parsed.filters))
        chosen_of = choices(snapshot, spec.filters)
        typed = [met_by(condition, sight) for condition in parsed.conditions] if sight else []
        met = np.logical_and.reduce(typed) if typed else np.ones(len(snapshot.ids), bool)
        wanted = all_of(chosen_of, len(snapshot.ids)) & met
        chosen = np.flatnonzero(wanted[matched.rows])
        order = _order(spec.sort, snapshot, matched, chosen, spec.skip + spec.limit)[spec.skip :]
        shown = hits.build(
            session, self._settings, snapshot, matched, order, partial(self._own_pages, found)
        )
        empty = not len(chosen)
        # What was found by a guess, or by some of the words, does not have the words.
        said = not found.suggestion and not found.some
        return FindResult(
            spec=spec, understood=parsed.understood, hits=shown, total=len(chosen),
            exact=matched.exact, took_ms=(time.perf_counter() - begun) * 1000,
            facets=counts(snapshot, chosen_of, hit_by_words & met),
            relaxed="" if empty else found.relaxed,
            suggestion=(
                self._guess(session, asked, snapshot, found) if empty else _other(found, asked)
            ),
            limited=found.limited, filtered_out=len(matched.rows) if empty and said else 0,
            terms=matched.terms, parts=parsed.parts,
            without=help.without(asked, parsed, snapshot, typed, matched.rows) if empty else (),
            elsewhere=help.elsewhere(snapshot, matched, wanted, parsed),
        )  # fmt: skip

    def pages(self, spec: FindSpec, asset_ids: Sequence[int]) -> tuple[PagesFound, ...]:
        """The pages on which themselves the words stand; none while there is no index."""
        with self._store.read() as session:
            return self._pages(self._found(session, spec), asset_ids)

    def page_hits(self, spec: FindSpec, asset_id: int) -> tuple[PageHit, ...]:
        """What the pages of an asset say on which the words stand."""
        with self._store.read() as session:
            found = self._found(session, spec)
            pages = self._pages(found, [asset_id])[0].pages
            return found_pages.page_hits(session, asset_id, pages, found.matched.terms)

    def _pages(self, found: Answer, asset_ids: Sequence[int]) -> tuple[PagesFound, ...]:
        searcher = self._words() if found.ways else None
        if searcher is None:
            return tuple(PagesFound(asset, ()) for asset in asset_ids)
        # Of what waits to be indexed the index knows the pages as they were.
        stale = set(self._waiting.ids.tolist()) if self._waiting is not None else set()
        known = [asset for asset in asset_ids if asset not in stale]
        told = {one.asset_id: one for one in found_pages.pages_of(searcher, found, known)}
        return tuple(told.get(asset, PagesFound(asset, ())) for asset in asset_ids)

    def evidence(self, spec: FindSpec, asset_id: int, page: int) -> Evidence:
        """What the rank of an asset in a search rests on."""
        with self._store.read() as session:
            snapshot = self._keeper.fresh(session)
            parsed = language.parse(spec.text, snapshot.vocabulary, exact=True)
            return evidence.evidence(session, self._settings, parsed, self._words(), asset_id, page)

    def related(self, asset_id: int) -> Related:
        """What is most like an asset."""
        with self._store.read() as session:
            snapshot = self._keeper.fresh(session)
            return related.related(session, snapshot, self._words(), asset_id)

    def _own_pages(self, found: Answer, asset_ids: list[int]) -> dict[int, int]:
        searcher = self._words() if found.ways else None
        return {} if searcher is None else found_pages.best_of(searcher, found, asset_ids)

    def _found(self, session: Session, spec: FindSpec) -> Answer:
        """What a search finds; that of the last one, which is asked about most, is known."""
        snapshot = self._keeper.fresh(session)
        key = (spec.text, spec.exact, snapshot.stamp)
        if self._latest is not None and self._latest[0] == key:
            return self._latest[1]
        sight = self._sight(session, snapshot, spec.text)
        parsed = language.parse(spec.text, snapshot.vocabulary, exact=spec.exact, known=sight)
        return self._match(session, parsed, spec.text, snapshot)

    def complete(self, text: str, cursor: int) -> tuple[Completion, ...]:
        """How the text could go on at the cursor; see ``completion.complete``."""
        with self._store.read() as session:
            # A snapshot that is behind by a change does for completing, and costs nothing.
            snapshot = self._keeper.newest or self._keeper.fresh(session)
            sources = completion.Sources(
                snapshot.vocabulary.facets,
                lambda: [name for _, name in self._known(session, snapshot).people],
                lambda: self._folders(session, snapshot),
                lambda: self._recent(session), self._words(), lambda: self._saved(session),
            )  # fmt: skip
            return completion.complete(text, cursor, sources)

    def _folders(self, session: Session, snapshot: Snapshot) -> list[str]:
        places = Sight(self._known(session, snapshot), session).places()
        return sorted(places.folders, key=str.casefold)

    def _words(self) -> Searcher | None:
        try:
            searcher = self._open()
        except IndexMissing:
            return None
        # One that was cut short meanwhile the next search lets go.
        return searcher if searcher.is_whole() else None

    def _recent(self, session: Session) -> tuple[RecentSearch, ...]:
        return self._recents.of_me(session, self._settings)

    def _saved(self, session: Session) -> tuple[SavedSearch, ...]:
        me = people.me(session, self._settings)
        return saved.listing(session, me.id) if me is not None else ()

    # ---- the two caches ------------------------------------------------------------------

    def _open(self) -> Searcher:
        with self._lock:
            if self._searcher is None:
                self._searcher = Searcher.open(self._index)
            else:
                self._searcher.reopen()
            return self._searcher

    def _sight(self, session: Session, snapshot: Snapshot, text: str) -> Sight | None:
        """The columns for typed conditions; they are not read for plain words."""
        if ":" not in text and "：" not in text:
            return None
        return Sight(replace(self._known(session, snapshot), now=now_ms()), session)

    def _known(self, session: Session, snapshot: Snapshot) -> Columns:
        known = self._columns
        if known is None or known.snapshot.catalogue is not snapshot.catalogue:
            known = self._columns = columns.read(session, self._settings, snapshot, now_ms())
        elif known.snapshot is not snapshot:
            known = self._columns = columns.used_anew(known, snapshot)
        return known

    # ---- words to assets -----------------------------------------------------------------

    def _match(
        self, session: Session, parsed: language.Parsed, text: str, snapshot: Snapshot
    ) -> Answer:
        """The assets that match the words."""
        if parsed.node is None and not parsed.pages:
            return Answer(everything(snapshot))
        node = _whole(parsed)
        try:
            searcher = self._open()
            waiting = self._waits(session, snapshot, searcher.applied)
            found = answer(searcher, parsed, text, snapshot, Weights.of(self._settings))
        except IndexMissing as problem:
            log.info("searching without the index: %s", problem)
            self._let_go()
            return waiting_.from_record(session, snapshot, node, self._index)
        if len(waiting.ids):
            found = waiting_.completed(session, snapshot, node, found, waiting, self._index)
        titled = snapshot.catalogue.titled
        named = ranking.named(text, snapshot.titles, titled, found.matched.rows)
        return replace(found, matched=replace(found.matched, named=named))

    def _waits(self, session: Session, snapshot: Snapshot, applied: int) -> waiting_.Waiting:
        """What the index does not hold yet. Raises IndexMissing when it is of another record."""
        known = self._waiting
        if known is None or known[:2] != (snapshot.stamp.changes, applied):
            known = self._waiting = waiting_.read(session, snapshot, applied)
            if applied > feed.last_indexed(session):
                # It may have been committed since this session began; what is in no session is
                # of a record that was put back from a copy.
                with self._store.read() as later:
                    if applied > feed.last_indexed(later):
                        self._waiting = None
                        raise IndexMissing("The search index is not of this record.")
        return known

    def _let_go(self) -> None:
        """Open the index anew next time, and have whoever writes it look at it."""
        with self._lock:
            self._searcher = None
        state.doubt(self._index)

    def _guess(self, session: Session, asked: FindSpec, snapshot: Snapshot, found: Answer) -> str:
        """A text near the one asked for that finds something, filters and all; or ""."""
        guesses = dict.fromkeys((self._suggestion(asked), _other(found, asked)))
        return next(
            (one for one in guesses if one and self._finds(session, asked, snapshot, one)), ""
        )

    def _finds(self, session: Session, asked: FindSpec, snapshot: Snapshot, text: str) -> bool:
        """Whether a text itself, and no other guess, finds something with the same filters."""
        sight = self._sight(session, snapshot, text)
        parsed = language.parse(text, snapshot.vocabulary, exact=True, known=sight)
        found = self._match(session, parsed, text, snapshot)
        filters = merged(asked.filters, parsed.filters)
        wanted = all_of(choices(snapshot, filters), len(snapshot.ids))
        if sight is not None:
            for condition in parsed.conditions:
                wanted = wanted & met_by(condition, sight)
        return not found.suggestion and bool(wanted[found.matched.rows].any())

    def _suggestion(self, spec: FindSpec) -> str:
        """The text with each unknown word replaced by a known one near it, or ""."""
        try:
            searcher = self._open() if spec.text.strip() else None
        except IndexMissing:
            return ""
        if searcher is None:
            return ""
        better = _WORD.sub(lambda word: searcher.suggest(word[0]) or word[0], spec.text)
        return better if better.casefold() != spec.text.casefold() else ""


_WORD = re.compile(r"(?<![\w:-])[^\W\d_]+(?![\w:*])")
"""A word by itself or in quotes; not a field, what belongs to one, or what is excluded."""


def _other(found: Answer, asked: FindSpec) -> str:
    """The corrected text, where it is another one: that of a field stays as it was typed."""
    return found.suggestion if found.suggestion != " ".join(asked.text.split()) else ""


def _whole(parsed: language.Parsed) -> Node:
    """Everything that is asked of a page, as one tree."""
    return And((parsed.node or Everything(), *page_bounds(parsed.pages)))


def _order(
    sort: str, snapshot: Snapshot, matched: Matched, chosen: NDArray[Any], most: int
) -> NDArray[np.int64]:
    """Positions in ``matched`` of the ``most`` best chosen assets, best first; ties by id."""
    rows = matched.rows[chosen]
    if sort == "newest":
        key = -snapshot.catalogue.newest[rows].astype(float)
    elif sort == "used":
        key = -(snapshot.users[rows] * 1e6 + snapshot.uses[rows]).astype(float)
    elif sort == "title":
        key = snapshot.catalogue.by_title[rows].astype(float)
    elif sort == "text":
        key = -matched.scores[chosen]
    else:
        sunk = snapshot.catalogue.sunk[rows]
        key = -(matched.scores[chosen] * snapshot.boost[rows] * sunk)
        if matched.named:
            key -= 1e9 * ranking.first(matched.named, rows, sunk)
    key = np.round(key, 6)
    if len(key) > most > 0:
        # All that may come among the first, ties of the last of them included.
        near = np.flatnonzero(key <= np.partition(key, most - 1)[most - 1])
        chosen, rows, key = chosen[near], rows[near], key[near]
    return np.asarray(chosen[np.lexsort((snapshot.ids[rows], key))])[:most]
