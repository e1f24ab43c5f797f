"""One opened library in the window: its lanes, its memory, its indexing child, its person."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.bridge import Bridge
from ui.context import Context
from ui.indexing import Indexing
from ui.refresh import Refresh
from ui.state import State
from ui.words import date_and_time

if TYPE_CHECKING:
    from app.changes import Changes
    from app.library import Library
    from app.rows import BackupRow, PersonRow
    from ui.commands import Commands
    from ui.notify import Notify
    from ui.overview import Overview
    from ui.pictures import Pictures
    from ui.theme import Theme

log = logging.getLogger("deckhand.ui")


def _read_overview(library: Library) -> Overview:
    from ui.overview import read

    return read(library)


class Session(QObject):
    """Owns everything that belongs to one library while it is open; lives on the UI thread.

    ``overview_changed`` carries the Overview just read; nothing is read before ``start``.
    """

    overview_changed = Signal(object)

    def __init__(self, library: Library, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.notify = notify
        self.bridge = Bridge(library, notify, self)
        self.state = State(library.folder)
        self.indexing = Indexing(library.indexer_command(), self)
        self.overview: Overview | None = None
        self._closed = False
        self._passing_on = False
        self._refresh = Refresh(self.bridge, _read_overview, self._take_overview, self)
        self.bridge.changed.connect(self._on_changes)
        self.indexing.changed.connect(self._pass_on)
        self.indexing.said.connect(self.notify.problem)

    @property
    def me(self) -> PersonRow | None:
        """The person last read, or None."""
        return self.overview.person if self.overview is not None else None

    def context(self, theme: Theme, commands: Commands, navigate: Callable[..., None]) -> Context:
        """What the pages of this library are given."""
        return Context(
            bridge=self.bridge,
            notify=self.notify,
            theme=theme,
            commands=commands,
            make_pictures=lambda: self.pictures,
            state=self.state,
            navigate=navigate,
            me=lambda: self.me,
        )

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of pages; made at first use, which is after the first paint."""
        from ui.pictures import Pictures

        return Pictures(self.library.paths.pictures, self)

    def _close_pictures(self) -> None:
        if "pictures" in vars(self):
            self.pictures.close()

    def read_overview(self) -> None:
        """Read person, folders and counts anew."""
        self._refresh.ask()

    def _take_overview(self, overview: Overview) -> None:
        first = self.overview is None
        before, self.overview = self.overview, overview
        wishes = (overview.picture_mb, overview.office)
        if before is None or wishes != (before.picture_mb, before.office):
            self.pictures.configure(cache_mb=overview.picture_mb, office=overview.office)
        if overview.roots and (first or not self.indexing.running):
            self.indexing.start()
        self.overview_changed.emit(overview)

    def _pass_on(self, changes: Changes) -> None:
        """Tell the pages what the indexing child has done; that is no reason to index again."""
        self._passing_on = True
        try:
            self.bridge.changed.emit(changes)
        finally:
            self._passing_on = False

    def _on_changes(self, changes: Changes) -> None:
        if changes.touches("people", "roots", "assets", "index", "settings"):
            self.read_overview()
        if changes.touches("roots") and not self._passing_on and self.overview is not None:
            self.indexing.scan()

    def put_back(
        self, copy: BackupRow, ok: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Put a backup in the place of the record, of which one is made before.

        Reading rests meanwhile. What could be undone until now cannot be any more.
        """

        def done(_: object) -> None:
            from app.changes import CHANGED_KINDS, Changes

            self.bridge.stack.clear()
            self.indexing.release()
            self.bridge.changed.emit(Changes(frozenset(CHANGED_KINDS)))
            self.notify.info(f"The library is as it was on {date_and_time(copy.made_at)}")
            ok()

        def wrong(error: Exception) -> None:
            self.indexing.release()
            failed(error)

        self.indexing.hold(
            lambda: self.bridge.tasks.run(
                self, lambda library: library.restore(copy.path), done, wrong, lane="write"
            )
        )

    def close(self, timeout_s: float = 2.8) -> None:
        """Let everything go within ``timeout_s`` seconds; accepted writes are finished."""
        if self._closed:
            return
        self._closed = True
        self._refresh.stop()
        until = time.monotonic() + timeout_s
        self._close_pictures()
        self.indexing.close(min(2.0, max(0.1, until - time.monotonic())))
        self.bridge.close(max(0.1, until - time.monotonic()))
        self.state.close(max(0.2, until - time.monotonic()))

    def retire(self) -> None:
        """Close beside the window's work, when another library takes this one's place."""
        self._closed = True
        self._refresh.stop()
        self.bridge.changed.disconnect(self._on_changes)
        self._close_pictures()
        self.indexing.close(0.5)
        threading.Thread(target=self._finish, name="retire", daemon=True).start()

    def _finish(self) -> None:
        self.state.close()
        self.bridge.close()
