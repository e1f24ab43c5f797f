"""Measure the answers: ``python -m tests.bench.quality.run`` (with $DECKHAND_CORPUS).

Indexes the corpus into a library of its own, asks every judged query of Deckhand, FTS5 and tantivy
in one run, and prints nDCG@10, MRR@10, success@3 and how often the right page is shown, with 95 %
bootstrap intervals, and how far Deckhand is ahead of the best of each peer's forms. tantivy is not
among the project's packages: without it, it is left out and that is said.

    queries     128 of eight kinds; synonyms and weights were chosen with them known
    check       36 more, judged after the first tuning; weights were chosen with them known
    drawn       81 written from pages drawn by chance, judged by a pool of all engines; tuned on
    held_back   76 of the same kind, set apart by chance before any result was seen; not tuned on
    elsewhere   48 over other documents: the sample library and files meant to be damaged; these
                were looked at after the weights were chosen
    fresh       48 over documents that the sets above hardly touch; tuned on
    fresh_unseen  48 of the same kind, every second one that was written; not tuned on

Three sets are over documents of others that are not in the corpus; the head of each file says which
and where they come from. They are run where ``--folder handbook=FOLDER`` says where those lie:

    handbook         83, needs and paraphrases above all; tuned on
    handbook_unseen  38 of the same kind; not tuned on
    enablement       80, written after the tuning; one thing was changed with it known
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.indexing import Indexing
from app.indexing.feeding import documents
from app.library import Library
from app.sample.build import build_collateral
from app.store.tables import Asset, AssetFile
from tests.bench.quality.engines import Deckhand, Engine, Fts5, Tantivy
from tests.bench.quality.judged import KINDS, Judged, Worth, interval, load, worth

HERE = Path(__file__).parent
MEASURES = ("ndcg", "mrr", "success", "page")
TITLES = {"ndcg": "nDCG@10", "mrr": "MRR@10", "success": "success@3", "page": "right page"}


OVER_CORPUS = ("queries", "check", "drawn", "held_back", "fresh", "fresh_unseen")
BESIDE = {"handbook": ("handbook", "handbook_unseen"), "enablement": ("enablement",)}
"""Documents of others, and the sets that are judged over them."""
SETS = (*OVER_CORPUS, "elsewhere", *(name for names in BESIDE.values() for name in names))
ELSEWHERE = (
    "apache+poi", "apache+tika", "docling-project+docling", "mozilla+pdf.js",
    "openpreserve+format-corpus",
)  # fmt: skip
"""The folders of damaged files that "elsewhere" is judged over, besides the sample library."""


def main() -> int:
    """Run it; returns 2 when there is no corpus."""
    args = _arguments()
    corpus = Path(args.corpus) if args.corpus else None
    if corpus is None or not corpus.is_dir():
        print("There is no corpus. Say where: $DECKHAND_CORPUS or --corpus FOLDER")
        return 2
    reports: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        held = Path(args.library or folder)
        names = [name for name in args.sets if name in OVER_CORPUS]
        reports |= _over(held / "collateral", names, lambda: [corpus], args)
        if "elsewhere" in args.sets:
            others = lambda: _others(Path(folder), corpus.parent / "broken")  # noqa: E731
            reports |= _over(held / "elsewhere", ["elsewhere"], others, args)
        for place, sets in BESIDE.items():
            reports |= _beside(held / place, place, [n for n in sets if n in args.sets], args)
    if args.json:
        Path(args.json).write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    return 0


def _over(
    place: Path, names: list[str], roots: Callable[[], list[Path]], args: argparse.Namespace
) -> dict[str, Any]:
    """Measure some sets over one library, indexed first if it is not there yet."""
    if not names:
        return {}
    library = Library(place)
    reports = {}
    try:
        if not library.exists:
            _index(library, roots())
        engines = _engines(library)
        for name in names:
            judged = load(HERE / f"{name}.tsv")
            worths = {
                engine.name: [worth(query, engine.ask(query.text)) for query in judged]
                for engine in engines
            }
            reports[name] = _report(judged, worths)
            print(f"\n{name}: {_table(judged, reports[name])}", flush=True)
            print(_lead(worths))
            if args.verbose:
                _print_each(judged, worths)
    finally:
        library.close()
    return reports


def _beside(
    library: Path, place: str, names: list[str], args: argparse.Namespace
) -> dict[str, Any]:
    """Measure the sets over documents of others, where it was said where those lie."""
    given = dict(each.split("=", 1) for each in args.folder if "=" in each)
    if names and place not in given:
        print(f"{', '.join(names)}: left out. Say where the documents are: --folder {place}=FOLDER")
        return {}
    return _over(library, names, lambda: [Path(given[place])], args)


def _others(folder: Path, broken: Path) -> list[Path]:
    """Make the sample library's files, and lay the damaged ones beside them, in one root."""
    root = folder / "others"
    (root / "sample").mkdir(parents=True)
    build_collateral(root / "sample", now=datetime(2026, 11, 1, tzinfo=UTC))
    for name in ELSEWHERE:
        shutil.copytree(broken / name, root / name)
    return [root]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the quality of the answers.")
    parser.add_argument("--corpus", default=_corpus())
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument(
        "--folder", action="append", default=[], metavar="NAME=FOLDER",
        help="where the documents of others are: handbook, enablement",
    )  # fmt: skip
    parser.add_argument("--library", help="a folder for the libraries, to be used again")
    parser.add_argument("--json", help="where to write the numbers")
    parser.add_argument("--verbose", action="store_true", help="the rank for each query too")
    return parser.parse_args()


def _corpus() -> str | None:
    named = os.environ.get("DECKHAND_CORPUS")
    if named is None:
        return None
    inner = Path(named) / "collateral"
    return str(inner if inner.is_dir() else named)


def _index(library: Library, roots: list[Path]) -> None:
    for root in roots:
        library.add_root(str(root))
    with Indexing(library.store, lambda _event: None) as indexing:
        indexing.bring_up_to_date()


def _engines(library: Library) -> list[Engine]:
    paths, docs = _content(library)
    engines: list[Engine] = [
        Deckhand(library, paths, exact=False),
        Deckhand(library, paths, exact=True),
        Fts5(docs, paths, prefix=False),
        Fts5(docs, paths, prefix=True),
    ]
    try:
        tantivy = importlib.import_module("tantivy")
    except ImportError:
        print("tantivy is not installed, so it is left out: pip install tantivy", file=sys.stderr)
    else:
        engines += [
            Tantivy(tantivy, docs, paths, all_words=all_words, prefix=prefix)
            for all_words in (False, True)
            for prefix in (False, True)
        ]
    return engines


def _content(library: Library) -> tuple[dict[int, tuple[str, ...]], list[Any]]:
    with library.store.read() as session:
        paths: dict[int, tuple[str, ...]] = {}
        query = select(AssetFile.asset_id, AssetFile.relpath).order_by(AssetFile.id)
        for asset, relpath in session.execute(query):
            paths[asset] = (*paths.get(asset, ()), relpath)
        ids = list(session.scalars(select(Asset.id).where(Asset.merged_into_id.is_(None))))
        return paths, documents(session, ids)


def _report(judged: list[Judged], worths: dict[str, list[Worth]]) -> dict[str, Any]:
    groups = {"all": list(range(len(judged)))}
    for kind in KINDS:
        groups[kind] = [at for at, query in enumerate(judged) if query.kind == kind]
    return {
        engine: {
            name: {measure: _mean(measure, [values[at] for at in places]) for measure in MEASURES}
            for name, places in groups.items()
        }
        for engine, values in worths.items()
    }


def _lead(worths: dict[str, list[Worth]]) -> str:
    """How far each of our ways of asking is ahead of the best form of each peer."""
    lines = [""]
    for ours in (name for name in worths if name.startswith("Deckhand")):
        for peer in ("FTS5", "tantivy"):
            forms = [name for name in worths if name.startswith(peer)]
            cells = [_ahead(worths, ours, forms, measure) for measure in ("mrr", "success")]
            lines += [f"{ours} before {peer}: {'; '.join(cells)}"] if forms else []
    return "\n".join(lines)


def _ahead(worths: dict[str, list[Worth]], ours: str, forms: list[str], measure: str) -> str:
    numbers = {name: [asdict(value)[measure] for value in worths[name]] for name in (ours, *forms)}
    best = max(forms, key=lambda name: sum(numbers[name]))
    own, theirs = sum(numbers[ours]), sum(numbers[best])
    low, high = interval([a - b for a, b in zip(numbers[ours], numbers[best], strict=True)])
    percent = f"{100 * (own / theirs - 1):+.1f} %" if theirs else "-"
    return f"{TITLES[measure]} {percent} (difference {low:+.3f} to {high:+.3f})"


def _mean(measure: str, values: list[Worth]) -> dict[str, float] | None:
    numbers = [asdict(value)[measure] for value in values]
    held = [number for number in numbers if number is not None]
    if not held:
        return None
    low, high = interval(held)
    return {"mean": sum(held) / len(held), "low": low, "high": high, "n": len(held)}


def _table(judged: list[Judged], report: dict[str, Any]) -> str:
    lines = [f"{len(judged)} judged queries", ""]
    wide = max(len(name) for name in report)
    lines.append(" " * wide + "".join(f"{TITLES[m]:>20}" for m in MEASURES))
    for engine, groups in report.items():
        cells = "".join(f"{_cell(groups['all'][m], interval_too=True):>20}" for m in MEASURES)
        lines.append(f"{engine:<{wide}}{cells}")
    for measure in ("mrr", "success", "ndcg", "page"):
        lines += ["", TITLES[measure], " " * wide + "".join(f"{kind:>12}" for kind in KINDS)]
        for engine, groups in report.items():
            cells = "".join(f"{_cell(groups[kind][measure]):>12}" for kind in KINDS)
            lines.append(f"{engine:<{wide}}{cells}")
    return "\n".join(lines)


def _cell(value: dict[str, float] | None, *, interval_too: bool = False) -> str:
    if value is None:
        return "-"
    text = f"{value['mean']:.3f}"
    return f"{text} {value['low']:.2f}-{value['high']:.2f}" if interval_too else text


def _print_each(judged: list[Judged], worths: dict[str, list[Worth]]) -> None:
    print()
    for at, query in enumerate(judged):
        row = "  ".join(f"{values[at].mrr:.2f}" for values in worths.values())
        print(f"{query.kind:<11} {row}  {query.text}")


if __name__ == "__main__":
    sys.exit(main())
