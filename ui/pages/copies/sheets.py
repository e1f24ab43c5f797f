"""Two questions before a deed that joins assets: which one stays, and which one is older."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.rows_copies import CopyPair, CopySide
from ui.pages.copies import words
from ui.widgets.basics import button, label
from ui.widgets.sheet import Sheet

_TITLE = 70
_INDENT = 25


class PairSheet(Sheet):
    """Lets one of two assets be chosen and says what follows.

    ``done`` gets the chosen asset's id and the other's.
    """

    def __init__(
        self,
        window: QWidget,
        pair: CopyPair,
        heading: str,
        consequence: Callable[[CopySide, CopySide], str],
        deed: str,
        done: Callable[[int, int], object],
        *,
        first: str,
    ) -> None:
        super().__init__(window, heading, width=560)
        self.close_on_outside = True
        self._done = done
        self._consequence = consequence
        self._sides = (pair.original, pair.copy)
        self.body.addWidget(label(heading, "h2"))
        self.choices = [self._add_choice(pair, side) for side in self._sides]
        self.choices[0 if first == "original" else 1].setChecked(True)
        self.follows = label("", "dim", wrap=True)
        self.body.addSpacing(4)
        self.body.addWidget(self.follows)
        self.body.addSpacing(4)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(button("Cancel", self.dismiss))
        self.main = self.go = button(deed, self._go, kind="primary", tip="Ctrl+Enter")
        self.go.setAccessibleName(deed)
        line.addWidget(self.go)
        self.body.addLayout(line)
        for choice in self.choices:
            choice.toggled.connect(self._say)
        self._say()

    def _add_choice(self, pair: CopyPair, side: CopySide) -> QRadioButton:
        short = side.title if len(side.title) <= _TITLE else f"{side.title[: _TITLE - 1]}…"
        choice = QRadioButton(short.replace("&", "&&"))
        when = words.modified(pair, side)
        facts = (words.trust_look(side).text, f"modified {when}" if when else "",
                 words.side_facts(side))  # fmt: skip
        told = " · ".join(one for one in facts if one)
        choice.setAccessibleName(side.title)
        choice.setAccessibleDescription(told)
        below = QVBoxLayout()
        below.setSpacing(0)
        below.addWidget(choice)
        line = QHBoxLayout()
        line.setContentsMargins(_INDENT, 0, 0, 4)
        line.addWidget(label(told, "cap", wrap=True))
        below.addLayout(line)
        self.body.addLayout(below)
        return choice

    @property
    def chosen(self) -> tuple[CopySide, CopySide]:
        """The side chosen now, and the other one."""
        first, second = self._sides
        return (first, second) if self.choices[0].isChecked() else (second, first)

    def _say(self, *_: object) -> None:
        self.follows.setText(self._consequence(*self.chosen))
        self._place()

    def _go(self) -> None:
        one, other = self.chosen
        self.dismiss()
        self._done(one.asset_id, other.asset_id)


def merge_sheet(window: QWidget, pair: CopyPair, done: Callable[[int, int], object]) -> PairSheet:
    """Which of the two is kept; ``done(keep, other)``."""

    def consequence(keep: CopySide, other: CopySide) -> str:
        return words.MERGE.format(keep=keep.title, other=other.title)

    return PairSheet(
        window, pair, "Which one is kept?", consequence, "Merge", done, first="original"
    )


def chain_sheet(window: QWidget, pair: CopyPair, done: Callable[[int, int], object]) -> PairSheet:
    """Which of the two is the newer version; ``done(newer, older)``."""

    def consequence(newer: CopySide, older: CopySide) -> str:
        return words.CHAIN.format(newer=newer.title, older=older.title)

    return PairSheet(
        window, pair, "Which one is the newer version?", consequence, "Chain as versions", done,
        first=pair.newer or "original",
    )  # fmt: skip
