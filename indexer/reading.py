"""The child process that opens hostile files: ``python -m indexer.reading``.

Arguments: the descriptor of a pipe that closes when the parent dies (-1 for none), bytes of
memory, then seconds of computing: at least, per megabyte, at most. It reads one JSON line per file,
{"path": ..., "mark": ..., "stepwise": ...}, of which one may name a file ("note") in which the mark
of what is in hand is to be noted. It answers with "size", "sha256" and "extracted": in a line
each when the file is large or ``stepwise`` is set, else in one.
"""

import json
import os
import select
import stat
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from indexer import collector
from indexer.extract import Extracted, extract_within_memory, name_only
from indexer.fingerprint import file_sha256
from indexer.inhand import Note
from indexer.limits import (
    Limits,
    be_modest,
    die_with_parent,
    limit_cpu,
    limit_memory,
    no_core_dumps,
    quiet_output,
)

Reader = Callable[[Path], Extracted]

_COMMON = (
    *("indexer.extract.language", "indexer.extract.markdown", "lxml.etree", "pymupdf"),
    *("indexer.extract.pdf", "indexer.extract.pptx", "indexer.extract.docx"),
)
_WRITING = "This file was still being written when it was read; it will be read again."
_LARGE = 1 << 20
_GONE = "This file was gone before it could be read."


def main(arguments: list[str], read: Reader = extract_within_memory) -> int:
    """Serve files until the input ends; ``read`` takes their text out."""
    life, memory = int(arguments[0]), int(arguments[1])
    base, per_mb, most = (float(value) for value in arguments[2:5])
    limits = Limits(memory=memory, cpu_base_s=base, cpu_per_mb_s=per_mb, cpu_most_s=most)
    out = quiet_output()
    be_modest()
    no_core_dumps()
    limit_memory(memory)
    if life >= 0:
        die_with_parent(life)
    _make_ready()
    note = Note("")
    for line in sys.stdin.buffer:
        try:
            job = json.loads(line)
            note = Note(job["note"]) if "note" in job else note
            note.say(job.get("mark", ""))
            _serve(
                Path(job["path"]), _Answer(out, stepwise=job.get("stepwise", False)), limits, read
            )
        except MemoryError:
            _say(out, {"failed": "memory"})
            return 1
        except BaseException as error:  # some libraries raise past Exception: PanicException
            _say(out, {"failed": type(error).__name__})
            return 1
    return 0


def _make_ready() -> None:
    """Load the readers of the commonest files, as long as none is asked for.

    A child may be started before it is known what to read; loading takes a sixth of a second.
    """
    for name in _COMMON:
        if sys.platform == "win32" or select.select([sys.stdin.buffer], [], [], 0)[0]:
            return
        import_module(name)


class _Answer:
    """What is said of one file: what is known early at once where that matters, else at the end."""

    def __init__(self, out: int, *, stepwise: bool) -> None:
        self._out = out
        self._stepwise = stepwise
        self._known: dict[str, Any] = {}

    def seen(self, status: os.stat_result, inode: int) -> None:
        """Tell what lies there; a large file tells everything step by step."""
        self._stepwise = self._stepwise or status.st_size >= _LARGE
        self._tell({"size": status.st_size, "seen": [status.st_size, status.st_mtime_ns, inode]})

    def sha256(self, digest: bytes) -> None:
        """Tell the hash of the bytes."""
        self._tell({"sha256": digest.hex()})

    def _tell(self, message: dict[str, Any]) -> None:
        if self._stepwise:
            _say(self._out, message)
        else:
            self._known.update(message)

    def end(self, extracted: Extracted, *, changed: bool = False, vanished: bool = False) -> None:
        """Tell what was found, and all that was not told before."""
        pages = [
            [page.number, page.label, page.heading, page.body, page.notes, page.hidden]
            for page in extracted.pages
        ]
        found = {
            "kind": extracted.kind,
            "state": extracted.state,
            "reason": extracted.reason,
            "title": extracted.title,
            "pages": pages,
            "properties": extracted.properties,
            "warnings": extracted.warnings,
        }
        end = {"extracted": found, "changed": changed, "vanished": vanished}
        # What is found goes first: by that the pool knows the last line of a file (``END``).
        _say(self._out, {**end, **self._known})


def _serve(path: Path, answer: _Answer, limits: Limits, read: Reader) -> None:
    try:
        before = path.stat()
        answer.seen(before, path.lstat().st_ino)
        limit_cpu(limits.cpu(before.st_size))
        extracted, changed = _read(path, before, answer, read)
        answer.end(extracted, changed=changed)
    except FileNotFoundError:
        answer.end(name_only(path, "other", "name_only", _GONE), vanished=True)


def _read(
    path: Path, before: os.stat_result, answer: _Answer, read: Reader
) -> tuple[Extracted, bool]:
    """Return what the file holds, and whether it changed while it was read."""
    if not stat.S_ISREG(before.st_mode):
        return name_only(path, "other", "name_only", "This is not a regular file."), False
    try:
        answer.sha256(file_sha256(path))
    except PermissionError:
        reason = "You have no permission to read this file: ask its owner for access."
        return name_only(path, "other", "name_only", reason), False
    extracted = read(path)
    after = path.stat()
    if _identity(before) != _identity(after):
        return name_only(path, extracted.kind, "name_only", _WRITING), True
    return extracted, False


def _identity(status: os.stat_result) -> tuple[int, ...]:
    """What changes when a file is written, or another takes its place, be it for a moment."""
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns


def _say(out: int, message: dict[str, Any]) -> None:
    left = memoryview(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    collector.seldom()
    status = main(sys.argv[1:])
    collector.leave()
    sys.exit(status)
