"""Whether there is a screen to show a window on; Qt itself would end the program without one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

X11_SOCKETS = Path("/tmp/.X11-unix")
_NEED_A_SCREEN = ("", "xcb", "wayland", "wayland-egl")
_PATIENCE_S = 3.0


def missing(environment: Mapping[str, str] | None = None) -> str:
    """The sentence for a Linux session without a screen, "" where a window can be shown."""
    said = os.environ if environment is None else environment
    platform = said.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if not sys.platform.startswith("linux") or platform not in _NEED_A_SCREEN:
        return ""
    if _wayland(said) or _x11(said.get("DISPLAY", "")):
        return ""
    name = said.get("DISPLAY") or said.get("WAYLAND_DISPLAY")
    found = f"the screen {name} does not answer" if name else "there is no screen here"
    return (
        f"deckhand: the window cannot open, because {found}. Start it from a desktop session "
        "(over SSH: ssh -X), or use the commands: deckhand --help\n"
    )


def _wayland(said: Mapping[str, str]) -> bool:
    name = said.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(said.get("XDG_RUNTIME_DIR", "")) / name).exists()


def _x11(display: str) -> bool:
    """Whether an X server listens at ``host:number.screen`` or, on this machine, ``:number``."""
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host in ("", "unix") and (X11_SOCKETS / f"X{number}").exists():
        return True
    # Only now, because loading it would cost every start a few milliseconds.
    import socket

    if host in ("", "unix"):
        with socket.socket(socket.AF_UNIX) as caller:
            return caller.connect_ex(f"\0{X11_SOCKETS}/X{number}") == 0
    try:
        socket.create_connection((host.strip("[]"), 6000 + int(number)), _PATIENCE_S).close()
    except (OSError, OverflowError):
        return False
    return True
