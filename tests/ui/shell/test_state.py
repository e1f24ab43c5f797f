"""What the window remembers (UI: "it remembers")."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui import fake_rows
from tests.ui.fakes import FakeLibrary
from tests.ui.shell.conftest import MakeWindow
from ui import placement
from ui.state import LIST_ROWS, State


def test_values_come_back(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.set("page", "library")
    state.set("find.filters", {"stage": ["discovery"]})
    state.close()
    again = State(tmp_path)
    assert again.get("page", "find") == "library"
    assert again.get("find.filters", {}) == {"stage": ["discovery"]}


def test_a_value_of_another_type_counts_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text('{"page": 7, "width": true}', "utf-8")
    state = State(tmp_path)
    assert state.get("page", "find") == "find"
    assert state.get("width", 300) == 300


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "\x00\xff"])
def test_a_damaged_file_counts_as_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text, "latin-1")
    assert State(tmp_path).get("page", "find") == "find"


def test_the_last_list_comes_back_as_it_was(tmp_path: Path) -> None:
    hits = [fake_rows.hit(number) for number in range(1, 101)]
    state = State(tmp_path)
    state.save_list(hits)
    state.close()
    assert State(tmp_path).load_list() == tuple(hits[:LIST_ROWS])


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '[{"asset_id": 1}]', '[{"title": null}]', "null", "[[]]"],
)
def test_a_list_of_another_version_is_no_list(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cache" / "last-list.json"
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    assert State(tmp_path).load_list() == ()


def test_a_hit_with_broken_marks_is_no_hit(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.save_list([fake_rows.hit(1)])
    state.close()
    file = tmp_path / "cache" / "last-list.json"
    rows = json.loads(file.read_text("utf-8"))
    rows[0]["marks"] = [["a"]]
    file.write_text(json.dumps(rows), "utf-8")
    assert State(tmp_path).load_list() == ()


def test_an_unwritable_folder_is_logged_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    state = State(tmp_path / "file" / "library")
    state.set("page", "find")
    state.close()
    assert "could not be written" in caplog.text


def test_many_changes_in_a_row_become_few_writes(tmp_path: Path) -> None:
    state = State(tmp_path)
    for number in range(500):
        state.set("split", [number, 1])
    state.close()
    assert State(tmp_path).get("split", [0]) == [499, 1]
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("window.json.")]


def test_the_window_comes_back_where_it_was(
    dressed: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    state = State(tmp_path)
    first, second = QWidget(), QWidget()
    for one in (first, second):
        qtbot.addWidget(one)
    first.setGeometry(40, 60, 500, 400)
    placement.remember(first, state)
    placement.restore(second, state)
    assert second.size() == first.size()
    state.close()


def test_a_place_on_no_screen_is_not_taken(dressed: QApplication) -> None:
    screen = dressed.primaryScreen().availableGeometry()
    assert placement.on_a_screen(QRect(screen.center(), screen.size() / 2))
    assert not placement.on_a_screen(QRect(screen.right() + 5000, 0, 800, 600))
    assert not placement.on_a_screen(QRect(screen.right() - 50, 0, 800, 600))


def test_a_window_is_bound_to_its_screen() -> None:
    room = QRect(0, 0, 800, 500)
    assert placement.bounded(QRect(40, 20, 1440, 900), room) == QRect(0, 20, 800, 464)
    assert placement.bounded(QRect(100, 90, 700, 440), room) == QRect(100, 60, 700, 440)
    width, height = placement.LEAST_SIZE
    assert width <= room.width()
    assert height <= room.height() - placement.TITLE_BAR


def test_a_window_that_stood_on_a_lost_screen_is_centred(
    dressed: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    state = State(tmp_path)
    state.set("geometry", "bm9uc2Vuc2U=")
    window = QWidget()
    qtbot.addWidget(window)
    placement.restore(window, state)
    assert placement.on_a_screen(window.geometry())
    state.close()


def test_the_last_page_is_shown_again(
    make_window: MakeWindow, fake_library: FakeLibrary, tmp_path: Path
) -> None:
    first = make_window(fake_library)
    first.navigate("settings")
    first.close()
    second = make_window(FakeLibrary(fake_library.folder, me=fake_library.person))
    assert second.page.key == "settings"
