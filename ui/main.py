"""The window's door: loads what is behind it without pausing to look for rubbish."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ui import screen


def main(folder: str | None, library: Path, *, argv: Sequence[str]) -> int:
    """Show the window of the library in the folder ``library`` and return the exit code.

    ``folder``: a folder of collateral to be added once the window stands, or None. When a window
    of this library is open already, it comes forward, is given ``folder``, and 0 is returned.
    """
    began = time.perf_counter()
    problem = screen.missing()
    if problem:
        sys.stderr.write(problem)
        return 1
    # Until the first paint objects are only made: looking for rubbish would find none, and takes
    # a twentieth of the time. It is switched on again after the first paint.
    gc.disable()
    try:
        from ui.door import run

        return run(folder, library, argv, began)
    finally:
        gc.enable()
