"""Mistakes of ours: logged, counted, told with restraint; and the log itself."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import log
from app.errors import UserError
from ui.failures import LOGGED_MOST, Failures
from ui.notify import Notice, Notify


@pytest.fixture
def notices(qapp: QApplication) -> list[Notice]:
    return []


@pytest.fixture
def failures(qapp: QApplication, notices: list[Notice], tmp_path: Path) -> Iterator[Failures]:
    notify = Notify(tmp_path / "deckhand.log", qapp)
    notify.said.connect(notices.append)
    made = Failures(notify)
    made.install()
    yield made
    made.uninstall()


def _raise_in_hook() -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_many_failures_are_counted_and_told_once(
    failures: Failures, notices: list[Notice], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(LOGGED_MOST + 20):
        _raise_in_hook()
    qtbot.waitUntil(lambda: bool(notices))
    assert failures.count == LOGGED_MOST + 20
    assert len(caplog.records) == LOGGED_MOST
    assert len(notices) == 1
    assert notices[0].text.startswith("Something went wrong on our side. The log has it: ")


def test_a_failure_on_another_thread_is_told_on_the_ui_thread(
    failures: Failures, notices: list[Notice], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    thread = threading.Thread(target=_raise_in_hook, name="worker")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(notices))
    assert "worker" in caplog.text


def test_a_sentence_for_people_is_said_as_it_is(qapp: QApplication) -> None:
    notify = Notify()
    assert notify.sentence(UserError("Choose another name.")) == "Choose another name."


def test_a_mistake_of_ours_is_logged(qapp: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    words = Notify(Path("/x/deckhand.log")).sentence(KeyError("inner detail"))
    assert words == "Something went wrong on our side. The log has it: /x/deckhand.log"
    assert "inner detail" in caplog.text


@pytest.fixture
def log_folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "logs"
    log.stop()


@pytest.mark.expect_log
def test_the_log_is_one_file_with_time_and_name(log_folder: Path) -> None:
    file = log.start(log_folder)
    assert log.start(log_folder) == file
    logging.getLogger("deckhand.ui").warning("über %s", "alles")
    text = file.read_text("utf-8")
    assert text.count("über alles") == 1
    assert "Z WARNING" in text
    assert "deckhand.ui" in text


@pytest.mark.expect_log
def test_the_log_is_renamed_when_it_grows(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MEGABYTES", 0.001)
    file = log.start(log_folder)
    for number in range(200):
        logging.getLogger("deckhand.ui").info("line %s", number)
    assert len(list(log_folder.iterdir())) == log.KEPT + 1
    assert "line 199" in file.read_text("utf-8")


@pytest.mark.expect_log
def test_a_folder_that_cannot_be_written_does_not_stop_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    log.start(tmp_path / "file" / "logs")
    logging.getLogger("deckhand.ui").warning("still heard")
    log.stop()
    assert "still heard" in capsys.readouterr().err
