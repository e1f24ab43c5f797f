"""One answering child as the window sees it: asked, heard, minded, and ended."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from app.answering import frames
from app.answering.methods import WRITES

if TYPE_CHECKING:
    import queue
    import subprocess

LOOK_S = 5.0
SILENT_LOOKS = 6
"""A child that has something to do says so every two seconds: one that says nothing for half a
minute is stopped, or caught in a call that lets no other thread run."""
READ_LOOKS, WRITE_LOOKS = 120, 360
"""Ten minutes, and half an hour: longer than anything takes that comes to an end."""
CLOSE_S = 2.5


class Ended(Exception):
    """The child is gone, and this call has no answer."""


class _Call:
    """A question on its way; ``looks`` counts how often it was found without an answer."""

    def __init__(self, method: str) -> None:
        from queue import SimpleQueue

        self.writes = method in WRITES
        self.looks = 0
        self.answer: queue.SimpleQueue[bytes | None] = SimpleQueue()

    @property
    def overdue(self) -> bool:
        return self.looks > (WRITE_LOOKS if self.writes else READ_LOOKS)


class Child:
    """A child, the threads that wait for its answers, and one that sees whether it still lives.

    ``hung`` says that it was ended because it did not answer. Its patience is counted in looks and
    not by a clock: a machine that slept and a window that was stopped hold nothing against it.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.ended = self.hung = False
        self._process = process
        # Two locks, for speaking may take as long as the child does not listen.
        self._lock, self._speaking = threading.Lock(), threading.Lock()
        self._number = 0
        self._heard = False
        self._waiting: dict[int, _Call] = {}
        self._gone = threading.Event()
        self._hearing = threading.Thread(target=self._hear, name="hear", daemon=True)
        self._hearing.start()
        threading.Thread(target=self._mind, name="mind", daemon=True).start()

    def ask(self, asked: frames.Asked) -> frames.Answered:
        """The answer. Raises Ended when there will be none."""
        call = _Call(asked.method)
        with self._lock:
            self._number += 1
            number = self._number
        frame = frames.packed(number, asked)
        with self._lock:
            if self.ended:
                raise Ended
            self._waiting[number] = call
        try:
            self._say(frame)
        except (OSError, ValueError):
            # Its end is about to be heard; ``_hear`` then forgets this question too. Whoever asks
            # again before that must not ask this one.
            self.ended = True
            raise Ended from None
        body = call.answer.get()
        if body is None:
            raise Ended
        return frames.answered(body)

    def _say(self, frame: bytes) -> None:
        assert self._process.stdin is not None
        with self._speaking:
            self._process.stdin.write(frame)
            self._process.stdin.flush()

    def _hear(self) -> None:
        """Hand each answer to the thread that waits for it, as bytes: that one reads them."""
        assert self._process.stdout is not None
        while (frame := frames.read(self._process.stdout)) is not None:
            number, body = frame
            with self._lock:
                self._heard = True
                call = self._waiting.pop(number, None)
            if call is not None:
                call.answer.put(body)
        self._let_go()
        self._say_no_more()
        self._process.wait()
        self._process.stdout.close()

    def _mind(self) -> None:
        """End a child that says nothing though it was asked, or takes longer than anything may."""
        silent = 0
        while not self._gone.wait(LOOK_S):
            with self._lock:
                calls = list(self._waiting.values())
                heard, self._heard = self._heard, False
            for call in calls:
                call.looks += 1
            silent = silent + 1 if calls and not heard else 0
            if silent > SILENT_LOOKS or any(call.overdue for call in calls):
                self.hung = True
                self._process.kill()
                # Not waited for: what hangs in the system itself cannot even be killed.
                self._let_go()

    def _let_go(self) -> None:
        """Tell everybody who waits that no answer comes."""
        with self._lock:
            self.ended = True
            left, self._waiting = list(self._waiting.values()), {}
        self._gone.set()
        for call in left:
            call.answer.put(None)

    def _say_no_more(self) -> None:
        assert self._process.stdin is not None
        # What could not be said to a child that has died is not said.
        with self._speaking, contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self) -> bool:
        """Close its input, which is the sign to end, and wait a while; whether it has ended.

        A child that still writes then is left to finish; any other is ended.
        """
        self._say_no_more()
        self._hearing.join(CLOSE_S)
        with self._lock:
            writes = any(call.writes for call in self._waiting.values())
        if self._hearing.is_alive() and not writes:
            self._process.kill()
            self._hearing.join(CLOSE_S)
        return not self._hearing.is_alive()
