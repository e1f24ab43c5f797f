"""Reads RTF with striprtf, after the pictures in it are left out."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from indexer.extract.model import Draft, Refused
from indexer.extract.sections import Block, sections

_READ_CAP = 256 << 20
_TEXT_CAP = 8 << 20
"""Bytes given to striprtf once pictures are out; it takes a second for about three megabytes."""

_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}[\r\n \t]*){200,}")
_BINARY = re.compile(rb"\\bin(\d{1,9}) ?")
_INFO = re.compile(
    r"\{\\(?:\*\\)?(title|author|subject|keywords|company|manager|operator|doccomm|category)"
    r"\s+((?:[^{}\\]|\\[^{}]|\\[{}])*)\}"
)
_TIME = re.compile(r"\{\\(creatim|revtim)((?:\\[a-z]+\d+)+)\}")
_PARTS = re.compile(r"\\(yr|mo|dy|hr|min|sec)(\d+)")
_LANGUAGE = re.compile(r"\\deflang(\d+)")
_FIELDS = {"operator": "last_modified_by", "doccomm": "comments", "creatim": "created"}
_LANGUAGES = {
    **{7: "de", 9: "en", 12: "fr", 10: "es", 16: "it", 19: "nl", 22: "pt", 29: "sv", 6: "da"},
    **{20: "no", 11: "fi", 21: "pl", 5: "cs", 31: "tr", 24: "ro", 14: "hu", 17: "ja", 4: "zh"},
    **{18: "ko", 25: "ru", 34: "uk", 1: "ar", 13: "he", 8: "el", 41: "fa", 33: "id"},
}
"""Primary language, the lower ten bits of a Windows language number ([MS-LCID] 2.2)."""

_EMPTY = "This document has no text in it, only pictures or nothing at all."


def read(path: Path) -> Draft:
    """Return the sections of an RTF document.

    :raises Refused: when it is too large.
    """
    # Without type hints of its own.
    rtf_to_text: Callable[..., str] = import_module("striprtf.striprtf").rtf_to_text
    with path.open("rb") as stream:
        data = stream.read(_READ_CAP + 1)
    if len(data) > _READ_CAP:
        reason = f"This document is larger than {_READ_CAP >> 20} MB: it is found by name only."
        raise Refused("too_large", reason)
    data = _HEXADECIMAL.sub(b" ", _without_binary(data))
    warnings: list[str] = []
    if len(data) > _TEXT_CAP:
        data = data[:_TEXT_CAP]
        warnings.append(f"Only the first {_TEXT_CAP >> 20} MB of text were read.")
    source = data.decode("latin-1")
    text = rtf_to_text(source, encoding="cp1252", errors="replace")
    properties = _properties(source, rtf_to_text)
    blocks = [Block(part) for part in re.split(r"\n[ \t]*\n", text)]
    headings = [line for line in text.strip().split("\n")[:2] if len(line) < 120]
    title = properties.pop("title", None)
    return Draft(sections(blocks), title, headings, properties, warnings, _EMPTY)


def _without_binary(data: bytes) -> bytes:
    """Leave out the raw bytes that \\bin announces: they may hold braces and backslashes."""
    kept: list[bytes] = []
    at = 0
    for match in _BINARY.finditer(data):
        if match.start() >= at:
            kept.append(data[at : match.start()])
            at = match.end() + int(match.group(1))
    kept.append(data[at:])
    return b"".join(kept)


def _properties(source: str, plain: Callable[..., str]) -> dict[str, str]:
    head = source[: 256 << 10]
    found: dict[str, str] = {}
    for name, value in _INFO.findall(head):
        text = plain(f"{{\\rtf1 {value}}}", errors="replace").strip()
        if text:
            found.setdefault(_FIELDS.get(name, name), text)
    for name, value in _TIME.findall(head):
        parts = dict(_PARTS.findall(value))
        if {"yr", "mo", "dy"} <= set(parts):
            day = f"{int(parts['yr']):04}-{int(parts['mo']):02}-{int(parts['dy']):02}"
            clock = f"{int(parts.get('hr', 0)):02}:{int(parts.get('min', 0)):02}:00"
            found[_FIELDS.get(name, "modified")] = f"{day}T{clock}"
    language = _LANGUAGE.search(head)
    code = _LANGUAGES.get(int(language.group(1)) & 0x3FF) if language else None
    if code:
        found["language"] = code
    return found
