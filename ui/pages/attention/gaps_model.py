"""Searches that found nothing, made ready to be shown, and the shelf for their table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.rows import RequestRow, SearchGapRow
from ui.pages.attention import words

QUERY, PEOPLE, TIMES, LAST, CAUSE, REQUEST = range(6)
HEADERS = ("Search", "People", "Times", "Last", "Cause", "Request")
NUMBERS = frozenset({PEOPLE, TIMES})
ITEM_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
CAUSES = {True: "Only because of filters", False: "Nothing in the library"}


@dataclass(frozen=True, slots=True)
class GapItem:
    """One search ready to be painted; ``request_id`` is the open request for it, or None."""

    gap: SearchGapRow
    request_id: int | None
    cells: tuple[str, ...]
    keys: tuple[object, ...]


def gap_items(gaps: Iterable[SearchGapRow], requests: Iterable[RequestRow]) -> tuple[GapItem, ...]:
    """Every search with the open request that was filed from it."""
    asked = {_norm(request.search): request.id for request in requests if request.search}
    return tuple(
        _item(gap, asked.get(_norm(gap.norm)) or asked.get(_norm(gap.query))) for gap in gaps
    )


def _norm(text: str) -> str:
    # As the record compares phrases: it keeps the search of a request in that form only.
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.replace("-", " ").replace("_", " ").split())


def _item(gap: SearchGapRow, request_id: int | None) -> GapItem:
    cells = (
        gap.query, f"{gap.people:,}", f"{gap.times:,}", words.date_text(gap.last_at),
        CAUSES[gap.with_filters], f"#{request_id}" if request_id else "",
    )  # fmt: skip
    keys = (
        gap.query.casefold(), gap.people, gap.times, gap.last_at, gap.with_filters,
        request_id or 0,
    )  # fmt: skip
    return GapItem(gap, request_id, cells, keys)


def ordered(items: Sequence[GapItem], column: int, *, descending: bool) -> list[GapItem]:
    """The items sorted by a column; equal ones by the search's text."""
    by_text = sorted(items, key=lambda item: str(item.keys[QUERY]))
    # The keys of one column are all of one type, which no annotation can say.
    return sorted(by_text, key=lambda item: item.keys[column], reverse=descending)  # type: ignore[arg-type,return-value]


class GapsModel(QAbstractTableModel):
    """Holds the searches that are shown. Columns are those of ``HEADERS``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[GapItem] = []

    @property
    def items(self) -> tuple[GapItem, ...]:
        """What is shown."""
        return tuple(self._items)

    def set_items(self, items: Sequence[GapItem]) -> None:
        """Show other searches."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def item(self, row: int) -> GapItem | None:
        """The item in a row, or None beyond the end."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row per search."""
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
            side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADERS[column]}: {item.cells[column] or 'none'}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
