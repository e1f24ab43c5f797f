"""What a person does on the find page, by key, by button or from the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStackedWidget, QWidget

    from app.rows import Hit
    from ui.context import Context
    from ui.models.facets import FacetModel
    from ui.models.hits import HitModel
    from ui.pages.find.deeds import Deeds
    from ui.pages.find.header import Header
    from ui.pages.find.page import FindPage
    from ui.pages.find.paint import Ink
    from ui.pages.find.preview import Preview
    from ui.pages.find.quicklook import QuickLook
    from ui.pages.find.results import ResultList
    from ui.pages.find.search import Answer, SearchLog
    from ui.pages.find.why import Around, WhyCard
    from ui.pictures import Pictures
    from ui.turns import Turns


class Doing:
    """Mixed into ``FindPage``, whose parts it uses."""

    if TYPE_CHECKING:
        context: Context
        ink: Ink
        log: SearchLog
        results: ResultList
        hit_model: HitModel
        stack: QStackedWidget
        _last: Answer | None
        _look: QuickLook | None
        _why: WhyCard | None
        _late: Turns
        header: Header
        facet_model: FacetModel

        @property
        def deeds(self) -> Deeds: ...

        @property
        def preview(self) -> Preview: ...

        @property
        def pictures(self) -> Pictures: ...

        def window(self) -> QWidget: ...

    def _to_results(self) -> None:
        if self.stack.currentWidget() is self.results:
            self.results.setFocus(Qt.FocusReason.TabFocusReason)

    def open_current(self, *_: object) -> None:
        """Open the current asset at the page that the preview shows."""
        self._late.finish()
        hit = self.results.current_hit()
        if hit is not None:
            same = self.preview.hit is not None and self.preview.hit.asset_id == hit.asset_id
            self.deeds.open(hit, self.preview.page if same else hit.page)

    def send(self) -> None:
        """Send the selected assets."""
        self.deeds.send(self.results.selected_hits())

    def copy(self) -> None:
        """Copy the selected files."""
        self.deeds.copy(self.results.selected_hits())

    def copy_path(self) -> None:
        """Copy the paths of the selected files."""
        self.deeds.copy_path(self.results.selected_hits())

    def copy_page_text(self) -> None:
        """Copy the text of the page shown."""
        self._late.finish()
        if self.preview.hit is not None:
            self.deeds.copy_page(self.preview.hit, self.preview.page_text())

    def tag(self) -> None:
        """Tag the selected assets."""
        self.deeds.tag(self.results.selected_hits())

    def reveal(self) -> None:
        """Show the current file in its folder."""
        hit = self.results.current_hit()
        if hit is not None:
            self.deeds.reveal(hit)

    def show_menu(self, at: QPoint) -> None:
        """Everything that can be done with the selection."""
        from ui.pages.find.commands import show_menu

        show_menu(cast("FindPage", self), at)

    def right(self) -> None:
        """Show the other pages of the current hit that match; else turn to its next page."""
        if not self.results.unfold_current():
            self.turn(1)

    def left(self) -> None:
        """Go from a page to its hit, fold that; else turn to the page before."""
        if not self.results.fold_current():
            self.turn(-1)

    def turn(self, by: int) -> None:
        """Turn to the next page (1) of the current asset, or to the one before (-1)."""
        self._late.finish()
        self.preview.step(by)

    def walk(self, by: int) -> None:
        """Go to the next page (1) on which the words stand, or to the one before (-1)."""
        self._late.finish()
        self.preview.walk(by)

    def to_related(self) -> None:
        """Take the keyboard to what is like the current asset."""
        self._late.finish()
        self.preview.to_related()

    def quick_look(self) -> None:
        """Show the page large over the window, or close that."""
        if self._look is None:
            from ui.pages.find.quicklook import QuickLook

            self._look = QuickLook(self.ink, self.pictures, self.preview, self.window())
            self._look.closed.connect(self._after_look)
            self._look.neighbour_wanted.connect(self._step_asset)
            self._look.open_wanted.connect(self.open_current)
        if self._look.isVisible():
            self._look.close_look()
        else:
            self._late.finish()
            self._look.open_look()

    def _after_look(self) -> None:
        self.results.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step_asset(self, by: int) -> None:
        row = self.results.currentIndex().row() + by
        if 0 <= row < self.hit_model.rowCount():
            self.results.select_row(row)

    def _drag(self) -> None:
        self.deeds.drag(self.results.selected_hits(), self.results.drag_picture())

    def untag(self, tag: object) -> None:
        """Take a tag from the asset shown."""
        from app.rows import TagRow

        if self.preview.hit is not None and isinstance(tag, TagRow):
            self.deeds.untag(self.preview.hit, tag)

    def request(self) -> None:
        """Ask for material that was not found."""
        from ui.dialogs.request import RequestDialog
        from ui.pages.find.nothing import request_for

        if self._last is not None:
            self.log.settle()
            RequestDialog(self.context, request_for(self._last.result)).open()

    def to_library(self) -> None:
        """Show the page of folders."""
        self.context.navigate("library")

    def why(self) -> None:
        """Tell why the current hit stands where it stands, or close that again."""
        page, hit = cast("FindPage", self), self.results.current_hit()
        if self._why is not None and self._why.isVisible():
            self._why.dismiss()
        elif hit is not None:
            if self._why is None:
                from ui.pages.find.why import WhyCard

                self._why = WhyCard(page, self.context.bridge)
                self._why.sort_wanted.connect(self.order_by)
            self._why.explain(page, hit, self._around(hit), self.results.why_place())

    def _around(self, hit: Hit) -> Around:
        from ui.pages.find.header import count_words
        from ui.pages.find.why import Around

        place, hits = self.hit_model.place_of(hit.asset_id), self.hit_model.hits
        above = hits[place - 1].score if place > 0 else None
        below = hits[place + 1].score if place + 1 < len(hits) else None
        total = count_words(self._last.result) if self._last is not None else f"{len(hits):,}"
        return Around(place + 1, total, above, below, self.header.sort_key())

    def order_by(self, sort: object) -> None:
        """Put the results in another order."""
        self.header.set_sort(str(sort))
        cast("FindPage", self).ask_now()

    def order_plainly(self) -> None:
        """Order by how well the words match, or by best match again."""
        self.order_by("best" if self.header.sort_key() == "text" else "text")

    def go_on(self, way: object) -> None:
        """Search as a way on from an empty answer says; the order stays what it is."""
        from ui.pages.find.nothing import Way

        if isinstance(way, Way):
            filters = self.facet_model.filters() if way.filters is None else way.filters
            cast("FindPage", self).search_with(way.text, filters)

    def show_elsewhere(self, kind: object) -> None:
        """Show matches that are not among the hits: archived ones here, others in Library."""
        if kind == "archived" and self._last is not None:
            text = self._last.result.spec.text
            cast("FindPage", self).search_with(text, (("status", ("archived",)),))
        else:
            self.context.navigate("library")
