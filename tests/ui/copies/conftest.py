"""A copies page over a real library with a near copy, an exact copy and a file that moved."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.library import Library
from tests.collateral import index, write_deck
from tests.ui.find.conftest import FakeOutside, NoPictures
from tests.unit.catalogue.test_copies import slides
from ui.bridge import Bridge
from ui.commands import Commands
from ui.context import Context
from ui.indexing import RadarProgress
from ui.notify import Notice, Notify
from ui.pages.copies.page import CopiesPage
from ui.state import State
from ui.theme import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen display says of tooltips and menus what it cannot do; nothing is wrong."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


def deck(path: Path, texts: list[str], day: int = 1) -> Path:
    """A deck with one slide per text, last changed on that day of 2026."""
    write_deck(path, [(text.partition("\n")[0], text.partition("\n")[2]) for text in texts])
    at = 1_767_225_600 + day * 86_400
    os.utime(path, (at, at))
    return path


@dataclass
class Desk:
    """Someone at work on a real library: what pages told, and what the world was asked."""

    library: Library
    context: Context
    outside: FakeOutside
    went: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class FakeIndexing(QObject):
    """Stands for the child: says what it is told to say, and does the radar's work at once."""

    progressed = Signal(object)
    radar_seen = Signal(object)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library

    def radar(self) -> None:
        self.radar_seen.emit(RadarProgress(working=True, done=0, total=0))
        self.library.radar_scan(lambda *_: None)
        self.radar_seen.emit(RadarProgress(working=False, done=1, total=1))


class FakeSession:
    """What the page needs of a session."""

    def __init__(self, library: Library) -> None:
        self.indexing = FakeIndexing(library)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library: made once, for indexing takes a second."""
    home = tmp_path_factory.mktemp("copies")
    folder = home / "collateral"
    texts = slides(1)
    deck(folder / "Team" / "mine.pptx", texts, day=1)
    deck(folder / "Overview.pptx", [t.replace("$49", "$59") for t in texts], day=30)
    deck(folder / "Other.pptx", slides(2))
    shutil.copy2(folder / "Other.pptx", folder / "Team" / "Other.pptx")
    library = Library(home / "library")
    library.set_me("Kofi Mensah", "marketer")
    index(library, folder)
    library.close()
    return home


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    """A copy of that library for one test; its folder of collateral is shared and only read."""
    shutil.copytree(indexed / "library", tmp_path / "library")
    return tmp_path


@pytest.fixture
def desk(home: Path, dressed: QApplication) -> Iterator[Desk]:
    library = Library(home / "library")
    owner = QObject()
    notify = Notify(None, owner)
    bridge = Bridge(library, notify, owner)
    state = State(library.folder)
    went: list[tuple[str, dict[str, object]]] = []
    context = Context(
        bridge=bridge, notify=notify, theme=theme(), commands=Commands(owner), state=state,
        navigate=lambda key, **args: went.append((key, args)), me=lambda: None,
    )  # fmt: skip
    pictures = NoPictures(home / "pictures")
    context.pictures = pictures
    made = Desk(library, context, FakeOutside(), went)
    notify.said.connect(made.notices.append)
    yield made
    pictures.close()
    bridge.close(3.0)
    state.close()
    theme().set_mode("light")


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> CopiesPage:
    """The page, shown, with everything read."""
    made = CopiesPage(desk.context, outside=desk.outside)
    qtbot.addWidget(made)
    made.attach(FakeSession(desk.library))  # type: ignore[arg-type]
    desk.context.bridge.changed.connect(made.on_changes)
    made.resize(1384, 868)
    made.show()
    qtbot.waitExposed(made)
    made.activate()
    qtbot.waitUntil(lambda: bool(made.copies.model.items), timeout=15000)
    qtbot.waitUntil(lambda: made.radar._report is not None, timeout=15000)
    return made
