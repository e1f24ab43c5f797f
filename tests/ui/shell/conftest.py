"""Windows over the fake library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import ME
from tests.ui.fakes import FakeLibrary
from ui.notify import Notice, Notify
from ui.theme import theme
from ui.window import Window

MakeWindow = Callable[[FakeLibrary], Window]


@pytest.fixture
def make_window(dressed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Opens a window as the program does: shown, painted, started; closed at the end."""
    opened: list[Window] = []

    def make(library: FakeLibrary) -> Window:
        notify = Notify(tmp_path / "log", dressed)
        window = Window(library, notify)  # type: ignore[arg-type]
        window._make_library = lambda folder: FakeLibrary(folder, me=ME)  # type: ignore[assignment,return-value]
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        window.start()
        qtbot.waitUntil(lambda: window.session.overview is not None)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()
    theme().set_mode("light")


@pytest.fixture
def window(make_window: MakeWindow, fake_library: FakeLibrary) -> Window:
    """A window over a library with folders, assets and a person."""
    return make_window(fake_library)


@pytest.fixture
def notices(window: Window) -> list[Notice]:
    """What the window says from now on."""
    said: list[Notice] = []
    window.notify.said.connect(said.append)
    return said
