"""The facets of the present search as one flat list of headings, terms and "show all" lines."""

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

if TYPE_CHECKING:
    from app.rows import FacetCounts
    from ui.models.facet_lines import FacetLine


Index = QModelIndex | QPersistentModelIndex
Filters = tuple[tuple[str, tuple[str, ...]], ...]

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class FacetModel(QAbstractListModel):
    """Owns what is chosen and what is folded; the counts come from each answer.

    ``filters_changed`` is emitted when the person chooses or clears. Lives on the UI thread.
    """

    filters_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facets: tuple[FacetCounts, ...] = ()
        self._lines: list[FacetLine] = []
        self._unfolded: set[str] = set()
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._labels: dict[tuple[str, str], str] = {}

    # ---- reading ---------------------------------------------------------------------------

    def filters(self) -> Filters:
        """What is chosen, as a FindSpec wants it."""
        return tuple((facet, slugs) for facet, slugs in self._chosen.items() if slugs)

    def chosen_labels(self) -> tuple[tuple[str, str, str], ...]:
        """What is chosen as (facet, slug, label), in the order of choosing."""
        return tuple(
            (facet, slug, self._labels.get((facet, slug), slug.replace("_", " ")))
            for facet, slugs in self._chosen.items()
            for slug in slugs
        )

    def line(self, row: int) -> FacetLine | None:
        """The line of a row, or None when there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, key: tuple[str, str, str]) -> int:
        """The row with that ``FacetLine.key``, or -1."""
        return next((row for row, line in enumerate(self._lines) if line.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == ROW_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line)
        if role == Qt.ItemDataRole.CheckStateRole and line.kind == "term":
            return Qt.CheckState.Checked if line.chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self.line(index.row()) if index.isValid() else None
        if role != Qt.ItemDataRole.CheckStateRole or line is None or line.kind != "term":
            return False
        on = Qt.CheckState(value) == Qt.CheckState.Checked
        if on != line.chosen:
            self._choose(line.facet, line.slug, on=on)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return Qt.ItemFlag.NoItemFlags
        if line.kind == "head":
            return Qt.ItemFlag.ItemNeverHasChildren
        flags = (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )
        return flags | Qt.ItemFlag.ItemIsUserCheckable if line.kind == "term" else flags

    def _spoken(self, line: FacetLine) -> str:
        label = next((f.label for f in self._facets if f.key == line.facet), "")
        if line.kind == "head":
            return label
        if line.kind == "more":
            return f"{label}: {line.label}"
        state = "chosen" if line.chosen else "not chosen"
        return f"{label}: {line.label}, {line.count:,} results, {state}"

    # ---- choosing --------------------------------------------------------------------------

    def set_filters(self, filters: Filters) -> None:
        """Take over choices made elsewhere (remembered, or given by another page), silently."""
        self._chosen = {facet: tuple(slugs) for facet, slugs in filters if slugs}
        self._rebuild()

    def toggle(self, row: int) -> None:
        """Choose or drop the term of a row, or unfold and fold a facet."""
        line = self.line(row)
        if line is None or line.kind == "head":
            return
        if line.kind == "more":
            self._unfolded ^= {line.facet}
            self._rebuild()
        else:
            self._choose(line.facet, line.slug, on=not line.chosen)

    def drop(self, facet: str, slug: str) -> None:
        """Take one choice back."""
        self._choose(facet, slug, on=False)

    def clear(self) -> None:
        """Take all choices back."""
        if self._chosen:
            self._chosen = {}
            self._rebuild()
            self.filters_changed.emit()

    def _choose(self, facet: str, slug: str, *, on: bool) -> None:
        slugs = tuple(s for s in self._chosen.get(facet, ()) if s != slug)
        if on:
            slugs = (*slugs, slug)
        self._chosen[facet] = slugs
        if not slugs:
            del self._chosen[facet]
        self._rebuild()
        self.filters_changed.emit()

    # ---- counting --------------------------------------------------------------------------

    def set_counts(self, facets: Sequence[FacetCounts]) -> None:
        """Show the counts of an answer; lines stay where they are when only numbers changed."""
        self._facets = tuple(facets)
        self._labels.update({(f.key, t.slug): t.label for f in facets for t in f.terms})
        self._rebuild()

    def _with_choices(self) -> list[FacetCounts]:
        from app.rows import FacetCounts, TermCount

        return [
            FacetCounts(
                facet.key,
                facet.label,
                tuple(
                    TermCount(t.slug, t.label, t.count, t.slug in self._chosen.get(facet.key, ()))
                    for t in facet.terms
                ),
            )
            for facet in self._facets
        ]

    def _rebuild(self) -> None:
        lines: list[FacetLine] = []
        if self._facets:
            from ui.models.facet_lines import lines_of

            lines = lines_of(self._with_choices(), self._unfolded)
        if [line.key for line in lines] != [line.key for line in self._lines]:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()
            return
        changed = [row for row, line in enumerate(lines) if line != self._lines[row]]
        self._lines = lines
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
