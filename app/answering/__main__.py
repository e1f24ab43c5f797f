"""The answering child process: ``python -m app.answering LIBRARY [--known]``.

It holds the library of a window and does what that asks for (``app.answering.frames``), each call
in a thread of its own, and ends when its input does: after the writes it has begun, never before.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SWITCH_S = 0.0005
"""A search gives the interpreter's lock up some ten times, and would wait each time for five
milliseconds (Python's own) while another thread computes."""


def main() -> None:
    """Answer until the input ends."""
    from app import log
    from app.answering.methods import KNOWN
    from app.answering.serving import Server
    from app.library import Library

    folder = Path(sys.argv[1])
    # Whatever prints must not speak into the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if folder.is_dir():
        log.start(folder / "logs")
    library = Library(folder)
    sys.setswitchinterval(SWITCH_S)
    Server(library, sys.stdin.buffer, answers, known=KNOWN in sys.argv[2:]).run()


if __name__ == "__main__":
    main()
    # Reads under way are of no use to anybody now, and their threads would be waited for.
    sys.stdout.flush()
    os._exit(0)
