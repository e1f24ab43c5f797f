"""The settings page: the person, the look, the library's folder, every declared setting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows import PersonRow
from app.settings import DECLARED, Setting, Value
from ui.commands import Command
from ui.context import Context
from ui.help import shortcut_group, shortcut_groups
from ui.pages.base import Page
from ui.pages.settings_fields import SettingRow
from ui.person import PersonForm, store_person
from ui.refresh import Refresh
from ui.turns import Turns
from ui.widgets.basics import button, label, line
from ui.widgets.elided import Elided
from ui.words import size

if TYPE_CHECKING:
    from app.library import Library

WIDTH = 760
SETTLE_MS = 700
FIRST_PARTS = 3
"""So many fill the first screen."""
SOURCE = Path(__file__).resolve().parents[2]
LICENCE = "GNU Affero General Public License 3.0 or later (AGPL-3.0-or-later)"


@dataclass(frozen=True, slots=True)
class _Facts:
    person: PersonRow | None
    values: tuple[tuple[str, Value], ...]
    sample: bool
    folder: str
    log: str
    size: int


def _read(library: Library) -> _Facts:
    values = tuple((one.key, library.settings.get(one.key)) for one in DECLARED)
    log = library.paths.logs / "deckhand.log"
    return _Facts(
        library.me(), values, library.status().sample, str(library.folder), str(log),
        _folder_size(library.folder),
    )  # fmt: skip


def _folder_size(folder: Path) -> int:
    """Bytes of all files below a folder; what vanishes meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:
                continue
    return total


def versions() -> tuple[tuple[str, str], ...]:
    """The versions of what this program is made of (reads package metadata: not for the UI
    thread)."""
    import platform
    from importlib import metadata

    found = [("Deckhand", _own_version())]
    for name in ("PySide6_Essentials", "Whoosh", "SQLAlchemy", "pysqlite3", "pymupdf-lite"):
        try:
            found.append((name.replace("_", " "), metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    found.append(("Python", platform.python_version()))
    return tuple(found)


def _own_version() -> str:
    import tomllib
    from importlib import metadata

    try:
        return metadata.version("deckhand")
    except metadata.PackageNotFoundError:
        text = (SOURCE / "pyproject.toml").read_text("utf-8")
        return str(tomllib.loads(text)["project"]["version"])


class SettingsPage(Page):
    """``wants_sample`` and ``wants_own`` ask the window for another library."""

    key = "settings"
    title = "Settings"
    icon = "settings"
    wants_sample = Signal()
    wants_own = Signal()

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, later: bool = False
    ) -> None:
        super().__init__(context, parent, later=True)
        self._facts: _Facts | None = None
        self.rows: dict[str, SettingRow] = {}
        self._storing = 0
        self._refresh = Refresh(context.bridge, _read, self._take, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._store_person)
        # Each part is made in the arms of its parent: to move a widget is to style it anew.
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self._turns = Turns(self)
        self._listed: dict[str, list[Command]] = {}
        self.build(self._build())
        if not later:
            for _ in range(FIRST_PARTS):
                self.build_next()
            self._turns.add(self._build_more)

    # ---- building ------------------------------------------------------------------------

    def _build(self) -> Iterator[None]:
        holder = QWidget(self._scroll)
        holder.setObjectName("scrolled")
        self._scroll.setWidget(holder)
        self._inner = QWidget(holder)
        self._inner.setObjectName("scrolled")
        self._inner.setMaximumWidth(WIDTH)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._inner, 100)
        row.addStretch(1)
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(24, 20, 24, 32)
        self._column.setSpacing(12)
        self._column.addWidget(label("Settings", "h1"))
        self._column.addStretch()
        self._build_person()
        yield
        self._build_declared("Look")
        yield
        self._build_library()
        yield
        for group in dict.fromkeys(one.group for one in DECLARED if one.group != "Look"):
            self._build_declared(group)
            yield
        self._build_shortcuts()
        yield
        self._build_about()
        yield
        self._fill_shortcuts()

    def _build_more(self) -> None:
        """What lies below the first screen is made in later turns."""
        if self.build_next():
            self._turns.add(self._build_more)

    def _card(self, title: str) -> QVBoxLayout:
        card = QFrame(self._inner)
        card.setProperty("kind", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 18)
        column.setSpacing(10)
        column.addWidget(label(title, "title"))
        self._column.insertWidget(self._column.count() - 1, card)
        card.show()
        return column

    def _build_person(self) -> None:
        column = self._card("You")
        self.person = PersonForm(self._inner)
        self.person.changed.connect(self._settle.start)
        self.person.name.editingFinished.connect(self._store_now)
        self._person_note = label("", "cap", wrap=True)
        self._person_note.hide()
        column.addWidget(self.person)
        column.addWidget(self._person_note)

    def _build_declared(self, group: str) -> None:
        column = self._card(group)
        for number, setting in enumerate(one for one in DECLARED if one.group == group):
            if number:
                column.addWidget(line())
            row = SettingRow(setting, self._inner)
            row.chosen.connect(self._store)
            self.rows[setting.key] = row
            column.addWidget(row)
        if self._facts is not None:
            self._show_values(self._facts)

    def _build_library(self) -> None:
        column = self._card("Library folder")
        self._folder = Elided("", Qt.TextElideMode.ElideMiddle)
        self._size = label("", "cap")
        column.addWidget(self._folder)
        column.addWidget(self._size)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button("Open folder", self._open_folder, icon_name="folder-open"))
        row.addWidget(button("Open log", self._open_log, icon_name="scroll-text"))
        row.addStretch()
        self._switch = button("Explore the sample library", self._on_switch, icon_name="compass")
        row.addWidget(self._switch)
        column.addLayout(row)

    def _build_shortcuts(self) -> None:
        column = self._card("Shortcuts")
        self._shortcuts = QVBoxLayout()
        self._shortcuts.setContentsMargins(0, 0, 8, 0)
        self._shortcuts.setSpacing(8)
        column.addLayout(self._shortcuts)

    def _fill_shortcuts(self) -> None:
        """List the shortcuts, a place in each turn; they stay when no page has added any."""
        groups = shortcut_groups(self.context.commands)
        if groups == self._listed:
            return
        self._listed = groups
        while item := self._shortcuts.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._turns.replace(
            *(partial(self._add_shortcuts, name, listed) for name, listed in groups.items())
        )

    def _add_shortcuts(self, name: str, listed: list[Command]) -> None:
        self._shortcuts.addWidget(shortcut_group(name, listed, self._inner))

    def _build_about(self) -> None:
        column = self._card("About Deckhand")
        self._versions = label("", "dim", wrap=True)
        text = (
            "A desktop library of sales collateral that knows what is used, what is not, and why. "
            "Everything stays on this computer."
        )
        column.addWidget(label(text, wrap=True))
        column.addWidget(self._versions)
        self.context.bridge.read(self, lambda _: versions(), self._show_versions)
        column.addWidget(label(f"Licence: {LICENCE}", "dim", wrap=True))
        source = f"Source: {SOURCE}"
        column.addWidget(label(source, "dim", wrap=True))
        credit = "Font: Inter (SIL Open Font License 1.1). Icons: Lucide (ISC)."
        column.addWidget(label(credit, "cap", wrap=True))

    # ---- life ----------------------------------------------------------------------------

    def activate(self, **_args: object) -> None:
        """Read the present values; other pages may have added shortcuts meanwhile."""
        self._reload()
        if self.whole:
            self._fill_shortcuts()

    def on_changes(self, changes: Changes) -> None:
        """Show what was changed elsewhere."""
        if changes.touches("settings", "people") and self.isVisible():
            self._reload()

    def focus_first(self) -> None:
        """Put the focus on the name."""
        self.person.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reload(self) -> None:
        self._refresh.ask()

    def _take(self, facts: _Facts) -> None:
        self._facts = facts
        if not self._settle.isActive() and not self.person.name.isModified():
            self.person.fill(facts.person)
        # What the person has just chosen must not jump back to what was read before.
        if not self._storing and not self._refresh.due:
            self._show_values(facts)
        self._folder.setText(facts.folder)
        self._size.setText(f"{size(facts.size)} of record, search index, pictures and log")
        own = "Use my own library" if facts.sample else "Explore the sample library"
        self._switch.setText(own)
        self._switch.setAccessibleName(own)

    def _show_values(self, facts: _Facts) -> None:
        for key, value in facts.values:
            if key in self.rows:
                self.rows[key].show_value(value)

    def _show_versions(self, found: tuple[tuple[str, str], ...]) -> None:
        self._versions.setText("  ·  ".join(f"{name} {version}" for name, version in found))

    # ---- deeds ---------------------------------------------------------------------------

    def _store(self, setting: Setting, value: Value) -> None:
        def deed(library: Library) -> Changes:
            library.settings.set(setting.key, value)
            return Changes(frozenset({"settings"}))

        self._storing += 1
        self.context.bridge.mutate(self, deed, lambda _: self._settled(), self._refused, quiet=True)

    def _settled(self) -> None:
        self._storing -= 1

    def _refused(self, error: Exception) -> None:
        self._storing -= 1
        self.context.notify.problem(error)
        self._reload()

    def _store_now(self) -> None:
        if self._settle.isActive():
            self._settle.stop()
            self._store_person()

    def _store_person(self) -> None:
        store_person(self.context, self, self.person, self._stored, self._not_stored)

    def _stored(self) -> None:
        # A name typed on meanwhile is waiting to be stored and stays as it is.
        if not self._settle.isActive():
            self.person.name.setModified(False)
        self._tell_person("Saved")

    def _not_stored(self, error: Exception) -> None:
        self._tell_person(self.context.notify.sentence(error))

    def _tell_person(self, words: str) -> None:
        self._person_note.setText(words)
        self._person_note.show()

    def _open_folder(self) -> None:
        if self._facts is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._facts.folder))

    def _open_log(self) -> None:
        if self._facts is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._facts.log))

    def _on_switch(self) -> None:
        if self._facts is not None and self._facts.sample:
            self.wants_own.emit()
        else:
            self.wants_sample.emit()
