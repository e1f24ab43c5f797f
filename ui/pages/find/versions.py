"""A card with the versions of an asset, newest first, and what changed in each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.rows_copies import PageChange, VersionRow
from ui.context import Context
from ui.icons import icon
from ui.models.words import PAGE_NOUNS, breakable, plural
from ui.widgets.badge import Badge
from ui.widgets.basics import icon_button, label, line
from ui.widgets.sheet import Sheet
from ui.words import day, size

MOST_VERSIONS = 40
MOST_CHANGES = 12
_TALLEST = 520
_BESIDE = 66
"""Margins of the card and room for the scroll bar, in pixels."""
_ICONS = {
    "changed": "pencil", "added": "plus", "removed": "trash-2", "moved": "arrow-up-down",
}  # fmt: skip


def version_facts(row: VersionRow) -> str:
    """When, how long and how large: "14 Sep 2026 · 9 slides · 1.2 MB"."""
    length = plural(row.page_count, PAGE_NOUNS.get(row.kind, "page")) if row.page_count else ""
    parts = (day(row.modified_at) if row.modified_at else "", length, size(row.size))
    return " · ".join(part for part in parts if part)


def counts_text(row: VersionRow) -> str:
    """How many pages were added, removed, changed and moved; else the sentence of the version."""
    if row.diff is None or not row.diff.changes:
        return row.sentence
    kinds = [(len(row.diff.of_kind(kind)), kind) for kind in _ICONS]
    told = [f"{plural(count, row.diff.word)} {kind}" for count, kind in kinds if count]
    return f"{', '.join(told)}, {row.diff.same} as before"


class VersionsSheet(Sheet):
    """Reads and shows the versions of one asset; goes away for good when closed."""

    def __init__(self, window: QWidget, context: Context, asset_id: int, title: str) -> None:
        super().__init__(window, f"Versions of {title}", width=600)
        self.close_on_outside = True
        self._context = context
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Versions", "h2"))
        words.addWidget(label(breakable(title), "dim", wrap=True))
        head.addLayout(words, 1)
        head.addWidget(icon_button("x", "Close", self.dismiss), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.state = label("Reading the versions", "dim", wrap=True)
        self.body.addWidget(self.state)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName("Versions and what changed")
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.hide()
        self.body.addWidget(self.area, 1)
        self.closed.connect(self.deleteLater)
        context.bridge.read(
            self, lambda library: library.versions(asset_id), self._show_rows, self._failed
        )

    def _failed(self, error: Exception) -> None:
        self.state.setText(self._context.notify.sentence(error))
        self._place()

    def _show_rows(self, rows: tuple[VersionRow, ...]) -> None:
        if not rows:
            self.state.setText("This asset has never been read, so it has no versions.")
            return
        self.state.hide()
        holder = QWidget()
        holder.setObjectName("scrolled")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(10)
        for number, row in enumerate(rows[:MOST_VERSIONS]):
            if number:
                column.addWidget(line())
            column.addLayout(_version(row))
        left = len(rows) - MOST_VERSIONS
        if left > 0:
            column.addWidget(label(f"and {plural(left, 'older version')}", "dim"))
        column.addStretch()
        self.area.setWidget(holder)
        self.area.show()
        # Wrapped labels guess their height for another width; the card's is known.
        high = column.totalHeightForWidth(self.card.width() - _BESIDE)
        holder.setFixedHeight(high)
        self.area.setMinimumHeight(min(high + 2, _TALLEST))
        self._place()


def _version(row: VersionRow) -> QVBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(8)
    head.addWidget(label(f"Version {row.number}", "title"))
    if row.current:
        head.addWidget(Badge("Current", "ok", "badge-check"))
    head.addWidget(label(version_facts(row), "dim"))
    head.addStretch()
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addLayout(head)
    changes = row.diff.changes if row.diff is not None else ()
    column.addWidget(label(breakable(counts_text(row)), wrap=True))
    for change in changes[:MOST_CHANGES]:
        column.addLayout(_change(change))
    if len(changes) > MOST_CHANGES:
        column.addWidget(label(f"and {len(changes) - MOST_CHANGES} more", "cap"))
    if row.path:
        column.addWidget(label(breakable(row.path), "cap", wrap=True))
    return column


def _change(change: PageChange) -> QHBoxLayout:
    sign = label()
    sign.setPixmap(icon(_ICONS[change.kind], "text3", 14).pixmap(14, 14))
    sign.setFixedWidth(18)
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    kind = "strong" if change.numbers else "dim"
    row.addWidget(label(breakable(change.sentence), kind, wrap=True), 1)
    return row
