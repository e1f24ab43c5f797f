"""Reads e-books (EPUB): the chapters in reading order."""

import posixpath
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from indexer.extract.html import decode_page, parse_html
from indexer.extract.model import PAGE_CAP, TEXT_CAP, Draft, PageText, Refused
from indexer.extract.package import PART_ERRORS, Package, local

_FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_EMPTY = "This e-book has no text in it, only pictures or nothing at all."
_DAMAGED = "This e-book is damaged: its list of chapters cannot be read. Ask for a new copy."
_PROTECTED = (
    "This e-book is protected against copying, so its text cannot be read. Ask its owner for a"
    " copy without protection."
)
_NAMES = {
    "title": "title",
    "creator": "author",
    "publisher": "company",
    "subject": "keywords",
    "description": "subject",
    "date": "created",
    "language": "language",
}


def read(path: Path) -> Draft:
    """Return the chapters of an e-book, one for each part of its spine.

    :raises Refused: when it is protected, or its list of chapters is lost.
    """
    warnings: list[str] = []
    with Package(path) as package:
        if _is_protected(package):
            raise Refused("protected", _PROTECTED)
        try:
            main = _main_part(package)
            root = package.xml(main)
        except PART_ERRORS as error:
            raise Refused("damaged", _DAMAGED) from error
        pages: list[PageText] = []
        size = 0
        for part in _spine(root, posixpath.dirname(main))[:PAGE_CAP]:
            page = _chapter(package, part, len(pages) + 1, warnings)
            if page is not None:
                pages.append(page)
                size += len(page.body)
            if size > TEXT_CAP:
                break
        package.tell_flaws(pages, warnings)
    properties = _properties(root)
    title = properties.pop("title", None)
    headings = [page.heading for page in pages[:3] if page.heading]
    return Draft(pages, title, headings, properties, warnings, _EMPTY)


def _is_protected(package: Package) -> bool:
    """Say whether more than fonts is encrypted: hiding fonts is common and harms no text."""
    if "META-INF/encryption.xml" not in package:
        return False
    try:
        root = package.xml("META-INF/encryption.xml")
    except PART_ERRORS:
        return False
    methods = [e.get("Algorithm") or "" for e in root.iter("{*}EncryptionMethod")]
    return any(not method.startswith(_FONT_ALGORITHMS) for method in methods)


def _main_part(package: Package) -> str:
    try:
        for element in package.xml("META-INF/container.xml").iter("{*}rootfile"):
            part = unquote(element.get("full-path") or "")
            if part in package:
                return part
    except PART_ERRORS:
        pass
    found = next((name for name in package.names() if name.endswith(".opf")), None)
    if found is None:
        raise Refused("damaged", _DAMAGED)
    return found


def _spine(root: "etree._Element", folder: str) -> list[str]:
    parts = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in root.iter("{*}item")
    }
    wanted = (item.get("idref") for item in root.iter("{*}itemref"))
    return [parts[key] for key in wanted if key in parts]


def _chapter(package: Package, part: str, number: int, warnings: list[str]) -> PageText | None:
    try:
        page = parse_html(decode_page(package.read(part)))
    except PART_ERRORS:
        warnings.append(f"Chapter {number} could not be read.")
        return None
    if not page.blocks:
        return None
    heading = next((block.text for block in page.blocks if block.level), "")
    lines = [block.text for block in page.blocks]
    body = lines[1:] if heading and lines[0] == heading else lines
    return PageText(number, f"chapter {number}", heading, "\n".join(body), "", hidden=False)


def _properties(root: "etree._Element") -> dict[str, str]:
    metadata = next(root.iter("{*}metadata"), None)
    found: dict[str, str] = {}
    for element in () if metadata is None else metadata.iter():
        name = _NAMES.get(local(element)) if "purl.org/dc" in str(element.tag) else None
        text = " ".join("".join(element.itertext()).split()) if name else ""
        if name and text:
            found.setdefault(name, text)
    return found
