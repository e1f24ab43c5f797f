"""The table of unused content with its filters, its export, and the reason in words below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.rows import STATUS_LABELS, STATUSES, UnusedReport
from ui.commands import Command
from ui.context import Context
from ui.pages.attention import export, words
from ui.pages.attention import unused_items as rows
from ui.pages.attention.choices import Choice, ChoiceRow
from ui.pages.attention.columns import WIDTHS, FittingTable
from ui.pages.attention.delegate import ROW_HEIGHT, UnusedDelegate
from ui.pages.attention.parts import Notice, Skeleton, button, label
from ui.pages.attention.unused_model import UnusedModel

STATE = "attention_table"
KEPT_SELECTION = 200
"""A larger selection is let go by a refresh: putting thousands of rows back blocks the window."""
SHOW, COPY = "attention_show", "attention_copy"
FIXED_CHIPS = (rows.NOT_USED, "unused", "gone_quiet", "no_use_yet", "too_new")
CHIP_HELP = {
    rows.NOT_USED: "Unused, gone quiet and no use yet: what the share above counts",
    "unused": "Never used since it became available",
    "gone_quiet": "Used before, but not in the window",
    "no_use_yet": "Not used, and not watched long enough to say more",
    "too_new": "Too early to judge",
    rows.ALL: "Every row of the report",
}


class UnusedPanel(QFrame):
    """Owns the rows of one report; remembers sort, widths and verdict; keeps the selection."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._context = context
        self._items: tuple[rows.UnusedItem, ...] = ()
        self._report: UnusedReport | None = None
        saved: dict[str, Any] = context.state.get(STATE, {})
        self._wanted = rows.Wanted(verdict=str(saved.get("verdict") or rows.NOT_USED))
        self._sort = _sort_of(saved)
        self.model = UnusedModel(self)
        self.table = self._make_table(saved)
        self._build()
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._on_typed)
        self.filter.textChanged.connect(self._typing.start)
        self._add_commands()

    # ---- what the page says ----------------------------------------------------------------

    def show_report(self, report: UnusedReport, items: tuple[rows.UnusedItem, ...]) -> None:
        """Show another report; selection, scroll and filters stay."""
        for piece in self.pieces_of(report, items):
            piece()

    def pieces_of(
        self, report: UnusedReport, items: tuple[rows.UnusedItem, ...]
    ) -> tuple[Callable[[], object], ...]:
        """The same in pieces, each of which leaves the panel as a person may see it."""
        return partial(self._take, report, items), self._refill

    def _take(self, report: UnusedReport, items: tuple[rows.UnusedItem, ...]) -> None:
        self._report, self._items = report, items
        self._say_chips()

    def show_failure(self, sentence: str, retry: Callable[[], object]) -> None:
        """Say that there is no report and why."""
        heading = "The report could not be drawn"
        self.notice.say("circle-alert", heading, sentence, ("Try again", retry))
        self._stack.setCurrentWidget(self.notice)

    def want(self, *, verdict: str | None = None, why: str | None = None) -> None:
        """Filter by a verdict (or exclusion) and by a why; None leaves one as it is."""
        old = self._wanted
        self._wanted = rows.Wanted(
            verdict=old.verdict if verdict is None else verdict,
            why=old.why if why is None else why,
            text=old.text,
        )
        self._say_chips()
        self._refill()
        self._remember()

    @property
    def wanted(self) -> rows.Wanted:
        """The filters now in force."""
        return self._wanted

    def selected(self) -> list[rows.UnusedItem]:
        """The selected items in the order shown."""
        # Asking for the selected rows one by one takes minutes when there are thousands.
        selection = self.table.selectionModel().selection()
        picked: set[int] = set()
        for number in range(selection.count()):
            part = selection.at(number)
            picked.update(range(part.top(), part.bottom() + 1))
        return [item for row in sorted(picked) if (item := self.model.item(row)) is not None]

    # ---- building --------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        self.count = label("", "dim")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by title, type, owner")
        self.filter.setAccessibleName("Filter unused content")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(240)
        self.filter.setMinimumWidth(120)
        self.save = button("Save a copy…", self.save_copy, name="Save the rows shown as CSV")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.count, 1)
        head.addWidget(self.filter, 1)
        head.addWidget(self.save)
        self.chips = ChoiceRow(theme, "Verdict", parent=self)
        self.chips.chosen.connect(self._on_verdict)
        self.why = button("", self._forget_why, "chip")
        self.why.hide()
        chips = QHBoxLayout()
        chips.addWidget(self.chips, 1)
        chips.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        self.notice = Notice("check", "", "", parent=self)
        self._skeleton = Skeleton(theme, ROW_HEIGHT, self)
        self._stack = QStackedLayout()
        for pane in (self._skeleton, self.table, self.notice):
            self._stack.addWidget(pane)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 12, 1, 6)
        outer.setSpacing(8)
        for line in (head, chips):
            line.setContentsMargins(15, 0, 15, 0)
            outer.addLayout(line)
        outer.addLayout(self._stack, 1)
        outer.addWidget(self._make_strip())

    def _make_table(self, saved: dict[str, Any]) -> FittingTable:
        table = FittingTable(self)
        table.setModel(self.model)
        table.setItemDelegate(UnusedDelegate(self._context.theme, table))
        self._dress_header(table, saved)
        table.activated.connect(self._on_activated)
        table.customContextMenuRequested.connect(self._on_menu)
        table.selectionModel().selectionChanged.connect(self._say_selection)
        return table

    def _dress_header(self, table: FittingTable, saved: dict[str, Any]) -> None:
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        order = Qt.SortOrder.DescendingOrder if self._sort[1] else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(self._sort[0], order)
        table.dress_columns(saved.get("widths"))
        header.sectionClicked.connect(self._on_header)
        header.sectionResized.connect(self._on_resized)
        self._resizing = QTimer(self, singleShot=True, interval=400)
        self._resizing.timeout.connect(self._remember)

    def _make_strip(self) -> QFrame:
        self.strip = QFrame(self)
        self.strip.setObjectName("reason")
        self.strip_title = label("", "title", wrap=True)
        self.strip_reason = label("", "dim", wrap=True)
        self.show_in_find = button("Show in Find", self.open_current)
        self.status = button("Set status", self._nothing)
        self.status.setMenu(QMenu(self.status))
        self.status.menu().aboutToShow.connect(self._fill_status_button)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.strip_title)
        texts.addWidget(self.strip_reason)
        line = QHBoxLayout(self.strip)
        line.setContentsMargins(15, 6, 15, 6)
        line.setSpacing(8)
        line.addLayout(texts, 1)
        line.addWidget(self.show_in_find)
        line.addWidget(self.status)
        self.strip.hide()
        return self.strip

    def _add_commands(self) -> None:
        commands, group = self._context.commands, "Unused content"
        commands.add(
            self.table, Command(SHOW, "Show the asset in Find", ("Return",), group),
            self.open_current,
        )  # fmt: skip
        commands.add(
            self.table, Command(COPY, "Copy the selected rows", ("Ctrl+C",), group), self.copy_rows
        )

    # ---- filling ---------------------------------------------------------------------------

    def _refill(self) -> None:
        column, descending = self._sort
        shown = rows.ordered(rows.chosen(self._items, self._wanted), column, descending=descending)
        kept = {item.row.asset_id for item in self.selected()}
        current = self.model.item(self.table.currentIndex().row())
        scroll = self.table.verticalScrollBar().value()
        self.model.set_items(shown)
        self._reselect(kept, current)
        self.table.verticalScrollBar().setValue(scroll)
        everything = len(self._items)
        self.count.setText(
            words.plural(len(shown), "asset")
            if len(shown) == everything
            else f"{words.plural(len(shown), 'asset')} of {everything:,} listed"
        )
        self.save.setEnabled(bool(shown))
        self._say_selection()
        if shown:
            self._stack.setCurrentWidget(self.table)
        elif self._report is not None:
            self._say_empty(self._report)

    def _reselect(self, kept: set[int], current: rows.UnusedItem | None) -> None:
        selection = self.table.selectionModel()
        if current is not None and (row := self.model.row_of(current.row.asset_id)) >= 0:
            at = self.model.index(row, 0)
            selection.setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        again = [row for row, item in enumerate(self.model.items) if item.row.asset_id in kept]
        if not 0 < len(again) <= KEPT_SELECTION:
            return
        chosen, last = QItemSelection(), len(rows.HEADERS) - 1
        for row in again:
            ends = self.model.index(row, 0), self.model.index(row, last)
            chosen.append(QItemSelectionRange(*ends))
        selection.select(chosen, QItemSelectionModel.SelectionFlag.Select)

    def _say_chips(self) -> None:
        # What the report only counts is shown with that count.
        excluded = dict(self._report.excluded) if self._report else {}
        counts = rows.verdict_counts(self._items)
        keys = [key for key in FIXED_CHIPS if counts.get(key) or key == rows.NOT_USED]
        others = [key for key in counts if key not in FIXED_CHIPS and key != rows.ALL]
        if self._wanted.verdict not in (*keys, *others, rows.ALL):
            others.append(self._wanted.verdict)
        names = {rows.NOT_USED: "Not used", rows.ALL: "All"}
        self.chips.set_choices(
            [
                Choice(key, f"{name}  {count:,}", CHIP_HELP.get(key, ""))
                for key in (*keys, *others, rows.ALL)
                for name in (names.get(key) or words.label_of(key),)
                for count in (counts.get(key) or excluded.get(key, 0),)
            ]
        )
        self.chips.choose(self._wanted.verdict)
        self.chips.setVisible(bool(self._items) or self._wanted.verdict != rows.NOT_USED)
        why = words.WHY_LABELS.get(self._wanted.why, "")
        self.why.setText(f"{why}  ✕")
        self.why.setAccessibleName(f"Stop filtering by: {why}")
        self.why.setVisible(bool(why))

    def _say_empty(self, report: UnusedReport) -> None:
        wanted, reset = self._wanted, ("Show all rows", self._reset)
        excluded = dict(report.excluded).get(wanted.verdict, 0)
        if wanted.text or wanted.why:
            self.notice.say("filter", "No row fits these filters", "Drop a filter.", reset)
        elif excluded:
            told = words.EXCLUDED_HELP.get(wanted.verdict, "Not counted.")
            text = f"{told.format(grace=report.grace_days)} The report does not list them."
            heading = f"{words.label_of(wanted.verdict)}: {words.plural(excluded, 'asset')}"
            self.notice.say("info", heading, text, reset if self._items else None)
        elif words.watching_too_short(report):
            self.notice.say("clock", "Too early to tell", words.fresh_sentence(report))
        elif report.eligible == 0 and not self._items:
            self.notice.say("library", "Nothing to judge yet", words.share_sentence(report))
        else:
            days = words.plural(report.window_days, "day")
            eligible = words.plural(report.eligible, "eligible asset")
            text = (
                f"Every one of {eligible} was used in {days}."
                if wanted.verdict == rows.NOT_USED
                else "No asset has this verdict."
            )
            self.notice.say("circle-check", "Nothing here", text, reset if self._items else None)
        self._stack.setCurrentWidget(self.notice)

    def _say_selection(self, *_: object) -> None:
        picked = self.selected()
        self.strip.setVisible(bool(picked))
        if len(picked) == 1:
            self.strip_title.setText(picked[0].row.title)
            self.strip_reason.setText(picked[0].reason)
        elif picked:
            self.strip_title.setText(f"{len(picked):,} assets selected")
            self.strip_reason.setText("Set their status, or copy the rows.")
        self.show_in_find.setVisible(len(picked) == 1)

    # ---- what a person does ----------------------------------------------------------------

    def open_current(self) -> None:
        """Show the current asset in Find."""
        item = self.model.item(self.table.currentIndex().row())
        if item is not None:
            self._context.navigate("find", asset_id=item.row.asset_id)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, with headings."""
        picked = self.selected()
        if picked:
            QGuiApplication.clipboard().setText(export.clipboard_text(picked))
            self._context.notify.info(f"{words.plural(len(picked), 'row')} copied")

    def save_copy(self) -> None:
        """Ask where to save the rows shown, without blocking."""
        dialog = QFileDialog(self, "Save a copy")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Comma-separated values (*.csv)")
        dialog.setDefaultSuffix("csv")
        day = words.local_date(self._report.as_of) if self._report else date.min
        dialog.selectFile(export.suggested_name(day))
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Write the rows shown to a file, away from the window's thread."""
        items, target = self.model.items, Path(path)
        self._context.bridge.read(
            self,
            lambda _library: export.write_csv(target, items),
            partial(self._saved, target.name),
        )

    def set_status(self, status: str) -> None:
        """Set the status of the selected assets; it can be undone."""
        ids = tuple(item.row.asset_id for item in self.selected())
        if ids:
            self._context.bridge.mutate(self, lambda library: library.set_status(ids, status))

    def _saved(self, name: str, count: int) -> None:
        self._context.notify.info(f"{words.plural(count, 'row')} saved to {name}")

    def _on_activated(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._context.navigate("find", asset_id=item.row.asset_id)

    def _on_menu(self, at: QPoint) -> None:
        if not self.selected():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show in Find", self.open_current)
        self._fill_status(menu.addMenu("Set status"))
        menu.addAction("Copy rows", QKeySequence.StandardKey.Copy, self.copy_rows)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _fill_status_button(self) -> None:
        menu = self.status.menu()
        menu.clear()
        self._fill_status(menu)

    def _fill_status(self, menu: QMenu) -> None:
        # What is mostly wanted of unused content comes first.
        for status in ("archived", *(s for s in STATUSES if s != "archived")):
            action = QAction(STATUS_LABELS[status], menu)
            action.triggered.connect(partial(self._on_status, status))
            menu.addAction(action)
            if status == "archived":
                menu.addSeparator()

    def _on_status(self, status: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.set_status(status)

    def _on_verdict(self, key: object) -> None:
        self.want(verdict=str(key))

    def _forget_why(self) -> None:
        self.want(why="")

    def _reset(self) -> None:
        self.filter.clear()
        self._wanted = rows.Wanted(verdict=rows.ALL)
        self.want()

    def _nothing(self) -> None:
        """The button's menu does the work."""

    def _on_typed(self) -> None:
        text = self.filter.text()
        self._wanted = rows.Wanted(self._wanted.verdict, self._wanted.why, text)
        self._refill()

    def _on_header(self, column: int) -> None:
        old, descending = self._sort
        # Numbers are asked for largest first, words from A.
        descending = not descending if old == column else column in rows.NUMBERS
        self._sort = (column, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self._refill()
        self._remember()

    def _on_resized(self, *_: object) -> None:
        self._resizing.start()

    def _remember(self) -> None:
        self._context.state.set(
            STATE,
            {
                "verdict": self._wanted.verdict,
                "column": self._sort[0],
                "descending": self._sort[1],
                "widths": list(self.table.widths),
            },
        )


def _sort_of(saved: dict[str, Any]) -> tuple[int, bool]:
    column = saved.get("column")
    if not isinstance(column, int) or not 0 <= column < len(WIDTHS):
        return rows.VERDICT, False
    return column, saved.get("descending") is True
