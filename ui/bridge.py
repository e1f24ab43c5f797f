"""Between the pages and the library: reads, mutations with undo, and the word of what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.changes import Changes, Inverse
    from app.library import Library
    from ui.notify import Notify

T = TypeVar("T")


class _Step(QUndoCommand):
    """One undoable mutation: holds the call that takes it back, then the one that brings it again.

    ``redo`` is called by the stack when the step is pushed; the deed is done by then.
    """

    def __init__(self, bridge: Bridge, text: str, back: Inverse) -> None:
        super().__init__(text)
        self._bridge = bridge
        self._next: Inverse | None = back
        self._pushed = False

    def undo(self) -> None:
        self._turn("Undone")

    def redo(self) -> None:
        if self._pushed:
            self._turn("Done again")
        self._pushed = True

    def _turn(self, word: str) -> None:
        """Run the present inverse on the write lane; what it returns is the way back."""
        bridge, text = self._bridge, self.text()

        def deed(library: Library) -> Changes:
            from app.changes import Changes

            # Read here: an undo still queued before this one sets it.
            if self._next is None:
                return Changes()
            changes = library.undo(self._next)
            self._next = changes.inverse
            return changes

        def done(changes: Changes) -> None:
            if changes.kinds:
                bridge.changed.emit(changes)
                bridge.notify.info(f"{word}: {text}")

        def failed(error: Exception) -> None:
            self.setObsolete(True)
            self._next = None
            bridge.notify.problem(error)

        bridge.tasks.run(bridge, deed, done, failed, lane="write")


class Bridge(QObject):
    """Holds the library, its lanes and the undo stack; lives on the UI thread.

    ``changed`` carries ``app.changes.Changes`` for own mutations and for those of the indexing
    child.
    """

    changed = Signal(object)

    def __init__(self, library: Library, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library = library
        self.notify = notify
        self.tasks = Tasks(library, self)
        self.tasks.unhandled = notify.problem
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(100)

    def read(
        self,
        owner: QObject,
        fn: Callable[[Library], T],
        ok: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        key: str | None = None,
    ) -> None:
        """Call ``fn(library)`` on the read pool; ``key``: only the latest such call is heard."""
        self.tasks.run(owner, fn, ok, failed, lane="read", key=key)

    def mutate(
        self,
        owner: QObject,
        fn: Callable[[Library], Changes],
        ok: Callable[[Changes], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Call ``fn(library)`` on the write lane, tell everyone what changed, make it undoable.

        The summary is shown with an Undo button unless ``quiet``. ``changed``, undo and summary
        come even when ``owner`` has gone meanwhile; ``ok`` and ``failed`` do not.
        """
        hear = _Hearing(owner, ok, failed)

        def done(changes: Changes) -> None:
            if changes.inverse is not None:
                self.stack.push(_Step(self, changes.summary or "Last change", changes.inverse))
            self.changed.emit(changes)
            if changes.summary and not quiet:
                action = ("Undo", self.undo) if changes.inverse is not None else None
                self.notify.info(changes.summary, action=action)
            hear.ok(changes)

        def wrong(error: Exception) -> None:
            if not hear.failed(error):
                self.notify.problem(error)

        self.tasks.run(self, fn, done, wrong, lane="write")

    def undo(self) -> None:
        """Take back the latest step, if there is one."""
        self.stack.undo()

    def redo(self) -> None:
        """Bring back the step that was taken back last, if there is one."""
        self.stack.redo()

    def close(self, timeout_s: float = 3.0) -> None:
        """Finish accepted writes within ``timeout_s`` seconds and let the library go."""
        self.tasks.run(self, lambda library: library.close(), lambda _: None, lane="write")
        self.tasks.close(timeout_s)


class _Hearing:
    """The callbacks of an owner who may be gone when they are due."""

    def __init__(
        self,
        owner: QObject,
        ok: Callable[[Changes], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        import weakref

        self._owner = weakref.ref(owner)
        self._ok = ok
        self._failed = failed

    def _alive(self) -> bool:
        import shiboken6

        owner = self._owner()
        return owner is not None and shiboken6.isValid(owner)

    def ok(self, changes: Changes) -> None:
        if self._ok is not None and self._alive():
            self._ok(changes)

    def failed(self, error: Exception) -> bool:
        if self._failed is None or not self._alive():
            return False
        self._failed(error)
        return True
