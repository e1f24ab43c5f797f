"""Rows made ready for the library page, and the two table models over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.rows import ProblemRow, RootRow
from ui.indexing import RootMode
from ui.words import ago, moment

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole.UserRole
PAGE = 200
NOWHERE = QModelIndex()

PROBLEM_STATES = {
    "unreadable": ("Unreadable", "bad", "eye-off"),
    "no_text": ("No text", "warn", "file-image"),
    "name_only": ("Name only", "warn", "file"),
    "protected": ("Protected", "bad", "lock"),
    "damaged": ("Damaged", "bad", "circle-x"),
    "too_large": ("Too large", "warn", "hard-drive"),
    "unsupported": ("Not supported", "neutral", "file"),
    "partly": ("Partly read", "info", "file-text"),
    "online_only": ("Online only", "info", "download"),
}


@dataclass(frozen=True, slots=True)
class BadgeLook:
    """What a badge shows: its words, its colour family and its icon."""

    text: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class RootItem:
    """One folder, ready to be painted."""

    root: RootRow
    badge: BadgeLook
    note: str
    cells: tuple[str, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class ProblemItem:
    """One problem, ready to be painted."""

    problem: ProblemRow
    badge: BadgeLook
    cells: tuple[str, ...]
    spoken: str


def root_badge(root: RootRow, mode: RootMode | None, minutes: int) -> tuple[BadgeLook, str]:
    """How a folder stands, and why when it is not simply well."""
    reason = mode.reason if mode is not None and mode.reason else root.reason
    if root.state == "offline" or (mode is not None and mode.mode == "offline"):
        why = reason or "The folder cannot be reached."
        # The path stands beside it; what is wrong must not be cut off for it.
        why = why.removeprefix(f"The folder “{root.path}” ")
        since = f" since {moment(root.scanned_at)}" if root.scanned_at else ""
        return BadgeLook(f"Offline{since}", "bad", "wifi-off"), why[:1].upper() + why[1:]
    if root.state == "never_indexed":
        return BadgeLook("Not indexed yet", "neutral", "hourglass"), reason
    if mode is None:
        return BadgeLook("Indexed", "neutral", "check"), reason
    if mode.mode == "polling":
        return BadgeLook(f"Polling every {minutes} min", "info", "clock"), reason
    return BadgeLook("Live", "ok", "circle-check"), reason


def root_items(
    roots: Sequence[RootRow], modes: dict[int, RootMode], minutes: int
) -> tuple[RootItem, ...]:
    """The folders by name; ``minutes`` is how often polled folders are looked through."""
    items = []
    for root in sorted(roots, key=lambda row: row.name.casefold()):
        badge, note = root_badge(root, modes.get(root.id), minutes)
        cells = (
            root.name,
            badge.text,
            f"{root.files:,}",
            f"{root.problems:,}" if root.problems else "–",
            ago(root.scanned_at),
        )
        words = (root.name, root.path, badge.text, note, f"{root.files} files", cells[4])
        items.append(RootItem(root, badge, note, cells, ", ".join(w for w in words if w)))
    return tuple(items)


def problem_badge(state: str) -> BadgeLook:
    """The badge of a file's state; an unknown state is shown by its own name."""
    known = PROBLEM_STATES.get(state)
    if known is None:
        return BadgeLook(state.replace("_", " ").capitalize() or "Unknown", "warn", "circle-alert")
    return BadgeLook(*known)


def problem_items(problems: Sequence[ProblemRow]) -> tuple[ProblemItem, ...]:
    """The problems by folder and path."""
    ordered = sorted(problems, key=lambda row: (row.root.casefold(), row.path.casefold()))
    items = []
    for row in ordered:
        badge = problem_badge(row.state)
        where = f"{row.root}/{row.path}"
        cells = (row.title, where, badge.text, row.reason)
        items.append(ProblemItem(row, badge, cells, ", ".join(cells)))
    return tuple(items)


def _tip(item: Any) -> str:
    """What a cell may have cut off, as markup, since a tooltip is read as that."""
    told = item.note if isinstance(item, RootItem) else getattr(item, "tip", "")
    if isinstance(item, ProblemItem):
        told = f"{item.cells[1]}\n{item.cells[3]}"
    return f"<p>{escape(told).replace(chr(10), '<br>')}</p>" if told else ""


class TableModel(QAbstractTableModel):
    """A shelf of ready items with ``cells`` and ``spoken``; 200 rows at a time."""

    def __init__(
        self, headers: Sequence[str], numbers: Sequence[int] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._headers = tuple(headers)
        self._numbers = frozenset(numbers)
        self._items: tuple[Any, ...] = ()
        self._shown = 0

    def set_items(self, items: Sequence[Any]) -> None:
        """Show other items."""
        self.beginResetModel()
        self._items = tuple(items)
        self._shown = min(PAGE, len(self._items))
        self.endResetModel()

    def items(self) -> tuple[Any, ...]:
        """All items, those not fetched yet too."""
        return self._items

    def item(self, index: Index) -> Any | None:
        """The item of an index, or None."""
        if not index.isValid() or index.row() >= self._shown:
            return None
        return self._items[index.row()]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._shown

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._shown < len(self._items)

    def fetchMore(self, parent: Index) -> None:
        if parent.isValid():
            return
        more = min(PAGE, len(self._items) - self._shown)
        if more <= 0:
            return
        self.beginInsertRows(NOWHERE, self._shown, self._shown + more - 1)
        self._shown += more
        self.endInsertRows()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index)
        if item is None or index.column() >= len(self._headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return item.cells[index.column()]
        if role == ItemRole:
            return item
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headers[index.column()]}: {item.cells[index.column()]}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return item.spoken
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self._numbers:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if not across or not 0 <= section < len(self._headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if section in self._numbers:
                side = Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None
