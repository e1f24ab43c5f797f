"""What reading the files costs at the least: prints a table, or JSON with ``--json``.

Run it: ``python -m tests.bench.extract_floor [FOLDER] [--runs 3] [--json]``. Without a folder the
collateral of the corpus is read (``DECKHAND_CORPUS``). In one process, files warm in the cache:

* ``floor``: the same parsers called directly, their text thrown away. MuPDF's ``get_text`` with
  the flags of the product for every page of a PDF, and nothing else of it; for the other formats,
  which no library reads as we do, the module's own ``read(path)``: zip, lxml and the walk to the
  paragraphs, or the lines of Markdown.
* ``libraries``: less than anybody could do with. Parts of Office files as trees without the walk
  to the paragraphs, Markdown decoded and no more; PDF as above.
* ``readers``: ``indexer.extract.extract``, with sniffing, titles, cleaning, properties, language.

With ``--once`` there is nothing but one pass of the floor (``--once libraries``: of that), for
whoever measures the whole process from its start: that, interpreter and imports of the parsers
included, is the "bare extraction floor" of which issue 3 allows a full index 2.5 times the CPU
(``tests.bench.full_index``). It hashes nothing, sniffs nothing, makes no titles, cleans and keeps
nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

from lxml import etree

from indexer.extract.encoding import decode
from indexer.extract.mupdf import load

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_ALWAYS = ("docProps/", "_rels/.rels")
OFFICE = {
    ".pptx": (
        *("ppt/presentation", "ppt/_rels/", "ppt/slides/", "ppt/notesSlides/notes"),
        *("ppt/diagrams/data", "ppt/charts/chart"),
    ),
    ".docx": (
        *("word/document", "word/_rels/document", "word/styles", "word/footnotes"),
        *("word/endnotes", "word/header", "word/footer", "word/diagrams/data", "word/charts/chart"),
    ),
    ".xlsx": (
        *("xl/workbook", "xl/_rels/", "xl/sharedStrings", "xl/styles", "xl/worksheets/"),
        *("xl/drawings/", "xl/charts/chart"),
    ),
}  # fmt: skip
"""The beginnings of the names of the parts that our readers read."""


def read_pdf(path: Path) -> int:
    """Text of all pages; what MuPDF refuses costs what refusing costs."""
    found = 0
    pymupdf = load()
    flags = pymupdf.TEXTFLAGS_BLOCKS & ~pymupdf.TEXT_PRESERVE_LIGATURES
    with pymupdf.open(path, filetype="pdf") as document:
        for index in range(0 if document.needs_pass else document.page_count):
            found += sum(len(b[4]) for b in document[index].get_text("blocks", flags=flags))
    return found


def read_office(path: Path) -> int:
    """Every part that is needed, as a tree, and the texts in it."""
    found = 0
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    wanted = (*_ALWAYS, *OFFICE[path.suffix.lower()])
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith(wanted) and name.endswith((".xml", ".rels")):
                root = etree.fromstring(package.read(name), parser)
                found += sum(len(text.text or "") for text in root.iter("{*}t", "{*}v"))
    return found


def read_html(path: Path) -> int:
    """The standard library's parser with nobody listening."""
    parser = HTMLParser()
    text = decode(path.read_bytes())
    parser.feed(text)
    return len(text)


def read_text(path: Path) -> int:
    """Bytes to characters."""
    return len(decode(path.read_bytes()))


LIBRARIES: dict[str, Callable[[Path], int]] = {
    ".pdf": read_pdf, ".pptx": read_office, ".docx": read_office, ".xlsx": read_office,
    ".html": read_html, ".htm": read_html, ".md": read_text, ".txt": read_text, ".csv": read_text,
}  # fmt: skip
OURS = {
    ".pptx": "pptx", ".docx": "docx", ".xlsx": "xlsx", ".html": "html", ".htm": "html",
    ".md": "markdown", ".txt": "plain", ".csv": "plain",
}  # fmt: skip


def libraries(path: Path) -> int:
    """Characters that the library gives of a file, 0 for those it refuses or does not read."""
    reader = LIBRARIES.get(path.suffix.lower())
    try:
        return reader(path) if reader else 0
    except Exception:  # a floor has to survive the same files as the product
        return 0


def floor(path: Path) -> int:
    """Characters that the bare parser gives of a file, 0 for those it refuses or does not read."""
    suffix = path.suffix.lower()
    if suffix not in OURS:
        return libraries(path)
    try:
        pages = import_module(f"indexer.extract.{OURS[suffix]}").read(path).pages
    except Exception:
        return 0
    return sum(len(page.body) + len(page.notes) for page in pages)


def whole(path: Path) -> int:
    """Characters that the product's own readers give."""
    from indexer.extract import extract

    return sum(len(page.body) + len(page.notes) for page in extract(path).pages)


def measure(files: list[Path], read: Callable[[Path], int], runs: int) -> dict[str, Any]:
    """Best of several runs: seconds of CPU by suffix and together, and characters."""
    best: dict[str, Any] = {}
    for _ in range(runs):
        spent: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        wall, cpu = time.perf_counter(), time.process_time()
        for path in files:
            started = time.process_time()
            characters[path.suffix.lower()] += read(path)
            spent[path.suffix.lower()] += time.process_time() - started  # type: ignore[assignment]
        total = time.process_time() - cpu
        if not best or total < best["cpu_s"]:
            best = {
                "cpu_s": round(total, 3), "wall_s": round(time.perf_counter() - wall, 3),
                "by_suffix": {name: round(value, 3) for name, value in spent.items()},
                "characters": dict(characters),
            }  # fmt: skip
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus = Path(os.environ.get("DECKHAND_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
    parser.add_argument("folder", type=Path, nargs="?", default=corpus / "collateral")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--once", nargs="?", const="floor", choices=("floor", "libraries"))
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file())
    if not files:
        parser.error(f"no files in {given.folder}: name a folder or set DECKHAND_CORPUS")
    if given.once:
        print(json.dumps(measure(files, globals()[given.once], 1)))
        return
    size = sum(len(path.read_bytes()) for path in files)
    load()
    ways = (libraries, floor, whole)
    names = ("libraries", "floor", "readers")
    taken = {n: measure(files, way, given.runs) for n, way in zip(names, ways, strict=True)}
    counts = Counter(path.suffix.lower() for path in files)
    found = {"files": len(files), "megabytes": round(size / 1e6, 1)}
    if given.json:
        print(json.dumps({**found, "counts": counts, **taken}))
        return
    print(f"{found['files']:,} files, {found['megabytes']} MB, best of {given.runs}\n")
    print(f"{'suffix':10}{'files':>7}" + "".join(f"{n + ' s':>14}" for n in names))
    for suffix, count in counts.most_common():
        spent = "".join(f"{taken[n]['by_suffix'][suffix]:>14.2f}" for n in names)
        print(f"{suffix:10}{count:>7,}{spent}")
    print(f"{'all':10}{len(files):>7,}" + "".join(f"{taken[n]['cpu_s']:>14.2f}" for n in names))


if __name__ == "__main__":
    main()
