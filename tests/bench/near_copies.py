"""How well and how fast near copies are found: prints a table, or JSON with ``--json``.

Run it: ``python -m tests.bench.near_copies [--decks 1000] [--assets 10000] [--json]``. Decks are
made up, with slides that many share, and siblings of one template as hard negatives; copies are
made by eleven kinds of edit. ``--assets`` also fills a record of that size and measures the first
comparison, one more deck, and the list; 0 leaves it out. The texts are synthetic, so that precision
and recall compare methods and edits; they do not tell what real decks will give.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.catalogue import copies, fingerprints
from app.clock import uuid7
from app.paths import LibraryPaths
from app.store.engine import Store, open_store
from app.store.tables import Asset, AssetFile, AssetVersion, Page, Root
from indexer import likeness

THRESHOLD = 0.65
COPIES_PER_EDIT = 40
SIBLING_SHARE = 0.2
Deck = list[list[str]]
FACTS = (
    "Saves {}% in the first {} months",
    "{} customers in {} countries",
    "ROI of {}% in {} weeks",
)


class Writer:
    """Writes decks from a vocabulary whose words are as uneven as those of a language."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        lengths = self.random.choices((3, 4, 5, 6, 7, 8, 9), k=8000)
        self.words = ["".join(self.random.choices(letters, k=n)) for n in lengths]
        self.odds = list(accumulate(1 / (place + 5) for place in range(len(self.words))))
        self.common = [self.slide() for _ in range(12)]

    def sentence(self) -> str:
        count = self.random.randrange(6, 22)
        return " ".join(self.random.choices(self.words, cum_weights=self.odds, k=count))

    def slide(self) -> list[str]:
        lines = [self.sentence() for _ in range(self.random.randrange(2, 5))]
        if self.random.random() < 0.5:
            fact = self.random.choice(FACTS)
            lines.append(fact.format(self.random.randrange(2, 99), self.random.randrange(2, 36)))
        return lines

    def deck(self, parent: Deck | None = None) -> Deck:
        """A deck of its own, or a template's sibling with about half of its slides replaced."""
        if parent is not None:
            made = [list(slide) for slide in parent]
            share = self.random.uniform(0.4, 0.6)
            for place in self.random.sample(range(len(made)), int(len(made) * share)):
                made[place] = self.slide()
            return made
        made = [self.slide() for _ in range(self.random.randrange(6, 28))]
        shared = self.random.sample(self.common, self.random.randrange(1, 6))
        return [*made, *([*slide] for slide in shared)]

    def decks(self, count: int) -> list[Deck]:
        made: list[Deck] = []
        for place in range(count):
            sibling = place > count // 10 and self.random.random() < SIBLING_SHARE
            made.append(self.deck(self.random.choice(made) if sibling else None))
        return made


def edits(writer: Writer) -> dict[str, Callable[[Deck], Deck]]:
    """What reps do to a deck, by name."""
    dice = writer.random

    def keep(deck: Deck, share: float) -> Deck:
        return dice.sample(deck, max(3, int(len(deck) * share)))

    def drop(deck: Deck, count: int) -> Deck:
        gone = set(dice.sample(range(len(deck)), count))
        return [slide for place, slide in enumerate(deck) if place not in gone]

    def each(deck: Deck, change: Callable[[str], str]) -> Deck:
        return [[change(line) for line in slide] for slide in deck]

    def number(deck: Deck) -> Deck:
        places = [
            (i, j) for i, slide in enumerate(deck) for j, line in enumerate(slide)
            if re.search(r"\d", line)
        ]  # fmt: skip
        i, j = dice.choice(places or [(0, 0)])
        deck[i][j] = re.sub(r"\d+", str(dice.randrange(100, 999)), deck[i][j], count=1)
        return deck

    def named(deck: Deck) -> Deck:
        return [[slide[0] + " for Mega Bank", *slide[1:]] for slide in deck]

    def noise(line: str) -> str:
        broken = re.sub(
            r"(\w{6,})",
            lambda m: f"{m[1][:4]}-\n{m[1][4:]}" if dice.random() < 0.03 else m[1],
            line,
        )
        return "\u2022 " + broken.replace(" ", "  ", 2)

    return {
        "one slide removed": lambda d: drop(d, 1),
        "30 % removed": lambda d: drop(d, max(1, int(len(d) * 0.3))),
        "reordered": lambda d: dice.sample(d, len(d)),
        "logo line": lambda d: [[*slide, "Prepared for Mega Bank 2026"] for slide in d],
        "one number": number,
        "all numbers": lambda d: each(d, lambda s: re.sub(r"\d+", str(dice.randrange(99)), s)),
        "two inserted": lambda d: [*d, writer.slide(), writer.slide()],
        "customer name": named,
        "as PDF text": lambda d: each(d, noise),
        "all of it": lambda d: named(number(drop(dice.sample(d, len(d)), 1))),
        "30 % kept": lambda d: keep(d, 0.3),
    }


def texts(deck: Deck) -> list[str]:
    """The pages' texts, with a footer and a number each."""
    foot = "Acme Corp | Confidential | FY26"
    return ["\n".join([*slide, foot, str(number)]) for number, slide in enumerate(deck, 1)]


def printed(deck: Deck) -> likeness.Prints:
    """The fingerprints of a deck."""
    return likeness.prints(texts(deck), range(1, len(deck) + 1))


def quality(count: int) -> list[dict[str, Any]]:
    """Precision, recall by edit, and what printing and asking cost."""
    writer = Writer(4)
    library = writer.decks(count)
    begun = time.process_time()
    kept = [printed(deck) for deck in library]
    shelf = likeness.Shelf(range(count), kept)
    rows = [_row("print and shelve", "ms a page", begun, sum(map(len, kept)))]
    asked = [
        (name, place, edit([list(slide) for slide in library[place]]))
        for name, edit in edits(writer).items()
        for place in (writer.random.randrange(count) for _ in range(COPIES_PER_EDIT))
    ]
    for _ in range(5 * COPIES_PER_EDIT):
        asked.append(("unlike anything", -1, writer.deck()))
        parent = writer.random.choice(library)
        asked.append(("sibling of a template", -2, writer.deck(parent)))
    prints = [printed(deck) for _, _, deck in asked]
    begun = time.process_time()
    answers = [shelf.matches(made, least=THRESHOLD) for made in prints]
    rows.append(_row("ask", "ms a deck", begun, len(asked)))
    return rows + _judged(asked, answers)


def _row(what: str, unit: str, begun: float, count: int) -> dict[str, Any]:
    spent = time.process_time() - begun
    return {"what": what, "value": round(spent * 1000 / max(1, count), 3), "unit": unit}


def _judged(
    asked: list[tuple[str, int, Deck]], answers: list[list[likeness.Match]]
) -> list[dict[str, Any]]:
    rows, right, wrong, copies_asked = [], 0, 0, 0
    for name in dict.fromkeys(name for name, _, _ in asked):
        cases = [
            (place, found[0].owner if found else None)
            for (each, place, _), found in zip(asked, answers, strict=True)
            if each == name
        ]
        if cases[0][0] < 0:
            claimed = sum(owner is not None for _, owner in cases)
            wrong += claimed
            rows.append(_share(f"claimed of: {name}", claimed, len(cases)))
        else:
            hits = sum(place == owner for place, owner in cases)
            right, copies_asked = right + hits, copies_asked + len(cases)
            wrong += sum(owner not in (None, place) for place, owner in cases)
            rows.append(_share(f"recall: {name}", hits, len(cases)))
    return [
        _share("precision", right, right + wrong), _share("recall", right, copies_asked), *rows,
    ]  # fmt: skip


def _share(what: str, part: int, whole: int) -> dict[str, Any]:
    return {"what": what, "value": round(part / max(1, whole), 3), "unit": f"of {whole}"}


# ---- a whole record ------------------------------------------------------------------------


def scale(assets: int) -> list[dict[str, Any]]:
    """A record of that many decks, a tenth of them copies: first comparison, one more, the list."""
    writer = Writer(7)
    made = writer.decks(assets * 9 // 10)
    change = list(edits(writer).values())
    while len(made) < assets:
        source = [list(slide) for slide in writer.random.choice(made)]
        made.append(writer.random.choice(change)(source))
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(LibraryPaths(Path(folder) / "library")) as store,
    ):
        for start in range(0, assets, 500):
            _fill(store, made[start : start + 500], start)
        rows = [_timed("pages", 0, sum(map(len, made)))]
        rows.append(_catch_up(store, f"first comparison of {assets} decks"))
        rows.append(_catch_up(store, "nothing new"))
        _fill(store, [made[0][1:]], assets)
        rows.append(_catch_up(store, "one more deck"))
        begun = time.perf_counter()
        with store.read() as session:
            found = copies.pairs(session, THRESHOLD)
        rows.append(_timed(f"list of {len(found)} pairs", begun))
        size = store.paths.database.stat().st_size / 2**20
        rows.append({"what": "database", "value": round(size, 1), "unit": "MB"})
        rows.append(_tables(store))
    return rows


def _timed(what: str, begun: float, value: float | None = None) -> dict[str, Any]:
    shown = round((time.perf_counter() - begun) * 1000, 1) if value is None else value
    return {"what": what, "value": shown, "unit": "ms" if value is None else ""}


def _catch_up(store: Store, what: str) -> dict[str, Any]:
    begun, worked = time.perf_counter(), time.process_time()
    fingerprints.catch_up(store, lambda: False)
    row = _timed(what, begun)
    row["unit"] = f"ms ({(time.process_time() - worked) * 1000:.0f} ms CPU)"
    return row


def _tables(store: Store) -> dict[str, Any]:
    query = sa.text(
        "SELECT sum(length(keys) + length(sketches) + length(pages)) FROM version_print"
    )
    with store.read() as session:
        held = session.scalar(query) or 0
    return {"what": "prints in the database", "value": round(held / 2**20, 1), "unit": "MB"}


def _fill(store: Store, decks: list[Deck], first: int) -> None:
    with store.write() as session:
        if session.get(Root, 1) is None:
            session.add(Root(id=1, name="made up", uid=uuid7()))
            session.flush()
        for place, deck in enumerate(decks, first + 1):
            sha = hashlib.sha256(str(place).encode()).digest()
            asset = Asset(id=place, title=f"Deck number {place}", published_at=1)
            version = AssetVersion(
                id=place, asset_id=place, sha256=sha, size=1, kind="pptx", page_count=len(deck),
                extract_state="indexed", properties={}, modified_at=place * 60_000,
            )  # fmt: skip
            session.add_all([asset, version])
            session.flush()
            asset.current_version_id = place
            session.add(
                AssetFile(
                    root_id=1, relpath=f"{place}.pptx", asset_id=place, version_id=place, size=1,
                    mtime_ns=1, file_key="",
                )
            )  # fmt: skip
            _fill_pages(session, place, deck)


def _fill_pages(session: Any, version: int, deck: Deck) -> None:
    rows = []
    for number, text in enumerate(texts(deck), 1):
        key = hashlib.blake2b(text.encode(), digest_size=16).digest()
        known = sa.text("INSERT OR IGNORE INTO page_text VALUES (:sha, '', :body, '')")
        session.execute(known, {"sha": key, "body": text})
        rows.append(
            {"version_id": version, "page_no": number, "label": f"slide {number}", "sha": key}
        )
    session.execute(sa.insert(Page), rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decks", type=int, default=1000)
    parser.add_argument("--assets", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = quality(args.decks) + (scale(args.assets) if args.assets else [])
    if args.json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        print(f"{row['what']:<40} {row['value']:>12,} {row['unit']}")


if __name__ == "__main__":
    main()
