"""The child's side: calls come in, threads carry them out, answers go back in any order."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from typing import IO

from app.answering import frames
from app.answering.methods import WITHOUT_RECORD, WRITES
from app.errors import DeckhandError, EnvironmentProblem
from app.library import Library
from app.paths import gone
from indexer import collector

log = logging.getLogger("deckhand.answering")

# The window reads on three threads and writes on one.
THREADS = 4
BEHIND = ("complete", "asset", "related", "pages_found")
PATIENCE_S = 0.3
BEAT_S = 2.0
LAST_S = 1800.0


class Server:
    """Serves one library to whoever holds the other ends of the two pipes.

    ``known``: there was a library before, so none is begun where it is gone.
    """

    def __init__(
        self, library: Library, calls: IO[bytes], answers: IO[bytes], *, known: bool = False
    ) -> None:
        self._library = library
        self._known = known
        self._calls = calls
        self._answers = answers
        self._speaking = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[int, frames.Asked]] = queue.SimpleQueue()
        self._in_hand = self._writing = self._finding = 0
        self._quiet = threading.Condition()
        self._loaded = False

    def run(self) -> None:
        """Serve until the calls end; then wait for the writes that have begun."""
        for number in range(THREADS):
            threading.Thread(target=self._work, name=f"answer-{number}", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        while (frame := frames.read(self._calls)) is not None:
            number, asked = frame[0], frames.asked(frame[1])
            with self._quiet:
                self._in_hand += 1
                self._writing += asked.method in WRITES
                self._finding += asked.method == "find"
                self._quiet.notify_all()
            self._queue.put((number, asked))
        with self._quiet:
            self._quiet.wait_for(lambda: not self._writing, timeout=LAST_S)
        if self._library.exists:
            self._library.store.close()

    def _work(self) -> None:
        while True:
            number, asked = self._queue.get()
            if asked.method in BEHIND:
                self._let_finds_go_first()
            answer = self._answer(number, asked)
            self._say(answer)
            if asked.method == "find" and not self._loaded:
                # A full search for rubbish would stop a search for a tenth of a second.
                self._loaded = True
                collector.keep()
            with self._quiet:
                self._in_hand -= 1
                self._writing -= asked.method in WRITES
                self._finding -= asked.method == "find"
                self._quiet.notify_all()

    def _say(self, frame: bytes) -> None:
        # Whoever asked may be gone: then nobody needs to know.
        with self._speaking, contextlib.suppress(OSError, ValueError):
            self._answers.write(frame)
            self._answers.flush()

    def _beat(self) -> None:
        """Say now and then that work goes on: silence means that no thread can run here."""
        while True:
            with self._quiet:
                self._quiet.wait_for(lambda: self._in_hand)
            time.sleep(BEAT_S)
            if self._in_hand:
                self._say(frames.BEAT)

    def _let_finds_go_first(self) -> None:
        """What follows the results on the screen may come after them, and not make them late."""
        with self._quiet:
            self._quiet.wait_for(lambda: not self._finding, timeout=PATIENCE_S)

    def _answer(self, number: int, asked: frames.Asked) -> bytes:
        try:
            needed = self._known and asked.method not in WITHOUT_RECORD
            if needed and not self._library.exists:
                raise EnvironmentProblem(gone(self._library.folder))
            value = getattr(self._library, asked.method)(*asked.args, **asked.kwargs)
            return frames.packed(number, frames.Answered(value))
        except DeckhandError as problem:
            return frames.packed(number, frames.Answered(error=problem))
        except Exception as problem:
            log.exception("%s failed", asked.method)
            failed = frames.Failed(f"{asked.method}: {type(problem).__name__}: {problem}")
            return frames.packed(number, frames.Answered(error=failed))

