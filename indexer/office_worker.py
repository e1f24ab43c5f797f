"""The process that has LibreOffice convert files: ``python -m indexer.office_worker CACHE``.

JSON lines on its pipes. A request: {"id", "path", "sha", "kind", "cap"}; the answer: {"id",
"ok": true}, or {"id", "ok": false, "state", "reason"}, where the state is "absent" when
LibreOffice is not installed, or one of those of :class:`indexer.office.Failed`. With "cap" the
cache is kept within so many bytes. {"op": "stop"} ends the conversion under way. LibreOffice is
looked for at the first request. When the input ends, so does the process, and with it the
conversion under way.
"""

import contextlib
import json
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any

from indexer.limits import be_modest, no_core_dumps, quiet_output
from indexer.office import FIRST_S, LAST_S, Failed, Office, end_leftovers, find_program
from indexer.picture_cache import sweep

_ABSENT = "LibreOffice is not installed."


class _Worker:
    """Takes requests from one thread, converts in another."""

    def __init__(self, cache: Path, first_s: float, last_s: float) -> None:
        self._cache = cache
        self._limits = (first_s, last_s)
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._office: Office | None = None
        self._sought = False
        self._closed = False
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Read requests until the input ends, then let everything go."""
        for line in sys.stdin.buffer:
            with contextlib.suppress(ValueError):
                request = json.loads(line)
                if isinstance(request, dict):
                    self._hear(request)
        with self._lock:
            self._closed = True
            if self._office is not None:
                self._office.close()
        # The thread that converts may be in a call that does not end soon.
        os._exit(0)

    def _hear(self, request: dict[str, Any]) -> None:
        if request.get("op") != "stop":
            self._requests.put(request)
            return
        with self._lock:
            if self._office is not None:
                self._office.stop()

    def work(self, out: int) -> None:
        """Answer requests, one after the other, for ever."""
        end_leftovers(self._cache)
        while True:
            request = self._requests.get()
            answer = self._answer(request)
            line = json.dumps({"id": request.get("id"), **answer}).encode("ascii") + b"\n"
            os.write(out, line)
            if answer["ok"] and isinstance(request.get("cap"), int):
                sweep(self._cache, request["cap"])

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        office = self._find()
        if office is None:
            return {"ok": False, "state": "absent", "reason": _ABSENT}
        try:
            path, sha, kind = Path(request["path"]), str(request["sha"]), str(request["kind"])
            office.convert(path, sha, kind)
        except Failed as failed:
            return {"ok": False, "state": failed.state, "reason": failed.reason}
        except (KeyError, TypeError, ValueError):
            reason = "The request for this file was not complete."
            return {"ok": False, "state": "passed", "reason": reason}
        return {"ok": True}

    def _find(self) -> Office | None:
        if not self._sought:
            program = find_program()
            with self._lock:
                self._sought = True
                if program is not None and not self._closed:
                    first_s, last_s = self._limits
                    self._office = Office(self._cache, program, first_s=first_s, last_s=last_s)
        return self._office


def main(arguments: list[str]) -> int:
    """Serve requests until the input ends."""
    out = quiet_output()
    be_modest()
    no_core_dumps()
    numbers = [float(text) for text in arguments[1:3]] or [FIRST_S, LAST_S]
    worker = _Worker(Path(arguments[0]), *numbers)
    threading.Thread(target=worker.work, args=(out,), daemon=True).start()
    worker.listen()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
