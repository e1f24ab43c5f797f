"""Use: its occasion, the ways of opening and sending, what was imported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom something is opened or sent: names as typed, matched or created when stored."""

    account: str = ""
    deal: str = ""
    stage: str = ""
    channel: str = ""
    search_uid: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """An asset ready to be opened: its file, the command that opens it at the page, or () for the
    system's default way."""

    asset_id: int
    path: str
    page: int
    command: tuple[str, ...]
    at_page: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An e-mail draft on disk and the files attached to it."""

    path: str
    subject: str
    attachments: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``bad``: (line number, reason) pairs; ``repeated``: same file again."""

    rows: int
    imported: int
    skipped: int
    repeated: bool
    bad: tuple[tuple[int, str], ...]
