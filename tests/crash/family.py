"""The processes of a storm: started, watched, killed at a moment of the dice's choosing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
MARK = "DECKHAND_STORM"
ROLES = {
    "app.indexing": "indexer", "indexer.reading": "reader", "indexer.render_worker": "renderer",
    "deckhand.py": "window", "tests.crash.actor": "actor",
}  # fmt: skip


def all_of(mark: str) -> dict[int, str]:
    """Every living process that inherited a mark in its environment, with its role."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            marked = f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0")
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        if marked and words != [""]:
            known = (role for word in words for name, role in ROLES.items() if word.endswith(name))
            found[int(entry.name)] = next(known, " ".join(words)[:60])
    return found


def kill(pid: int) -> None:
    """SIGKILL, unless it is gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def gone(pids: set[int], mark: str, patience_s: float = 20.0) -> set[int]:
    """Wait until processes have ended; returns those that have not."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        left = pids & all_of(mark).keys()
        if not left:
            return set()
        time.sleep(0.05)
    return left


class Speaker:
    """A program of ours that is started with a mark and speaks JSON lines."""

    def __init__(self, command: list[str], mark: str, complaints: Path | None = None) -> None:
        self.heard: list[dict[str, object]] = []
        self._silent = "deckhand.py" in command
        with (complaints or Path(os.devnull)).open("wb") as errors:
            self._process = subprocess.Popen(
                command, cwd=CHECKOUT, env={**os.environ, MARK: mark}, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
            )  # fmt: skip
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(b"{") and line.endswith(b"}\n"):
                self.heard.append(json.loads(line))

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def state(self) -> str:
        """What an indexer last said that it was doing; a window says nothing."""
        said = (str(e["state"]) for e in reversed(self.heard) if e.get("event") == "state")
        return next(said, "at work" if self._silent else "starting")

    def bury(self) -> None:
        """Take its last words after its death."""
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def python(*words: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *words]
