"""Tells what a file is by its content; the suffix only breaks ties between kinds of text."""

import zipfile
from pathlib import Path

from indexer.extract.encoding import decode, looks_like_text
from indexer.extract.formats import (
    CLAIM_NAMES,
    FAMILY,
    MAGICS,
    NEVER_TEXT,
    OPEN_DOCUMENT,
    WORDLIKE,
    Magic,
    suffix_format,
)
from indexer.extract.model import Sniffed

HEAD = 8_192
_PDF_WITHIN = 1_024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")

_MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mdx", ".mkdn", ".rmd", ".qmd"))
_HTML = frozenset((".html", ".htm", ".xhtml", ".shtml"))
_TEXT = frozenset(
    (
        *(".txt", ".text", ".csv", ".tsv", ".tab", ".log", ".rst", ".adoc", ".asciidoc", ".org"),
        *(".srt", ".vtt", ".asc", ".readme", ".nfo", ".textile", ".wiki", ""),
    )
)
_HTML_STARTS = ("<!doctype html", "<html", "<head", "<body", "<!doctype htm")
_KEY_STARTS = (b"-----BEGIN ", b"PuTTY-User-Key-File", b"Bag Attributes", b"---- BEGIN SSH2")
_MODERN = {
    "ppt/presentation.xml": ("pptx", "a PowerPoint deck"),
    "word/document.xml": ("docx", "a Word document"),
    "xl/workbook.xml": ("xlsx", "an Excel workbook"),
}


def sniff(path: Path) -> Sniffed:
    """Say what a file is.

    :raises OSError: when the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    suffix = path.suffix.lower()
    if not head:
        return Sniffed("other", "name_only", "This file is empty: it has 0 bytes.")
    if head.startswith(_OLE):
        from indexer.extract.ole import sniff_ole

        return sniff_ole(path, FAMILY.get(suffix, "other"))
    if head.startswith(_ZIP):
        return _sniff_zip(path, suffix)
    # After the packages, which may carry a PDF near their beginning.
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Sniffed("pdf", warning=_misnamed(suffix, "pdf", "a PDF"), reader="pdf")
    for magic in MAGICS:
        if head.startswith(magic.begins, magic.offset) and not _is_prose(magic, head):
            return _by_magic(magic, suffix)
    if looks_like_text(head):
        return _sniff_text(head, path, suffix)
    return _unknown(path, suffix)


def _is_prose(magic: Magic, head: bytes) -> bool:
    """Say whether letters that a format begins with begin a text here."""
    if magic.begins not in WORDLIKE or b"\nSubject: " in head:
        return False
    return looks_like_text(head)


def _by_magic(magic: Magic, suffix: str) -> Sniffed:
    if not magic.reader:
        return _other(suffix, magic.what, magic.kind)
    return _readable(suffix, magic.kind, magic.reader, magic.what)


def _readable(suffix: str, kind: str, reader: str, what: str) -> Sniffed:
    warning = _misnamed(suffix, kind, what)
    return Sniffed(kind, warning=warning, reader=reader, format=suffix_format(what))


def _sniff_zip(path: Path, suffix: str) -> Sniffed:
    from indexer.extract.ole import PASSWORD
    from indexer.extract.package import why_broken

    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().replace("\\", "/").lstrip("/") for name in archive.namelist()}
            # Bit 0 is the format's own encryption; "iwpv" marks that of Pages and Keynote.
            entries = archive.infolist()
            locked = any(entry.flag_bits & 1 or b"iwpv" in entry.extra for entry in entries)
            media_type = _media_type(archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        return Sniffed(_kind_of_cut_zip(path, suffix), "damaged", why_broken(path))
    if locked:
        return Sniffed(FAMILY.get(suffix, "other"), "protected", PASSWORD)
    return _sniff_package(path, suffix, names, media_type)


def _sniff_package(path: Path, suffix: str, names: set[str], media_type: str) -> Sniffed:
    for main, (kind, what) in _MODERN.items():
        if main in names:
            return Sniffed(kind, warning=_misnamed(suffix, kind, what), reader=kind)
    if "xl/workbook.bin" in names:
        return _readable(suffix, "xlsx", "xls", "a binary Excel workbook")
    found = _kind_by_relations(path) if "[content_types].xml" in names else None
    if found is not None:
        return Sniffed(found, warning=_misnamed(suffix, found, CLAIM_NAMES[found]), reader=found)
    if "content.xml" in names and (media_type or "meta-inf/manifest.xml" in names):
        part = media_type.rpartition(".")[2].removesuffix("-template").removesuffix("-master")
        kind, what = OPEN_DOCUMENT.get(part, (FAMILY.get(suffix, "docx"), "an OpenDocument file"))
        return _readable(suffix, kind, "odf", what)
    if any(name.endswith((".iwa", "index.zip", "index.apxl", "index.apxl.gz")) for name in names):
        return _readable(suffix, _kind_of_iwork(names, suffix), "iwork", _iwork_name(names, suffix))
    if names & {"index.xml", "index.xml.gz"} and suffix in (".pages", ".numbers", ".key"):
        return _readable(suffix, FAMILY[suffix], "iwork", _iwork_name(names, suffix))
    if media_type == "application/epub+zip" or "meta-inf/container.xml" in names:
        return _readable(suffix, "ebook", "epub", "an e-book (EPUB)")
    return _other(suffix, _name_of_zip(names))


def _media_type(archive: zipfile.ZipFile) -> str:
    """Return what the part "mimetype" says, as OpenDocument and EPUB have it."""
    try:
        with archive.open("mimetype") as stream:
            return stream.read(200).decode("ascii", "replace").strip()
    except (KeyError, RuntimeError, OSError, zipfile.BadZipFile):
        return ""


def _kind_by_relations(path: Path) -> str | None:
    from indexer.extract.package import PART_ERRORS, Package

    with Package(path) as package:
        try:
            main = package.main_part() or ""
        except PART_ERRORS:
            main = ""
    return {"ppt": "pptx", "word": "docx", "xl": "xlsx"}.get(main.partition("/")[0].lower())


def _kind_of_iwork(names: set[str], suffix: str) -> str:
    if any(name.rpartition("/")[2].startswith(("slide", "index.apxl")) for name in names):
        return "pptx"
    return FAMILY[suffix] if suffix in (".pages", ".numbers", ".key") else "docx"


def _iwork_name(names: set[str], suffix: str) -> str:
    kind = _kind_of_iwork(names, suffix)
    return {"pptx": "a Keynote deck", "xlsx": "a Numbers sheet"}.get(kind, "a Pages document")


def _name_of_zip(names: set[str]) -> str:
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
    special = _sniff_structured(start, suffix)
    if special is not None:
        return special
    is_html = start.startswith(_HTML_STARTS) or (
        start.startswith(("<?xml", "<!--")) and "<html" in start
    )
    size = path.stat().st_size
    if not is_html and (suffix in NEVER_TEXT or (suffix in FAMILY and size < 64)):
        return Sniffed(FAMILY[suffix], "damaged", _no_such(suffix, size))
    if suffix in _MARKDOWN:
        return Sniffed("markdown", reader="markdown")
    if is_html or (suffix in _HTML and "<" in start):
        known = suffix in _HTML or suffix == ""
        warning = None if known else f"This file is named {suffix} but is a web page."
        return Sniffed("html", warning=warning, reader="html")
    if suffix in _TEXT or suffix in _HTML or suffix in FAMILY:
        known = suffix not in FAMILY
        warning = None if known else f"This file is named {suffix} but is plain text."
        return Sniffed("text", warning=warning, reader="text")
    reason = f"Deckhand does not read {suffix} files, so this one is found by its name only."
    return Sniffed("other", "name_only", reason)


def _sniff_structured(start: str, suffix: str) -> Sniffed | None:
    """Recognise text that is a drawing, a flat OpenDocument or a link."""
    if "[internetshortcut" in start and start.startswith("["):
        return _readable(suffix, "link", "link", "a web link")
    if start.startswith("[desktop entry]"):
        return _readable(suffix, "link", "link", "a shortcut of the desktop")
    if not start.startswith("<"):
        return None
    if "<plist" in start and suffix == ".webloc":
        return _readable(suffix, "link", "link", "a web link")
    if "<office:document" in start:
        kind, what = FAMILY.get(suffix, "docx"), "a flat OpenDocument file"
        for name, (known, _) in OPEN_DOCUMENT.items():
            if f"opendocument.{name}" in start:
                kind, what = known, f"a flat OpenDocument {name}"
                break
        return _readable(suffix, kind, "odf", what)
    if "<svg" in start and suffix not in _HTML and not start.startswith(_HTML_STARTS):
        return _readable(suffix, "image", "svg", "a drawing (SVG)")
    return None


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
    name = CLAIM_NAMES.get(FAMILY.get(suffix, ""), f"a {suffix} file")
    return f"This file is named {suffix} but {holds} and is not {name}. Ask for a new copy."


def _other(suffix: str, what: str, kind: str = "other") -> Sniffed:
    if FAMILY.get(suffix, kind) != kind:
        reason = f"This file is named {suffix} but is {what}, so it is found by its name only."
    else:
        reason = f"This is {what}, and Deckhand does not read its text: it is found by name only."
    return Sniffed(kind, "name_only", reason)


def _misnamed(suffix: str, kind: str, what: str) -> str | None:
    claimed = FAMILY.get(suffix)
    if claimed in (None, kind):
        return None
    return f"This file is named {suffix} but is {what}."
