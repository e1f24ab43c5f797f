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
    "name_only",
]

_READERS = {
    "pdf": "indexer.extract.pdf",
    "pptx": "indexer.extract.pptx",
    "docx": "indexer.extract.docx",
    "xlsx": "indexer.extract.xlsx",
    "html": "indexer.extract.html",
    "markdown": "indexer.extract.markdown",
    "text": "indexer.extract.plain",
}
"""Sniffed kind -> module with ``read(path) -> Draft``; imported when first needed."""

_WHAT = {
    "pdf": "PDF",
    "pptx": "deck",
    "docx": "document",
    "xlsx": "workbook",
    "html": "web page",
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
        reader = cast(Callable[[Path], Draft], import_module(_READERS[kind]).read)
        draft = reader(path)
        if sniffed.warning:
            draft.warnings.insert(0, sniffed.warning)
        return _finish(path, kind, draft)
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


def _finish(path: Path, kind: str, draft: Draft) -> Extracted:
    warnings = list(draft.warnings)
    pages = clean_pages(draft.pages, warnings)
    properties = clean_properties(draft.properties)
    text = " ".join(f"{page.heading} {page.body[:3_000]}" for page in pages[:3])
    title = choose_title(draft.title_property, draft.headings, _name(path), text)
    said = tuple(clean_line(warning) for warning in warnings)
    if any(page.body or page.notes or page.heading for page in pages):
        return Extracted(kind, "indexed", None, title, pages, properties, said)
    return Extracted(kind, "no_text", draft.empty_reason, title, pages, properties, said)


def _name(path: Path) -> str:
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
