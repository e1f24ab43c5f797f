"""Keeping the snapshot that searches look into up to date, without reading everything anew."""

from __future__ import annotations

import threading

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now_ms
from app.finding import ranking, shelf
from app.finding.snapshot import Catalogue, Snapshot, Stamp, stamp
from app.finding.used import Used
from app.settings import Settings
from app.store.logs import Change
from app.usage.log import plain

OF_ASSETS, OF_NONE = ("asset", "file", "tag"), ("request",)
"""Kinds of changes: to single assets, and to what no search looks at. Others concern all assets."""

MOST_CHANGED = 2_000
"""More assets than this are read with all others."""


class Keeper:
    """Holds the newest snapshot. Safe to call from several threads.

    A search that settles, a deed and a changed asset come every few seconds; they cost what they
    bring, not what the library holds.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._used: Used | None = None
        self._now = 0

    @property
    def newest(self) -> Snapshot | None:
        """The snapshot taken last, which may be behind by some changes."""
        return self._snapshot

    def fresh(self, session: Session) -> Snapshot:
        """The snapshot of the state that a session sees."""
        mark, held = stamp(session), self._snapshot
        if held is not None and held.stamp == mark:
            return held
        with self._lock:
            held = self._snapshot
            if held is None or held.stamp != mark:
                held = self._snapshot = self._caught_up(session, mark) or self._read(session, mark)
            return held

    def _read(self, session: Session, mark: Stamp) -> Snapshot:
        self._now = now_ms()
        self._used = Used(session, self._settings, self._now)
        return self._joined(mark, shelf.read(session, self._now), self._used)

    def _caught_up(self, session: Session, mark: Stamp) -> Snapshot | None:
        """The held snapshot with what came since; None when it has to be taken anew."""
        held, used = self._snapshot, self._used
        if held is None or used is None or held.stamp[3:] != mark[3:]:
            return None
        before = held.stamp
        if any(new < old for new, old in zip(mark[:3], before[:3], strict=True)):
            # Put back from a backup.
            return None
        changed = _changed(session, before.changes) if mark.changes != before.changes else ()
        # What is half caught up would be wrong from then on.
        self._used = None
        if changed is None or not used.catch_up(session, changed, before.events, before.searches):
            return None
        self._used, catalogue = used, held.catalogue
        if changed:
            catalogue = shelf.caught_up(session, catalogue, changed, self._now)
        return self._joined(mark, catalogue, used)

    def _joined(self, mark: Stamp, catalogue: Catalogue, used: Used) -> Snapshot:
        uses, users = used.of(catalogue.ids)
        faded, shown = used.faded(catalogue.ids)
        boost = ranking.boosts(faded, shown, catalogue.published, self._now, self._settings)
        return Snapshot(mark, catalogue, boost, uses, users)


def _changed(session: Session, after: int) -> tuple[int, ...] | None:
    """The assets changed after a number; None when there are many, or more than assets changed."""
    # To ask for distinct rows makes SQLite walk through a whole index.
    query = select(Change.entity, Change.entity_id).where(Change.seq > after)
    found = set(plain(session, query))
    if any(entity not in OF_ASSETS and entity not in OF_NONE for entity, _ in found):
        return None
    assets = {asset for entity, asset in found if entity in OF_ASSETS}
    return tuple(sorted(assets)) if len(assets) <= MOST_CHANGED else None
