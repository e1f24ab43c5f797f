"""Reads web pages with the standard library's parser, which no nesting can hang."""

import re
from html.parser import HTMLParser
from pathlib import Path

from indexer.extract.encoding import decode
from indexer.extract.model import TEXT_CAP, Draft
from indexer.extract.sections import Block, sections

READ_CAP = 32 << 20
"""Bytes read of one file of text."""

_CHUNK = 1 << 20
_TAG_CAP = 4 << 20
_DATA_ADDRESS = re.compile(r"data:[^\s\"'<>()]{1000,}")
_BROKEN_SECTION = re.compile(r"<!\[(?!\s*[A-Za-z])")
_ENDLESS_TAGS = re.compile(r"(?:<[^<>]*){20,}")
_PARAGRAPH_CAP = 64 << 10
_TITLE_CAP = 2_000

_SILENT = frozenset(("script", "style", "template", "noscript", "svg", "math", "iframe", "object"))
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header"),
        *("hr", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table"),
        *("tbody", "tfoot", "thead", "title", "tr", "ul"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_META = {
    "description": "subject",
    "author": "author",
    "keywords": "keywords",
    "generator": "application",
    "og:title": "og_title",
    "dcterms.created": "created",
    "dc.creator": "author",
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:]{2,40})", re.I)
_EMPTY = "This web page has no text in it."


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title: list[str] = []
        self.properties: dict[str, str] = {}
        self.size = 0
        self.broken = False
        self._buffer: list[str] = []
        self._buffered = 0
        self._silent: list[str] = []
        self._level = 0
        self._in_title = False
        self._in_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
        elif tag in _SILENT:
            self._silent.append(tag)
        elif tag == "meta":
            self._meta(dict(attrs))
        elif tag == "html":
            self._language(dict(attrs))
        elif tag in ("td", "th"):
            self._buffer.append("\t")
        elif tag == "img":
            self._image(dict(attrs))
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.flush()
            self._level = _HEADINGS.get(tag, 0)
            self._in_title = tag == "title"
            self._in_pre = self._in_pre or tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "<script/>" in XHTML: the parser would otherwise wait for an end that never comes.
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.flush()
            self._in_title = False
            if tag == "pre":
                self._in_pre = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.size += len(data)
        if self._in_title:
            self.title.append(data[:_TITLE_CAP])
            return
        self._buffer.append(data)
        self._buffered += len(data)
        if self._buffered > _PARAGRAPH_CAP:
            self.flush()

    def flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer.clear()
        self._buffered = 0
        if not self._in_pre:
            text = "\t".join(" ".join(cell.split()) for cell in text.split("\t"))
        if text.strip():
            self.blocks.append(Block(text.strip(), self._level))
        self._level = 0

    def _meta(self, attributes: dict[str, str | None]) -> None:
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        content = (attributes.get("content") or "").strip()
        if name in _META and content:
            self.properties.setdefault(_META[name], content)

    def _language(self, attributes: dict[str, str | None]) -> None:
        language = attributes.get("lang") or attributes.get("xml:lang")
        if language:
            self.properties.setdefault("language", language)

    def _image(self, attributes: dict[str, str | None]) -> None:
        text = (attributes.get("alt") or "").strip()
        if len(text) > 3:
            self._buffer.append(f" {text} ")


def read(path: Path) -> Draft:
    """Return the sections of a web page."""
    with path.open("rb") as stream:
        data = stream.read(READ_CAP + 1)
    warnings = ["Only the first 32 MB were read."] if len(data) > READ_CAP else []
    reader = parse_html(decode_page(data))
    title = " ".join("".join(reader.title).split())
    other = reader.properties.pop("og_title", "")
    headings = [block.text for block in reader.blocks if block.level][:3]
    pages = sections(reader.blocks)
    if reader.broken:
        warnings.append("This web page is damaged; what came before the damage was read.")
    if reader.size > TEXT_CAP and sum(len(page.body) for page in pages) < TEXT_CAP:
        warnings = ["Only the beginning of this web page was read."]
    return Draft(pages, title or other, headings, reader.properties, warnings, _EMPTY)


def parse_html(text: str) -> _Reader:
    """Return a reader that has read some HTML to its end, or as much text as is kept."""
    reader = _Reader()
    text = _tame(text)
    try:
        for at in range(0, len(text), _CHUNK):
            reader.feed(text[at : at + _CHUNK])
            if reader.size > TEXT_CAP or len(reader.rawdata) > _TAG_CAP:
                break
        else:
            reader.close()
    except AssertionError:  # how the parser says that a declaration is broken
        reader.broken = True
    reader.flush()
    return reader


def _tame(text: str) -> str:
    """Take out what the parser would look at again and again: its time goes by the square.

    Comments, pictures written into the page, and runs of tags that never end.
    """
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            at = len(text)
            break
        at = end + 3
    parts.append(text[at:])
    text = _DATA_ADDRESS.sub("", "".join(parts))
    text = _BROKEN_SECTION.sub(" ", text)
    return _ENDLESS_TAGS.sub(lambda found: found.group().replace("<", " "), text)


def decode_page(data: bytes) -> str:
    """Believe the page's own charset only where bytes and UTF-8 do not already agree."""
    declared = _CHARSET.search(data[:4_096])
    if declared is not None and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        try:
            return data.decode(declared.group(1).decode("ascii"), "replace")
        except LookupError:
            pass
    return decode(data)
