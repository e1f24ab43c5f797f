"""Requests for material."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.rows.listed import TagRow


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a rep asks for; only the need is required. ``search`` is the search tried in vain."""

    need: str
    details: str = ""
    content_type: str = ""
    persona: str = ""
    stage: str = ""
    value_proposition: str = ""
    account: str = ""
    deal: str = ""
    needed_by: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class RequestNote:
    """One step in a request's history."""

    at: int
    status: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request for material. ``wants`` are the wanted terms; ``votes`` counts distinct people."""

    id: int
    need: str
    details: str
    status: str
    by: str
    created_at: int
    needed_by: int | None
    assignee: str
    account: str
    deal: str
    amount_minor: int | None
    currency: str
    wants: tuple[TagRow, ...]
    search: str
    votes: int
    fulfilled_by: int | None
    fulfilled_by_title: str
    duplicate_of: int | None
    history: tuple[RequestNote, ...] = field(default=())
