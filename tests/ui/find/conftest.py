"""A find page over the fake library, without pictures and with the world outside faked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeLibrary
from ui.context import Context
from ui.dialogs import send
from ui.outside import Outside
from ui.pages.find.page import FindPage
from ui.pages.find.paint import Ink
from ui.pictures import Picture, Pictures, Wanted
from ui.theme import theme


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen display says of dialogs and menus what it cannot do; nothing is wrong."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


class NoPictures(Pictures):
    """Draws nothing, so that no child is started; ``asked`` lists what was wanted."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache, command=["/nonexistent"])
        self.asked: list[Wanted] = []
        self.located: list[tuple[str, int]] = []

    def get(self, wanted: Wanted, group: str = "list", rank: int = 0) -> Picture | None:
        self.asked.append(wanted)
        return None

    def locate(
        self, wanted: Wanted, source: str, words: Sequence[str], done: Callable[[object], None]
    ) -> None:
        self.located.append((wanted.path, wanted.page))
        done([[0.1, 0.1, 0.2, 0.12]])


class FakeOutside(Outside):
    """Remembers what would have been opened; ``works`` says whether a program answers."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.ran: list[tuple[str, ...]] = []
        self.works = True

    def open_file(self, path: str) -> bool:
        self.opened.append(path)
        return self.works

    def run(self, command: Sequence[str]) -> bool:
        self.ran.append(tuple(command))
        return self.works


@pytest.fixture
def outside() -> FakeOutside:
    return FakeOutside()


@pytest.fixture
def ink(dressed: object) -> Ink:
    return Ink(theme())


@pytest.fixture
def blank(
    qtbot: QtBot, context: Context, outside: FakeOutside, tmp_path: Path
) -> Iterator[FindPage]:
    """A find page that has not been shown yet."""
    send.forget()
    pictures = NoPictures(tmp_path / "pictures")
    context.pictures = pictures
    page = FindPage(context, outside=outside)
    qtbot.addWidget(page)
    page.resize(1384, 868)
    yield page
    pictures.close()


@pytest.fixture
def page(qtbot: QtBot, blank: FindPage, fake_library: FakeLibrary) -> FindPage:
    """A find page that shows the whole fake library, its first asset current."""
    blank.show()
    qtbot.waitExposed(blank)
    blank.activate()
    qtbot.waitUntil(lambda: len(blank.hit_model.hits) == len(fake_library.hits))
    qtbot.waitUntil(lambda: blank.preview.detail is not None)
    return blank
