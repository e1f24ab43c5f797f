"""The same keystrokes through the product: ``Finder.find`` on a library's record and index."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.clock import now_ms, uuid7
from app.finding import facts
from app.finding.find import Finder
from app.indexing.feeding import Feeder
from app.paths import LibraryPaths
from app.rows import FindSpec
from app.store.engine import open_store
from app.store.logs import SearchEvent, UsageEvent
from app.store.tables import Asset, Page, PageText
from tests.bench.scale_engines import TOP, Ask

FILTERS = (("persona", ("finance", "it")), ("stage", ("evaluate", "explore")))
WINDOW = 25
"""Rows that a window asks for at most while one types (``ui.pages.find.search.FIRST``)."""


class Product:
    """The library of one size."""

    name = "product"

    def __init__(self, folder: Path) -> None:
        """Open the library as the window does."""
        self.store = open_store(LibraryPaths(folder / "library"))
        self.feed()
        self.finder = Finder(self.store, self.store.paths.index, self.store.settings)
        self.finder.find(FindSpec())
        self.searcher = self.finder._open()
        self.searcher.warm()

    def feed(self) -> None:
        """Bring the index up to the record."""
        feeder = Feeder(self.store, self.store.paths.index)
        feeder.apply()
        while feeder.tidy():
            pass
        feeder.close()

    def forget(self) -> None:
        """Empty what is kept between queries."""
        self.searcher.forget()
        with self.store.read() as session:
            facts.forget(session)

    def keystroke(self, ask: Ask) -> Any:
        """What the window does at a keystroke, for 20 rows."""
        return self.finder.find(FindSpec(" ".join(ask.words), limit=TOP))

    def variants(self) -> dict[str, tuple[Callable[[], object], Callable[[Ask], object]]]:
        """Other ways to ask, each with what happens before it."""

        def ask(**facts: Any) -> Callable[[Ask], object]:
            spec = FindSpec(limit=TOP, **facts)
            return lambda each: self.finder.find(replace(spec, text=" ".join(each.words)))

        def typed(each: Ask) -> object:
            return self.finder.find(FindSpec("persona:finance " + " ".join(each.words), limit=TOP))

        def nothing() -> None:
            return None

        return {
            "as many rows as the window asks for": (
                nothing,
                lambda each: self.finder.find(FindSpec(" ".join(each.words), limit=WINDOW)),
            ),
            "two filters": (nothing, ask(filters=FILTERS)),
            "a condition typed before it": (nothing, typed),
            "newest first": (nothing, ask(sort="newest")),
            "most used first": (nothing, ask(sort="used")),
            "by title": (nothing, ask(sort="title")),
            "plain text order": (nothing, ask(sort="text")),
            "after a search has settled": (self._search, self.keystroke),
            "after a deed": (self._deed, self.keystroke),
            "after an asset has changed and was indexed": (self._change, self.keystroke),
        }

    def _search(self) -> None:
        now = now_ms()
        with self.store.write() as session:
            session.add(
                SearchEvent(
                    uid=uuid7(), person_id=1, at=now, query="a", norm="a", filters={}, n_results=20,
                    top_ids=list(range(1, 21)),
                )
            )  # fmt: skip

    def _deed(self) -> None:
        with self.store.write() as session:
            session.add(UsageEvent(uid=uuid7(), kind="open", asset_id=7, person_id=2, at=now_ms()))

    def _change(self) -> None:
        """Change an asset and have it indexed: what waits for the index is asked of the record."""
        with self.store.write() as session:
            session.get_one(Asset, 9).review_due_at = now_ms()
        self.feed()

    def updates(self, times: int) -> list[Callable[[], None]]:
        """Calls that each have a changed asset indexed by the feeder and found; see ``close``."""
        feeder = self.feeder = Feeder(self.store, self.store.paths.index)
        run = uuid7().hex

        def once(at: int) -> None:
            feeder.apply()
            found = self.finder.find(FindSpec(f"zq{run}x{at}", limit=TOP, exact=True))
            assert [hit.asset_id for hit in found.hits] == [at + 1]

        def make(at: int) -> Callable[[], None]:
            def call() -> None:
                once(at)

            call.before = lambda: self._rewrite(at + 1, f"zq{run}x{at}")  # type: ignore[attr-defined]
            return call

        return [make(at) for at in range(times)]

    def _rewrite(self, asset: int, word: str) -> None:
        """Put a word on each of the asset's first twelve pages; older such words go."""
        with self.store.write() as session:
            held = session.get_one(Asset, asset)
            pages = session.scalars(
                select(Page).where(Page.version_id == held.current_version_id, Page.page_no <= 12)
            ).all()
            for page in pages:
                text = session.get_one(PageText, page.sha)
                kept = [each for each in text.body.split(" ") if not each.startswith("zq")]
                body = " ".join([*kept, word])
                sha = hashlib.blake2b(f"{text.heading}\0{body}".encode(), digest_size=16).digest()
                if session.get(PageText, sha) is None:
                    session.add(PageText(sha=sha, heading=text.heading, body=body, notes=""))
                    session.flush()
                page.sha = sha
            held.updated_at = now_ms()

    def close(self) -> None:
        """Let everything go."""
        if hasattr(self, "feeder"):
            self.feeder.close()
        self.finder.close()
        self.store.close()
