"""The commands of upkeep: import, roots, ignore, doctor, sample, backup, restore."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli import output
from app.cli.reading import Command
from app.clock import iso_text
from app.errors import UserError
from app.library import Library, build_sample
from app.rows import BackupRow, Holdings, RootRow

SIGNS = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


def import_(library: Library, args: argparse.Namespace) -> int:
    """``deckhand import events``."""
    result = library.import_events(Path(args.file).expanduser().absolute())
    if args.json:
        output.as_json(
            {
                "rows": result.rows, "imported": result.imported, "skipped": result.skipped,
                "repeated": result.repeated,
                "bad": [{"line": line, "reason": reason} for line, reason in result.bad],
            }
        )  # fmt: skip
        return 0
    if result.repeated:
        print("This very file was imported before. Nothing was done.")
        return 0
    print(f"{result.imported:,} of {result.rows:,} rows imported, {result.skipped:,} known before.")
    for line, reason in result.bad:
        print(f"line {line}: {reason}", file=sys.stderr)
    return 0


def roots(library: Library, args: argparse.Namespace) -> int:
    """``deckhand roots``."""
    if args.remove:
        wanted = Path(args.remove).expanduser().absolute()
        places = (wanted, wanted.resolve())
        found = [r for r in library.roots() if r.path and Path(r.path) in places]
        if not found:
            raise UserError(f"{wanted} is no folder of this library. `deckhand roots` lists them.")
        print(library.remove_root(found[0].id).summary, file=sys.stderr)
    if args.locate:
        folder, new = args.locate
        changes = library.locate_root(_root(library, folder).id, str(Path(new).expanduser()))
        print(changes.summary, file=sys.stderr)
    for folder, on in ((args.fetch, True), (args.no_fetch, False)):
        if folder:
            summary = library.fetch_files(_root(library, folder).id, on).summary
            print(summary, file=sys.stderr)
    rows = library.roots()
    if args.json:
        output.as_json(
            [
                {"root": r.id, "name": r.name, "path": r.path, "state": r.state,
                 "reason": r.reason, "files": r.files, "problems": r.problems,
                 "scanned": iso_text(r.scanned_at) if r.scanned_at else None, "fetch": r.fetch}
                for r in rows
            ]
        )  # fmt: skip
    else:
        output.as_table(
            ("no", "path", "state", "files", "problems"),
            [(r.id, r.path, r.state, r.files, r.problems) for r in rows],
        )
    return 0


def _root(library: Library, text: str) -> RootRow:
    """The folder meant by its number, name or path. Raises UserError."""
    path = str(Path(text).expanduser().absolute())
    fits = [r for r in library.roots() if text in (str(r.id), r.name, r.path) or r.path == path]
    if len(fits) != 1:
        raise UserError(f"{text} is no folder of this library. `deckhand roots` lists them.")
    return fits[0]


def ignore(library: Library, args: argparse.Namespace) -> int:
    """``deckhand ignore``."""
    where = _root(library, args.folder).id if args.folder else None
    if args.add or args.remove:
        kept = next(row.patterns for row in library.left_out() if row.root_id == where)
        unknown = [one for one in args.remove if one not in kept]
        if unknown:
            raise UserError(f"{unknown[0]} is no pattern there. `deckhand ignore` lists them.")
        wanted = [one for one in kept if one not in args.remove]
        wanted += [one for one in args.add if one not in wanted]
        print(library.set_left_out(where, wanted).summary, file=sys.stderr)
    rows = [row for row in library.left_out() if not args.folder or row.root_id == where]
    if args.json:
        output.as_json(
            [{"root": r.root_id, "name": r.name, "patterns": list(r.patterns)} for r in rows]
        )
    else:
        found = [(row.name, pattern) for row in rows for pattern in row.patterns]
        output.as_table(("folder", "pattern"), found)
    return 0


def doctor(library: Library, args: argparse.Namespace) -> int:
    """``deckhand doctor``: exit code 1 when something is bad."""
    checks = library.doctor()
    if args.json:
        output.as_json(
            [{"name": c.name, "state": c.state, "detail": c.detail, "fix": c.fix} for c in checks]
        )
    else:
        for check in checks:
            print(f"{SIGNS[check.state]}  {check.name}: {check.detail}")
            if check.fix:
                print(f"      {check.fix}")
    return 1 if any(check.state == "bad" for check in checks) else 0


def backup(library: Library, args: argparse.Namespace) -> int:
    """``deckhand backup``."""
    if args.list:
        found = library.backups()
        if args.json:
            output.as_json([_backup(row) for row in found])
        elif not found:
            print("No copies yet. The window makes one a day; make one now: deckhand backup")
        else:
            output.as_table(
                ("copy", "made", "KB", "why"),
                [(r.path.name, iso_text(r.made_at), r.size // 1024, r.why) for r in found],
            )
        return 0
    file = Path(args.file).expanduser().absolute() if args.file else None
    made = library.back_up(file)
    if args.json:
        output.as_json(_backup(made))
    else:
        print(f"Copied to {made.path} ({made.size / 2**20:.1f} MB).")
    return 0


def _backup(row: BackupRow) -> dict[str, object]:
    made = iso_text(row.made_at)
    return {"file": str(row.path), "made": made, "bytes": row.size, "why": row.why}


def restore(library: Library, args: argparse.Namespace) -> int:
    """``deckhand restore``: tells what it would change, and does it with --yes."""
    named = library.paths.backups / args.copy
    copy = named if named.is_file() else Path(args.copy).expanduser().absolute()
    then = library.holdings(copy)
    try:
        now = library.holdings()
    except UserError:
        now = None
    if args.yes:
        library.restore(copy)
    if args.json:
        output.as_json(
            {"copy": str(copy), "restored": args.yes, "then": _held(then),
             "now": _held(now) if now is not None else None}
        )  # fmt: skip
        return 0
    names = tuple(_held(then))
    known = tuple(_held(now).values()) if now is not None else ("damaged",) * len(names)
    output.as_table(("", *names), [("now", *known), ("copy", *_held(then).values())])
    if args.yes:
        print("The copy was put back. Search is complete again after the next indexing.")
    else:
        print(f"Nothing was changed. To put it back: deckhand restore {args.copy} --yes")
    return 0


def _held(held: Holdings) -> dict[str, int]:
    return {
        "assets": held.assets, "tags": held.tags, "events": held.events,
        "requests": held.requests,
    }  # fmt: skip


def sample(library: Library, args: argparse.Namespace) -> int:
    """``deckhand sample``: built in --library where that is given, else in its own place."""
    chosen = library.folder if args.library else None
    quiet = args.json or not sys.stderr.isatty()

    def progress(done: int, total: int, what: str) -> None:
        if not quiet:
            print(f"\r{done} of {total}  {what:<60.60}", end="", file=sys.stderr, flush=True)

    folder = build_sample(progress, chosen)
    if not quiet:
        print(file=sys.stderr)
    built = Library(folder)
    try:
        status = built.status()
    finally:
        built.close()
    if args.json:
        output.as_json(
            {"library": str(folder), "folder": str(built.paths.collateral),
             "files": status.files, "assets": status.assets, "pages": status.pages}
        )  # fmt: skip
    else:
        print(f"Sample library of a fictitious company: {folder}")
        print(f"Look at it: deckhand --library {folder}")
    return 0


COMMANDS: dict[str, Command] = {
    "import": import_, "roots": roots, "ignore": ignore, "doctor": doctor, "sample": sample,
    "backup": backup, "restore": restore,
}  # fmt: skip
