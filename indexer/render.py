"""Pictures of pages: a client, without Qt, for the process that draws them."""

import queue
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.child import Child, Line
from indexer.picture_cache import cache_file

WALL_S = 30.0
"""Seconds that one picture may take."""


class NoPicture(Exception):
    """A page cannot be drawn; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page on disk.

    ``source`` is "page" for the page itself, "embedded" for the preview that the file carries,
    "card" for a card with the page's title and first lines. Sizes are in pixels.
    """

    file: Path
    source: str
    width: int
    height: int


class Renderer:
    """Draws pages in a child process, for programs without Qt's event loop.

    A child that dies or takes longer than ``wall_s`` seconds is replaced; the page is reported
    as one that cannot be drawn. Usable from any thread, one request at a time.
    """

    def __init__(self, cache: Path, *, wall_s: float = WALL_S) -> None:
        self._cache = cache
        self._wall_s = wall_s
        self._child: Child | None = None
        self._events: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._last_id = 0

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def picture(
        self,
        path: Path,
        sha_hex: str,
        page: int,
        width: int,
        *,
        kind: str,
        title: str = "",
        text: str = "",
        label: str = "",
    ) -> Picture:
        """Draw the picture of a page and return it.

        :raises NoPicture: when the page cannot be drawn.
        """
        out = cache_file(self._cache, sha_hex, page, width)
        reply = self._ask(
            {
                "path": str(path),
                "sha": sha_hex,
                "page": page,
                "width": width,
                "kind": kind,
                "title": title,
                "text": text,
                "label": label,
                "cache": str(self._cache),
                "out": str(out),
            }
        )
        return Picture(
            Path(reply["file"]), str(reply["source"]), int(reply["width"]), int(reply["height"])
        )

    def locate(self, path: Path, page: int, words: list[str]) -> list[tuple[float, ...]]:
        """Return the boxes (x0, y0, x1, y1, as shares of the page) of words on a PDF's page.

        :raises NoPicture: when the page cannot be read.
        """
        request = {"op": "locate", "path": str(path), "page": page, "words": words}
        return [tuple(float(value) for value in box) for box in self._ask(request)["boxes"]]

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            self._drop()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self._last_id += 1
            child = self._child or Child("indexer.render_worker", [], self._events)
            self._child = child
            if not child.send({"id": self._last_id, **request}):
                self._drop()
                raise NoPicture("This page could not be drawn: the process for it had ended.")
            reply = self._reply(child)
        if not reply.get("ok"):
            raise NoPicture(str(reply.get("reason") or "This page could not be drawn."))
        return reply

    def _reply(self, child: Child) -> dict[str, Any]:
        import json

        end = time.monotonic() + self._wall_s
        while True:
            try:
                line = self._events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                self._drop()
                raise NoPicture(
                    f"Drawing this page took longer than {self._wall_s:g} seconds."
                ) from None
            if line is None or line.child is not child:
                continue
            if line.text is None:
                self._drop()
                raise NoPicture("Drawing this page made the process for it crash.")
            reply: dict[str, Any] = json.loads(line.text)
            if reply.get("id") == self._last_id:
                return reply

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
