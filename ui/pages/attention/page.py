"""What needs attention: unused content, searches that found nothing, and requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.clock import now_ms
from app.library import Library
from app.rows import NewRequest, SearchGapRow, UnusedReport, UseReport
from ui.context import Context
from ui.pages.attention import words
from ui.pages.attention.choices import Choice, ChoiceRow
from ui.pages.attention.gaps_model import GapItem, gap_items
from ui.pages.attention.gaps_panel import GapsPanel
from ui.pages.attention.parts import button, label
from ui.pages.attention.summary import Summary
from ui.pages.attention.unused_items import ALL, NOT_USED, UnusedItem, items_of
from ui.pages.attention.unused_panel import UnusedPanel
from ui.pages.base import Page
from ui.pages.requests.items import RequestItem, request_items
from ui.pages.requests.panel import RequestsPanel
from ui.turns import Turns

WINDOWS = (30, 60, 90, 180, 365)
NARROW = 1090
"""With less width the requests stand below the tables, and the cards in two rows."""
AS_SET = 0
"""The person has not chosen a window on this page: the setting unused.window_days holds."""
SPLIT_LEAST = 360
STATE_KEYS = {"window": "attention_window", "split": "attention_split"}
REPORT_KINDS = ("events", "assets", "tags", "settings", "people", "vocabulary")
REQUEST_KINDS = ("requests",)


@dataclass(frozen=True, slots=True)
class Reports:
    """Everything that depends on the window of days, made ready away from the window."""

    unused: UnusedReport
    items: tuple[UnusedItem, ...]
    use: UseReport


@dataclass(frozen=True, slots=True)
class Asked:
    """The requests, and the searches that found nothing beside them."""

    requests: tuple[RequestItem, ...]
    gaps: tuple[GapItem, ...]
    days: int


def read_reports(library: Library, days: int, as_of: int) -> Reports:
    """Draw both reports for a window of days (AS_SET: that of the settings). Blocks."""
    days = days or _days_set(library)
    unused = library.unused(days, as_of)
    return Reports(unused, items_of(unused), library.use(days, as_of))


def read_asked(library: Library, days: int, as_of: int) -> Asked:
    """Read requests and vain searches. Blocks."""
    days = days or _days_set(library)
    requests = library.requests()
    gaps = gap_items(library.search_gaps(days, as_of), requests)
    return Asked(request_items(requests, as_of), gaps, days)


def _days_set(library: Library) -> int:
    return int(library.settings.number("unused.window_days"))


class AttentionPage(Page):
    """The landing page of marketers and enablement leads.

    Refreshes after changes that touch it; while hidden it only notes that it is stale.
    """

    key: ClassVar[str] = "attention"
    title: ClassVar[str] = "Attention"
    icon: ClassVar[str] = "chart-column"

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, later: bool = False
    ) -> None:
        super().__init__(context, parent, later=later)
        saved = context.state.get(STATE_KEYS["window"], AS_SET)
        self._chosen = saved if saved in WINDOWS else AS_SET
        self._days = self._chosen
        self._stale_reports = self._stale_asked = True
        self._gather = QTimer(self, singleShot=True, interval=150)
        self._gather.timeout.connect(self._refresh_if_shown)
        self._showing, self._showing_asked = Turns(self), Turns(self)
        self.build(self._build())

    # ---- what the window asks --------------------------------------------------------------

    def activate(self, **args: object) -> None:
        """Show what is stale; ``request_id`` selects a request, ``days`` chooses the window."""
        days, request_id = args.get("days"), args.get("request_id")
        if isinstance(days, int) and days in WINDOWS:
            self.window_days.choose(str(days))
            self._on_days(str(days))
        if isinstance(request_id, int):
            self.requests.see(request_id)
        self._refresh()

    def on_changes(self, changes: Changes) -> None:
        """Note what became stale; a burst of changes becomes one refresh."""
        self._stale_reports |= changes.touches(*REPORT_KINDS)
        # A person's role decides which steps a request offers.
        kinds = (*REQUEST_KINDS, "events", "people", "assets", "settings")
        self._stale_asked |= changes.touches(*kinds)
        if self._stale_reports or self._stale_asked:
            self._gather.start()

    def focus_first(self) -> None:
        """The table of what is unused; while it has nothing to show, the window chosen."""
        table = self.unused.table
        chosen = self.window_days.toggle(self.window_days.key)
        # Before the first numbers no window is chosen: the page waits with the keyboard for them.
        first: QWidget = table if table.isVisible() else chosen or self
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hand_on_focus(self) -> None:
        """Give the table the keyboard that waited for it."""
        if self.hasFocus():
            self.focus_first()

    # ---- building --------------------------------------------------------------------------

    def _build(self) -> Iterator[None]:
        # Each is made in the arms of its parent: to move a widget is to style it anew, with all
        # that is in it, and built from the leaves up this page took 0.1 s of that.
        body = self.scrolling()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(24, 18, 24, 20)
        inner.setSpacing(12)
        inner.addLayout(self._make_header(body))
        yield
        self.summary = Summary(self.context.theme, body)
        self.summary.why.connect(self._on_why)
        self.summary.excluded.connect(self._on_excluded)
        inner.addWidget(self.summary)
        yield
        yield from self._make_split(body)
        inner.addWidget(self.split, 1)

    def _make_split(self, parent: QWidget) -> Iterator[None]:
        self.split = QSplitter(Qt.Orientation.Horizontal, parent)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(12)
        yield from self._make_left(self.split)
        self.requests = RequestsPanel(self.context, self.split)
        self.split.addWidget(self.requests)
        self.split.setStretchFactor(0, 5)
        self.split.setStretchFactor(1, 3)
        self.split.setMinimumHeight(SPLIT_LEAST)
        self.split.setSizes(self._saved_split())
        self.split.splitterMoved.connect(self._on_split)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.whole:
            return
        narrow = event.size().width() < NARROW
        if narrow == self.summary.narrow:
            return
        self.summary.set_narrow(narrow=narrow)
        way = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        self.split.setOrientation(way)
        self.split.setMinimumHeight(2 * SPLIT_LEAST if narrow else SPLIT_LEAST)
        self.split.setSizes([SPLIT_LEAST, SPLIT_LEAST] if narrow else self._saved_split())

    def _make_header(self, parent: QWidget) -> QHBoxLayout:
        self.as_of = label("Counting…", "dim")
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(label("What needs attention", "h1"))
        titles.addWidget(self.as_of)
        self.window_days = ChoiceRow(
            self.context.theme,
            "Days that the numbers look back",
            [_window(days) for days in WINDOWS],
            parent,
        )
        self._say_days(self._days)
        self.window_days.chosen.connect(self._on_days)
        self.again = button("Try again", self._retry)
        self.again.hide()
        header = QHBoxLayout()
        header.setSpacing(12)
        header.addLayout(titles, 1)
        header.addWidget(self.again, 0, Qt.AlignmentFlag.AlignBottom)
        header.addWidget(self.window_days, 0, Qt.AlignmentFlag.AlignBottom)
        return header

    def _make_left(self, parent: QSplitter) -> Iterator[None]:
        left = QWidget(parent)
        self.tabs = QTabBar(left)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Unused content or vain searches")
        self.tabs.addTab("Unused content")
        self.tabs.addTab("Searches that found nothing")
        self._tables = QStackedWidget(left)
        self.unused = UnusedPanel(self.context, self._tables)
        yield
        self.gaps = GapsPanel(self.context, self._tables)
        self.gaps.ask.connect(self._on_ask)
        self.gaps.see.connect(self._on_see)
        self._tables.addWidget(self.unused)
        self._tables.addWidget(self.gaps)
        self.tabs.currentChanged.connect(self._tables.setCurrentIndex)
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.tabs)
        layout.addWidget(self._tables, 1)
        parent.addWidget(left)
        yield

    # ---- refreshing ------------------------------------------------------------------------

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        days, as_of, bridge = self._chosen, now_ms(), self.context.bridge
        if self._stale_reports:
            self._stale_reports = False
            bridge.read(
                self, lambda library: read_reports(library, days, as_of),
                self._on_reports, self._on_reports_failed, key="attention_reports",
            )  # fmt: skip
        if self._stale_asked:
            self._stale_asked = False
            bridge.read(
                self, lambda library: read_asked(library, days, as_of),
                self._on_asked, self._on_asked_failed, key="attention_asked",
            )  # fmt: skip

    def _on_reports(self, reports: Reports) -> None:
        self.again.hide()
        self._say_days(reports.unused.window_days)
        self.as_of.setText(words.as_of_text(reports.unused.as_of, reports.unused.log_start))
        self._showing.replace(
            partial(self.summary.show_unused, reports.unused),
            partial(self.summary.show_use, reports.use),
            *self.unused.pieces_of(reports.unused, reports.items),
            self._hand_on_focus,
        )

    def _on_reports_failed(self, error: Exception) -> None:
        self._showing.replace()
        sentence = self.context.notify.sentence(error)
        self.as_of.setText("The numbers could not be counted")
        self.summary.say_nothing("Could not be counted")
        self.again.show()
        self.unused.show_failure(sentence, self._retry)

    def _on_asked(self, asked: Asked) -> None:
        self._showing_asked.replace(
            partial(self.requests.show_items, asked.requests),
            partial(self.gaps.show_gaps, asked.gaps, asked.days),
        )
        count = f"  {len(asked.gaps):,}" if asked.gaps else ""
        self.tabs.setTabText(1, f"Searches that found nothing{count}")

    def _on_asked_failed(self, error: Exception) -> None:
        self._showing_asked.replace()
        sentence = self.context.notify.sentence(error)
        self.requests.show_failure(sentence, self._retry)
        self.gaps.show_failure(sentence, self._retry)

    def _retry(self) -> None:
        self._stale_reports = self._stale_asked = True
        self._refresh()

    # ---- what a person does ----------------------------------------------------------------

    def _on_days(self, key: object) -> None:
        days = int(str(key))
        if days == self._chosen:
            return
        self._days = self._chosen = days
        self.context.state.set(STATE_KEYS["window"], days)
        self._retry()

    def _say_days(self, days: int) -> None:
        """Mark the window now shown; one that only the settings know gets a toggle of its own."""
        self._days = days
        if days not in (AS_SET, *WINDOWS):
            self.window_days.set_choices([_window(one) for one in sorted({*WINDOWS, days})])
        self.window_days.choose(str(days))

    def _on_why(self, why: object) -> None:
        self.tabs.setCurrentIndex(0)
        key = str(why)
        again = self.unused.wanted.why == key
        # Opened and not sent counts as used, so every verdict must be let through.
        self.unused.want(verdict=NOT_USED if again else ALL, why="" if again else key)
        self.summary.reasons.choose(self.unused.wanted.why)

    def _on_excluded(self, verdict: object) -> None:
        self.tabs.setCurrentIndex(0)
        self.unused.want(verdict=str(verdict), why="")
        self.summary.reasons.choose("")

    def _on_ask(self, gap: SearchGapRow) -> None:
        from ui.dialogs.request import RequestDialog

        prefill = NewRequest(need="", search=gap.query)
        RequestDialog(self.context, prefill, self.window()).open()

    def _on_see(self, request_id: int) -> None:
        self.requests.see(request_id)

    def _on_split(self, *_: object) -> None:
        if not self.summary.narrow:
            self.context.state.set(STATE_KEYS["split"], self.split.sizes())

    def _saved_split(self) -> list[int]:
        sizes: list[Any] = self.context.state.get(STATE_KEYS["split"], [])
        good = len(sizes) == 2 and all(isinstance(size, int) and size > 0 for size in sizes)
        return sizes if good else [930, 410]


def _window(days: int) -> Choice:
    return Choice(str(days), f"{days} days", "How many days back the numbers look")
