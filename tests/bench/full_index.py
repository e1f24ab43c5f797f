"""What a full index costs beside the bare reading of the same files, in the same run.

``python -m tests.bench.full_index FOLDER [--json FILE] [--rounds N]``: a first index from nothing
(record and search index included, pictures apart), a second run with nothing changed, one changed
file while the indexing child watches, and the floor: the same readers in one process, the text
thrown away. CPU is user and system time of the process and all its children; memory is the
proportional share (PSS) of all processes together, looked at every 50 ms (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


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


def measured(command: list[str]) -> dict[str, float]:
    """Run a command to its end: CPU s, wall s and peak memory in MB of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    peak = 0
    watching = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not watching.wait(0.05):
            peak = max(peak, shared_memory(family(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    wall = time.perf_counter() - begun
    watching.set()
    watcher.join()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": wall, "peak_mb": peak / 1024}


def changed_file(library: Path, folder: Path) -> float:
    """Seconds from the last write of a deck to its new word being found, the child watching."""
    from app.library import Library
    from app.rows import FindSpec

    deck = next(iter(sorted(folder.rglob("*.pptx"))), None) or next(folder.rglob("*.md"))
    command = [sys.executable, "-m", "app.indexing", "--library", str(library), "--watch"]
    eyes = Library(library)
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            if json.loads(line).get("state") == "watching":
                break
        threading.Thread(target=child.stdout.read, daemon=True).start()
        begun = _write_anew(deck)
        while not eyes.find(FindSpec("quokkaflamingo", exact=True)).total:
            if time.monotonic() - begun > 60:
                raise SystemExit("the changed file was not found within 60 s")
            time.sleep(0.02)
        spent = time.monotonic() - begun
        child.stdin.write('{"op":"quit"}\n')
        child.stdin.flush()
    settle = eyes.settings.number("index.settle_seconds")
    eyes.close()
    return spent - settle


def _write_anew(path: Path) -> float:
    if path.suffix == ".pptx":
        from pptx import Presentation

        deck = Presentation(str(path))
        slide = deck.slides.add_slide(deck.slide_layouts[0])
        slide.shapes.add_textbox(0, 0, 9999, 9999).text_frame.text = "quokkaflamingo"
        deck.save(str(path))
    else:
        path.write_text(path.read_text("utf-8") + "\nquokkaflamingo\n", "utf-8")
    return time.monotonic()


def one_round(folder: Path, place: Path) -> dict[str, Any]:
    """Floor, first index, bare start and second index, one after the other."""
    library = place / "library"
    shutil.rmtree(library, ignore_errors=True)
    door = [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(library)]
    floor = measured([sys.executable, "-m", "tests.bench.extract_floor", str(folder)])
    bare = measured([*door, "status", "--json"])
    first = measured([*door, "index", "--json", str(folder)])
    bare = min(bare, measured([*door, "status", "--json"]), key=lambda m: m["cpu"])
    second = measured([*door, "index", "--json"])
    return {"floor": floor, "bare_start": bare, "first": first, "second": second}


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        folder = place / "collateral"
        shutil.copytree(args.folder, folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        rounds = [one_round(folder, place) for _ in range(args.rounds)]
        after_change = changed_file(place / "library", folder)
    best = {
        name: min((r[name] for r in rounds), key=lambda m: m["cpu"]) for name in rounds[0]
    }
    first, floor, bare, second = (best[n] for n in ("first", "floor", "bare_start", "second"))
    facts = {
        "full_over_floor_cpu": first["cpu"] / floor["cpu"],
        "wall_over_cpu": first["wall"] / first["cpu"],
        "second_beyond_start_over_first": (second["cpu"] - bare["cpu"]) / first["cpu"],
        "changed_file_seconds_after_settling": after_change,
        "peak_mb": first["peak_mb"],
    }
    print(f"{'':<12}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, row in best.items():
        print(f"{name:<12}{row['cpu']:>8.2f}{row['wall']:>8.2f}{row['peak_mb']:>9.0f}")
    for name, value in facts.items():
        print(f"{name:<40}{value:>8.3f}")
    if args.json:
        args.json.write_text(json.dumps({"rounds": rounds, **facts}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
