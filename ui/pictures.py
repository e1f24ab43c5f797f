"""Page pictures: asked of the rendering child, decoded beside the UI thread, kept while useful."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage

from ui.decoding import Shape, decode

log = logging.getLogger("deckhand.ui.pictures")

WIDTHS = (320, 768, 1600)
"""Widths in pixels that the child renders: for lists, for the preview and for the quick look."""
BUDGET = 96 * 1024 * 1024
"""Bytes of decoded pictures kept (SC-5)."""
IN_FLIGHT = 2
_AT_ONCE = 6
PATIENCE_MS = 30_000
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture to show: a page (1-based) of a file, in the shape that the screen needs.

    Two are equal when they show the same; ``path``, ``kind``, ``title`` and ``label`` only say how
    to make it. ``text`` is what a card shows when the page itself cannot be drawn.
    """

    sha: str
    page: int
    shape: Shape
    path: str = field(default="", compare=False)
    kind: str = field(default="", compare=False)
    title: str = field(default="", compare=False)
    text: str = ""
    label: str = field(default="", compare=False)

    @property
    def width(self) -> int:
        """The width in pixels to be rendered: the smallest of WIDTHS that is enough."""
        need = self.shape.pixels[0]
        return next((width for width in WIDTHS if width >= need), WIDTHS[-1])


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture. ``source`` is page, embedded or card; ``reason`` says why there is none.

    ``image`` carries its device pixel ratio; it is null when the page cannot be drawn.
    """

    image: QImage
    source: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Decoded:
    wanted: Wanted
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a wish stands in the queue, and whose it is."""

    rank: int
    batch: int
    group: str


@dataclass(slots=True)
class _Job:
    request: dict[str, object]
    done: Callable[[dict[str, object]], None]
    tries: int = 0


def _default_command() -> list[str]:
    return [sys.executable, "-m", "indexer.render_worker"]


class RenderChild(QObject):
    """One rendering child, started at the first job, replaced when it dies or hangs.

    Jobs are sent two at a time, so that what is wanted now overtakes what was wanted before.
    """

    idle = Signal()

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._buffer = b""
        self._next_id = 1
        self._held = -1
        self._jobs: dict[int, _Job] = {}
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._lost_patience)

    @property
    def has_room(self) -> bool:
        """Whether another job may be sent now."""
        return len(self._jobs) < IN_FLIGHT

    def send(self, request: dict[str, object], done: Callable[[dict[str, object]], None]) -> None:
        """Send one request; ``done`` gets the answer on the UI thread, whatever happens."""
        self._post(_Job(request, done))

    def close(self) -> None:
        """End the child; jobs under way are forgotten."""
        self._jobs.clear()
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.closeWriteChannel()
            process.kill()
            process.waitForFinished(1000)
            process.deleteLater()
        self._cut_lifeline()

    def _post(self, job: _Job) -> None:
        number, self._next_id = self._next_id, self._next_id + 1
        self._jobs[number] = job
        line = json.dumps({"id": number, **job.request}, ensure_ascii=True) + "\n"
        self._running().write(line.encode())
        self._patience.start()

    def _running(self) -> QProcess:
        if self._process is None:
            process = QProcess(self)
            process.setWorkingDirectory(str(ROOT))
            process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
            process.setStandardErrorFile(QProcess.nullDevice())
            process.readyReadStandardOutput.connect(self._on_output)
            process.finished.connect(self._on_finished)
            process.errorOccurred.connect(self._on_error)
            self._process, self._buffer = process, b""
            with self._lifeline() as lifeline:
                process.start(self._command[0], [*self._command[1:], *lifeline])
        return self._process

    @contextlib.contextmanager
    def _lifeline(self) -> Iterator[list[str]]:
        """The descriptor of a pipe that closes when this process ends, however it ends.

        A child caught in a loop of a C library does not notice that its input has closed.
        """
        self._cut_lifeline()
        if sys.platform == "win32":
            yield []
            return
        reading, self._held = os.pipe()
        os.set_inheritable(reading, True)  # noqa: FBT003
        try:
            yield [str(reading)]
        finally:
            os.close(reading)

    def _cut_lifeline(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _on_output(self) -> None:
        if self._process is None:
            return
        self._buffer += self._process.readAllStandardOutput().data()
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            self._hear(line)
        if self._jobs:
            self._patience.start()
        else:
            self._patience.stop()
        self.idle.emit()

    def _hear(self, line: bytes) -> None:
        try:
            answer = json.loads(line)
        except ValueError:
            return
        if not isinstance(answer, dict):
            return
        job = self._jobs.pop(answer.get("id", 0), None)
        if job is not None:
            job.done(answer)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_finished()

    def _lost_patience(self) -> None:
        log.info("The rendering child took too long and is replaced.")
        if self._process is not None:
            self._process.kill()

    def _on_finished(self, *_: object) -> None:
        """The child is gone: the oldest job is to blame, the others get another child."""
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._patience.stop()
        jobs, self._jobs = list(self._jobs.values()), {}
        for place, job in enumerate(jobs):
            job.tries += place == 0
            if job.tries >= 2:
                job.done({"ok": False, "reason": "The page could not be drawn."})
            else:
                self._post(job)
        self.idle.emit()


class Pictures(QObject):
    """Owns the pictures of pages and the way to new ones. Lives on the UI thread.

    ``ready`` carries the Wanted whose picture can now be had from ``get``.
    """

    ready = Signal(object)
    _decoded = Signal(object)

    def __init__(
        self,
        cache: Path,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._child = RenderChild(command or _default_command(), self)
        self._child.idle.connect(self._feed)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._pictures: OrderedDict[Wanted, Picture] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[Wanted, _Place] = {}
        self._queue: dict[Wanted, _Place] = {}
        self._batch = 0
        self._made = 0
        self._to_look: list[Wanted] = []
        self._next_batch = QTimer(self)
        self._next_batch.setSingleShot(True)
        self._next_batch.setInterval(0)
        self._next_batch.timeout.connect(self._end_batch)
        self._decoded.connect(self._on_decoded)
        self._closed = False

    # ---- asking ----------------------------------------------------------------------------

    def get(self, wanted: Wanted, group: str = "list", rank: int = 0) -> Picture | None:
        """The picture if it is here; else None, and ``ready`` will tell.

        Higher ``rank`` is drawn first; among equals what was asked for last, and what one
        painting asked for in its order. ``group`` names who asks, for ``keep_only``.
        """
        picture = self._pictures.get(wanted)
        if picture is not None:
            self._pictures.move_to_end(wanted)
            return picture
        if not wanted.sha.isalnum() or self._closed:
            return None
        self._next_batch.start()
        place = _Place(rank, self._batch, group)
        if wanted in self._queue:
            self._queue[wanted] = place
        if wanted not in self._waiting:
            self._to_look.append(wanted)
        self._waiting[wanted] = place
        return None

    def _end_batch(self) -> None:
        """First look whether an earlier run has drawn them; a stat is not for the UI thread."""
        self._batch += 1
        asked, self._to_look = self._to_look, []
        wanted = [one for one in asked if one in self._waiting]
        # Some at a time: each start costs a change of threads.
        for first in range(0, len(wanted), _AT_ONCE):
            self._start(partial(self._read_cached, wanted[first : first + _AT_ONCE]))

    def _start(self, job: Callable[[], None]) -> None:
        if not self._closed:
            self._pool.start(job)

    def peek(self, wanted: Wanted) -> Picture | None:
        """The picture if it is here, without asking for it."""
        return self._pictures.get(wanted)

    def keep_only(self, group: str, wanted: Iterable[Wanted]) -> None:
        """Forget what ``group`` asked for and does not show any more."""
        keep = set(wanted)
        for old in [w for w, p in self._waiting.items() if p.group == group and w not in keep]:
            del self._waiting[old]
            self._queue.pop(old, None)

    def locate(
        self, path: str, page: int, words: Sequence[str], done: Callable[[object], None]
    ) -> None:
        """Ask where words stand on a page; ``done`` gets boxes as fractions of its size, or []."""

        def heard(answer: dict[str, object]) -> None:
            done(answer.get("boxes") or [] if answer.get("ok") else [])

        if not self._closed:
            request: dict[str, object] = {
                "op": "locate", "path": path, "page": page, "words": list(words),
            }  # fmt: skip
            self._child.send(request, heard)

    def close(self) -> None:
        """End the child and wait for decoding under way (at most a second)."""
        self._closed = True
        self._queue.clear()
        self._waiting.clear()
        self._child.close()
        self._pool.clear()
        self._pool.waitForDone(1000)

    # ---- the way of a picture ----------------------------------------------------------------

    def _file(self, wanted: Wanted) -> Path:
        """Where the rendered page is kept; the name holds nothing that a document says."""
        name = f"{wanted.sha}-{wanted.page}-{wanted.width}.jpg"
        return self._cache / wanted.sha[:2] / name

    def _fresh_file(self, wanted: Wanted) -> Path:
        """Where the child writes: what may turn out a card has a name of its own each time."""
        file = self._file(wanted)
        if wanted.kind == "pdf":
            return file
        self._made += 1
        return file.with_suffix(f".{os.getpid()}-{self._made}.jpg")

    def _read_cached(self, asked: Sequence[Wanted]) -> None:
        for wanted in asked:
            self._tell(_Decoded(wanted, self._cached(wanted)))

    def _cached(self, wanted: Wanted) -> Picture | None:
        file = self._file(wanted)
        for path, source in ((file, "page"), (_embedded(file), "embedded")):
            image = decode(path, wanted.shape) if path.exists() else QImage()
            if not image.isNull():
                return Picture(image, source)
        return None

    def _read_new(self, wanted: Wanted, file: Path, source: str) -> None:
        image = decode(file, wanted.shape)
        # A card is drawn anew each time: tomorrow there may be a way to draw the page itself.
        with contextlib.suppress(OSError):
            if source == "embedded":
                file.replace(_embedded(self._file(wanted)))
            elif source != "page":
                file.unlink()
        reason = "The page could not be drawn." if image.isNull() else ""
        self._tell(_Decoded(wanted, Picture(image, source, reason)))

    def _tell(self, decoded: _Decoded) -> None:
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            self._decoded.emit(decoded)

    def _on_decoded(self, decoded: _Decoded) -> None:
        if decoded.wanted not in self._waiting:
            if decoded.picture is not None:
                self._store(decoded.wanted, decoded.picture)
            return
        if decoded.picture is None:
            self._queue[decoded.wanted] = self._waiting[decoded.wanted]
            self._feed()
            return
        self._waiting.pop(decoded.wanted)
        self._store(decoded.wanted, decoded.picture)
        self.ready.emit(decoded.wanted)

    def _feed(self) -> None:
        while self._queue and self._child.has_room and not self._closed:
            # Of equals the first is taken, and dicts keep the order of asking.
            wanted = max(self._queue, key=lambda w: (self._queue[w].rank, self._queue[w].batch))
            del self._queue[wanted]
            self._render(wanted)

    def _render(self, wanted: Wanted) -> None:
        fresh = self._fresh_file(wanted)

        def heard(answer: dict[str, object]) -> None:
            if self._closed:
                return
            if answer.get("ok"):
                file = Path(str(answer.get("file") or fresh))
                source = str(answer.get("source", "page"))
                self._start(partial(self._read_new, wanted, file, source))
            else:
                reason = str(answer.get("reason") or "The page could not be drawn.")
                self._on_decoded(_Decoded(wanted, Picture(QImage(), "none", reason)))

        self._child.send(
            {
                "path": wanted.path, "sha": wanted.sha, "page": wanted.page,
                "width": wanted.width, "kind": wanted.kind, "title": wanted.title,
                "text": wanted.text, "label": wanted.label, "out": str(fresh),
            },
            heard,
        )  # fmt: skip

    def _store(self, wanted: Wanted, picture: Picture) -> None:
        old = self._pictures.pop(wanted, None)
        if old is not None:
            self._bytes -= old.image.sizeInBytes()
        self._pictures[wanted] = picture
        self._bytes += picture.image.sizeInBytes()
        while self._bytes > BUDGET and len(self._pictures) > 1:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= oldest.image.sizeInBytes()


def _embedded(file: Path) -> Path:
    return file.with_suffix(".embedded.jpg")
