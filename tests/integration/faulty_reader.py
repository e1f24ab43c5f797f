"""A reading child that does, on command of the file's text, what hostile files make one do.

``python -m tests.integration.faulty_reader --library DIR`` is an indexing child over such
readers.
"""

import os
import signal
import sys
import time
from pathlib import Path

from indexer import reading
from indexer.extract import Extracted, extract_within_memory


class Panic(BaseException):
    """What slips past ``except Exception``."""


def _crash_once(path: Path) -> None:
    mark = path.with_suffix(".tried")
    if not mark.exists():
        mark.touch()
        os.abort()


def _panic(_: Path) -> None:
    raise Panic


def _spin(_: Path) -> None:
    while True:
        pass


def _need_memory(_: Path) -> None:
    bytearray(8 << 30)


def _grow(path: Path) -> None:
    with path.open("a") as stream:
        stream.write(" more")


def _unlink(path: Path) -> None:
    path.unlink()
    raise FileNotFoundError(path)


def _make_noise(_: Path) -> None:
    print("MuPDF error: hello", flush=True)
    os.write(1, b"{not json\n")


def _tell_and_spin(path: Path) -> None:
    path.with_suffix(".pid").write_text(str(os.getpid()))
    _spin(path)


def _murder(_: Path) -> None:
    """What a machine out of memory does: the whole indexer goes."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(3_600)


def _slow_once(path: Path) -> None:
    mark = path.with_suffix(".begun")
    if not mark.exists():
        mark.write_text(str(os.getpid()))
        _spin(path)


ACTS = {
    "murder": _murder,
    "slow-once": _slow_once,
    "crash": lambda _: os.abort(),
    "crash-once": _crash_once,
    "leave": lambda _: os._exit(0),
    "panic": _panic,
    "spin": _spin,
    "sleep": lambda _: time.sleep(3_600),
    "memory": _need_memory,
    "grow": _grow,
    "unlink": _unlink,
    "noise": _make_noise,
    "pid": _tell_and_spin,
}


def _act(path: Path) -> Extracted:
    act = ACTS.get(path.read_text().split()[0])
    if act is not None:
        act(path)
    return extract_within_memory(path)


def _index() -> int:
    from app.indexing.__main__ import main
    from indexer.worker import Extractors

    Extractors._MODULE = "tests.integration.faulty_reader"
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(_index() if "--library" in sys.argv else reading.main(sys.argv[1:], _act))
