"""The list of copies with its filters, and the detail of the one chosen beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ui.commands import Command
from ui.context import Context
from ui.outside import Outside
from ui.pages.attention.choices import Choice, ChoiceRow
from ui.pages.attention.parts import Notice, Skeleton
from ui.pages.copies import items as rows
from ui.pages.copies.deeds import Deeds
from ui.pages.copies.detail import CopyDetail
from ui.pages.copies.model import ROW, CopiesDelegate, CopiesModel
from ui.pages.find.paint import Ink
from ui.pictures import Pictures
from ui.turns import Turns
from ui.widgets.basics import label
from ui.words import count

NARROWEST = 220
STATE = "copies_split"
COMMANDS = (
    Command("copies.find", "Show the copy in Find", ("Return",), "Copies"),
    Command("copies.merge", "Merge two copies", ("M",), "Copies"),
    Command("copies.chain", "Chain two copies as versions", ("V",), "Copies"),
    Command("copies.not", "Say that two are no copies", ("N",), "Copies"),
    Command("copies.moved", "Confirm: same asset, moved and edited", ("Y",), "Copies"),
)
NONE_TEXT = (
    "When two files say nearly the same, they are shown here side by side, with the pages and "
    "numbers that differ."
)
DONE_TEXT = "Every pair that looked like copies has been decided about."


class CopiesPanel(QWidget):
    """Owns the items shown; keeps the place in the list when they change."""

    def __init__(
        self, context: Context, ink: Ink, pictures: Pictures, outside: Outside | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._context = context
        self._found: rows.Found | None = None
        self._counts = rows.counts(())
        self._detailing = Turns(self)
        self._kind = rows.ALL
        self.deeds = Deeds(context, self, outside)
        self.model = CopiesModel(self)
        self._holder = QWidget(self)
        self.split = QSplitter(Qt.Orientation.Horizontal, self._holder)
        self._cards = _card(self.split), _card(self.split)
        self.list = self._make_list(self._cards[0])
        self.detail = CopyDetail(context, ink, pictures, self.deeds, self._cards[1])
        self._typing = QTimer(self, singleShot=True, interval=120)
        self._typing.timeout.connect(self._refill)
        self._build()
        self._add_commands()

    # ---- what the page says --------------------------------------------------------------

    def show_found(self, found: rows.Found) -> None:
        """Show what was read; the place in the list stays."""
        self._found, self._counts = found, rows.counts(found.items)
        self._say_chips()
        self._refill()

    def show_failure(self, sentence: str, retry: Callable[[], object]) -> None:
        """Say that the copies could not be read and why."""
        heading = "The copies could not be read"
        self.notice.say("circle-alert", heading, sentence, ("Try again", retry))
        self._stack.setCurrentWidget(self.notice)

    def choose_kind(self, kind: str) -> None:
        """Show another kind; ``rows.ALL`` shows all that wait for a decision."""
        self._kind = kind
        self.chips.choose(kind)
        self._refill()

    @property
    def open_count(self) -> int:
        """How many pairs wait for a decision."""
        return self._counts[rows.ALL]

    # ---- building ------------------------------------------------------------------------

    def _make_list(self, parent: QWidget) -> QListView:
        view = QListView(parent)
        view.setModel(self.model)
        view.setItemDelegate(CopiesDelegate(view))
        view.setAccessibleName("Copies")
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMinimumWidth(NARROWEST)
        view.selectionModel().currentChanged.connect(self._on_current)
        return view

    def _build(self) -> None:
        theme = self._context.theme
        self.chips = ChoiceRow(theme, "Kind of copy", parent=self)
        self.chips.chosen.connect(self._on_kind)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by title, folder, owner")
        self.filter.setAccessibleName("Filter copies")
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(240)
        self.filter.textChanged.connect(self._typing.start)
        self.count = label("", "dim")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.chips, 1)
        head.addWidget(self.count)
        head.addWidget(self.filter)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(12)
        for card, part in zip(self._cards, (self.list, self.detail), strict=True):
            column = QVBoxLayout(card)
            column.setContentsMargins(1, 6, 1, 6)
            column.addWidget(part)
            self.split.addWidget(card)
        self.split.setStretchFactor(0, 4)
        self.split.setStretchFactor(1, 7)
        sizes = self._context.state.get(STATE, [])
        good = len(sizes) == 2 and all(isinstance(one, int) and one > 0 for one in sizes)
        self.split.setSizes(sizes if good else [470, 860])
        self.split.splitterMoved.connect(self._on_split)
        self.notice = Notice("copy", "", "", parent=self._holder)
        self._skeleton = Skeleton(theme, ROW // 2, self._holder)
        self._stack = QStackedLayout(self._holder)
        for pane in (self._skeleton, self.split, self.notice):
            self._stack.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._holder, 1)

    def _add_commands(self) -> None:
        deeds: tuple[Callable[[], object], ...] = (
            self._find_current,
            lambda: self._decide("merge"),
            lambda: self._decide("chain"),
            lambda: self._decide("not_a_copy"),
            lambda: self._decide("accept_move"),
        )
        for command, deed in zip(COMMANDS, deeds, strict=True):
            self._context.commands.add(self.split, command, deed)

    # ---- filling -------------------------------------------------------------------------

    def _say_chips(self) -> None:
        if self._found is None:
            return
        found = self._counts
        keys = [rows.ALL, *(kind for kind in rows.KINDS if found[kind] or kind == self._kind)]
        self.chips.set_choices(
            [
                Choice(key, f"{rows.KIND_LABELS[key]}  {found[key]:,}", rows.KIND_HELP[key])
                for key in keys
            ]
        )
        self.chips.choose(self._kind)
        self.chips.setVisible(bool(self._found.items))
        self.filter.setVisible(bool(self._found.items))

    def _refill(self) -> None:
        if self._found is None:
            return
        row = self.list.currentIndex().row()
        current = self.model.item(row)
        shown = rows.chosen(self._found.items, self._kind, self.filter.text())
        scroll = self.list.verticalScrollBar().value()
        self.model.set_items(shown)
        again = self.model.row_of(current.key) if current is not None else 0
        if again < 0:
            # What was decided about leaves the list: the next one takes its place.
            again = min(max(0, row), len(shown) - 1)
        if shown:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self.model.index(again, 0), flag)
        self.list.verticalScrollBar().setValue(scroll)
        total = self._counts[self._kind]
        narrowed = len(shown) != total
        self.count.setText(f"{len(shown):,} of {count(total, 'entry', 'entries')}"
                           if narrowed else "")  # fmt: skip
        if not shown:
            self._detailing.replace(self._show_current)
        self._say_state(anything=bool(shown))

    def _say_state(self, *, anything: bool) -> None:
        if anything:
            self._stack.setCurrentWidget(self.split)
            return
        assert self._found is not None
        found = self._counts
        if self.filter.text().strip():
            self.notice.say("filter", "Nothing fits this filter", "Other words may.",
                            ("Clear the filter", self.filter.clear))  # fmt: skip
        elif self._kind == rows.ALL and found[rows.DECIDED]:
            self.notice.say("circle-check", "Nothing left to decide", DONE_TEXT)
        elif self._kind == rows.ALL and not self._found.items:
            self.notice.say("circle-check", "No copies found", NONE_TEXT)
        elif self._kind == rows.ALL:
            self.notice.say("circle-check", "No near copies found", NONE_TEXT)
        else:
            self.notice.say("circle-check", "None of this kind", rows.KIND_HELP[self._kind] + ".")
        self._stack.setCurrentWidget(self.notice)

    def _show_current(self) -> None:
        self.detail.show_item(self.model.item(self.list.currentIndex().row()), self._found)

    # ---- what a person does --------------------------------------------------------------

    def _on_current(self, _new: QModelIndex, _old: QModelIndex) -> None:
        # The list is painted first.
        self._detailing.replace(self._show_current)

    def _on_kind(self, key: object) -> None:
        self._kind = str(key)
        self._refill()

    def _decide(self, deed: str) -> None:
        # About what is chosen, and not about what the detail showed before.
        self._detailing.finish()
        if self.detail.currentWidget() is self.detail.pair:
            self.detail.pair.decide(deed)

    def _find_current(self) -> None:
        item = self.model.item(self.list.currentIndex().row())
        if item is None:
            return
        if item.pair is not None:
            self.deeds.find(item.pair.copy.asset_id)
        elif item.exact is not None:
            self.deeds.find(item.exact.asset_id)
        elif item.decision is not None:
            self.deeds.find(item.decision.first)

    def _on_split(self, *_: object) -> None:
        self._context.state.set(STATE, self.split.sizes())


def _card(parent: QWidget) -> QFrame:
    card = QFrame(parent)
    card.setProperty("kind", "card")
    return card
