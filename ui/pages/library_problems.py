"""The files that are not fully searchable: by folder and reason, and what can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.rows import ProblemRow, RootRow
from ui.commands import Command
from ui.context import Context
from ui.models.words import breakable
from ui.pages.library_cells import PROBLEM_ROW, dress_table
from ui.pages.library_models import PROBLEM_STATES, ProblemItem, TableModel, problem_badge
from ui.widgets.basics import button, label
from ui.widgets.elided import Elided
from ui.widgets.empty import Empty
from ui.words import count

GROUP = "Library"
WIDE, HIGH = 960, 240
BROAD, NARROW = (260, 240, 130), (150, 180, 126)


class ProblemsPanel(QWidget):
    """Heading with filters and deeds, the table, and the problem chosen in full."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._items: tuple[ProblemItem, ...] = ()
        self._roots: Sequence[RootRow] = ()
        self._narrow = False
        self.model = TableModel(("Title", "Path", "State", "Reason"), (), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addWidget(self._build_table(), 1)
        column.addWidget(self._build_strip())
        self._add_commands()

    # ---- building ------------------------------------------------------------------------

    def _build_head(self) -> QHBoxLayout:
        self._title = Elided("Problems")
        self._title.setProperty("kind", "h2")
        self.root_filter, self.state_filter = QComboBox(), QComboBox()
        self.root_filter.setAccessibleName("Show problems of folder")
        self.state_filter.setAccessibleName("Show problems with state")
        self.retry = button("Read again", self._retry_files, icon_name="refresh-cw")
        self.retry.setToolTip("Read these files again (Ctrl+R)")
        self.ignore = button("Ignore", self._ignore_files, icon_name="eye-off")
        self.ignore.setToolTip("Leave these files out of the library; on disk nothing changes")
        self._open = button("Open containing folder", self._open_folder, icon_name="folder-open")
        self._open.setToolTip("Open the folder that holds the file (Ctrl+Shift+O)")
        self.copy = button("Copy details", self._copy_details, icon_name="copy")
        self.copy.setToolTip("Copy title, path and reason (Ctrl+C)")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        for box in (self.root_filter, self.state_filter):
            box.setMinimumWidth(110)
            box.hide()
            box.currentIndexChanged.connect(self._filter)
            row.addWidget(box)
        for one in self._buttons():
            one.setEnabled(False)
            one.hide()
            row.addWidget(one)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < WIDE
        if narrow != self._narrow:
            self._narrow = narrow
            for one in self._buttons():
                one.setText("" if narrow else one.accessibleName())
            self._size_columns()
        self._show_strip()

    def _size_columns(self) -> None:
        head = self.table.horizontalHeader()
        for section, width in enumerate(NARROW if self._narrow else BROAD):
            head.resizeSection(section, width)

    def _show_strip(self) -> None:
        """A low window keeps its rows; the reason stands in the row and under the pointer."""
        self.strip.setVisible(len(self.chosen()) == 1 and self.height() >= HIGH)
        # The strip takes its height from the table only with the next layout.
        QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        if self.strip.isVisible() and self.table.selectionModel().isSelected(
            self.table.currentIndex()
        ):
            self.table.scrollTo(self.table.currentIndex())

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.retry, self.ignore, self._open, self.copy)

    def _build_table(self) -> QStackedWidget:
        self.table = QTableView()
        self.table.setModel(self.model)
        dress_table(self.table, PROBLEM_ROW, "Problems")
        self.table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.doubleClicked.connect(self._show_asset)
        self._size_columns()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.none = Empty("circle-check", "Reading the problems")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.none)
        self._stack.setCurrentIndex(1)
        return self._stack

    def _build_strip(self) -> QFrame:
        """The problem chosen in full: what is wrong and what to do needs more than a cell."""
        self.strip = QFrame()
        self.strip.setProperty("kind", "card")
        self._strip_title = label("", "title", wrap=True)
        self.strip_reason = label("", "dim", wrap=True)
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(2)
        column.addWidget(self._strip_title)
        column.addWidget(self.strip_reason)
        self.strip.hide()
        return self.strip

    def _add_commands(self) -> None:
        add = self.context.commands.add
        shows = Command("library.show", "Show the asset in Find", ("Return",), GROUP)
        opens = Command("library.open", "Open containing folder", ("Ctrl+Shift+O",), GROUP)
        copies = Command("library.copy", "Copy details", ("Ctrl+C",), GROUP)
        again = Command("library.retry", "Read the files again", ("Ctrl+R",), GROUP)
        leave = Command("library.ignore", "Ignore the files", ("Ctrl+I",), GROUP)
        self.table.addAction(add(self.table, shows, self._show_asset))
        self.table.addAction(add(self.table, opens, self._open_folder))
        self.table.addAction(add(self.table, copies, self._copy_details))
        self.table.addAction(add(self.table, again, self._retry_files))
        self.table.addAction(add(self.table, leave, self._ignore_files))

    # ---- showing -------------------------------------------------------------------------

    def show_problems(self, items: Sequence[ProblemItem], roots: Sequence[RootRow]) -> None:
        """Show these, ready made; what was chosen stays chosen if it is still there."""
        self._items, self._roots = tuple(items), roots
        self._fill_filters()
        self._filter()

    def _fill_filters(self) -> None:
        roots = Counter(item.problem.root for item in self._items)
        states = Counter(item.problem.state for item in self._items)
        order = list(PROBLEM_STATES)
        known = sorted(states, key=lambda one: (order.index(one) if one in order else 99, one))
        names = sorted(roots, key=str.casefold)
        _refill(self.root_filter, "All folders", [(f"{n} ({roots[n]:,})", n) for n in names])
        entries = [(f"{problem_badge(one).text} ({states[one]:,})", one) for one in known]
        _refill(self.state_filter, "All reasons", entries)

    def _filter(self, *_: object) -> None:
        root, state = self.root_filter.currentData(), self.state_filter.currentData()
        wanted = [
            item
            for item in self._items
            if (not root or item.problem.root == root)
            and (not state or item.problem.state == state)
        ]
        chosen = {(row.root, row.path) for row in self.chosen()}
        self.model.set_items(wanted)
        total = len(self._items)
        part = f"{len(wanted):,} of {total:,}" if len(wanted) < total else f"{total:,}"
        self._title.setText(f"Problems ({part})" if total else "Problems")
        for one in (self.root_filter, self.state_filter, *self._buttons()):
            one.setVisible(bool(total))
        self._tell_none(total)
        self._stack.setCurrentIndex(0 if wanted else 1)
        self._choose(chosen)
        self._on_chosen()

    def _tell_none(self, total: int) -> None:
        if total:
            self.none.tell("No problem fits these filters")
        elif self._roots:
            self.none.tell("Nothing to report", "Every file in your folders can be searched.")
        else:
            self.none.tell("Nothing to report")

    def _choose(self, places: set[tuple[str, str]]) -> None:
        """Choose the rows again that were chosen, as far as they are shown at once."""
        model: QAbstractItemModel = self.model
        select = self.table.selectionModel()
        flags = select.SelectionFlag.Select | select.SelectionFlag.Rows
        for row in range(model.rowCount() if places else 0):
            item = self.model.item(model.index(row, 0))
            if isinstance(item, ProblemItem) and (item.problem.root, item.problem.path) in places:
                select.select(model.index(row, 0), flags)

    def chosen(self) -> list[ProblemRow]:
        """The problems chosen, from the top."""
        indexes = self.table.selectionModel().selectedRows()
        items = [self.model.item(one) for one in sorted(indexes, key=lambda i: i.row())]
        return [one.problem for one in items if isinstance(one, ProblemItem)]

    def _on_chosen(self, *_: object) -> None:
        chosen = self.chosen()
        for one in self._buttons():
            one.setEnabled(bool(chosen))
        self._show_strip()
        if len(chosen) == 1:
            row = chosen[0]
            self._strip_title.setText(breakable(row.title))
            told = f"{problem_badge(row.state).text}: {row.reason}"
            self.strip_reason.setText(breakable(f"{told}\n{row.root}/{row.path}"))

    # ---- deeds ---------------------------------------------------------------------------

    def _retry_files(self) -> None:
        ids = tuple({row.asset_id for row in self.chosen()})
        if ids:
            self.context.bridge.mutate(self, lambda library: library.retry_files(ids))

    def _ignore_files(self) -> None:
        ids = tuple({row.asset_id for row in self.chosen()})
        if ids:
            self.context.bridge.mutate(self, lambda library: library.ignore_files(ids))

    def _place_of(self, row: ProblemRow) -> Path | None:
        base = next((root.path for root in self._roots if root.name == row.root), "")
        return Path(base, row.path) if base else None

    def _open_folder(self) -> None:
        for row in self.chosen()[:1]:
            place = self._place_of(row)
            opened = place is not None and QDesktopServices.openUrl(
                QUrl.fromLocalFile(str(place.parent))
            )
            if not opened:
                self.context.notify.problem(f"The folder of {row.path} could not be opened.")

    def _copy_details(self) -> None:
        lines = []
        for row in self.chosen():
            place = self._place_of(row) or Path(row.path)
            lines.append(f"{row.title}\n{place}\n{problem_badge(row.state).text}: {row.reason}")
        if lines:
            QGuiApplication.clipboard().setText("\n\n".join(lines))
            self.context.notify.info(f"Details of {count(len(lines), 'problem')} copied")

    def _show_asset(self, *_: object) -> None:
        for row in self.chosen()[:1]:
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
