"""What indexing tells while it works: one small dictionary per event, printed or drawn."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

Report = Callable[[dict[str, Any]], None]

_printing = threading.Lock()


def console_report(*, quiet: bool) -> Report:
    """A progress line on standard error for people, or nothing."""

    def tell(event: dict[str, Any]) -> None:
        if quiet or event.get("event") != "progress":
            return
        text = f"{event['done']:,} of {event['total']:,}  {event['current']}"
        shown = "".join(c if c.isprintable() else "?" for c in text)
        end = "\n" if event["done"] == event["total"] else ""
        sys.stderr.write(f"\r{shown:<78.78}{end}")
        sys.stderr.flush()

    return tell


def json_report(event: dict[str, Any]) -> None:
    """One JSON line on standard output, for the window."""
    line = json.dumps(event, ensure_ascii=True)
    with _printing:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
