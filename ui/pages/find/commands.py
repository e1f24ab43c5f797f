"""The commands of the find page, for keys and for the menu alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from app.rows import STATUS_LABELS, STATUSES
from ui.commands import Command
from ui.icons import icon
from ui.pages.find.deeds import count_text

if TYPE_CHECKING:
    from ui.pages.find.page import FindPage

GROUP = "Find: in the results"
PREVIEW = "Find: in the preview"
COMMANDS = (
    Command("find.look", "Quick look", ("Space",), GROUP),
    Command("find.open", "Open at the page", ("Return", "Enter"), GROUP),
    Command("find.send", "Send by e-mail", ("Ctrl+Return", "Ctrl+Enter"), GROUP),
    Command("find.copy", "Copy the files", ("Ctrl+C",), GROUP),
    Command("find.copy_path", "Copy the path", ("Ctrl+Shift+C",), GROUP),
    Command("find.tag", "Tag", ("T",), GROUP),
    Command("find.why", "Why it stands here", ("W",), GROUP),
    Command("find.related", "More like this", ("R",), GROUP),
    Command("find.plain", "Order by text match only, or by best match", ("Shift+W",), GROUP),
    Command("find.previous_page", "Page before", ("Left", "PgUp"), PREVIEW),
    Command("find.next_page", "Next page", ("Right", "PgDown"), PREVIEW),
    Command("find.walk_on", "Next hit in the preview", ("N", "F3"), PREVIEW),
    Command("find.walk_back", "Hit before in the preview", ("Shift+N", "Shift+F3"), PREVIEW),
    Command("find.pages_on", "Other pages that match, else the next page", ("Right",), GROUP),
    Command("find.pages_back", "Fold these pages, else the page before", ("Left",), GROUP),
    Command("find.next_hit", "Next page of the asset that matches", ("N", "F3"), GROUP),
    Command("find.previous_hit", "Page before that matches", ("Shift+N", "Shift+F3"), GROUP),
)
FILTERS = "Find: in the filters"
FILTER_COMMANDS = (
    Command("find.filter", "Choose, leave out, neither", ("Space",), FILTERS),
    Command("find.filter_out", "Leave out", ("-",), FILTERS),
    Command("find.find_filter", "Find a filter", ("/",), FILTERS),
)
_ICONS = {
    "find.look": "eye", "find.open": "external-link", "find.send": "send", "find.copy": "copy",
    "find.copy_path": "link", "find.tag": "tag", "find.why": "circle-help",
    "find.related": "layers",
}  # fmt: skip


def add_commands(page: FindPage) -> None:
    """Make the keys work while the focus is in the results (or in the preview)."""
    handlers = {
        "find.look": page.quick_look,
        "find.open": page.open_current,
        "find.send": page.send,
        "find.copy": page.copy,
        "find.copy_path": page.copy_path,
        "find.tag": page.tag,
        "find.why": page.why,
        "find.related": page.to_related,
        "find.plain": page.order_plainly,
        "find.previous_page": lambda: page.turn(-1),
        "find.next_page": lambda: page.turn(1),
        "find.pages_back": page.left,
        "find.pages_on": page.right,
        "find.next_hit": lambda: page.walk(1),
        "find.previous_hit": lambda: page.walk(-1),
        "find.walk_on": lambda: page.walk(1),
        "find.walk_back": lambda: page.walk(-1),
    }
    for command in COMMANDS:
        in_preview = command.group.endswith("preview")
        where = page.preview.canvas if in_preview else page.results
        page.context.commands.add(where, command, handlers[command.id])
    _add_filter_commands(page)


def _add_filter_commands(page: FindPage) -> None:
    facets, add = page.facets, page.context.commands.add
    handlers = (facets.list.cycle_current, facets.list.leave_out_current, facets.find_filter)
    for command, handler in zip(FILTER_COMMANDS, handlers, strict=True):
        add(facets.list, command, handler)


def show_menu(page: FindPage, at: QPoint) -> None:
    """Everything that can be done with the selected assets."""
    hits = page.results.selected_hits()
    if not hits:
        return
    menu = QMenu(page)
    commands = page.context.commands
    many = count_text(hits)
    for command_id in ("find.open", "find.look", "find.send"):
        _add(menu, commands.action(command_id), command_id)
    menu.addSeparator()
    for command_id in ("find.copy", "find.copy_path"):
        _add(menu, commands.action(command_id), command_id)
    menu.addAction(icon("scroll-text"), "Copy the page’s text", page.copy_page_text)
    menu.addAction(icon("folder-open"), "Show in folder", page.reveal)
    menu.addSeparator()
    _add(menu, commands.action("find.tag"), "find.tag")
    status = menu.addMenu(icon("badge-check"), f"Status of {many}" if many else "Status")
    for key in STATUSES:
        _add_status(page, status, key)
    menu.addSeparator()
    menu.addAction(
        icon("hard-drive"), "Show in Library", lambda: page.deeds.show_in_library(hits[0])
    )
    for command_id in ("find.related", "find.why"):
        _add(menu, commands.action(command_id), command_id)
    menu.setAccessibleName("Actions")
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)


def _add(menu: QMenu, action: object, command_id: str) -> None:
    from PySide6.QtGui import QAction

    assert isinstance(action, QAction)
    # The command's own action keeps its key; the menu shows a twin with icon and key text.
    text = action.text()
    keys = action.shortcuts()
    shown = f"{text}\t{keys[0].toString(keys[0].SequenceFormat.NativeText)}" if keys else text
    menu.addAction(icon(_ICONS[command_id]), shown, action.trigger)


def _add_status(page: FindPage, menu: QMenu, key: str) -> None:
    menu.addAction(
        STATUS_LABELS[key], lambda: page.deeds.set_status(page.results.selected_hits(), key)
    )
