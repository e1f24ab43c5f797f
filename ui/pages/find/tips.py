"""The language of the search field in short, over the window; each form can be tried."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.widgets.basics import button, icon_button, label
from ui.widgets.sheet import Sheet

WIDTH = 640
MOST_HEIGHT = 520


class Tip(NamedTuple):
    """A form and what it finds."""

    form: str
    finds: str


TIPS: dict[str, tuple[Tip, ...]] = {
    "Words": (
        Tip("zero trust", "both words, on the same page"),
        Tip('"zero trust"', "the words one after the other"),
        Tip("secur*", "a word that begins so"),
        Tip("security -cloud", "the first word, without the second"),
        Tip("churn OR retention", "either word; OR in capitals"),
        Tip("title:overview", "in the title; also file:, notes: and text:"),
        Tip("trust page:2-5", "on one of these pages"),
    ),
    "Tags and status": (
        Tip("persona:cfo,it", "for one of the two; also stage:, type:, value:, role:, audience:"),
        Tip("-persona:it", "not for that persona"),
        Tip("persona:none", "that have none"),
        Tip("status:expired", "with that status"),
    ),
    "Use, people, places and files": (
        Tip("used:>10", "used more than 10 times in the last 90 days"),
        Tip("unused:90d", "not used for 90 days"),
        Tip("owner:me", "that you own; also a name"),
        Tip('in:"Sales collateral"', "in that folder"),
        Tip("format:pptx", "in that format"),
        Tip("pages:>10", "with more than 10 pages"),
    ),
    "Dates": (
        Tip("expires:<30d", "that expire within 30 days"),
        Tip("added:<7d", "that came in the last 7 days"),
        Tip('changed:"last week"', "changed in the last calendar week"),
        Tip("published:2026-01..2026-03", "published in these months"),
    ),
}


class TipsSheet(Sheet):
    """``tried`` carries the form that was clicked."""

    tried = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Search tips", width=WIDTH)
        self.close_on_outside = True
        head = QHBoxLayout()
        head.addWidget(label("Search tips", "h2"))
        head.addStretch()
        head.addWidget(icon_button("x", "Close", self.dismiss))
        self.body.addLayout(head)
        text = (
            "Write these into the search field, in any mixture. A click puts one there. "
            "What you type is never wrong: a piece that makes no sense is left out and explained."
        )
        self.body.addWidget(label(text, "dim", wrap=True))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Search tips")
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        listed = self._listed()
        scroll.setWidget(listed)
        scroll.setMinimumHeight(min(listed.sizeHint().height(), MOST_HEIGHT))
        self.body.addWidget(scroll, 1)

    def _listed(self) -> QWidget:
        holder = QWidget()
        holder.setObjectName("scrolled")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for group, tips in TIPS.items():
            column.addWidget(label(group, "title"))
            grid = QGridLayout()
            grid.setVerticalSpacing(4)
            grid.setHorizontalSpacing(16)
            grid.setColumnStretch(1, 1)
            grid.setColumnMinimumWidth(0, 210)
            for row, tip in enumerate(tips):
                grid.addWidget(self._form(tip), row, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label(tip.finds, "dim", wrap=True), row, 1)
            column.addLayout(grid)
            column.addSpacing(8)
        column.addStretch()
        return holder

    def _form(self, tip: Tip) -> QPushButton:
        made = button(tip.form, lambda: self._try(tip.form), kind="mini")
        made.setAccessibleName(f"Try {tip.form}: {tip.finds}")
        return made

    def _try(self, form: str) -> None:
        self.dismiss()
        self.tried.emit(form)
