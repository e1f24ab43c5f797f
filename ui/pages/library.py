"""The library page: the folders and how they stand, and the files that are not searchable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows import LibraryStatus, ProblemRow, RootRow
from ui.commands import Command
from ui.context import Context
from ui.indexing import Progress, RootMode
from ui.models.words import breakable
from ui.pages.base import Page
from ui.pages.library_cells import PROBLEM_ROW, ROOT_ROW, dress_table
from ui.pages.library_models import (
    PROBLEM_STATES,
    ProblemItem,
    RootItem,
    TableModel,
    problem_badge,
    problem_items,
    root_items,
)
from ui.refresh import Refresh
from ui.statusline import WORKING, sentence
from ui.widgets.basics import button, label
from ui.widgets.elided import Elided
from ui.widgets.empty import Empty
from ui.words import count

if TYPE_CHECKING:
    from app.library import Library
    from ui.session import Session

ROOTS_SHOWN = 5
EMPTY_HEIGHT = 220
GROUP = "Library"


@dataclass(frozen=True, slots=True)
class _Facts:
    roots: tuple[RootRow, ...]
    problems: tuple[ProblemRow, ...]
    status: LibraryStatus
    minutes: int


def _read(library: Library) -> _Facts:
    minutes = int(library.settings.number("index.rescan_minutes"))
    return _Facts(library.roots(), library.problems(), library.status(), minutes)


class LibraryPage(Page):
    """``wants_folder`` and ``wants_rescan`` ask the window for the deed."""

    key = "library"
    title = "Library"
    icon = "library"
    wants_folder = Signal()
    wants_rescan = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._facts: _Facts | None = None
        self._session: Session | None = None
        self._modes: dict[int, RootMode] = {}
        self._stale = True
        self._refresh = Refresh(context.bridge, _read, self._take, self)
        self._roots_model = TableModel(
            ("Folder", "State", "Files", "Problems", "Last scan"), (2, 3), self
        )
        self._problems_model = TableModel(("Title", "Path", "State", "Reason"), (), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addWidget(self._build_progress())
        column.addWidget(self._build_roots())
        column.addSpacing(8)
        column.addLayout(self._build_problems_head())
        column.addWidget(self._build_problems(), 1)
        column.addWidget(self._build_strip())
        self._add_commands()
        context.theme.changed.connect(self.update)

    # ---- building ------------------------------------------------------------------------

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
        self._remove = button("Remove", self._remove_root, icon_name="trash-2")
        self._remove.setToolTip("Take the folder chosen out of the library (Delete)")
        self._remove.setEnabled(False)
        row.addWidget(self._remove)
        self._accept = button("Accept as it is", self._accept_missing, icon_name="check")
        self._accept.setToolTip("Believe that the files which vanished are meant to be gone")
        self._accept.hide()
        row.addWidget(self._accept)
        row.addWidget(button("Rescan now", self.wants_rescan.emit, icon_name="refresh-cw"))
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

    def _build_roots(self) -> QStackedWidget:
        self.roots = QTableView()
        self.roots.setModel(self._roots_model)
        dress_table(self.roots, ROOT_ROW, "Folders")
        self.roots.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.roots.selectionModel().selectionChanged.connect(self._on_root_chosen)
        self.roots.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        widths = (0, 260, 80, 90, 140)
        head = self.roots.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section, width in enumerate(widths[1:], start=1):
            head.resizeSection(section, width)
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

    def _build_problems_head(self) -> QHBoxLayout:
        self._problems_title = label("Problems", "h2")
        self._root_filter = QComboBox()
        self._root_filter.setAccessibleName("Show problems of folder")
        self._state_filter = QComboBox()
        self._state_filter.setAccessibleName("Show problems with state")
        self._retry = button("Read again", self._retry_files, icon_name="refresh-cw")
        self._ignore = button("Ignore", self._ignore_files, icon_name="eye-off")
        self._ignore.setToolTip("Leave these files out of the library; on disk nothing changes")
        self._open = button("Open containing folder", self._open_folder, icon_name="folder-open")
        self._copy = button("Copy details", self._copy_details, icon_name="copy")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._problems_title)
        row.addStretch()
        for box in (self._root_filter, self._state_filter):
            box.setMinimumWidth(150)
            box.hide()
            box.currentIndexChanged.connect(self._filter)
            row.addWidget(box)
        for one in self._problem_buttons():
            one.setEnabled(False)
            one.hide()
            row.addWidget(one)
        return row

    def _problem_buttons(self) -> tuple[QPushButton, ...]:
        return (self._retry, self._ignore, self._open, self._copy)

    def _build_problems(self) -> QStackedWidget:
        self.problems = QTableView()
        self.problems.setModel(self._problems_model)
        dress_table(self.problems, PROBLEM_ROW, "Problems")
        self.problems.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.problems.selectionModel().selectionChanged.connect(self._on_problem_chosen)
        self.problems.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.problems.doubleClicked.connect(self._show_asset)
        head = self.problems.horizontalHeader()
        for section, width in enumerate((260, 240, 130)):
            head.resizeSection(section, width)
        head.setStretchLastSection(True)
        self._none = Empty("circle-check", "Reading the problems")
        self._problems_stack = QStackedWidget()
        self._problems_stack.addWidget(self.problems)
        self._problems_stack.addWidget(self._none)
        self._problems_stack.setCurrentIndex(1)
        return self._problems_stack

    def _build_strip(self) -> QFrame:
        """The problem chosen in full: what is wrong and what to do needs more than a cell."""
        self.strip = QFrame()
        self.strip.setProperty("kind", "card")
        self.strip_title = label("", "title", wrap=True)
        self.strip_reason = label("", "dim", wrap=True)
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(2)
        column.addWidget(self.strip_title)
        column.addWidget(self.strip_reason)
        self.strip.hide()
        return self.strip

    def _add_commands(self) -> None:
        add = self.context.commands.add
        remove = Command("library.remove", "Remove the folder chosen", ("Del",), GROUP)
        self.roots.addAction(add(self.roots, remove, self._remove_root))
        shows = Command("library.show", "Show the asset in Find", ("Return",), GROUP)
        opens = Command("library.open", "Open containing folder", ("Ctrl+Shift+O",), GROUP)
        copies = Command("library.copy", "Copy details", ("Ctrl+C",), GROUP)
        self.problems.addAction(add(self.problems, shows, self._show_asset))
        self.problems.addAction(add(self.problems, opens, self._open_folder))
        self.problems.addAction(add(self.problems, copies, self._copy_details))
        again = Command("library.retry", "Read the files again", ("Ctrl+R",), GROUP)
        leave = Command("library.ignore", "Ignore the files", ("Ctrl+I",), GROUP)
        self.problems.addAction(add(self.problems, again, self._retry_files))
        self.problems.addAction(add(self.problems, leave, self._ignore_files))

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
        return [self.roots, self.problems]

    def _reload(self) -> None:
        self._refresh.ask()

    def _take(self, facts: _Facts) -> None:
        self._stale = False
        self._facts = facts
        status = facts.status
        parts = [count(status.assets, "asset"), count(status.files, "file")]
        parts += [count(status.pages, "page")]
        if status.missing:
            parts.append(f"{status.missing:,} missing")
        self._summary.setText(" · ".join(parts))
        self._show_roots()
        self._fill_filters()
        self._filter()

    # ---- folders -------------------------------------------------------------------------

    def _show_roots(self) -> None:
        if self._facts is None:
            return
        chosen = self._root()
        items = root_items(self._facts.roots, self._modes, self._facts.minutes)
        self._roots_model.set_items(items)
        self._roots_stack.setCurrentIndex(0 if items else 1)
        frame = self.roots.horizontalHeader().sizeHint().height() + 4
        full = min(len(items), ROOTS_SHOWN) * ROOT_ROW + frame
        self._roots_stack.setFixedHeight(full if items else EMPTY_HEIGHT)
        at = next((i for i, one in enumerate(items) if chosen and one.root.id == chosen.id), -1)
        if at >= 0:
            self.roots.selectRow(at)
        self._on_root_chosen()

    def _root(self) -> RootRow | None:
        item = self._roots_model.item(self.roots.currentIndex())
        chosen = self.roots.selectionModel().hasSelection()
        return item.root if isinstance(item, RootItem) and chosen else None

    def _on_root_chosen(self, *_: object) -> None:
        root = self._root()
        self._remove.setEnabled(root is not None)
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

    def _on_root_seen(self, seen: RootMode) -> None:
        self._modes[seen.root_id] = seen
        self._show_roots()

    # ---- progress ------------------------------------------------------------------------

    def _on_progress(self, now: Progress) -> None:
        working = now.state in WORKING
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

    # ---- problems ------------------------------------------------------------------------

    def _fill_filters(self) -> None:
        assert self._facts is not None
        roots = sorted({row.root for row in self._facts.problems}, key=str.casefold)
        states = sorted(
            {row.state for row in self._facts.problems},
            key=lambda state: ([*PROBLEM_STATES, state].index(state), state),
        )
        _refill(self._root_filter, "All folders", [(name, name) for name in roots])
        _refill(
            self._state_filter, "All states", [(problem_badge(one).text, one) for one in states]
        )

    def _filter(self, *_: object) -> None:
        if self._facts is None:
            return
        root, state = self._root_filter.currentData(), self._state_filter.currentData()
        wanted = [
            row
            for row in self._facts.problems
            if (not root or row.root == root) and (not state or row.state == state)
        ]
        self._problems_model.set_items(problem_items(wanted))
        total = len(self._facts.problems)
        self._problems_title.setText(f"Problems ({total:,})" if total else "Problems")
        for one in (self._root_filter, self._state_filter, *self._problem_buttons()):
            one.setVisible(bool(total))
        if total:
            self._none.tell("No problem fits these filters")
        elif self._facts.roots:
            self._none.tell("Nothing to report", "Every file in your folders can be searched.")
        else:
            self._none.tell("Nothing to report")
        self._problems_stack.setCurrentIndex(0 if wanted else 1)
        self._on_problem_chosen()

    def _chosen_problems(self) -> list[ProblemRow]:
        indexes = self.problems.selectionModel().selectedRows()
        items = [self._problems_model.item(one) for one in sorted(indexes, key=lambda i: i.row())]
        return [one.problem for one in items if isinstance(one, ProblemItem)]

    def _on_problem_chosen(self, *_: object) -> None:
        chosen = self._chosen_problems()
        for one in self._problem_buttons():
            one.setEnabled(bool(chosen))
        self.strip.setVisible(len(chosen) == 1)
        if len(chosen) == 1:
            row = chosen[0]
            self.strip_title.setText(breakable(row.title))
            told = f"{problem_badge(row.state).text}: {row.reason}"
            self.strip_reason.setText(breakable(f"{told}\n{row.root}/{row.path}"))

    def _retry_files(self) -> None:
        ids = tuple({row.asset_id for row in self._chosen_problems()})
        if ids:
            self.context.bridge.mutate(self, lambda library: library.retry_files(ids))

    def _ignore_files(self) -> None:
        ids = tuple({row.asset_id for row in self._chosen_problems()})
        if ids:
            self.context.bridge.mutate(self, lambda library: library.ignore_files(ids))

    def _place_of(self, row: ProblemRow) -> Path | None:
        roots = self._facts.roots if self._facts is not None else ()
        base = next((root.path for root in roots if root.name == row.root), "")
        return Path(base, row.path) if base else None

    def _open_folder(self) -> None:
        for row in self._chosen_problems()[:1]:
            place = self._place_of(row)
            opened = place is not None and QDesktopServices.openUrl(
                QUrl.fromLocalFile(str(place.parent))
            )
            if not opened:
                self.context.notify.problem(f"The folder of {row.path} could not be opened.")

    def _copy_details(self) -> None:
        chosen = self._chosen_problems()
        lines = []
        for row in chosen:
            place = self._place_of(row) or Path(row.path)
            lines.append(f"{row.title}\n{place}\n{problem_badge(row.state).text}: {row.reason}")
        if lines:
            QGuiApplication.clipboard().setText("\n\n".join(lines))
            self.context.notify.info(f"Details of {count(len(lines), 'problem')} copied")

    def _show_asset(self, *_: object) -> None:
        for row in self._chosen_problems()[:1]:
            self.context.navigate("find", asset_id=row.asset_id)


def _refill(box: QComboBox, all_words: str, entries: list[tuple[str, str]]) -> None:
    """Fill a filter anew and keep what was chosen if it is still there."""
    kept = box.currentData()
    box.blockSignals(True)  # noqa: FBT003 - Qt takes it by position only
    box.clear()
    box.addItem(all_words, "")
    for words, value in entries:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(kept)))
    box.blockSignals(False)  # noqa: FBT003
