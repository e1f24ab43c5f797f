"""How long the reports take on a big library: prints a table, or JSON with ``--json``.

Run it: ``python -m tests.bench.reports [--assets 10000] [--events 1000000] [--json]``. With
``--library DIR`` a library made by ``tests.bench.gen_use`` is measured instead of a fresh one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.clock import now_ms
from app.insight import reports
from app.paths import LibraryPaths
from app.settings import Settings
from app.store.engine import Store, open_store
from tests.bench.gen_use import Size, generate

RUNS = 5


def measure(store: Store, settings: Settings, as_of: int) -> list[dict[str, Any]]:
    """Best and median of five runs of each report, wall and CPU milliseconds."""
    cases: dict[str, Callable[[Any], Any]] = {
        "unused, 90 days": lambda s: reports.unused(s, settings, 90, as_of).rows,
        "unused, 365 days": lambda s: reports.unused(s, settings, 365, as_of).rows,
        "use, 90 days": lambda s: reports.use(s, settings, 90, as_of).rows,
        "use, 365 days": lambda s: reports.use(s, settings, 365, as_of).rows,
        "search gaps, 90 days": lambda s: reports.search_gaps(s, 90, as_of),
    }
    return [_case(store, name, case) for name, case in cases.items()]


def _case(store: Store, name: str, case: Callable[[Any], Any]) -> dict[str, Any]:
    wall, cpu, rows = [], [], 0
    for _ in range(RUNS):
        started, worked = time.perf_counter(), time.process_time()
        with store.read() as session:
            rows = len(case(session))
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
    return {
        "report": name, "rows": rows, "min_ms": round(min(wall), 1),
        "median_ms": round(statistics.median(wall), 1), "cpu_ms": round(min(cpu), 1),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=Size().assets)
    parser.add_argument("--events", type=int, default=Size().events)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    size = Size(given.assets, given.events, searches=max(100, given.events // 20))
    as_of = now_ms()
    with tempfile.TemporaryDirectory(prefix="deckhand-bench-") as scratch:
        folder = given.library or Path(scratch) / "library"
        if given.library:
            store = open_store(LibraryPaths(folder))
        else:
            store = generate(folder, size, as_of)
        found = measure(store, Settings(folder / "settings.json"), as_of)
        store.close()
    if given.json:
        print(json.dumps({"assets": size.assets, "events": size.events, "reports": found}))
        return
    print(f"{size.assets:,} assets, {size.events:,} events\n")
    print(f"{'report':24}{'rows':>8}{'min ms':>10}{'median ms':>12}{'cpu ms':>10}")
    for row in found:
        print(
            f"{row['report']:24}{row['rows']:>8,}{row['min_ms']:>10}{row['median_ms']:>12}"
            f"{row['cpu_ms']:>10}"
        )


if __name__ == "__main__":
    main()
