"""The library page: folders, health of record and index, and the files not searchable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows import Health, LeftOut, LibraryStatus, Missing, RootRow
from ui.commands import Command
from ui.context import Context
from ui.indexing import Progress, RootMode
from ui.pages.base import Page
from ui.pages.library_cells import ROOT_ROW, dress_table
from ui.pages.library_health import HealthCard
from ui.pages.library_models import ProblemItem, RootItem, TableModel, problem_items, root_items
from ui.pages.library_problems import ProblemsPanel
from ui.refresh import Refresh
from ui.statusline import WORKING, sentence
from ui.widgets.basics import button, label
from ui.widgets.elided import Elided
from ui.widgets.empty import Empty
from ui.words import count

if TYPE_CHECKING:
    from app.library import Library
    from ui.session import Session
    from ui.widgets.sheet import Sheet

ROOTS_SHOWN, FEW_SHOWN = 5, 2
LOW = 700
EMPTY_HEIGHT = 260
GROUP = "Library"
WIDE, BROAD, NARROW = 960, (330, 80, 90, 140), (200, 70, 90, 120)
PROBLEMS_LEAST = 200


@dataclass(frozen=True, slots=True)
class _Facts:
    roots: tuple[RootRow, ...]
    problems: tuple[ProblemItem, ...]
    status: LibraryStatus
    health: Health
    minutes: int


def _read(library: Library) -> _Facts:
    """What the page shows; ten thousand rows are made ready here and not on the UI thread."""
    minutes = int(library.settings.number("index.rescan_minutes"))
    items = problem_items(library.problems())
    return _Facts(library.roots(), items, library.status(), library.health(), minutes)


class LibraryPage(Page):
    """``wants_folder`` and ``wants_rescan`` ask the window for the deed."""

    key = "library"
    title = "Library"
    icon = "library"
    wants_folder = Signal()
    wants_rescan = Signal()

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, later: bool = False
    ) -> None:
        super().__init__(context, parent, later=later)
        self._facts: _Facts | None = None
        self._session: Session | None = None
        self._modes: dict[int, RootMode] = {}
        self._stale = True
        self.sheet: Sheet | None = None
        self._refresh = Refresh(context.bridge, _read, self._take, self)
        self._roots_model = TableModel(
            ("Folder", "State", "Files", "Problems", "Last scan"), (2, 3), self
        )
        self.build(self._build())

    # ---- building ------------------------------------------------------------------------

    def _build(self) -> Iterator[None]:
        column = QVBoxLayout(self.scrolling())
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addWidget(self._build_progress())
        yield
        column.addLayout(self._build_roots_head())
        column.addWidget(self._build_roots())
        yield
        self.health = HealthCard()
        self.health.wants_rebuild.connect(self._rebuild)
        self.health.wants_backups.connect(self._ask_backups)
        column.addWidget(self.health)
        column.addSpacing(4)
        yield
        self.problems = ProblemsPanel(self.context)
        self.problems.setMinimumHeight(PROBLEMS_LEAST)
        column.addWidget(self.problems, 1)
        self._add_commands()
        self.context.theme.changed.connect(self._redraw)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(label("Library", "h1"))
        self._summary = label("", "dim")
        titles.addWidget(self._summary)
        row.addLayout(titles)
        row.addStretch()
        looks = button("Look now", self.wants_rescan.emit, icon_name="refresh-cw")
        looks.setToolTip("Look for changed files in all folders (F5)")
        row.addWidget(looks)
        row.addWidget(
            button("Add folder", self.wants_folder.emit, kind="primary", icon_name="folder-plus")
        )
        return row

    def _build_progress(self) -> QFrame:
        self._card = QFrame()
        self._card.setProperty("kind", "card")
        self._doing = label("", "strong")
        self._current = Elided(mode=Qt.TextElideMode.ElideMiddle)
        self._current.setProperty("kind", "cap")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Indexing progress")
        self._pause = button("Pause", self._on_pause, icon_name="pause")
        self._cancel = button("Cancel", self._on_cancel, icon_name="x")
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._doing)
        words.addWidget(self._bar)
        words.addWidget(self._current)
        row = QHBoxLayout(self._card)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._pause)
        row.addWidget(self._cancel)
        self._card.hide()
        return self._card

    def _build_roots_head(self) -> QHBoxLayout:
        """What can be done with the folder chosen."""
        self._accept = button("Accept as it is", self._accept_missing, icon_name="check")
        self._accept.setToolTip("Believe that the files which vanished are meant to be gone")
        self._accept.hide()
        self._locate = button("Locate…", self._choose_place, icon_name="folder-search")
        self._locate.setToolTip("Say where this folder is on this computer now")
        self._missing = button("Missing files…", self._ask_missing, icon_name="files")
        self._missing.setToolTip("See what is missing from this folder, and say where it is now")
        self._leave = button("Leave out…", self._ask_patterns, icon_name="eye-off")
        self._leave.setToolTip("Leave files out by patterns, of this folder or of all")
        self._remove = button("Remove", self._remove_root, icon_name="trash-2")
        self._remove.setToolTip("Take the folder chosen out of the library (Delete)")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("Folders", "h2"))
        row.addStretch()
        for one in (self._accept, self._missing, self._locate, self._leave, self._remove):
            row.addWidget(one)
        return row

    def _build_roots(self) -> QStackedWidget:
        self.roots = QTableView()
        self.roots.setModel(self._roots_model)
        dress_table(self.roots, ROOT_ROW, "Folders")
        self.roots.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.roots.selectionModel().selectionChanged.connect(self._on_root_chosen)
        self.roots.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.roots.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        none = Empty(
            "folder-plus",
            "No folders yet",
            "Add a folder of decks, one-pagers and sheets. Nothing in it is changed.",
            (("Add folder", self.wants_folder.emit),),
        )
        self._roots_stack = QStackedWidget()
        self._roots_stack.addWidget(self.roots)
        self._roots_stack.addWidget(none)
        self._roots_stack.setFixedHeight(EMPTY_HEIGHT)
        return self._roots_stack

    def _add_commands(self) -> None:
        add = self.context.commands.add
        remove = Command("library.remove", "Remove the folder chosen", ("Del",), GROUP)
        self.roots.addAction(add(self.roots, remove, self._remove_root))
        locate = Command("library.locate", "Say where the folder chosen is now", ("Ctrl+L",), GROUP)
        self.roots.addAction(add(self.roots, locate, self._choose_place))
        missing = Command("library.missing", "Missing files", ("Ctrl+Shift+M",), GROUP)
        self.roots.addAction(add(self.roots, missing, self._ask_missing))
        fetch = Command("library.fetch", "Fetch online-only files to read them", (), GROUP)
        self._fetch = add(self.roots, fetch, self._on_fetch)
        self._fetch.setCheckable(True)
        self.roots.addAction(self._fetch)
        leave = Command("library.leave", "Leave files out by patterns", ("Ctrl+Shift+I",), GROUP)
        self.roots.addAction(add(self.roots, leave, self._ask_patterns))

    # ---- life ----------------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Hear what the indexing child of this session says."""
        self._session = session
        self._modes = dict(session.indexing.modes)
        session.indexing.progressed.connect(self._on_progress)
        session.indexing.root_seen.connect(self._on_root_seen)
        self._on_progress(session.indexing.progress)

    def activate(self, **_args: object) -> None:
        """Read anew when something changed since the last look."""
        if self._stale:
            self._reload()

    def on_changes(self, changes: Changes) -> None:
        """Refresh, or remember to, when files or folders changed."""
        if changes.touches("roots", "assets", "index", "settings"):
            self._stale = True
            if self.isVisible():
                self._reload()

    def focus_first(self) -> None:
        """Put the focus on the folders."""
        self.roots.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """The parts that F6 goes through."""
        return [self.roots, self.problems.table]

    def _reload(self) -> None:
        self._refresh.ask()

    def _take(self, facts: _Facts) -> None:
        self._stale = False
        self._facts = facts
        status = facts.status
        parts = [count(status.assets, "asset"), count(status.files, "file")]
        parts += [count(status.pages, "page")]
        if status.missing:
            parts.append(f"{status.missing:,} missing or left out")
        self._summary.setText(" · ".join(parts))
        self._show_roots()
        self.health.show_health(facts.health, facts.minutes)
        self.problems.show_problems(facts.problems, facts.roots)

    def _redraw(self) -> None:
        self.health.redraw()
        self.update()

    # ---- folders -------------------------------------------------------------------------

    def _show_roots(self) -> None:
        if self._facts is None:
            return
        chosen = self._root()
        items = root_items(self._facts.roots, self._modes, self._facts.minutes)
        self._roots_model.set_items(items)
        self._roots_stack.setCurrentIndex(0 if items else 1)
        self._fit()
        at = next((i for i, one in enumerate(items) if chosen and one.root.id == chosen.id), -1)
        if at >= 0:
            self.roots.selectRow(at)
        self._on_root_chosen()

    def _fit(self) -> None:
        """Give the folders the height they need; in a low window the problems need some too."""
        items = len(self._roots_model.items())
        frame = self.roots.horizontalHeader().sizeHint().height() + 4
        most = FEW_SHOWN if self.height() < LOW else ROOTS_SHOWN
        full = min(items, most) * ROOT_ROW + frame
        self._roots_stack.setFixedHeight(full if items else EMPTY_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.whole:
            return
        head = self.roots.horizontalHeader()
        for section, width in enumerate(NARROW if self.width() < WIDE else BROAD, start=1):
            head.resizeSection(section, width)
        self._fit()

    def _root(self) -> RootRow | None:
        item = self._roots_model.item(self.roots.currentIndex())
        chosen = self.roots.selectionModel().hasSelection()
        return item.root if isinstance(item, RootItem) and chosen else None

    def _on_root_chosen(self, *_: object) -> None:
        root = self._root()
        self._remove.setEnabled(root is not None)
        self._locate.setEnabled(root is not None)
        self._missing.setEnabled(root is not None)
        self._fetch.setEnabled(root is not None)
        self._fetch.setChecked(root is not None and root.fetch)
        number = root.missing if root is not None else 0
        self._missing.setText(f"Missing files… ({number:,})" if number else "Missing files…")
        self._missing.setAccessibleName(self._missing.text())
        self._leave.setEnabled(self._facts is not None and bool(self._facts.roots))
        self._accept.setVisible(root is not None and "gone at once" in root.reason)

    def _accept_missing(self) -> None:
        root = self._root()
        if root is not None:
            number = root.id
            self.context.bridge.mutate(self, lambda library: library.accept_missing(number))

    def _remove_root(self) -> None:
        root = self._root()
        if root is not None:
            number = root.id
            self.context.bridge.mutate(self, lambda library: library.remove_root(number))

    def _on_fetch(self) -> None:
        root = self._root()
        if root is not None:
            number, on = root.id, not root.fetch
            self.context.bridge.mutate(self, lambda library: library.fetch_files(number, on))

    def _choose_place(self) -> None:
        """Ask where the folder chosen is now."""
        root = self._root()
        if root is None:
            return
        number = root.id
        dialog = QFileDialog(self, f"Where is {root.name} now?")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.locate(number, path))
        dialog.open()

    def locate(self, root_id: int, path: str) -> None:
        """Say that a folder is at ``path`` on this computer."""
        self.context.bridge.mutate(self, lambda library: library.locate_root(root_id, path))

    def _ask_patterns(self) -> None:
        root = self._root()
        number = root.id if root is not None else None
        self.context.bridge.read(
            self, lambda library: library.left_out(), lambda rows: self._show_patterns(rows, number)
        )

    def _show_patterns(self, rows: tuple[LeftOut, ...], root_id: int | None) -> None:
        from ui.dialogs.leave_out import LeaveOutSheet

        known = root_id if root_id in [row.root_id for row in rows] else None
        sheet = LeaveOutSheet(self.window(), self.context, rows, known)
        self._open_sheet(sheet, sheet.patterns)

    def _ask_missing(self) -> None:
        root = self._root()
        if root is not None:
            self.context.bridge.read(
                self, lambda library: library.missing(root.id),
                lambda missing: self._show_missing(root, missing), key="missing",
            )  # fmt: skip

    def _show_missing(self, root: RootRow, missing: Missing) -> None:
        from ui.dialogs.relink import RelinkSheet

        sheet = RelinkSheet(self.window(), self.context, root, missing)
        self._open_sheet(sheet, sheet.first())

    def _ask_backups(self) -> None:
        from ui.dialogs.backups import BackupsSheet

        if self._session is not None:
            sheet = BackupsSheet(self.window(), self.context, self._session.put_back)
            self._open_sheet(sheet, sheet.shut)

    def _open_sheet(self, sheet: Sheet, first: QWidget) -> None:
        if self.sheet is not None:
            self.sheet.dismiss()
        self.sheet = sheet
        sheet.closed.connect(self._forget_sheet)
        sheet.open(first)

    def _forget_sheet(self) -> None:
        sheet, self.sheet = self.sheet, None
        if sheet is not None:
            sheet.deleteLater()

    def _rebuild(self) -> None:
        if self._session is not None:
            self._session.indexing.rebuild()
            self.context.notify.info("The search index is written anew. Search goes on meanwhile.")

    def _on_root_seen(self, seen: RootMode) -> None:
        self._modes[seen.root_id] = seen
        self._show_roots()

    # ---- progress ------------------------------------------------------------------------

    def _on_progress(self, now: Progress) -> None:
        working = now.state in WORKING
        self.health.rebuild.setEnabled(not working)
        self._card.setVisible(working)
        if not working:
            return
        self._doing.setText(sentence(now, None))
        self._current.setText(now.current or " ")
        self._bar.setRange(0, now.total)
        self._bar.setValue(min(now.done, now.total))
        paused = now.state == "paused"
        self._pause.setText("Resume" if paused else "Pause")
        self._pause.setAccessibleName("Resume" if paused else "Pause")

    def _on_pause(self) -> None:
        if self._session is not None:
            paused = self._pause.text() == "Resume"
            indexing = self._session.indexing
            (indexing.resume if paused else indexing.pause)()

    def _on_cancel(self) -> None:
        if self._session is not None:
            self._session.indexing.cancel()
