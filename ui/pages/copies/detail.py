"""The right side of the copies page: one pair, one asset in several places, or one decision."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.library import Library
from app.rows import AssetDetail
from app.rows_copies import CopyDecision, CopyPair, ExactCopies, PageChange
from ui.context import Context
from ui.icons import icon
from ui.models.words import breakable
from ui.pages.copies import words
from ui.pages.copies.deeds import Deeds
from ui.pages.copies.differences import DifferenceList, differences
from ui.pages.copies.items import CopyItem, Found
from ui.pages.copies.sides import Side, Stepper
from ui.pages.find.flow import FlowLayout
from ui.pages.find.paint import Ink
from ui.pictures import Pictures
from ui.widgets.basics import button, label, line, restyle
from ui.widgets.elided import Elided

DEED_BUTTONS = {
    "accept_move": ("Same asset, moved and edited", "check"),
    "merge": ("Merge into…", "git-merge"),
    "chain": ("Older version of…", "history"),
    "not_a_copy": ("Not a copy", "x"),
}


class _Scrolled(QScrollArea):
    """A column that scrolls when the window is low."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        self.setWidget(inside)
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)


class PairView(QWidget):
    """Both assets of a pair, the pages that differ, and what can be decided."""

    def __init__(
        self, context: Context, ink: Ink, pictures: Pictures, deeds: Deeds,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._context = context
        self._deeds = deeds
        self.pair: CopyPair | None = None
        self.sentence = label("", "title", wrap=True)
        self._area = _Scrolled(self)
        self.left = Side("left", ink, pictures, self._area.widget())
        self.right = Side("right", ink, pictures, self._area.widget())
        self.stepper = Stepper()
        self.list = DifferenceList()
        self.buttons = {
            deed: button(text, partial(self.decide, deed), icon_name=sign)
            for deed, (text, sign) in DEED_BUTTONS.items()
        }
        self._build()

    def _build(self) -> None:
        area = self._area
        area.column.addWidget(self.sentence)
        sides = QHBoxLayout()
        sides.setSpacing(20)
        for side in (self.left, self.right):
            sides.addWidget(side, 1)
            side.find_wanted.connect(self._deeds.find)
            side.open_wanted.connect(self._deeds.open)
        area.column.addLayout(sides)
        area.column.addWidget(self.stepper)
        area.column.addWidget(self.list)
        area.column.addStretch(1)
        self.stepper.stepped.connect(self.list.step)
        self.list.selectionModel().currentChanged.connect(self._on_difference)
        for side in (self.left, self.right):
            side.canvas.stepped.connect(self.list.step)
        # In a narrow window the buttons stand below each other.
        self._row = FlowLayout(spacing=8)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 10, 20, 10)
        foot.addLayout(self._row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(line())
        outer.addLayout(foot)

    def show_pair(self, pair: CopyPair) -> None:
        """Show a pair; its pictures follow when the files are known."""
        same = self.pair is not None and _ids(self.pair) == _ids(pair)
        kept = self.list.currentIndex().row() if same else -1
        self.pair = pair
        self.sentence.setText(breakable(pair.sentence))
        self.left.show_side(pair, pair.copy)
        self.right.show_side(pair, pair.original)
        shown = differences(pair.differs, became=pair.newer == "original")
        self.list.show_items(shown)
        if 0 <= kept < len(shown):
            self.list.setCurrentIndex(self.list.shelf.index(kept, 0))
        self._show_page()
        self._place_buttons(pair)
        self._read(pair)

    def _place_buttons(self, pair: CopyPair) -> None:
        while self._row.count():
            self._row.takeAt(0)
        for deed, made in self.buttons.items():
            made.setVisible(deed in pair.deeds)
        for number, deed in enumerate(pair.deeds):
            made = self.buttons[deed]
            restyle(made, "kind", "" if number else "primary")
            _dye(made, DEED_BUTTONS[deed][1], "text" if number else "on_accent")
            self._row.addWidget(made)

    def decide(self, deed: str) -> None:
        """Do what a button says, when it makes sense for the pair shown."""
        if self.pair is not None and deed in self.pair.deeds:
            self._deeds.carry_out(deed, self.pair)

    # ---- pictures ----------------------------------------------------------------------------

    def _read(self, pair: CopyPair) -> None:
        ids = _ids(pair)

        def both(library: Library) -> tuple[AssetDetail, AssetDetail]:
            return library.asset(ids[0]), library.asset(ids[1])

        def ok(details: tuple[AssetDetail, AssetDetail]) -> None:
            if self.pair is not None and _ids(self.pair) == ids:
                self.left.show_detail(details[0])
                self.right.show_detail(details[1])

        self._context.bridge.read(self, both, ok, key="copies.detail")

    def _on_difference(self, *_: object) -> None:
        self._show_page()

    def _show_page(self) -> None:
        found = self.list.current()
        if found is None:
            self.left.show_page(1, "the first page")
            self.right.show_page(1, "the first page")
            self.stepper.hide()
            return
        change: PageChange = found.change
        self.left.show_page(change.old_number, change.old_label)
        self.right.show_page(change.new_number, change.new_label)
        self.stepper.say(self.list.currentIndex().row(), len(self.list.shelf.items))


class ExactView(QWidget):
    """One content in several places: where, and that nothing has to be done."""

    def __init__(self, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self._asset_id = 0
        self.title = label("", "h2", wrap=True)
        self.sentence = label("", "", wrap=True)
        self.find_button = button("Show in Find", self._on_find, icon_name="search")
        area = _Scrolled(self)
        area.column.addWidget(self.title)
        area.column.addWidget(self.sentence)
        area.column.addWidget(label(words.EXACT_HELP, "dim", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.find_button)
        row.addStretch()
        area.column.addLayout(row)
        area.column.addWidget(line())
        self._places = QVBoxLayout()
        self._places.setSpacing(8)
        area.column.addLayout(self._places)
        area.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_exact(self, exact: ExactCopies, found: Found) -> None:
        """Show an asset and its places."""
        self._asset_id = exact.asset_id
        self.title.setText(breakable(exact.title))
        self.sentence.setText(exact.sentence)
        while item := self._places.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for place in exact.paths:
            self._places.addWidget(self._place_row(place, found, drifted=place in exact.drifted))

    def _place_row(self, place: str, found: Found, *, drifted: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Elided(place, Qt.TextElideMode.ElideMiddle), 1)
        if drifted:
            row.addWidget(label("Holds other content", "dim"))
        shows = button(
            "Show folder", partial(self._deeds.show_folder, found.absolute(place)), kind="mini"
        )
        shows.setAccessibleName(f"Show the folder of {place}")
        row.addWidget(shows)
        return holder

    def _on_find(self) -> None:
        self._deeds.find(self._asset_id)


class DecisionView(QWidget):
    """What was decided about two assets, by whom, and the way to take it back."""

    def __init__(self, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self._decision: CopyDecision | None = None
        self.sentence = label("", "h2", wrap=True)
        self.who = label("", "dim", wrap=True)
        self.back = button("Take back", self._on_back, icon_name="undo-2")
        area = _Scrolled(self)
        area.column.addWidget(self.sentence)
        area.column.addWidget(self.who)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch()
        area.column.addLayout(row)
        area.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_decision(self, item: CopyItem, decision: CopyDecision) -> None:
        """Show a decision."""
        self._decision = decision
        self.sentence.setText(breakable(decision.sentence))
        self.who.setText(item.caption)

    def _on_back(self) -> None:
        if self._decision is not None:
            self._deeds.take_back(self._decision)


class CopyDetail(QStackedWidget):
    """Shows the item chosen in the list."""

    def __init__(
        self, context: Context, ink: Ink, pictures: Pictures, deeds: Deeds,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.blank = QWidget(self)
        self.pair = PairView(context, ink, pictures, deeds, self)
        self.exact = ExactView(deeds, self)
        self.decision = DecisionView(deeds, self)
        for view in (self.blank, self.pair, self.exact, self.decision):
            self.addWidget(view)

    def show_item(self, item: CopyItem | None, found: Found | None) -> None:
        """Show an item, or nothing."""
        if item is None or found is None:
            self.setCurrentWidget(self.blank)
            return
        if item.pair is not None:
            self.pair.show_pair(item.pair)
            self.setCurrentWidget(self.pair)
        elif item.exact is not None:
            self.exact.show_exact(item.exact, found)
            self.setCurrentWidget(self.exact)
        elif item.decision is not None:
            self.decision.show_decision(item, item.decision)
            self.setCurrentWidget(self.decision)


def _ids(pair: CopyPair) -> tuple[int, int]:
    return pair.copy.asset_id, pair.original.asset_id


def _dye(made: QPushButton, icon_name: str, token: str) -> None:
    made.setIcon(icon(icon_name, token, 16))
