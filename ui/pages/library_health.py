"""One line about the library itself: what the index holds of the record, room on disk."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.rows import Health
from ui.icons import icon
from ui.widgets.basics import button, label
from ui.widgets.elided import Elided
from ui.words import ago, count, size

ICON = 18


def state_of_index(health: Health) -> tuple[str, str, str]:
    """What is said of the search index: sentence, colour and icon."""
    if health.entries and not health.indexed:
        return ("There is no search index yet: the record itself answers", "warn", "hourglass")
    if health.behind:
        changes = count(health.behind, "change")
        return (f"Search is {changes} behind and is being completed", "info", "hourglass")
    if health.indexed != health.entries:
        held = f"Search holds {health.indexed:,} entries of {health.entries:,}"
        return (f"{held}: rebuild the index", "bad", "circle-alert")
    if not health.entries:
        return ("There is nothing to search yet", "text2", "circle")
    return ("Search holds everything that is in the record", "ok", "circle-check")


def facts(health: Health) -> str:
    """How many entries search holds, and the room on disk, part by part."""
    parts = (
        ("Record", health.record_bytes), ("search index", health.index_bytes),
        ("pictures", health.picture_bytes),
    )  # fmt: skip
    when = ago(health.copied_at)
    copied = f" (copied {when[:1].lower()}{when[1:]})" if health.copied_at else ""
    held = f"{health.indexed:,} of {count(health.entries, 'entry', 'entries')}"
    sizes = [f"{name} {size(number)}" for name, number in parts]
    return " · ".join([held, sizes[0] + copied, *sizes[1:]])


class HealthCard(QFrame):
    """``wants_rebuild`` asks for a new search index, ``wants_backups`` for the backups."""

    wants_rebuild = Signal()
    wants_backups = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._look: tuple[str, str] = ("circle", "text2")
        self._sign = label()
        self._sign.setFixedSize(ICON, ICON)
        self.sentence = Elided("Reading how the library stands")
        self.sentence.setProperty("kind", "strong")
        self.facts = Elided()
        self.facts.setProperty("kind", "cap")
        self.rebuild = button(
            "Rebuild index", self.wants_rebuild.emit, icon_name="rotate-cw",
            tip="Write the search index anew from the record; search goes on meanwhile",
        )  # fmt: skip
        self.backups = button(
            "Backups…", self.wants_backups.emit, icon_name="history",
            tip="See the backups of the record, make one, put one back",
        )  # fmt: skip
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        row.addWidget(self.backups)
        row.addWidget(self.rebuild)

    def show_health(self, health: Health, minutes: int) -> None:
        """Show it; folders are looked through every ``minutes`` minutes."""
        sentence, color, name = state_of_index(health)
        self._look = (name, color)
        self.sentence.setText(sentence)
        looked = f"looked through {ago(health.scanned_at).lower()}, again within {minutes} min"
        self.facts.setText(f"{facts(health)} · {looked}" if health.scanned_at else facts(health))
        self.setAccessibleName(f"Health: {sentence}. {self.facts.text()}")
        self.redraw()

    def redraw(self) -> None:
        """Draw the sign in the colours of the present theme."""
        name, color = self._look
        self._sign.setPixmap(icon(name, color, ICON).pixmap(ICON, ICON))
