"""The process that draws pages: ``python -m indexer.render_worker``, JSON lines on its pipes.

A request to draw: {"id", "path", "page", "width", "kind", "title", "text", "label", "out"}, and
with "cache" and "sha" what LibreOffice has made of the file is used; the answer: {"id", "ok",
"file", "source", "width", "height", "better"}, where "better" says that a conversion by
:mod:`indexer.office_worker` may give a better picture, and with "words": true in the request
the words of the page with their boxes. {"op": "locate", "id", "path", "page", "words"} is
answered with {"id", "ok", "boxes"}; with "kind", "cache" and "sha" for what LibreOffice has
made of the file, with "source": "card" and what a card is made of for a card.
{"op": "cancel", "id": n} drops a request that has not begun. {"op": "keep", "cache", "cap"} has
the cache kept within ``cap`` bytes from now on, in moments without requests. The latest request
is served first. What cannot be done is answered with {"id", "ok": false, "reason"}.
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.limits import (
    be_modest,
    die_with_parent,
    limit_cpu,
    limit_memory,
    no_core_dumps,
    quiet_output,
)
from indexer.office import family
from indexer.picture_cache import converted_file, note_use, sweep, write_whole

_MEMORY = 1536 << 20
_CPU_S = 60.0
_LARGEST = 4_000
_SMALLEST = 16
_QUALITY = 82
_NARROWEST, _WIDEST = 600.0, 1100.0
"""Points of a sheet's width that are shown; the height is that of a slide."""
_MARGIN = 12.0
_COVERS = ("pptx", "docx", "xlsx")
_MAY_BE_PICTURES = ("", "other", "image", "svg")
_SWEEP_AFTER = 0.05
_UNREADABLE = "This page could not be drawn: the file is damaged."


class _Refused(Exception):
    """A request cannot be served; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A picture as JPEG, its size in pixels, and where it comes from."""

    data: bytes
    size: tuple[int, int]
    source: str


class Keeper:
    """Keeps a cache within its size, in a thread of its own that mostly sleeps."""

    def __init__(self) -> None:
        self._wanted: tuple[Path, int] | None = None
        self._written = 0
        self._changed = threading.Condition()
        self._due = False

    def keep(self, cache: Path, cap: int) -> None:
        """Look after a cache from now on, beginning with a look over all of it."""
        with self._changed:
            self._wanted, self._due = (cache, cap), True
            self._changed.notify()

    def wrote(self, size: int) -> None:
        """Note bytes written; after a twentieth of the cap there is another look."""
        with self._changed:
            self._written += size
            if self._wanted and self._written > self._wanted[1] * _SWEEP_AFTER:
                self._due = True
                self._changed.notify()

    @property
    def is_due(self) -> bool:
        """Whether the cache is to be looked at."""
        with self._changed:
            return self._due

    def turn(self) -> None:
        """Wait until a look is due, then take it."""
        with self._changed:
            self._changed.wait_for(lambda: self._due)
            self._due, self._written = False, 0
            wanted = self._wanted
        if wanted is not None:
            sweep(*wanted)

    def run(self) -> None:
        """Take turns for ever."""
        while True:
            self.turn()


class Requests:
    """The requests that wait, the latest on top. One thread puts, another takes."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._cancelled: list[Any] = []
        self._closed = False
        self._changed = threading.Condition()

    def put(self, request: dict[str, Any]) -> None:
        """Add a request; a cancellation takes one away, which is then to be answered so."""
        with self._changed:
            if request.get("op") == "cancel":
                kept = [w for w in self._waiting if w.get("id") != request.get("id")]
                if len(kept) < len(self._waiting):
                    self._cancelled.append(request.get("id"))
                self._waiting = kept
            else:
                self._waiting.append(request)
            self._changed.notify()

    def close(self) -> None:
        """Say that no more will come; what waits is dropped, since nobody listens any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def take(self) -> tuple[dict[str, Any] | None, list[Any]]:
        """Wait for and return the latest request, or None at the end, and what was cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting or self._cancelled)
            cancelled, self._cancelled = self._cancelled, []
            if self._closed:
                return None, cancelled
            return (self._waiting.pop() if self._waiting else {}), cancelled


def main(arguments: list[str]) -> int:
    """Serve requests until the input ends."""
    out = quiet_output()
    be_modest()
    no_core_dumps()
    limit_memory(_MEMORY)
    if arguments and int(arguments[0]) >= 0:
        die_with_parent(int(arguments[0]))
    requests = Requests()
    keeper = Keeper()
    threading.Thread(target=_listen, args=(requests, keeper), daemon=True).start()
    threading.Thread(target=keeper.run, daemon=True).start()
    while True:
        request, cancelled = requests.take()
        for number in cancelled:
            _say(out, {"id": number, "ok": False, "reason": "This was cancelled."})
        if request is None:
            return 0
        if request:
            # Nobody may be left to end a page that never comes to its end.
            limit_cpu(_CPU_S)
            answer = serve(request)
            _say(out, {"id": request.get("id"), **answer})
            with contextlib.suppress(OSError, KeyError):
                keeper.wrote(Path(answer["file"]).stat().st_size)


def _listen(requests: Requests, keeper: Keeper) -> None:
    for line in sys.stdin.buffer:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            request = json.loads(line)
            if request.get("op") == "keep":
                keeper.keep(Path(request["cache"]), int(request["cap"]))
            else:
                requests.put(request)
    requests.close()


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request; whatever goes wrong with a file becomes a sentence."""
    try:
        if request.get("op") == "locate":
            return {"ok": True, "boxes": _locate(request)}
        return {"ok": True, **_draw(request)}
    except _Refused as refused:
        return {"ok": False, "reason": str(refused)}
    except FileNotFoundError:
        return {"ok": False, "reason": "The file is not there any more."}
    except MemoryError:
        return {"ok": False, "reason": "Drawing this page needs more memory than it may take."}
    except OSError as error:
        why = error.strerror or type(error).__name__
        return {"ok": False, "reason": f"This page could not be drawn: {why}."}
    except (KeyError, TypeError):
        return {"ok": False, "reason": "The request for this page was not complete."}
    except Exception:
        return {"ok": False, "reason": _UNREADABLE}


def _draw(request: dict[str, Any]) -> dict[str, Any]:
    """Draw the page itself, or take the file's own preview, or draw a card, in this order."""
    width = max(_SMALLEST, min(_LARGEST, int(request["width"])))
    path, page, kind = Path(request["path"]), int(request["page"]), str(request.get("kind"))
    words: list[Any] | None = None
    better = False
    found: _Drawn | None = None
    if _is_away(path):
        pass  # a card: a look at a page is no order to fetch the file from the network (FW-16)
    elif kind == "pdf":
        data, size, words = _pdf_page(path, page, width, wanted=bool(request.get("words")))
        found = _Drawn(data, size, "page")
    else:
        found, better = _converted(request, path, page, width)
        found = found or _as_picture(path, kind, page, width)
        if found is None and page == 1 and kind in _COVERS:
            found = _cover(path, width)
    found = found or _card(request, kind, width)
    out = Path(request["out"])
    write_whole(out, found.data)
    width, height = found.size
    reply = {"file": str(out), "source": found.source, "width": width, "height": height}
    if better and found.source != "page":
        reply["better"] = True
    return reply if words is None else {**reply, "words": words}


def _converted(
    request: dict[str, Any], path: Path, page: int, width: int
) -> tuple[_Drawn | None, bool]:
    """Draw the page from what LibreOffice made of the file; else say whether it might make it."""
    group, cache = family(str(request.get("kind")), path.name), request.get("cache")
    if group is None or not cache:
        return None, False
    made = converted_file(Path(cache), str(request["sha"]))
    if not made.exists():
        return None, path.exists()
    note_use(made)
    try:
        with _open_pdf(made) as document:
            drawn = _page(document, page)
            picture = _sheet(drawn, width) if group == "sheets" else _pixels(drawn, width)
            data = picture.tobytes("jpeg", jpg_quality=_QUALITY)
    except _Refused:
        # Half a file after a power cut is to be made again; a page too many is only not there.
        if not _opens(made):
            made.unlink(missing_ok=True)
            return None, True
        return None, False
    return _Drawn(data, (picture.width, picture.height), "page"), False


def _opens(path: Path) -> bool:
    try:
        with _open_pdf(path) as document:
            return int(document.page_count) > 0
    except _Refused:
        return False


def _sheet(page: Any, width: int) -> Any:
    """Render the part of a sheet that a person sees first: its top left corner, on white."""
    from indexer.extract.mupdf import load

    pymupdf = load()
    shown = _shown_width(page)
    zoom = width / shown
    picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, width, width * 9 // 16), 0)
    picture.clear_with(255)
    clip = pymupdf.Rect(0, 0, shown - _MARGIN, shown) & page.rect
    if not clip.is_empty:
        part = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), clip=clip)
        part.set_origin(round(_MARGIN * zoom), round(_MARGIN * zoom))
        picture.copy(part, pymupdf.IRect(part.irect) & pymupdf.IRect(picture.irect))
    return picture


def _shown_width(page: Any) -> float:
    return float(min(max(page.rect.width + 2 * _MARGIN, _NARROWEST), _WIDEST))


def _as_picture(path: Path, kind: str, page: int, width: int) -> _Drawn | None:
    """Draw a file that is a picture itself; None when it is none."""
    if page != 1 or kind not in _MAY_BE_PICTURES:
        return None
    from indexer.image import picture

    made = picture(path, width, _LARGEST)
    return None if made is None else _Drawn(made[0], made[1], "page")


def _cover(path: Path, width: int) -> _Drawn | None:
    from indexer.image import embedded

    made = embedded(path, width, _LARGEST)
    return None if made is None else _Drawn(made[0], made[1], "embedded")


def _pdf_page(
    path: Path, number: int, width: int, *, wanted: bool
) -> tuple[bytes, tuple[int, int], list[Any] | None]:
    with _open_pdf(path) as document:
        page = _page(document, number)
        picture = _pixels(page, width)
        words = [[*_share(page, w[:4]), w[4]] for w in page.get_text("words")] if wanted else None
        return picture.tobytes("jpeg", jpg_quality=_QUALITY), (picture.width, picture.height), words


def _pixels(page: Any, width: int) -> Any:
    """Render a page ``width`` pixels wide, or less where it would be too tall."""
    from indexer.extract.mupdf import load

    rect = page.rect
    zoom = width / max(rect.width, 1e-3)
    if rect.height * zoom > _LARGEST:
        zoom = _LARGEST / rect.height
    matrix = load().Matrix(zoom, zoom)
    return page.get_pixmap(matrix=matrix, alpha=False)


def _card_parts(request: dict[str, Any]) -> tuple[str, str, str]:
    title, text, label = (str(request.get(name) or "") for name in ("title", "text", "label"))
    return title, text, label


def _card(request: dict[str, Any], kind: str, width: int) -> _Drawn:
    from indexer.card import card

    with card(kind, *_card_parts(request)) as document:
        picture = _pixels(document[0], width)
        data = picture.tobytes("jpeg", jpg_quality=88)
        return _Drawn(data, (picture.width, picture.height), "card")


def _locate(request: dict[str, Any]) -> list[list[float]]:
    """Return where words stand on the picture of a page, as shares of its size."""
    from indexer.locating import boxes

    terms = tuple(str(word) for word in request["words"])
    with _document_shown(request) as document:
        if document is None or not terms:
            return []
        card = request.get("source") == "card"
        page = _page(document, 1 if card else int(request["page"]))
        found = boxes(page, terms)
        if not card and family(str(request.get("kind")), str(request["path"])) == "sheets":
            return _on_sheet(page, found)
        return [_share(page, box) for box in found]


@contextlib.contextmanager
def _document_shown(request: dict[str, Any]) -> Iterator[Any]:
    """Open what the picture of a page was drawn from; None where that has no words."""
    path, kind, cache = Path(request["path"]), str(request.get("kind")), request.get("cache")
    if request.get("source") == "card":
        from indexer.card import card

        with card(kind, *_card_parts(request)) as document:
            yield document
        return
    if _is_away(path):
        yield None
        return
    made = path
    if kind != "pdf" and cache and family(kind, path.name) is not None:
        made = converted_file(Path(cache), str(request["sha"]))
    if not made.exists() or not _is_pdf(made):
        yield None
        return
    with _open_pdf(made) as document:
        yield document


def _is_away(path: Path) -> bool:
    """Whether only a placeholder of the file is on this computer."""
    from indexer.scan import is_online_only

    try:
        return is_online_only(path.stat())
    except FileNotFoundError:
        return False


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"%PDF-" in stream.read(1_024)


def _on_sheet(page: Any, found: list[Any]) -> list[list[float]]:
    """Return boxes as shares of the part of a sheet that ``_sheet`` draws."""
    width, height = _shown_width(page), _shown_width(page) * 9 / 16
    shares = []
    for x0, y0, x1, y1 in found:
        box = ((x0 + _MARGIN) / width, (y0 + _MARGIN) / height)
        end = ((x1 + _MARGIN) / width, (y1 + _MARGIN) / height)
        if box[0] < 1 and box[1] < 1:
            shares.append([round(min(1.0, value), 5) for value in (*box, *end)])
    return shares


def _share(page: Any, box: Any) -> list[float]:
    """Turn a box in points, unrotated, into shares of the page as it is shown."""
    from indexer.extract.mupdf import load

    shown = load().Rect(box) * page.rotation_matrix
    width, height = max(page.rect.width, 1e-3), max(page.rect.height, 1e-3)
    values = (shown.x0 / width, shown.y0 / height, shown.x1 / width, shown.y1 / height)
    return [round(min(1.0, max(0.0, value)), 5) for value in values]


def _open_pdf(path: Path) -> Any:
    from indexer.extract.mupdf import load, raise_if_memory

    if not path.exists():
        raise FileNotFoundError(path)
    try:
        document = load().open(path, filetype="pdf")
    except Exception as error:  # MuPDF raises its own, undocumented types
        raise_if_memory(error)
        raise _Refused(_UNREADABLE) from error
    if document.needs_pass:
        document.close()
        raise _Refused("This page could not be drawn: the file needs a password.")
    return document


def _page(document: Any, number: int) -> Any:
    try:
        count = int(document.page_count)
        page = document[number - 1] if 1 <= number <= count else None
    except Exception as error:  # broken page trees raise bare RuntimeErrors
        raise _Refused(_UNREADABLE) from error
    if page is None:
        raise _Refused(f"The file has no page {number}.")
    return page


def _say(out: int, message: dict[str, Any]) -> None:
    left = memoryview(json.dumps(message).encode("ascii") + b"\n")
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    # Leave at once: the listening thread may sit in a read that nothing will end.
    code = main(sys.argv[1:])
    os._exit(code)
