"""The list of shortcuts over the window (F1, ?), drawn from the commands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.commands import Command, Commands, key_text
from ui.widgets.basics import icon_button, label
from ui.widgets.sheet import Sheet

WIDTH = 640
MOST_HEIGHT = 560


class HelpSheet(Sheet):
    """Every command with a key, by the place where it works."""

    def __init__(self, window: QWidget, commands: Commands) -> None:
        super().__init__(window, "Shortcuts", width=WIDTH)
        self.close_on_outside = True
        self._commands = commands
        head = QHBoxLayout()
        head.addWidget(label("Shortcuts", "h2"))
        head.addStretch()
        head.addWidget(icon_button("x", "Close", self.dismiss))
        self.body.addLayout(head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("List of shortcuts")
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._scroll, 1)

    def refresh(self) -> None:
        """Draw the list anew; pages add commands when they are first shown."""
        listed = shortcut_list(self._commands)
        self._scroll.setWidget(listed)
        self._scroll.setMinimumHeight(min(listed.sizeHint().height(), MOST_HEIGHT))


def shortcut_list(commands: Commands, parent: QWidget | None = None) -> QWidget:
    """A widget with all shortcuts, grouped."""
    holder = QWidget(parent)
    holder.setObjectName("scrolled")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(8)
    for name, listed in shortcut_groups(commands).items():
        column.addWidget(shortcut_group(name, listed, holder))
    column.addStretch()
    return holder


def told_keys(keys: tuple[str, ...]) -> list[str]:
    """The keys as they are printed on a keyboard: Return is the large Enter, and needs no word."""
    return [k for k in keys if not (k.endswith("Return") and f"{k[:-6]}Enter" in keys)]


def shortcut_groups(commands: Commands) -> dict[str, list[Command]]:
    """The commands that have keys, by the place where they work."""
    groups: dict[str, list[Command]] = {}
    for command in commands.all():
        if command.keys:
            groups.setdefault(command.group, []).append(command)
    return groups


def shortcut_group(name: str, listed: Sequence[Command], parent: QWidget) -> QWidget:
    """The shortcuts of one place under its name."""
    holder = QWidget(parent)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 8)
    column.setSpacing(8)
    column.addWidget(label(name, "title", parent=holder))
    grid = QGridLayout()
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(0, 1)
    for row, command in enumerate(listed):
        grid.addWidget(label(command.text, "dim", parent=holder), row, 0)
        keys = QHBoxLayout()
        keys.setSpacing(4)
        keys.addStretch()
        for key in told_keys(command.keys):
            keys.addWidget(label(key_text(key), "key", parent=holder))
        grid.addLayout(keys, row, 1)
    column.addLayout(grid)
    return holder
