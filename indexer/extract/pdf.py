"""Reads PDF: text by page, bookmarks as headings, properties."""

import re
import unicodedata
from pathlib import Path
from typing import Any

from indexer.extract.labels import sensitivity
from indexer.extract.model import PAGE_CAP, TEXT_CAP, Draft, PageText, Refused
from indexer.extract.mupdf import load, raise_if_memory

_DAMAGED = "This PDF is damaged and cannot be opened. Ask for a new copy."
_EMPTY = (
    "This PDF has {pages} but no text in it: it was probably scanned or exported as pictures."
    " Export it again with text to search inside."
)
_FORM = (
    "This PDF is an Adobe form whose text only Adobe Reader can show, so it is found by its"
    " name only. Print it to a new PDF to search inside."
)
_LABEL = (
    "This PDF is protected by a sensitivity label or rights management, so its text cannot be"
    " read. Ask its owner for a copy without protection."
)
_ENCRYPTED_PAYLOAD = "microsoftirmservices"
_HYPHENATED = re.compile(r"(\w)[-\u2010]\n(\w)")
_NAMES = {
    "title": "title",
    "author": "author",
    "subject": "subject",
    "keywords": "keywords",
    "creator": "application",
    "creationDate": "created",
    "modDate": "modified",
}


def read(path: Path) -> Draft:
    """Return the pages of a PDF.

    :raises Refused: when it needs a password, cannot be opened or has no pages.
    """
    return _read(path)


def read_bytes(data: bytes) -> Draft:
    """Return the pages of a PDF that another file carries inside; raises as :func:`read`."""
    return _read(None, data)


def _read(path: Path | None, data: bytes | None = None) -> Draft:
    pymupdf = load()
    try:
        document = pymupdf.open(path, data, filetype="pdf")
    except Exception as error:  # MuPDF raises its own, undocumented types
        raise_if_memory(error)
        raise Refused("damaged", _DAMAGED) from error
    with document:
        if document.needs_pass:
            raise Refused(
                "protected",
                "This PDF is protected with a password, so its text cannot be read."
                " Save a copy without the password to search inside.",
            )
        if _is_wrapper(document):
            raise Refused("protected", _LABEL)
        count = _page_count(document)
        warnings: list[str] = []
        pages = _pages(document, count, warnings)
        properties = _properties(document)
        if _is_dynamic_form(pages):
            raise Refused("unsupported", _FORM)
        first = _largest_text(document) if count else []
    number = f"{count:,} page{'' if count == 1 else 's'}"
    title = properties.pop("title", None)
    return Draft(pages, title, first, properties, warnings, _EMPTY.format(pages=number))


def _is_wrapper(document: Any) -> bool:
    """Say whether the pages are only a notice around an encrypted payload (ISO 32000-2, 7.6.7)."""
    try:
        names = document.embfile_names()
    except Exception as error:  # damaged attachments are no reason to lose the pages
        raise_if_memory(error)
        return False
    return any(name.lower().startswith(_ENCRYPTED_PAYLOAD) for name in names)


def _page_count(document: Any) -> int:
    try:
        count = int(document.page_count)
    except Exception as error:  # "Invalid number of pages" comes as a bare RuntimeError
        raise_if_memory(error)
        raise Refused("damaged", _DAMAGED) from error
    if count == 0:
        raise Refused("damaged", "This PDF is damaged: not one page of it can be found.")
    return count


def _pages(document: Any, count: int, warnings: list[str]) -> list[PageText]:
    headings = _bookmarks(document)
    pages: list[PageText] = []
    broken: list[int] = []
    size = 0
    for index in range(min(count, PAGE_CAP)):
        number = index + 1
        try:
            body = _page_text(document[index])
        except Exception as error:  # one broken page must not cost the others
            raise_if_memory(error)
            broken.append(number)
            body = ""
        pages.append(
            PageText(number, f"page {number}", headings.get(number, ""), body, "", hidden=False)
        )
        size += len(body)
        if size > TEXT_CAP:
            break
    if len(broken) == len(pages):
        raise Refused("damaged", "This PDF is damaged: not one of its pages can be read.")
    if broken:
        shown = ", ".join(str(number) for number in broken[:10])
        warnings.append(f"{len(broken)} of {count} pages are damaged: {shown}.")
    if count > PAGE_CAP:
        warnings.append(f"Only the first {PAGE_CAP:,} of {count:,} pages were read.")
    silent = sum(not page.body for page in pages) - len(broken)
    if 0 < silent < len(pages) - len(broken):
        have = "has" if silent == 1 else "have"
        warnings.append(f"{silent} of {count} pages {have} no text (pictures only).")
    return pages


def _page_text(page: Any) -> str:
    pymupdf = load()
    flags = pymupdf.TEXTFLAGS_BLOCKS & ~pymupdf.TEXT_PRESERVE_LIGATURES
    blocks = page.get_text("blocks", flags=flags)
    text = "\n".join(block[4].strip() for block in blocks if block[6] == 0)
    return _HYPHENATED.sub(_joined, text)


def _joined(broken: re.Match[str]) -> str:
    """Join a word broken at a line's end; "EMEA-\nwide" and "2024-\n25" are none."""
    before, after = broken.group(1), broken.group(2)
    return before + after if before.islower() and after.islower() else broken.group()


def _bookmarks(document: Any) -> dict[int, str]:
    """Return page number -> first bookmark on it: decks export slide titles that way."""
    try:
        entries = document.get_toc(simple=True)
    except Exception as error:  # a broken outline is no reason to lose the pages
        raise_if_memory(error)
        return {}
    found: dict[int, str] = {}
    for _, title, number in entries:
        if number > 0 and title.strip():
            found.setdefault(number, title.strip())
    return found


def _largest_text(document: Any) -> list[str]:
    """Return what page 1 sets in its largest and second largest letters, as titles to try.

    A single word that large is more often a logo or a label in a picture than a title.
    """
    sizes: dict[float, dict[str, None]] = {}
    for size, text in _first_lines(document):
        sizes.setdefault(size, {})[text] = None
    largest = sorted(sizes, reverse=True)[:2]
    found = (unicodedata.normalize("NFKC", " ".join([*sizes[size]][:4])) for size in largest)
    return [text for text in found if " " in text]


def _first_lines(document: Any) -> list[tuple[float, str]]:
    pymupdf = load()
    flags = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES
    flags &= ~pymupdf.TEXT_PRESERVE_LIGATURES
    try:
        blocks = document[0].get_text("dict", flags=flags)["blocks"]
    except Exception as error:  # page 1 may be the broken one
        raise_if_memory(error)
        return []
    lines: list[tuple[float, str]] = []
    for block in blocks:
        for line in block.get("lines", ()):
            spans = [span for span in line["spans"] if span["text"].strip()]
            text = " ".join("".join(span["text"] for span in line["spans"]).split())
            if sum(character.isalpha() for character in text) > 1:
                lines.append((float(max(round(span["size"]) for span in spans)), text))
    return lines


def _properties(document: Any) -> dict[str, str]:
    try:
        metadata = document.metadata or {}
    except Exception as error:  # properties are a bonus
        raise_if_memory(error)
        return {}
    found = {_NAMES[key]: value for key, value in metadata.items() if key in _NAMES and value}
    for name in ("created", "modified"):
        if name in found:
            found[name] = _date(found[name])
    try:
        own = _own_properties(document)
        language = document.xref_get_key(document.pdf_catalog(), "Lang")
    except Exception as error:
        raise_if_memory(error)
        return found
    if "Company" in own:
        found["company"] = own["Company"]
    if label := sensitivity(own):
        found["sensitivity"] = label
    if language[0] == "string" and language[1].strip():
        found["language"] = language[1]
    return found


def _own_properties(document: Any) -> dict[str, str]:
    """Return the entries of the information dictionary, by name."""
    kind, value = document.xref_get_key(-1, "Info")
    if kind != "xref":
        return {}
    number = int(value.split()[0])
    entries = ((key, document.xref_get_key(number, key)) for key in document.xref_get_keys(number))
    return {key: value for key, (kind, value) in entries if kind == "string"}


def _date(text: str) -> str:
    """Turn "D:20240131120000+01'00'" (ISO 32000-1, 7.9.4) into "2024-01-31T12:00:00+01:00"."""
    digits = text.removeprefix("D:")
    head = digits[:14]
    if len(head) < 8 or not head.isdigit():
        return text
    date = f"{head[:4]}-{head[4:6]}-{head[6:8]}"
    if len(head) < 14:
        return date
    zone = digits[14:].replace("'", ":").strip(":")
    return f"{date}T{head[8:10]}:{head[10:12]}:{head[12:14]}{zone}"


def _is_dynamic_form(pages: list[PageText]) -> bool:
    """Say whether the only page is the notice that dynamic XFA forms show elsewhere."""
    return len(pages) == 1 and pages[0].body.lstrip().startswith("Please wait...")
