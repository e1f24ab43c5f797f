"""From the record to the search index: apply the changes since the number that the index holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import LibraryBusy
from app.settings import write_atomically
from app.store import feed
from app.store.engine import Store
from app.store.tables import Asset, AssetFile, Page, PageText
from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.writer import IndexBusy, IndexWriter

log = logging.getLogger("deckhand.indexing")

BATCH = 250
NOTE = "history.json"


class Feeder:
    """Owns the index writer of a library. Raises LibraryBusy when another process has it."""

    def __init__(self, store: Store, folder: Path, *, rebuild: bool = False) -> None:
        self._store = store
        self._folder = folder
        try:
            self._writer = IndexWriter(folder, rebuild=rebuild)
        except IndexBusy as problem:
            raise LibraryBusy(str(problem)) from problem
        if not self._same_history():
            self._start_anew()

    @property
    def rebuilding(self) -> bool:
        """Whether a new index is being filled beside the old one."""
        return self._writer.rebuilding

    def apply(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Bring the index up to the record; returns how many assets were written.

        The numbers of a batch are committed with it, so that a crash repeats one batch at most.
        ``stop`` is asked between batches; what is left then waits for the next call.
        """
        with self._store.read() as session:
            target = feed.last_indexed(session)
            stale = feed.assets_since(session, self._writer.applied)
        if not stale:
            # An index whose record was put back from a backup holds more than there is.
            if self._writer.applied > target:
                self._start_anew()
                return self.apply(stop)
            self._finish()
            return 0
        for start in range(0, len(stale), BATCH):
            if start and stop():
                return start
            part = stale[start : start + BATCH]
            last = start + BATCH >= len(stale)
            with self._store.read() as session:
                docs = documents(session, part)
            gone = set(part) - {doc.asset_id for doc in docs}
            # Assets come in order of id, not of change: only the last batch completes a number.
            self._writer.apply(docs, gone, target if last else self._writer.applied)
        self._note(target)
        self._finish()
        return len(stale)

    def tidy(self) -> bool:
        """Join segments when that helps; True when there may be more to do."""
        return self._writer.merge_if_idle()

    def close(self) -> None:
        """Let the index go."""
        self._writer.close()

    def _finish(self) -> None:
        if self._writer.rebuilding:
            self._writer.switch()

    def _same_history(self) -> bool:
        """Whether the record is the one that the index was written from.

        Numbers alone do not tell: a record begun anew, or put back from a backup, soon has a
        change of the same number again. So one change is noted beside the index, whole.
        """
        try:
            noted = json.loads((self._folder / NOTE).read_text("utf-8"))
            seq = int(noted["seq"])
        except (OSError, ValueError, KeyError, TypeError):
            return True
        with self._store.read() as session:
            return bool(feed.described(session, seq) == noted)

    def _note(self, seq: int) -> None:
        with self._store.read() as session:
            noted = feed.described(session, seq)
        write_atomically(self._folder / NOTE, json.dumps(noted))

    def _start_anew(self) -> None:
        log.warning("the search index is not of this record: writing it anew")
        self._writer.close()
        self._writer = IndexWriter(self._folder, rebuild=True, resume=False)


def documents(session: Session, asset_ids: Sequence[int]) -> list[AssetDoc]:
    """The index documents of assets; merged ones and those that are gone have none."""
    query = select(Asset.id, Asset.title, Asset.current_version_id).where(
        Asset.id.in_(asset_ids), Asset.merged_into_id.is_(None)
    )
    assets = list(session.execute(query))
    names = _names(session, asset_ids)
    pages = _pages(session, [version for _, _, version in assets if version is not None])
    return [
        AssetDoc(asset, title, names.get(asset, ""), None, tuple(pages.get(version or 0, ())))
        for asset, title, version in assets
    ]


def _names(session: Session, asset_ids: Sequence[int]) -> dict[int, str]:
    """The file names of each asset's places, present ones first, without their folders."""
    query = (
        select(AssetFile.asset_id, AssetFile.relpath)
        .where(AssetFile.asset_id.in_(asset_ids))
        .order_by(AssetFile.missing_since.is_not(None), AssetFile.id)
    )
    names: dict[int, list[str]] = {}
    for asset, relpath in session.execute(query):
        name = PurePosixPath(relpath).name
        if name not in names.setdefault(asset, []):
            names[asset].append(name)
    return {asset: " ".join(found) for asset, found in names.items()}


def _pages(session: Session, version_ids: Sequence[int]) -> dict[int, list[PageDoc]]:
    query = (
        select(Page.version_id, Page.page_no, PageText.heading, PageText.body, PageText.notes)
        .join(PageText, PageText.sha == Page.sha)
        .where(Page.version_id.in_(version_ids))
        .order_by(Page.version_id, Page.page_no)
    )
    pages: dict[int, list[PageDoc]] = {}
    for version, number, heading, body, notes in session.execute(query):
        pages.setdefault(version, []).append(PageDoc(number, heading, body, notes))
    return pages
