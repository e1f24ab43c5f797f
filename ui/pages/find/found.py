"""On which pages of the hits the words stand: read a moment after the hits themselves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.rows import FindSpec, PageHit, PagesFound
    from ui.bridge import Bridge
    from ui.models.hits import HitModel
    from ui.pages.find.results import ResultList
    from ui.pages.find.search import SearchFlow

PAUSE_MS = 200


class FoundPages(QObject):
    """Reads the pages of the hits in sight and of those to be unfolded; gives them to the list.

    Not part of the answer, because typing must not wait for it. ``known`` is emitted when pages
    were taken over. Lives on the UI thread.
    """

    known = Signal()

    def __init__(
        self, bridge: Bridge, flow: SearchFlow, model: HitModel, results: ResultList,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bridge = bridge
        self._flow = flow
        self._model = model
        self._results = results
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._read)
        results.seen_changed.connect(self.ask)
        results.pages_wanted.connect(self.unfold)

    def ask(self) -> None:
        """Read what is not known yet of the hits in sight, after a pause."""
        self._pause.start()

    def _read(self) -> None:
        spec = self._flow.spec
        if self._flow.busy or not spec.text:
            return
        ids = [one for one in self._results.shown_ids() if self._model.found_pages(one) is None]
        if ids:
            self._bridge.read(
                self, lambda library: library.pages_found(spec, ids), partial(self._take, spec),
                self._failed, key="find.found",
            )  # fmt: skip

    def _take(self, spec: FindSpec, found: tuple[PagesFound, ...]) -> None:
        if self._is_current(spec):
            self._model.take_found(found)
            self.known.emit()

    def _is_current(self, spec: FindSpec) -> bool:
        now = self._flow.spec
        return (spec.text, spec.exact) == (now.text, now.exact)

    def _failed(self, _error: Exception) -> None:
        """The hits are there without it; what is wrong the next search will say."""

    def unfold(self, asset_id: object) -> None:
        """Read what the other pages of an asset say, and show them below it."""
        spec = self._flow.spec
        if isinstance(asset_id, int) and spec.text:
            self._bridge.read(
                self, lambda library: library.page_hits(spec, asset_id),
                partial(self._show, spec, asset_id), key="find.unfold",
            )  # fmt: skip

    def _show(self, spec: FindSpec, asset_id: int, pages: tuple[PageHit, ...]) -> None:
        if self._is_current(spec):
            self._results.show_pages(asset_id, pages)
