"""The commands about versions and copies: versions, copies, merge, not-a-copy, radar."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Any

from app.changes import Changes
from app.cli import output
from app.cli.reading import Command
from app.clock import day_text, iso_text
from app.errors import UserError
from app.library import Library
from app.rows_copies import (
    COPY_KIND_LABELS,
    RADAR_STATE_LABELS,
    CopyPair,
    CopySide,
    PageChange,
    RadarFile,
    VersionRow,
)


def versions(library: Library, args: argparse.Namespace) -> int:
    """``deckhand versions``."""
    asset = library.asset_id_of(args.asset)
    rows = library.versions(asset)
    if args.json:
        output.as_json({"asset": asset, "versions": [_version_json(row) for row in rows]})
        return 0
    if not rows:
        print("This asset has never been read, so it has no versions.")
    for row in rows:
        mark = " (current)" if row.current else ""
        where = f"  {row.path}" if row.path else ""
        print(output.clean(f"Version {row.number}{mark}  {day_text(row.modified_at)}{where}"))
        print(output.clean(f"  {row.sentence}"))
        for change in row.diff.changes if row.diff else ():
            print(output.clean(f"    {change.sentence}"))
    return 0


def _version_json(row: VersionRow) -> dict[str, Any]:
    return {
        "version": row.number, "current": row.current, "sha256": row.sha, "kind": row.kind,
        "size": row.size, "pages": row.page_count, "modified": iso_text(row.modified_at),
        "seen": iso_text(row.seen_at), "state": row.state, "path": row.path,
        "sentence": row.sentence,
        "changes": [_change_json(change) for change in row.diff.changes] if row.diff else [],
    }  # fmt: skip


def _change_json(change: PageChange) -> dict[str, Any]:
    return {
        "kind": change.kind, "old_page": change.old_number, "new_page": change.new_number,
        "old_label": change.old_label, "new_label": change.new_label, "heading": change.heading,
        "numbers": [asdict(number) for number in change.numbers], "moved": change.moved,
        "notes_only": change.notes_only, "sentence": change.sentence,
    }  # fmt: skip


# ---- copies --------------------------------------------------------------------------------


def copies(library: Library, args: argparse.Namespace) -> int:
    """``deckhand copies``."""
    pairs, exact = library.copies(), library.exact_copies()
    decided = library.copy_decisions() if args.decided else ()
    if args.json:
        told = {
            "pairs": [_pair_json(pair) for pair in pairs],
            "exact": [
                {"asset": e.asset_id, "title": e.title, "paths": list(e.paths),
                 "drifted": list(e.drifted), "sentence": e.sentence}
                for e in exact
            ],
        }  # fmt: skip
        if args.decided:
            told["decided"] = [_decision_json(each) for each in decided]
        output.as_json(told)
        return 0
    for pair in pairs:
        head = f"{COPY_KIND_LABELS[pair.kind]}: {pair.copy.asset_id} {pair.copy.title}"
        print(output.clean(f"{head}  ~  {pair.original.asset_id} {pair.original.title}"))
        print(output.clean(f"  {pair.sentence}"))
    for each in exact:
        print(output.clean(f"Exact copies: {each.asset_id} {each.title}: {each.sentence}"))
        for path in each.paths:
            print(output.clean(f"  {path}{' (other content)' if path in each.drifted else ''}"))
    for decision in decided:
        print(output.clean(f"{day_text(decision.at)}  {decision.by}: {decision.sentence}"))
    if not (pairs or exact or decided):
        print("No copies.")
    return 0


def _pair_json(pair: CopyPair) -> dict[str, Any]:
    return {
        "kind": pair.kind, "copy": _side_json(pair.copy), "original": _side_json(pair.original),
        "score": pair.score, "same": pair.same, "of": pair.of, "newer": pair.newer,
        "differs": [_change_json(change) for change in pair.differs], "deeds": list(pair.deeds),
        "sentence": pair.sentence,
    }  # fmt: skip


def _side_json(side: CopySide) -> dict[str, Any]:
    return {
        "asset": side.asset_id, "title": side.title, "path": side.path, "pages": side.page_count,
        "status": side.status, "modified": iso_text(side.modified_at), "missing": side.missing,
    }  # fmt: skip


def _decision_json(each: Any) -> dict[str, Any]:
    return {
        "what": each.what, "first": each.first, "second": each.second, "by": each.by,
        "at": iso_text(each.at), "sentence": each.sentence,
    }  # fmt: skip


def merge(library: Library, args: argparse.Namespace) -> int:
    """``deckhand merge``: one asset of two, a chain, an accepted move, or taking one back."""
    if args.undo:
        if args.other is not None:
            raise UserError("With --undo give one asset: the one that was merged or chained.")
        return _answer(args, _taken_back(library, args.keep))
    if args.other is None:
        raise UserError("Give two assets: the one to keep, and the one to merge into it.")
    keep, other = library.asset_id_of(args.keep), library.asset_id_of(args.other)
    if args.as_version:
        return _answer(args, library.chain(keep, other))
    if args.moved:
        return _answer(args, library.accept_move(keep, other))
    return _answer(args, library.merge(keep, other))


def _taken_back(library: Library, text: str) -> Changes:
    asset = library.asset_id_of(text)
    newest = next((d for d in library.copy_decisions() if asset == d.second), None)
    if newest is not None and newest.what in ("merge", "accept_move"):
        return library.unmerge(asset)
    return library.unchain(asset)


def not_a_copy(library: Library, args: argparse.Namespace) -> int:
    """``deckhand not-a-copy``."""
    first, second = library.asset_id_of(args.first), library.asset_id_of(args.second)
    if args.undo:
        return _answer(args, library.forget_not_a_copy(first, second))
    return _answer(args, library.not_a_copy(first, second))


def relink(library: Library, args: argparse.Namespace) -> int:
    """``deckhand relink``."""
    wanted = args.root
    ids = [r.id for r in library.roots() if wanted in (str(r.id), r.name, r.path)]
    if len(ids) != 1:
        raise UserError(f"{wanted} is no folder of the library. `deckhand roots` lists them.")
    return _answer(args, library.relink(ids[0], args.old, args.new))


def _answer(args: argparse.Namespace, changes: Changes) -> int:
    if args.json:
        output.as_json({"assets": list(changes.asset_ids), "summary": changes.summary})
    else:
        print(output.clean(changes.summary))
    return 0


# ---- the radar -----------------------------------------------------------------------------


def radar(library: Library, args: argparse.Namespace) -> int:
    """``deckhand radar``."""
    if args.verb in ("add", "remove"):
        if not args.folder:
            raise UserError(f"Say which folder: deckhand radar {args.verb} FOLDER")
        deed = library.radar_add if args.verb == "add" else library.radar_remove
        return _answer(args, deed(args.folder))
    if args.verb == "scan":
        library.radar_scan(_progress(quiet=args.json))
    return _radar_list(library, args)


def _progress(*, quiet: bool) -> Any:
    def tell(done: int, total: int, _name: str) -> None:
        if not quiet and total:
            end = "\n" if done == total else ""
            print(f"\r{done:,} of {total:,} files", end=end, file=sys.stderr, flush=True)

    return tell


def _radar_list(library: Library, args: argparse.Namespace) -> int:
    report = library.radar()
    files = [file for file in report.files if args.all or file.state != "unknown"]
    if args.json:
        output.as_json(
            {
                "folders": [
                    {"path": f.path, "reason": f.reason, "counts": dict(f.counts),
                     "scanned": iso_text(f.scanned_at) if f.scanned_at else None}
                    for f in report.folders
                ],
                "files": [_file_json(file) for file in files],
            }
        )  # fmt: skip
        return 0
    if not report.folders:
        print("No folder is on the radar. Add one: deckhand radar add FOLDER")
    for folder in report.folders:
        counts = ", ".join(f"{n} {RADAR_STATE_LABELS[s].lower()}" for s, n in folder.counts if n)
        state = counts or ("no documents" if folder.scanned_at else "not scanned yet")
        print(output.clean(f"{folder.path}: {folder.reason or state}"))
    for file in files:
        print(output.clean(f"{RADAR_STATE_LABELS[file.state]:<9} {file.path}"))
        print(output.clean(f"          {file.sentence}"))
    return 0


def _file_json(file: RadarFile) -> dict[str, Any]:
    return {
        "path": file.path, "state": file.state, "asset": file.asset_id or None,
        "title": file.title, "score": file.score, "sentence": file.sentence,
        "slides": [
            {"page": s.page, "label": s.label, "kind": s.kind, "heading": s.heading,
             "numbers": [asdict(number) for number in s.numbers], "sentence": s.sentence,
             "request": s.request_id or None}
            for s in file.slides
        ],
    }  # fmt: skip


def offer(library: Library, args: argparse.Namespace) -> int:
    """``deckhand offer``."""
    from pathlib import Path

    changes = library.offer(str(Path(args.file).expanduser().absolute()), args.page)
    if args.json:
        output.as_json({"request": changes.result, "summary": changes.summary})
    else:
        print(output.clean(changes.summary))
    return 0


COMMANDS: dict[str, Command] = {
    "versions": versions, "copies": copies, "merge": merge, "not-a-copy": not_a_copy,
    "relink": relink, "radar": radar, "offer": offer,
}  # fmt: skip
