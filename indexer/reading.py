"""The child process that opens hostile files: ``python -m indexer.reading``.

Arguments: the descriptor of a pipe that closes when the parent dies (-1 for none), bytes of
memory, then seconds of computing: at least, per megabyte, at most. It reads one JSON line per file,
{"path": ..., "mark": ..., "stepwise": ...}, of which one may name a file ("note") in which the mark
of what is in hand is to be noted. It answers with "size", "sha256" and "extracted": in a line
each when the file is large or ``stepwise`` is set, else in one. The first line may be
{"ahead": [path, ...], "noted": file}: what will probably be asked for, to be noted there.
"""

import contextlib
import json
import os
import select
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from indexer import collector
from indexer.extract import Extracted, extract_within_memory, name_only
from indexer.extract.sniff import sniff
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
_LARGE, _SMALL = 1 << 20, 1 << 16
_PLAIN = ("markdown", "text")
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
    ahead = Ahead(limits, read)
    ahead.make_ready()
    note = Note("")
    for line in sys.stdin.buffer:
        try:
            job = json.loads(line)
            if "ahead" in job:
                ahead.take(map(Path, job["ahead"]), Note(job["noted"]))
                continue
            note = Note(job["note"]) if "note" in job else note
            note.say(job.get("mark", ""))
            answer = _Answer(out, stepwise=job.get("stepwise", False))
            _serve(Path(job["path"]), answer, limits, ahead.kept, read)
        except MemoryError:
            _say(out, {"failed": "memory"})
            return 1
        except BaseException as error:  # some libraries raise past Exception: PanicException
            _say(out, {"failed": type(error).__name__})
            return 1
    return 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was read of a file before anybody asked for it."""

    identity: tuple[int, ...]
    sha256: bytes
    extracted: Extracted


class Ahead:
    """What a child does as long as it has no order: it may be started before there is one.

    It loads the readers of the commonest files, which takes a sixth of a second, and reads files
    that will be asked for; of those only small ones that are plain text. ``kept`` has what was read
    of them, by path. Whatever it opens is noted first, here too.
    """

    def __init__(self, limits: Limits, read: Reader) -> None:
        self.kept: dict[Path, _Kept] = {}
        self._limits = limits
        self._read = read

    def make_ready(self) -> None:
        """Load readers until there is an order."""
        for name in _COMMON:
            if _is_asked():
                return
            import_module(name)

    def take(self, paths: Iterable[Path], note: Note) -> None:
        """Read what one may expect, until there is an order."""
        for path in paths:
            if _is_asked():
                break
            note.say(str(path))
            with contextlib.suppress(OSError):
                self._keep(path)
        note.say("")
        self.make_ready()

    def _keep(self, path: Path) -> None:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode) or before.st_size > _SMALL:
            return
        if sniff(path).reader not in _PLAIN:
            return
        limit_cpu(self._limits.cpu(before.st_size))
        sha256 = file_sha256(path)
        extracted = self._read(path)
        if _identity(before) == _identity(path.stat()):
            self.kept[path] = _Kept(_identity(before), sha256, extracted)


def _is_asked() -> bool:
    """Whether an order is waiting; always, where the system cannot tell."""
    return sys.platform == "win32" or bool(select.select([sys.stdin.buffer], [], [], 0)[0])


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


def _serve(
    path: Path, answer: _Answer, limits: Limits, kept: dict[Path, _Kept], read: Reader
) -> None:
    try:
        before = path.stat()
        answer.seen(before, path.lstat().st_ino)
        known = kept.pop(path, None)
        if known is not None and known.identity == _identity(before):
            answer.sha256(known.sha256)
            answer.end(known.extracted)
            return
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
