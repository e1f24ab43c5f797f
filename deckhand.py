"""The door: a command goes to the command line, anything else opens the window."""

from __future__ import annotations

import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run ``deckhand ARGS`` and return the exit code."""
    args = sys.argv[1:] if argv is None else argv
    from app.cli.words import window_arguments

    wanted = window_arguments(args)
    if wanted is None:
        return _command_line(args, whole_program=argv is None)
    library, folder = wanted
    if folder and not Path(folder).expanduser().is_dir():
        sys.stderr.write(
            f"deckhand: {folder} is neither a folder nor a command. See: deckhand --help\n"
        )
        return 1
    from app.paths import default_library
    from ui.main import main as window

    chosen = Path(library).expanduser().absolute() if library else default_library()
    return window(folder, chosen, argv=sys.argv[:1])


def _command_line(args: list[str], *, whole_program: bool) -> int:
    from indexer import collector

    if whole_program:
        collector.seldom()
    from app.cli.main import main as command_line

    code = command_line(args)
    if whole_program:
        collector.leave()
    return code


if __name__ == "__main__":
    sys.exit(main())
