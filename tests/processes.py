"""The processes that descend from one, and the memory they have together (read from ``/proc``)."""

from __future__ import annotations

from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
    found, front = [pid], [pid]
    while front:
        front = [child for child, parent in parents.items() if parent in front]
        found += front
    return found


def shared_memory(pids: list[int]) -> int:
    """The proportional memory of processes together, in kilobytes."""
    total = 0
    for pid in pids:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total
