"""Going to one asset, wherever it is, and back to the search that one came from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

if TYPE_CHECKING:
    from ui.models.facets import Filters
    from ui.pages.find.page import FindPage


class Going(QObject):
    """Selects an asset of the present list, or searches for its title. Lives on the UI thread."""

    def __init__(self, page: FindPage) -> None:
        super().__init__(page)
        self._page = page
        self._wanted: int | None = None

    def to(self, asset_id: object) -> None:
        """Select an asset, searching for nothing in particular when the list lacks it."""
        if not isinstance(asset_id, int):
            return
        page = self._page
        if page.started and self._select(asset_id):
            return
        self._wanted = asset_id
        page.context.bridge.read(
            self, lambda library: library.asset(asset_id).title, self._search_title,
            self._on_no_asset, key="find.goto",
        )  # fmt: skip

    def forget(self) -> None:
        """The person has typed something: that is where they want to go."""
        self._wanted = None

    def arrived(self) -> None:
        """An answer is shown: select what was gone to."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._select(wanted)

    def _select(self, asset_id: int) -> bool:
        found = self._page.results.select_asset(asset_id)
        if found:
            self._page.results.setFocus(Qt.FocusReason.OtherFocusReason)
        return found

    def _search_title(self, title: str) -> None:
        page, wanted = self._page, self._wanted
        before = (page.header.text(), page.facet_model.filters(), wanted)
        page.search_with(title, ())
        self._wanted = wanted
        self._offer_way_back(title, *before)

    def _offer_way_back(
        self, title: str, text: str, filters: Filters, wanted: int | None
    ) -> None:
        page = self._page
        if not page.started or not (text or filters) or text == title or wanted is None:
            return
        label = f"Back to “{text}”" if text else "Back to the filters"
        back = partial(page.search_with, text, filters)
        page.context.notify.info(f"Searched for “{title}”.", action=(label, back))

    def _on_no_asset(self, error: Exception) -> None:
        self._wanted = None
        self._page.context.notify.problem(error)
        self._page.ask_now()
