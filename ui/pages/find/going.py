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
        self._searched = False

    def to(self, asset_id: object) -> None:
        """Select an asset, searching for nothing in particular when the list lacks it."""
        if not isinstance(asset_id, int):
            return
        page = self._page
        if page.started and self._select(asset_id):
            return
        self._wanted, self._searched = asset_id, False
        page.context.bridge.read(
            self, lambda library: library.asset(asset_id).title, self._search_title,
            self._on_no_asset, key="find.goto",
        )  # fmt: skip

    def forget(self) -> None:
        """The person has typed something: that is where they want to go."""
        self._wanted = None

    def arrived(self) -> None:
        """An answer is shown: select what was gone to, once it is the answer to that."""
        if self._wanted is not None and self._searched:
            wanted, self._wanted = self._wanted, None
            self._select(wanted)

    def _select(self, asset_id: int) -> bool:
        found = self._page.results.select_asset(asset_id)
        if found:
            self._page.results.setFocus(Qt.FocusReason.OtherFocusReason)
        return found

    def _search_title(self, title: str) -> None:
        page = self._page
        if self._wanted is None:
            return
        text, filters = page.header.text(), page.facet_model.filters()
        page.search_with(title, ())
        self._searched = True
        self._offer_way_back(title, text, filters)

    def _offer_way_back(self, title: str, text: str, filters: Filters) -> None:
        page = self._page
        if not page.started or not (text or filters) or text == title:
            return
        label = f"Back to “{text}”" if text else "Back to the filters"
        back = partial(page.search_with, text, filters)
        page.context.notify.info(f"Searched for “{title}”.", action=(label, back))

    def _on_no_asset(self, error: Exception) -> None:
        self._wanted = None
        self._page.context.notify.problem(error)
        self._page.ask_now()
