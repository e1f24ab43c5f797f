"""Reads web pages with the standard library's parser, which no nesting can hang."""

import re
from html.parser import HTMLParser
from pathlib import Path

from indexer.extract.encoding import decode
from indexer.extract.model import Draft
from indexer.extract.sections import Block, sections

READ_CAP = 32 << 20
"""Bytes read of one file of text."""

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
        self._buffer: list[str] = []
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
        if self._in_title:
            self.title.append(data)
        else:
            self._buffer.append(data)

    def flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer.clear()
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
    return Draft(pages, title or other, headings, reader.properties, warnings, _EMPTY)


def parse_html(text: str) -> _Reader:
    """Return a reader that has read some HTML to its end."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    return reader


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
