"""The shelf between the ready rows of the unused report and the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.pages.attention.unused_items import HEADER_HELP, HEADERS, NUMBERS, UnusedItem

ITEM_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class UnusedModel(QAbstractTableModel):
    """Holds the items that are shown, in the order shown. Columns are those of ``HEADERS``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[UnusedItem] = []

    @property
    def items(self) -> tuple[UnusedItem, ...]:
        """What is shown."""
        return tuple(self._items)

    def set_items(self, items: Sequence[UnusedItem]) -> None:
        """Show other items."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def item(self, row: int) -> UnusedItem | None:
        """The item in a row, or None beyond the end."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def row_of(self, asset_id: int) -> int:
        """The row of an asset, or -1."""
        for row, item in enumerate(self._items):
            if item.row.asset_id == asset_id:
                return row
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per item."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One column per heading."""
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The ready text of a cell; the item itself under ITEM_ROLE."""
        if not self.checkIndex(index) or not index.isValid():
            return None
        item, column = self._items[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return item.cells[column]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in NUMBERS else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADERS[column]}: {item.cells[column] or 'none'}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return item.reason
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings, and what each means."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return HEADER_HELP[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in NUMBERS else _LEFT
        return None
