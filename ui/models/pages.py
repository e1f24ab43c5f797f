"""The pages of one asset, for the strip of small pictures under the preview."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.rows import PageRow

Index = QModelIndex | QPersistentModelIndex

NUMBER_ROLE = Qt.ItemDataRole.UserRole + 1
FOUND_ROLE = Qt.ItemDataRole.UserRole + 2


class PageModel(QAbstractListModel):
    """Owns the labels of an asset's pages; a row is a page. Lives on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._pages: dict[int, PageRow] = {}
        self._found: tuple[int, ...] = ()

    @property
    def found(self) -> tuple[int, ...]:
        """The pages on which the words stand, ascending."""
        return self._found

    def set_found(self, found: tuple[int, ...]) -> None:
        """Say on which pages the words stand."""
        if found != self._found:
            self._found = found
            if self._count:
                self.dataChanged.emit(self.index(0), self.index(self._count - 1))

    def fill(self, count: int, pages: tuple[PageRow, ...] = ()) -> None:
        """Show ``count`` pages; the rows of ``pages`` give labels and texts where known."""
        self._pages = {page.number: page for page in pages}
        if count != self._count:
            self.beginResetModel()
            self._count = count
            self.endResetModel()
        elif count:
            self.dataChanged.emit(self.index(0), self.index(count - 1))

    def page(self, number: int) -> PageRow | None:
        """What is known of a page (1-based)."""
        return self._pages.get(number)

    def label(self, number: int) -> str:
        """How people cite a page: "slide 3"."""
        page = self._pages.get(number)
        return page.label if page is not None and page.label else f"page {number}"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self._count:
            return None
        number = index.row() + 1
        if role == NUMBER_ROLE:
            return number
        if role == FOUND_ROLE:
            return number in self._found
        if role == Qt.ItemDataRole.AccessibleTextRole:
            page = self._pages.get(number)
            heading = page.heading if page is not None else ""
            matches = ", matches" if number in self._found else ""
            return f"{self.label(number)}: {heading}{matches}" if heading else (
                f"{self.label(number)}{matches}"
            )
        return None
