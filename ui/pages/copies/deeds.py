"""What a person decides about copies, and what is done with files, each in one stroke."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.changes import Changes
from app.rows import Opening
from app.rows_copies import CopyDecision, CopyPair
from ui.context import Context
from ui.outside import Outside
from ui.pages.copies.sheets import chain_sheet, merge_sheet
from ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from app.library import Library

NO_PROGRAM = "No program on this computer opens this file. Show its folder instead."


class Deeds(QObject):
    """Decides on the write lane, with undo; opens files. Lives on the UI thread."""

    def __init__(self, context: Context, owner: QWidget, outside: Outside | None = None) -> None:
        super().__init__(owner)
        self._context = context
        self._owner = owner
        self._outside = outside or Outside()
        self.sheet: Sheet | None = None

    # ---- decisions ---------------------------------------------------------------------------

    def carry_out(self, deed: str, pair: CopyPair) -> None:
        """Do one of ``rows_copies.DEEDS``; merge and chain first ask which one."""
        if deed == "merge":
            self._ask(merge_sheet(self._owner.window(), pair, self.merge))
        elif deed == "chain":
            self._ask(chain_sheet(self._owner.window(), pair, self.chain))
        elif deed == "accept_move":
            old, new = pair.original.asset_id, pair.copy.asset_id
            self._mutate(lambda library: library.accept_move(old, new))
        elif deed == "not_a_copy":
            one, other = pair.copy.asset_id, pair.original.asset_id
            self._mutate(lambda library: library.not_a_copy(one, other))

    def merge(self, keep: int, other: int) -> None:
        """Make one asset of two."""
        self._mutate(lambda library: library.merge(keep, other))

    def chain(self, newer: int, older: int) -> None:
        """Say that one is an older version of the other."""
        self._mutate(lambda library: library.chain(newer, older))

    def take_back(self, decision: CopyDecision) -> None:
        """Undo a decision made earlier."""
        first, second = decision.first, decision.second
        if decision.what == "chain":
            self._mutate(lambda library: library.unchain(second))
        elif decision.what == "not_a_copy":
            self._mutate(lambda library: library.forget_not_a_copy(first, second))
        else:
            self._mutate(lambda library: library.unmerge(second))

    def _ask(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()

    def _mutate(self, fn: Callable[[Library], Changes]) -> None:
        self._context.bridge.mutate(self._owner, fn)

    # ---- files -------------------------------------------------------------------------------

    def find(self, asset_id: int) -> None:
        """Show an asset in Find."""
        self._context.navigate("find", asset_id=asset_id)

    def open(self, asset_id: int, *, newest: bool = False) -> None:
        """Open an asset in its program and count that; ``newest``: what superseded it."""

        def deed(library: Library) -> Opening:
            return library.open_asset(_newest(library, asset_id) if newest else asset_id)

        self._context.bridge.tasks.run(self, deed, self._opened, lane="write")

    def _opened(self, opening: Opening) -> None:
        run, file = self._outside.run, self._outside.open_file
        if not (run(opening.command) if opening.command else file(opening.path)):
            self._context.notify.problem(NO_PROGRAM)
        self._context.bridge.changed.emit(Changes(frozenset({"events"}), (opening.asset_id,)))

    def show_folder(self, path: str) -> None:
        """Show the folder that holds a file (an absolute path)."""
        if not path or not self._outside.show_in_folder(path):
            self._context.notify.problem("The folder could not be shown. Is its disk there?")


def _newest(library: Library, asset_id: int) -> int:
    """The asset at the end of the chain of replacements; blocks."""
    seen = {asset_id}
    while (newer := library.asset(asset_id).superseded_by) is not None and newer not in seen:
        seen.add(newer)
        asset_id = newer
    return asset_id
