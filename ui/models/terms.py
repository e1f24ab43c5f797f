"""The vocabulary as a list to tick, for one asset or for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.rows import FacetRow, TermRow

Index = QModelIndex | QPersistentModelIndex
Pair = tuple[str, str]

LINE_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class TermLine:
    """A heading (``term`` is None) or a term, with the synonym that the typed words met."""

    facet: FacetRow
    term: TermRow | None
    via: str = ""


def _matches(term: TermRow, words: list[str]) -> tuple[bool, str]:
    """Whether all words begin a word of the label or of one synonym, and which synonym it was."""
    for text, via in ((term.label, ""), *((s, s) for s in term.synonyms)):
        parts = text.casefold().replace("-", " ").replace("/", " ").split()
        if all(any(part.startswith(word) for part in parts) for word in words):
            return True, via
    return False, ""


class TermModel(QAbstractListModel):
    """Owns which terms the assets carry, what is to change, and the words typed to narrow it.

    ``pending_changed`` is emitted when what is to change has changed. Lives on the UI thread.
    """

    pending_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._facets: tuple[FacetRow, ...] = ()
        self._carried: dict[Pair, int] = {}
        self._assets = 1
        self._wish: dict[Pair, bool] = {}
        self._words: list[str] = []
        self._lines: list[TermLine] = []

    # ---- filling ---------------------------------------------------------------------------

    def fill(self, facets: Sequence[FacetRow], tags: Sequence[frozenset[Pair]]) -> None:
        """Show a vocabulary; ``tags`` holds for each asset the (facet, slug) pairs it carries."""
        self.fill_counted(facets, Counter(pair for pairs in tags for pair in pairs), len(tags))

    def fill_counted(
        self, facets: Sequence[FacetRow], carried: Mapping[Pair, int], assets: int
    ) -> None:
        """Show a vocabulary; ``carried`` says how many of the ``assets`` carry each term."""
        self._facets = tuple(f for f in facets if f.terms)
        self._assets = max(1, assets)
        self._carried = dict(carried)
        self._wish = {}
        self._reset()
        self.pending_changed.emit()

    def narrow(self, text: str) -> None:
        """Show only terms whose label or synonym has words beginning with those typed."""
        self._words = text.casefold().replace("-", " ").replace("/", " ").split()
        self._reset()

    def _reset(self) -> None:
        self.beginResetModel()
        self._lines = []
        for facet in self._facets:
            found = [(term, *_matches(term, self._words)) for term in facet.terms]
            terms = [TermLine(facet, term, via) for term, hit, via in found if hit]
            if terms:
                self._lines += [TermLine(facet, None), *terms]
        self.endResetModel()

    # ---- reading ---------------------------------------------------------------------------

    def line(self, row: int) -> TermLine | None:
        """The line of a row, or None when there is none."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def first_term(self) -> int:
        """The row of the first term listed, or -1."""
        return next((r for r, line in enumerate(self._lines) if line.term is not None), -1)

    def state(self, pair: Pair) -> Qt.CheckState:
        """Whether the assets carry the term: all, none, or some of them (and no wish yet)."""
        if pair in self._wish:
            return Qt.CheckState.Checked if self._wish[pair] else Qt.CheckState.Unchecked
        carried = self._carried.get(pair, 0)
        if carried == 0:
            return Qt.CheckState.Unchecked
        whole = carried >= self._assets
        return Qt.CheckState.Checked if whole else Qt.CheckState.PartiallyChecked

    def pending(self) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
        """The pairs to add and the pairs to remove."""
        add = tuple(p for p, on in self._wish.items() if on)
        remove = tuple(p for p, on in self._wish.items() if not on)
        return add, remove

    def label_of(self, pair: Pair) -> str:
        """The label of a term."""
        return next(
            (t.label for f in self._facets if f.key == pair[0] for t in f.terms
             if t.slug == pair[1]), pair[1],
        )  # fmt: skip

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == LINE_ROLE:
            return line
        if line.term is None:
            heading = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return line.facet.label if heading else None
        return self._term_data(line.facet, line.term, role)

    def _term_data(self, facet: FacetRow, term: TermRow, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return term.label
        if role == Qt.ItemDataRole.ToolTipRole:
            # A tooltip is read as markup when it looks like it, so it is escaped.
            return f"<span>{escape(term.definition)}</span>" if term.definition else None
        if role == Qt.ItemDataRole.CheckStateRole:
            return self.state((facet.key, term.slug))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = {
                Qt.CheckState.Checked: "set", Qt.CheckState.Unchecked: "not set",
                Qt.CheckState.PartiallyChecked: "set on some",
            }[self.state((facet.key, term.slug))]  # fmt: skip
            return f"{facet.label}: {term.label}, {state}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return Qt.ItemFlag.NoItemFlags
        if line.term is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    # ---- choosing --------------------------------------------------------------------------

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        line = self.line(index.row()) if index.isValid() else None
        if role != Qt.ItemDataRole.CheckStateRole or line is None or line.term is None:
            return False
        self._set(line.facet, line.term.slug, on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def toggle(self, row: int) -> None:
        """Tick or untick a term; one carried by some of the assets is set on all, then on none."""
        line = self.line(row)
        if line is None or line.term is None:
            return
        pair = (line.facet.key, line.term.slug)
        self._set(line.facet, line.term.slug, on=self.state(pair) != Qt.CheckState.Checked)

    def _set(self, facet: FacetRow, slug: str, *, on: bool) -> None:
        self._wish_for((facet.key, slug), on=on)
        if on and not facet.multi:
            for term in facet.terms:
                if term.slug != slug:
                    self._wish_for((facet.key, term.slug), on=False)
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))
        self.pending_changed.emit()

    def _wish_for(self, pair: Pair, *, on: bool) -> None:
        carried = self._carried.get(pair, 0)
        already = carried >= self._assets if on else carried == 0
        if already:
            self._wish.pop(pair, None)
        else:
            self._wish[pair] = on
