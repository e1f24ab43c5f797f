"""The window: rail, pages, status line, notices; and the change from one library to another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMoveEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import placement
from ui.commands import Commands
from ui.pages.base import Page
from ui.pages.table import page_class
from ui.prepare import Prepared
from ui.rail import Rail
from ui.session import Session
from ui.statusline import StatusLine
from ui.theme import theme

if TYPE_CHECKING:
    from app.changes import Changes
    from app.library import Library
    from ui.drops import Drops
    from ui.help import HelpSheet
    from ui.notify import Notice, Notify
    from ui.overview import Overview
    from ui.sample import SampleBuilder
    from ui.widgets.banner import SampleBanner
    from ui.widgets.toast import Toast

PAGES = ("find", "attention", "copies", "library", "settings", "welcome")
NEEDS_FOLDERS = ("find", "attention", "copies")
CLOSE_S = 2.8


class Window(QMainWindow):
    """Owns the session of the library now open and builds pages when they are first shown.

    ``opened`` carries the folder of the library that took the place of the former one.
    ``may_open`` is asked before a switch (another window may have that library).
    """

    opened = Signal(object)

    def __init__(
        self,
        library: Library,
        notify: Notify,
        *,
        may_open: Callable[[Path], bool] | None = None,
    ) -> None:
        super().__init__()
        self.notify = notify
        self.commands = Commands(self)
        self.pages: dict[str, Page] = {}
        self._may_open = may_open or (lambda _folder: True)
        self._make_library: Callable[[Path], Library] = type(library)
        self._started = False
        self._asked_person = False
        self._help: HelpSheet | None = None
        self._banner: SampleBanner | None = None
        self._toast: Toast | None = None
        self._sample: SampleBuilder | None = None
        self.setWindowTitle("Deckhand")
        self.setMinimumSize(*placement.LEAST_SIZE)
        self.setAcceptDrops(True)
        self._build()
        self._prepared = Prepared(self.stack, self._unbuilt)
        notify.said.connect(self._show_notice)
        self.session = self._take_session(library)
        self.session.bridge.tasks.hold()
        placement.restore(self, self.session.state)
        self.show_page(self._first_page())

    # ---- building ------------------------------------------------------------------------

    def _build(self) -> None:
        root = QWidget(self)
        root.setObjectName("root")
        self.setCentralWidget(root)
        self.rail = Rail(root)
        self.rail.chosen.connect(self.navigate)
        self.stack = QStackedWidget(root)
        self.status = StatusLine(root)
        self._content = QVBoxLayout()
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(0)
        self._content.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(self._content, 1)
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self._root = root

    def _take_session(self, library: Library) -> Session:
        session = Session(library, self.notify, self)
        session.overview_changed.connect(self._on_overview)
        session.bridge.changed.connect(self._on_changes)
        session.indexing.progressed.connect(self.status.show_progress)
        self.status.cancel.connect(session.indexing.cancel)
        self.status.pause.connect(session.indexing.pause)
        self.status.resume.connect(session.indexing.resume)
        self.context = session.context(theme(), self.commands, self.navigate)
        theme().set_mode(_theme_mode(library))
        return session

    # ---- what lies over the pages (made at first use: none of it is in the first paint) -----

    @property
    def toast(self) -> Toast:
        """Where notices are shown."""
        if self._toast is None:
            from ui.widgets.toast import Toast

            self._toast = Toast(self._root)
        return self._toast

    @cached_property
    def drops(self) -> Drops:
        """What is done with folders dragged onto the window."""
        from ui.drops import Drops

        return Drops(self, self._root)

    def _show_notice(self, notice: Notice) -> None:
        self.toast.show_notice(notice)

    # ---- pages ---------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page now shown."""
        shown = self.stack.currentWidget()
        assert isinstance(shown, Page)
        return shown

    def navigate(self, key: str, **args: object) -> None:
        """Show a page and hand it ``args``. Raises KeyError for an unknown page."""
        overview = self.session.overview
        if overview is not None and overview.fresh and key in NEEDS_FOLDERS:
            key, args = "welcome", {}
        self.show_page(key, **args)
        if key != "welcome":
            self.session.state.set("page", key)

    def show_page(self, key: str, **args: object) -> None:
        """Show a page without remembering it."""
        if key not in PAGES:
            raise KeyError(key)
        if key not in self.pages:
            page = self._prepared.take(key) or page_class(key)(self.context, self.stack)
            page.setAccessibleName(page.title)
            self.pages[key] = page
            self.stack.addWidget(page)
            self._wire(page)
        page = self.pages[key]
        self.stack.setCurrentWidget(page)
        self.rail.show_place("find" if key == "welcome" else key)
        page.activate(**args)
        if self._started:
            page.complete()
            page.focus_first()

    def _unbuilt(self, key: str) -> Page | None:
        """A page to be built ahead; None for one that is there."""
        if key in self.pages:
            return None
        return page_class(key)(self.context, self.stack, later=True)

    def _wire(self, page: Page) -> None:
        """Connect what some pages of the shell ask of the window."""
        for name, deed in (
            ("wants_folder", self.choose_folder),
            ("wants_sample", self.explore_sample),
            ("wants_rescan", self.rescan),
            ("wants_own", self.use_own),
        ):
            signal = getattr(page, name, None)
            if signal is not None:
                signal.connect(deed)
        attach = getattr(page, "attach", None)
        if attach is not None:
            attach(self.session)

    def _first_page(self) -> str:
        if not self.session.library.exists:
            return "welcome"
        key = self.session.state.get("page", "find")
        return key if key in PAGES and key != "welcome" else "find"

    def search(self) -> None:
        """Go to the search field."""
        self.navigate("find")
        self.page.focus_first()

    def panes(self) -> list[QWidget]:
        """What F6 goes round: rail, the page's panes, the status line's buttons."""
        ask = getattr(self.page, "panes", None)
        inside: list[QWidget] = ask() if ask is not None else [self.page]
        return [self.rail, *inside, self.status]

    # ---- start ---------------------------------------------------------------------------

    def start(self) -> None:
        """After the first paint: read how the library stands and begin to work."""
        from ui.panes import add_commands

        self._started = True
        add_commands(self)
        self.rail.complete()
        self.page.complete()
        self.session.bridge.tasks.release()
        self.page.focus_first()
        self.session.read_overview()
        from ui.warm import Warm

        self._warm = Warm(
            self, self._prepared.pieces(), lambda: self.session.bridge.tasks.last_done
        )
        theme().changing.connect(self._build_anew)

    def _build_anew(self) -> None:
        """What nobody has seen yet is built anew in the other colours, for that takes less time."""
        self._prepared.forget()
        self._warm.add(self._prepared.pieces())

    def _on_overview(self, overview: Overview) -> None:
        self.status.show_status(overview.status)
        self._show_banner(shown=overview.status.sample)
        shown = self.page.key
        if overview.fresh and shown in NEEDS_FOLDERS:
            self.show_page("welcome")
        elif not overview.fresh and shown == "welcome":
            self.navigate("find")
        if overview.person is None and not overview.fresh and not self._asked_person:
            self._ask_person()

    def _ask_person(self) -> None:
        from ui.person import LANDING, PersonSheet

        self._asked_person = True
        sheet = PersonSheet(self, self.context)
        sheet.answered.connect(lambda role: self.navigate(LANDING[role]))
        sheet.closed.connect(sheet.deleteLater)
        sheet.ask()

    def _show_banner(self, *, shown: bool) -> None:
        if shown and self._banner is None:
            from ui.widgets.banner import SampleBanner

            self._banner = SampleBanner()
            self._banner.leave.connect(self.use_own)
            self._content.insertWidget(0, self._banner)
        if self._banner is not None:
            self._banner.setVisible(shown)

    def _on_changes(self, changes: Changes) -> None:
        for page in self.pages.values():
            page.on_changes(changes)
        if changes.touches("settings"):
            self.session.bridge.read(self, _theme_mode, theme().set_mode, key="theme")

    # ---- folders and libraries -----------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask for a folder and add it."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, "Choose a folder of sales collateral")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_folder)
        dialog.open()

    def add_folder(self, path: str) -> None:
        """Add a folder to the library now open."""
        self.session.bridge.mutate(self, lambda library: library.add_root(path))

    def rescan(self) -> None:
        """Look for changed files now."""
        overview = self.session.overview
        if overview is not None and overview.roots:
            self.session.indexing.scan()
            self.notify.info("Looking for changed files")
        else:
            self.notify.info("There is no folder yet to look through")

    def explore_sample(self) -> None:
        """Show the sample library, building it when it is not there yet."""
        from ui.sample import SampleBuilder

        if self._sample is not None:
            return
        builder = self._sample = SampleBuilder(self.notify, self)
        builder.built.connect(self.open_library)
        builder.destroyed.connect(self._forget_sample)
        if self.page.key != "welcome":
            self.notify.info("Building the sample library. It opens when it is ready.")
        welcome = self.pages.get("welcome")
        progress = getattr(welcome, "show_progress", None)
        if progress is not None:
            builder.progressed.connect(progress)
            builder.failed.connect(getattr(welcome, "show_failure", lambda _: None))
        builder.start()

    def _forget_sample(self) -> None:
        self._sample = None

    def use_own(self) -> None:
        """Leave the sample library for the person's own."""
        from app.paths import default_library

        self.open_library(default_library())

    def open_library(self, folder: Path) -> None:
        """Show another library in place of this one."""
        if folder == self.session.library.folder:
            self.session.read_overview()
            return
        if not self._may_open(folder):
            self.notify.info("That library is open in another window, which was brought forward")
            return
        placement.remember(self, self.session.state)
        self.session.retire()
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages = {}
        self._prepared.forget()
        self.status.forget()
        self._show_banner(shown=False)
        self._asked_person = False
        for signal in (self.status.cancel, self.status.pause, self.status.resume):
            signal.disconnect()
        self.session = self._take_session(self._make_library(folder))
        self.show_page(self._first_page())
        self.session.read_overview()
        self.opened.emit(folder)

    # ---- help and look -------------------------------------------------------------------

    def show_help(self) -> None:
        """Show or hide the list of shortcuts."""
        from ui.help import HelpSheet

        if self._help is None:
            self._help = HelpSheet(self, self.commands)
        if self._help.isVisible():
            self._help.dismiss()
            return
        self._help.refresh()
        self._help.open()

    def switch_theme(self) -> None:
        """From light to dark, or back."""
        mode = "light" if theme().dark else "dark"
        theme().set_mode(mode)
        self.session.bridge.tasks.run(
            self, lambda library: library.settings.set("look.theme", mode), _ignore, lane="write"
        )

    def raise_with(self, folder: str) -> None:
        """A second start called: come forward, and add the folder it was given."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        if folder:
            self.add_folder(folder)

    # ---- drops ---------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drops.enter(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drops.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drops.drop(event)

    # ---- remembering and closing ---------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remember_soon()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._remember_soon()

    def _remember_soon(self) -> None:
        if self._started:
            placement.remember(self, self.session.state)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.toast.dismiss()
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        placement.remember(self, self.session.state)
        self.hide()
        if self._sample is not None:
            self._sample.stop()
        self.session.close(CLOSE_S)
        event.accept()
        QTimer.singleShot(0, QApplication.quit)


def _theme_mode(library: Library) -> str:
    return str(library.settings.get("look.theme"))


def _ignore(_value: object) -> None:
    """For deeds whose result nobody needs."""
