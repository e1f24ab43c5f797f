"""What a person does with assets: the deed itself, and its record in the same stroke."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.changes import Changes
from app.errors import DeckhandError
from app.rows import Hit, Opening, TagRow
from ui.context import Context
from ui.drag import copy_files, copy_text, drag_files
from ui.models.words import plural
from ui.outside import Outside
from ui.pages.find.search import Logged

GONE = "The file of “{title}” is not where it was. Tags and history are kept."


class Deeds(QObject):
    """Opens, copies, drags, sends and tags. ``settled`` gives the search in force, settled now.

    Lives on the UI thread; what it does to the library runs on the write lane.
    """

    def __init__(
        self,
        context: Context,
        window: QWidget,
        settled: Callable[[], Logged],
        outside: Outside | None = None,
    ) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._settled = settled
        self._outside = outside or Outside()

    # ---- opening -----------------------------------------------------------------------------

    def open(self, hit: Hit, page: int = 0) -> None:
        """Open an asset at a page in the program that the system has for it."""
        logged = self._settled()
        asset_id = hit.asset_id

        def failed(error: Exception) -> None:
            self._cannot(error, hit)

        self._context.bridge.tasks.run(
            self,
            lambda library: library.open_asset(asset_id, page, logged.occasion()),
            self._opened,
            failed,
            lane="write",
        )

    def _opened(self, opening: Opening) -> None:
        if opening.command:
            done = self._outside.run(opening.command)
        else:
            done = self._outside.open_file(opening.path)
        if not done:
            self._context.notify.problem(
                "No program on this computer opens this file. Copy it or show its folder instead."
            )
        self._tell("events", (opening.asset_id,))

    def _tell(self, kind: str, asset_ids: Sequence[int]) -> None:
        self._context.bridge.changed.emit(Changes(frozenset({kind}), tuple(asset_ids)))

    def _cannot(self, error: Exception, hit: Hit) -> None:
        """Say why not; for what a person can mend, offer the place to mend it."""
        action = None
        if isinstance(error, DeckhandError):
            action = ("Show in Library", lambda: self.show_in_library(hit))
        self._context.notify.problem(error, action=action)

    def show_in_library(self, hit: Hit) -> None:
        """Go to the page of folders and problems, where a missing file is looked after."""
        self._context.navigate("library", asset_id=hit.asset_id)

    def reveal(self, hit: Hit) -> None:
        """Show the folder of a file in the system's file manager."""
        if not hit.file_path:
            self._missing(hit)
        elif not self._outside.show_in_folder(hit.file_path):
            self._context.notify.problem("No file manager answered.")

    # ---- copying and dragging ----------------------------------------------------------------

    def _present(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits whose files are there; says which one is not."""
        gone = [hit for hit in hits if not hit.file_path]
        if gone:
            self._missing(gone[0])
        return [hit for hit in hits if hit.file_path]

    def _missing(self, hit: Hit) -> None:
        self._context.notify.problem(
            GONE.format(title=hit.title),
            action=("Show in Library", lambda: self.show_in_library(hit)),
        )

    def copy(self, hits: Sequence[Hit]) -> None:
        """Put the files on the clipboard."""
        present = self._present(hits)
        if not present:
            return
        copy_files([hit.file_path for hit in present])
        self._record("copy", present, channel="file")
        count = len(present)
        what = "File" if count == 1 else f"{count} files"
        self._context.notify.info(f"{what} copied. Paste into a mail, a chat or a folder.")

    def copy_path(self, hits: Sequence[Hit]) -> None:
        """Put the paths on the clipboard, one a line."""
        present = self._present(hits)
        if present:
            copy_text("\n".join(hit.file_path for hit in present))
            self._record("copy", present, channel="link")
            word = "Path" if len(present) == 1 else "Paths"
            self._context.notify.info(f"{word} copied.")

    def copy_page(self, hit: Hit, text: str) -> None:
        """Put the text of a page on the clipboard."""
        if not text.strip():
            self._context.notify.problem("This page has no text to copy.")
            return
        copy_text(text)
        self._record("copy", [hit], channel="text")
        self._context.notify.info("Text of the page copied.")

    def drag(self, hits: Sequence[Hit], picture: QPixmap) -> None:
        """Let the person drag the files out; what another program takes is recorded as shared."""
        present = self._present(hits)
        if present and drag_files(self._window, [hit.file_path for hit in present], picture):
            self._record("share", present, channel="drag")

    def viewed(self, hit: Hit, logged: Logged) -> None:
        """Record that an asset was looked at; nobody needs to hear of it."""
        asset_id = hit.asset_id
        self._context.bridge.tasks.run(
            self,
            lambda library: library.record_use("view", (asset_id,), logged.occasion()),
            _nothing,
            lane="write",
        )

    def _record(self, kind: str, hits: Sequence[Hit], *, channel: str) -> None:
        logged = self._settled()
        ids = tuple(hit.asset_id for hit in hits)
        self._context.bridge.mutate(
            self,
            lambda library: library.record_use(kind, ids, logged.occasion(channel)),
            quiet=True,
        )

    # ---- sending and tagging -----------------------------------------------------------------

    def send(self, hits: Sequence[Hit]) -> None:
        """Ask for whom, then hand a draft with the files to the mail program."""
        from ui.dialogs.send import SendDialog

        if hits:
            logged = self._settled()
            dialog = SendDialog(
                self._context, hits, self._window, outside=self._outside,
                search_uid=lambda: logged.uid,
            )  # fmt: skip
            dialog.open()

    def tag(self, hits: Sequence[Hit]) -> None:
        """Show the vocabulary to tick."""
        from ui.dialogs.tag import TagDialog

        if hits:
            TagDialog(self._context, hits, self._window).open()

    def untag(self, hit: Hit, tag: TagRow) -> None:
        """Take one tag away."""
        ids, pair = (hit.asset_id,), (tag.facet, tag.slug)
        self._context.bridge.mutate(self, lambda library: library.tag(ids, (), (pair,)))

    def set_status(self, hits: Sequence[Hit], status: str) -> None:
        """Set the status of assets."""
        ids = tuple(hit.asset_id for hit in hits)
        self._context.bridge.mutate(self, lambda library: library.set_status(ids, status))


def _nothing(_value: object) -> None:
    """Nobody waits for this."""


def count_text(hits: Sequence[Hit]) -> str:
    """How many assets an action is about: "" for one, else "3 assets"."""
    return "" if len(hits) == 1 else plural(len(hits), "asset")
