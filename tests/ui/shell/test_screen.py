"""Without a screen the program says so; Qt would print its own words and abort."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ui import screen

CHECKOUT = Path(__file__).resolve().parents[3]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland")
pytestmark = LINUX


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "there is no screen here"),
        ({"DISPLAY": ""}, "there is no screen here"),
        ({"DISPLAY": ":98765"}, "the screen :98765 does not answer"),
        ({"DISPLAY": "nonsense"}, "the screen nonsense does not answer"),
        ({"DISPLAY": "127.0.0.1:59999"}, "does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-77", "XDG_RUNTIME_DIR": "/nowhere"}, "wayland-77"),
        ({"QT_QPA_PLATFORM": "xcb"}, "there is no screen here"),
    ],
)
def test_a_missing_screen_is_told(environment: dict[str, str], words: str) -> None:
    told = screen.missing(environment)
    assert words in told
    assert told.count("\n") == 1


def test_a_screen_that_is_there_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "X11_SOCKETS", tmp_path)
    (tmp_path / "X7").touch()
    (tmp_path / "wayland-0").touch()
    assert screen.missing({"DISPLAY": ":7.0"}) == ""
    assert screen.missing({"DISPLAY": "unix:7"}) == ""
    there = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert screen.missing(there) == ""
    assert screen.missing({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_an_x_server_may_have_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(screen, "X11_SOCKETS", tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{tmp_path}/X8")
        server.listen()
        assert screen.missing({"DISPLAY": ":8"}) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [((), "there is no screen here"), (("fnid",), "fnid is neither a folder nor a command")],
)
def test_the_program_ends_with_a_sentence(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(tmp_path / "l"), *words],
        env={key: value for key, value in os.environ.items() if key not in hidden},
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
