"""The fields of the query language: their names, what they expect, how that is said."""

from __future__ import annotations

from dataclasses import dataclass

from app.rows import FacetRow
from app.vocabulary.terms import facet_key


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One field.

    ``kind``: text (looked for in a part of the document), count, date, choice, owner, folder,
    idle, page, status or terms (of the vocabulary). ``source`` is the text field, the column or
    the facet behind it; ``said`` begins the sentence ("changed", "used"); ``example`` shows a
    whole form; ``detail`` says what it finds.
    """

    name: str
    kind: str
    source: str
    said: str
    example: str
    detail: str


FIELDS: tuple[FieldForm, ...] = (
    FieldForm("title", "text", "title", "title", "title:overview", "words in the title"),
    FieldForm("file", "text", "file", "file name", "file:q3", "words in the file's name"),
    FieldForm("notes", "text", "notes", "notes", "notes:discount", "words in the notes"),
    FieldForm("text", "text", "body", "text", "text:churn", "words on the page itself"),
    FieldForm("page", "page", "page", "page", "page:2-5", "matches on these pages"),
    FieldForm("status", "status", "status", "status", "status:draft", "the status"),
    FieldForm("owner", "owner", "owner", "owner", "owner:me", "who owns it"),
    FieldForm("in", "folder", "folder", "in", 'in:"root/folder"', "the folder it lies in"),
    FieldForm("format", "choice", "format", "format", "format:pptx", "the kind of file"),
    FieldForm("language", "choice", "language", "language", "language:de", "the language"),
    FieldForm("state", "choice", "state", "state", "state:damaged", "files that are a problem"),
    FieldForm("has", "choice", "has", "has", "has:notes", "assets with speaker notes"),
    FieldForm("used", "count", "uses", "used", "used:>10", "uses in the last 90 days"),
    FieldForm("unused", "idle", "uses", "unused", "unused:90d", "not used for so long"),
    FieldForm("pages", "count", "pages", "pages", "pages:>10", "how many pages it has"),
    FieldForm("expires", "date", "expires", "expires", "expires:<30d", "when it expires"),
    FieldForm("review", "date", "review", "review due", "review:overdue", "when it is reviewed"),
    FieldForm("published", "date", "published", "published", "published:2026", "when published"),
    FieldForm("added", "date", "added", "added", "added:<7d", "when it came to the library"),
    FieldForm("changed", "date", "changed", "changed", "changed:>2026-01-01", "last change"),
)
BY_NAME = {form.name: form for form in FIELDS}
ALIASES = {
    "filename": "file", "name": "file", "note": "notes", "body": "text", "heading": "text",
    "folder": "in", "root": "in", "kind": "format", "ext": "format", "lang": "language",
    "uses": "used", "expiry": "expires", "created": "added", "modified": "changed",
    "updated": "changed",
}  # fmt: skip
AHEAD = ("expires", "review")
"""Dates that lie ahead: ``<30d`` is within the next 30 days."""

FORMATS = {
    "pptx": "pptx", "ppt": "pptx", "powerpoint": "pptx", "slides": "pptx", "deck": "pptx",
    "odp": "pptx", "key": "pptx", "keynote": "pptx", "docx": "docx", "doc": "docx",
    "word": "docx", "odt": "docx", "rtf": "docx", "xlsx": "xlsx", "xls": "xlsx",
    "excel": "xlsx", "ods": "xlsx", "csv": "xlsx", "pdf": "pdf", "html": "html", "htm": "html",
    "md": "markdown", "markdown": "markdown", "txt": "text", "text": "text", "epub": "ebook",
    "ebook": "ebook", "image": "image", "picture": "image", "video": "video", "audio": "audio",
    "link": "link", "other": "other",
}  # fmt: skip
STATES = {
    "damaged": "it is damaged", "protected": "it is protected", "unreadable": "it cannot be read",
    "no_text": "it has no text", "name_only": "only its name is known",
    "too_large": "it is too large to read", "unsupported": "its format is not read",
    "indexed": "it is read in full",
}  # fmt: skip
PROBLEM = "problem"
"""``state:problem`` is any state but ``indexed``."""


def facet_names(facets: tuple[FacetRow, ...]) -> dict[str, FacetRow]:
    """The short name under which each facet is typed; fields of the language go before."""
    short = {"content_type": "type", "value_proposition": "value", "buying_role": "role"}
    named = {short.get(facet.key, facet.key): facet for facet in facets}
    return {name: facet for name, facet in named.items() if name not in BY_NAME}


def form_of(name: str, facets: tuple[FacetRow, ...]) -> FieldForm | None:
    """The field meant by what stands before a colon, or None."""
    lower = name.lower()
    known = BY_NAME.get(ALIASES.get(lower, lower))
    if known is not None:
        return known
    key = facet_key(name, facets)
    facet = next((f for f in facets if f.key == key), None)
    if facet is None:
        return None
    first = facet.terms[0].slug if facet.terms else "none"
    return FieldForm(
        lower, "terms", facet.key, facet.label.lower(), f"{lower}:{first}",
        f"tagged with this {facet.label.lower()}",
    )  # fmt: skip
