"""The world outside the window: opening files with the system's programs, and running one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


class Outside:
    """What the find page does to the world; tests put a fake in its place."""

    def open_file(self, path: str) -> bool:
        """Open a file with the system's program for it; False when there is none."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def run(self, command: Sequence[str]) -> bool:
        """Start a program that lives on without us; False when it cannot be started."""
        started, _ = QProcess.startDetached(command[0], list(command[1:]))
        return bool(started)

    def show_in_folder(self, path: str) -> bool:
        """Show the folder that holds a file."""
        return self.open_file(str(Path(path).parent))
