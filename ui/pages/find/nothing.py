"""What the find page says when there is nothing to list, and what a person can do then."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.rows import FindResult, NewRequest
from ui.icons import icon
from ui.models.words import plural
from ui.pages.find.flow import FlowLayout
from ui.theme import Theme
from ui.widgets.basics import button, label

_WIDTH = 460
_MOST_DROPS = 6


def without(text: str, place: int) -> str:
    """The text without its word at ``place``."""
    words = text.split()
    return " ".join(words[:place] + words[place + 1 :])


def request_for(result: FindResult) -> NewRequest:
    """A request filled in with the search that found nothing."""
    wanted = {facet: slugs[0] for facet, slugs in result.spec.filters if slugs}
    return NewRequest(
        need=result.spec.text,
        content_type=wanted.get("content_type", ""),
        persona=wanted.get("persona", ""),
        stage=wanted.get("stage", ""),
        value_proposition=wanted.get("value_proposition", ""),
        search=result.spec.text,
    )


class Nothing(QWidget):
    """No results, an empty library or a failed search.

    ``text_wanted`` carries another text to search for; ``clear_wanted``, ``request_wanted``,
    ``folder_wanted`` and ``retry_wanted`` say which button was pressed.
    """

    text_wanted = Signal(object)
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
        self._query = ""
        self._drops_label = label("Leave a word out:", "cap")
        self._drops = QWidget()
        self._drop_flow = FlowLayout(self._drops, centred=True)
        self._drop_buttons = [self._drop_button(place) for place in range(_MOST_DROPS)]
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
        column.addWidget(self._drops_label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._drops)
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

    def _drop_button(self, place: int) -> QPushButton:
        made = button("", lambda: self.text_wanted.emit(without(self._query, place)), kind="chip")
        self._drop_flow.addWidget(made)
        return made

    # ---- what to say -------------------------------------------------------------------------

    def show_no_results(self, result: FindResult) -> None:
        """No asset matches: offer every way on."""
        text = result.spec.text
        self._tell("search", f"Nothing found for “{text}”" if text else "Nothing matches")
        filtered = bool(result.spec.filters) and result.filtered_out > 0
        if filtered:
            self.text.setText(
                f"{plural(result.filtered_out, 'asset')} would match without filters."
            )
        else:
            self.text.setText("Try other words, or ask whoever makes the collateral for it.")
        self._guess = result.suggestion
        self.guess.setText(f"Did you mean “{result.suggestion}”?".replace("&", "&&"))
        self.guess.setVisible(bool(result.suggestion))
        self._show_drops(text if not filtered else "")
        self._show(clear=bool(result.spec.filters), request=True)
        self.clear.setText("Clear filters")

    def show_empty_library(self) -> None:
        """There is nothing to search yet."""
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
        self._show_drops("")
        self._draw()

    def _show(
        self, *, clear: bool = False, request: bool = False, folder: bool = False,
        retry: bool = False,
    ) -> None:  # fmt: skip
        self.clear.setVisible(clear)
        self.request.setVisible(request)
        self.folder.setVisible(folder)
        self.retry.setVisible(retry)

    def _show_drops(self, text: str) -> None:
        self._query = text
        words = text.split()
        offered = words if 1 < len(words) <= _MOST_DROPS else []
        for place, made in enumerate(self._drop_buttons):
            if place < len(offered):
                made.setText(offered[place].replace("&", "&&"))
                made.setAccessibleName(f"Search without {offered[place]}")
            made.setVisible(place < len(offered))
        self._drops.setVisible(bool(offered))
        self._drops_label.setVisible(bool(offered))
        self._drop_flow.invalidate()

    def _draw(self) -> None:
        self._sign.setPixmap(icon(self._icon, "text3", 32).pixmap(32, 32))

    def _take_guess(self) -> None:
        if self._guess:
            self.text_wanted.emit(self._guess)
