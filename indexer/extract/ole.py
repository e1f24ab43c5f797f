"""Looks into OLE containers: protected Office files, and the formats from before 2007."""

import re
import zlib
from pathlib import Path
from typing import Any

from indexer.extract.model import Refused, Sniffed

LABEL = (
    "This file is protected by a sensitivity label or rights management, so its text cannot be"
    " read. Ask its owner for a copy without protection."
)
PASSWORD = (
    "This file is protected with a password, so its text cannot be read."
    " Save a copy without the password to search inside."
)
_DAMAGED = "This file is damaged: its inner table of contents cannot be read. Ask for a new copy."
OLE_ERRORS = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    OverflowError,
    AttributeError,
    zlib.error,
)
"""What olefile raises on containers that are damaged."""

STREAM_CAP = 256 << 20
"""Bytes read of one stream of a container."""

_FIRST_PIECE_TABLE = 0xC1
"""The nFib of Word 97: earlier versions keep their text in another way ([MS-DOC] 2.5.1)."""


def sniff_ole(path: Path, claimed: str) -> Sniffed:
    """Say what a file is that begins like an OLE container.

    :param claimed: the kind that the suffix claims, for files that will not open.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            streams = {"/".join(entry).lower() for entry in container.listdir()}
            encrypted = _is_encrypted_old_office(container)
            word = _word_version(container)
    except OLE_ERRORS:
        return Sniffed(claimed, "damaged", _DAMAGED)
    return _judge(streams, claimed, encrypted=encrypted, word=word)


def _judge(streams: set[str], claimed: str, *, encrypted: bool, word: int) -> Sniffed:
    if any("drmencrypted" in name or "drmcontent" in name for name in streams):
        return Sniffed(claimed, "protected", LABEL)
    if encrypted or "encryptedpackage" in streams:
        return Sniffed(claimed, "protected", PASSWORD)
    if "worddocument" in streams:
        if word < _FIRST_PIECE_TABLE:
            return Sniffed("docx", reader="old_office", format="Word 6 or 95 document")
        return Sniffed("docx", reader="doc", format="Word 97–2003 document")
    if "pp97_dualstorage/powerpoint document" in streams:
        return Sniffed("pptx", reader="ppt", format="PowerPoint 95 and 97 deck")
    if "powerpoint document" in streams:
        if "text_content" in streams:
            return Sniffed("pptx", reader="old_office", format="PowerPoint 95 deck")
        return Sniffed("pptx", reader="ppt", format="PowerPoint 97–2003 deck")
    if "pp40" in streams:
        return Sniffed("pptx", reader="old_office", format="PowerPoint 4 deck")
    if "workbook" in streams or "book" in streams:
        return Sniffed("xlsx", reader="xls", format="Excel 97–2003 workbook")
    reason = (
        f"This is {_name(streams)}, and Deckhand does not read its text: it is found by its"
        " name only."
    )
    return Sniffed("other", "name_only", reason)


def _name(streams: set[str]) -> str:
    if any(name.startswith("__substg1.0_") for name in streams):
        return "an Outlook message"
    if "visiodocument" in streams:
        return "a Visio drawing"
    if "quill/quillsub/contents" in streams or "contents" in streams:
        return "a Publisher or Works document"
    return "an old Office file"


def _word_version(container: Any) -> int:
    """Return the nFib of a Word document, 0 for anything else."""
    if not container.exists("WordDocument"):
        return 0
    return int.from_bytes(container.openstream("WordDocument").read(4)[2:4], "little")


def _is_encrypted_old_office(container: Any) -> bool:
    """Say whether Word's header or PowerPoint's user record carries the mark of encryption.

    Word: flag 0x0100 at offset 10 of the FIB. PowerPoint: token 0xF3D1C4DF at offset 12 of
    "Current User". Excel: a FilePass record (0x2F) among the first ones of the workbook.
    """
    open_stream, exists = container.openstream, container.exists
    if exists("WordDocument"):
        header = open_stream("WordDocument").read(12)
        return len(header) == 12 and bool(header[11] & 0x01)
    if exists("Current User"):
        record = open_stream("Current User").read(16)
        return bool(record[12:16] == b"\xdf\xc4\xd1\xf3")
    if exists("Workbook"):
        return _has_file_pass(open_stream("Workbook").read(4_096))
    return False


def _has_file_pass(stream: bytes) -> bool:
    at = 0
    while at + 4 <= len(stream):
        kind = int.from_bytes(stream[at : at + 2], "little")
        if kind == 0x2F:
            return True
        if kind not in (0x809, 0xE1, 0xC1, 0xE2, 0x5C, 0x42, 0x161, 0x1C0, 0x13D, 0x86, 0x12):
            return False
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    return False


def stream(container: Any, name: str) -> bytes:
    """Return the bytes of a stream, b"" when there is none.

    :raises Refused: when it is larger than :data:`STREAM_CAP`.
    """
    if not container.exists(name):
        return b""
    if container.get_size(name) > STREAM_CAP:
        most = STREAM_CAP >> 20
        reason = f"This file holds more than {most} MB in one piece, so it is found by name only."
        raise Refused("too_large", reason)
    return bytes(container.openstream(name).read())


_TEXTS = {
    "title": "title",
    "subject": "subject",
    "author": "author",
    "keywords": "keywords",
    "comments": "comments",
    "last_saved_by": "last_modified_by",
    "category": "category",
    "manager": "manager",
    "company": "company",
    "creating_application": "application",
}
_TIMES = {"create_time": "created", "last_saved_time": "modified"}


def ole_properties(container: Any) -> dict[str, str]:
    """Return title, author, company, times and sensitivity label of an old Office file."""
    from indexer.extract.labels import sensitivity

    found: dict[str, str] = {}
    try:
        metadata = container.get_metadata()
    except OLE_ERRORS:
        return found
    encoding = _code_page(metadata.codepage)
    for name, ours in _TEXTS.items():
        value = getattr(metadata, name, None)
        text = value.decode(encoding, "replace") if isinstance(value, bytes) else value
        if isinstance(text, str) and text.strip(" \0"):
            found[ours] = text.strip(" \0")
    for name, ours in _TIMES.items():
        moment = getattr(metadata, name, None)
        if moment is not None and hasattr(moment, "year") and moment.year > 1980:
            found[ours] = f"{moment:%Y-%m-%dT%H:%M:%S}Z"
    own = _own_properties(container, encoding)
    if label := sensitivity(own):
        found["sensitivity"] = label
    return found


def _own_properties(container: Any, encoding: str) -> dict[str, str]:
    """Return the properties that people and programs added, by name."""
    try:
        rows = container.get_userdefined_properties("\x05DocumentSummaryInformation")
    except OLE_ERRORS:
        return {}
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        name, value = row.get("property_name"), row.get("value")
        if isinstance(name, bytes):
            name = name.decode(encoding, "replace")
        if isinstance(value, bytes):
            value = value.decode(encoding, "replace")
        if isinstance(name, str) and value is not None:
            found[name.strip("\0")] = str(value).strip("\0")
    return found


def _code_page(number: int | None) -> str:
    """Name the encoding of a property set, whose number is a signed 16-bit one."""
    page = (number or 1252) & 0xFFFF
    name = {65001: "utf-8", 1200: "utf-16-le", 10000: "mac-roman"}.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
"""Control characters that old Office files keep in their text as marks."""
