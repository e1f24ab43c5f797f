"""The indexing child process: ``python -m app.indexing --library DIR [--watch]``.

Speaks JSON lines on standard output and takes orders, JSON lines too, on standard input:
{"op": "scan" | "rebuild" | "radar" | "cancel" | "pause" | "resume" | "quit"}. It ends when its
input ends, so that it never outlives the window, and it works at low priority, so that the window
never waits for it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import DeckhandError, RecordDamaged
from app.indexing.report import json_report
from indexer import collector

if TYPE_CHECKING:
    from indexer.worker import Extractors


def lower_priority() -> None:
    """Let everything else on the machine go first."""
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(15)


def when_terminated(end: Callable[[], None]) -> None:
    """Have ``end`` called in a thread of its own when the system asks this process to end.

    The thread that the signal interrupts may hold the very locks that ending takes.
    """
    signal.signal(
        signal.SIGTERM, lambda *_: threading.Thread(target=end, name="end", daemon=True).start()
    )


def _give_up(early: Extractors | None) -> None:
    """End before there is a service that could be ended."""
    if early is not None:
        early.cancel()
    os._exit(0)


def main(argv: list[str] | None = None) -> int:
    """Run the child. 0 at the end, 1 when it could not begin (a sentence was sent)."""
    parser = argparse.ArgumentParser(prog="deckhand-indexing")
    parser.add_argument("--library", required=True, type=Path)
    parser.add_argument("--watch", action="store_true")
    args = parser.parse_args(argv)
    lower_priority()
    from app import log
    from app.indexing.readers import early_readers
    from app.paths import LibraryPaths
    from app.settings import Settings

    paths = LibraryPaths(args.library)
    if not paths.database.exists():
        # Whoever started us has it open: to make an empty one in its place would hide the loss.
        json_report({"event": "error", "message": f"The library {paths.folder} is gone."})
        return 1
    log.start(paths.logs)
    settings = Settings(paths.settings)
    folders = [Path(path) for path in settings.fact("roots", {}).values() if isinstance(path, str)]
    early = early_readers(paths, settings, folders)
    # A session that ends is no death for which a file could be blamed, at whatever moment.
    when_terminated(lambda: _give_up(early))
    from app.indexing.service import Service
    from app.store.engine import open_store

    try:
        with (
            open_store(paths, settings) as store,
            Service(store, json_report, early) as service,
        ):
            when_terminated(service.end)
            service.run(watch=args.watch)
    except RecordDamaged as problem:
        # To be started again would change nothing: a person has to put a copy back.
        json_report({"event": "error", "message": str(problem)})
        json_report({"event": "state", "state": "idle"})
    except DeckhandError as problem:
        json_report({"event": "error", "message": str(problem)})
        return 1
    finally:
        if early is not None:
            early.close()
    return 0


if __name__ == "__main__":
    collector.seldom()
    status = main()
    collector.leave()
    sys.exit(status)
