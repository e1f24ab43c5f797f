"""Tells what a file is by its content; the suffix only breaks ties between kinds of text."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from indexer.extract.encoding import decode, looks_like_text

HEAD = 8_192
_PDF_WITHIN = 1_024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")

FAMILY = {
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "pptx"),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), "xlsx"),
    ".pdf": "pdf",
}
"""Suffix -> the kind that it claims; used where content cannot say (encrypted, cut off)."""

_MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mkdn", ".rmd", ".qmd"))
_HTML = frozenset((".html", ".htm", ".xhtml", ".shtml"))
_TEXT = frozenset(
    (
        *(".txt", ".text", ".csv", ".tsv", ".tab", ".log", ".rst", ".adoc", ".asciidoc", ".org"),
        *(".srt", ".vtt", ".asc", ".readme", ".nfo", ".textile", ".wiki", ""),
    )
)
_BINARY_CLAIMS = frozenset((*FAMILY, ".doc", ".dot", ".ppt", ".pps", ".pot", ".xls", ".xlt"))
_HTML_STARTS = ("<!doctype html", "<html", "<head", "<body", "<!doctype htm")
_KEY_STARTS = (b"-----BEGIN ", b"PuTTY-User-Key-File", b"Bag Attributes", b"---- BEGIN SSH2")

_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\x89PNG", "a picture (PNG)"),
    (0, b"\xff\xd8\xff", "a picture (JPEG)"),
    (0, b"GIF8", "a picture (GIF)"),
    (0, b"BM", "a picture (BMP)"),
    (0, b"II*\x00", "a picture (TIFF)"),
    (0, b"MM\x00*", "a picture (TIFF)"),
    (0, b"8BPS", "a Photoshop picture"),
    (8, b"WEBP", "a picture (WebP)"),
    (4, b"ftypheic", "a picture (HEIC)"),
    (4, b"ftypmif1", "a picture (HEIF)"),
    (4, b"ftypavif", "a picture (AVIF)"),
    (4, b"ftypM4A", "a sound recording"),
    (4, b"ftyp", "a video"),
    (4, b"moov", "a video"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (8, b"AVI ", "a video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (8, b"WAVE", "a sound recording"),
    (0, b"ID3", "a sound recording"),
    (0, b"\xff\xfb", "a sound recording"),
    (0, b"fLaC", "a sound recording"),
    (0, b"OggS", "a sound recording or video"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript picture"),
    (0, b"\x1f\x8b", "a compressed archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (0, b"Rar!", "a compressed archive"),
    (0, b"BZh", "a compressed archive"),
    (0, b"\xfd7zXZ", "a compressed archive"),
    (257, b"ustar", "an archive"),
    (0, b"SQLite format 3", "a database"),
    (0, b"\x06\x06\xed\xf5", "an InDesign document"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a OneNote section"),
    (0, b"wOF", "a font"),
    (0, b"OTTO", "a font"),
    (0, b"\x00\x01\x00\x00\x00", "a font"),
    (0, b"MZ", "a program for Windows"),
    (0, b"\x7fELF", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program for macOS"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
    (0, b"\xdb\xa5-\x00", "a document of Word 2 (about 1992)"),
    (0, b"[InternetShortcut]", "a link to a web page"),
    (0, b"From: ", "an e-mail message"),
    (0, b"Received: ", "an e-mail message"),
    (0, b"Return-Path: ", "an e-mail message"),
    (0, b"BEGIN:VCARD", "a contact card"),
    (0, b"BEGIN:VCALENDAR", "a calendar entry"),
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is: a kind of :data:`~indexer.extract.model.KINDS`.

    For the kind "other", ``state`` and ``reason`` say what becomes of it. ``warning`` is a
    sentence where the suffix claims something else than the content is.
    """

    kind: str
    state: str | None = None
    reason: str | None = None
    warning: str | None = None


def sniff(path: Path) -> Sniffed:
    """Say what a file is.

    :raises OSError: when the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    suffix = path.suffix.lower()
    if not head:
        return Sniffed("other", "name_only", "This file is empty: it has 0 bytes.")
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Sniffed("pdf", warning=_misnamed(suffix, "pdf", "a PDF"))
    if head.startswith(_OLE):
        from indexer.extract.ole import sniff_ole

        state, reason = sniff_ole(path)
        return Sniffed(FAMILY.get(suffix, "other"), state, reason)
    if head.startswith(_ZIP):
        return _sniff_zip(path, suffix)
    for offset, magic, what in _OTHERS:
        if head.startswith(magic, offset) and not _is_prose(magic, head):
            return _other(suffix, what)
    if looks_like_text(head):
        return _sniff_text(head, path, suffix)
    return _unknown(path, suffix)


def _is_prose(magic: bytes, head: bytes) -> bool:
    """Short magic numbers made of letters also begin words: "BMW", "MZ", "From: "."""
    short = magic in (b"BM", b"MZ", b"BZh", b"ID3", b"wOF", b"GIF8", b"OTTO", b"From: ")
    return short and looks_like_text(head) and b"\nSubject: " not in head


def _sniff_zip(path: Path, suffix: str) -> Sniffed:
    from indexer.extract.ole import PASSWORD
    from indexer.extract.package import PART_ERRORS, Package, why_broken

    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()}
            # Bit 0 is the format's own encryption; "iwpv" marks that of Pages and Keynote.
            entries = archive.infolist()
            locked = any(entry.flag_bits & 1 or b"iwpv" in entry.extra for entry in entries)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        return Sniffed(_kind_of_cut_zip(path, suffix), "damaged", why_broken(path))
    if locked:
        return Sniffed(FAMILY.get(suffix, "other"), "protected", PASSWORD)
    kind = _office_kind(names)
    if kind is None and "[content_types].xml" in names and "xl/workbook.bin" not in names:
        with Package(path) as package:
            try:
                main = package.main_part() or ""
            except PART_ERRORS:
                main = ""
        kind = {"ppt": "pptx", "word": "docx", "xl": "xlsx"}.get(main.partition("/")[0].lower())
    if kind is not None:
        what = {"pptx": "a PowerPoint deck", "docx": "a Word document", "xlsx": "an Excel workbook"}
        return Sniffed(kind, warning=_misnamed(suffix, kind, what[kind]))
    return _other(suffix, _name_of_zip(names), FAMILY.get(suffix))


def _office_kind(names: set[str]) -> str | None:
    for main, kind in (
        ("ppt/presentation.xml", "pptx"),
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
    ):
        if main in names:
            return kind
    return None


def _name_of_zip(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb)"
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return "an OpenDocument file"
    if any(name.endswith((".iwa", "index.zip", "index.apxl", "index.apxl.gz")) for name in names):
        return "a Keynote, Pages or Numbers file"
    if "meta-inf/container.xml" in names:
        return "an e-book (EPUB)"
    if "visio/document.xml" in names:
        return "a Visio drawing"
    if any(name.endswith((".fdseq", ".fpage")) for name in names):
        return "an XPS document"
    return "a zip archive"


def _kind_of_cut_zip(path: Path, suffix: str) -> str:
    with path.open("rb") as stream:
        data = stream.read(1 << 20)
    for mark, kind in ((b"ppt/slides", "pptx"), (b"word/document", "docx"), (b"xl/work", "xlsx")):
        if mark in data:
            return kind
    return FAMILY.get(suffix, "other")


def _sniff_text(head: bytes, path: Path, suffix: str) -> Sniffed:
    if head.lstrip().startswith(_KEY_STARTS) and (
        b"PRIVATE KEY" in head or b"Key-File" in head or b"SSH2" in head or b"CERTIFICATE" in head
    ):
        reason = "This file holds a key or certificate; its content is never read."
        return Sniffed("other", "name_only", reason)
    start = decode(head).lstrip("\ufeff \t\r\n").lower()
    is_html = start.startswith(_HTML_STARTS) or (
        start.startswith(("<?xml", "<!--")) and "<html" in start
    )
    if suffix in _BINARY_CLAIMS and not is_html:
        size = path.stat().st_size
        if size < 64 or suffix in (".pdf", ".doc", ".ppt") or suffix in FAMILY:
            return Sniffed(FAMILY.get(suffix, "other"), "damaged", _no_such(suffix, size))
    if suffix in _MARKDOWN:
        return Sniffed("markdown")
    if is_html or (suffix in _HTML and "<" in start):
        known = suffix in _HTML or suffix == ""
        warning = None if known else f"This file is named {suffix} but is a web page."
        return Sniffed("html", warning=warning)
    if suffix in _TEXT or suffix in _HTML or suffix in _BINARY_CLAIMS:
        known = suffix not in _BINARY_CLAIMS
        warning = None if known else f"This file is named {suffix} but is plain text."
        return Sniffed("text", warning=warning)
    reason = f"Deckhand does not read {suffix} files, so this one is found by its name only."
    return Sniffed("other", "name_only", reason)


def _unknown(path: Path, suffix: str) -> Sniffed:
    if suffix in FAMILY:
        return Sniffed(FAMILY[suffix], "damaged", _no_such(suffix, path.stat().st_size))
    what = f"files of this kind ({suffix})" if suffix else "files of this kind"
    reason = f"Deckhand does not read {what}, so this one is found by its name only."
    return Sniffed("other", "name_only", reason)


def _no_such(suffix: str, size: int) -> str:
    if size < 1_024:
        holds = f"has only {size} byte{'' if size == 1 else 's'}"
    else:
        holds = "holds something else"
    name = _CLAIM_NAMES.get(FAMILY.get(suffix, ""), f"a {suffix} file")
    return f"This file is named {suffix} but {holds} and is not {name}. Ask for a new copy."


_CLAIM_NAMES = {
    "pdf": "a PDF",
    "pptx": "a PowerPoint deck",
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
}


def _other(suffix: str, what: str, claimed: str | None = None) -> Sniffed:
    if claimed is not None or suffix in FAMILY:
        reason = f"This file is named {suffix} but is {what}, so it is found by its name only."
    else:
        reason = f"This is {what}, and Deckhand does not read its text: it is found by name only."
    return Sniffed("other", "name_only", reason)


def _misnamed(suffix: str, kind: str, what: str) -> str | None:
    claimed = FAMILY.get(suffix)
    if claimed in (None, kind):
        return None
    return f"This file is named {suffix} but is {what}."
