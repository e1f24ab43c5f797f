"""The radar's tab on a real library and a real folder outside it; off until asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.copies.conftest import Desk, deck
from tests.unit.catalogue.test_copies import slides
from ui.indexing import Progress
from ui.pages.copies import radar_items as rows
from ui.pages.copies.page import CopiesPage


@pytest.fixture
def downloads(home: Path) -> Path:
    """A folder with a file as in the library, one with another price, and an unknown one."""
    folder = home / "Downloads"
    deck(folder / "same.pptx", slides(2))
    changed = [t.replace("$49", "$99") for t in slides(1)]
    deck(folder / "sub" / "changed.pptx", changed)
    deck(folder / "unlike.pptx", slides(7))
    return folder


@pytest.fixture
def scanned(page: CopiesPage, downloads: Path, qtbot: QtBot) -> CopiesPage:
    page.tabs.setCurrentIndex(1)
    page.radar.add_folder(str(downloads))
    qtbot.waitUntil(lambda: page.radar.model.rowCount() > 0, timeout=15000)
    return page


def _states(page: CopiesPage) -> dict[str, str]:
    items = page.radar.model.items()
    return {item.file.name: item.file.state for item in items}


def _choose(page: CopiesPage, name: str) -> None:
    names = [item.file.name for item in page.radar.model.items()]
    page.radar.table.selectRow(names.index(name))


def test_it_is_off_and_says_what_it_would_do(page: CopiesPage) -> None:
    page.tabs.setCurrentIndex(1)
    radar = page.radar
    assert radar._stack.currentWidget() is radar.notice
    assert radar.notice.heading() == "The radar is off"
    assert "nothing there is written, nothing enters the search" in radar.notice.text()
    assert radar.notice.button.text() == "Add folder…"


def test_files_stand_with_their_state_in_words(scanned: CopiesPage) -> None:
    assert _states(scanned)["changed.pptx"] == "modified"
    assert _states(scanned)["same.pptx"] == "current"
    item = next(i for i in scanned.radar.model.items() if i.file.name == "changed.pptx")
    assert item.cells[1] == "Modified"
    assert item.looks[1].badge is not None
    assert item.looks[1].badge.icon
    assert scanned.tabs.tabText(1) == "Radar  1"


def test_a_state_filters_the_files(scanned: CopiesPage, qtbot: QtBot) -> None:
    toggle = scanned.radar.chips.toggle("current")
    assert toggle is not None
    toggle.click()
    assert set(_states(scanned)) == {"same.pptx"}
    scanned.radar.filter.setText("nothing like it")
    qtbot.waitUntil(lambda: not _states(scanned))
    assert scanned.radar.none.heading() == "No file fits these filters"


def test_a_modified_slide_is_offered_and_then_names_its_request(
    scanned: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    _choose(scanned, "changed.pptx")
    detail = scanned.radar.detail
    slide = detail.slide()
    assert slide is not None
    assert slide.page == 8
    detail.offer.click()
    qtbot.waitUntil(lambda: detail.offer.text() == "Show the request", timeout=15000)
    (request,) = desk.library.requests()
    assert request.need.startswith("Contribution: slide 8 of")
    detail.offer.click()
    assert desk.went == [("attention", {"request_id": request.id})]


def test_the_current_one_is_opened_in_place_of_the_outdated(
    scanned: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    old = next(i.file.asset_id for i in scanned.radar.model.items() if i.file.name == "same.pptx")
    newer = desk.library.asset_id_of("Overview.pptx")
    desk.context.bridge.mutate(scanned, lambda library: library.chain(newer, old))
    qtbot.waitUntil(lambda: _states(scanned).get("same.pptx") == "outdated", timeout=15000)
    _choose(scanned, "same.pptx")
    detail = scanned.radar.detail
    assert detail.newest.isVisibleTo(scanned)
    detail.newest.click()
    qtbot.waitUntil(lambda: bool(desk.outside.opened), timeout=15000)
    assert desk.outside.opened[0].endswith("Overview.pptx")


def test_a_folder_is_taken_off_and_put_back(scanned: CopiesPage, desk: Desk, qtbot: QtBot) -> None:
    radar = scanned.radar
    radar.folders.selectRow(0)
    radar.remove.click()
    qtbot.waitUntil(lambda: radar._stack.currentWidget() is radar.notice, timeout=15000)
    assert desk.library.radar().folders == ()
    desk.context.bridge.undo()
    qtbot.waitUntil(lambda: radar.folders_model.rowCount() == 1, timeout=15000)


def test_a_folder_of_the_library_is_refused_in_a_sentence(
    page: CopiesPage, desk: Desk, qtbot: QtBot
) -> None:
    inside = desk.library.roots()[0].path
    page.radar.add_folder(inside)
    qtbot.waitUntil(lambda: bool(desk.notices), timeout=15000)
    assert "is part of the library" in desk.notices[-1].text


def test_the_folder_of_a_file_can_be_shown(scanned: CopiesPage, desk: Desk) -> None:
    _choose(scanned, "changed.pptx")
    scanned.radar.detail.folder.click()
    assert desk.outside.opened == [str(Path(scanned.radar.detail.file.path).parent)]  # type: ignore[union-attr]


def test_progress_ends_when_the_child_stops(page: CopiesPage) -> None:
    page.radar.show_scan(working=True, done=3, total=9)
    assert page.radar.doing.text() == "Looking through, 3 of 9"
    assert not page.radar.scan.isEnabled()
    page._on_progress(Progress("restarting"))
    assert page.radar.scan.isEnabled()
    assert page.radar.doing.text() == ""


def test_counts_are_told_in_words() -> None:
    assert rows.counts_text((("outdated", 2), ("modified", 0), ("unknown", 14))) == (
        "2 outdated, 14 unknown"
    )
    assert rows.counts_text(()) == "No files"
