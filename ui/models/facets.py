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

from app.rows.listed import UNWANTED

if TYPE_CHECKING:
    from app.rows import FacetCounts
    from ui.models.facet_lines import FacetLine


Index = QModelIndex | QPersistentModelIndex
Filters = tuple[tuple[str, tuple[str, ...]], ...]

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_CHECKS = {
    "": Qt.CheckState.Unchecked, "in": Qt.CheckState.Checked,
    "out": Qt.CheckState.PartiallyChecked,
}  # fmt: skip
"""The states of a term as the system's own words for the three states of a box."""


class FacetModel(QAbstractListModel):
    """Owns what is chosen and what is folded; the counts come from each answer.

    A term is in one of three states: not chosen, chosen, left out. ``filters_changed`` is emitted
    when the person chooses or clears. Lives on the UI thread.
    """

    filters_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facets: tuple[FacetCounts, ...] = ()
        self._lines: list[FacetLine] = []
        self._unfolded: set[str] = set()
        self._words = ""
        self._first: dict[str, tuple[str, ...]] = {}
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._labels: dict[tuple[str, str], str] = {}
        self._known: set[str] = set()

    # ---- reading ---------------------------------------------------------------------------

    def filters(self) -> Filters:
        """What is chosen, as a FindSpec wants it: a minus before a slug leaves the term out."""
        return tuple((facet, slugs) for facet, slugs in self._chosen.items() if slugs)

    def chosen_labels(self) -> tuple[tuple[str, str, str], ...]:
        """What is chosen as (facet, slug, label), in the order of choosing.

        Of a term left out the slug has its minus and the label says so: "not Finance".
        """
        return tuple(
            (facet, slug, self._label(facet, slug))
            for facet, slugs in self._chosen.items()
            for slug in slugs
        )

    def _label(self, facet: str, slug: str) -> str:
        bare = slug.removeprefix(UNWANTED)
        label = self._labels.get((facet, bare), bare.replace("_", " "))
        return label if bare == slug else f"not {label}"

    def state(self, facet: str, slug: str) -> str:
        """The state of a term: "" (not chosen), "in" (chosen) or "out" (left out)."""
        chosen = self._chosen.get(facet, ())
        return "in" if slug in chosen else "out" if UNWANTED + slug in chosen else ""

    def is_long(self) -> bool:
        """Whether some facet has more terms than are shown at once."""
        from ui.models.facet_lines import SHORT

        return any(len(facet.terms) > SHORT + 1 for facet in self._facets)

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
            return _CHECKS[line.state]
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self.line(index.row()) if index.isValid() else None
        if role != Qt.ItemDataRole.CheckStateRole or line is None or line.kind != "term":
            return False
        check = Qt.CheckState(value)
        self.choose(line.facet, line.slug, next(s for s, c in _CHECKS.items() if c == check))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return Qt.ItemFlag.NoItemFlags
        if line.kind in ("head", "none"):
            return Qt.ItemFlag.ItemNeverHasChildren
        flags = (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemNeverHasChildren
        )
        if line.kind == "term":
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsUserTristate
        return flags

    def _spoken(self, line: FacetLine) -> str:
        from ui.models.facet_lines import STATES

        label = next((f.label for f in self._facets if f.key == line.facet), "")
        if line.kind in ("head", "none"):
            return line.label
        if line.kind == "more":
            return f"{label}: {line.label}"
        hits = "1 result" if line.count == 1 else f"{line.count:,} results"
        taken = f"takes away {hits}" if line.state == "out" else hits
        return f"{label}: {line.label}, {STATES[line.state]}, {taken}"

    # ---- choosing --------------------------------------------------------------------------

    def set_filters(self, filters: Filters) -> None:
        """Take over choices made elsewhere (remembered, or given by another page), silently."""
        self._chosen = {facet: tuple(slugs) for facet, slugs in filters if slugs}
        self.settle()

    def toggle(self, row: int) -> None:
        """Choose the term of a row, then leave it out, then neither; or unfold and fold a facet."""
        self._go_on(row, {"": "in", "in": "out", "out": ""})

    def toggle_out(self, row: int) -> None:
        """Leave the term of a row out, or not any more."""
        self._go_on(row, {"": "out", "in": "out", "out": ""})

    def _go_on(self, row: int, following: dict[str, str]) -> None:
        line = self.line(row)
        if line is not None and line.kind == "more":
            self._unfolded ^= {line.facet}
            self.settle()
        elif line is not None and line.kind == "term":
            self.choose(line.facet, line.slug, following[line.state])

    def drop(self, facet: str, slug: str) -> None:
        """Take one choice back, given as in ``chosen_labels``."""
        self.choose(facet, slug.removeprefix(UNWANTED), "")

    def clear(self) -> None:
        """Take all choices back."""
        if self._chosen:
            self._chosen = {}
            self.settle()
            self.filters_changed.emit()

    def choose(self, facet: str, slug: str, state: str) -> None:
        """Bring a term into a state; terms do not move by that, see ``settle``."""
        if state == self.state(facet, slug):
            return
        both = (slug, UNWANTED + slug)
        slugs = tuple(s for s in self._chosen.get(facet, ()) if s not in both)
        if state:
            slugs = (*slugs, slug if state == "in" else UNWANTED + slug)
        self._chosen[facet] = slugs
        if not slugs:
            del self._chosen[facet]
        self._rebuild()
        self.filters_changed.emit()

    def narrow(self, words: str) -> None:
        """Show only the terms that have these words, whatever is folded; all again for ""."""
        words = " ".join(words.split())
        if words != self._words:
            self._words = words
            self.settle()

    def settle(self) -> None:
        """Let what is chosen come first in its facet.

        Not done while one chooses: a line must not go away from under the pointer.
        """
        self._first = {
            facet: tuple(slug.removeprefix(UNWANTED) for slug in slugs)
            for facet, slugs in self._chosen.items()
        }
        self._rebuild()

    # ---- counting --------------------------------------------------------------------------

    def set_counts(self, facets: Sequence[FacetCounts]) -> None:
        """Show the counts of an answer; lines stay where they are when only numbers changed."""
        self._facets = tuple(facets)
        self._labels.update({(f.key, t.slug): t.label for f in facets for t in f.terms})
        self._known.update(f.key for f in facets if any(t.count for t in f.terms))
        self._rebuild()

    def _rebuild(self) -> None:
        lines: list[FacetLine] = []
        if self._facets:
            from ui.models.facet_lines import View, lines_of

            states = {
                (facet, slug.removeprefix(UNWANTED)): "out" if slug.startswith(UNWANTED) else "in"
                for facet, slugs in self._chosen.items()
                for slug in slugs
            }
            known = frozenset(self._known | self._chosen.keys())
            view = View(frozenset(self._unfolded), self._words, self._first, states, known)
            lines = lines_of(self._facets, view)
        if [line.key for line in lines] != [line.key for line in self._lines]:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()
            return
        changed = [row for row, line in enumerate(lines) if line != self._lines[row]]
        self._lines = lines
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
