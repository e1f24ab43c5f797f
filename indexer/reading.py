"""The child process that opens hostile files: ``python -m indexer.reading``.

Arguments: the descriptor of a pipe that closes when the parent dies (-1 for none), bytes of
memory, then seconds of computing: at least, per megabyte, at most. It reads one JSON line per
file, {"path": ...}, and answers with {"size": ...}, {"sha256": ...} and {"extracted": ...}.
"""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer.extract import Extracted, extract_within_memory, name_only
from indexer.fingerprint import file_sha256
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

_WRITING = "This file was still being written when it was read; it will be read again."
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
    for line in sys.stdin.buffer:
        try:
            _serve(Path(json.loads(line)["path"]), limits, out, read)
        except MemoryError:
            _say(out, {"failed": "memory"})
            return 1
        except BaseException as error:  # some libraries raise past Exception: PanicException
            _say(out, {"failed": type(error).__name__})
            return 1
    return 0


def _serve(path: Path, limits: Limits, out: int, read: Reader) -> None:
    try:
        before = path.stat()
        _say(out, {"size": before.st_size})
        limit_cpu(limits.cpu(before.st_size))
        extracted, changed = _read(path, before, out, read)
        _answer(out, extracted, changed=changed)
    except FileNotFoundError:
        _answer(out, name_only(path, "other", "name_only", _GONE), vanished=True)


def _read(path: Path, before: os.stat_result, out: int, read: Reader) -> tuple[Extracted, bool]:
    """Return what the file holds, and whether it changed while it was read."""
    if not stat.S_ISREG(before.st_mode):
        return name_only(path, "other", "name_only", "This is not a regular file."), False
    try:
        _say(out, {"sha256": file_sha256(path).hex()})
    except PermissionError:
        reason = "You have no permission to read this file: ask its owner for access."
        return name_only(path, "other", "name_only", reason), False
    extracted = read(path)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return name_only(path, extracted.kind, "name_only", _WRITING), True
    return extracted, False


def _answer(
    out: int, extracted: Extracted, *, changed: bool = False, vanished: bool = False
) -> None:
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
    _say(out, {"extracted": found, "changed": changed, "vanished": vanished})


def _say(out: int, message: dict[str, Any]) -> None:
    left = memoryview(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
