"""Run one command and turn errors into a sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import sys
from importlib import import_module
from pathlib import Path

from app.cli import output
from app.cli import parser as grammar
from app.errors import DeckhandError, from_system
from app.library import Library
from app.paths import default_library

DONE, MENDABLE, USAGE, OURS = 0, 1, 2, 3


def main(argv: list[str]) -> int:
    """Run ``deckhand ARGV``. 0 done, 1 the user can mend it, 2 wrong usage, 3 our fault."""
    output.prepare()
    try:
        code = _command(argv)
        output.flush()
    except BrokenPipeError:
        # Whoever reads us has enough (`| head`).
        output.abandon()
        return DONE
    except OSError as problem:
        output.abandon()
        print(f"deckhand: the answer could not be written: {problem}.", file=sys.stderr)
        return MENDABLE
    return code


def _command(argv: list[str]) -> int:
    parser = grammar.build()
    try:
        args = parser.parse_args(argv)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    if args.command is None:
        parser.print_usage(sys.stderr)
        return USAGE
    if not _is_text(argv):
        print("deckhand: an argument holds bytes that are no text (UTF-8).", file=sys.stderr)
        return MENDABLE
    library = Library(_folder(args))
    try:
        return _run(library, args)
    except DeckhandError as problem:
        return _mendable(problem)
    except BrokenPipeError:
        raise
    except OSError as problem:
        # Should standard output be what fails, then that is said by ``main``.
        output.flush()
        known = from_system(problem)
        return _mendable(known) if known is not None else _our_fault(library)
    except KeyboardInterrupt:
        print("deckhand: stopped.", file=sys.stderr)
        return MENDABLE
    except Exception:
        return _our_fault(library)
    finally:
        library.close()


def _is_text(argv: list[str]) -> bool:
    """Whether the record can take each word: bytes that are no UTF-8 arrive as surrogates."""
    try:
        "".join(argv).encode()
    except UnicodeEncodeError:
        return False
    return True


def _mendable(problem: DeckhandError) -> int:
    print(f"deckhand: {problem}", file=sys.stderr)
    return MENDABLE


def _folder(args: argparse.Namespace) -> Path:
    return Path(args.library).expanduser().absolute() if args.library else default_library()


def _run(library: Library, args: argparse.Namespace) -> int:
    for room in ("reading", "changing", "asking", "copies", "upkeep"):
        # Most commands are found in the first; the others need not be loaded then.
        deed = import_module(f"app.cli.{room}").COMMANDS.get(args.command)
        if deed is not None:
            code: int = deed(library, args)
            return code
    raise LookupError(f"no room knows the command {args.command}")


def _our_fault(library: Library) -> int:
    from app import log

    file = log.start(library.paths.logs)
    logging.getLogger("deckhand.cli").exception("command failed")
    log.stop()
    print(f"deckhand: something went wrong on our side. The log has it: {file}", file=sys.stderr)
    return OURS
