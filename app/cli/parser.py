"""The grammar of the command line; ``docs/command-line.md`` is tested against it."""

from __future__ import annotations

import argparse
from typing import Any

from app.rows import REQUEST_STATUSES, ROLES

WHICH = "the number of the request"
REQUEST_HELP = {
    "details": "more than one sentence", "type": "what kind of material: a term of the vocabulary",
    "persona": "for whom", "stage": "in which stage of buying", "value": "which value proposition",
    "account": "for which account", "deal": "for which deal", "search": "what was searched for",
}  # fmt: skip


def program_version() -> str:
    """The installed version, or the checkout's."""
    # Loads the parser of e-mail headers, which no other command needs.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("deckhand")
    except PackageNotFoundError:
        return "0.1.0 (checkout)"


class _Version(argparse.Action):
    """Tells the version, which is looked up when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"deckhand {program_version()}")
        parser.exit()


def number(text: str) -> int:
    """A number as the record gives them. Raises ArgumentTypeError."""
    try:
        found = int(text)
    except ValueError:
        found = 0
    if not 0 < found < 2**63:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is no number of the record")
    return found


def build() -> argparse.ArgumentParser:
    """The parser of ``deckhand``."""
    parser = argparse.ArgumentParser(
        prog="deckhand",
        description="A library of sales collateral that knows what is used. "
        "Without a command the window opens; give a FOLDER to add it.",
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show program's version number and exit"
    )
    _common(parser, suppress=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _reading(commands)
    _changing(commands)
    _requests(commands)
    _copies(commands)
    _upkeep(commands)
    return parser


def _common(parser: argparse.ArgumentParser, *, suppress: bool = True) -> None:
    default = argparse.SUPPRESS if suppress else None
    parser.add_argument(
        "--library", metavar="DIR", default=default,
        help="the library folder (default: $DECKHAND_LIBRARY or your own library)",
    )  # fmt: skip
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS if suppress else False,
        help="answer as JSON",
    )  # fmt: skip


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    _common(parser)
    return parser


def _reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    index = _command(commands, "index", "add folders, bring record and index up to date")
    index.add_argument(
        "folders", nargs="*", metavar="FOLDER", help="a folder to add; without one, those there are"
    )
    index.add_argument("--rebuild", action="store_true", help="write the search index anew")
    index.add_argument(
        "--accept-missing", action="store_true",
        help="believe that files which vanished all at once are meant to be gone",
    )  # fmt: skip
    index.add_argument("--retry", action="store_true", help="read files with problems again")
    find = _command(commands, "find", "search the library")
    find.add_argument(
        "words", nargs="*", metavar="WORDS", help="as typed in the window; none lists all"
    )
    find.add_argument(
        "--where", action="append", default=[], metavar="FACET=TERM",
        help="only with that tag, or with != without it; may be given several times",
    )  # fmt: skip
    find.add_argument(
        "--sort", choices=("best", "text", "newest", "used", "title"), default="best",
        help="what comes first (default: best)",
    )  # fmt: skip
    find.add_argument(
        "--limit", type=int, default=20, metavar="N", help="list at most so many (default: 20)"
    )
    show = _command(commands, "show", "tell everything about an asset")
    show.add_argument("asset", metavar="ASSET", help="an asset's number or path")
    report = _command(commands, "report", "report unused content, use or requests")
    report.add_argument("what", choices=("unused", "use", "requests"), help="which report")
    report.add_argument(
        "--window", type=int, default=None, metavar="DAYS",
        help="how far back a use counts (default: as in the settings)",
    )  # fmt: skip
    report.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD; default today")
    report.add_argument(
        "--format", choices=("table", "json", "csv"), default=None, help="default: table"
    )
    _command(commands, "status", "tell how many files, assets and problems there are")


def _changing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for name, text in (("tag", "set tags on an asset"), ("untag", "take tags off an asset")):
        parser = _command(commands, name, text)
        parser.add_argument("asset", metavar="ASSET", help="an asset's number or path")
        parser.add_argument(
            "tags", nargs="+", metavar="FACET=TERM", help="such as persona=cfo or stage=evaluate"
        )
    opening = _command(commands, "open", "open an asset in its program, and count it")
    opening.add_argument("asset", metavar="ASSET", help="an asset's number or path")
    opening.add_argument("--page", type=int, default=0, metavar="N", help="at this page or slide")
    _occasion(opening)
    send = _command(commands, "send", "write an e-mail draft with assets attached, and count it")
    send.add_argument("assets", nargs="+", metavar="ASSET", help="numbers or paths of assets")
    send.add_argument("--to", default="", metavar="ADDRESSES", help="separated by commas")
    send.add_argument("--subject", default="", help="default: the titles")
    _occasion(send)
    send.add_argument("--draft", metavar="FILE.eml", help="where to write the draft; not opened")
    me = _command(commands, "me", "say who uses this library, or tell")
    me.add_argument("--name", help="your name, as colleagues see it")
    me.add_argument("--role", choices=ROLES, help="what you do")
    me.add_argument(
        "--counts", choices=("yes", "no", "by-role"), help="whether your deeds count as use"
    )


def _occasion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", default="", help="for which account")
    parser.add_argument("--deal", default="", help="for which deal of the account")
    parser.add_argument("--stage", default="", help="in which stage of buying")


def _requests(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    request = _command(commands, "request", "ask for material that is missing")
    verbs = request.add_subparsers(dest="verb", required=True, metavar="new|list|show|set|vote")
    new = _command(verbs, "new", "file a request")
    new.add_argument("need", metavar="NEED", help="what is needed, in one sentence")
    for name in REQUEST_HELP:
        new.add_argument(f"--{name}", default="", help=REQUEST_HELP[name])
    new.add_argument("--needed-by", metavar="DATE", help="YYYY-MM-DD")
    listing = _command(verbs, "list", "list requests, most wanted first")
    listing.add_argument("--open", action="store_true", help="only those not ended")
    for verb, text in (("show", "tell everything about a request"), ("vote", "need it too")):
        asked = _command(verbs, verb, text)
        asked.add_argument("request", type=number, metavar="NUMBER", help=WHICH)
    change = _command(verbs, "set", "move a request to another status")
    change.add_argument("request", type=number, metavar="NUMBER", help=WHICH)
    change.add_argument(
        "status", choices=REQUEST_STATUSES, metavar="STATUS", help=", ".join(REQUEST_STATUSES)
    )
    change.add_argument("--note", default="", help="why, or what is asked for")
    change.add_argument("--asset", metavar="ASSET", help="what answers or fulfils it")
    change.add_argument(
        "--duplicate-of", type=number, metavar="NUMBER", help="the request that it repeats"
    )


def _copies(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    which = "an asset's number or path"
    versions = _command(commands, "versions", "tell an asset's versions and what changed")
    versions.add_argument("asset", metavar="ASSET", help=which)
    copies = _command(commands, "copies", "list near copies and exact copies")
    copies.add_argument("--decided", action="store_true", help="also what was decided")
    merge = _command(commands, "merge", "make one asset of two, or chain them as versions")
    merge.add_argument("keep", metavar="KEEP", help="the asset to keep, or the newer one")
    merge.add_argument("other", metavar="OTHER", nargs="?", help="the other asset")
    how = merge.add_mutually_exclusive_group()
    how.add_argument("--as-version", action="store_true", help="OTHER is an older version of KEEP")
    how.add_argument("--moved", action="store_true", help="KEEP is missing and became OTHER")
    how.add_argument("--undo", action="store_true", help="take back what was done with an asset")
    other = _command(commands, "not-a-copy", "remember that two assets are no copies")
    other.add_argument("first", metavar="ASSET", help=which)
    other.add_argument("second", metavar="ASSET", help=which)
    other.add_argument("--undo", action="store_true", help="forget it again")
    relink = _command(commands, "relink", "find a file, or those of a folder, that has moved")
    relink.add_argument("root", metavar="ROOT", help="a folder of the library: name, path or id")
    relink.add_argument("old", metavar="OLD", help="the file or folder that is missing, below it")
    relink.add_argument("new", metavar="NEW", help="where that is now, below it")
    radar = _command(commands, "radar", "look for copies in folders outside the library")
    radar.add_argument(
        "verb", choices=("add", "remove", "scan", "list"), nargs="?", default="list",
        help="default: list",
    )  # fmt: skip
    radar.add_argument("folder", metavar="FOLDER", nargs="?", help="a folder outside the library")
    radar.add_argument("--all", action="store_true", help="also files that match nothing")
    offer = _command(commands, "offer", "offer a slide of a local file to marketing")
    offer.add_argument("file", metavar="FILE", help="a file on the radar")
    offer.add_argument("page", metavar="PAGE", type=int, help="the number of the slide")


def _upkeep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    importing = _command(commands, "import", "import usage from a CSV file")
    importing.add_argument("what", choices=("events",), help="usage events")
    importing.add_argument("file", metavar="FILE.csv", help="columns: docs/events-csv.md")
    roots = _command(commands, "roots", "list the library's folders, remove or locate one")
    roots.add_argument("--remove", metavar="FOLDER", help="take it out of the library, not away")
    roots.add_argument(
        "--locate", nargs=2, metavar=("FOLDER", "NEW"),
        help="say that FOLDER (its name, path or number) is at NEW on this machine",
    )  # fmt: skip
    roots.add_argument("--fetch", metavar="FOLDER", help="read its online-only files, too")
    roots.add_argument("--no-fetch", metavar="FOLDER", help="leave its online-only files there")
    ignoring = _command(commands, "ignore", "list what is left out of the library, or change it")
    ignoring.add_argument("--folder", metavar="FOLDER", help="only there; else in all folders")
    for name, text in (("--add", "leave out what fits"), ("--remove", "take back")):
        ignoring.add_argument(name, action="append", default=[], metavar="PATTERN", help=text)
    backup = _command(commands, "backup", "copy the record, or list its copies")
    backup.add_argument("file", metavar="FILE", nargs="?", help="where to; default: beside it")
    backup.add_argument("--list", action="store_true", help="list the copies kept beside it")
    restore = _command(commands, "restore", "put a copy of the record back")
    restore.add_argument("copy", metavar="COPY", help="a copy's name or path")
    restore.add_argument("--yes", action="store_true", help="do it, not only tell what it changes")
    _command(commands, "doctor", "check the library and its surroundings")
    _command(commands, "sample", "build the sample library of a fictitious company")
