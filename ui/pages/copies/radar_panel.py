"""The copy radar: folders outside the library, and how the files there stand to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows_copies import RADAR_STATE_LABELS, RADAR_STATES, RadarReport
from ui.commands import Command
from ui.context import Context
from ui.outside import Outside
from ui.pages.attention.choices import Choice, ChoiceRow
from ui.pages.attention.parts import Notice, Skeleton
from ui.pages.copies import radar_items as rows
from ui.pages.copies import words
from ui.pages.copies.cells import dress_cells
from ui.pages.copies.deeds import Deeds
from ui.pages.copies.radar_detail import RadarDetail
from ui.pages.library_models import TableModel
from ui.widgets.basics import button, label, line

FOLDER_ROW = 36
FILE_ROW = 52
FOLDERS_SHOWN = 3
# Inside a card a table has no frame of its own, but for the ring of the focus.
TABLE_STYLE = """
QTableView { border: 2px solid transparent; border-radius: 0; }
QTableView:focus { border: 2px solid palette(highlight); }
"""
STATE_HELP = {
    rows.ALL: "Every file that Deckhand can read",
    "outdated": "What it matches is superseded, expired or an older version",
    "modified": "Slides were changed by hand",
    "current": "The same as in the library",
    "unknown": "Nothing in the library is like it",
    "unread": "The file could not be read",
}


class RadarPanel(QWidget):
    """Shows a RadarReport. ``wants_scan`` asks for the folders to be looked through now."""

    wants_scan = Signal()

    def __init__(
        self, context: Context, outside: Outside | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._report: RadarReport | None = None
        self._items: tuple[rows.FileItem, ...] = ()
        self._state = rows.ALL
        self.deeds = Deeds(context, self, outside)
        self.folders_model = TableModel(rows.FOLDER_HEADERS, (), self)
        self.model = TableModel(rows.FILE_HEADERS, (), self)
        self._on = QWidget(self)
        self._card = QFrame(self._on)
        self.folders = self._make_folders()
        self.table = self._make_table()
        self.detail = RadarDetail(context, self.deeds, self._card)
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._refill)
        self._build()
        self._add_commands()
        self.show_scan(working=False, done=0, total=0)

    # ---- what the page says --------------------------------------------------------------

    def show_report(self, report: RadarReport) -> None:
        """Show what was read; the place in the table stays."""
        self._report = report
        self._items = rows.file_items(report)
        chosen = self.folders.currentIndex().row()
        self.folders_model.set_items(rows.folder_items(report))
        frame = self.folders.horizontalHeader().sizeHint().height() + 4
        self.folders.setFixedHeight(min(len(report.folders), FOLDERS_SHOWN) * FOLDER_ROW + frame)
        if 0 <= chosen < len(report.folders):
            self.folders.selectRow(chosen)
        self._on_folder()
        self._say_chips()
        self._refill()
        if not report.folders:
            self.notice.say("folder-search", "The radar is off", words.RADAR_OFF,
                            ("Add folder…", self.choose_folder))  # fmt: skip
            self._stack.setCurrentWidget(self.notice)
        else:
            self._stack.setCurrentWidget(self._on)

    def show_failure(self, sentence: str, retry: Callable[[], object]) -> None:
        """Say that the radar could not be read and why."""
        heading = "The radar could not be read"
        self.notice.say("circle-alert", heading, sentence, ("Try again", retry))
        self._stack.setCurrentWidget(self.notice)

    def show_scan(self, *, working: bool, done: int, total: int) -> None:
        """Show how far the look through the folders is."""
        self.bar.setVisible(working)
        self.bar.setRange(0, total)
        self.bar.setValue(min(done, total))
        self.scan.setEnabled(not working)
        told = f"Looking through, {done:,} of {total:,}" if total else "Looking through"
        self.doing.setText(told if working else "")

    def say_waiting(self) -> None:
        """Say that a look has been asked for; it begins when the files before it are read."""
        if self.scan.isEnabled():
            self.doing.setText("Begins in a moment")

    # ---- building ------------------------------------------------------------------------

    def _make_folders(self) -> QTableView:
        table = QTableView(self._on)
        table.setModel(self.folders_model)
        dress_cells(table, FOLDER_ROW, "Folders on the radar")
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        head = table.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, 380)
        head.resizeSection(2, 160)
        table.selectionModel().selectionChanged.connect(self._on_folder)
        return table

    def _make_table(self) -> QTableView:
        table = QTableView(self._card)
        table.setModel(self.model)
        dress_cells(table, FILE_ROW, "Files on the radar")
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        head = table.horizontalHeader()
        for section, width in enumerate((320, 118, 260)):
            head.resizeSection(section, width)
        head.setStretchLastSection(True)
        table.setStyleSheet(TABLE_STYLE)
        table.selectionModel().currentChanged.connect(self._on_current)
        return table

    def _build(self) -> None:
        self.add = button("Add folder…", self.choose_folder, icon_name="folder-plus")
        self.remove = button("Remove", self.remove_folder, icon_name="trash-2")
        self.remove.setToolTip("Take the folder chosen off the radar (Delete)")
        self.scan = button("Scan now", self.wants_scan.emit, kind="primary", icon_name="refresh-cw")
        self.doing = label("", "dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName("Looking through the folders")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label("Folders on the radar", "title"))
        head.addWidget(self.doing)
        head.addWidget(self.bar)
        head.addStretch()
        for one in (self.remove, self.add, self.scan):
            head.addWidget(one)
        column = QVBoxLayout(self._on)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.folders)
        column.addLayout(self._build_filters())
        column.addWidget(self._build_files(), 1)
        self.notice = Notice("folder-search", "", "", parent=self)
        self._stack = QStackedLayout(self)
        self._skeleton = Skeleton(self._context.theme, FILE_ROW, self)
        for pane in (self._skeleton, self._on, self.notice):
            self._stack.addWidget(pane)

    def _build_filters(self) -> QHBoxLayout:
        self.chips = ChoiceRow(self._context.theme, "State of the files", parent=self._on)
        self.chips.chosen.connect(self._on_state)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by file, asset, words")
        self.filter.setAccessibleName("Filter files on the radar")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(240)
        self.filter.textChanged.connect(self._typing.start)
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.addWidget(self.chips, 1)
        row.addWidget(self.filter)
        return row

    def _build_files(self) -> QFrame:
        card = self._card
        card.setProperty("kind", "card")
        holder = QWidget(card)
        self.none = Notice("circle-check", "", "", parent=holder)
        self._files = QStackedLayout(holder)
        self._files.addWidget(self.table)
        self._files.addWidget(self.none)
        self._rule = line()
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 6, 1, 2)
        column.setSpacing(0)
        column.addWidget(holder, 1)
        column.addWidget(self._rule)
        column.addWidget(self.detail)
        return card

    def _add_commands(self) -> None:
        add = self._context.commands.add
        add(self.folders, Command("radar.remove", "Take the folder off the radar", ("Del",),
                                  "Radar"), self.remove_folder)  # fmt: skip
        add(self.table, Command("radar.find", "Show the matching asset in Find", ("Return",),
                                "Radar"), self.detail.find_button.click)  # fmt: skip
        add(self, Command("radar.scan", "Look through the folders now", ("Ctrl+R",), "Radar"),
            self.scan.click)  # fmt: skip

    # ---- filling -------------------------------------------------------------------------

    def _say_chips(self) -> None:
        assert self._report is not None
        found = rows.state_counts(self._report)
        keys = [rows.ALL, *(one for one in RADAR_STATES if found[one] or one == self._state)]
        names = {rows.ALL: "All", **RADAR_STATE_LABELS}
        self.chips.set_choices(
            [Choice(key, f"{names[key]}  {found[key]:,}", STATE_HELP[key]) for key in keys]
        )
        self.chips.choose(self._state)

    def _refill(self) -> None:
        if self._report is None:
            return
        item = self.model.item(self.table.currentIndex())
        kept = item.file.path if item is not None else ""
        shown = rows.chosen(self._items, self._state, self.filter.text())
        self.model.set_items(shown)
        row = next((n for n, one in enumerate(shown) if one.file.path == kept), 0)
        if shown:
            self.table.selectRow(min(row, self.model.rowCount() - 1))
        else:
            self._say_none(self._report)
        self._files.setCurrentIndex(0 if shown else 1)
        self._show_current()

    def _say_none(self, report: RadarReport) -> None:
        waiting = [one for one in report.folders if one.scanned_at is None and not one.reason]
        if report.files:
            self.none.say("filter", "No file fits these filters", "Choose All, or other words.")
        elif waiting:
            text = "The files are listed as soon as the folders have been looked through."
            self.none.say("hourglass", "Not looked through yet", text)
        else:
            text = "There is no deck, document or sheet in these folders."
            self.none.say("circle-check", "Nothing found", text)

    def _show_current(self) -> None:
        item = self.model.item(self.table.currentIndex())
        self.detail.show_file(item.file if isinstance(item, rows.FileItem) else None)
        self._rule.setVisible(item is not None)

    # ---- what a person does --------------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask for a folder to watch, without blocking."""
        dialog = QFileDialog(self, "Choose a folder to look through for copies")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_folder)
        dialog.open()

    def add_folder(self, path: str) -> None:
        """Opt a folder in and look through it."""
        self._context.bridge.mutate(self, lambda library: library.radar_add(path), self._added)

    def _added(self, _changes: Changes) -> None:
        self.wants_scan.emit()

    def remove_folder(self) -> None:
        """Opt the folder chosen out."""
        item = self.folders_model.item(self.folders.currentIndex())
        if isinstance(item, rows.FolderItem) and self.folders.selectionModel().hasSelection():
            path = item.folder.path
            self._context.bridge.mutate(self, lambda library: library.radar_remove(path))

    def _on_folder(self, *_: object) -> None:
        self.remove.setEnabled(self.folders.selectionModel().hasSelection())

    def _on_state(self, key: object) -> None:
        self._state = str(key)
        self._refill()

    def _on_current(self, _new: QModelIndex, _old: QModelIndex) -> None:
        self._show_current()
