"""How a system's PDF viewer is told the page to open at."""

from __future__ import annotations

import ntpath
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from app.errors import EnvironmentProblem

ASK_SECONDS = 1.0
WATCH_SECONDS = 2.0

Arguments = Callable[[str, int], tuple[str, ...]]


def _flag(name: str) -> Arguments:
    return lambda path, page: (f"{name}={page}", path)


def _pair(name: str) -> Arguments:
    return lambda path, page: (name, str(page), path)


def _address(path: str, page: int) -> tuple[str, ...]:
    return (f"{Path(path).absolute().as_uri()}#page={page}",)


# Words in the name of the .desktop file -> (program, its arguments). Pages count from 1 in all.
LINUX: tuple[tuple[str, str, Arguments], ...] = (
    ("evince", "evince", _flag("--page-index")),
    ("papers", "papers", _flag("--page-index")),
    ("atril", "atril", _flag("--page-index")),
    ("xreader", "xreader", _flag("--page-index")),
    ("okular", "okular", _pair("--page")),
    ("zathura", "zathura", _pair("-P")),
    ("qpdfview", "qpdfview", lambda path, page: (f"{path}#{page}",)),
    ("mupdf", "mupdf", lambda path, page: (path, str(page))),
    ("firefox", "firefox", _address),
    ("google-chrome", "google-chrome", _address),
    ("chromium", "chromium", _address),
    ("microsoft-edge", "microsoft-edge", _address),
    ("brave", "brave-browser", _address),
)
WINDOWS: dict[str, Arguments] = {
    "acrobat.exe": lambda path, page: ("/A", f"page={page}", path),
    "acrord32.exe": lambda path, page: ("/A", f"page={page}", path),
    "sumatrapdf.exe": _pair("-page"),
    "msedge.exe": _address,
    "chrome.exe": _address,
    "firefox.exe": _address,
}


def linux_command(handler: str, path: str, page: int) -> tuple[str, ...]:
    """The command for the viewer of a .desktop file's name; () when it is unknown or not found."""
    name = handler.strip().lower()
    for word, program, arguments in LINUX:
        if word in name:
            found = shutil.which(program)
            return (found, *arguments(path, page)) if found else ()
    return ()


def windows_command(registered: str, path: str, page: int) -> tuple[str, ...]:
    """The command for the viewer in a registry value such as ``"C:\\...\\Acrobat.exe" "%1"``."""
    text = registered.strip()
    end = text.find('"', 1) if text.startswith('"') else text.lower().find(".exe") + 4
    program = text[1:end] if text.startswith('"') else text[:end]
    arguments = WINDOWS.get(ntpath.basename(program).lower())
    return (program, *arguments(path, page)) if arguments else ()


@lru_cache(maxsize=1)
def pdf_handler() -> str:
    """The name of the system's PDF viewer: a .desktop file, or the command of the registry."""
    if sys.platform == "win32":
        return _registered_pdf_command()
    if sys.platform == "darwin":
        return ""
    try:
        asked = subprocess.run(
            ["xdg-mime", "query", "default", "application/pdf"],
            capture_output=True, text=True, errors="replace", timeout=ASK_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()


def _registered_pdf_command() -> str:
    import importlib
    from typing import Any

    # Typed loosely: the module exists on Windows only.
    winreg: Any = importlib.import_module("winreg")
    choice = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.pdf\UserChoice"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, choice) as key:
            program = str(winreg.QueryValueEx(key, "ProgId")[0])
        shell = rf"{program}\shell\open\command"
        return str(winreg.QueryValue(winreg.HKEY_CLASSES_ROOT, shell))
    except OSError:
        return ""


def page_command(path: Path, page: int) -> tuple[str, ...]:
    """The command that opens a PDF at a page (from 1), or () when the system's viewer has none."""
    if page <= 1 or path.suffix.lower() != ".pdf":
        return ()
    handler = pdf_handler()
    make = windows_command if sys.platform == "win32" else linux_command
    return make(handler, str(path), page) if handler else ()


def start(command: tuple[str, ...]) -> None:
    """Start a viewer that outlives us. Raises EnvironmentProblem when it cannot be started."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError as problem:
        raise EnvironmentProblem(f"{command[0]} could not be started: {problem}.") from problem
    try:
        code = process.wait(WATCH_SECONDS)
    except subprocess.TimeoutExpired:
        return
    if code != 0:
        raise EnvironmentProblem(
            f"No program opened {command[-1]} ({Path(command[0]).name} gave up with code {code}). "
            "Choose a program for this kind of file in the system's settings."
        )
