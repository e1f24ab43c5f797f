"""A small real library with an index: documents, tags, deeds, and a way to ask."""

from __future__ import annotations

import hashlib
from typing import Any

from app.finding.find import Finder
from app.indexing.feeding import Feeder
from app.rows import FindResult, FindSpec
from app.store.tables import Asset, AssetVersion, Page, PageText
from tests.unit.usage.world import World


class Shelf:
    """Documents in a world, indexed when they are asked for."""

    def __init__(self, lib: World) -> None:
        self.lib = lib
        self.index = lib.folder / "library" / "index"
        self.finder = Finder(lib.store, self.index, lib.settings)

    def put(
        self, name: str, *pages: str, notes: str = "", version: Any = None, **facts: Any
    ) -> int:
        """Enter a document with a page per text; ``version`` are facts of its content."""
        asset_id = self.lib.asset(name, data=name.encode(), **facts)
        with self.lib.write() as session:
            asset = session.get_one(Asset, asset_id)
            held = session.get_one(AssetVersion, asset.current_version_id)
            held.page_count = len(pages)
            for key, value in (version or {}).items():
                setattr(held, key, value)
            for number, text in enumerate(pages, 1):
                sha = hashlib.sha256(f"{name}{number}".encode()).digest()[:16]
                session.add(PageText(sha=sha, heading="", body=text, notes=notes))
                session.flush()
                session.add(
                    Page(version_id=held.id, page_no=number, label=f"page {number}", sha=sha)
                )
        return asset_id

    def feed(self) -> None:
        """Bring the index up to the record."""
        feeder = Feeder(self.lib.store, self.index)
        try:
            feeder.apply()
        finally:
            feeder.close()

    def ask(self, text: str, *, exact: bool = True, fed: bool = True, **spec: Any) -> FindResult:
        """Search as the window does after Enter."""
        if fed:
            self.feed()
        return self.finder.find(FindSpec(text=text, exact=exact, **spec))

    def names(self, text: str, **spec: Any) -> list[str]:
        """The titles found, best first."""
        return [hit.title for hit in self.ask(text, **spec).hits]
