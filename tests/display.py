"""A real X display of its own for the tests that need one: Xvfb with a window manager."""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

PROGRAMS = ("Xvfb", "openbox")
START_SECONDS = 30


def missing_programs() -> list[str]:
    """The programs needed for a display that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def _die_with_parent() -> None:
    """Have the kernel end this child with the test session, even when that is killed."""
    if sys.platform.startswith("linux"):
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


@contextmanager
def _running(command: list[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    process: subprocess.Popen[bytes] = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _number_from(reading_end: int) -> str:
    """The display number that Xvfb writes when it is ready."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading_end], [], [], START_SECONDS)
        chunk = os.read(reading_end, 16) if ready else b""
        if not chunk:
            raise RuntimeError(f"Xvfb did not start within {START_SECONDS} s")
        text += chunk
    return text.decode().strip()


@contextmanager
def display() -> Iterator[str]:
    """Run Xvfb and openbox on a free display number; yields its name, such as ``:99``."""
    reading_end, writing_end = os.pipe()
    with ExitStack() as stack:
        stack.callback(os.close, reading_end)
        try:
            command = ["Xvfb", "-displayfd", str(writing_end), "-nolisten", "tcp"]
            screen = ["-screen", "0", "1440x900x24", "-noreset"]
            stack.enter_context(_running(command + screen, pass_fds=(writing_end,)))
        finally:
            os.close(writing_end)
        name = f":{_number_from(reading_end)}"
        environment = {**os.environ, "DISPLAY": name}
        stack.enter_context(_running(["openbox"], env=environment))
        yield name
