"""The facts about an asset, and the calm warning when it should not be used."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from app.rows import STATUS_LABELS, TRUST_LABELS, AssetDetail
from ui.icons import icon
from ui.models.words import (
    STATE_WORDS,
    ZERO_WIDTH,
    breakable,
    day_text,
    pages_text,
    plural,
)
from ui.theme import Theme
from ui.words import size

FACTS = (
    "Status", "Owner", "Published", "Review due", "Expires", "Version", "Used in 90 days",
    "Length", "File", "Also at",
)  # fmt: skip


def fact_values(detail: AssetDetail, status: str) -> dict[str, str]:
    """What to write beside each of FACTS; "" hides the line."""
    use = ""
    if detail.uses_90d:
        use = f"{plural(detail.uses_90d, 'time')} by {plural(detail.users_90d, 'person', 'people')}"
    state = STATE_WORDS.get(detail.state, "")
    length = pages_text(detail.page_count, detail.kind)
    return {
        "Status": _status(detail, status),
        "Owner": detail.owner or "Nobody yet",
        "Published": day_text(detail.published_at),
        "Review due": day_text(detail.review_due_at),
        "Expires": day_text(detail.expires_at),
        "Version": f"{detail.version} of {detail.versions}" if detail.versions > 1 else "",
        "Used in 90 days": use or "Not used",
        "Length": ", ".join(x for x in (length, size(detail.size), state) if x),
        "File": detail.file_path or "Missing",
        "Also at": "\n".join(other_places(detail)),
    }


def _status(detail: AssetDetail, badge: str) -> str:
    """The status with what is to be said of it; the badge beside the title says *Current*."""
    note = detail.trust_note
    if detail.trust not in ("current", "overdue"):
        return note or badge
    status = STATUS_LABELS.get(detail.status, badge)
    return status if note in ("", badge) else f"{status} – {note}"


def other_places(detail: AssetDetail) -> list[str]:
    """Where the same content also lies: all locations but the one that is shown as the file."""
    others = list(detail.locations)
    own = next((one for one in others if _same_place(one, detail.file_path)), None)
    if own is not None:
        others.remove(own)
    return others


def _same_place(location: str, file_path: str) -> bool:
    """Whether a location (root's name, then the path within it) is that of the file."""
    inside = location.partition("/")[2] or location
    return file_path.replace("\\", "/").endswith(f"/{inside}")


class Facts(QWidget):
    """A grid of names and values; the labels are made once and only their texts change.

    ``versions_wanted`` tells that somebody wants to see what changed between the versions.
    """

    versions_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        self._pairs: dict[str, tuple[QLabel, QLabel | QPushButton]] = {}
        for row, name in enumerate(FACTS):
            label = QLabel(name)
            label.setProperty("kind", "dim")
            value = self._link() if name == "Version" else _value()
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(label, row, 0, top)
            grid.addWidget(value, row, 1, top)
            self._pairs[name] = (label, value)

    def show_detail(self, detail: AssetDetail, status: str) -> None:
        """Write the facts of an asset; lines without a value are hidden."""
        for name, text in fact_values(detail, status).items():
            label, value = self._pairs[name]
            value.setText(breakable(text))
            value.setAccessibleName(f"{name}: {text}")
            label.setVisible(bool(text))
            value.setVisible(bool(text))

    def _link(self) -> QPushButton:
        made = QPushButton()
        made.setProperty("kind", "mini")
        made.setToolTip("Show the versions and what changed")
        # It stands in a column of words, flush with them.
        made.setStyleSheet("padding: 0; min-height: 16px; text-align: left; font-size: 13px;")
        made.clicked.connect(self.versions_wanted)
        return made

    def text_of(self, name: str) -> str:
        """What is written beside a name, without the invisible breaks."""
        return self._pairs[name][1].text().replace(ZERO_WIDTH, "")


def _value() -> QLabel:
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made


class WarningBox(QFrame):
    """A coloured box with a sentence and, when there is one, the way to the replacement.

    ``replacement_wanted`` carries the id of the replacing asset.
    """

    replacement_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._token = "warn"
        self._replacement: int | None = None
        self._dressed = ("", "")
        self._sign = QLabel()
        self._sign.setFixedWidth(18)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.button = QPushButton()
        self.button.setProperty("kind", "ghost")
        self.button.clicked.connect(self._on_clicked)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.label, 0, 1)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.button)
        line.addStretch()
        grid.addLayout(line, 1, 1)
        theme.changed.connect(self._dress)
        self.hide()

    def show_detail(self, detail: AssetDetail) -> None:
        """Warn when the asset is superseded, expired or gone; else hide."""
        text, token = warning_text(detail)
        self._token = token
        self._replacement = detail.superseded_by
        self.label.setText(text)
        title = detail.superseded_by_title or "the replacement"
        self.button.setText(self.fontMetrics().elidedText(
            f"Go to {title}", Qt.TextElideMode.ElideRight, 270).replace("&", "&&"))  # fmt: skip
        self.button.setAccessibleName(f"Go to the replacement: {title}")
        self.button.setVisible(detail.superseded_by is not None)
        self._dress()
        self.setVisible(bool(text))

    def _dress(self) -> None:
        ground, ink = self._theme.hex(f"{self._token}_bg"), self._theme.hex(self._token)
        if (ground, ink) == self._dressed:
            return
        self._dressed = (ground, ink)
        self.setStyleSheet(
            f"WarningBox {{ background: {ground}; border-radius: 8px; }}"
            f"WarningBox QLabel {{ color: {ink}; background: transparent; }}"
            f"WarningBox QPushButton {{ color: {ink}; text-decoration: underline;"
            " padding: 0; border: 0; min-height: 22px; text-align: left; }"
            f"WarningBox QPushButton:focus {{ border: 2px solid {ink}; border-radius: 4px; }}"
        )
        self._sign.setPixmap(icon("triangle-alert", self._token, 18).pixmap(18, 18))

    def _on_clicked(self) -> None:
        if self._replacement is not None:
            self.replacement_wanted.emit(self._replacement)


def warning_text(detail: AssetDetail) -> tuple[str, str]:
    """The sentence of warning for an asset and the colour it wants; ("", "warn") for none."""
    note = f" {detail.trust_note}." if detail.trust_note else ""
    note = note.replace("..", ".")
    if detail.missing or not detail.file_path:
        return "The file is not where it was. Its tags and history are kept.", "warn"
    if detail.trust == "superseded":
        return "This has been superseded. Use the newer one.", "bad"
    if detail.trust == "expired":
        return f"{TRUST_LABELS['expired']}: do not send this any more.{note}", "bad"
    if detail.reason:
        return detail.reason, "warn"
    return "", "warn"
