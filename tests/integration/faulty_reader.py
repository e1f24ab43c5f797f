"""A reading child that does, on command of the file's text, what hostile files make one do."""

import os
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


ACTS = {
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


if __name__ == "__main__":
    sys.exit(reading.main(sys.argv[1:], _act))
