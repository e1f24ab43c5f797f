"""Short wordings of values that several lists and panels show alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rows import STATUS_LABELS, TRUST_LABELS

if TYPE_CHECKING:
    from app.rows import Hit

KIND_LABELS = {
    "pdf": "PDF", "pptx": "Slides", "docx": "Document", "xlsx": "Sheet", "html": "Web page",
    "markdown": "Text", "text": "Text", "ebook": "E-book", "image": "Picture",
    "video": "Video", "audio": "Recording", "link": "Web link", "other": "File",
}  # fmt: skip
KIND_ICONS = {
    "pdf": "file-text", "pptx": "presentation", "docx": "file-text", "xlsx": "file-spreadsheet",
    "html": "globe", "markdown": "file-text", "text": "file-text", "ebook": "book-open",
    "image": "image", "video": "film", "audio": "film", "link": "link", "other": "file",
}  # fmt: skip
PAGE_NOUNS = {"pptx": "slide", "xlsx": "sheet", "html": "section", "markdown": "section"}
TRUST_TOKENS = {
    "current": "ok", "overdue": "warn", "expired": "bad", "superseded": "bad",
    "unofficial": "neutral",
}  # fmt: skip
STATE_WORDS = {
    "no_text": "no text found", "name_only": "found by name only",
    "protected": "password-protected", "damaged": "damaged file", "too_large": "too large to read",
    "unsupported": "format not read", "online_only": "online only", "partly": "partly read",
}  # fmt: skip
ZERO_WIDTH = "\u200b"
_LONG_WORD = 24
_PIECE = 6


def plural(count: int, noun: str, nouns: str = "") -> str:
    """A count with its noun: "1 page", "1,014 pages"."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def pages_text(count: int, kind: str) -> str:
    """How many pages, slides, sheets or sections; "" when unknown."""
    return plural(count, PAGE_NOUNS.get(kind, "page")) if count > 0 else ""


def more_text(hit: Hit) -> str:
    """How many more pages match: "3 slides"; "" for none."""
    return plural(hit.more_pages, PAGE_NOUNS.get(hit.kind, "page")) if hit.more_pages else ""


def content_label(hit: Hit) -> str:
    """The content type in words, else the family of the format."""
    return hit.content_type or KIND_LABELS.get(hit.kind, "File")


def reason_text(why: str) -> str:
    """Where words were found, as a row and the preview say it."""
    return "in the title" if why == "title" else why


def trust_label(hit: Hit) -> str:
    """The words of the trust badge: for material not published, the status says more."""
    if hit.trust == "unofficial" and hit.status in STATUS_LABELS:
        return STATUS_LABELS[hit.status]
    return TRUST_LABELS.get(hit.trust, "")


def uses_text(uses: int, users: int) -> str:
    """Use in the last 90 days in a few words; "" when there was none."""
    if uses <= 0:
        return ""
    return f"used {uses:,}×" + (f" by {users:,}" if users > 1 else "")


def breakable(text: str) -> str:
    """The text with invisible places to break lines: after slashes and within very long words.

    A label is never narrower than its longest word, and file names are long words.
    """
    pieces = []
    for word in text.replace("/", f"/{ZERO_WIDTH}").split(" "):
        parts = word.split(ZERO_WIDTH)
        pieces.append(ZERO_WIDTH.join(_in_pieces(part) for part in parts))
    return " ".join(pieces)


def _in_pieces(word: str) -> str:
    if len(word) <= _LONG_WORD:
        return word
    return ZERO_WIDTH.join(word[i : i + _PIECE] for i in range(0, len(word), _PIECE))


def day_text(ms: int | None) -> str:
    """A moment (UTC milliseconds) as a day in local time: "12 Oct 2026"; "" for None."""
    if ms is None:
        return ""
    from datetime import datetime

    moment = datetime.fromtimestamp(ms / 1000).astimezone()
    return f"{moment.day} {moment:%b %Y}"
