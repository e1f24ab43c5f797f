"""Watches roots and gives hints that something in them may have changed; a scan decides."""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.scan import display_path, is_folder
from indexer.watch.filesystem import has_room, silent_because
from indexer.watch.ignore import IGNORE_FILE, Ignore

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

log = logging.getLogger("indexer.watch")

BURST = 500
"""Events of a root within :data:`BURST_S` after which single hints are worth nothing (FW-5)."""

BURST_S = 2.0

LIVE, POLLING = "live", "polling"

MISSED = (
    "Changes were found here that the system had not reported, so this folder is looked through"
    " regularly instead."
)


class Watching(NamedTuple):
    """How a root is watched: ``mode`` is "live" or "polling", ``reason`` a sentence for polling."""

    mode: str
    reason: str | None


Hint = Callable[[str, str | None], None]
"""Called with a root's key and the path that may have changed, None for "anything"."""


@dataclass(slots=True)
class _Root:
    key: str
    path: Path
    ignore: Ignore
    how: Watching
    watch: Any = None
    burst_since: float = 0.0
    burst_count: int = 0
    next_poll: float = 0.0
    was_there: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)


class Watcher:
    """Watches any number of roots with one observer.

    Hints may repeat, may come too often, and may be wrong; they come on threads of their own
    (FW-10). A root whose file system reports nothing, or for which the system has no watches
    left, is polled: a hint for the whole root every ``poll_s`` seconds. The same hint follows a
    burst of events, a root that was gone and is back, and a change to polling.

    :param on_hint: see :data:`Hint`. What it raises is logged and dropped.
    :param poll_s: seconds between two hints for a polled root.
    :param check_s: seconds between two looks at whether roots and their threads still live.
    """

    def __init__(self, on_hint: Hint, *, poll_s: float = 300.0, check_s: float = 5.0) -> None:
        self._on_hint = on_hint
        self._poll_s = poll_s
        self._check_s = check_s
        self._roots: dict[str, _Root] = {}
        self._lock = threading.RLock()
        self._observer: Any = None
        self._stop = threading.Event()
        self._minder: threading.Thread | None = None

    def watch(self, root_key: str, path: Path, ignore: Ignore | None = None) -> Watching:
        """Begin to watch a root, or watch it anew. Events of ignored files give no hints."""
        self.unwatch(root_key)
        known = _Root(root_key, path, ignore or Ignore.for_root(path), Watching(POLLING, None))
        known.next_poll = time.monotonic() + self._poll_s
        known.was_there = is_folder(path)
        what = silent_because(path)
        if what is not None:
            reason = f"This is {what}, and the system does not report changes there."
            known.how = Watching(POLLING, reason)
        else:
            known.how = self._try_live(known)
        with self._lock:
            self._roots[root_key] = known
            if self._minder is None and not self._stop.is_set():
                self._minder = threading.Thread(target=self._mind, name="watch", daemon=True)
                self._minder.start()
        return known.how

    def how(self, root_key: str) -> Watching | None:
        """How a root is watched now, None when it is not: one that came back may be live again."""
        with self._lock:
            known = self._roots.get(root_key)
        return known.how if known is not None else None

    def unwatch(self, root_key: str) -> None:
        """Stop watching a root; one that is not watched is no error."""
        with self._lock:
            known = self._roots.pop(root_key, None)
        if known is not None:
            self._unschedule(known)

    def stop(self) -> None:
        """Stop watching everything and end the threads."""
        self._stop.set()
        with self._lock:
            self._roots.clear()
            observer, self._observer = self._observer, None
            minder, self._minder = self._minder, None
        if observer is not None:
            observer.stop()
            observer.join()
        if minder is not None and minder is not threading.current_thread():
            minder.join()

    def check(self, now: float | None = None) -> None:
        """Look after the roots once: poll what is due, find out which are gone or back (FW-6)."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            roots = list(self._roots.values())
        for known in roots:
            there = is_folder(known.path)
            back = there and not known.was_there
            dead = known.how.mode == LIVE and not self._is_alive(known)
            if there and (back or dead):
                self._unschedule(known)
                known.how = self._try_live(known)
            due = known.how.mode == POLLING and moment >= known.next_poll
            if there != known.was_there or dead or due or self._burst_over(known, moment):
                known.next_poll = moment + self._poll_s
                self._hint(known.key, None)
            known.was_there = there
        self._give_back(roots)

    def _mind(self) -> None:
        while not self._stop.wait(self._check_s):
            self.check()

    def distrust(self, root_key: str) -> Watching | None:
        """Poll a root from now on: changes were found in it that were never reported (FW-3)."""
        with self._lock:
            known = self._roots.get(root_key)
        if known is not None and known.how.mode == LIVE:
            self._poll_instead(known, MISSED)
        return known.how if known is not None else None

    def _try_live(self, known: _Root) -> Watching:
        if not has_room(known.path):
            return Watching(POLLING, _out_of_watches(OSError(errno.ENOSPC, ""), known.path))
        try:
            known.watch = self._schedule(known)
        except OSError as error:
            return Watching(POLLING, _out_of_watches(error, known.path))
        if not has_room(known.path):
            self._unschedule(known)
            return Watching(POLLING, _out_of_watches(OSError(errno.ENOSPC, ""), known.path))
        return Watching(LIVE, None)

    def _give_back(self, roots: list[_Root]) -> None:
        """Poll one root more when the watches have run out: new folders would go unwatched."""
        live = [known for known in roots if known.how.mode == LIVE and is_folder(known.path)]
        if live and not has_room(live[-1].path):
            why = _out_of_watches(OSError(errno.ENOSPC, ""), live[-1].path)
            self._poll_instead(live[-1], why)

    def _poll_instead(self, known: _Root, reason: str) -> None:
        self._unschedule(known)
        known.how = Watching(POLLING, reason)
        known.next_poll = time.monotonic() + self._poll_s
        self._hint(known.key, None)

    def _schedule(self, known: _Root) -> Any:
        from watchdog import events
        from watchdog.observers import Observer

        watcher = self

        class Handler(events.FileSystemEventHandler):
            def on_any_event(self, event: "FileSystemEvent") -> None:
                watcher._heard(known, event)

        kinds = [
            *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent),
            *(events.FileDeletedEvent, events.FileClosedEvent),
            *(events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent),
        ]
        with self._lock:
            if self._observer is None:
                self._observer = Observer()
                self._observer.start()
            return self._observer.schedule(
                Handler(), str(known.path), recursive=True, event_filter=kinds
            )

    def _unschedule(self, known: _Root) -> None:
        watch, known.watch = known.watch, None
        with self._lock:
            observer = self._observer
        if watch is not None and observer is not None:
            try:
                observer.unschedule(watch)
            except KeyError:
                log.debug("A root was already unwatched.")

    def _is_alive(self, known: _Root) -> bool:
        with self._lock:
            observer = self._observer
        if observer is None or not observer.is_alive():
            return False
        return any(e.watch == known.watch and e.is_alive() for e in observer.emitters)

    def _heard(self, known: _Root, event: "FileSystemEvent") -> None:
        """Turn an event into hints: a move hints at both of its ends (FW-9)."""
        if self._in_burst(known, time.monotonic()):
            return
        for path in (event.src_path, event.dest_path):
            relpath = _relative(known.path, path)
            if relpath is None:
                continue
            if relpath == IGNORE_FILE:
                self._hint(known.key, None)
            elif event.is_directory:
                if not known.ignore.matches(relpath, is_dir=True):
                    self._hint(known.key, None)
            elif not known.ignore.hides(relpath):
                self._hint(known.key, relpath)

    def _in_burst(self, known: _Root, now: float) -> bool:
        """Count an event; in a burst single hints are held back, and a scan follows it."""
        with known.lock:
            if now - known.burst_since > BURST_S:
                if known.burst_count > BURST:
                    return True  # the minder has yet to close this burst with a hint
                known.burst_since, known.burst_count = now, 0
            known.burst_count += 1
            return known.burst_count > BURST

    def _burst_over(self, known: _Root, now: float) -> bool:
        with known.lock:
            if known.burst_count <= BURST or now - known.burst_since <= BURST_S:
                return False
            known.burst_count = 0
            return True

    def _hint(self, root_key: str, relpath: str | None) -> None:
        if self._stop.is_set():
            return
        try:
            self._on_hint(root_key, relpath)
        except Exception:
            log.exception("A hint of the watcher was not taken.")


def _relative(root: Path, path: str | bytes) -> str | None:
    text = os.fsdecode(path)
    if not text:
        return None
    prefix = str(root).rstrip(os.sep) + os.sep
    if not text.startswith(prefix):
        return None
    return display_path(text[len(prefix) :].replace(os.sep, "/"))


def _out_of_watches(error: OSError, root: Path) -> str:
    if error.errno == errno.ENOSPC:
        limit = _setting("max_user_watches")
        folders = sum(1 for _ in os.walk(root))
        enough = max(524_288, 1 << (2 * folders).bit_length())
        return (
            f"The system has no watches left{limit}, and this folder needs {folders:,}; so it is"
            " looked through regularly instead. An administrator can raise the limit with:"
            f" sysctl fs.inotify.max_user_watches={enough}"
        )
    if error.errno == errno.EMFILE:
        limit = _setting("max_user_instances")
        return (
            f"The system has no watchers left{limit}, so this folder is looked through regularly"
            " instead. An administrator can raise the limit with:"
            " sysctl fs.inotify.max_user_instances=512"
        )
    why = error.strerror or type(error).__name__
    return f"This folder cannot be watched ({why}), so it is looked through regularly instead."


def _setting(name: str) -> str:
    try:
        return f" (the limit is {Path('/proc/sys/fs/inotify', name).read_text().strip()})"
    except OSError:
        return ""
