"""The commands that look: index, find, show, report, status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import output
from app.clock import day_text, end_of_day_ms, iso_text
from app.errors import UserError
from app.library import Library
from app.rows import (
    REQUEST_STATUS_LABELS,
    STATUS_LABELS,
    FindSpec,
    Hit,
    RequestRow,
    UnusedReport,
    UseReport,
)
from app.rows.listed import UNWANTED

if TYPE_CHECKING:
    from app.indexing import Summary
    from indexer.worker import Extractors

Command = Callable[[Library, argparse.Namespace], int]


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """``facet=term`` texts as pairs. Raises UserError for one without "="."""
    found = []
    for text in texts:
        facet, sign, term = text.partition("=")
        if not sign or not facet.strip() or not term.strip():
            raise UserError(f"{text!r} should read FACET=TERM, such as persona=finance.")
        found.append((facet.strip(), term.strip()))
    return found


def _bring_up_to_date(
    library: Library, args: argparse.Namespace, readers: Extractors | None
) -> Summary:
    from app.indexing import Indexing, console_report

    for folder in args.folders:
        library.add_root(folder)
    if not library.roots():
        raise UserError("The library has no folder yet. Say which: deckhand index FOLDER")
    if args.accept_missing:
        for root in library.roots():
            library.accept_missing(root.id)
    broken = [problem.asset_id for problem in library.problems()] if args.retry else []
    if broken:
        library.retry_files(broken)
    quiet = args.json or not sys.stderr.isatty()
    with Indexing(library.store, console_report(quiet=quiet), readers) as indexing:
        return indexing.bring_up_to_date(rebuild=args.rebuild)


def index(library: Library, args: argparse.Namespace) -> int:
    """``deckhand index``."""
    from app.indexing.readers import early_readers

    folders = [Path(folder) for folder in args.folders]
    early = early_readers(library.paths, library.settings, folders) if folders else None
    try:
        summary = _bring_up_to_date(library, args, early)
    finally:
        if early is not None:
            early.close()
    problems = library.problems()
    if args.json:
        output.as_json(
            {
                "files": summary.files, "assets": summary.assets, "pages": summary.pages,
                "read": summary.read, "missing": summary.missing,
                "offline": [{"path": path, "reason": why} for path, why in summary.offline],
                "unlisted": [{"path": path, "reason": why} for path, why in summary.unlisted],
                "problems": [
                    {"path": f"{p.root}/{p.path}", "asset": p.asset_id, "state": p.state,
                     "reason": p.reason}
                    for p in problems
                ],
                "seconds": summary.seconds,
            }
        )  # fmt: skip
        return 0
    print(
        f"{summary.assets:,} assets in {summary.files:,} files, {summary.pages:,} pages; "
        f"{summary.read:,} files read in {summary.seconds['total']:.1f} s."
    )
    for path, why in summary.offline:
        print(f"offline: {path}: {why}")
    for path, why in summary.unlisted:
        print(output.clean(f"not listed: {path}: {why}"))
    if problems:
        print(f"{len(problems)} not fully searchable:")
        output.as_table(
            ("state", "file", "reason"),
            [(p.state, f"{p.root}/{p.path}", p.reason) for p in problems],
        )
    return 0


def find(library: Library, args: argparse.Namespace) -> int:
    """``deckhand find``."""
    wanted: dict[str, list[str]] = {}
    for facet, term in pairs(args.where):
        key, slug = _filter(library, facet.removesuffix("!").strip(), term)
        minus = UNWANTED if facet.endswith("!") else ""
        wanted.setdefault(key, []).append(minus + slug)
    if args.limit < 1:
        raise UserError("--limit must be at least 1.")
    spec = FindSpec(
        text=" ".join(args.words), sort=args.sort, limit=args.limit, exact=True,
        filters=tuple((key, tuple(slugs)) for key, slugs in wanted.items()),
    )  # fmt: skip
    result = library.find(spec)
    if args.json:
        output.as_json(
            {
                "understood": result.understood, "relaxed": result.relaxed,
                "suggestion": result.suggestion, "limited": result.limited,
                "total": result.total, "exact": result.exact,
                "took_ms": round(result.took_ms, 2), "hits": [hit_json(h) for h in result.hits],
            }
        )  # fmt: skip
        return 0
    if not result.total and not library.roots():
        from app.finding.waiting import NO_FOLDERS

        print(NO_FOLDERS)
        return 0
    for line in (result.understood, result.relaxed, result.limited):
        if line:
            print(line)
    _print_hits(result.total, result.hits)
    if result.suggestion:
        print(f"Did you mean: {result.suggestion}")
    return 0


def _filter(library: Library, facet: str, term: str) -> tuple[str, str]:
    """A facet and term as typed, as keys. Raises UserError that lists what there is."""
    if facet.lower() == "status":
        slug = term.lower().replace(" ", "_")
        if slug not in STATUS_LABELS:
            raise UserError(f"status is one of {', '.join(STATUS_LABELS)}, not {term!r}.")
        return "status", slug
    from app.vocabulary.terms import Vocabulary

    found = Vocabulary(library.vocabulary()).term(facet, term)
    return found.facet, found.slug


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit with its stable field names."""
    return {
        "asset": hit.asset_id, "title": hit.title, "path": hit.file_path or hit.path,
        "page": hit.page, "page_label": hit.page_label, "pages": hit.page_count,
        "snippet": hit.snippet, "marks": [list(mark) for mark in hit.marks],
        "why": list(hit.why), "score": hit.score, "status": hit.status, "trust": hit.trust,
        "uses": hit.uses, "users": hit.users, "content_type": hit.content_type,
        "tags": [f"{tag.facet}={tag.slug}" for tag in hit.tags],
    }  # fmt: skip


def _print_hits(total: int, hits: Sequence[Hit]) -> None:
    if not hits:
        print('Nothing found. Ask for it: deckhand request new "what you need"')
        return
    print(f"{total:,} found" + (f", the first {len(hits)}:" if total > len(hits) else ":"))
    for hit in hits:
        where = f", {hit.page_label}" if hit.page_label else ""
        print(f"{hit.asset_id:>6}  {output.clean(hit.title)}{where}")
        print(f"        {output.clean(hit.path)}  [{', '.join((hit.trust_note, *hit.why))}]")
        if hit.snippet:
            print(f"        {output.clean(hit.snippet)}")


def show(library: Library, args: argparse.Namespace) -> int:
    """``deckhand show``."""
    detail = library.asset(library.asset_id_of(args.asset))
    facts = {
        "asset": detail.id, "uid": detail.uid, "title": detail.title, "kind": detail.kind,
        "status": detail.status, "trust": detail.trust, "trust_note": detail.trust_note,
        "owner": detail.owner, "path": detail.file_path, "locations": list(detail.locations),
        "missing": detail.missing, "pages": detail.page_count, "size": detail.size,
        "version": detail.version, "versions": detail.versions, "state": detail.state,
        "reason": detail.reason, "tags": [f"{t.facet}={t.slug}" for t in detail.tags],
        "superseded_by": detail.superseded_by, "uses_90d": detail.uses_90d,
        "users_90d": detail.users_90d,
        "last_used": iso_text(detail.last_used_at) if detail.last_used_at else None,
        "properties": dict(detail.properties),
    }  # fmt: skip
    history = [
        {"at": iso_text(e.at), "kind": e.kind, "person": e.person, "counts": e.counts,
         "deal": e.deal, "account": e.account, "stage": e.stage, "channel": e.channel}
        for e in detail.history
    ]  # fmt: skip
    if args.json:
        pages = [{"page": p.number, "label": p.label, "heading": p.heading} for p in detail.pages]
        output.as_json({**facts, "page_list": pages, "history": history})
        return 0
    for name, value in facts.items():
        if value not in ("", None, [], {}):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            print(f"{name + ':':<15}{output.clean(shown)}")
    for event in history[:20]:
        print(f"  {event['at']}  {event['kind']:<6} {output.clean(event['person'])}")
    return 0


def status(library: Library, args: argparse.Namespace) -> int:
    """``deckhand status``."""
    s = library.status()
    facts = {
        "library": str(library.folder), "roots": s.roots, "files": s.files, "assets": s.assets,
        "pages": s.pages, "problems": s.problems, "missing": s.missing,
        "index_current": s.index_current, "sample": s.sample,
    }  # fmt: skip
    if args.json:
        output.as_json(facts)
    else:
        for name, value in facts.items():
            print(f"{name + ':':<15}{output.clean(value)}")
    return 0


def report(library: Library, args: argparse.Namespace) -> int:
    """``deckhand report``."""
    wanted = args.format or ("json" if args.json else "table")
    as_of = _as_of(args.as_of)
    window = args.window if args.window is not None else int(
        library.settings.number("unused.window_days")
    )  # fmt: skip
    if window < 1:
        raise UserError("--window must be at least one day.")
    header: tuple[str, ...]
    if args.what == "unused":
        facts, header, rows = _unused(library.unused(window, as_of))
    elif args.what == "use":
        facts, header, rows = _use(library.use(window, as_of))
    else:
        facts, header, rows = _requests(library.requests())
    if wanted == "json":
        listed = [dict(zip(header, row, strict=True)) for row in rows]
        output.as_json({**facts, "rows": listed})
    elif wanted == "csv":
        output.as_csv(header, rows)
    else:
        for name, value in facts.items():
            print(f"{name + ':':<22}{_flat(value)}")
        output.as_table(header, rows)
    return 0


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    if isinstance(value, list):
        return " to ".join(str(part) for part in value)
    return output.clean(value)


def _as_of(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return end_of_day_ms(text)
    except ValueError as problem:
        raise UserError(f"--as-of {text!r} is no date. Write YYYY-MM-DD.") from problem


Table = tuple[dict[str, Any], tuple[str, ...], list[tuple[Any, ...]]]


def _day(ms: int | None) -> str | None:
    return day_text(ms) if ms is not None else None


def _unused(r: UnusedReport) -> Table:
    facts = {
        "as_of": day_text(r.as_of), "window_days": r.window_days, "grace_days": r.grace_days,
        "log_start": day_text(r.log_start), "eligible": r.eligible, "used": r.used,
        "unused_share": round(r.unused_share, 4),
        "unused_interval": [round(x, 4) for x in r.unused_interval],
        "counts": dict(r.counts), "why": dict(r.why), "excluded": dict(r.excluded),
    }  # fmt: skip
    header = ("asset", "title", "path", "verdict", "why", "available_since", "last_used", "shown",
              "opens", "uses", "content_type", "owner")  # fmt: skip
    return facts, header, [
        (u.asset_id, u.title, u.path, u.verdict, u.why, _day(u.available_since),
         _day(u.last_used_at), u.shown, u.opens, u.uses, u.content_type, u.owner)
        for u in r.rows
    ]  # fmt: skip


def _use(r: UseReport) -> Table:
    facts = {
        "as_of": day_text(r.as_of), "window_days": r.window_days, "eligible": r.eligible,
        "used": r.used, "utilisation_interval": [round(x, 4) for x in r.utilisation_interval],
        "concentration": round(r.concentration, 4), "dropped": dict(r.dropped),
    }  # fmt: skip
    header = ("asset", "title", "path", "content_type", "opens", "copies", "shares", "sends",
              "uses", "users", "shown", "last_used")  # fmt: skip
    return facts, header, [
        (u.asset_id, u.title, u.path, u.content_type, u.opens, u.copies, u.shares, u.sends,
         u.uses, u.users, u.shown, _day(u.last_used_at))
        for u in r.rows
    ]  # fmt: skip


def _requests(requests: Sequence[RequestRow]) -> Table:
    header = ("request", "need", "status", "by", "votes", "created", "needed_by", "account",
              "deal", "amount", "currency", "fulfilled_by")  # fmt: skip
    return {"requests": len(requests)}, header, [
        (q.id, q.need, REQUEST_STATUS_LABELS[q.status], q.by, q.votes, _day(q.created_at),
         _day(q.needed_by), q.account, q.deal,
         q.amount_minor / 100 if q.amount_minor is not None else None, q.currency, q.fulfilled_by)
        for q in requests
    ]  # fmt: skip


COMMANDS: dict[str, Command] = {
    "index": index, "find": find, "show": show, "report": report, "status": status,
}  # fmt: skip
