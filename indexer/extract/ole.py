"""Looks into OLE containers: protected Office files, and the formats from before 2007."""

import zlib
from pathlib import Path

_LABEL = (
    "This file is protected by a sensitivity label or rights management, so its text cannot be"
    " read. Ask its owner for a copy without protection."
)
PASSWORD = (
    "This file is protected with a password, so its text cannot be read."
    " Save a copy without the password to search inside."
)
_DAMAGED = "This file is damaged: its inner table of contents cannot be read. Ask for a new copy."
_OLD = (
    "This is {what}. Deckhand does not read that format, so it is found by its name only;"
    " save it as {modern} to search inside."
)


def sniff_ole(path: Path) -> tuple[str, str]:
    """Return state and reason for a file that begins like an OLE container."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            streams = {"/".join(entry).lower() for entry in container.listdir()}
            encrypted = _is_encrypted_old_office(container)
    except (OSError, ValueError, IndexError, KeyError, TypeError, RuntimeError, zlib.error):
        return "damaged", _DAMAGED
    return _judge(streams, encrypted=encrypted)


def _judge(streams: set[str], *, encrypted: bool) -> tuple[str, str]:
    if any("drmencrypted" in name or "drmcontent" in name for name in streams):
        return "protected", _LABEL
    if "encryptedpackage" in streams:
        return "protected", PASSWORD
    if encrypted:
        return "protected", PASSWORD
    for mark, what, modern in (
        ("worddocument", "a Word document in the format from before 2007", ".docx"),
        ("powerpoint document", "a PowerPoint deck in the format from before 2007", ".pptx"),
        ("pp40", "a PowerPoint 4 deck, from about 1994", ".pptx"),
        ("pp97_dualstorage/powerpoint document", "an old PowerPoint deck", ".pptx"),
        ("workbook", "an Excel workbook in the format from before 2007", ".xlsx"),
        ("book", "an Excel 5 workbook, from about 1993", ".xlsx"),
    ):
        if mark in streams:
            return "name_only", _OLD.format(what=what, modern=modern)
    if any(name.startswith("__substg1.0_") for name in streams):
        what = "an Outlook message"
    elif "visiodocument" in streams:
        what = "a Visio drawing"
    elif "quill/quillsub/contents" in streams or "contents" in streams:
        what = "a Publisher or Works document"
    else:
        what = "an old Office file"
    reason = f"This is {what}, and Deckhand does not read its text: it is found by its name only."
    return "name_only", reason


def _is_encrypted_old_office(container: "object") -> bool:
    """Say whether Word's header or PowerPoint's user record carries the mark of encryption.

    Word: flag 0x0100 at offset 10 of the FIB. PowerPoint: token 0xF3D1C4DF at offset 12 of
    "Current User". Excel: a FilePass record (0x2F) among the first ones of the workbook.
    """
    open_stream, exists = container.openstream, container.exists  # type: ignore[attr-defined]
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
