"""How long until the window is painted, as a ratio to a bare PySide6 window of the same run.

    python -m tests.bench.startup [--runs 9] [--json FILE]

Times run from starting the process to the line that it prints at its first paint. The runs of all
cases are interleaved, because the machine's load changes; read the ratios, not the milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from tests import display

CHECKOUT = Path(__file__).resolve().parents[2]
GOAL = 2.0
BARE = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
window = QLabel("x")
window.resize(1440, 900)
class Once(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, done)
        return False
def done():
    import json, time
    print(json.dumps({"cpu_ms": time.process_time() * 1000}), flush=True)
    app.quit()
once = Once()
window.installEventFilter(once)
window.show()
app.exec()
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One case: milliseconds to the first paint and of CPU, and their ratios to the bare window."""

    case: str
    runs: int
    min_ms: float
    median_ms: float
    min_cpu_ms: float
    ratio_min: float
    ratio_median: float
    ratio_cpu: float


@dataclass(frozen=True, slots=True)
class Once:
    """One start: wall and CPU milliseconds to the first paint."""

    wall: float
    cpu: float


def prepare_library(folder: Path) -> None:
    """A library that exists and was left with sixty rows on the find page."""
    from app.library import Library
    from tests.ui import fake_rows
    from ui.state import State

    library = Library(folder)
    library.status()
    library.close()
    state = State(folder)
    state.set("page", "find")
    state.save_list([fake_rows.hit(number) for number in range(1, 61)])
    state.close()


def _once(command: list[str], environment: dict[str, str]) -> Once:
    """Start a program and wait for its line at the first paint."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = (time.perf_counter() - began) * 1000
        process.stdout.read()
    if not line:
        raise SystemExit(f"no first paint: {' '.join(command[:3])}")
    return Once(took, float(json.loads(line)["cpu_ms"]))


def _cases(base: Path) -> dict[str, list[str]]:
    known = base / "known"
    prepare_library(known)
    door = [sys.executable, "deckhand.py", "--library"]
    return {
        "bare PySide6 window": [sys.executable, "-c", BARE],
        "deckhand, find page with the last list": [*door, str(known)],
        "deckhand, first start (welcome page)": [*door, str(base / "new")],
    }


def measure(runs: int) -> list[Line]:
    """Run all cases ``runs`` times in turn, after one run each to warm the disk cache."""
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deckhand-bench-")))
        environment = {**os.environ, "DECKHAND_PRINT_AT_FIRST_PAINT": "modules",
                       "DECKHAND_QUIT_AT_FIRST_PAINT": "1"}  # fmt: skip
        environment["QT_QPA_PLATFORM"] = "offscreen"
        if not display.missing_programs():
            environment["DISPLAY"] = stack.enter_context(display.display())
            environment["QT_QPA_PLATFORM"] = "xcb"
        # As an installed program has them: compiled files, kept from the first run on.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(base / "compiled")
        cases = _cases(base)
        taken: dict[str, list[Once]] = {name: [] for name in cases}
        for number in range(runs + 1):
            for name, command in cases.items():
                took = _once(command, environment)
                if number:
                    taken[name].append(took)
    bare = next(iter(taken.values()))
    return [_line(name, times, bare) for name, times in taken.items()]


def _line(name: str, taken: list[Once], bare: list[Once]) -> Line:
    walls, cpus = [one.wall for one in taken], [one.cpu for one in taken]
    bare_walls = [one.wall for one in bare]
    ratios = (
        min(walls) / min(bare_walls),
        statistics.median(walls) / statistics.median(bare_walls),
        min(cpus) / min(one.cpu for one in bare),
    )
    times = (min(walls), statistics.median(walls), min(cpus))
    return Line(name, len(taken), *(round(t, 1) for t in times), *(round(r, 2) for r in ratios))


def main() -> int:
    """Print the table and the JSON; 1 when the find page misses the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    lines = measure(max(7, options.runs))
    heads = ("min ms", "median", "cpu ms", "x min", "x med", "x cpu")
    print(f"{'case':42}" + "".join(f"{head:>8}" for head in heads))
    for line in lines:
        values = (line.min_ms, line.median_ms, line.min_cpu_ms)
        ratios = (line.ratio_min, line.ratio_median, line.ratio_cpu)
        print(f"{line.case:42}" + "".join(f"{v:8.0f}" for v in values)
              + "".join(f"{r:8.2f}" for r in ratios))  # fmt: skip
    text = json.dumps({"goal": GOAL, "lines": [asdict(line) for line in lines]}, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")
    return int(lines[1].ratio_min > GOAL)


if __name__ == "__main__":
    sys.exit(main())
