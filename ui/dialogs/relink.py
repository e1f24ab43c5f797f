"""What is missing from a folder, and the place where it lies now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from app.rows import Missing, MissingPlace, RelinkPreview, RootRow
from ui.context import Context
from ui.pages.library_cells import dress_table
from ui.pages.library_models import TableModel
from ui.widgets.basics import button, label, restyle
from ui.widgets.empty import Empty
from ui.widgets.sheet import Sheet
from ui.words import count

if TYPE_CHECKING:
    from app.changes import Changes

SETTLE_MS = 300
ROW = 32
WIDE, MARGIN = 760, 48
LOW_WINDOW, LOW, HIGH = 640, 120, 270
ROOT_ITSELF = "."


@dataclass(frozen=True, slots=True)
class PlaceItem:
    """One missing file or folder, ready for the table."""

    place: MissingPlace
    cells: tuple[str, ...]
    spoken: str
    tip: str


def place_items(places: tuple[MissingPlace, ...], root: str) -> tuple[PlaceItem, ...]:
    """The rows of the table; the root itself is called by its name."""
    items = []
    for one in places:
        there = one.proposed if one.proposed is None else one.proposed or root
        cells = (one.path or root, f"{one.files:,}", there or "–")
        told = f"now probably {there}" if there else "nothing tells where"
        missing = f"{count(one.files, 'file')} missing"
        tip = f"{cells[0]}\n→ {there}" if there else cells[0]
        items.append(PlaceItem(one, cells, f"{cells[0]}, {missing}, {told}", tip))
    return tuple(items)


def foretold(preview: RelinkPreview) -> str:
    """What a relinking would do, in a sentence."""
    again = f"{count(preview.found, 'file')} would be found again {preview.where}"
    left = preview.missing - preview.found
    if not left:
        return f"{again}; tags and history stay."
    again = f"{preview.found:,} of {count(preview.missing, 'file')} would be found again"
    return f"{again} {preview.where}; {left:,} {'stays' if left == 1 else 'stay'} missing."


class RelinkSheet(Sheet):
    """Lists what is missing, says where it may be, and foretells what a place would bring.

    It stays open after *Relink* while something is missing, so that one folder follows another.
    """

    def __init__(self, window: QWidget, context: Context, root: RootRow, missing: Missing) -> None:
        title = f"Missing files of {root.name}"
        super().__init__(window, title, width=min(WIDE, window.width() - MARGIN))
        self._context, self._root, self._missing = context, root, missing
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self.body.addWidget(label(title, "h2"))
        self._build_list()
        self._build_place()
        self._build_deeds()
        context.bridge.changed.connect(self._on_changes)
        self._show(missing)

    # ---- building ------------------------------------------------------------------------

    def _build_list(self) -> None:
        self._why = label(
            "These files are no longer where they were. Say where they are now, and they keep "
            "their tags and history. What was deleted on purpose can stay as it is.",
            "dim", wrap=True,
        )  # fmt: skip
        self.what = QComboBox()
        self.what.setAccessibleName("Show missing folders or single files")
        self.what.currentIndexChanged.connect(self._fill)
        self.model = TableModel(("Was", "Missing", "Probably now"), (1,), self)
        self.table = QTableView()
        self.table.setModel(self.model)
        dress_table(self.table, ROW, "What is missing")
        self.table.setItemDelegate(QStyledItemDelegate(self.table))
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(LOW if self.window().height() < LOW_WINDOW else HIGH)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, 80)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.none = Empty("circle-check", "No file is missing.")
        self.body.addWidget(self._why)
        self.body.addWidget(self.what)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.none)

    def _build_place(self) -> None:
        self._now = QWidget()
        row = QHBoxLayout(self._now)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.place = QLineEdit()
        self.place.setAccessibleName("Where it is now")
        self.place.setPlaceholderText(f"Where it is now, within {self._root.name}")
        self.place.textChanged.connect(self._on_typed)
        self.choose = button("Choose…", self._choose, icon_name="folder-search")
        self.choose.setAccessibleName("Choose where it is now")
        row.addWidget(self.place, 1)
        row.addWidget(self.choose)
        self.note = label("", "cap", wrap=True)
        self.note.setMinimumHeight(34)
        self.body.addWidget(self._now)
        self.body.addWidget(self.note)

    def _build_deeds(self) -> None:
        line = QHBoxLayout()
        line.addStretch()
        self.shut = button("Close", self.dismiss)
        self.relink = button("Relink", self._relink, kind="primary", tip="Ctrl+Enter")
        self.relink.setAccessibleName("Relink")
        line.addWidget(self.shut)
        line.addWidget(self.relink)
        self.body.addLayout(line)

    # ---- showing -------------------------------------------------------------------------

    def first(self) -> QWidget:
        """What has the focus when the sheet opens."""
        return self.table if self._missing.files else self.shut

    def _show(self, missing: Missing) -> None:
        self._missing = missing
        some = bool(missing.files)
        for one in (self._why, self.what, self.table, self._now, self.note, self.relink):
            one.setVisible(some)
        self.none.setVisible(not some)
        self.main = self.relink if some else self.shut
        shown = max(0, self.what.currentIndex())
        self.what.blockSignals(True)  # noqa: FBT003 - Qt takes it by position only
        self.what.clear()
        self.what.addItem(f"Folders ({len(missing.folders):,})")
        self.what.addItem(f"Single files ({len(missing.files):,})")
        self.what.setCurrentIndex(shown)
        self.what.blockSignals(False)  # noqa: FBT003
        self._fill()

    @property
    def _single(self) -> bool:
        return self.what.currentIndex() == 1

    def _fill(self, *_: object) -> None:
        places = self._missing.files if self._single else self._missing.folders
        self.table.setColumnHidden(1, self._single)
        self.model.set_items(place_items(places, self._root.name))
        if places:
            self.table.selectRow(0)

    def _chosen(self) -> MissingPlace | None:
        item = self.model.item(self.table.currentIndex())
        return item.place if isinstance(item, PlaceItem) else None

    def _on_chosen(self, *_: object) -> None:
        chosen = self._chosen()
        proposed = chosen.proposed if chosen is not None else None
        self.place.setText("" if proposed is None else proposed or ROOT_ITSELF)
        self._on_typed()

    def _on_typed(self, *_: object) -> None:
        self.relink.setEnabled(False)
        self._say("" if self.place.text() else "Say where it is now.", bad=False)
        self._settle.start()

    # ---- deeds ---------------------------------------------------------------------------

    def _ask(self) -> None:
        chosen, new = self._chosen(), self.place.text()
        if chosen is None or not new:
            return
        number, old = self._root.id, chosen.path
        self._context.bridge.read(
            self, lambda library: library.relink_preview(number, old, new),
            lambda preview: self._told(preview, old, new),
            lambda error: self._refused(error, old, new), key="relink",
        )  # fmt: skip

    def _asked(self, old: str, new: str) -> bool:
        chosen = self._chosen()
        return chosen is not None and (chosen.path, self.place.text()) == (old, new)

    def _told(self, preview: RelinkPreview, old: str, new: str) -> None:
        if self._asked(old, new):
            self._say(foretold(preview), bad=False)
            self.relink.setEnabled(True)

    def _refused(self, error: Exception, old: str, new: str) -> None:
        if self._asked(old, new):
            self._say(self._context.notify.sentence(error), bad=True)

    def _say(self, words: str, *, bad: bool) -> None:
        restyle(self.note, "kind", "bad" if bad else "cap")
        self.note.setText(words)

    def _choose(self) -> None:
        """Ask for the folder; for a single file ask for the file."""
        mode = QFileDialog.FileMode.ExistingFile if self._single else QFileDialog.FileMode.Directory
        dialog = QFileDialog(self, "Where is it now?", self._root.path)
        dialog.setFileMode(mode)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, not self._single)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.place.setText)
        dialog.open()

    def _relink(self) -> None:
        chosen, new, number = self._chosen(), self.place.text(), self._root.id
        if chosen is None:
            return
        self.relink.setEnabled(False)
        self._say("Finding them again…", bad=False)
        old = chosen.path
        self._context.bridge.mutate(
            self, lambda library: library.relink(number, old, new), self._done,
            lambda error: self._refused(error, old, new),
        )  # fmt: skip

    def _done(self, _: Changes) -> None:
        self.place.clear()

    def _on_changes(self, changes: Changes) -> None:
        if changes.touches("roots", "assets") and self.isVisible():
            number = self._root.id
            self._context.bridge.read(
                self, lambda library: library.missing(number), self._show_anew, key="relink-left"
            )

    def _show_anew(self, missing: Missing) -> None:
        """Something was relinked, undone or indexed; what was chosen and typed stays if it can."""
        if missing == self._missing:
            return
        chosen, typed = self._chosen(), self.place.text()
        self._show(missing)
        self._place()
        rows = [item.place.path for item in self.model.items()]
        if chosen is not None and typed and chosen.path in rows:
            self.table.selectRow(rows.index(chosen.path))
            self.place.setText(typed)
        focus = QApplication.focusWidget()
        if focus is None or not self.card.isAncestorOf(focus):
            self.first().setFocus(Qt.FocusReason.OtherFocusReason)
