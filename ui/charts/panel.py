"""A card around a chart: its title, its summary, and the same numbers as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.charts.base import Mark

if TYPE_CHECKING:
    from ui.charts.base import Chart

Index = QModelIndex | QPersistentModelIndex


class MarksModel(QAbstractTableModel):
    """The points of a chart as rows: what they are, then their numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headers: tuple[str, ...] = ()
        self._marks: tuple[Mark, ...] = ()

    def show_marks(self, headers: tuple[str, ...], marks: tuple[Mark, ...]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._headers, self._marks = headers, marks
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per point."""
        return 0 if parent.isValid() else len(self._marks)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The label and one column per series."""
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a cell; numbers stand at the right."""
        if not self.checkIndex(index) or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._marks[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class ChartPanel(QFrame):
    """The card. It owns the chart; *Show as table* shows the chart's own points as rows."""

    def __init__(self, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.chart = chart
        self._model = MarksModel(self)
        self.table = self._make_table()
        title = QLabel(chart.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("kind", "title")
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("kind", "dim")
        self.foot = QLabel()
        self.foot.setTextFormat(Qt.TextFormat.PlainText)
        self.foot.setProperty("kind", "cap")
        self.foot.setWordWrap(True)
        self.foot.hide()
        self.toggle = QPushButton("Show as table")
        self.toggle.setProperty("kind", "ghost")
        self.toggle.setCheckable(True)
        self.toggle.setAccessibleName(f"Show {chart.title} as table")
        self.toggle.toggled.connect(self._on_toggled)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addWidget(self.note, 1)
        head.addWidget(self.toggle)
        self._stack = QStackedLayout()
        self._stack.addWidget(chart)
        self._stack.addWidget(self.table)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 12, 12)
        outer.setSpacing(4)
        outer.addLayout(head)
        outer.addLayout(self._stack, 1)
        outer.addWidget(self.foot)

    def refresh(self) -> None:
        """Bring the table up to the chart after its points changed."""
        self._model.show_marks(self.chart.headers, self.chart.marks)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._model)
        table.setAccessibleName(f"{self.chart.title}, table")
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        # The hidden table must not make the card higher than its chart.
        table.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        return table

    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001
        self.refresh()
        self._stack.setCurrentWidget(self.table if on else self.chart)
        self.toggle.setText("Show as chart" if on else "Show as table")
