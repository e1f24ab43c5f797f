"""The find page: the heart of the product."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.rows import SORTS
from ui.models.facets import FacetModel
from ui.models.hits import HitModel
from ui.pages.base import Page
from ui.pages.find.doing import Doing
from ui.pages.find.facets import FacetPanel
from ui.pages.find.found import FoundPages
from ui.pages.find.going import Going
from ui.pages.find.header import Header
from ui.pages.find.paint import Ink
from ui.pages.find.results import ResultList
from ui.pages.find.search import SearchFlow, SearchLog
from ui.tokens import FACETS, PREVIEW, PREVIEW_LEAST
from ui.turns import Turns

if TYPE_CHECKING:
    from app.changes import Changes
    from app.rows import FindResult, Hit, LibraryStatus
    from ui.context import Context
    from ui.models.facets import Filters
    from ui.outside import Outside
    from ui.pages.find.deeds import Deeds
    from ui.pages.find.nothing import Nothing
    from ui.pages.find.preview import Preview
    from ui.pages.find.quicklook import QuickLook
    from ui.pages.find.search import Answer
    from ui.pages.find.why import WhyCard
    from ui.pictures import Pictures

VIEW_MS = 1000
REFRESH_MS = 150
REMEMBER_MS = 700
_SPLIT = [FACETS, 0, PREVIEW]


class FindPage(Doing, Page):
    """Puts facets, search and preview side by side and lets them talk to each other.

    What is remembered (context.state): ``find.text``, ``find.filters``, ``find.sort``,
    ``find.split``.
    """

    key: ClassVar[str] = "find"
    title: ClassVar[str] = "Find"
    icon: ClassVar[str] = "library"

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, outside: Outside | None = None
    ) -> None:
        super().__init__(context, parent)
        self.ink = Ink(context.theme, self)
        self.facet_model = FacetModel(self)
        self.hit_model = HitModel(self)
        self.flow = SearchFlow(context.bridge, self)
        self.log = SearchLog(context.bridge, self._shown_ids, self)
        self.going = Going(self)
        self._outside = outside
        self._whole = False
        self._last: Answer | None = None
        self._folders = 0
        self.started = False
        self._stale = self._replacing = self._typing = False
        self._late = Turns(self)
        self._look: QuickLook | None = None
        self._why: WhyCard | None = None
        self._viewing = self._timer(VIEW_MS, self._note_view)
        self._refreshing = self._timer(REFRESH_MS, self._refresh)
        self._remembering = self._timer(REMEMBER_MS, self._remember)
        self._build()
        self.found = FoundPages(context.bridge, self.flow, self.hit_model, self.results, self)
        self._connect()
        self._remember_back()

    def _timer(self, ms: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(then)
        return timer

    # ---- what is made when it is first needed ---------------------------------------------

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of pages, shared with whatever else shows them."""
        from ui.pages.find.late import pictures_of

        return pictures_of(self)

    @cached_property
    def preview(self) -> Preview:
        """The right pane."""
        from ui.pages.find.late import make_preview

        return make_preview(self, self.pictures)

    @cached_property
    def nothing(self) -> Nothing:
        """What stands in place of the results when there are none."""
        from ui.pages.find.late import make_nothing

        return make_nothing(self)

    @cached_property
    def deeds(self) -> Deeds:
        """What can be done with assets."""
        from ui.pages.find.deeds import Deeds

        return Deeds(self.context, self, self.log.settle, self._outside)

    def complete(self) -> None:
        if self._whole:
            return
        self._whole = True
        from ui.pages.find.commands import add_commands
        from ui.pages.find.desk import SearchDesk

        self.header.complete()
        self.facets.complete()
        self.desk = SearchDesk(self)
        self.results.show_pictures(self.pictures)
        add_commands(self)
        self._on_current()
        self._on_selection()

    # ---- building --------------------------------------------------------------------------

    def _build(self) -> None:
        # Each is made in the arms of its parent: to move a widget is to style it anew.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        whole.addWidget(self.splitter)
        self.facets = FacetPanel(self.facet_model, self.ink, self.splitter)
        center = self._build_center()
        kept = QWidget(self.splitter)
        kept.setObjectName("preview")
        kept.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        kept.setMinimumWidth(PREVIEW_LEAST)
        for pane in (self.facets, center, kept):
            self.splitter.addWidget(pane)
        # Not before all are in their places: a child of the splitter is in it from the beginning.
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([FACETS, 700, PREVIEW])

    def _build_center(self) -> QWidget:
        center = QWidget(self.splitter)
        center.setObjectName("center")
        center.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        center.setMinimumWidth(320)
        column = QVBoxLayout(center)
        # One pixel at either side is the pane's border, which the list must not cover.
        column.setContentsMargins(1, 0, 1, 0)
        column.setSpacing(0)
        self.header = Header(center)
        self.stack = QStackedWidget(center)
        self.results = ResultList(self.hit_model, self.ink, self.stack)
        self.stack.addWidget(self.results)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        return center

    def _connect(self) -> None:
        header, results = self.header, self.results
        header.typed.connect(self._on_typed)
        header.entered.connect(self._on_entered)
        header.sort_changed.connect(self.ask_now)
        header.filter_removed.connect(self._on_filter_removed)
        header.suggestion_taken.connect(self.search_for)
        header.field.down.connect(self._to_results)
        self.facet_model.filters_changed.connect(self._on_filters)
        self.hit_model.more_wanted.connect(self._on_more_wanted)
        self.found.known.connect(self._show_found)
        self.flow.in_sight = self.results.room
        self.flow.begun.connect(self.log.typing)
        self.flow.answered.connect(self._on_answer)
        self.flow.failed.connect(self._on_failed)
        results.current_changed.connect(self._on_current)
        results.selection_changed.connect(self._on_selection)
        results.drag_wanted.connect(self._drag)
        results.why_wanted.connect(self.why)
        results.menu_wanted.connect(self.show_menu)
        results.doubleClicked.connect(self.open_current)
        self.splitter.splitterMoved.connect(self._note_split)

    # ---- remembering -------------------------------------------------------------------------

    def _remember_back(self) -> None:
        state = self.context.state
        self.header.set_text(state.get("find.text", ""))
        sort = state.get("find.sort", "best")
        self.header.set_sort(sort if sort in SORTS else "best")
        self.facet_model.set_filters(_filters_from(state.get("find.filters", {})))
        self._show_filters()
        split = state.get("find.split", [])
        if len(split) == len(_SPLIT) and all(isinstance(size, int) and size > 0 for size in split):
            self.splitter.setSizes(split)
        kept = state.load_list()
        if kept:
            self.results.replace(kept, complete=True, quiet=False)
        else:
            self.hit_model.show_skeleton()

    def _remember(self) -> None:
        state = self.context.state
        state.set("find.text", self.header.text())
        state.set("find.sort", self.header.sort_key())
        state.set("find.filters", {k: list(v) for k, v in self.facet_model.filters()})
        state.save_list(self.hit_model.hits)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._remembering.isActive():
            self._remembering.stop()
            self._remember()

    def _note_split(self, *_: object) -> None:
        self.context.state.set("find.split", list(self.splitter.sizes()))

    # ---- asking ------------------------------------------------------------------------------

    def activate(self, **args: object) -> None:
        """Shown; ``text`` searches for it, ``asset_id`` selects that asset."""
        text, asset_id = args.get("text"), args.get("asset_id")
        if isinstance(asset_id, int):
            self.going.to(asset_id)
        elif isinstance(text, str):
            self.search_for(text)
        elif not self.started or self._stale:
            self._stale = False
            self.ask_now()
        self.started = True

    def search_for(self, text: object) -> None:
        """Search for a text as if it had been typed, at once."""
        self.header.set_text(str(text))
        self.ask_now()
        self.focus_first()

    def search_with(self, text: str, filters: Filters) -> None:
        """Search for a text with exactly these filters, at once."""
        self.facet_model.set_filters(filters)
        self._show_filters()
        self.header.set_text(text)
        self.ask_now()

    def focus_first(self) -> None:
        self.header.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.field.selectAll()

    def _ask(self, *, now: bool, exact: bool = False) -> None:
        self.flow.ask(
            self.header.text(), self.facet_model.filters(), self.header.sort_key(),
            exact=exact, now=now,
        )  # fmt: skip

    def ask_now(self) -> None:
        """Ask for what the page now says, without waiting for a pause; the words of an Enter stay
        whole words until they are changed."""
        self._ask(now=True, exact=self.flow.entered(self.header.text()))

    def _on_typed(self) -> None:
        self.going.forget()
        self._ask(now=False)

    def _on_entered(self) -> None:
        self._ask(now=True, exact=True)

    def _on_filters(self) -> None:
        self._show_filters()
        self.ask_now()

    def _show_filters(self) -> None:
        self.header.set_filters(self.facet_model.chosen_labels())
        self.facets.refresh()

    def _on_filter_removed(self, key: object) -> None:
        if isinstance(key, tuple):
            self.facet_model.drop(*key)

    def _on_more_wanted(self, loaded: object) -> None:
        if isinstance(loaded, int):
            self.flow.more(loaded)

    # ---- answers -----------------------------------------------------------------------------

    def _on_answer(self, answer: Answer) -> None:
        self.complete()
        first = self._last is None
        self._last = answer
        result = answer.result
        if answer.how == "more":
            self.hit_model.extend(result.hits, complete=answer.complete)
            return
        self.header.set_result(result)
        if answer.how == "part":
            self._show_counts(result)
            self._take_part(result)
            return
        # The list kept from last time is refreshed in place, not jumped away from.
        quiet = answer.how == "quiet" or (first and bool(self.hit_model.hits))
        self.results.show_dates(dated=result.spec.sort == "newest")
        # The rows come first: counts and preview are painted after them, each in a turn of its own.
        self._replacing = True
        self.results.replace(result.hits, complete=answer.complete, quiet=quiet)
        self._replacing = False
        self._typing = answer.how == "new" and self.flow.typing
        self._late.replace(partial(self._show_counts, result), self._show_current)
        self.found.ask()
        if result.total:
            self.stack.setCurrentWidget(self.results)
        else:
            self._show_nothing()
        self.going.arrived()
        if answer.how == "new":
            self.log.note(result)
            if result.spec.exact:
                self.log.settle()
            self._viewing.start()
        self._remembering.start()
        if first:
            self._read_size()

    def _show_counts(self, result: FindResult) -> None:
        self.facet_model.set_counts(result.facets)
        self._show_filters()

    def _take_part(self, result: FindResult) -> None:
        """A part of a long list told anew; where the order is another by now, ask for all of it."""
        current = self.results.current_hit()
        if not self.hit_model.update_part(result.spec.skip, result.hits):
            self.flow.refresh_whole(len(self.hit_model.hits))
        elif self.results.current_hit() != current:
            self._on_current()

    def _show_nothing(self) -> None:
        assert self._last is not None
        result = self._last.result
        if result.spec.text or result.spec.filters:
            self.nothing.show_no_results(result, chosen=bool(self.facet_model.filters()))
        else:
            self.nothing.show_empty_library(self._folders)
        self.stack.setCurrentWidget(self.nothing)

    def _on_failed(self, error: Exception) -> None:
        self.nothing.show_problem(self.context.notify.sentence(error))
        self.stack.setCurrentWidget(self.nothing)

    def _read_size(self) -> None:
        self.context.bridge.read(
            self, lambda library: library.status(), self._on_status, key="find.status"
        )

    def _on_status(self, status: LibraryStatus) -> None:
        self.header.set_library_size(status.assets)
        before, self._folders = self._folders, status.roots
        shown = self._last is not None and self.stack.currentWidget() is self.nothing
        if before != self._folders and shown:
            self._show_nothing()

    def on_changes(self, changes: Changes) -> None:
        """Refresh quietly when rows may have changed; a search logged concerns no row."""
        if changes.touches("assets", "tags", "index", "vocabulary", "roots") or (
            changes.touches("events") and changes.asset_ids
        ):
            if not self.started:
                return
            if self.isVisible():
                self._refreshing.start()
            else:
                self._stale = True

    def _refresh(self) -> None:
        self.flow.refresh(len(self.hit_model.hits), self.results.first_on_screen())
        self.preview.refresh()
        self._read_size()

    # ---- the current asset -------------------------------------------------------------------

    def _shown_ids(self) -> tuple[int, ...]:
        return self.results.shown_ids()

    def _on_current(self, _hit: Hit | None = None) -> None:
        # The list moves first; whoever runs through it has the last one shown only.
        if self._whole and not self._replacing:
            self._typing = False
            self._late.again(self._show_current)

    def _show_current(self) -> None:
        terms = self._last.result.terms if self._last is not None else ()
        self.preview.show_hit(self.results.current_hit(), terms, typing=self._typing)
        self._show_found()
        self._viewing.start()

    def _show_found(self) -> None:
        """Tell the preview on which pages the words stand."""
        if self._whole and self.preview.hit is not None:
            found = self.hit_model.found_pages(self.preview.hit.asset_id)
            self.preview.show_found(found or ())

    def _on_selection(self) -> None:
        if self._whole:
            self.preview.show_count(self.results.selected_count())

    def _note_view(self) -> None:
        """The preview has been looked at for a second: a view, once per asset and search."""
        hit = self.preview.hit
        if hit is None or not self.isVisible() or not self.started:
            return
        logged = self.log.settle()
        if self.log.first_view(hit.asset_id):
            self.deeds.viewed(hit, logged)


def _filters_from(kept: dict[str, object]) -> Filters:
    """Filters as they were remembered; what does not look like filters is left out."""
    return tuple(
        (facet, tuple(str(slug) for slug in slugs))
        for facet, slugs in kept.items()
        if isinstance(slugs, list) and slugs
    )
