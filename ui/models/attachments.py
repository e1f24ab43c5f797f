"""The files that a mail will carry, with what should be known before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.rows import AssetDetail, Hit
from ui.words import size

Index = QModelIndex | QPersistentModelIndex


def warning_of(detail: AssetDetail) -> str:
    """A sentence when an asset should not simply be sent to a customer; "" otherwise."""
    name = f"“{detail.title}”"
    if detail.missing:
        return f"The file of {name} is not where it was."
    if detail.trust == "superseded":
        newer = f" by “{detail.superseded_by_title}”" if detail.superseded_by_title else ""
        return f"{name} has been superseded{newer}."
    if detail.trust == "expired":
        return f"{name} has expired."
    if detail.internal_only:
        return f"{name} is for internal use only."
    return ""


@dataclass(frozen=True, slots=True)
class _File:
    asset_id: int
    title: str
    size: int
    replacement: tuple[int, str] | None


class AttachmentModel(QAbstractListModel):
    """Owns the assets to be sent; sizes come when they have been read."""

    def __init__(self, hits: Sequence[Hit], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = [_File(hit.asset_id, hit.title, -1, None) for hit in hits]

    def ids(self) -> tuple[int, ...]:
        """The assets in order."""
        return tuple(file.asset_id for file in self._files)

    def titles(self) -> tuple[str, ...]:
        """Their titles in order."""
        return tuple(file.title for file in self._files)

    def set_details(self, details: Sequence[AssetDetail]) -> None:
        """Take over what was read of the assets."""
        known = {detail.id: detail for detail in details}
        for row, file in enumerate(self._files):
            detail = known.get(file.asset_id)
            if detail is not None:
                newer = detail.superseded_by
                replacement = (newer, detail.superseded_by_title) if newer is not None else None
                self._files[row] = _File(detail.id, detail.title, detail.size, replacement)
        if self._files:
            self.dataChanged.emit(self.index(0), self.index(len(self._files) - 1))

    def take_replacements(self) -> None:
        """Put in the place of each superseded asset the one that replaces it, each once."""
        self.beginResetModel()
        newer = [_File(*file.replacement, -1, None) if file.replacement else file
                 for file in self._files]  # fmt: skip
        self._files = list({file.asset_id: file for file in newer}.values())
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._files):
            return None
        file = self._files[index.row()]
        told = size(file.size) if file.size >= 0 else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{file.title}  ({told})" if told else file.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{file.title}, {told}" if told else file.title
        return None
