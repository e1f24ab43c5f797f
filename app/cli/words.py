"""The words of the command line that decide between a command and the window."""

from __future__ import annotations

from collections.abc import Sequence

COMMANDS = (
    "index", "find", "show", "tag", "untag", "open", "send", "request", "report", "import",
    "doctor", "sample", "me", "roots", "status", "versions", "copies",
    "merge", "not-a-copy", "relink", "radar", "offer", "ignore", "backup", "restore",
)  # fmt: skip
HELP = ("-h", "--help", "--version")


def window_arguments(args: Sequence[str]) -> tuple[str, str | None] | None:
    """(library or "", folder or None) when the arguments ask for the window, else None."""
    library, rest = "", list(args)
    while rest and (rest[0] == "--library" or rest[0].startswith("--library=")):
        word = rest.pop(0)
        if "=" in word:
            library = word.partition("=")[2]
        elif rest:
            library = rest.pop(0)
        else:
            return None
    if not rest:
        return library, None
    if rest[0] in COMMANDS or rest[0].startswith("-") or len(rest) > 1:
        return None
    return library, rest[0]
