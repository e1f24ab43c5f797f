"""Opening, copying, dragging, viewing: done and recorded in one stroke, never by a form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.rows import Occasion, Opening
from tests.ui.conftest import Told
from tests.ui.fakes import FakeLibrary
from tests.ui.find.conftest import FakeOutside
from ui.drag import GNOME_COPIED, files_mime
from ui.outside import Outside
from ui.pages.find.page import FindPage

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def kinds(library: FakeLibrary) -> list[str]:
    return [kind for kind, _, _ in library.events]


def occasion_of(library: FakeLibrary, kind: str) -> Occasion:
    found = next(occasion for k, _, occasion in library.events if k == kind)
    assert found is not None
    return found


@pytest.fixture
def list_(page: FindPage) -> FindPage:
    """The page with the keyboard in its results, the second asset current."""
    page.results.select_asset(2)
    page.results.setFocus()
    return page


def test_enter_opens_at_the_page_and_is_recorded(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary, outside: FakeOutside
) -> None:
    qtbot.keyClick(list_.results, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(outside.opened))
    assert outside.opened == [fake_library.hits[2].file_path]
    assert "opened" in kinds(fake_library)


def test_a_program_that_opens_at_the_page_is_started(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary, outside: FakeOutside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    asked: list[int] = []

    def open_asset(asset_id: int, page: int, _occasion: Occasion) -> Opening:
        asked.append(page)
        return Opening(asset_id, "/x.pdf", page, ("evince", "-p", str(page), "/x.pdf"), True)

    monkeypatch.setattr(fake_library, "open_asset", open_asset)
    list_.preview.go_to_page(4)
    qtbot.keyClick(list_.results, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(outside.ran))
    assert asked == [4]
    assert outside.ran == [("evince", "-p", "4", "/x.pdf")]
    assert outside.opened == []


def test_a_missing_file_is_told_with_a_way_on(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    fake_library.fail["open_asset"] = UserError("The file is gone. Look in Problems.")
    qtbot.keyClick(list_.results, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(told.notices))
    notice = told.notices[0]
    assert notice.text == "The file is gone. Look in Problems."
    assert notice.action is not None
    assert notice.action[0] == "Show in Library"
    notice.action[1]()
    assert told.went == [("library", {"asset_id": 2})]


def test_when_no_program_opens_it_the_person_is_told(
    qtbot: QtBot, list_: FindPage, outside: FakeOutside, told: Told
) -> None:
    outside.works = False
    qtbot.keyClick(list_.results, KEY.Key_Return)
    qtbot.waitUntil(lambda: bool(told.notices))
    assert told.notices[0].kind == "problem"


def test_copy_puts_the_files_on_the_clipboard(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary
) -> None:
    qtbot.keyClick(list_.results, KEY.Key_Down, SHIFT)
    qtbot.keyClick(list_.results, KEY.Key_C, CTRL)
    mime = QGuiApplication.clipboard().mimeData()
    paths = [fake_library.hits[n].file_path for n in (2, 3)]
    assert [url.toLocalFile() for url in mime.urls()] == paths
    qtbot.waitUntil(lambda: "copy" in kinds(fake_library))
    assert next(ids for kind, ids, _ in fake_library.events if kind == "copy") == (2, 3)


def test_copy_path_puts_text_on_the_clipboard(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary
) -> None:
    qtbot.keyClick(list_.results, KEY.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == fake_library.hits[2].file_path
    qtbot.waitUntil(lambda: "copy" in kinds(fake_library))
    assert occasion_of(fake_library, "copy").channel == "link"


def test_page_text_is_copied(qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary) -> None:
    qtbot.waitUntil(lambda: list_.preview.detail is not None and list_.preview.detail.id == 2)
    list_.preview.go_to_page(1)
    list_.copy_page_text()
    assert QGuiApplication.clipboard().text().startswith("Heading 1")


def test_a_missing_file_is_not_copied(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, told: Told
) -> None:
    gone = replace(fake_library.hits[2], file_path="")
    page.deeds.copy([gone])
    assert told.notices[0].kind == "problem"
    assert gone.title in told.notices[0].text
    assert "copy" not in kinds(fake_library)


def test_mime_data_holds_real_paths_for_every_kind_of_program() -> None:
    paths = ["/srv/Q3 deck – Müller #1 100%.pdf", "", "/srv/b.pptx", "/srv/b.pptx"]
    mime = files_mime(paths)
    assert [url.toLocalFile() for url in mime.urls()] == [paths[0], paths[2]]
    lines = bytes(mime.data(GNOME_COPIED).data()).decode().split("\n")
    assert lines[0] == "copy"
    assert [QUrl(line).toLocalFile() for line in lines[1:]] == [paths[0], paths[2]]
    assert mime.hasFormat("text/uri-list")


@pytest.mark.parametrize(
    ("answer", "recorded"), [(Qt.DropAction.CopyAction, True), (Qt.DropAction.IgnoreAction, False)]
)
def test_dragging_out_is_recorded_only_when_it_was_taken(
    qtbot: QtBot, list_: FindPage, fake_library: FakeLibrary, monkeypatch: pytest.MonkeyPatch,
    answer: Qt.DropAction, recorded: bool,
) -> None:  # fmt: skip
    seen: list[tuple[list[str], object]] = []

    def dragged(drag: QDrag, supported: Qt.DropAction, _default: Qt.DropAction) -> Qt.DropAction:
        seen.append(([url.toLocalFile() for url in drag.mimeData().urls()], supported))
        return answer

    monkeypatch.setattr(QDrag, "exec", dragged)
    qtbot.keyClick(list_.results, KEY.Key_Down, SHIFT)
    list_.results.startDrag(Qt.DropAction.CopyAction)
    paths = [fake_library.hits[n].file_path for n in (2, 3)]
    assert seen == [(paths, Qt.DropAction.CopyAction)]
    if recorded:
        qtbot.waitUntil(lambda: "share" in kinds(fake_library))
        assert occasion_of(fake_library, "share").channel == "drag"
    else:
        qtbot.wait(100)
        assert "share" not in kinds(fake_library)


def test_deeds_after_a_search_carry_its_uid(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary, outside: FakeOutside
) -> None:
    """A deed settles the search first, even within the second in which it would settle."""
    page.search_for("trust")
    qtbot.waitUntil(lambda: page._last is not None and page._last.result.spec.text == "trust")
    page.open_current()
    qtbot.waitUntil(lambda: bool(outside.opened))
    assert [spec.text for spec in fake_library.searches] == ["trust"]
    assert occasion_of(fake_library, "opened").search_uid == "search-1"


def test_a_search_settles_after_a_pause_and_only_once(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    for text in ("t", "tr", "trust"):
        page.header.field.setText(text)
    qtbot.waitUntil(lambda: len(fake_library.searches) == 1, timeout=4000)
    assert fake_library.searches[0].text == "trust"
    page.log.settle()
    page.open_current()
    qtbot.wait(100)
    assert len(fake_library.searches) == 1


def test_enter_settles_at_once_and_forbids_beginnings(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.header.set_text("trust")
    qtbot.keyClick(page.header.field, KEY.Key_Return)
    qtbot.waitUntil(lambda: len(fake_library.searches) == 1, timeout=800)
    assert fake_library.searches[0].exact


def test_browsing_without_words_or_filters_is_no_search(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.log.settle()
    qtbot.wait(60)
    assert fake_library.searches == []


def test_looking_for_a_second_is_a_view_once_per_search(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.results.select_asset(2)
    qtbot.waitUntil(lambda: "view" in kinds(fake_library), timeout=4000)
    page.results.select_asset(3)
    page.results.select_asset(2)
    page._note_view()
    qtbot.wait(60)
    assert [ids for kind, ids, _ in fake_library.events if kind == "view"].count((2,)) == 1


def test_the_cross_on_a_tag_takes_it_away(
    qtbot: QtBot, page: FindPage, fake_library: FakeLibrary
) -> None:
    page.results.select_asset(2)
    before = fake_library.hits[2].tags
    page._late.finish()
    qtbot.mouseClick(page.preview.tags._buttons[0], Qt.MouseButton.LeftButton)
    # A step can be taken back once the window has heard of it, a moment after the record.
    qtbot.waitUntil(page.context.bridge.stack.canUndo)
    assert len(fake_library.hits[2].tags) == len(before) - 1
    page.context.bridge.undo()
    qtbot.waitUntil(lambda: fake_library.hits[2].tags == before)


def test_the_menu_offers_everything(qtbot: QtBot, page: FindPage) -> None:
    from PySide6.QtWidgets import QMenu

    page.results.select_asset(2)
    page.show_menu(page.mapToGlobal(page.rect().center()))
    menu = page.findChild(QMenu)
    assert menu is not None
    said = " ".join(action.text() for action in menu.actions())
    for word in ("Open", "Quick look", "Send", "Copy the files", "Copy the path", "text",
                 "Show in folder", "Tag", "Status", "Library"):  # fmt: skip
        assert word in said
    menu.close()


def test_showing_the_folder_opens_the_folder(tmp_path: Path, outside: FakeOutside) -> None:
    assert Outside.show_in_folder(outside, str(tmp_path / "deck.pdf"))
    assert outside.opened == [str(tmp_path)]
