"""Every command of the window with its shortcuts, as data; the help overlay is drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class Command(NamedTuple):
    """Something a person can do. ``keys`` are Qt key texts; ``group`` is where it works."""

    id: str
    text: str
    keys: tuple[str, ...]
    group: str = "Everywhere"


WINDOW_COMMANDS = (
    Command("search", "Search the library", ("Ctrl+K", "Ctrl+F")),
    Command("find", "Go to Find", ("Ctrl+1",)),
    Command("attention", "Go to Attention", ("Ctrl+2",)),
    Command("copies", "Go to Copies", ("Ctrl+3",)),
    Command("library", "Go to Library", ("Ctrl+4",)),
    Command("settings", "Go to Settings", ("Ctrl+,",)),
    Command("next_pane", "Go to the next pane", ("F6",)),
    Command("previous_pane", "Go to the previous pane", ("Shift+F6",)),
    Command("undo", "Undo", ("Ctrl+Z",)),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("add_folder", "Add a folder", ("Ctrl+O",)),
    Command("rescan", "Look for changed files now", ("F5",)),
    Command("theme", "Switch between light and dark", ("Ctrl+Shift+D",)),
    Command("dismiss", "Close what is open on top", ("Esc",)),
    Command("help", "Show all shortcuts", ("F1", "?")),
    Command("quit", "Quit", ("Ctrl+Q",)),
)


class Commands(QObject):
    """The commands known so far and their actions. ``changed`` is emitted when one is added."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, widget: QWidget, command: Command, handler: Callable[[], object]) -> QAction:
        """Make a command work while the focus is in ``widget`` (for the window: everywhere in it).

        ``handler`` takes no argument. An id added again replaces the earlier one. Raises
        ValueError when a key is taken by another command that works in the same place.
        """
        from PySide6.QtGui import QAction, QKeySequence

        self._check_keys(command)
        action = QAction(command.text, widget)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        whole = widget.isWindow()
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut
            if whole
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        action.triggered.connect(lambda *_: handler())
        widget.addAction(action)
        self._commands[command.id] = command
        self._actions[command.id] = action
        self.changed.emit()
        return action

    def _check_keys(self, command: Command) -> None:
        for other in self._commands.values():
            same = other.group in (command.group, "Everywhere") or command.group == "Everywhere"
            taken = set(other.keys) & set(command.keys)
            if same and other.id != command.id and taken:
                raise ValueError(f"{sorted(taken)[0]} is taken by “{other.text}” ({other.id}).")

    def action(self, command_id: str) -> QAction:
        """The action of a command, for menus and buttons. Raises KeyError."""
        return self._actions[command_id]

    def trigger(self, command_id: str) -> None:
        """Carry a command out as if its key had been pressed. Raises KeyError."""
        self._actions[command_id].trigger()

    def all(self) -> tuple[Command, ...]:
        """Every command known so far, in the order of adding."""
        return tuple(self._commands.values())


def key_text(key: str) -> str:
    """A key as the platform writes it, for tooltips and the help overlay."""
    from PySide6.QtGui import QKeySequence

    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
