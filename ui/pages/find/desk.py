"""What the search field of the find page is given after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.rows import SORTS, FindSpec
from ui.pages.find.completing import Completer

if TYPE_CHECKING:
    from ui.pages.find.page import FindPage


class SearchDesk(QObject):
    """Joins the field with completion, saved and recent searches, for the life of ``page``."""

    def __init__(self, page: FindPage) -> None:
        super().__init__(page)
        self._page = page
        bridge = page.context.bridge
        self.completer = Completer(page.header.field, bridge, page.ink, self)
        self.completer.search_wanted.connect(self.run)

    def run(self, spec: object) -> None:
        """Search as it was searched then: text, filters and order."""
        if not isinstance(spec, FindSpec):
            return
        page = self._page
        page.header.set_text(spec.text)
        page.header.set_sort(spec.sort if spec.sort in SORTS else "best")
        page.facet_model.set_filters(spec.filters)
        page.header.set_filters(page.facet_model.chosen_labels())
        page.facets.refresh()
        page.header.entered.emit()
        page.header.field.setFocus()
