"""Opens an Office file (a zip of XML parts) within a budget, and believes none of its sizes."""

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lxml import etree

from indexer.extract.labels import sensitivity
from indexer.extract.model import PageText, Refused

MOST_ENTRIES = 10_000
MOST_XML = 200 << 20
MOST_XML_TOGETHER = 1 << 30
MOST_RATIO = 200
RATIO_COUNTS_FROM = 10 << 20
PART_CAP = 64 << 20
"""Bytes of one XML part that are read as a tree; larger parts are streamed or left out."""

PART_ERRORS = (
    KeyError,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
)
"""What reading one part of a damaged package can raise; the other parts are still good."""

_XML_SUFFIXES = (
    *(".xml", ".rels", ".vml", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".apxl", ".iwa"),
    *(".bin", ".gz", "index.zip"),
)
"""What is unpacked: text parts, the binary parts of .xlsb, and those of Keynote and Pages."""


class PartTooLarge(ValueError):
    """A part is larger than :data:`PART_CAP` once unpacked."""


TOO_DEEP = (
    "Some of this file is nested too deep, or too long in one piece, to be read safely;"
    " what came before was read."
)
BROKEN_OFF = "A part of this file breaks off before its end; what came before was read."


def local(element: "etree._Element") -> str:
    """Return an element's name without its namespace: Strict files have other ones."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: "etree._Element", name: str) -> str | None:
    """Return an attribute by its local name, in whatever namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def relation_id(element: "etree._Element", name: str = "id") -> str:
    """Return the relation that an element points to (r:id), "" when there is none."""
    for key, value in element.attrib.items():
        namespace, _, own = str(key).rpartition("}")
        if namespace and own == name:
            return str(value)
    return ""


def truth(value: str | None) -> bool:
    """Read an XML boolean; an attribute that is absent is false."""
    return value is not None and value.lower() in ("1", "true", "on", "t")


class Package:
    """A zip of XML parts: an Office Open XML, OpenDocument, EPUB or iWork file.

    Part names are looked up without regard to case, backslashes and leading slashes. ``flaws``
    collects sentences about parts that were read only in part.

    :raises Refused: when the file is no readable zip, or unpacks to more than is safe (FILE-6).
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
            raise Refused("damaged", why_broken(path)) from error
        try:
            check_budget(self._zip.infolist(), path.stat().st_size)
        except Refused:
            self._zip.close()
            raise
        self._names = {_plain(name): name for name in reversed(self._zip.namelist())}
        self.flaws: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._names

    def names(self) -> list[str]:
        """Return the part names, lower case, with slashes."""
        return list(self._names)

    def open(self, name: str) -> IO[bytes]:
        """Return a stream over a part.

        :raises KeyError: when there is no such part.
        :raises Refused: when it is encrypted.
        """
        entry = self._zip.getinfo(self._names[_plain(name)])
        if entry.flag_bits & 1:
            raise Refused("protected", "This file needs a password, so its text cannot be read.")
        return self._zip.open(entry)

    def read(self, name: str) -> bytes:
        """Return a part's bytes through a bounded read.

        :raises PartTooLarge: when it is larger than :data:`PART_CAP`.
        """
        with self.open(name) as stream:
            data = stream.read(PART_CAP + 1)
        if len(data) > PART_CAP:
            raise PartTooLarge(f"part {name} is larger than {PART_CAP >> 20} MB")
        return data

    def main_xml(self, name: str, what: str) -> "etree._Element":
        """Return the root of the part that holds the text.

        :param what: what the file is, as a noun: "document".
        :raises Refused: when it is too large or cannot be read, with a sentence.
        """
        try:
            return self.xml(name)
        except PartTooLarge as error:
            most = PART_CAP >> 20
            reason = (
                f"This {what} holds more than {most} MB of text in one part, so it is found by its"
                " name only. Splitting it may help."
            )
            raise Refused("too_large", reason) from error
        except PART_ERRORS as error:
            reason = f"This {what} is damaged: its text cannot be read. Ask for a new copy."
            raise Refused("damaged", reason) from error

    def tell_flaws(self, pages: list[PageText], warnings: list[str]) -> None:
        """Add what could be read only in part to the warnings.

        :raises Refused: when for that reason there is no text at all.
        """
        flaws = list(dict.fromkeys(self.flaws))
        if flaws and not any(page.body or page.notes or page.heading for page in pages):
            state = "too_large" if TOO_DEEP in flaws else "damaged"
            raise Refused(state, f"No text of this file could be read. {flaws[0]}")
        warnings += flaws

    def xml(self, name: str) -> "etree._Element":
        """Return the root of an XML part, read without entities, network or alternatives.

        :raises ValueError: when nothing of it can be parsed.
        """
        return parse(self.read(name), self.flaws)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part points to: id -> (type's last word, part name)."""
        folder, _, base = name.rpartition("/")
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if source not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(source):
            target = (relation.get("Target") or "").replace("\\", "/")
            if not target or relation.get("TargetMode") == "External":
                continue
            joined = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            kind = (relation.get("Type") or "").rpartition("/")[2]
            found[relation.get("Id") or ""] = (kind, posixpath.normpath(joined).lstrip("/"))
        return found

    def main_part(self) -> str | None:
        """Return the name of the document's main part, None when there is none."""
        try:
            targets = self.relations("").values()
        except PART_ERRORS:
            targets = {}.values()
        for kind, target in targets:
            if kind == "officeDocument" and target in self:
                return target
        usual = ("ppt/presentation.xml", "word/document.xml", "xl/workbook.xml")
        return next((name for name in usual if name in self), None)

    def properties(self) -> dict[str, str]:
        """Return the document's properties: title, author, keywords, company and so on."""
        found: dict[str, str] = {}
        for part, names in (("docProps/core.xml", _CORE), ("docProps/app.xml", _APP)):
            try:
                root = self.xml(part)
            except PART_ERRORS:
                continue
            for element in root:
                name = names.get(local(element))
                if name and element.text and element.text.strip():
                    found.setdefault(name, element.text.strip()[:2_000])
        if label := self._sensitivity():
            found["sensitivity"] = label
        return found

    def _sensitivity(self) -> str | None:
        """Return the sensitivity label's name, else its id ([MS-OFFCRYPTO] 2.6.3)."""
        own: dict[str, str] = {}
        try:
            if "docProps/custom.xml" in self:
                for element in self.xml("docProps/custom.xml"):
                    own[element.get("name") or ""] = "".join(element.itertext()).strip()
            if (label := sensitivity(own)) is not None:
                return label
            if "docMetadata/LabelInfo.xml" in self:
                for element in self.xml("docMetadata/LabelInfo.xml").iter("{*}label"):
                    if truth(element.get("enabled")) and not truth(element.get("removed")):
                        return (element.get("id") or "").strip("{}").lower() or None
        except PART_ERRORS:
            return None
        return None


_CORE = {
    "title": "title",
    "creator": "author",
    "subject": "subject",
    "keywords": "keywords",
    "description": "comments",
    "category": "category",
    "contentStatus": "status",
    "language": "language",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
    "version": "version",
}
_APP = {
    "Company": "company",
    "Manager": "manager",
    "Application": "application",
    "Pages": "pages",
    "Slides": "slides",
}


def parse(data: bytes, flaws: list[str] | None = None) -> "etree._Element":
    """Parse XML that may be hostile: no entities, no network, no huge trees, Choice only.

    :param flaws: takes a sentence when only a part of the XML could be read.
    :raises ValueError: when nothing of it can be parsed.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root is None:
        raise ValueError("no readable XML")
    if flaws is not None:
        flaws += {_FLAWS[e.type] for e in parser.error_log if e.type in _FLAWS}
    if b"AlternateContent" in data:
        _drop_fallbacks(root)
    return root


_FLAWS = {
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: TOO_DEEP,
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: BROKEN_OFF,
    etree.ErrorTypes.ERR_DOCUMENT_END: BROKEN_OFF,
}
"""What libxml2 reports when it stops before the end; with other faults it goes on."""


def read_part(action: Callable[[], None], warnings: list[str], what: str) -> None:
    """Run an action on one part; when the part is damaged, warn and go on."""
    try:
        action()
    except PART_ERRORS:
        warnings.append(f"{what} could not be read.")


def check_budget(entries: list[zipfile.ZipInfo], file_size: int) -> None:
    """Refuse a package that would unpack to far more than it is (FILE-6).

    Only XML counts: films and pictures are never unpacked.

    :raises Refused: with the state "too_large".
    """
    if len(entries) > MOST_ENTRIES:
        raise Refused(
            "too_large",
            f"This file has {len(entries):,} parts inside; at most {MOST_ENTRIES:,} are read.",
        )
    xml = [e for e in entries if e.filename.lower().endswith(_XML_SUFFIXES)]
    total = sum(entry.file_size for entry in xml)
    for entry in xml:
        swollen = entry.file_size > RATIO_COUNTS_FROM and (
            entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        )
        if swollen or entry.file_size > MOST_XML:
            raise Refused("too_large", _swollen(file_size, entry.file_size))
    if total > MOST_XML_TOGETHER:
        raise Refused("too_large", _swollen(file_size, total))


def why_broken(path: Path) -> str:
    """Say why a file that begins like a zip cannot be opened as one."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 66_000))
        tail = stream.read(66_000)
    if b"PK\x05\x06" not in tail:
        return (
            "This file breaks off before its end: the copy or download was not finished."
            " Fetch it again from where it came."
        )
    return "This file is damaged: its table of contents cannot be read. Ask for a new copy."


def _swollen(file_size: int, unpacked: int) -> str:
    return (
        f"This file of {_megabytes(file_size)} unpacks to {_megabytes(unpacked)} of text parts;"
        " files that swell like this are not opened, to protect this computer."
    )


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MB" if size >= 100_000 else f"{max(1, size >> 10)} KB"


def _plain(name: str) -> str:
    return name.lower().replace("\\", "/").lstrip("/")


def _drop_fallbacks(root: "etree._Element") -> None:
    for block in list(root.iter("{*}AlternateContent")):
        choices = [child for child in block if local(child) == "Choice"]
        for child in list(block):
            if (choices and child is not choices[0]) or (not choices and local(child) == ""):
                block.remove(child)
