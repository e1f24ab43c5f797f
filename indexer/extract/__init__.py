"""Takes the text out of collateral, page by page, whatever the file holds."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from indexer.extract.clean import clean_line, clean_pages, clean_properties
from indexer.extract.model import (
    KINDS,
    PAGE_CAP,
    STATES,
    TEXT_CAP,
    Draft,
    Extracted,
    PageText,
    Refused,
    Sniffed,
    left_out,
)
from indexer.extract.sniff import sniff
from indexer.extract.title import choose_title, clean_name

__all__ = [
    "KINDS",
    "PAGE_CAP",
    "STATES",
    "TEXT_CAP",
    "Extracted",
    "PageText",
    "extract",
    "extract_within_memory",
    "left_out",
    "name_only",
]

_READERS = {
    "pdf": "pdf",
    "pptx": "pptx",
    "docx": "docx",
    "xlsx": "xlsx",
    "html": "html",
    "markdown": "markdown",
    "text": "plain",
    "odf": "odf",
    "rtf": "rtf",
    "epub": "epub",
    "doc": "doc",
    "ppt": "ppt",
    "xls": "xls",
    "old_office": "old_office",
    "iwork": "iwork",
    "image": "image",
    "svg": "svg",
    "media": "media",
    "link": "link",
}
"""Sniffed reader -> module here with ``read(path) -> Draft``; imported when first needed."""

_WHAT = {
    "pdf": "PDF",
    "pptx": "deck",
    "docx": "document",
    "xlsx": "workbook",
    "html": "web page",
    "ebook": "e-book",
    "image": "picture",
    "video": "video",
    "audio": "recording",
    "link": "link",
}


def extract(path: Path) -> Extracted:
    """Return the text of a file; what the file holds never makes this raise.

    Content decides what a file is, its suffix does not. Hostile files can still exhaust time
    or crash the process: see :mod:`indexer.worker`.

    :raises FileNotFoundError: when there is no such file any more.
    """
    try:
        return extract_within_memory(path)
    except MemoryError:
        return name_only(
            path,
            "other",
            "too_large",
            "This file needs more memory than one file may take, so it is found by name only.",
        )


def extract_within_memory(path: Path) -> Extracted:
    """Do what :func:`extract` does, but let a lack of memory through.

    :raises MemoryError: when memory ran out; a fresh process may manage.
    :raises FileNotFoundError: when there is no such file any more.
    """
    kind = "other"
    try:
        sniffed = sniff(path)
        kind = sniffed.kind
        if sniffed.state is not None:
            return name_only(path, kind, sniffed.state, sniffed.reason)
        module = import_module(f"indexer.extract.{_READERS[sniffed.reader]}")
        draft = cast(Callable[[Path], Draft], module.read)(path)
        return _finish(path, draft, sniffed)
    except FileNotFoundError:
        raise
    except MemoryError:
        raise
    except Refused as refused:
        return name_only(path, refused.kind or kind, refused.state, refused.reason)
    except PermissionError:
        return name_only(
            path, kind, "name_only", "You have no permission to read this file: ask its owner."
        )
    except OSError as error:
        why = error.strerror or type(error).__name__
        return name_only(path, kind, "name_only", f"This file could not be read: {why}.")
    except Exception:
        what = _WHAT.get(kind, "file")
        return name_only(
            path, kind, "damaged", f"This {what} is damaged and cannot be read. Ask for a new copy."
        )


def name_only(path: Path, kind: str, state: str, reason: str | None) -> Extracted:
    """Return what is known of a file whose text cannot be had: its name, and why."""
    return Extracted(kind, state, reason, clean_name(_name(path)), (), {}, ())


def _finish(path: Path, draft: Draft, sniffed: Sniffed) -> Extracted:
    kind = draft.kind or sniffed.kind
    warnings = [sniffed.warning] if sniffed.warning else []
    warnings += draft.warnings
    pages = clean_pages(draft.pages, warnings)
    properties = clean_properties(draft.properties)
    if sniffed.format:
        properties.setdefault("format", sniffed.format)
    _settle_language(properties, pages)
    text = " ".join(f"{page.heading} {page.body[:3_000]}" for page in pages[:3])
    title = choose_title(draft.title_property, draft.headings, _name(path), text)
    said = tuple(clean_line(warning) for warning in warnings)
    if any(page.body or page.notes or page.heading for page in pages):
        return Extracted(kind, "indexed", None, title, pages, properties, said)
    return Extracted(kind, "no_text", draft.empty_reason, title, pages, properties, said)


def _settle_language(properties: dict[str, str], pages: tuple[PageText, ...]) -> None:
    """Set the property "language" to an ISO 639-1 code, or leave it out.

    The text decides where it tells clearly: what files declare is often the language of the
    program or of the template. What they declare counts where the text is too short to tell.
    """
    # Only who reads files needs it, and its patterns take 7 ms to compile.
    from indexer.extract.language import detect, language_code

    declared = language_code(properties.pop("language", ""))
    language = detect(f"{page.heading} {page.body}" for page in pages) or declared
    if language:
        properties["language"] = language


def _name(path: Path) -> str:
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
