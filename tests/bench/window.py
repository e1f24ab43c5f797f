"""How the window fares with a big library: late beats of a 5 ms timer, and keys to painted results
(SC-4).

    python -m tests.bench.window [--assets 10000] [--corpus FOLDER] [--json FILE] [--why]

The real window on a display of its own is driven by wheel, keys and clicks (``window_probe``): a
library of ``gen_library`` is opened, scrolled, searched, filtered, tagged and sent from, every page
is looked at; then once more while the indexing child reads a copy of FOLDER. Beside it an empty
Qt window beats on the same display at the same time: the floor. Of each late beat is told how many
milliseconds the UI thread computed and how many it stood in the queue for a processor; "own" is
the gap without that queue, which is what it would be on a machine with a core to spare.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests import display
from tests.bench.gen_library import NOTE, Size, ensure

CHECKOUT = Path(__file__).resolve().parents[2]
MOST_GAP_MS, MOST_KEY_MS = 50.0, 50.0
BUSY_FLOOR_MS = 25.0
NUMBERS = ("gap_ms", "own_ms", "cpu_ms", "floor_ms")
XDG_OPEN = '#!/bin/sh\nexit 0\n'


def measure(library: Path, incoming: Path | None, display_name: str, *, why: bool) -> Any:
    """One drive through a copy of the library: the facts of the probe, and of the floor."""
    with tempfile.TemporaryDirectory(prefix="deckhand-window-") as scratch:
        own = Path(scratch) / "library"
        shutil.copytree(library, own, ignore=shutil.ignore_patterns("collateral", NOTE))
        environment = _environment(Path(scratch), display_name)
        command = [sys.executable, "-m", "tests.bench.window_probe", str(own),
                   str(Path(scratch) / "out.json"), *(["--why"] if why else [])]  # fmt: skip
        if incoming is not None:
            fresh = Path(scratch) / "Incoming"
            shutil.copytree(incoming, fresh)
            command += ["--incoming", str(fresh)]
        with _floor(environment) as beats:
            done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False)
        out = Path(scratch) / "out.json"
        if not out.is_file():
            raise SystemExit(f"the window ended with code {done.returncode} before it was measured")
        return {**json.loads(out.read_text()), "floor": beats}


def _environment(scratch: Path, display_name: str) -> dict[str, str]:
    """A home of its own, the display, and an outside world that opens nothing."""
    (scratch / "bin").mkdir()
    (scratch / "bin" / "xdg-open").write_text(XDG_OPEN)
    (scratch / "bin" / "xdg-open").chmod(0o755)
    return {
        **os.environ, "DISPLAY": display_name, "QT_QPA_PLATFORM": "xcb", "HOME": str(scratch),
        "PATH": f"{scratch / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip


@contextmanager
def _floor(environment: dict[str, str]) -> Iterator[list[Any]]:
    beats: list[Any] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.window_pulse"], cwd=CHECKOUT, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield beats
        finally:
            out, _ = process.communicate(b"\n", timeout=60)
            beats += json.loads(out)


def lines_of(facts: Any) -> list[dict[str, Any]]:
    """A line per step: its worst beats, the floor's in the same time, and whether it will do."""
    lines = []
    for step in facts["steps"]:
        begin, end = step["begin"], step["end"]
        beats = [beat for beat in facts["beats"] if begin < beat[0] <= end]
        floor = [beat[1] for beat in facts["floor"] if begin < beat[0] <= end]
        own = [beat[1] - beat[3] for beat in beats]
        line = {
            "step": step["name"], "seconds": round(end - begin, 1), "note": step["note"],
            "gap_ms": _most([beat[1] for beat in beats]), "own_ms": _most(own),
            "cpu_ms": _most([beat[2] for beat in beats]), "floor_ms": _most(floor),
            "over_50": sum(one > MOST_GAP_MS for one in own), "why": step["why"],
        }  # fmt: skip
        keys = sorted(step["keys"])
        if keys:
            line |= {"key_p50": _at(keys, 0.5), "key_p95": _at(keys, 0.95), "key_max": _at(keys, 1)}
        line["verdict"] = _verdict(line)
        lines.append(line)
    return lines


def _most(values: Sequence[float]) -> float:
    return round(max(values, default=0.0), 1)


def _at(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def _verdict(line: dict[str, Any]) -> str:
    """STALL and SLOW KEYS are ours for certain only where the empty window fared well."""
    busy = line["floor_ms"] > BUSY_FLOOR_MS
    if line["cpu_ms"] > MOST_GAP_MS or (line["own_ms"] > MOST_GAP_MS and not busy):
        return "STALL"
    if line.get("key_p95", 0.0) > MOST_KEY_MS and not busy:
        return "SLOW KEYS"
    if max(line["own_ms"], line.get("key_p95", 0.0)) > MOST_GAP_MS:
        return "unsure: a busy machine"
    return "ok" if line["gap_ms"] <= MOST_GAP_MS else "ok, but a busy machine"


def show(title: str, lines: Sequence[dict[str, Any]], memory: dict[str, int]) -> None:
    """Print the table of one drive."""
    print(f"\n{title}; memory: window {memory['window_mb']} MB, all {memory['all_mb']} MB")
    print(f"{'step':32} {'s':>6} {'gap':>7} {'own':>7} {'cpu':>7} {'floor':>7}  verdict")
    for line in lines:
        numbers = " ".join(f"{line[key]:7.1f}" for key in NUMBERS)
        print(f"{line['step']:32} {line['seconds']:6.1f} {numbers}  {line['verdict']}", end="")
        if "key_p50" in line:
            print(f"; key p50 {line['key_p50']}, p95 {line['key_p95']}, max {line['key_max']}",
                  end="")  # fmt: skip
        print(f"  ({line['note']})" if line["note"] else "")
        for what, times in line["why"]:
            print(f"      {times:4} x {what}")


def main() -> int:
    """Measure and report; 1 when something stalls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=Size().assets)
    parser.add_argument("--library", type=Path, help="one of gen_library; made in /tmp by default")
    parser.add_argument("--corpus", type=Path, help="what is indexed meanwhile")
    parser.add_argument("--only", choices=("browse", "index"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--why", action="store_true", help="say what ran when a beat was late")
    given = parser.parse_args()
    default = Path(tempfile.gettempdir()) / "deckhand-bench" / f"library-{given.assets}"
    library = given.library or ensure(default, Size.of(given.assets))
    named = os.environ.get("DECKHAND_CORPUS")
    corpus = given.corpus or (Path(named) / "collateral" if named else None)
    report: dict[str, Any] = {}
    with ExitStack() as stack:
        name = stack.enter_context(display.display())
        for title, incoming in (("browse", None), ("index", corpus)):
            if given.only not in (None, title) or (title == "index" and incoming is None):
                continue
            facts = measure(library, incoming, name, why=given.why)
            lines = lines_of(facts)
            report[title] = {"lines": lines, "memory": facts["memory"], "failed": facts["failed"]}
            show(title, lines, facts["memory"])
            if facts["failed"]:
                print(facts["failed"])
    if given.json:
        given.json.write_text(json.dumps(report, indent=1))
    bad = [line for part in report.values() for line in part["lines"]
           if not line["verdict"].startswith("ok")]  # fmt: skip
    failed = any(part["failed"] for part in report.values())
    unsure = [line for line in bad if line["verdict"].startswith("unsure")]
    sure = len(bad) - len(unsure)
    print(f"\n{sure} steps to mend, {len(unsure)} to measure again on a quiet machine")
    return int(bool(bad) or failed)


if __name__ == "__main__":
    sys.exit(main())
