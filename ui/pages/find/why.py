"""Why a result stands where it stands: the factors of its rank in words and numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from app.rows import SORT_LABELS, STATUS_LABELS, Hit
from ui.models.words import plural
from ui.widgets.basics import button, icon_button, label, line
from ui.widgets.popover import Popover

if TYPE_CHECKING:
    from app.rows import RankReason
    from app.rows.found import Evidence
    from ui.bridge import Bridge
    from ui.pages.find.page import FindPage

_WIDTH = 400
_LABELS = {
    "title": "Exact title", "text": "Text match", "use": "Use", "new": "Freshness",
    "status": "Status",
}  # fmt: skip


class Factor(NamedTuple):
    """A line of the card: what it is about, in words, and the number ("" for none)."""

    name: str
    words: str
    number: str


class Around(NamedTuple):
    """Where a hit stands: its place (from 1) among how many, its neighbours' scores, the order."""

    place: int
    total: str
    above: float | None
    below: float | None
    sort: str


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    tens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def factors(hit: Hit, evidence: Evidence | None) -> list[Factor]:
    """The factors of a hit in the order in which they are multiplied."""
    found = []
    for reason in hit.ranking:
        number = f"{reason.factor:,.1f}" if reason.name == "text" else f"× {_times(reason.factor)}"
        if reason.name == "title":
            number = ""
        words = _words(reason, hit, evidence)
        found.append(Factor(_LABELS.get(reason.name, reason.name.title()), words, number))
    return found


def _times(factor: float) -> str:
    return f"{factor:.2f}".rstrip("0").rstrip(".") if factor >= 0.095 else f"{factor:.2g}"


def _words(reason: RankReason, hit: Hit, evidence: Evidence | None) -> str:
    if reason.name == "title":
        sunk = any(other.name == "status" for other in hit.ranking)
        first = "" if sunk else " It comes first."
        return f"{reason.sentence}{first}"
    if evidence is not None and reason.name == "text":
        return text_words(evidence, hit)
    if evidence is not None and reason.name == "use":
        return use_words(evidence, reason.factor)
    if reason.name == "status":
        status = STATUS_LABELS.get(hit.status, hit.status)
        return f"{status}: it counts only {_times(reason.factor)} times."
    return reason.sentence


def text_words(evidence: Evidence, hit: Hit) -> str:
    """Which word stands where: "“cold” in title and text; “chain” in text of page 2"."""
    if not evidence.words:
        tagged = next((why for why in hit.why if why.startswith("tagged")), "")
        return f"No words to match{f', {tagged}' if tagged else ''}."
    by_place: dict[tuple[str, ...], list[str]] = {}
    for one in evidence.words:
        by_place.setdefault(one.where, []).append(f"“{one.word}”")
    said = [
        f"{_and(words)} {_where(where, evidence.page_label)}" for where, words in by_place.items()
    ]
    sentence = "; ".join(said)
    tagged = next((why for why in hit.why if why.startswith("tagged")), "")
    together = " They stand one after the other." if evidence.together else ""
    return f"{sentence[:1].upper()}{sentence[1:]}.{together}{f' It is {tagged}.' if tagged else ''}"


def _where(where: tuple[str, ...], page: str) -> str:
    if not where:
        return "not on this page, nor in title or file name"
    on_page = [name for name in where if name in ("heading", "text", "notes")]
    of_page = f" of {page}" if on_page and page else ""
    return f"in {_and(where)}{of_page}"


def _and(words: tuple[str, ...] | list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def use_words(evidence: Evidence, factor: float) -> str:
    """How often it was shown and used: "Used 9 times, shown 40 times in 120 days: …"."""
    used = f"Used {plural(evidence.uses, 'time')}" if evidence.uses else "Not used"
    shown = f"shown {plural(evidence.shown, 'time')}" if evidence.shown else "never shown"
    than = "as often as expected"
    if factor > 1.05:
        than = "more often than expected"
    elif factor < 0.95:
        than = "less often than expected"
    return f"{used}, {shown} in {evidence.days} days, recent ones counting more: {than}."


def place_words(around: Around, score: float) -> str:
    """The scores beside it: "The one above has 18.2, the one below 12.9."."""
    if around.sort != "best":
        name = SORT_LABELS[around.sort]
        return f"The list is now ordered by “{name}”; by best match this is what would count."
    near = [
        f"the one {where} has {other:,.1f}"
        for where, other in (("above", around.above), ("below", around.below))
        if other is not None
    ]
    if not near:
        return "The only result."
    told = ", ".join(near)
    higher = around.below is not None and around.below > score + 0.05
    first = " An exact title stands first whatever its score." if higher else ""
    return f"{told[:1].upper()}{told[1:]}.{first}"


class WhyCard(Popover):
    """Explains one hit. ``sort_wanted`` carries the order that its button offers."""

    sort_wanted = Signal(object)

    def __init__(self, owner: QWidget, bridge: Bridge) -> None:
        super().__init__(owner, "Why it stands here", width=_WIDTH)
        self._bridge = bridge
        self._hit: Hit | None = None
        self._around = Around(0, "", None, None, "best")
        self.title = label("Why it stands here", "title")
        self.place_label = label("", "cap")
        head = QHBoxLayout()
        words = QGridLayout()
        words.setVerticalSpacing(2)
        words.addWidget(self.title, 0, 0)
        words.addWidget(self.place_label, 1, 0)
        head.addLayout(words, 1)
        head.addWidget(icon_button("x", "Close", self.dismiss), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, 74)
        self.body.addLayout(self._grid)
        self._made: list[QWidget] = []
        self.order = button("", self._on_order, kind="ghost")
        foot = QHBoxLayout()
        foot.addWidget(self.order)
        foot.addStretch()
        self.body.addLayout(foot)

    def explain(self, page: FindPage, hit: Hit, around: Around, beside: QRect) -> None:
        """Show the factors of a hit at once, and what they rest on when it has been read."""
        self._hit, self._around = hit, around
        self.place_label.setText(f"{ordinal(around.place)} of {around.total}: {hit.title}")
        self.place_label.setWordWrap(True)
        other = "best" if around.sort == "text" else "text"
        self.order.setText(f"Order by “{SORT_LABELS[other]}”")
        self.order.setAccessibleName(f"Order by {SORT_LABELS[other]}")
        self._fill(None)
        self.open_beside(beside)
        spec = page.flow.spec
        self._bridge.read(
            self, lambda library: library.evidence(spec, hit.asset_id, hit.page),
            partial(self._on_evidence, hit), self._failed, key="find.why",
        )  # fmt: skip

    def _on_evidence(self, hit: Hit, evidence: Evidence) -> None:
        if hit is self._hit and self.isVisible():
            self._fill(evidence)
            self.place()

    def _failed(self, _error: Exception) -> None:
        """The factors stand there without it."""

    def _fill(self, evidence: Evidence | None) -> None:
        assert self._hit is not None
        for widget in self._made:
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._made = []
        shown = factors(self._hit, evidence)
        for row, factor in enumerate(shown):
            self._add(row, factor)
        self._put(line(), len(shown), 0, 3, Qt.AlignmentFlag(0))
        words = place_words(self._around, self._hit.score)
        self._add(len(shown) + 1, Factor("Score", words, f"= {self._hit.score:,.1f}"))

    def _add(self, row: int, factor: Factor) -> None:
        top = Qt.AlignmentFlag.AlignTop
        name, words = label(factor.name, "strong"), label(factor.words, "dim", wrap=True)
        number = label(factor.number, "strong")
        number.setAccessibleName(f"{factor.name} {factor.number}")
        for column, widget in enumerate((name, words, number)):
            right = Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag(0)
            self._put(widget, row, column, 1, top | right)

    def _put(
        self, widget: QWidget, row: int, column: int, span: int, align: Qt.AlignmentFlag
    ) -> None:
        self._grid.addWidget(widget, row, column, 1, span, align)
        self._made.append(widget)
        # In a card that is open already Qt would show it later, and measure it too small now.
        widget.show()

    def texts(self) -> list[str]:
        """Everything that is written in the lines, for tests and for screen readers."""
        return [widget.text() for widget in self._made if isinstance(widget, QLabel)]

    def _on_order(self) -> None:
        self.dismiss()
        self.sort_wanted.emit("best" if self._around.sort == "text" else "text")
