"""The indexing child: started, listened to, told what to do, and started again when it dies."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QProcess

log = logging.getLogger("deckhand.ui.indexing")
ROOT = Path(__file__).resolve().parent.parent
LINES_PER_TURN = 200
SHOW_EVERY_MS = 100
FIRST_BACKOFF_MS = 1_000
LONGEST_BACKOFF_MS = 60_000
END_MS = 5_000
BUSY_BACKOFF_MS = 30_000
STATES = ("scanning", "indexing", "rebuilding", "idle", "watching", "cancelled", "busy")
WORKING = ("scanning", "indexing", "rebuilding")
MODES = ("live", "polling", "offline")


class Progress(NamedTuple):
    """What the child is doing. ``state``: one of STATES, "paused", "off", "restarting", "held";
    ``total`` is 0 while it is not known. ``slower``: why it goes slower than it could, or ""."""

    state: str = "off"
    done: int = 0
    total: int = 0
    current: str = ""
    slower: str = ""


class RootMode(NamedTuple):
    """How a root is watched: one of MODES, and why when it is not live."""

    root_id: int
    mode: str
    reason: str


class RadarProgress(NamedTuple):
    """How far the child is with the folders on the radar; ``total`` is 0 while not known."""

    working: bool
    done: int
    total: int


class Indexing(QObject):
    """Drives one child for one library. Lives on the UI thread and never waits, but in ``close``.

    ``progressed`` carries Progress at most every 100 ms; ``changed`` app.changes.Changes;
    ``root_seen`` RootMode; ``radar_seen`` RadarProgress; ``said`` a sentence for people.
    """

    progressed = Signal(object)
    changed = Signal(object)
    root_seen = Signal(object)
    radar_seen = Signal(object)
    said = Signal(str)

    def __init__(self, command: list[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._closing = False
        self._ended_for: Callable[[], None] | None = None
        self._held = False
        self._told_of_crash = False
        self._paused = False
        self._slower = ""
        self._backoff = FIRST_BACKOFF_MS
        self._progress = Progress()
        self.modes: dict[int, RootMode] = {}
        self._again = self._single_shot(self.start)
        self._show = self._single_shot(self._tell_progress)
        self._more = self._single_shot(self._take_lines)
        self._patience = self._single_shot(self._kill)

    def _single_shot(self, deed: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(deed)
        return timer

    @property
    def progress(self) -> Progress:
        """What is known now."""
        return self._progress._replace(slower=self._slower)

    @property
    def running(self) -> bool:
        """Whether the child lives."""
        return self._process is not None

    # ---- what people ask for -------------------------------------------------------------

    def start(self) -> None:
        """Start the child unless it runs already."""
        if self._process is not None or self._closing or self._held:
            return
        from PySide6.QtCore import QProcess

        self._again.stop()
        self._paused = False
        process = QProcess(self)
        process.setWorkingDirectory(str(ROOT))
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.readyReadStandardOutput.connect(self._take_output)
        process.readyReadStandardError.connect(self._take_complaints)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._buffer.clear()
        if self._progress.state in ("off", "restarting", "held"):
            # What it does first; until it has, nobody knows whether the library is up to date.
            self._set(Progress("scanning"))
        process.start(self._command[0], self._command[1:])

    def scan(self) -> None:
        """Look through all folders now; a pause ends with it."""
        if self._process is None:
            self._paused = False
            self.start()
            return
        if self._paused:
            self.resume()
        self._send("scan")

    def rebuild(self) -> None:
        """Write the search index anew from the record, while the present one answers."""
        if self._process is None:
            self.start()
        elif self._paused:
            self.resume()
        self._send("rebuild")

    def radar(self) -> None:
        """Look through the folders on the radar now, or when the child has started."""
        if self._process is None:
            self.start()
        self._send("radar")

    def cancel(self) -> None:
        """Stop the present run, and a pause with it; what was read so far stays."""
        self._paused = False
        self._send("cancel")

    def pause(self) -> None:
        """Stop reading until ``resume``."""
        self._paused = True
        self._send("pause")
        self._tell_progress()

    def resume(self) -> None:
        """Go on reading."""
        self._paused = False
        self._send("resume")
        self._tell_progress()

    def hold(self, then: Callable[[], None]) -> None:
        """Have the child end, then call ``then``; none is started before ``release``."""
        self._held = True
        self._again.stop()
        if self._process is None:
            self._set(Progress("held"))
            then()
            return
        self._ended_for = then
        self._send("quit")
        self._process.closeWriteChannel()
        self._patience.start(END_MS)

    def release(self) -> None:
        """Let a child be started again, and start one."""
        self._held = False
        self.start()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self, timeout_s: float = 2.0) -> None:
        """Ask the child to quit, wait at most ``timeout_s`` seconds, then kill it."""
        self._closing = True
        for timer in (self._again, self._show, self._more, self._patience):
            timer.stop()
        process, self._process = self._process, None
        if process is None:
            return
        process.write(b'{"op":"quit"}\n')
        process.closeWriteChannel()
        if not process.waitForFinished(max(1, int(timeout_s * 1000))):
            log.warning("The indexing child did not quit in time and was ended")
            process.kill()
            process.waitForFinished(500)

    def _send(self, op: str) -> None:
        if self._process is not None:
            self._process.write(json.dumps({"op": op}).encode() + b"\n")

    # ---- what the child says -------------------------------------------------------------

    def _take_output(self) -> None:
        if self._process is not None:
            self._buffer += self._process.readAllStandardOutput().data()
        self._take_lines()

    def _take_lines(self) -> None:
        """Handle a bounded number of lines, so that a talkative child cannot hold the window."""
        for _ in range(LINES_PER_TURN):
            end = self._buffer.find(b"\n")
            if end < 0:
                return
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            if line.strip():
                self._hear(line)
        self._more.start(0)

    def _hear(self, line: bytes) -> None:
        try:
            message = json.loads(line)
            handler = getattr(self, f"_on_{message['event']}_message", None)
            if handler is None:
                log.warning("Unknown message of the indexing child: %.200r", line)
                return
            handler(message)
        except (ValueError, KeyError, TypeError):
            log.warning("Unreadable message of the indexing child: %.200r", line)

    def _on_state_message(self, message: dict[str, Any]) -> None:
        state = str(message["state"])
        if state == "paused":
            # It was this window that asked for it, and it shows so already.
            return
        if state not in STATES:
            raise ValueError(state)
        working = state in WORKING
        kept = self._progress if working else Progress()
        self._backoff = BUSY_BACKOFF_MS if state == "busy" else FIRST_BACKOFF_MS
        self._set(Progress(state, kept.done, kept.total, kept.current))

    def _on_progress_message(self, message: dict[str, Any]) -> None:
        state = self._progress.state
        state = state if state in WORKING else "indexing"
        done, total = int(message["done"]), int(message["total"])
        self._set(Progress(state, done, total, str(message.get("current", ""))))

    def _on_changed_message(self, message: dict[str, Any]) -> None:
        from app.changes import CHANGED_KINDS, Changes

        kinds = frozenset(map(str, message["kinds"])) & frozenset(CHANGED_KINDS)
        self.changed.emit(Changes(kinds, tuple(int(one) for one in message.get("assets", ()))))

    def _on_root_message(self, message: dict[str, Any]) -> None:
        mode = str(message["mode"])
        if mode not in MODES:
            raise ValueError(mode)
        seen = RootMode(int(message["id"]), mode, str(message.get("reason", "")))
        self.modes[seen.root_id] = seen
        self.root_seen.emit(seen)

    def _on_pace_message(self, message: dict[str, Any]) -> None:
        self._slower = str(message["slower"])
        self._tell_progress()

    def _on_radar_message(self, message: dict[str, Any]) -> None:
        working = str(message["state"]) == "scanning"
        self.radar_seen.emit(
            RadarProgress(working, int(message.get("done", 0)), int(message.get("total", 0)))
        )

    def _on_done_message(self, message: dict[str, Any]) -> None:
        from app.changes import Changes

        self._told_of_crash = False
        files, problems = int(message.get("files", 0)), int(message.get("problems", 0))
        log.info("Indexed %s files with %s problems", files, problems)
        self.changed.emit(Changes(frozenset({"assets", "index", "roots"})))

    def _on_error_message(self, message: dict[str, Any]) -> None:
        log.warning("The indexing child says: %s", message["message"])
        self.said.emit(str(message["message"]))

    def _take_complaints(self) -> None:
        if self._process is None:
            return
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        for line in text.splitlines():
            log.info("child: %.500s", line)

    def _set(self, progress: Progress) -> None:
        settled = progress.state != self._progress.state
        self._progress = progress
        if settled:
            self._tell_progress()
        elif not self._show.isActive():
            self._show.start(SHOW_EVERY_MS)

    def _tell_progress(self) -> None:
        now = self._progress._replace(slower=self._slower)
        if self._paused and now.state in WORKING:
            now = now._replace(state="paused")
        self.progressed.emit(now)

    # ---- how it ends ---------------------------------------------------------------------

    def _on_error(self, error: QProcess.ProcessError) -> None:
        from PySide6.QtCore import QProcess

        if error == QProcess.ProcessError.FailedToStart:
            self._ended(crashed=True, words="could not be started")

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        from PySide6.QtCore import QProcess

        self._take_complaints()
        crashed = status == QProcess.ExitStatus.CrashExit or code != 0
        self._ended(crashed=crashed, words=f"ended with code {code}")

    def _ended(self, *, crashed: bool, words: str) -> None:
        process, self._process = self._process, None
        self._slower = ""
        if process is None or self._closing:
            return
        process.deleteLater()
        if self._held:
            self._patience.stop()
            self._set(Progress("held"))
            then, self._ended_for = self._ended_for, None
            if then is not None:
                then()
            return
        busy = self._progress.state == "busy"
        if busy:
            self._again.start(BUSY_BACKOFF_MS)
            return
        if not crashed:
            self._set(Progress("off"))
            return
        log.warning("The indexing child %s; it starts again in %s ms", words, self._backoff)
        if not self._told_of_crash:
            self._told_of_crash = True
            self.said.emit("Reading your folders stopped unexpectedly. It starts again by itself.")
        self._set(Progress("restarting"))
        self._again.start(self._backoff)
        self._backoff = min(LONGEST_BACKOFF_MS, self._backoff * 2)
