"""From the record to the search index: apply the changes since the number that the index holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import health
from app.errors import EnvironmentProblem, LibraryBusy, from_system
from app.settings import write_atomically
from app.store import feed
from app.store.engine import Store
from app.store.tables import Asset, AssetFile, Page, PageText
from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.writer import IndexBusy, IndexWriter, forget

log = logging.getLogger("deckhand.indexing")

BATCH = 250
NOTE = "history.json"
Told = Callable[[int, int], None]
T = TypeVar("T")


class Feeder:
    """Owns the index writer of a library. Raises LibraryBusy when another process has it."""

    def __init__(self, store: Store, folder: Path, *, rebuild: bool = False) -> None:
        self._store = store
        self._folder = folder
        self._counted = False
        try:
            self._writer = IndexWriter(folder, rebuild=rebuild)
        except IndexBusy as problem:
            raise LibraryBusy(str(problem)) from problem
        except OSError as problem:
            raise self._refused(problem) from problem
        if not self._same_history():
            self._begin_history()

    @property
    def rebuilding(self) -> bool:
        """Whether a new index is being filled beside the old one."""
        return self._writer.rebuilding

    def apply(
        self, stop: Callable[[], bool] = lambda: False, told: Told = lambda _done, _total: None
    ) -> int:
        """Bring the index up to the record; returns how many assets were written.

        Each batch is committed with the number of its last change, so that a crash repeats one
        batch at most (IX-6). ``stop`` is asked between batches; what is left then waits for the
        next call. ``told`` hears after each how many of how many assets are written. An index
        that was harmed behind our back is written anew beside it. Raises EnvironmentProblem when
        the disk refuses; what was committed stays, and the next call goes on.
        """
        return self._carefully(lambda: self._apply(stop, told))

    def tidy(self) -> bool:
        """Join segments when that helps; True when there may be more to do.

        Raises EnvironmentProblem, as ``apply`` does.
        """
        # What was harmed is for ``apply`` to fill anew.
        return self.is_whole() and self._carefully(lambda: self._writer.merge_if_idle())

    def is_whole(self) -> bool:
        """Whether the index lies there as it was left; what is not is written anew by ``apply``."""
        return self._writer.is_whole()

    def close(self) -> None:
        """Let the index go."""
        self._writer.close()

    def _apply(self, stop: Callable[[], bool], told: Told) -> int:
        with self._store.read() as session:
            target = feed.last_indexed(session)
            stale = feed.stale_assets(session, self._writer.applied)
        # An index whose record was put back from a backup holds more than there is.
        if self._writer.applied > target or not self._same_history():
            self._begin_history()
            return self._apply(stop, told)
        for start in range(0, len(stale), BATCH):
            if start and stop():
                return start
            part = dict(stale[start : start + BATCH])
            last = start + BATCH >= len(stale)
            with self._store.read() as session:
                docs = documents(session, list(part))
            gone = set(part) - {doc.asset_id for doc in docs}
            # Noted before, or a crash between the two leaves an index that no note vouches for.
            self._note(target)
            self._writer.apply(docs, gone, target if last else max(part.values()))
            told(start + len(part), len(stale))
        if self._lacks_something():
            self._start_anew("it does not hold as much as the record")
            return self._apply(stop, told)
        self._finish()
        return len(stale)

    def _lacks_something(self) -> bool:
        """Whether the index, once in step, holds other numbers than the record (IX-5).

        Looked at once: an index that was just filled must not be filled again for ever.
        """
        if self._counted:
            return False
        self._counted = True
        with self._store.read() as session:
            in_step = feed.last_indexed(session) == self._writer.applied
            return in_step and health.entries(session) != self._writer.entries

    def _carefully(self, deed: Callable[[], T]) -> T:
        """Do something with the index, on a new one if this one turns out to be harmed."""
        try:
            if not self._writer.is_whole():
                self._start_anew("it is not as it was left")
            return deed()
        except OSError as problem:
            raise self._refused(problem) from problem

    def _refused(self, problem: OSError) -> EnvironmentProblem:
        """The sentence for what the disk or its permissions refuse."""
        words = from_system(problem) or f"{problem.strerror or problem}."
        return EnvironmentProblem(
            f"The search index in {self._folder} cannot be written, so search answers from the "
            f"record alone. {words}"
        )

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

    def _begin_history(self) -> None:
        """Let go of an index that is not of this record, which must not answer any more."""
        self._writer.close()
        forget(self._folder)
        (self._folder / NOTE).unlink(missing_ok=True)
        self._start_anew("it is not of this record")

    def _start_anew(self, why: str) -> None:
        log.warning("the search index is written anew: %s", why)
        self._writer.close()
        try:
            self._writer = IndexWriter(self._folder, rebuild=True, resume=False)
        except IndexBusy as problem:
            raise LibraryBusy(str(problem)) from problem


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
