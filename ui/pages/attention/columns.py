"""The table of unused content: columns that fit the room, the least needed hidden first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from ui.pages.attention.delegate import ROW_HEIGHT, TABLE_STYLE
from ui.pages.attention.unused_items import AVAILABLE, OWNER, TITLE, TYPE, WHY

WIDTHS = (250, 104, 148, 120, 94, 68, 78, 60, 150, 130)
LEAST, MOST = 52, 900
TITLE_LEAST = 240
HIDDEN_FIRST = (OWNER, TYPE, AVAILABLE, WHY)
"""What goes when the room is short, in that order; it comes back with the room."""


class FittingTable(QTableView):
    """The title takes the room that the other columns leave."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widths = list(WIDTHS)
        self.setAccessibleName("Unused content")
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "flush")
        self.setStyleSheet(TABLE_STYLE)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)

    def dress_columns(self, widths: object) -> None:
        """Set the widths (those remembered, or else WIDTHS); the model must be there."""
        known = widths if isinstance(widths, list) and len(widths) == len(WIDTHS) else WIDTHS
        header = self.horizontalHeader()
        header.setMinimumSectionSize(LEAST)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        self.widths = [max(LEAST, min(MOST, int(width))) for width in known]
        for column, width in enumerate(self.widths):
            if column != TITLE:
                header.resizeSection(column, width)
        header.sectionResized.connect(self._on_resized)
        self.fit()

    def _on_resized(self, column: int, _old: int, width: int) -> None:
        # A hidden column has no width; it comes back with the one it had.
        if width > 0:
            self.widths[column] = width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def fit(self) -> None:
        """Hide as few columns as the room allows."""
        gone = too_many(self.widths, self.viewport().width())
        for column in HIDDEN_FIRST:
            if self.isColumnHidden(column) != (column in gone):
                self.setColumnHidden(column, column in gone)


def too_many(widths: Sequence[int], room: int) -> tuple[int, ...]:
    """The columns to hide so that the others and a legible title fit into ``room`` pixels."""
    need = TITLE_LEAST + sum(width for column, width in enumerate(widths) if column != TITLE)
    gone: list[int] = []
    for column in HIDDEN_FIRST:
        if need <= room:
            break
        need -= widths[column]
        gone.append(column)
    return tuple(gone)
