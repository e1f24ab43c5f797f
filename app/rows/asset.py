"""All that is known of one asset."""

from __future__ import annotations

from dataclasses import dataclass

from app.rows.listed import TagRow


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page of an asset: its label ("slide 3"), heading, text and whether the words hit it."""

    number: int
    label: str
    heading: str
    body: str
    notes: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """One deed in the history of an asset."""

    at: int
    kind: str
    person: str
    counts: bool
    deal: str
    account: str
    stage: str
    channel: str


@dataclass(frozen=True, slots=True)
class AssetDetail:
    """Everything that the preview and ``deckhand show`` tell about one asset."""

    id: int
    uid: str
    title: str
    kind: str
    status: str
    trust: str
    trust_note: str
    owner: str
    published_at: int | None
    review_due_at: int | None
    expires_at: int | None
    superseded_by: int | None
    superseded_by_title: str
    version: int
    versions: int
    page_count: int
    size: int
    state: str
    reason: str
    sha: str
    file_path: str
    locations: tuple[str, ...]
    missing: bool
    modified_at: int
    properties: tuple[tuple[str, str], ...]
    tags: tuple[TagRow, ...]
    pages: tuple[PageRow, ...]
    uses_90d: int
    users_90d: int
    last_used_at: int | None
    history: tuple[EventRow, ...]
    internal_only: bool
    language: str = ""
