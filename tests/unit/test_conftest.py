"""What the tests rely on from conftest: strict ears, a home of one's own, doses."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.door import CHECKOUT

SAMPLE = """
import logging, os, warnings
import pytest

def test_silent(): pass
def test_program_warns(): logging.getLogger("app.usage").warning("oh")
def test_silenced_logger_warns():
    logger = logging.getLogger("deckhand")
    logger.propagate = False
    logger.error("oh")
    logger.propagate = True
def test_others_may_warn(): logging.getLogger("elsewhere").warning("oh")
def test_asked_for(caplog): logging.getLogger("app.usage").warning("oh")
@pytest.mark.expect_log
def test_expected(): logging.getLogger("app.usage").warning("oh")
def test_python_warns(): warnings.warn("oh")
def test_qt_warns(qapp):
    from PySide6.QtCore import qWarning
    qWarning("oh")
def test_full_dose(storm_dose): assert storm_dose(2, 9) == 9
def test_corpus(corpus): pass
"""
WRONG = {"test_program_warns", "test_silenced_logger_warns", "test_python_warns", "test_qt_warns"}


def outcomes(folder: Path, *options: str) -> tuple[set[str], set[str], str]:
    """The names of the sample's tests that went wrong, those skipped, and the output."""
    tests = folder / "tests"
    tests.mkdir()
    for name in ("__init__.py", "conftest.py", "display.py"):
        shutil.copy(CHECKOUT / "tests" / name, tests)
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    (tests / "test_sample.py").write_text(SAMPLE)
    environment = {key: value for key, value in os.environ.items() if key != "DECKHAND_CORPUS"}
    report = folder / "report.xml"
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
            *options,
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    cases = list(ElementTree.parse(report).iter("testcase"))

    def named(*kinds: str) -> set[str]:
        return {
            case.attrib["name"] for case in cases for kind in kinds if case.find(kind) is not None
        }

    return named("failure", "error"), named("skipped"), run.stdout


def test_what_warns_fails_what_is_missing_is_skipped_a_storm_is_full(tmp_path: Path) -> None:
    wrong, skipped, output = outcomes(tmp_path, "--storm")
    assert wrong == WRONG, output
    assert skipped == {"test_corpus"}
    assert "set DECKHAND_CORPUS" in output


def test_every_test_has_a_home_of_its_own(isolated_home: Path) -> None:
    assert Path.home() == isolated_home
    assert list(isolated_home.rglob("left-behind")) == []
    library = Path(os.environ["DECKHAND_LIBRARY"])
    assert library.is_relative_to(isolated_home)
    assert not library.exists()
    (isolated_home / "left-behind").touch()


test_so_has_the_next = test_every_test_has_a_home_of_its_own


def test_small_dose(storm_dose: Callable[[int, int], int], pytestconfig: pytest.Config) -> None:
    assert storm_dose(2, 9) == (9 if pytestconfig.getoption("--storm") else 2)


@given(st.text())
def test_the_home_does_not_disturb_hypothesis(text: str) -> None:
    assert logging.getLogger("deckhand").name != text


@pytest.mark.desktop
def test_the_display_has_a_window_manager(desktop_env: dict[str, str]) -> None:
    from tests.display import START_SECONDS

    command = ["xdotool", "search", "--sync", "--class", "."]
    subprocess.run(command, env=desktop_env, check=True, timeout=START_SECONDS, capture_output=True)
    assert desktop_env["QT_QPA_PLATFORM"] == "xcb"
