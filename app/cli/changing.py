"""The commands that change or hand over: tag, untag, open, send, me."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli import output
from app.cli.reading import Command, pairs
from app.errors import UserError
from app.library import Library
from app.rows import ROLE_LABELS, Occasion, Opening


def tag(library: Library, args: argparse.Namespace) -> int:
    """``deckhand tag`` and ``deckhand untag``."""
    asset = library.asset_id_of(args.asset)
    wanted = pairs(args.tags)
    if args.command == "tag":
        changes = library.tag([asset], add=wanted)
    else:
        changes = library.tag([asset], remove=wanted)
    if args.json:
        tags = [f"{t.facet}={t.slug}" for t in library.asset(asset).tags]
        output.as_json({"asset": asset, "tags": tags, "summary": changes.summary})
    else:
        print(changes.summary)
    return 0


def occasion(args: argparse.Namespace) -> Occasion:
    """For whom it is done, as told on the command line."""
    return Occasion(args.account, args.deal, args.stage, channel="command line")


def open_(library: Library, args: argparse.Namespace) -> int:
    """``deckhand open``."""
    from app.usage.opening import launch

    opening = library.open_asset(library.asset_id_of(args.asset), args.page, occasion(args))
    launch(opening)
    if args.json:
        output.as_json(
            {"asset": opening.asset_id, "path": opening.path, "page": opening.page,
             "at_page": opening.at_page}
        )  # fmt: skip
    else:
        print(f"Opened {opening.path}")
    return 0


def send(library: Library, args: argparse.Namespace) -> int:
    """``deckhand send``: writes the draft; without --draft it is opened in the mail program."""
    assets = [library.asset_id_of(text) for text in args.assets]
    target = Path(args.draft).expanduser().absolute() if args.draft else None
    if target is not None and target.suffix.lower() != ".eml":
        raise UserError(f"The draft {target.name} must end in .eml to open as a mail.")
    draft = library.draft(
        assets, to=args.to, subject=args.subject, occasion=occasion(args), target=target
    )
    if target is None:
        from app.usage.opening import launch

        launch(Opening(assets[0], draft.path, page=0, command=(), at_page=False))
    if args.json:
        output.as_json(
            {"assets": assets, "draft": draft.path, "subject": draft.subject,
             "attachments": list(draft.attachments), "size": draft.size}
        )  # fmt: skip
    else:
        print(f"Draft: {draft.path}")
    return 0


def me(library: Library, args: argparse.Namespace) -> int:
    """``deckhand me``."""
    known = library.me()
    if args.name or args.role or args.counts:
        if known is None and not (args.name and args.role):
            raise UserError("Say both --name and --role the first time.")
        counts = known.counts if known else None
        if args.counts:
            counts = {"yes": True, "no": False, "by-role": None}[args.counts]
        library.set_me(
            args.name or (known.name if known else ""),
            args.role or (known.role if known else ""), counts,
        )  # fmt: skip
        known = library.me()
    if known is None:
        print("Nobody has said who they are. Use --name and --role.", file=sys.stderr)
        return 1
    if args.json:
        output.as_json(
            {"name": known.name, "role": known.role, "email": known.email, "counts": known.counts}
        )
    else:
        print(f"{known.name}, {ROLE_LABELS.get(known.role, known.role)}")
    return 0


COMMANDS: dict[str, Command] = {"tag": tag, "untag": tag, "open": open_, "send": send, "me": me}
