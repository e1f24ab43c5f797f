"""The commands around requests: new, list, show, set, vote."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import output
from app.cli.reading import Command
from app.clock import day_text, end_of_day_ms, iso_text
from app.errors import UserError
from app.library import Library
from app.rows import REQUEST_STATUS_LABELS, NewRequest, RequestRow


def request(library: Library, args: argparse.Namespace) -> int:
    """``deckhand request``."""
    return {"new": _new, "list": _list, "show": _show, "set": _set, "vote": _vote}[args.verb](
        library, args
    )


def request_json(row: RequestRow) -> dict[str, Any]:
    """A request with its stable field names."""
    return {
        "request": row.id, "need": row.need, "details": row.details, "status": row.status,
        "by": row.by, "created": iso_text(row.created_at),
        "needed_by": day_text(row.needed_by) if row.needed_by else None,
        "assignee": row.assignee, "account": row.account, "deal": row.deal,
        "amount_minor": row.amount_minor, "currency": row.currency,
        "wants": [f"{t.facet}={t.slug}" for t in row.wants], "search": row.search,
        "votes": row.votes, "fulfilled_by": row.fulfilled_by, "duplicate_of": row.duplicate_of,
        "history": [
            {"at": iso_text(n.at), "status": n.status, "by": n.by, "note": n.note}
            for n in row.history
        ],
    }  # fmt: skip


def _answer(library: Library, args: argparse.Namespace, number: int, sentence: str) -> int:
    if args.json:
        output.as_json(request_json(library.request(number)))
    else:
        print(sentence)
    return 0


def _new(library: Library, args: argparse.Namespace) -> int:
    needed_by = None
    if args.needed_by:
        try:
            needed_by = end_of_day_ms(args.needed_by)
        except ValueError as problem:
            raise UserError(f"--needed-by {args.needed_by!r} is no date: YYYY-MM-DD.") from problem
    changes = library.file_request(
        NewRequest(
            need=args.need, details=args.details, content_type=args.type, persona=args.persona,
            stage=args.stage, value_proposition=args.value, account=args.account, deal=args.deal,
            needed_by=needed_by, search=args.search,
        )
    )  # fmt: skip
    assert isinstance(changes.result, int)
    return _answer(library, args, changes.result, changes.summary)


def _list(library: Library, args: argparse.Namespace) -> int:
    rows = library.requests(open_only=args.open)
    if args.json:
        output.as_json({"requests": [request_json(row) for row in rows]})
        return 0
    if not rows:
        print('No requests. File one: deckhand request new "what you need"')
        return 0
    output.as_table(
        ("no", "status", "votes", "by", "created", "need"),
        [
            (r.id, REQUEST_STATUS_LABELS[r.status], r.votes, r.by, day_text(r.created_at), r.need)
            for r in rows
        ],
    )
    return 0


def _show(library: Library, args: argparse.Namespace) -> int:
    row = library.request(args.request)
    if args.json:
        output.as_json(request_json(row))
        return 0
    for name, value in request_json(row).items():
        if name == "history":
            for note in value:
                print(f"  {note['at']}  {note['status']:<12} {note['by']}  {note['note']}")
        elif value not in ("", None, []):
            shown = ", ".join(value) if isinstance(value, list) else value
            print(f"{name + ':':<14}{output.clean(shown)}")
    return 0


def _set(library: Library, args: argparse.Namespace) -> int:
    asset = library.asset_id_of(args.asset) if args.asset else None
    changes = library.set_request(
        args.request, args.status, args.note, fulfilled_by=asset, duplicate_of=args.duplicate_of
    )
    return _answer(library, args, args.request, changes.summary)


def _vote(library: Library, args: argparse.Namespace) -> int:
    changes = library.vote(args.request)
    return _answer(library, args, args.request, changes.summary)


COMMANDS: dict[str, Command] = {"request": request}
