"""What the index is told about an asset: plain values, no rows and no files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageDoc:
    """The text of one page or slide; ``page_no`` counts from 1."""

    page_no: int
    heading: str
    body: str
    notes: str


@dataclass(frozen=True, slots=True)
class AssetDoc:
    """One asset with the pages of its current version.

    ``language`` is an ISO 639-1 code such as ``"en"`` or None when unknown; it chooses the stemmer.
    An asset without pages is still indexed, as one document with page number 0, so that its title
    and its file name are found.
    """

    asset_id: int
    title: str
    filename: str
    language: str | None
    pages: tuple[PageDoc, ...]
