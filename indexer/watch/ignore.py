"""Says which files and folders of a root are none of the library's business."""

from collections.abc import Iterable, Sequence
from fnmatch import translate
from pathlib import Path
from re import IGNORECASE, compile

from pathspec import GitIgnoreSpec

IGNORE_FILE = ".deckhandignore"
"""A file of this name in a root adds patterns in the style of .gitignore."""

BUILT_IN_FILES = (
    "~$*",
    ".~lock.*#",
    "*.tmp",
    "*.crdownload",
    "*.partial",
    "*.part",
    "*.download",
    "._*",
    "Thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    ".DS_Store",
    ".localized",
    "Icon\r",
    ".directory",
    IGNORE_FILE,
)
"""Names of files that Office, browsers and operating systems leave behind (FW-9)."""

BUILT_IN_FOLDERS = (
    "@eaDir",
    "#recycle",
    "#snapshot",
    ".git",
    ".svn",
    ".hg",
    "node_modules",
    "__pycache__",
    ".venv",
    ".Trash",
    ".Trash-*",
    ".Trashes",
    ".Spotlight-V100",
    ".fseventsd",
    ".TemporaryItems",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
)
"""Names of folders that never hold collateral (FW-9)."""

_FILE_NAMES = compile("|".join(translate(name) for name in BUILT_IN_FILES), IGNORECASE)
_FOLDER_NAMES = compile("|".join(translate(name) for name in BUILT_IN_FOLDERS), IGNORECASE)


class Ignore:
    """Built-in names, with a user's patterns added to them.

    User patterns follow .gitignore, negation included; a negation undoes a user's pattern,
    never a built-in one.

    ``lines`` are the user's patterns.

    :param patterns: lines in the style of .gitignore.
    :raises ValueError: when a pattern is malformed; the message names it.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self.lines = tuple(line.rstrip("\r\n") for line in patterns)
        self._spec = GitIgnoreSpec.from_lines(_checked(self.lines)) if self.lines else None

    @classmethod
    def for_root(cls, root: Path, patterns: Iterable[str] = ()) -> "Ignore":
        """Return the patterns given plus those of the root's own ignore file.

        An ignore file that cannot be read adds nothing, and malformed lines in it are passed
        over: a typing slip in a shared folder must not end the scan.
        """
        try:
            text = (root / IGNORE_FILE).read_text("utf-8", "replace")
        except OSError:
            text = ""
        return cls([*patterns, *(line for line in text.splitlines() if is_pattern(line))])

    def matches(self, relpath: str, is_dir: bool) -> bool:  # noqa: FBT001 - agreed signature
        """Say whether a path (relative, POSIX separators) is to be left alone.

        For a file only its own name and the user's patterns count: a scan prunes ignored
        folders before it comes to their files. Use :meth:`hides` for a path from elsewhere.
        """
        name = relpath.rpartition("/")[2]
        built_in = _FOLDER_NAMES if is_dir else _FILE_NAMES
        if built_in.fullmatch(name):
            return True
        if self._spec is None:
            return False
        return self._spec.match_file(f"{relpath}/" if is_dir else relpath)

    def hides(self, relpath: str) -> bool:
        """Say whether a file, or any folder above it, is to be left alone."""
        parts = relpath.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        return any(self.matches(folder, is_dir=True) for folder in above) or self.matches(
            relpath, is_dir=False
        )


def is_pattern(line: str) -> bool:
    """Say whether a line is a well-formed .gitignore pattern, comment or blank."""
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _checked(lines: Sequence[str]) -> Sequence[str]:
    for line in lines:
        if not is_pattern(line):
            raise ValueError(
                f"“{line}” is not a valid ignore pattern: write it as in a .gitignore file."
            )
    return lines
