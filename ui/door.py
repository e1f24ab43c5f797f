"""Behind the door: one instance, the application's dress, the first paint, the loop."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import log
from app.answering import AnsweredLibrary
from app.library import Library
from ui.failures import Failures
from ui.firstpaint import FirstPaint
from ui.instance import Instance
from ui.notify import Notify
from ui.theme import STYLE, theme
from ui.window import Window

if TYPE_CHECKING:
    from ui.rubbish import Rubbish

SWITCH_S = 0.0005
APP_ICON = Path(__file__).parent.parent / "resources" / "icons" / "deckhand.svg"


def run(folder: str | None, library: Path, argv: Sequence[str], began: float) -> int:
    """As ``ui.main.main``; ``began`` is the moment of the start by time.perf_counter."""
    # Asked first: to dress the window twice takes as long as to build it.
    app = application(argv, str(Library(library).settings.get("look.theme")))
    wanted = str(Path(folder).expanduser().absolute()) if folder else ""
    instance = Instance(library)
    if not _ready(library) or not instance.take():
        if instance.hand_over(wanted):
            return 0
        if not (instance.take() or instance.take_over()):
            sys.stderr.write(_unusable(library))
            return 1
    return Door(app, library, wanted, instance).run(began)


def _ready(library: Path) -> bool:
    """Make the library's folder, which holds the lock; whether that is possible."""
    try:
        library.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _unusable(library: Path) -> str:
    return (
        f"deckhand: the library folder {library} cannot be used: it is not writable, or another "
        "window has it and does not answer. Choose another with --library.\n"
    )


def application(argv: Sequence[str], mode: str = "system") -> QApplication:
    """The application, dressed by ``mode``; the one that is there already, if there is one."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return _dressed(known, mode, styled=False)
    return _dressed(QApplication([*(argv[:1] or ["deckhand"]), *STYLE]), mode, styled=True)


def _dressed(app: QApplication, mode: str, *, styled: bool) -> QApplication:
    app.setApplicationName("deckhand")
    app.setApplicationDisplayName("Deckhand")
    app.setDesktopFileName("deckhand")
    app.setQuitOnLastWindowClosed(False)
    theme().apply(app, mode, styled=styled)
    return app


class Door:
    """Holds the window, the instance lock and the hooks while the program runs."""

    def __init__(self, app: QApplication, library: Path, folder: str, instance: Instance) -> None:
        self._app = app
        self._folder = folder
        self._instance = instance
        self._rubbish: Rubbish | None = None
        self._notify = Notify(library / "logs" / log.NAME)
        self._failures = Failures(self._notify)
        self._failures.install()
        self.window = Window(AnsweredLibrary(library), self._notify, may_open=self._may_open)
        self.window.opened.connect(self._on_opened)

    def run(self, began: float) -> int:
        """Show the window and stay until it is closed."""
        first = FirstPaint(self.window, began)
        first.painted.connect(self._after_paint)
        self.window.show()
        try:
            return self._app.exec()
        finally:
            if self._rubbish is not None:
                self._rubbish.close()
            self._failures.uninstall()
            self._instance.release()
            log.stop()

    def _after_paint(self) -> None:
        """What need not come before the first paint."""
        # Off since the start: what was made until now stays, and need never be looked through.
        gc.freeze()
        gc.enable()
        # A thread that computes keeps the interpreter's lock for so long when the window's wants
        # it, and painting a list gives it up and wants it back some hundred times.
        sys.setswitchinterval(SWITCH_S)
        self._rubbish = self._make_rubbish()
        self._app.setWindowIcon(QIcon(str(APP_ICON)))
        self._on_opened(self.window.session.library.folder)
        self.window.start()
        if self._folder:
            self.window.add_folder(self._folder)

    def _make_rubbish(self) -> Rubbish:
        from ui.rubbish import Rubbish

        handle = self.window.windowHandle()
        return Rubbish(handle, lambda: self.window.session.bridge.tasks.last_done, self.window)

    def _on_opened(self, folder: Path) -> None:
        self._notify.set_log_file(log.start(folder / "logs"))
        self._instance.called.connect(self.window.raise_with)
        self._instance.listen()

    def _may_open(self, folder: Path) -> bool:
        """Take the lock of the library that is about to be shown and let the present one go."""
        other = Instance(folder)
        if not _ready(folder) or not other.take():
            if other.hand_over(""):
                return False
            if not (other.take() or other.take_over()):
                return False
        self._instance.release()
        self._instance = other
        return True
