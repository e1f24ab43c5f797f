"""Page pictures: asked of the rendering child, decoded beside the UI thread, kept while useful."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage

from ui.asked_child import Answer, AskedChild
from ui.conversions import Conversions, Convertible, install_hint
from ui.decoding import Shape, decode

WIDTHS = (320, 768, 1600)
"""Widths in pixels that the child renders: for lists, for the preview and for the quick look."""
BUDGET = 96 * 1024 * 1024
"""Bytes of decoded pictures kept (SC-5)."""
IN_FLIGHT = 2
_AT_ONCE = 6
_TOUCH_S = 600.0
_FLOWING = ("docx", "doc", "odt", "rtf")
_REFLOWED = "As LibreOffice sets it: pages may end elsewhere than in Word."
CAP_MB = 500
"""Megabytes on disk, unless told otherwise."""


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
    ``better`` says that a conversion might give the page itself; ``hint`` is a sentence about
    what would, or why none can.
    """

    image: QImage
    source: str
    reason: str = ""
    better: bool = False
    hint: str = ""


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


def _worker(name: str) -> list[str]:
    return [sys.executable, "-m", f"indexer.{name}"]


class Pictures(QObject):
    """Owns the pictures of pages and the way to new ones. Lives on the UI thread.

    ``ready`` carries the Wanted whose picture can now be had from ``get``. It may come again for
    the same Wanted: a card, or the cover that a deck carries, is shown at once, and replaced when
    LibreOffice has made the page.
    """

    ready = Signal(object)
    _decoded = Signal(object)

    def __init__(
        self,
        cache: Path,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
        office_command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._child = AskedChild(command or _worker("render_worker"), self, at_once=IN_FLIGHT)
        office = office_command or [*_worker("office_worker"), str(cache)]
        self._conversions = Conversions(office, self._to_convert, self._is_waited_for, self)
        self._conversions.done.connect(self._on_converted)
        self._conversions.refused.connect(self._on_refused)
        self._conversions.absent.connect(self._on_absent)
        self._poor: dict[Wanted, _Place] = {}
        self._redrawn: set[Wanted] = set()
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

    def configure(self, *, cache_mb: int = CAP_MB, office: bool = True) -> None:
        """Bound the cache on disk; say whether LibreOffice, where installed, is to be used.

        Until this is called pictures are shown but nothing is removed and nothing converted.
        """
        cap = max(1, cache_mb) << 20
        self._child.greet({"op": "keep", "cache": str(self._cache), "cap": cap})
        self._conversions.configure(enabled=office, cap=cap)

    # ---- asking ----------------------------------------------------------------------------

    def get(self, wanted: Wanted, group: str = "list", rank: int = 0) -> Picture | None:
        """The picture if it is here; else None, and ``ready`` will tell.

        Higher ``rank`` is drawn first; among equals what was asked for last, and what one
        painting asked for in its order. ``group`` names who asks, for ``keep_only``.
        """
        picture = self._pictures.get(wanted)
        if picture is not None:
            self._pictures.move_to_end(wanted)
            if picture.better:
                self._want_better(wanted, _Place(rank, self._batch, group))
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
        self._feed()
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
        for old in [w for w, p in self._poor.items() if p.group == group and w not in keep]:
            del self._poor[old]

    def locate(
        self, wanted: Wanted, source: str, words: Sequence[str], done: Callable[[object], None]
    ) -> None:
        """Ask where words stand on a picture from that source (see Picture).

        ``done`` gets boxes as fractions of its size, or [].
        """

        def heard(answer: Answer) -> None:
            done(answer.get("boxes") or [] if answer.get("ok") else [])

        if not self._closed:
            request: dict[str, object] = {
                "op": "locate", "path": wanted.path, "page": wanted.page, "words": list(words),
                "kind": wanted.kind, "sha": wanted.sha, "cache": str(self._cache),
                "source": source, "title": wanted.title, "text": wanted.text,
                "label": wanted.label,
            }  # fmt: skip
            self._child.send(request, heard)

    def close(self) -> None:
        """End the children and wait for decoding under way (at most a second)."""
        self._closed = True
        self._queue.clear()
        self._waiting.clear()
        self._poor.clear()
        self._conversions.close()
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
                _note_use(path)
                return Picture(image, source, better=source != "page")
        return None

    def _read_new(self, wanted: Wanted, file: Path, source: str, *, better: bool) -> None:
        image = decode(file, wanted.shape)
        kept = self._file(wanted)
        # A card is drawn anew each time: tomorrow there may be a way to draw the page itself.
        with contextlib.suppress(OSError):
            if source == "embedded":
                file.replace(_embedded(kept))
            elif source != "page":
                file.unlink()
            elif file != kept:
                file.replace(kept)
                _embedded(kept).unlink(missing_ok=True)
        reason = "The page could not be drawn." if image.isNull() else ""
        self._tell(_Decoded(wanted, Picture(image, source, reason, better)))

    def _tell(self, decoded: _Decoded) -> None:
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            self._decoded.emit(decoded)

    def _on_decoded(self, decoded: _Decoded) -> None:
        wanted, picture = decoded.wanted, decoded.picture
        place = self._waiting.get(wanted)
        if picture is None:
            if place is not None:
                self._queue[wanted] = place
                self._feed()
            return
        if wanted in self._redrawn:
            # Whatever it is now, it is the best there is.
            self._redrawn.discard(wanted)
            picture = replace(picture, better=False)
        self._store(wanted, self._told(wanted, picture))
        if place is None:
            return
        del self._waiting[wanted]
        if picture.better:
            self._want_better(wanted, place)
        self.ready.emit(wanted)

    def _feed(self) -> None:
        while self._queue and self._child.has_room and not self._closed:
            # Of equals the first is taken, and dicts keep the order of asking.
            wanted, _ = max(self._queue.items(), key=lambda one: (one[1].rank, one[1].batch))
            del self._queue[wanted]
            self._render(wanted)

    def _render(self, wanted: Wanted) -> None:
        fresh = self._fresh_file(wanted)

        def heard(answer: Answer) -> None:
            if self._closed:
                return
            if answer.get("ok"):
                file = Path(str(answer.get("file") or fresh))
                source = str(answer.get("source", "page"))
                better = bool(answer.get("better"))
                self._start(partial(self._read_new, wanted, file, source, better=better))
            else:
                reason = str(answer.get("reason") or "The page could not be drawn.")
                self._on_decoded(_Decoded(wanted, Picture(QImage(), "none", reason)))

        self._child.send(
            {
                "path": wanted.path, "sha": wanted.sha, "page": wanted.page,
                "width": wanted.width, "kind": wanted.kind, "title": wanted.title,
                "text": wanted.text, "label": wanted.label, "out": str(fresh),
                "cache": str(self._cache),
            },
            heard,
        )  # fmt: skip

    # ---- better pictures ---------------------------------------------------------------------

    def _want_better(self, wanted: Wanted, place: _Place) -> None:
        """Note that a picture on screen could be better; ask for it, or for its conversion."""
        if wanted in self._waiting:
            return
        if wanted.sha in self._conversions.converted:
            self._redraw(wanted, place)
        elif self._conversions.may_help(wanted.sha) or not self._conversions.enabled:
            self._poor[wanted] = place
            self._conversions.look()

    def _redraw(self, wanted: Wanted, place: _Place) -> None:
        """Draw a picture again, while the present one stays on screen."""
        self._redrawn.add(wanted)
        self._waiting[wanted] = self._queue[wanted] = place
        self._next_batch.start()

    def _to_convert(self) -> Convertible | None:
        slow = self._conversions.slow
        able = [w for w in self._poor if w.path and self._conversions.may_help(w.sha)]
        if not able:
            return None
        places = self._poor
        best = max(able, key=lambda w: (w.sha not in slow, places[w].rank, places[w].batch))
        return Convertible(best.sha, best.path, best.kind)

    def _is_waited_for(self, sha: str) -> bool:
        return any(wanted.sha == sha for wanted in self._poor)

    def _of(self, sha: str) -> list[tuple[Wanted, _Place]]:
        return [(w, place) for w, place in self._poor.items() if w.sha == sha]

    def _on_converted(self, sha: str) -> None:
        for wanted, place in self._of(sha):
            del self._poor[wanted]
            self._redraw(wanted, place)

    def _on_refused(self, sha: str) -> None:
        """Say why on what is shown; it stays as it is."""
        for wanted, _ in self._of(sha):
            del self._poor[wanted]
            self._tell_again(wanted)

    def _on_absent(self) -> None:
        poor, self._poor = self._poor, {}
        for wanted in poor:
            self._tell_again(wanted)

    def _tell_again(self, wanted: Wanted) -> None:
        picture = self._pictures.get(wanted)
        if picture is not None:
            self._store(wanted, self._told(wanted, picture))
            self.ready.emit(wanted)

    def _told(self, wanted: Wanted, picture: Picture) -> Picture:
        """The picture with what is to be said about how it could be better, or is not exact."""
        if picture.source == "page":
            hint = _REFLOWED if wanted.kind in _FLOWING else ""
        elif picture.better and self._conversions.is_absent:
            hint = install_hint(wanted.kind)
        else:
            hint = self._conversions.reasons.get(wanted.sha, "")
        return replace(picture, hint=hint)

    # ---- memory ------------------------------------------------------------------------------

    def _store(self, wanted: Wanted, picture: Picture) -> None:
        old = self._pictures.pop(wanted, None)
        if old is not None:
            self._bytes -= old.image.sizeInBytes()
        self._pictures[wanted] = picture
        self._bytes += picture.image.sizeInBytes()
        while self._bytes > BUDGET and len(self._pictures) > 1:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= oldest.image.sizeInBytes()


def _note_use(file: Path) -> None:
    """Keep the access time that decides what leaves the cache; many systems do not."""
    with contextlib.suppress(OSError):
        facts = file.stat()
        now = time.time()
        if now - facts.st_atime > _TOUCH_S:
            os.utime(file, (now, facts.st_mtime))


def _embedded(file: Path) -> Path:
    return file.with_suffix(".embedded.jpg")
