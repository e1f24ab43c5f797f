"""Pages are built ahead in small pieces, and are those that would be built when asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.pages.base import Page
from ui.prepare import KEYS, Prepared
from ui.window import Window


class Two(Page):
    """A page of two parts; ``bad`` ones fail in the second."""

    key = "two"

    def __init__(self, window: Window, *, bad: bool = False) -> None:
        super().__init__(window.context, window.stack, later=True)
        self._bad = bad
        self.build(self._build())

    def _build(self) -> Iterator[None]:
        self.first = QLabel("first", self)
        yield
        if self._bad:
            raise ValueError
        self.second = QLabel("second", self)


def made(window: Window, **kind: bool) -> tuple[Prepared, list[Two]]:
    pages: list[Two] = []

    def make(_key: str) -> Page:
        pages.append(Two(window, **kind))
        return pages[-1]

    return Prepared(window.stack, make), pages


def parts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def test_each_piece_builds_one_part(window: Window) -> None:
    prepared, pages = made(window)
    pieces = prepared.pieces(["two"])
    next(pieces)
    assert parts(pages[0]) == []
    next(pieces)
    assert (parts(pages[0]), pages[0].whole) == (["first"], False)
    next(pieces)
    assert (parts(pages[0]), pages[0].whole) == (["first", "second"], True)
    assert list(pieces) == [None]
    assert pages[0].size() == window.stack.size()
    assert not pages[0].isVisible()


def test_a_page_asked_for_in_the_middle_is_whole_and_left_alone(window: Window) -> None:
    prepared, pages = made(window)
    pieces = prepared.pieces(["two"])
    next(pieces)
    next(pieces)
    taken = prepared.take("two")
    assert taken is pages[0]
    assert parts(pages[0]) == ["first", "second"]
    assert prepared.take("two") is None
    assert list(pieces) == []


def test_a_page_that_went_with_its_library_is_not_built_on(window: Window) -> None:
    prepared, pages = made(window)
    pieces = prepared.pieces(["two"])
    next(pieces)
    prepared.forget()
    assert not shiboken6.isValid(pages[0])
    assert list(pieces) == []
    assert prepared.take("two") is None


def test_what_cannot_be_built_ahead_is_left_to_whoever_asks(
    window: Window, caplog: pytest.LogCaptureFixture
) -> None:
    prepared, _ = made(window, bad=True)
    assert list(prepared.pieces(["two"])) == [None, None]
    assert prepared.take("two") is None
    assert "two could not be built ahead" in caplog.text


@pytest.mark.parametrize("key", KEYS)
def test_a_page_built_ahead_is_shown_like_any_other(window: Window, key: str, qtbot: QtBot) -> None:
    for _ in window._prepared.pieces([key]):
        assert key not in window.pages
    window.navigate(key)
    assert window.page.key == key
    assert window.page.whole
    assert window.page.isVisible()
    assert window.page.size() == window.stack.size()
    qtbot.waitUntil(lambda: not window.session.bridge.tasks._latest)


def test_of_a_page_that_is_there_none_is_made(window: Window) -> None:
    window.navigate("library")
    assert list(window._prepared.pieces(["library"])) == []


def test_other_colours_are_not_given_to_pages_that_nobody_has_seen(window: Window) -> None:
    list(window._prepared.pieces(["copies"]))
    before = len(window.findChildren(Page))
    window.switch_theme()
    assert len(window.findChildren(Page)) == before - 1
    assert window._prepared.take("copies") is None
    while window._warm.step():
        continue
    copies = window._prepared.take("copies")
    assert copies is not None
    assert copies.whole
