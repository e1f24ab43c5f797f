"""Reads links to web pages (.url, .webloc, .desktop): their address as text, never opened."""

import plistlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from indexer.extract.encoding import decode
from indexer.extract.model import Draft, PageText, Refused
from indexer.extract.title import clean_name

_READ_CAP = 1 << 20
_LONGEST = 2_000
_EMPTY = "This link leads nowhere: there is no address in it."
_NO_LINK = "This is {what}, and Deckhand does not read its text: it is found by name only."
_LINE = re.compile(r"^\s*([A-Za-z\-]{1,30})(?:\[[^\]]*\])?\s*=\s*(.*?)\s*$")


def read(path: Path) -> Draft:
    """Return one page with the address of a link.

    :raises Refused: when the file is something else of the same make.
    """
    with path.open("rb") as stream:
        data = stream.read(_READ_CAP)
    if data.startswith(b"bplist00") or data.lstrip().startswith(b"<"):
        address, name = _property_list(data), ""
    else:
        address, name = _lines(decode(data))
    address = address.strip()[:_LONGEST]
    if not address:
        return Draft([], None, [], {}, [], _EMPTY)
    shown = name or clean_name(
        path.name.encode("utf-8", "surrogateescape").decode(errors="replace")
    )
    page = PageText(1, "link", shown, address, "", hidden=False)
    properties = {"url": address}
    if host := _host(address):
        properties["site"] = host
    return Draft([page], name or None, [], properties, [], _EMPTY)


def _property_list(data: bytes) -> str:
    try:
        found = plistlib.loads(data)
    except Exception as error:  # the parsers behind it raise types of their own
        raise Refused("damaged", "This link is damaged and cannot be read.") from error
    address = found.get("URL") if isinstance(found, dict) else None
    if not isinstance(address, str):
        raise Refused("name_only", _NO_LINK.format(what="a property list of macOS"), "other")
    return address


def _lines(text: str) -> tuple[str, str]:
    """Return address and name from the first section that has an address."""
    entries: dict[str, str] = {}
    section = ""
    for line in text.splitlines()[:2_000]:
        if line.lstrip().startswith("["):
            section = line.strip().casefold()
        elif section in ("[internetshortcut]", "[internetshortcut.w]", "[desktop entry]"):
            match = _LINE.match(line[: 2 * _LONGEST])
            if match:
                entries.setdefault(match.group(1).casefold(), match.group(2))
    if entries.get("type", "link").casefold() != "link":
        raise Refused("name_only", _NO_LINK.format(what="a launcher of a program"), "other")
    return entries.get("url", ""), entries.get("name", "")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
