"""The list of assets found, shown a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.rows import TRUST_LABELS
from ui.models.words import content_label, trust_label

if TYPE_CHECKING:
    from app.rows import Hit

Index = QModelIndex | QPersistentModelIndex

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
SKELETON_ROLE = Qt.ItemDataRole.UserRole + 2

PAGE = 200
"""Rows handed to the view at a time: a reset with 50,000 rows costs 93 ms, with 200 it costs 7."""
SKELETON_ROWS = 8


def spoken(hit: Hit) -> str:
    """What a screen reader says for a row."""
    trust = TRUST_LABELS.get(hit.trust, "") if hit.trust != "unofficial" else trust_label(hit)
    parts = [hit.title, content_label(hit), trust]
    if hit.page_label:
        parts.append(f"matches on {hit.page_label}")
    return ", ".join(part for part in parts if part)


class HitModel(QAbstractListModel):
    """Owns the hits of one search and how many of them the view has been given.

    ``more_wanted`` is emitted with the number of hits loaded so far when the view has been given
    all of them and the search has more. Lives on the UI thread.
    """

    more_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self._shown = 0
        self._complete = True
        self._asked = 0
        self._skeleton = False
        self._growing = False

    # ---- reading ---------------------------------------------------------------------------

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits loaded, shown or not."""
        return self._hits

    @property
    def skeleton(self) -> bool:
        """Whether placeholder rows stand for a first answer that has not come yet."""
        return self._skeleton

    def hit(self, index: Index) -> Hit | None:
        """The hit of a row, or None for a placeholder or a row that is gone."""
        row = index.row()
        if self._skeleton or not index.isValid() or row >= self._shown:
            return None
        return self._hits[row]

    def row_of(self, asset_id: int) -> int:
        """The row of an asset among the hits loaded, or -1."""
        for row, hit in enumerate(self._hits):
            if hit.asset_id == asset_id:
                return row
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid():
            return 0
        return SKELETON_ROWS if self._skeleton else self._shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        if self._skeleton:
            return self._skeleton_data(role)
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(hit)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return hit.snippet
        return None

    @staticmethod
    def _skeleton_data(role: int) -> object:
        if role == SKELETON_ROLE:
            return True
        return "Loading" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self._skeleton or not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    # ---- paging ----------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        if parent.isValid() or self._skeleton or self._growing:
            return False
        if self._shown < len(self._hits):
            return True
        return not self._complete and self._asked <= len(self._hits)

    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        if self._shown < len(self._hits):
            self._show_up_to(self._shown + PAGE)
        else:
            self._asked = len(self._hits) + 1
            self.more_wanted.emit(len(self._hits))

    def ensure_shown(self, row: int) -> None:
        """Give the view the rows up to ``row``, so that it can be selected."""
        if row >= self._shown:
            self._show_up_to(row + 1)

    def _show_up_to(self, count: int) -> None:
        last = min(count, len(self._hits)) - 1
        if last < self._shown:
            return
        # Who hears of the rows must not ask for more before they are there.
        self._growing = True
        self.beginInsertRows(QModelIndex(), self._shown, last)
        self._shown = last + 1
        self.endInsertRows()
        self._growing = False

    # ---- changing --------------------------------------------------------------------------

    def show_skeleton(self) -> None:
        """Show placeholder rows until the first answer."""
        self.beginResetModel()
        self._hits, self._shown, self._skeleton = (), 0, True
        self.endResetModel()

    def replace(self, hits: Sequence[Hit], *, complete: bool, keep_shown: bool = False) -> bool:
        """Show another answer; True when the rows were reset, False when updated in place.

        ``complete`` says that the search has no more than these. With ``keep_shown`` at least as
        many rows as before stay with the view, so that a quiet refresh does not cut the list.
        """
        new = tuple(hits)
        self._asked = 0
        self._complete = complete
        if not self._skeleton and self._same_order(new):
            self._update(new)
            return False
        shown = max(PAGE, self._shown if keep_shown else 0)
        self.beginResetModel()
        self._skeleton = False
        self._hits = new
        self._shown = min(shown, len(new))
        self.endResetModel()
        return True

    def extend(self, hits: Sequence[Hit], *, complete: bool) -> None:
        """Take a longer answer to the same search: assets not yet listed are appended."""
        known = {hit.asset_id for hit in self._hits}
        new = tuple(hit for hit in hits if hit.asset_id not in known)
        self._hits += new
        self._complete = complete or not new
        self._asked = 0
        self._show_up_to(self._shown + PAGE)

    def _same_order(self, new: tuple[Hit, ...]) -> bool:
        return [h.asset_id for h in new] == [h.asset_id for h in self._hits] and bool(new)

    def _update(self, new: tuple[Hit, ...]) -> None:
        changed = [row for row, hit in enumerate(new) if hit != self._hits[row]]
        self._hits = new
        shown = [row for row in changed if row < self._shown]
        if shown:
            self.dataChanged.emit(self.index(shown[0]), self.index(shown[-1]))
