"""A seeded library as years of use would leave it: files, pages, versions, copies, tags, deeds.

    python -m tests.bench.gen_library FOLDER [--assets 10000] [--events 200000]

FOLDER is a library folder that window and command line open (``--library FOLDER``); the files lie
in FOLDER/collateral. Everything goes through the program's own tables and doors, triggers
included, and the search index is fed as the indexing child feeds it, so that ``deckhand doctor``
finds nothing and the first scan of the window reads nothing. What stands already is left alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from app.catalogue import fingerprints, ingest, ingest_new, mending, reconcile, roots
from app.clock import DAY_MS, now_ms
from app.indexing.feeding import Feeder
from app.paths import LibraryPaths
from app.store.engine import Store, open_store
from app.store.tables import Root
from indexer.extract import Extracted, PageText
from indexer.scan import Found, scan
from indexer.watch.ignore import Ignore
from tests.bench import gen_pages

REVISION = 1
NOTE = "generated.json"
ROOTS = ("Marketing", "Field")
BATCH = 500
NEAR_COPIES, COPIED, EDITED, PROBLEMS, GONE = 0.03, 0.02, 0.1, 0.03, 0.005
FOLDERS = ("Decks", "One-pagers", "Case studies", "Battlecards", "Pricing", "Security", "Training")
REGIONS = ("EMEA", "DACH", "Nordics", "UK", "Americas", "APAC")
REASONS = (
    ("protected", "This file needs a password, so its text cannot be read."),
    ("damaged", "This deck is damaged: its list of slides is missing."),
    ("no_text", "No text was found: the pages are pictures, perhaps scans."),
    ("too_large", "This file unpacks to more than 1 GB. It is found by its name only."),
    ("name_only", "Deckhand does not read .key files, so this one is found by its name only."),
    ("unsupported", "This file is of a kind that Deckhand does not know."),
)
KINDS = {".pptx": "pptx", ".pdf": "pdf", ".docx": "docx"}
LABELS = {"pptx": "slide", "pdf": "page", "docx": "page"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make; about twelve pages to an asset."""

    assets: int = 10_000
    events: int = 200_000
    searches: int = 20_000
    people: int = 200
    requests: int = 150
    seed: int = 20_261_121

    @classmethod
    def of(cls, assets: int, events: int | None = None) -> Size:
        """So many assets, and people, searches, deeds (or ``events``) and requests to go with."""
        return cls(
            assets, assets * 20 if events is None else events, max(10, assets * 2),
            min(200, max(8, assets // 10)), min(150, max(3, assets // 40)),
        )  # fmt: skip


@dataclass(slots=True)
class Made:
    """What the second half of the work must know of the first: file times and what went wrong."""

    folder: Path
    chance: np.random.Generator
    roots: dict[str, int] = field(default_factory=dict)
    gone: list[Path] = field(default_factory=list)


def ensure(folder: Path, size: Size, now: int | None = None) -> Path:
    """The library of that size in ``folder``, made anew unless it stands there; returns it.

    ``now`` (UTC ms) is where the year of use ends, by default the present.
    """
    wanted = json.dumps({"revision": REVISION, **asdict(size)})
    note = folder / NOTE
    if not note.is_file() or note.read_text("utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        generate(folder, size, now or now_ms())
        note.write_text(wanted, "utf-8")
    return folder


def generate(folder: Path, size: Size, now: int) -> None:
    """Make the library in a folder that is not there yet."""
    from tests.bench import gen_library_use as use

    random.seed(size.seed)
    made = Made(folder, np.random.default_rng(size.seed))
    with open_store(LibraryPaths(folder)) as store:
        _timed("roots", _add_roots, store, made)
        _timed("files and pages", _add_assets, store, made, size, now)
        _timed("problems", _add_problems, store, made, size, now)
        _timed("people, tags, states", use.describe, store, made.chance, size, now)
        _timed("searches, deeds, requests", use.enter_use, store, made.chance, size, now)
        _timed("scan", _settle, store, made)
        _timed("copies", fingerprints.catch_up, store, lambda: False)
        _timed("index", _feed, store)


def _timed(what: str, work: object, *args: object) -> None:
    begun = time.process_time()
    work(*args)  # type: ignore[operator]
    print(f"{what}: {time.process_time() - begun:.1f} s CPU", flush=True)


def _add_roots(store: Store, made: Made) -> None:
    for name in ROOTS:
        place = made.folder / "collateral" / name
        place.mkdir(parents=True)
        with store.write() as session:
            added = roots.add(session, store.settings, place, library=made.folder)
            assert isinstance(added.result, int)
            made.roots[name] = added.result


# ---- files and pages ---------------------------------------------------------------------


def _add_assets(store: Store, made: Made, size: Size, now: int) -> None:
    copies = made.chance.random(size.assets) < COPIED
    edited = made.chance.random(size.assets) < EDITED
    gone = made.chance.random(size.assets) < GONE
    many = size.assets - int(size.assets * PROBLEMS)
    planned = iter(_planned(made, many, now))
    while batch := list(islice(planned, BATCH)):
        with store.write() as session:
            first = [_item(made, plan, old=bool(edited[plan.number])) for plan in batch]
            ingest_new.add(session, first)
            for plan in batch:
                if edited[plan.number]:
                    _ingest(session, _item(made, plan))
                if copies[plan.number]:
                    _ingest(session, _item(made, plan, copied=True))
                if gone[plan.number]:
                    made.gone.append(made.folder / "collateral" / "Marketing" / plan.relpath)


@dataclass(frozen=True, slots=True)
class Plan:
    """One asset to be: where its file lies, when it was written (UTC ms), its pages."""

    number: int
    relpath: str
    title: str
    suffix: str
    at: int
    pages: tuple[tuple[str, str], ...]


def _planned(made: Made, many: int, now: int) -> Iterator[Plan]:
    """Assets of the last four years; one in thirty is an earlier one with a page changed."""
    earlier: list[gen_pages.Asset] = []
    for asset in gen_pages.assets(many):
        pages, title, number = asset.pages, asset.title, asset.id - 1
        if len(earlier) > 50 and made.chance.random() < NEAR_COPIES:
            source = earlier[int(made.chance.integers(len(earlier)))]
            pages = _varied(source.pages, pages[0], number)
            title = f"{source.title} for {asset.title.split()[0]}"
        earlier = [*earlier[-200:], asset]
        suffix = Path(asset.filename).suffix
        where = f"{FOLDERS[number % 7]}/{REGIONS[number // 7 % 6]}/{number // 42 % 12 + 1:02}"
        age = int(made.chance.exponential(400) * DAY_MS) % (4 * 365 * DAY_MS) + DAY_MS
        name = f"{title.replace(' ', '_')}_{number}{suffix}"
        yield Plan(number, f"{where}/{name}", title, suffix, now - age, pages)


def _varied(
    pages: tuple[tuple[str, str], ...], other: tuple[str, str], number: int
) -> tuple[tuple[str, str], ...]:
    """The pages with one exchanged and a price on another."""
    first = (pages[0][0], f"{pages[0][1]} From ${number % 90 + 10} a month.")
    return (first, *pages[1:-1], other) if len(pages) > 1 else (first, other)


def _item(
    made: Made, plan: Plan, *, old: bool = False, copied: bool = False
) -> ingest_new.Item:
    """The asset as it was read. ``old``: an earlier content of one page less, not on disk any
    more; ``copied``: the same bytes in the other root."""
    root = "Field" if copied else "Marketing"
    relpath = f"Copies/{plan.number % 20:02}/{Path(plan.relpath).name}" if copied else plan.relpath
    pages = plan.pages[1:] if old and len(plan.pages) > 1 else plan.pages
    text = _bytes(plan, len(pages))
    found = _on_disk(made.folder / "collateral" / root, relpath, text, plan.at - old * DAY_MS)
    return ingest_new.Item(made.roots[root], found, _sha256(text), _extracted(plan, pages))


def _extracted(plan: Plan, pages: tuple[tuple[str, str], ...]) -> Extracted:
    kind = KINDS[plan.suffix]
    texts = tuple(
        PageText(at, f"{LABELS[kind]} {at}", heading, body, _notes(plan, at), at % 40 == 39)
        for at, (heading, body) in enumerate(pages, 1)
    )
    properties = {"language": "en", "author": f"Author {plan.number % 80}"}
    return Extracted(kind, "indexed", None, plan.title, texts, properties, ())


def _notes(plan: Plan, page: int) -> str:
    if plan.suffix != ".pptx" or (plan.number + page) % 5:
        return ""
    return f"Say that {plan.title.lower()} pays back within {page + 3} months."


def _bytes(plan: Plan, pages: int) -> bytes:
    """What stands in the file: a document of empty pages, or a line in place of one."""
    mark = f"asset {plan.number}, {pages} pages, {plan.title}"
    return _pdf(pages, mark) if plan.suffix == ".pdf" else f"Placeholder of {mark}.\n".encode()


def _pdf(pages: int, mark: str) -> bytes:
    """A small PDF of so many empty pages, which says nothing but is one."""
    kids = " ".join(f"{at + 3} 0 R" for at in range(pages))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 720 405]>>"
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    bodies += [page] * pages
    text, places = f"%PDF-1.4\n% {mark.encode('ascii', 'replace').decode()}\n", []
    for at, body in enumerate(bodies, 1):
        places.append(len(text))
        text += f"{at} 0 obj{body}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    many = len(bodies) + 1
    end = f"trailer<</Size {many}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + f"xref\n0 {many}\n0000000000 65535 f \n{table}{end}").encode()


def _on_disk(root: Path, relpath: str, text: bytes, at: int) -> Found:
    path = root / relpath
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    os.utime(path, ns=(at * 1_000_000, at * 1_000_000))
    stat = path.stat()
    key = f"{stat.st_dev:x}:{stat.st_ino:x}"
    return Found(relpath, None, stat.st_size, stat.st_mtime_ns, key, None)


def _sha256(text: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(text).digest()


def _ingest(session: Session, item: ingest_new.Item) -> None:
    ingest.ingest(session, item.root_id, item.found, item.sha256, item.extracted)


def _add_problems(store: Store, made: Made, size: Size, now: int) -> None:
    """Files that are not fully searchable, of every sort; a few are links that lead nowhere."""
    root = made.folder / "collateral" / "Field"
    items = []
    for number in range(int(size.assets * PROBLEMS)):
        state, reason = REASONS[number % len(REASONS)]
        relpath = f"Inbox/{number % 12:02}/unreadable_{number}.pptx"
        if number % 20 == 19:
            (root / relpath).symlink_to("/nowhere/at/all.pptx")
            continue
        text = f"Placeholder of problem {number}.\n".encode()
        found = _on_disk(root, relpath, text, now - (number % 700 + 2) * DAY_MS)
        extracted = Extracted("pptx", state, reason, None, (), {}, ())
        items.append(ingest_new.Item(made.roots["Field"], found, _sha256(text), extracted))
    with store.write() as session:
        if items:
            ingest_new.add(session, items)
        for found in scan(root):
            if found.problem is not None:
                ingest.ingest_problem(session, made.roots["Field"], found, found.problem)


# ---- what the indexing child would do ----------------------------------------------------


def _settle(store: Store, made: Made) -> None:
    """Some files vanish; then each root is scanned, and nothing may be left to read."""
    for path in made.gone:
        path.unlink()
    for name, root_id in made.roots.items():
        place = made.folder / "collateral" / name
        with store.write() as session:
            root = session.get_one(Root, root_id)
            ignore = Ignore.for_root(place, mending.patterns(store.settings, root))
            plan = reconcile.plan(reconcile.known_files(session, root_id), scan(place, ignore))
            if plan.read or plan.moved or plan.back:
                raise AssertionError(f"the record is not that of {place}: {plan.read[:3]}")
            reconcile.apply_quick(session, plan)
            reconcile.mark_root(session, root_id, "online")


def _feed(store: Store) -> None:
    feeder = Feeder(store, store.paths.index)
    try:
        feeder.apply()
        while feeder.tidy():
            pass
    finally:
        feeder.close()


def main() -> None:
    """Make a library from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assets", type=int, default=Size().assets)
    parser.add_argument("--events", type=int, default=None, help="by default 20 an asset")
    given = parser.parse_args()
    size = Size.of(given.assets, given.events)
    print(ensure(given.folder.absolute(), size))


if __name__ == "__main__":
    main()
