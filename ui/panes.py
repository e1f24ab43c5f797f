"""Going from pane to pane with a key, and the keys of the window itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from ui.commands import WINDOW_COMMANDS

if TYPE_CHECKING:
    from ui.window import Window


def add_commands(window: Window) -> None:
    """Make the keys work that work everywhere in the window."""
    deeds: dict[str, Callable[[], object]] = {
        "search": window.search,
        "find": lambda: window.navigate("find"),
        "attention": lambda: window.navigate("attention"),
        "copies": lambda: window.navigate("copies"),
        "library": lambda: window.navigate("library"),
        "settings": lambda: window.navigate("settings"),
        "next_pane": lambda: step(window.panes(), 1),
        "previous_pane": lambda: step(window.panes(), -1),
        "undo": lambda: window.session.bridge.undo(),
        "redo": lambda: window.session.bridge.redo(),
        "add_folder": window.choose_folder,
        "rescan": window.rescan,
        "theme": window.switch_theme,
        "dismiss": lambda: window.toast.dismiss(),
        "help": window.show_help,
        "quit": window.close,
    }
    for command in WINDOW_COMMANDS:
        window.commands.add(window, command, deeds[command.id])
    # A shortcut would keep Esc from sheets and fields; keyPressEvent gets what they leave.
    window.commands.action("dismiss").setShortcuts([])


def step(panes: Sequence[QWidget], by: int) -> None:
    """Move the focus to the next pane that has something to focus; ``by`` is 1 or -1."""
    now = QApplication.focusWidget()
    inside = [i for i, one in enumerate(panes) if now and (one is now or one.isAncestorOf(now))]
    at = inside[-1] if inside else 0
    for offset in range(1, len(panes) + 1):
        if _focus_into(panes[(at + by * offset) % len(panes)]):
            return


def _focus_into(pane: QWidget) -> bool:
    """Focus the first control of a pane that takes the Tab key."""
    candidates = [pane, *pane.findChildren(QWidget)]
    for one in candidates:
        takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and one.isVisible() and one.isEnabled():
            one.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False
