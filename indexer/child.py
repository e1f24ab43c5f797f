"""Runs a Python module as a child process that speaks JSON lines over its pipes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

_HERE = Path(__file__).resolve().parent.parent
_BUFFER = _PIPE = 1 << 20
_LEAST_PIPE = 1 << 12
"""Bytes that a pipe holds on every system; on Windows it is no more."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a child said; ``text`` is None once it has ended."""

    child: "Child"
    text: bytes | None


class Inbox(Protocol):
    """Where the lines of children go, called by a thread for each child."""

    def put(self, line: Line | None, /) -> None:
        """Take a line."""


def module_command(module: str, arguments: list[str]) -> list[str]:
    """Return the command that runs a module of this program with this interpreter.

    The working directory is kept off the import path: it may be a folder full of other
    people's files.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def module_environment() -> dict[str, str]:
    """Return an environment in which this program's modules are found."""
    paths = [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


class Child:
    """One child process. What it says arrives on a queue, as :class:`Line`.

    It leads a process group of its own, so that killing it kills what it started; and it ends
    when this process ends, however that happens.
    """

    def __init__(self, module: str, arguments: list[str], events: Inbox) -> None:
        self.served = 0
        self.bytes = 0
        self.note: Path | None = None
        self.idle = True
        life, self._life = os.pipe()
        posix = os.name == "posix"
        try:
            self._process = subprocess.Popen(
                module_command(module, [str(life) if posix else "-1", *arguments]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=_BUFFER,
                env=module_environment(),
                cwd=_HERE,
                pass_fds=(life,) if posix else (),
                start_new_session=posix,
                creationflags=0 if posix else getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
        except BaseException:
            os.close(self._life)
            raise
        finally:
            os.close(life)
        _widen(self._process.stdout)
        self.pipe = _widen(self._process.stdin)
        """So many bytes can be said to it before it listens."""
        self._reader = threading.Thread(target=self._read, args=(events,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended: negative is the number of a signal; None while it lives."""
        return self._process.returncode

    def send(self, message: dict[str, Any]) -> bool:
        """Send a message; return whether the child was there to take it."""
        self.idle = False
        self.served += 1
        return self._say(json.dumps(message).encode("ascii") + b"\n")

    def tell_ahead(self, paths: list[str], noted: Path) -> None:
        """Tell what it will probably be asked, as far as it can be said before it listens."""
        told, words = 0, 0
        while told < len(paths) and words < self.pipe // 2:
            words += len(json.dumps(paths[told])) + 2
            told += 1
        message = {"ahead": paths[:told], "noted": str(noted)}
        self._say(json.dumps(message).encode("ascii") + b"\n")

    def _say(self, line: bytes) -> bool:
        stream = _pipe(self._process.stdin)
        try:
            stream.write(line)
            stream.flush()
        except OSError:
            return False
        return True

    def finished(self) -> None:
        """Note that the child has answered and can take another message."""
        self.idle = True

    def kill(self) -> None:
        """End the child and everything it started, now."""
        if self._process.poll() is None:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._release()

    def close(self, patience_s: float = 2.0) -> None:
        """Ask the child to end by closing its input; kill it when it does not."""
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        self.kill()

    def _release(self) -> None:
        self._process.wait()
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        self._reader.join()
        _pipe(self._process.stdout).close()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1

    def _read(self, events: Inbox) -> None:
        with contextlib.suppress(OSError, ValueError):
            for text in _pipe(self._process.stdout):
                events.put(Line(self, text))
        events.put(Line(self, None))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the child was started without pipes")
    return stream


def _widen(stream: IO[bytes] | None) -> int:
    """Let a pipe hold more than 64 KB, where the system can; return how many it surely holds."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(_pipe(stream), fcntl.F_SETPIPE_SZ, _PIPE)
        with contextlib.suppress(OSError):
            # Its pages are not always filled: what does not fit begins a new one.
            return int(fcntl.fcntl(_pipe(stream), fcntl.F_GETPIPE_SZ)) // 2
    return _LEAST_PIPE
