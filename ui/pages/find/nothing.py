"""What the find page says when there is nothing to list, and what a person can do then."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.rows import Elsewhere, FindResult, NewRequest
from app.rows.listed import wanted
from ui.icons import icon
from ui.models.words import plural
from ui.pages.find.flow import FlowLayout
from ui.theme import Theme
from ui.widgets.basics import button, label

_WIDTH = 480
_MOST_WAYS = 6
_ELSEWHERE = {
    "archived": ("Show them", "Show the archived matches"),
    "missing": ("Show in Library", "Show what is missing in Library"),
}  # fmt: skip
"""What to press for matches of a kind that are not shown, and how that is spoken."""


class Way(NamedTuple):
    """A way on: what is shown on its chip, how it is spoken, the search that it leads to.

    ``filters`` are None where they stay as they are.
    """

    label: str
    spoken: str
    text: str
    filters: tuple[tuple[str, tuple[str, ...]], ...] | None = None


def ways_on(result: FindResult) -> list[Way]:
    """The same search without one filter or condition, with how much there would be then.

    Where none of these is in the way, without one of its words.
    """
    if result.without:
        return [
            Way(
                f"{one.left_out}  ·  {one.total:,}",
                f"Search without {one.left_out}: {plural(one.total, 'result')}",
                one.spec.text, one.spec.filters,
            )
            for one in result.without[:_MOST_WAYS]
        ]  # fmt: skip
    parts = [part for part in result.parts if part.kind != "error"]
    if any(part.kind == "phrase" for part in parts):
        apart = " ".join(part.text.strip('"“”') for part in parts)
        loose = [Way("the quotes", f"Search for {apart} without quotes", apart)]
    else:
        loose = []
    if not 1 < len(parts) <= _MOST_WAYS:
        return loose
    less = [Way(part.text, f"Search without {part.text}", part.removable_text) for part in parts]
    return (loose + less)[:_MOST_WAYS]


def quoted(text: str) -> str:
    """A text in quotes, those that it has already taken off."""
    inner = text.strip('"“”')
    return f"“{text}”" if '"' in inner else f"“{inner}”"


def request_for(result: FindResult) -> NewRequest:
    """A request filled in with the search that found nothing: its words, and what was chosen."""
    chosen = {facet: wanted(slugs) for facet, slugs in result.spec.filters}
    first = {facet: slugs[0] for facet, slugs in chosen.items() if slugs}
    words = " ".join(
        part.text.strip('"“”')
        for part in result.parts
        if part.kind in ("words", "phrase", "unknown")
    )
    return NewRequest(
        need=words or result.spec.text,
        content_type=first.get("content_type", ""),
        persona=first.get("persona", ""),
        stage=first.get("stage", ""),
        value_proposition=first.get("value_proposition", ""),
        search=result.spec.text,
    )


class Nothing(QWidget):
    """No results, an empty library or a failed search.

    ``text_wanted`` carries another text to search for, ``way_wanted`` a Way to go on,
    ``elsewhere_wanted`` a kind of ``Elsewhere`` to be shown; ``clear_wanted``,
    ``request_wanted``, ``folder_wanted`` and ``retry_wanted`` say which button was pressed.
    """

    text_wanted = Signal(object)
    way_wanted = Signal(object)
    elsewhere_wanted = Signal(object)
    clear_wanted = Signal()
    request_wanted = Signal()
    folder_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = "search"
        self._sign = QLabel()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label("", "h2", wrap=True)
        self.text = label("", "dim", wrap=True)
        self.guess = button("", self._take_guess, kind="ghost")
        self.clear = button("", self.clear_wanted.emit)
        self.request = button("Request this", self.request_wanted.emit, kind="primary",
                              icon_name="message-square-plus")  # fmt: skip
        self.folder = button("Add a folder", self.folder_wanted.emit, kind="primary",
                             icon_name="folder-plus")  # fmt: skip
        self.retry = button("Try again", self.retry_wanted.emit)
        self._guess = ""
        self._ways: list[Way] = []
        self.ways_label = label("", "cap")
        self._ways_box = QWidget()
        self._flow = FlowLayout(self._ways_box, centred=True)
        self.way_buttons = [self._way_button(place) for place in range(_MOST_WAYS)]
        self._elsewhere = QVBoxLayout()
        self._elsewhere.setSpacing(2)
        self.elsewhere: list[tuple[QLabel, QPushButton]] = []
        self._lay_out()
        theme.changed.connect(self._draw)

    def _lay_out(self) -> None:
        box = QWidget()
        box.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(box)
        column.setSpacing(10)
        for widget in (self._sign, self.title, self.text):
            column.addWidget(widget)
        for text in (self.title, self.text):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.guess, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.ways_label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._ways_box)
        column.addLayout(self._elsewhere)
        column.addSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch()
        for one in (self.request, self.clear, self.folder, self.retry):
            line.addWidget(one)
        line.addStretch()
        column.addLayout(line)
        outer = QHBoxLayout()
        outer.addStretch(1)
        outer.addWidget(box, 100)
        outer.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(outer)
        whole.addStretch(3)

    def _way_button(self, place: int) -> QPushButton:
        made = button("", lambda: self.way_wanted.emit(self._ways[place]), kind="chip")
        self._flow.addWidget(made)
        return made

    # ---- what to say -------------------------------------------------------------------------

    def show_no_results(self, result: FindResult, *, chosen: bool) -> None:
        """No asset matches: offer every way on. ``chosen``: there are filters to be cleared."""
        text = result.spec.text
        self._tell("search", f"Nothing found for {quoted(text)}" if text else "Nothing matches")
        matching = result.filtered_out if result.without or result.spec.filters else 0
        if matching and text:
            have = "has the words, but not" if matching == 1 else "have the words, but not"
            self.text.setText(f"{plural(matching, 'asset')} {have} what else you ask for.")
        elif matching:
            self.text.setText("No asset has all that you have chosen.")
        else:
            self.text.setText("Try other words, or ask whoever makes the collateral for it.")
        self._guess = result.suggestion
        self.guess.setText(f"Did you mean “{result.suggestion}”?".replace("&", "&&"))
        self.guess.setAccessibleName(f"Search for {result.suggestion} instead")
        self.guess.setVisible(bool(result.suggestion))
        self._show_ways(ways_on(result), "Without one of these:" if result.without
                        else "Leave one out:")  # fmt: skip
        self._show_elsewhere(result.elsewhere)
        self._show(clear=chosen, request=True)
        self.clear.setText("Clear filters")

    def show_empty_library(self, folders: int = 0) -> None:
        """There is nothing to search yet: nothing was added, or nothing of it has been read."""
        if folders:
            self._tell("hourglass", "Nothing has been read yet")
            whose = "Your folder is" if folders == 1 else "Your folders are"
            self.text.setText(f"{whose} looked through; what is found shows here at once.")
        else:
            self._tell("library", "The library is empty")
            self.text.setText("Add a folder of collateral. Its files stay where they are.")
        self._show(folder=True)

    def show_problem(self, sentence: str) -> None:
        """The search itself failed."""
        self._tell("circle-alert", "The search did not work")
        self.text.setText(sentence)
        self._show(retry=True)

    def _tell(self, icon_name: str, title: str) -> None:
        self._icon = icon_name
        self.title.setText(title)
        self._guess = ""
        self.guess.hide()
        self._show_ways([], "")
        self._show_elsewhere(())
        self._draw()

    def _show(
        self, *, clear: bool = False, request: bool = False, folder: bool = False,
        retry: bool = False,
    ) -> None:  # fmt: skip
        self.clear.setVisible(clear)
        self.request.setVisible(request)
        self.folder.setVisible(folder)
        self.retry.setVisible(retry)

    def _show_ways(self, ways: list[Way], heading: str) -> None:
        self._ways = ways
        for place, made in enumerate(self.way_buttons):
            if place < len(ways):
                made.setText(ways[place].label.replace("&", "&&"))
                made.setAccessibleName(ways[place].spoken)
            made.setVisible(place < len(ways))
        self.ways_label.setText(heading)
        self.ways_label.setVisible(bool(ways))
        self._ways_box.setVisible(bool(ways))
        self._flow.invalidate()

    def _show_elsewhere(self, found: tuple[Elsewhere, ...]) -> None:
        """A line for matches that are not shown, with the way to them."""
        while len(self.elsewhere) < len(found):
            self._add_elsewhere()
        for place, (said, link) in enumerate(self.elsewhere):
            shown = place < len(found)
            if shown:
                words, spoken = _ELSEWHERE[found[place].kind]
                said.setText(found[place].sentence)
                link.setText(words)
                link.setAccessibleName(spoken)
                link.setProperty("which", found[place].kind)
            said.setVisible(shown)
            link.setVisible(shown)

    def _add_elsewhere(self) -> None:
        said = label("", "dim")
        link = button("", kind="ghost")
        link.clicked.connect(lambda *_: self.elsewhere_wanted.emit(link.property("which")))
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addStretch()
        row.addWidget(said)
        row.addWidget(link)
        row.addStretch()
        self._elsewhere.addLayout(row)
        self.elsewhere.append((said, link))

    def _draw(self) -> None:
        self._sign.setPixmap(icon(self._icon, "text3", 32).pixmap(32, 32))

    def _take_guess(self) -> None:
        if self._guess:
            self.text_wanted.emit(self._guess)
