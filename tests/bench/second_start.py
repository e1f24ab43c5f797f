"""What ``run.py`` adds to a start when all is set up: prints a table, or JSON with ``--json``.

Run it: ``python -m tests.bench.second_start [--checkout DIR] [--runs 15] [--json]``. The checkout
must be set up (``python3 run.py --version`` once). Starts through ``run.py`` and starts of the
environment's own Python take turns, so that both meet the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[2]
INSIDE = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")


def milliseconds(command: list[str]) -> float:
    """Wall time of a program from its start to its end."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begun) * 1000


def commands(checkout: Path, base: str) -> dict[str, list[str]]:
    """The starts that are compared; ``base`` is the Python that a person calls."""
    inside = str(checkout.joinpath(".venv", *INSIDE))
    door = [base, str(checkout / "run.py")]
    return {
        "python -c pass": [base, "-c", "pass"],
        "deckhand --version": [inside, "-P", "-m", "deckhand", "--version"],
        "run.py --version": [*door, "--version"],
        "pytest --version": [inside, "-P", "-m", "pytest", "--version"],
        "run.py test --version": [*door, "test", "--version"],
    }


def measure(checkout: Path, base: str, runs: int) -> list[dict[str, Any]]:
    """Best and median of the runs of each start, in milliseconds."""
    starts = commands(checkout, base)
    times: dict[str, list[float]] = {name: [] for name in starts}
    for command in starts.values():
        milliseconds(command)
    for _ in range(runs):
        for name, command in starts.items():
            times[name].append(milliseconds(command))
    return [
        {
            "start": name,
            "min_ms": round(min(all_), 1),
            "median_ms": round(statistics.median(all_), 1),
        }
        for name, all_ in times.items()
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", type=Path, default=HERE)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    base = getattr(sys, "_base_executable", sys.executable)
    rows = measure(options.checkout.resolve(), base, options.runs)
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'start':<24} {'min ms':>8} {'median ms':>10}")
    for row in rows:
        print(f"{row['start']:<24} {row['min_ms']:>8} {row['median_ms']:>10}")


if __name__ == "__main__":
    main()
