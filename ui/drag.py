"""Files on their way to another program: by dragging and by the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

GNOME_COPIED = "x-special/gnome-copied-files"


def file_urls(paths: Sequence[str]) -> list[QUrl]:
    """The files as URLs, each once, in order; empty paths (missing files) are left out."""
    return [QUrl.fromLocalFile(path) for path in dict.fromkeys(paths) if path]


def files_mime(paths: Sequence[str]) -> QMimeData:
    """The files as every file manager, mail program and chat takes them."""
    mime = QMimeData()
    urls = file_urls(paths)
    mime.setUrls(urls)
    mime.setText("\n".join(url.toLocalFile() for url in urls))
    encoded = "\n".join(url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in urls)
    mime.setData(GNOME_COPIED, f"copy\n{encoded}".encode())
    return mime


def drag_files(source: QWidget, paths: Sequence[str], picture: QPixmap) -> bool:
    """Let the person drag the files; True when another program took them.

    Only copying is offered: a move would take the file out of the library's folder.
    """
    drag = QDrag(source)
    drag.setMimeData(files_mime(paths))
    if not picture.isNull():
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(12, 12))
    taken = drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)
    return taken == Qt.DropAction.CopyAction


def copy_files(paths: Sequence[str]) -> None:
    """Put the files themselves on the clipboard."""
    QGuiApplication.clipboard().setMimeData(files_mime(paths))


def copy_text(text: str) -> None:
    """Put text on the clipboard."""
    QGuiApplication.clipboard().setText(text)
