"""What was promised of the search, beside what was measured: one line and one word per target."""

from __future__ import annotations

from typing import Any

KEYSTROKE_MS = {12_000: 15.0, 120_000: 15.0, 600_000: 65.0}
BUILD = {12_000: 700, 120_000: 700, 600_000: 500}
FASTER, SLOWER, SLOWER_ALONE = 5.0, 2.5, 8.0
UPDATE_MS, BYTES, BATCH = 60.0, 800, 3_000
FREE = "facet counts, match-all"
"""The one class in which FTS5 may be ahead: both count the same bits."""

COMPARED = 100_000
"""Peers are to be beaten where speed matters: of 12,000 pages everyone answers in no time."""

WHOLE = "WHOLE KEYSTROKE"
OKAY = "ok"


def of_row(asked: int, name: str, row: dict[str, Any]) -> str:
    """The verdict on a class of query: ahead of FTS5, within eight times tantivy."""
    if asked < COMPARED:
        return ""
    if name == WHOLE or name.startswith("  "):
        return _whole(row, row["deckhand"])
    ours, fts, tantivy = row["deckhand"], row["fts5"], row["tantivy"]
    said = []
    if name != FREE and any(ours[k] > fts[k] for k in ("p50", "p95")):
        said.append("behind FTS5")
    if any(ours[k] > SLOWER_ALONE * tantivy[k] for k in ("p50", "p95")):
        said.append("over 8x tantivy")
    return ", ".join(said) or OKAY


def _whole(row: dict[str, Any], ours: dict[str, float]) -> str:
    said = []
    if any(ours[k] * FASTER > row["fts5"][k] for k in ("p50", "p95")):
        said.append("under 5x FTS5")
    if any(ours[k] > SLOWER * row["tantivy"][k] for k in ("p50", "p95")):
        said.append("over 2.5x tantivy")
    return ", ".join(said) or OKAY


def targets(asked: int, result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every target of one size: what, measured, limit, verdict."""
    rows = result["rows"]
    engine, product = rows[WHOLE]["deckhand"], result["product"][WHOLE]
    build = result["build"]
    out = [
        _most("engine, whole keystroke p95, ms", engine["p95"], KEYSTROKE_MS[asked]),
        _most("product, whole keystroke p95, ms", product["p95"], KEYSTROKE_MS[asked]),
    ]
    if asked >= COMPARED:
        out += _beside_peers(rows, engine, product)
    out += [
        _most("index: changed asset found p50, ms", result["update_ms"]["p50"], UPDATE_MS),
        _most("product: changed asset found p50, ms", result["product_update"]["p50"], UPDATE_MS),
        _most("bytes a page", build["deckhand"]["bytes"] / result["pages"], BYTES),
        _least("batch builder, pages per CPU s", _speed(result, "deckhand"), BATCH),
    ]
    if (name := "deckhand by Whoosh's writer") in build:
        out.append(
            _least("Whoosh's writer, pages per CPU s", _speed(result, name), BUILD[asked])
        )
    return out


def _beside_peers(
    rows: dict[str, Any], engine: dict[str, float], product: dict[str, float]
) -> list[dict[str, Any]]:
    out = []
    for label, ours in (("engine", engine), ("product, which does more", product)):
        for k in ("p50", "p95"):
            fts, tantivy = rows[WHOLE]["fts5"][k], rows[WHOLE]["tantivy"][k]
            out.append(_least(f"{label}, times faster than FTS5, {k}", fts / ours[k], FASTER))
            out.append(_most(f"{label}, times tantivy, {k}", ours[k] / tantivy, SLOWER))
    told = [(name, row["verdict"]) for name, row in rows.items() if not name.startswith(" ")]
    missed = [f"{name}: {said}" for name, said in told if said != OKAY]
    good = _line("classes alone", len(told) - len(missed), f"= {len(told)}", good=not missed)
    return [*out, {**good, "missed": missed}]


def _speed(result: dict[str, Any], name: str) -> float:
    return float(result["pages"] / max(result["build"][name]["cpu_s"], 0.1))


def _most(what: str, measured: float, limit: float) -> dict[str, Any]:
    return _line(what, measured, f"<= {limit:g}", good=measured <= limit)


def _least(what: str, measured: float, limit: float) -> dict[str, Any]:
    return _line(what, measured, f">= {limit:g}", good=measured >= limit)


def _line(what: str, measured: float, limit: str, *, good: bool) -> dict[str, Any]:
    verdict = OKAY if good else "MISSED"
    return {"what": what, "measured": round(measured, 2), "limit": limit, "verdict": verdict}
