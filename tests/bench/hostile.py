"""What hostile files and storms of events cost, and that nothing is lost by them.

``python -m tests.bench.hostile [--json FILE] [--files 20000] [--renamed 5000] [--corpus FOLDER]``:

* hostile files: one line of 60 MB in three formats, 200,000 nested elements in three, packages that
  claim parts of 2 GiB, a loop of links, a pipe, an unreadable file, the broken files of a corpus;
* files created at once while the indexing child watches, then as many renamed as asked for;
* the peer in the same run: the same files indexed from nothing by one command, nobody watching.

CPU is that of the indexing process and its ended children; memory is the proportional share (PSS)
of all its processes together, looked at every 0.1 s. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.library import Library
from tests import hostile
from tests.bench.watching import measured
from tests.collateral import write_pages
from tests.hostile import CHECKOUT

PATIENCE_S = 3_600.0


def hostile_files(place: Path, corpus: Path | None) -> dict[str, Any]:
    """One pass over all the hostile files."""
    root, library = place / "root", Library(place / "library")
    made = [*hostile.one_line(root / "lines", 60), *hostile.nested(root / "deep", 200_000)]
    made += [*hostile.claiming(root / "claims"), *hostile.strange_places(root / "places")]
    if corpus is not None:
        made += hostile.copy_broken(corpus, root / "broken")
    write_pages(root / "zebra.md", ["Zebra\nthe last of all files"])
    library.add_root(str(root))
    library.store  # noqa: B018 - makes the record
    with hostile.Watched(library) as indexer:
        begun = time.perf_counter()
        indexer.until("watching", PATIENCE_S)
        facts = _facts(indexer, begun)
        facts["at_peak"] = indexer.at_peak
    hostile.nothing_lost(library, root, "zebra")
    states: dict[str, int] = {}
    for problem in library.problems():
        states[problem.state] = states.get(problem.state, 0) + 1
        assert problem.reason
    return {"files": len(made) + 1, **facts, "told": states}


def storm(place: Path, files: int, renamed: int) -> dict[str, Any]:
    """Files made and renamed at once below the eyes of the indexing child."""
    root, library = place / "root", Library(place / "library")
    write_pages(root / "first.md", ["First"])
    library.add_root(str(root))
    library.store  # noqa: B018
    with hostile.Watched(library) as indexer:
        indexer.until("watching", PATIENCE_S)
        begun = time.perf_counter()
        for number in range(files):
            write_pages(root / f"{number % 40}" / f"okapi {number}.md", [f"Okapi {number}"])
        _wait(library, files + 1)
        created = _facts(indexer, begun)
        before, begun = hostile.recorded(library), time.perf_counter()
        for number in range(renamed):
            where = root / f"{number % 40}"
            (where / f"okapi {number}.md").rename(where / f"okapi, new {number}.md")
        _wait_renamed(library, renamed)
        after = _facts(indexer, begun)
    moved = {path.replace(", new", ""): asset for path, asset in hostile.recorded(library).items()}
    assert moved == before, "every file is still the same asset"
    hostile.nothing_lost(library, root, "okapi")
    after["cpu"] -= created["cpu"]
    return {"created": created, "renamed": after}


def _facts(indexer: hostile.Watched, begun: float) -> dict[str, Any]:
    return {
        "cpu": indexer.cpu_s, "wall": time.perf_counter() - begun, "peak_mb": indexer.peak_mb,
    }  # fmt: skip


def _wait(library: Library, files: int) -> None:
    hostile.wait_until(lambda: library.status().files == files, PATIENCE_S)
    hostile.wait_until(lambda: library.status().index_current, PATIENCE_S)


def _wait_renamed(library: Library, renamed: int) -> None:
    hostile.wait_until(
        lambda: sum("new" in path for path in hostile.recorded(library)) == renamed, PATIENCE_S
    )
    hostile.wait_until(lambda: library.status().index_current, PATIENCE_S)


def peer(place: Path, root: Path) -> dict[str, float]:
    """The same files from nothing, by one command."""
    door = [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(place / "peer")]
    return measured([*door, "index", "--json", str(root)])


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--renamed", type=int, default=5_000)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("DECKHAND_CORPUS"))
    args = parser.parse_args()
    corpus = Path(args.corpus) if args.corpus else None
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        facts: dict[str, Any] = {"hostile": hostile_files(place / "hostile", corpus)}
        facts |= storm(place / "storm", args.files, args.renamed)
        facts["from nothing"] = peer(place, place / "storm" / "root")
    print(f"{'':<14}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, row in facts.items():
        peak = f"{row['peak_mb']:.0f}" if "peak_mb" in row else "-"
        print(f"{name:<14}{row['cpu']:>8.1f}{row['wall']:>8.1f}{peak:>9}")
    print(f"hostile files: {facts['hostile']['files']}, told: {facts['hostile']['told']}")
    facts["created_over_peer_cpu"] = facts["created"]["cpu"] / facts["from nothing"]["cpu"]
    print(f"created while watching, over the peer: {facts['created_over_peer_cpu']:.2f}")
    if args.json:
        args.json.write_text(json.dumps(facts, indent=1), "utf-8")


if __name__ == "__main__":
    main()
