"""The part of the Library that tells more about what a search has found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app import rows
    from app.finding.find import Finder
    from app.rows.found import Evidence, Related


class FindingOfLibrary:
    """Mixed into ``app.library.Library``, whose search side it uses."""

    if TYPE_CHECKING:

        @property
        def finder(self) -> Finder:
            """The search side."""
            ...

    def pages_found(
        self, spec: rows.FindSpec, asset_ids: Sequence[int]
    ) -> tuple[rows.PagesFound, ...]:
        """The pages of some assets on which themselves the words of a search stand."""
        return self.finder.pages(spec, asset_ids)

    def page_hits(self, spec: rows.FindSpec, asset_id: int) -> tuple[rows.PageHit, ...]:
        """What the pages of an asset say on which the words of a search stand, in their order."""
        return self.finder.page_hits(spec, asset_id)

    def evidence(self, spec: rows.FindSpec, asset_id: int, page: int) -> Evidence:
        """What an asset's rank in a search rests on; ``page`` is the page it was found by."""
        return self.finder.evidence(spec, asset_id, page)

    def related(self, asset_id: int) -> Related:
        """The assets most like one."""
        return self.finder.related(asset_id)
