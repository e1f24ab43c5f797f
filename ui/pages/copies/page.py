"""The copies page: what says nearly the same in the library, and the radar outside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows_copies import RadarReport
from ui.context import Context
from ui.indexing import Progress, RadarProgress
from ui.outside import Outside
from ui.pages.base import Page
from ui.pages.copies.items import Found, read_found
from ui.pages.copies.panel import CopiesPanel
from ui.pages.copies.radar_panel import RadarPanel
from ui.pages.find.paint import Ink
from ui.widgets.basics import label

if TYPE_CHECKING:
    from ui.session import Session

COPY_KINDS = ("assets", "tags", "roots", "index", "settings")
RADAR_KINDS = ("settings", "assets", "requests")
STOPPED = ("off", "busy", "restarting", "cancelled")


class CopiesPage(Page):
    """Two tabs. Refreshes after changes that touch it; while hidden it notes that it is stale."""

    key: ClassVar[str] = "copies"
    title: ClassVar[str] = "Copies"
    icon: ClassVar[str] = "files"

    def __init__(
        self, context: Context, parent: QWidget | None = None, *,
        outside: Outside | None = None, later: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(context, parent, later=later)
        self._session: Session | None = None
        self._stale_copies = self._stale_radar = True
        self._gather = QTimer(self, singleShot=True, interval=200)
        self._gather.timeout.connect(self._refresh_if_shown)
        self.build(self._build(outside))

    # ---- what the window asks --------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Hear from the indexing child of this session how far the radar is."""
        self._session = session
        session.indexing.radar_seen.connect(self._on_radar)
        session.indexing.progressed.connect(self._on_progress)

    def activate(self, **args: object) -> None:
        """Show what is stale; ``tab`` ("copies", "radar") chooses a tab."""
        if args.get("tab") in ("copies", "radar"):
            self.tabs.setCurrentIndex(1 if args["tab"] == "radar" else 0)
        self._refresh()

    def on_changes(self, changes: Changes) -> None:
        """Note what became stale; a burst of changes becomes one refresh."""
        self._stale_copies |= changes.touches(*COPY_KINDS)
        self._stale_radar |= changes.touches(*RADAR_KINDS)
        if self._stale_copies or self._stale_radar:
            self._gather.start()

    def focus_first(self) -> None:
        """Put the focus on the list of the tab shown."""
        radar = self.tabs.currentIndex() == 1
        first: QWidget = self.radar.table if radar else self.copies.list
        if not first.isVisible():
            first = self.tabs
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """The parts that F6 goes through."""
        if self.tabs.currentIndex() == 1:
            return [self.tabs, self.radar.folders, self.radar.table, self.radar.detail]
        return [self.tabs, self.copies.list, self.copies.detail]

    # ---- building --------------------------------------------------------------------------

    def _build(self, outside: Outside | None) -> Iterator[None]:
        # Each is made in the arms of its parent: to move a widget is to style it anew.
        body = self.scrolling()
        self.summary = label("Looking for copies", "dim", parent=body)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(label("Copies", "h1", parent=body))
        titles.addWidget(self.summary)
        self.tabs = QTabBar(body)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Copies in the library or radar outside it")
        self.tabs.addTab("In the library")
        self.tabs.addTab("Radar")
        self._panes = QStackedWidget(body)
        yield
        pictures: Any = self.context.pictures
        ink = Ink(self.context.theme, self)
        self.copies = CopiesPanel(self.context, ink, pictures, outside, self._panes)
        yield
        self.radar = RadarPanel(self.context, outside, self._panes)
        self.radar.wants_scan.connect(self._scan)
        yield
        self._panes.addWidget(self.copies)
        self._panes.addWidget(self.radar)
        self.tabs.currentChanged.connect(self._panes.setCurrentIndex)
        self.tabs.currentChanged.connect(self._say_summary)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 18, 24, 20)
        column.setSpacing(10)
        column.addLayout(titles)
        column.addWidget(self.tabs)
        column.addWidget(self._panes, 1)

    # ---- refreshing ------------------------------------------------------------------------

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        bridge = self.context.bridge
        if self._stale_copies:
            self._stale_copies = False
            bridge.read(self, read_found, self._on_found, self._on_found_failed, key="copies.found")
        if self._stale_radar:
            self._stale_radar = False
            bridge.read(
                self, lambda library: library.radar(), self._on_report, self._on_report_failed,
                key="copies.radar",
            )  # fmt: skip

    def _on_found(self, found: Found) -> None:
        self.copies.show_found(found)
        count = self.copies.open_count
        self.tabs.setTabText(0, f"In the library  {count:,}" if count else "In the library")
        self._say_summary()

    def _on_found_failed(self, error: Exception) -> None:
        self.copies.show_failure(self.context.notify.sentence(error), self._retry)

    def _on_report(self, report: RadarReport) -> None:
        self.radar.show_report(report)
        wanting = sum(file.state in ("outdated", "modified") for file in report.files)
        self.tabs.setTabText(1, f"Radar  {wanting:,}" if wanting else "Radar")

    def _on_report_failed(self, error: Exception) -> None:
        self.radar.show_failure(self.context.notify.sentence(error), self._retry)

    def _retry(self) -> None:
        self._stale_copies = self._stale_radar = True
        self._refresh()

    def _say_summary(self, *_: object) -> None:
        if self.tabs.currentIndex() == 1:
            self.summary.setText("Files outside the library, and how they stand to it")
        else:
            self.summary.setText("Files that say nearly the same, and what to do about them")

    # ---- the radar -------------------------------------------------------------------------

    def _scan(self) -> None:
        if self._session is not None:
            self._session.indexing.radar()
            self.radar.say_waiting()

    def _on_progress(self, now: Progress) -> None:
        if now.state in STOPPED:
            self.radar.show_scan(working=False, done=0, total=0)

    def _on_radar(self, seen: RadarProgress) -> None:
        self.radar.show_scan(working=seen.working, done=seen.done, total=seen.total)
        if not seen.working:
            self._stale_radar = True
            self._refresh_if_shown()
