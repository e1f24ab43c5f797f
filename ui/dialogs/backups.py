"""The backups of a library: what each holds, one made now, one put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from app.errors import UserError
from app.library import Library
from app.rows import BackupRow, Holdings
from ui.context import Context
from ui.pages.library_cells import dress_table
from ui.pages.library_models import TableModel
from ui.widgets.basics import button, label, restyle
from ui.widgets.sheet import Sheet
from ui.words import date_and_time, size

PutBack = Callable[[BackupRow, Callable[[], None], Callable[[Exception], None]], None]
ROW, ROWS_SHOWN, FRAME = 32, 6, 4
RIGHT = Qt.AlignmentFlag.AlignRight
HELD = (("assets", "Assets"), ("tags", "Tags"), ("events", "Uses"), ("requests", "Requests"))
WHY = (
    "A backup of the record is made every day: assets, tags, people, requests and every use. The "
    "newest ten are kept. Your files are not in it, and putting one back changes none of them."
)
NONE = "There is no backup yet. The first is made a day after the library was begun."


@dataclass(frozen=True, slots=True)
class BackupItem:
    """One backup, ready for the table."""

    row: BackupRow
    cells: tuple[str, ...]
    spoken: str
    tip: str


def backup_items(rows: tuple[BackupRow, ...]) -> tuple[BackupItem, ...]:
    """The rows of the table."""
    items = []
    for row in rows:
        cells = (date_and_time(row.made_at), row.why[:1].upper() + row.why[1:], size(row.size))
        items.append(BackupItem(row, cells, ", ".join(cells), str(row.path)))
    return tuple(items)


class BackupsSheet(Sheet):
    """Lists the backups, says what the chosen one holds beside what the library holds now.

    ``put_back(row, done, failed)`` carries it out; it is asked for twice.
    """

    def __init__(self, window: QWidget, context: Context, put_back: PutBack) -> None:
        super().__init__(window, "Backups", width=min(640, window.width() - 48))
        self._context, self._put_back = context, put_back
        self._now: Holdings | None = None
        self.body.addWidget(label("Backups", "h2"))
        self.body.addWidget(label(WHY, "dim", wrap=True))
        self._build_list()
        self._build_held()
        self.note = label("", "cap", wrap=True)
        self.note.setMinimumHeight(34)
        self.body.addWidget(self.note)
        self._build_deeds()
        self._ask_first()

    # ---- building ------------------------------------------------------------------------

    def _build_list(self) -> None:
        self.model = TableModel(("Made", "Why", "Size"), (2,), self)
        self.table = QTableView()
        self.table.setModel(self.model)
        dress_table(self.table, ROW, "Backups")
        self.table.setItemDelegate(QStyledItemDelegate(self.table))
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(0, 190)
        head.resizeSection(2, 96)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.body.addWidget(self.table, 1)

    def _build_held(self) -> None:
        self._held = QWidget()
        grid = QGridLayout(self._held)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        self._numbers: dict[tuple[str, str], QLabel] = {}
        for line, who in enumerate(("The library now", "This backup"), start=1):
            grid.addWidget(label(who, "strong"), line, 0)
            for column, (key, name) in enumerate(HELD, start=1):
                grid.addWidget(label(name, "cap"), 0, column, RIGHT)
                self._numbers[who, key] = made = label("–")
                grid.addWidget(made, line, column, RIGHT)
        grid.setColumnStretch(0, 1)
        self.body.addWidget(self._held)

    def _build_deeds(self) -> None:
        self.make = button("Make a backup now", self._make, icon_name="save")
        self.shut = button("Close", self._on_shut)
        self.put = button("Put back…", self._on_put, kind="danger", icon_name="history")
        self.put.setEnabled(False)
        self.main = self.shut
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.make)
        line.addStretch()
        line.addWidget(self.shut)
        line.addWidget(self.put)
        self.body.addLayout(line)

    # ---- showing -------------------------------------------------------------------------

    def _ask_first(self) -> None:
        self._show(())
        self._context.bridge.read(self, lambda library: library.backups(), self._show)
        self._context.bridge.read(self, _present, self._show_present)

    def _show(self, rows: tuple[BackupRow, ...]) -> None:
        self.model.set_items(backup_items(rows))
        self.table.setVisible(bool(rows))
        self._held.setVisible(bool(rows))
        shown = min(max(len(rows), 2), ROWS_SHOWN)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + shown * ROW + FRAME)
        self._say("" if rows else NONE)
        if rows:
            self.table.selectRow(0)
            self.table.setFocus()
        self._place()

    def _show_present(self, now: Holdings | None) -> None:
        self._now = now
        self._fill("The library now", now, "damaged")

    def _chosen(self) -> BackupItem | None:
        item = self.model.item(self.table.currentIndex())
        return item if isinstance(item, BackupItem) else None

    def _on_chosen(self, *_: object) -> None:
        self._settle()
        chosen = self._chosen()
        self.put.setEnabled(False)
        if chosen is not None:
            path = chosen.row.path
            self._context.bridge.read(
                self, lambda library: library.holdings(path), self._show_held, self._refused,
                key="holdings",
            )  # fmt: skip

    def _show_held(self, held: Holdings) -> None:
        self._fill("This backup", held, "")
        self.put.setEnabled(True)
        self._settle()

    def _refused(self, error: Exception) -> None:
        self._fill("This backup", None, "–")
        self._say(self._context.notify.sentence(error), bad=True)

    def _fill(self, who: str, held: Holdings | None, instead: str) -> None:
        for key, _ in HELD:
            words = f"{getattr(held, key):,}" if held is not None else instead
            self._numbers[who, key].setText(words)

    def _say(self, words: str, *, bad: bool = False, kind: str = "cap") -> None:
        restyle(self.note, "kind", "bad" if bad else kind)
        self.note.setText(words)

    # ---- deeds ---------------------------------------------------------------------------

    @property
    def _sure(self) -> bool:
        """Whether the next click carries it out."""
        return self.put.text() == "Put it back"

    def _settle(self) -> None:
        """Ask for the first time again."""
        self._name(self.put, "Put back…")
        self._name(self.shut, "Close")
        chosen = self._chosen()
        self._say(f"It is kept as {chosen.row.path}" if chosen is not None else NONE)

    def _name(self, which: QPushButton, words: str) -> None:
        which.setText(words)
        which.setAccessibleName(words)

    def _on_shut(self) -> None:
        if self._sure:
            self._settle()
        else:
            self.dismiss()

    def _on_put(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if not self._sure:
            self._say(
                f"The library will be as it was on {chosen.cells[0]}: what was tagged, used and "
                "asked for since then goes, and cannot be undone step by step. A backup of the "
                "present state is made first; files that came later are read again.", kind="",
            )  # fmt: skip
            self._name(self.put, "Put it back")
            self._name(self.shut, "Keep the present state")
            self.shut.setFocus()
            self._place()
            return
        self._busy("Putting the backup back…")
        self._put_back(chosen.row, self.dismiss, self._failed)

    def _make(self) -> None:
        self._busy("Making a backup…")
        self._context.bridge.tasks.run(
            self, lambda library: (library.back_up(), library.backups())[1], self._made,
            self._failed, lane="write",
        )  # fmt: skip

    def _made(self, rows: tuple[BackupRow, ...]) -> None:
        self._free()
        self._show(rows)

    def _failed(self, error: Exception) -> None:
        self._free()
        self._settle()
        self._say(self._context.notify.sentence(error), bad=True)

    def _busy(self, words: str) -> None:
        for one in (self.make, self.put, self.shut, self.table):
            one.setEnabled(False)
        self._say(words)

    def _free(self) -> None:
        for one in (self.make, self.shut, self.table):
            one.setEnabled(True)
        self.put.setEnabled(self._chosen() is not None)


def _present(library: Library) -> Holdings | None:
    """What the record holds; None when it is damaged."""
    try:
        return library.holdings()
    except UserError:
        return None
