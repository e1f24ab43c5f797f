"""Folders dragged onto the window from a file manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from ui.widgets.dropveil import DropVeil, dropped_folders

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.window import Window


class Drops:
    """Covers ``over`` while folders are held above the window and adds those that are dropped."""

    def __init__(self, window: Window, over: QWidget) -> None:
        self._window = window
        self._veil = DropVeil(over)

    def enter(self, event: QDragEnterEvent) -> None:
        """Something is dragged into the window."""
        # A drag that began in this window carries our own files out, never in.
        if event.source() is None and event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._veil.show_over()

    def leave(self, event: QDragLeaveEvent) -> None:
        """It has left again."""
        self._veil.hide()
        event.accept()

    def drop(self, event: QDropEvent) -> None:
        """It was let go."""
        self._veil.hide()
        event.acceptProposedAction()
        urls = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        window = self._window
        window.session.bridge.tasks.run(
            window, lambda _library: dropped_folders(urls), self._add, lane="read"
        )

    def _add(self, folders: tuple[str, ...]) -> None:
        for folder in folders:
            self._window.add_folder(folder)
        if not folders:
            self._window.notify.problem(
                "Only folders can be added. Drop the folder that holds the files."
            )
