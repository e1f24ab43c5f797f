"""Watching a program from outside: CPU, wall, memory of all its processes, and files it opens.

Linux only: memory is read from ``/proc``, opened files are told by inotify.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.processes import family, shared_memory

CHECKOUT = Path(__file__).resolve().parents[2]
_IN_OPEN, _IN_ISDIR, _IN_NONBLOCK = 0x20, 0x40000000, 0o4000
_EVENT = struct.Struct("iIII")


def environment() -> dict[str, str]:
    """Ours, but compiled modules are kept: compiling them anew is no cost of the program."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


def measured(command: Sequence[str]) -> dict[str, float]:
    """Run a command to its end: seconds of CPU of it and all its children, and of wall."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, env=environment())
    wall = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": wall}


def peak_memory(command: Sequence[str]) -> float:
    """Run a command to its end: the most memory in MB that it and its children had together.

    Proportional shares (PSS), looked at every 50 ms; the looking costs, so nothing is timed here.
    """
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, env=environment())
    peak = 0
    while process.poll() is None:
        peak = max(peak, shared_memory(family(process.pid)))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return peak / 1024


@contextmanager
def opened_files(folder: Path) -> Iterator[Callable[[], int]]:
    """Count how often anybody opens a file below a folder (inotify); folders do not count."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(_IN_NONBLOCK)
    if watch < 0:
        raise OSError(ctypes.get_errno(), "inotify cannot be had")
    try:
        for path in [folder, *(each for each in folder.rglob("*") if each.is_dir())]:
            if libc.inotify_add_watch(watch, os.fsencode(path), _IN_OPEN) < 0:
                raise OSError(ctypes.get_errno(), f"cannot watch {path}")
        count = 0
        ended = threading.Event()

        def listen() -> None:
            nonlocal count
            while True:
                last = ended.is_set()
                count += sum(not mask & _IN_ISDIR for mask in _masks(watch))
                if last:
                    return
                time.sleep(0.005)

        listener = threading.Thread(target=listen)
        listener.start()

        def told() -> int:
            ended.set()
            listener.join()
            return count

        try:
            yield told
        finally:
            told()
    finally:
        os.close(watch)


def _masks(watch: int) -> Iterator[int]:
    try:
        raw = os.read(watch, 1 << 20)
    except BlockingIOError:
        return
    at = 0
    while at < len(raw):
        _, mask, _, length = _EVENT.unpack_from(raw, at)
        yield mask
        at += _EVENT.size + length
