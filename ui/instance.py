"""One window per library and person: the second start hands its wish to the first and goes."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

log = logging.getLogger("deckhand.ui")
PATIENCE_S = 3.0
_SOCKET_PATH_LIMIT = 100
_LONGEST = 64 * 1024


def _address(library: Path) -> str:
    """The name of the local socket: the same for the same library and person."""
    import hashlib

    from PySide6.QtCore import QStandardPaths

    key = hashlib.sha256(str(library.absolute()).encode()).hexdigest()[:16]
    name = f"deckhand-{key}"
    runtime = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation)
    path = f"{runtime}/{name}"
    return path if runtime and Path(runtime).is_dir() and len(path) < _SOCKET_PATH_LIMIT else name


class Instance(QObject):
    """Holds the lock of one library's window. ``called`` carries the folder given to a second
    start ("" when it gave none)."""

    called = Signal(str)

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lock = QLockFile(str(library / "window.lock"))
        # Only the owner's death makes it stale, never its age.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Become the window of this library; False when another one lives (``hand_over`` then)."""
        return self._lock.tryLock(0)

    def listen(self) -> None:
        """Hear second starts from now on."""
        from PySide6.QtNetwork import QLocalServer

        address = _address(self._library)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        # We hold the lock, so a socket file in the way is a dead window's.
        QLocalServer.removeServer(address)
        if not server.listen(address):
            log.warning("A second start will not be heard: %s", server.errorString())
        self._server = server

    def hand_over(self, folder: str) -> bool:
        """Give ``folder`` to the living window; False when none answers within three seconds."""
        from PySide6.QtNetwork import QLocalSocket

        address = _address(self._library)
        until = time.monotonic() + PATIENCE_S
        message = json.dumps({"folder": folder}).encode() + b"\n"
        while time.monotonic() < until:
            socket = QLocalSocket()
            socket.connectToServer(address)
            if socket.waitForConnected(300):
                socket.write(message)
                socket.waitForBytesWritten(1000)
                answered = socket.waitForReadyRead(1500)
                socket.disconnectFromServer()
                if answered:
                    return True
            if self.take():
                return False
            time.sleep(0.1)
        return False

    def take_over(self) -> bool:
        """Take the lock of a window that does not answer; False when that is not possible."""
        return self._lock.removeStaleLockFile() and self.take()

    def release(self) -> None:
        """Let the next start have the library."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _on_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()):
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(socket.deleteLater)

    def _on_words(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        try:
            folder = json.loads(bytes(socket.readLine(_LONGEST).data()))["folder"]
        except (ValueError, KeyError, TypeError):
            log.warning("A second start sent something that is no request")
            return
        socket.write(b"ok\n")
        socket.flush()
        self.called.emit(folder if isinstance(folder, str) else "")
