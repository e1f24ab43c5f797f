"""Run one command and turn errors into a sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from app.cli import parser as grammar
from app.errors import DeckhandError
from app.library import Library
from app.paths import default_library

DONE, MENDABLE, USAGE, OURS = 0, 1, 2, 3


def main(argv: list[str]) -> int:
    """Run ``deckhand ARGV``. 0 done, 1 the user can mend it, 2 wrong usage, 3 our fault."""
    parser = grammar.build()
    try:
        args = parser.parse_args(argv)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    if args.command is None:
        parser.print_usage(sys.stderr)
        return USAGE
    library = Library(_folder(args))
    try:
        return _run(library, args)
    except DeckhandError as problem:
        print(f"deckhand: {problem}", file=sys.stderr)
        return MENDABLE
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        print("deckhand: stopped.", file=sys.stderr)
        return MENDABLE
    except Exception:
        return _our_fault(library)
    finally:
        library.close()


def _folder(args: argparse.Namespace) -> Path:
    return Path(args.library).expanduser().absolute() if args.library else default_library()


def _run(library: Library, args: argparse.Namespace) -> int:
    from app.cli import asking, changing, reading, upkeep

    tables = {**reading.COMMANDS, **changing.COMMANDS, **asking.COMMANDS, **upkeep.COMMANDS}
    code: int = tables[args.command](library, args)
    return code


def _our_fault(library: Library) -> int:
    from app import log

    file = log.start(library.paths.logs)
    logging.getLogger("deckhand.cli").exception("command failed")
    log.stop()
    print(f"deckhand: something went wrong on our side. The log has it: {file}", file=sys.stderr)
    return OURS
