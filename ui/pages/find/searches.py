"""The pane of saved and recent searches: keep the present one, run one, remove one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.rows import SORT_LABELS, STATUS_LABELS, Completion, FindSpec, RecentSearch, SavedSearch
from app.rows.listed import UNWANTED
from ui.models.words import plural
from ui.pages.find.offers import CROSS, LINE_ROLE, Line, OfferDelegate, OfferList
from ui.pages.find.overlay import Overlay
from ui.widgets.basics import button, label, line, restyle
from ui.widgets.elided import Elided

if TYPE_CHECKING:
    from app.rows import FacetRow
    from ui.pages.find.paint import Ink

WIDTH = 440
LONGEST_NAME = 80
RECENT_SHOWN = 12
_NOTHING = "Type something or choose a filter, and you can keep it here under a name."
Labels = Mapping[tuple[str, str], str]


class Known(NamedTuple):
    """What the pane shows, as it was read."""

    saved: tuple[SavedSearch, ...]
    recent: tuple[RecentSearch, ...]
    labels: Labels


def labels_of(facets: Sequence[FacetRow]) -> dict[tuple[str, str], str]:
    """The labels of terms by facet and slug, those of the status with them."""
    found = {(facet.key, term.slug): term.label for facet in facets for term in facet.terms}
    return {**found, **{("status", slug): text for slug, text in STATUS_LABELS.items()}}


def filters_in_words(spec: FindSpec, labels: Labels) -> str:
    """The chosen filters of a search: "Finance, not IT"."""
    said = []
    for facet, slugs in spec.filters:
        for slug in slugs:
            bare = slug.removeprefix(UNWANTED)
            name = labels.get((facet, bare), bare.replace("_", " "))
            said.append(name if bare == slug else f"not {name}")
    return ", ".join(said)


def in_words(spec: FindSpec, labels: Labels) -> str:
    """A whole search in one line: text, filters, and an order that is not the usual one."""
    order = "" if spec.sort == "best" else SORT_LABELS.get(spec.sort, "")
    return " · ".join(filter(None, (spec.text, filters_in_words(spec, labels), order)))


def lines_of(known: Known) -> list[Line]:
    """The saved searches, then the recent ones, under their headings."""
    lines = []
    if known.saved:
        lines.append(Line("Saved searches"))
    for search in known.saved:
        said = in_words(search.spec, known.labels)
        lines.append(Line(search.name, said if said != search.name else "", _offer(
            "saved", search.name, search.spec)))  # fmt: skip
    recent = known.recent[:RECENT_SHOWN]
    if recent:
        lines.append(Line("Recent searches"))
    for made in recent:
        filters = filters_in_words(made.spec, known.labels)
        said = made.spec.text or filters
        more = filters if made.spec.text else ""
        detail = " · ".join(filter(None, (more, plural(made.total, "asset"))))
        lines.append(Line(said, detail, _offer("recent", said, made.spec)))
    return lines


def _offer(kind: str, name: str, spec: FindSpec) -> Completion:
    return Completion(spec.text, name, kind, "", 0, 0, spec)


class SearchList(OfferList):
    """Saved and recent searches, with the focus. ``removed`` carries the name of a saved one."""

    removed = Signal(object)
    left_above = Signal()

    def __init__(self, ink: Ink, parent: QWidget) -> None:
        super().__init__(ink, parent)
        self.setObjectName("offers")
        self.setAccessibleName("Saved and recent searches")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabKeyNavigation(False)
        delegate = self.itemDelegate()
        assert isinstance(delegate, OfferDelegate)
        delegate.crosses = True

    def choose_first(self) -> None:
        """Choose the first search, if there is one."""
        choices = self.lines.choices()
        self.setCurrentIndex(self.lines.index(choices[0]) if choices else QModelIndex())

    def chosen(self) -> Line | None:
        """The line chosen."""
        found = self.currentIndex().data(LINE_ROLE)
        return found if isinstance(found, Line) and found.offer is not None else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.chosen() is None:
            self.choose_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen, key = self.chosen(), event.key()
        if chosen is not None and chosen.offer is not None:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.taken.emit(chosen.offer)
                return
            if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chosen.offer.kind == "saved":
                self.removed.emit(chosen.label)
                return
            if key == Qt.Key.Key_Up and self.currentIndex().row() == self.lines.choices()[0]:
                self.left_above.emit()
                return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        found = self.indexAt(at).data(LINE_ROLE)
        saved = isinstance(found, Line) and found.offer is not None and found.offer.kind == "saved"
        if saved and at.x() > self.viewport().width() - CROSS:
            self.removed.emit(found.label)
            return
        super().mouseReleaseEvent(event)


class SearchesPane(Overlay):
    """What it emits: ``save_wanted`` (a name), ``run_wanted`` (a FindSpec), ``remove_wanted`` (the
    id of a saved search), ``forget_wanted``, ``tips_wanted``, and ``closed`` when it goes.
    """

    save_wanted = Signal(object)
    run_wanted = Signal(object)
    remove_wanted = Signal(object)
    forget_wanted = Signal()
    tips_wanted = Signal()
    closed = Signal()

    def __init__(self, field: QWidget, ink: Ink) -> None:
        super().__init__(field)
        self._known = Known((), (), {})
        self._present = FindSpec()
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText("Name of this search")
        self.name.setAccessibleName("Name of this search")
        self.name.textChanged.connect(self._tell_what_is_saved)
        self.name.returnPressed.connect(self._save)
        self.save = button("Save", self._save, kind="primary")
        self.save.setAccessibleName("Save this search")
        self.what = Elided()
        self.what.setProperty("kind", "cap")
        self.nothing = label(_NOTHING, "dim", wrap=True)
        self.list = SearchList(ink, self)
        self.list.taken.connect(self._run)
        self.list.removed.connect(self._remove)
        self.list.left_above.connect(self._to_name)
        self.forget = button("Forget recent searches", self.forget_wanted.emit, kind="mini")
        self.tips = button("Search tips", self.tips_wanted.emit, kind="mini")
        self.left_alone.connect(self.close_pane)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 8)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.setSpacing(8)
        top.addWidget(self.name, 1)
        top.addWidget(self.save)
        column.addLayout(top)
        below = QVBoxLayout()
        below.setContentsMargins(14, 0, 14, 2)
        below.addWidget(self.what)
        below.addWidget(self.nothing)
        column.addLayout(below)
        column.addWidget(line())
        column.addWidget(self.list, 1)
        column.addWidget(line())
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 0)
        foot.addWidget(self.forget)
        foot.addStretch()
        foot.addWidget(self.tips)
        column.addLayout(foot)

    # ---- showing -----------------------------------------------------------------------------

    def open_with(self, present: FindSpec, known: Known, *, naming: bool) -> None:
        """Come up for the present search; ``naming``: with the name ready to be typed."""
        self._present = present
        self.show_known(known)
        said = present.text or filters_in_words(present, known.labels)
        self.name.setText(said[:LONGEST_NAME])
        self.name.selectAll()
        something = bool(said)
        for widget in (self.name, self.save, self.what):
            widget.setVisible(something)
        self.nothing.setVisible(not something)
        self._tell_what_is_saved()
        self.list.setCurrentIndex(QModelIndex())
        self._place()
        self.show()
        self.raise_()
        first = self.name if something and (naming or not known.saved + known.recent) else self.list
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_known(self, known: Known) -> None:
        """Show what was read; what was chosen stays chosen where it can."""
        row = self.list.currentIndex().row()
        self._known = known
        self.list.lines.show(lines_of(known))
        choices = self.list.lines.choices()
        if row >= 0 and choices:
            nearest = min(choices, key=lambda choice: abs(choice - row))
            self.list.setCurrentIndex(self.list.lines.index(nearest))
        self.list.setVisible(bool(choices))
        self.forget.setVisible(bool(known.recent))
        self._tell_what_is_saved()
        if self.isVisible():
            self._place()

    def show_problem(self, sentence: str) -> None:
        """Say why the search could not be saved."""
        restyle(self.what, "kind", "bad")
        self.what.setText(sentence)

    def _place(self) -> None:
        column = self.layout()
        assert column is not None
        self.list.setFixedHeight(0)
        column.activate()
        rest = self.sizeHint().height()
        room = max(120, self.room() - rest)
        self.list.setFixedHeight(min(self.list.whole_height() + 2, room, 380))
        column.activate()
        wide = min(WIDTH, max(280, self.over().width() - 24))
        self.place_at(wide, self.sizeHint().height(), right=True)

    def _tell_what_is_saved(self) -> None:
        name = " ".join(self.name.text().split())
        same = any(search.name.lower() == name.lower() for search in self._known.saved)
        restyle(self.what, "kind", "cap")
        if same:
            self.what.setText("Replaces the saved search of this name.")
        else:
            said = in_words(self._present, self._known.labels)
            self.what.setText(said if said != name else "Keeps text, filters and order.")
        self.save.setEnabled(bool(name))
        self.save.setText("Replace" if same else "Save")

    # ---- hands -------------------------------------------------------------------------------

    def _save(self) -> None:
        if self.name.text().strip():
            self.save_wanted.emit(self.name.text())

    def _run(self, offer: object) -> None:
        if isinstance(offer, Completion):
            self.close_pane()
            self.run_wanted.emit(offer.spec)

    def _remove(self, name: object) -> None:
        for search in self._known.saved:
            if search.name == name:
                self.remove_wanted.emit(search.id)

    def _to_name(self) -> None:
        if self.name.isVisible():
            self.name.setFocus(Qt.FocusReason.BacktabFocusReason)

    def close_pane(self) -> None:
        """Go, and tell."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
        elif event.key() == Qt.Key.Key_Down and self.name.hasFocus():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)
