"""Reads Markdown: front matter, headings, and the words without their marks."""

import re
from collections.abc import Iterator
from pathlib import Path

from indexer.extract.encoding import decode
from indexer.extract.html import READ_CAP
from indexer.extract.model import TEXT_CAP, Draft
from indexer.extract.sections import Block, sections

_EMPTY = "This file holds settings or pictures, but no text of its own."
_LONGEST_LINE = 20_000

_FRONT_LINE = re.compile(r"^([A-Za-z][\w\-]{0,30})\s*[:=]\s*(.*)$")
_FOLDED = re.compile(r"[|>][+-]?\d?")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})(?:[ \t]+|$)(.*)$")
_UNDERLINE = re.compile(r"^\s{0,3}(=+|-+)\s*$")
_RULE = re.compile(r"^\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_TABLE_RULE = re.compile(r"^[\s|:\-+=]*-[\s|:\-+=]*$")
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]]{1,200}\]:\s+\S+")
_LEAD = re.compile(r"^\s*(?:>\s?)*(?:[-*+]\s+(?:\[[ xX]\]\s+)?)?")

_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_SHORTCODE = re.compile(r"\{\{[<%].{0,500}?[%>]\}\}|\{%.{0,500}?%\}|\{:[^{}]{0,300}\}")
_STRONG = re.compile(r"(\*{1,3}|~~|(?<!\w)_{1,3}(?=\S))(\S(?:.{0,500}?\S)?)\1(?!\w)")
_CODE = re.compile(r"(`+)(.{1,1000}?)\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")

_NAMES = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "date": "created",
    "description": "subject",
    "summary": "subject",
    "tags": "keywords",
    "keywords": "keywords",
    "categories": "category",
    "category": "category",
    "lang": "language",
}


def read(path: Path) -> Draft:
    """Return the sections of a Markdown file."""
    with path.open("rb") as stream:
        data = stream.read(READ_CAP + 1)
    warnings = ["Only the first 32 MB were read."] if len(data) > READ_CAP else []
    lines = decode(data)[: 2 * TEXT_CAP].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    properties, lines = _front_matter(lines)
    summary = [Block(strip_marks(properties["subject"]))] if "subject" in properties else []
    blocks = summary + list(_blocks(_COMMENT.sub("", "\n".join(lines)).split("\n")))
    headings = [block.text for block in blocks if block.level == 1]
    headings += [block.text for block in blocks if block.level > 1][:2]
    title = properties.pop("title", None)
    return Draft(sections(blocks), title, headings[:3], properties, warnings, _EMPTY)


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split off a block of "key: value" lines between two lines of --- or +++."""
    fence = lines[0].strip() if lines else ""
    if fence not in ("---", "+++"):
        return {}, lines
    end = next((at for at, line in enumerate(lines[1:201], 1) if line.strip() == fence), None)
    if end is None:
        return {}, lines
    found: dict[str, str] = {}
    for key, value in _properties(lines[1:end]):
        name = _NAMES.get(key.lower())
        if name and value:
            found.setdefault(name, value)
    return found, lines[end + 1 :]


def _properties(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield keys and values; a value may go on in indented lines, or stand there alone."""
    key, value = "", ""
    for line in lines:
        match = _FRONT_LINE.match(line)
        if match:
            yield key, value
            key, value = match.group(1), match.group(2).strip().strip("[]").strip("\"'")
            value = "" if _FOLDED.fullmatch(value) else value
        elif key and line[:1].isspace():
            value = f"{value} {line.strip().removeprefix('- ')}".strip()
    yield key, value


def _blocks(lines: list[str]) -> Iterator[Block]:
    paragraph: list[str] = []
    fence = ""
    for line in lines:
        if len(line) > _LONGEST_LINE:
            # No one writes marks in such a line, and looking for them would take minutes.
            yield from _end(paragraph)
            yield Block(line)
            continue
        mark = _FENCE.match(line)
        if fence or mark:
            if not fence and mark:
                fence = mark.group(1)
            elif mark and mark.group(1).startswith(fence) and line.strip() == mark.group(1):
                fence = ""
            else:
                paragraph.append(line.rstrip())
            continue
        yield from _plain_line(line, paragraph)
    yield from _end(paragraph)


def _plain_line(line: str, paragraph: list[str]) -> Iterator[Block]:
    """Take one line outside code: collect it, or yield what it ends."""
    heading = _HEADING.match(line)
    if heading:
        yield from _end(paragraph)
        text = strip_marks(heading.group(2).strip().rstrip("#"))
        if text:
            yield Block(text, len(heading.group(1)))
    elif paragraph and len(paragraph) == 1 and _UNDERLINE.match(line):
        text = paragraph.pop()
        yield Block(text, 1 if "=" in line else 2)
    elif not line.strip() or _RULE.match(line):
        yield from _end(paragraph)
    elif not (_TABLE_RULE.match(line) or _REFERENCE.match(line)):
        text = strip_marks(_LEAD.sub("", line, count=1))
        if text:
            paragraph.append(text)


def _end(paragraph: list[str]) -> Iterator[Block]:
    if paragraph:
        yield Block("\n".join(paragraph))
        paragraph.clear()


def strip_marks(line: str) -> str:
    """Return a line's words: the text of links and pictures, no emphasis, cells by tabs."""
    # Most lines hold no mark at all; a look for a character costs far less than a pattern.
    if "](" in line or "][" in line:
        for pattern in (_IMAGE, _LINK, _LINK):
            line = pattern.sub(r"\1", line)
    if "<" in line:
        line = _TAG.sub(" ", _AUTOLINK.sub(r"\1", line))
    if "{" in line:
        line = _SHORTCODE.sub("", line)
    if "`" in line:
        line = _CODE.sub(r"\2", line)
    if "*" in line or "_" in line or "~~" in line:
        for _ in range(2):
            line = _STRONG.sub(r"\2", line)
    stripped = line.strip()
    if stripped.startswith("|") or stripped.count(" | ") > 0:
        cells = (" ".join(cell.split()) for cell in stripped.strip("|").split("|"))
        line = "\t".join(cells)
    return (_ESCAPE.sub(r"\1", line) if "\\" in line else line).strip()
