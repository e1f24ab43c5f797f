"""Maybe this exists already: assets and open requests like the one being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.library import Library
from app.rows import FindSpec, Hit, RequestRow
from ui.context import Context
from ui.pages.attention import words
from ui.pages.attention.parts import button, label
from ui.pages.requests.assets import hit_line
from ui.pages.requests.items import meaning, similar
from ui.widgets.elided import Elided

ASSETS, REQUESTS = 3, 2
ENOUGH_WORDS = 2
LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What the library has that is like the need."""

    hits: tuple[Hit, ...]
    requests: tuple[RequestRow, ...]


def look(library: Library, text: str) -> Found:
    """Search assets and open requests for the words that carry meaning. Blocks."""
    wanted = meaning(text)
    told = " ".join(word for word in text.split() if meaning(word))
    result = library.find(FindSpec(text=told, limit=LOOKED_AT, exact=True))
    # A relaxed search also answers with what has one of the words: half of them must be seen.
    hits = [hit for hit in result.hits if 2 * len(wanted & _seen_in(hit)) >= len(wanted)]
    asked = similar(text, library.requests(open_only=True), REQUESTS)
    return Found(tuple(hits[:ASSETS]), asked)


def _seen_in(hit: Hit) -> frozenset[str]:
    labels = " ".join(tag.label for tag in hit.tags)
    return meaning(f"{hit.title} {hit.snippet} {hit.content_type} {labels}")


class _Line(QWidget):
    """One thing found, with what can be done about it."""

    clicked = Signal(object)

    def __init__(self, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject: object = None
        self.title = Elided()
        self.note = label("", "cap")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.act = button(act, self._on_clicked, "ghost")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.title)
        texts.addWidget(self.note)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addLayout(texts, 1)
        layout.addWidget(self.act)

    def say(self, subject: object, title: str, note: str) -> None:
        """Show another thing."""
        self.subject = subject
        self.title.setText(title)
        self.note.setText(note)
        self.act.setAccessibleName(f"{self.act.text()}: {title}")
        self.show()

    def _on_clicked(self) -> None:
        self.clicked.emit(self.subject)


class MaybeExists(QFrame):
    """Looks while the person writes. ``voted`` carries a RequestRow, ``opened`` a Hit."""

    voted = Signal(object)
    opened = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._text = ""
        self.setObjectName("maybe")
        self.heading = label("Maybe this exists already", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.heading)
        self.requests = [_Line("I need this too") for _ in range(REQUESTS)]
        self.assets = [_Line("Show in Find") for _ in range(ASSETS)]
        for line in self.requests:
            line.clicked.connect(self.voted)
            layout.addWidget(line)
        for line in self.assets:
            line.clicked.connect(self.opened)
            layout.addWidget(line)
        self._typing = QTimer(self, singleShot=True, interval=250)
        self._typing.timeout.connect(self._look)
        self.show_found(Found((), ()))

    def ask(self, text: str) -> None:
        """Look for things like this text once the typing pauses."""
        self._text = " ".join(text.split())
        self._typing.start()

    def show_found(self, found: Found) -> None:
        """Show what was found; nothing found shows nothing."""
        _fill(self.requests, [_request_words(row) for row in found.requests])
        _fill(self.assets, [(hit, hit.title, hit_line(hit)) for hit in found.hits])
        self.setVisible(bool(found.hits or found.requests))

    def _look(self) -> None:
        text = self._text
        if len(meaning(text)) < ENOUGH_WORDS:
            self.show_found(Found((), ()))
            return
        # Silence on failure: this help must never stand in the way of asking.
        self._context.bridge.read(
            self, lambda library: look(library, text), self.show_found, self._on_failed,
            key="request_maybe",
        )  # fmt: skip

    def _on_failed(self, error: Exception) -> None:
        self._context.notify.sentence(error)
        self.show_found(Found((), ()))


def _request_words(row: RequestRow) -> tuple[object, str, str]:
    votes = words.plural(row.votes, "person wants", "people want")
    return row, row.need, f"Asked by {row.by}  ·  {votes} it"


def _fill(lines: Sequence[_Line], found: Sequence[tuple[object, str, str]]) -> None:
    for number, line in enumerate(lines):
        if number < len(found):
            line.say(*found[number])
        else:
            line.hide()
