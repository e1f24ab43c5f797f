"""Work in pieces, one in each turn of the event loop, so that the window lives between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

Piece = Callable[[], object]


class Turns(QObject):
    """Does one piece after the other; what a piece changed is painted before the next is begun.

    Not by ``QTimer.singleShot(0)``: Qt makes events of these that come before the painting, and
    several of them in one turn. Goes with its parent and what is left then is not done. Lives on
    the UI thread.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: deque[Piece] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._do_next)

    @property
    def busy(self) -> bool:
        """Whether something is left to do."""
        return bool(self._pieces)

    def add(self, *pieces: Piece) -> None:
        """Do these when what is left is done."""
        self._pieces.extend(pieces)
        if self._pieces:
            self._timer.start()

    def replace(self, *pieces: Piece) -> None:
        """Do these in place of what is left."""
        self._timer.stop()
        self._pieces.clear()
        self.add(*pieces)

    def again(self, piece: Piece) -> None:
        """Do a piece last, and not where it stands now."""
        if piece in self._pieces:
            self._pieces.remove(piece)
        self.add(piece)

    def finish(self) -> None:
        """Do all that is left, now."""
        self._timer.stop()
        while self._pieces:
            self._pieces.popleft()()

    def _do_next(self) -> None:
        piece = self._pieces.popleft()
        if self._pieces:
            self._timer.start()
        piece()
