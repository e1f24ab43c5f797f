"""Whole keystrokes and each class of query, at 12,000 to 600,000 pages, beside FTS5 and tantivy.

    python -m tests.bench.search_scale --folder CACHE --pages 12000 120000 600000 --json out.json

Everything is made from seeds and kept in the folder, so that a second run only asks. A library of
the product with the same pages is searched through ``Finder.find`` besides. Numbers are
milliseconds of CPU (median, 95th percentile, greatest) in one process, one engine after the other
for each query. What Deckhand keeps between queries is emptied before each query of a class and at
the start of each typed text, but not while it is typed, which is how people type. tantivy-py is a
development dependency (``pip install tantivy``).
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from indexer.search.documents import AssetDoc, PageDoc
from indexer.search.query import Word
from indexer.search.reader import Searcher
from indexer.search.writer import IndexWriter
from tests.bench import scale_corpus
from tests.bench.gen_pages import PHRASES, TRADE, VOCABULARY, vocabulary
from tests.bench.scale_engines import Ask, Deckhand, Engine, Fts, Tantivy, columns
from tests.bench.scale_library import make_library
from tests.bench.scale_product import Product
from tests.bench.scale_verdict import WHOLE, of_row, targets

MANY = 30
UPDATES = 21
STEADY_MS = 10.0


def make_index(folder: Path, corpus: Path, *, through_whoosh: bool = False) -> None:
    """Index a library as a first indexing does, merges included."""
    shutil.rmtree(folder, ignore_errors=True)
    with IndexWriter(folder, through_whoosh=through_whoosh) as writer:
        for change, batch in enumerate(scale_corpus.batches(corpus), 1):
            writer.apply(batch, (), change)
        while writer.merge_if_idle():
            pass


def prepare(folder: Path, pages: int, *, by_whoosh: bool) -> dict[str, dict[str, float]]:
    """Make what is missing; return what each index cost."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = folder / "corpus.db"
    scale_corpus.built(folder, "corpus.db", lambda path: scale_corpus.make_corpus(path, pages))
    out = {
        "deckhand": scale_corpus.built(folder, "index", lambda path: make_index(path, corpus)),
        "fts5": scale_corpus.built(folder, "fts.db", lambda p: scale_corpus.make_fts(p, corpus)),
        "tantivy": scale_corpus.built(
            folder, "tantivy", lambda path: scale_corpus.make_tantivy(path, corpus)
        ),
    }
    scale_corpus.built(folder, "library", lambda path: make_library(path, corpus))
    if by_whoosh or (folder / "whoosh.json").exists():
        out["deckhand by Whoosh's writer"] = scale_corpus.built(
            folder, "whoosh", lambda path: make_index(path, corpus, through_whoosh=True)
        )
    return out


def classes(chance: random.Random) -> dict[str, tuple[str, list[Ask]]]:
    """Return for each class of query the call that answers it and the queries."""

    def words(many: int) -> tuple[str, ...]:
        return tuple(chance.sample(TRADE, many))

    rare = vocabulary()[VOCABULARY // 3 :]
    slugs = ("persona1", "stage1", "value2", "type0", "status0")
    begins = {n: sorted({word[:n] for word in TRADE}) for n in (1, 2, 3, 4)}
    out: dict[str, tuple[str, list[Ask]]] = {
        "single common term": ("top", [Ask(words(1)) for _ in range(MANY)]),
        "rare term": ("top", [Ask((chance.choice(rare),)) for _ in range(MANY)]),
        "2 terms AND": ("top", [Ask(words(2)) for _ in range(MANY)]),
        "3 terms AND": ("top", [Ask(words(3)) for _ in range(MANY)]),
        "3 terms OR": ("top", [Ask(words(3), "or") for _ in range(MANY)]),
        "phrase": ("top", [Ask(p, "phrase") for p in _phrases(chance)]),
    }
    for n in (2, 3, 4):
        some = chance.sample(begins[n], min(MANY, len(begins[n])))
        out[f"prefix {n}"] = ("top", [Ask((begin,), prefix=True) for begin in some])
    for n in (2, 3, 4):
        pairs = [words(2) for _ in range(MANY)]
        asks = [Ask((a, b[:n]), prefix=True) for a, b in pairs]
        out[f"word + prefix {n}"] = ("top", asks)
    out["fuzzy, distance 1"] = ("top", [Ask((t,), "fuzzy") for t in _typos(chance)])
    out["term + 2 filters"] = (
        "top",
        [Ask(words(1), filters=tuple(chance.sample(slugs, 2))) for _ in range(MANY)],
    )
    out["facet counts, match-all"] = ("facets", [Ask()] * MANY)
    for name, call in (
        ("facet counts, term", "facets"),
        ("sort by date", "newest"),
        ("collapse to asset", "collapse"),
        ("blend use + freshness", "blend"),
    ):
        out[name] = (call, [Ask(words(1)) for _ in range(MANY)])
    out["related (more like)"] = ("related", [Ask(asset=at + 1) for at in range(MANY)])
    out["suggest, distance 1"] = ("suggest", [Ask((t,)) for t in _typos(chance)])
    return out


def _phrases(chance: random.Random) -> list[tuple[str, ...]]:
    """The phrases that were put in, pairs of trade words, and pairs with everyday words."""
    found = [tuple(phrase.split()) for phrase in PHRASES]
    found += [tuple(chance.sample(TRADE, 2)) for _ in range(8)]
    return [*found, ("the", "customer"), ("on", "the"), ("for", "pricing"), ("our", "platform")]


def _typos(chance: random.Random) -> list[str]:
    out = []
    for word in chance.sample([word for word in TRADE if len(word) > 5], MANY):
        at, kind = chance.randrange(1, len(word) - 1), chance.randrange(3)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        wrong = word[:at] + chance.choice("aeiourstln") + word[at + 1 :]
        out.append((word[:at] + word[at + 1 :], swapped, wrong)[kind])
    return out


def typing(chance: random.Random) -> list[list[Ask]]:
    """Return 20 texts of one to three words, each as the states it goes through when typed."""
    wanted = [chance.sample(TRADE, 2) for _ in range(13)]
    wanted += [chance.sample(TRADE, 1) for _ in range(5)] + [chance.sample(TRADE, 3)] * 2
    out = []
    for words in wanted:
        text = " ".join(words)
        states = (text[:end] for end in range(1, len(text) + 1) if text[end - 1] != " ")
        out.append([Ask(tuple(state.split()), prefix=True) for state in states])
    return out


def timed(calls: Iterable[Callable[[], object]]) -> list[float]:
    """Return the CPU milliseconds of each call."""
    out = []
    gc.disable()
    for call in calls:
        start = time.process_time_ns()
        call()
        out.append((time.process_time_ns() - start) / 1e6)
    gc.enable()
    return out


def summary(times: list[float]) -> dict[str, float]:
    """Return median, 95th percentile and greatest."""
    times = sorted(times)
    return {
        "p50": round(times[len(times) // 2], 3),
        "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
        "max": round(times[-1], 3),
    }


def ask_class(engine: Engine, call: str, asks: list[Ask]) -> list[float]:
    """Time one class of query, each query from an empty cache and as the mean of a few runs.

    Asking for the time costs up to half a millisecond on some machines, more than many answers.
    """
    answer = getattr(engine, call)

    def several(ask: Ask, many: int) -> None:
        for _ in range(many):
            engine.forget()
            answer(ask)

    several(asks[0], 1)
    out = []
    for ask in asks:
        (once,) = timed([lambda a=ask: several(a, 1)])
        many = max(1, min(20, int(STEADY_MS / max(once, 0.05))))
        out += [spent / many for spent in timed([lambda a=ask, n=many: several(a, n)])]
    return out


def ask_product(product: Product, texts: list[list[Ask]]) -> dict[str, Any]:
    """Time every keystroke through the product, and fewer texts asked in other ways."""
    rows: dict[str, Any] = {WHOLE: summary(ask_typing(product, texts))}
    for name, (before, ask) in product.variants().items():
        out: list[float] = []
        for states in texts[::3]:
            product.forget()
            for each in states:
                before()
                out += timed([lambda a=each, f=ask: f(a)])
        rows[name] = summary(out)
    return rows


def update_product(product: Product) -> dict[str, float]:
    """Change one asset of 12 pages in the record, feed the index and find it, again and again."""
    times = []
    for at, once in enumerate(product.updates(UPDATES)):
        once.before()  # type: ignore[attr-defined]
        times += timed([once])
        if at % 10 == 9:
            product.feeder.tidy()
    return summary(times[1:])


def ask_typing(engine: Any, texts: list[list[Ask]]) -> list[float]:
    """Time every keystroke; what is kept is emptied before each text."""
    engine.keystroke(texts[0][0])
    out: list[float] = []
    for states in texts:
        engine.forget()
        out += timed([lambda a=ask: engine.keystroke(a) for ask in states])
    return out


def update(folder: Path, corpus: Path, scratch: Path) -> dict[str, float]:
    """Change one asset of 12 pages in a copy of the index and find it, again and again."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(folder, scratch, copy_function=shutil.copy2)
    scratch.chmod(0o700)
    searcher = Searcher.open(scratch)
    found = scale_corpus.documents(corpus)
    made = [next(found) for _ in range(UPDATES)]
    with IndexWriter(scratch) as writer:

        def once(doc: AssetDoc, word: str) -> None:
            pages = tuple(PageDoc(n, p.heading, f"{p.body} {word}", "") for n, p in _twelve(doc))
            changed = AssetDoc(doc.asset_id, doc.title, doc.filename, "en", pages)
            writer.apply([changed], (), writer.applied + 1)
            searcher.reopen()
            assert searcher.search_assets(Word(word), 1).asset_ids.tolist() == [doc.asset_id]

        once(made[0], "zwarmup")
        times = []
        for at, doc in enumerate(made[1:]):
            times += timed([lambda d=doc, w=f"zchanged{at}": once(d, w)])
            if at % 10 == 9:
                writer.merge_if_idle()
                searcher.reopen()
    searcher.close()
    shutil.rmtree(scratch)
    return summary(times)


def _twelve(doc: AssetDoc) -> Iterable[tuple[int, PageDoc]]:
    return enumerate((doc.pages * 12)[:12], 1)


def measure(folder: Path, pages: int, *, by_whoosh: bool) -> dict[str, Any]:
    """Build what is missing, ask everything, return the numbers and the verdicts."""
    made = prepare(folder, pages, by_whoosh=by_whoosh)
    corpus = folder / "corpus.db"
    texts = typing(random.Random(9))
    # Before the peers are opened: their threads and caches would be counted with it.
    product = Product(folder)
    through, changed = ask_product(product, texts), update_product(product)
    product.close()
    known = columns(corpus)
    engines: list[Engine] = [kind(folder, known) for kind in (Deckhand, Fts, Tantivy)]
    rows: dict[str, Any] = {WHOLE: {e.name: ask_typing(e, texts) for e in engines}}
    lengths = [min(len(ask.words[-1]), 4) for states in texts for ask in states]
    for n, label in ((1, "1 letter"), (2, "2 letters"), (3, "3 letters"), (4, "4 or more")):
        rows[f"  last word {label}"] = {
            name: [t for t, length in zip(times, lengths, strict=True) if length == n]
            for name, times in rows[WHOLE].items()
        }
    for name, (call, asks) in classes(random.Random(5)).items():
        rows[name] = {engine.name: ask_class(engine, call, asks) for engine in engines}
    indexed = engines[0].searcher.doc_count  # type: ignore[attr-defined]
    told = {n: {e: summary(t) for e, t in row.items()} for n, row in rows.items()}
    result = {
        "pages": indexed,
        "rows": {name: {**row, "verdict": of_row(pages, name, row)} for name, row in told.items()},
        "product": through,
        "build": made,
        "segments": engines[0].searcher.segment_count,  # type: ignore[attr-defined]
        "update_ms": update(folder / "index", corpus, folder / "update"),
        "product_update": changed,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return {**result, "targets": targets(pages, result)}


def show(result: dict[str, Any]) -> None:
    """Print the tables of one size."""
    print(f"\n{result['pages']:,} pages, {result['segments']} segments; CPU ms p50 / p95 / max")
    head = f"{'Deckhand':>23}{'FTS5':>27}{'tantivy':>25}{'FTS5/ours':>14}{'ours/tantivy':>14}"
    print(f"{'':26}{head}  verdict")
    for name, row in result["rows"].items():
        ours, fts, tantivy = (row[key] for key in ("deckhand", "fts5", "tantivy"))
        cells = [
            " / ".join(f"{x[k]:.2f}" for k in ("p50", "p95", "max")) for x in (ours, fts, tantivy)
        ]
        faster = " ".join(f"{fts[k] / max(ours[k], 1e-3):.1f}" for k in ("p50", "p95"))
        slower = " ".join(f"{ours[k] / max(tantivy[k], 1e-3):.1f}" for k in ("p50", "p95"))
        figures = f"{cells[0]:>23}{cells[1]:>27}{cells[2]:>25}{faster:>14}{slower:>14}"
        print(f"{name:26}{figures}  {row['verdict']}")
    print("Through the product (Finder.find on a library of these pages):")
    for name, ours in result["product"].items():
        print(f"  {name:38}{ours['p50']:8.2f} / {ours['p95']:.2f} / {ours['max']:.2f}")
    for name, cost in result["build"].items():
        speed, size = result["pages"] / max(cost["cpu_s"], 0.1), cost["bytes"] / result["pages"]
        print(f"{name}: {speed:,.0f} pages per CPU s, {size:,.0f} bytes a page")
    for name, cost in (("index", result["update_ms"]), ("product", result["product_update"])):
        print(f"changed asset, {name}: {cost['p50']} / {cost['p95']} / {cost['max']} ms CPU")
    print(f"peak memory of the bench: {result['peak_rss_mb']} MB")
    for line in result["targets"]:
        cells = f"{line['what']:54}{line['measured']:>10}  {line['limit']}"
        print(f"  {line['verdict']:7}{cells}", *line.get("missed", ()))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--pages", type=int, nargs="+", default=[12_000, 120_000, 600_000])
    parser.add_argument("--by-whoosh", action="store_true", help="also build with Whoosh's writer")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    for pages in options.pages:
        folder = options.folder / str(pages)
        results.append(measure(folder, pages, by_whoosh=options.by_whoosh))
        show(results[-1])
        if options.json:
            options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
