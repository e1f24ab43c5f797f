"""The library itself: its people, folders, vocabulary, state and checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the library. ``counts``: True/False when set by hand, None = by the role."""

    id: int
    name: str
    role: str
    email: str
    team: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of a facet: ``slug`` is the stable id, ``label`` what people read."""

    id: int
    facet: str
    slug: str
    label: str
    definition: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One facet of the shared vocabulary with its active terms in order."""

    key: str
    label: str
    multi: bool
    terms: tuple[TermRow, ...]


@dataclass(frozen=True, slots=True)
class RootRow:
    """A folder whose files belong to the library. ``state``: online, offline or never_indexed.

    ``missing`` counts the assets that are nowhere any more and were here. ``fetch``: its files
    that are online only are fetched to be read.
    """

    id: int
    name: str
    path: str
    state: str
    reason: str
    files: int
    problems: int
    scanned_at: int | None
    missing: int = 0
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class MissingPlace:
    """A missing file, or a folder with how many are missing below it; both within their root.

    ``proposed`` is where they seem to be now ("" is the root itself), None when nothing tells.
    """

    path: str
    files: int
    proposed: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing from a root: folders, those with most files first, and the files."""

    folders: tuple[MissingPlace, ...]
    files: tuple[MissingPlace, ...]


@dataclass(frozen=True, slots=True)
class RelinkPreview:
    """How many of the ``missing`` files a relinking would find again, and ``where`` in words."""

    found: int
    missing: int
    where: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A file that is not fully searchable, and why."""

    asset_id: int
    root: str
    path: str
    title: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Counts of the record, and whether the search index holds them all."""

    assets: int
    files: int
    pages: int
    problems: int
    roots: int
    missing: int
    index_current: bool
    sample: bool
    updated_at: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """What the search index holds of the record, and the room on disk.

    ``entries`` is how many the index should hold (pages, and assets without any), ``indexed`` how
    many it does, ``behind`` by how many changes it is late. ``copied_at`` is when the newest copy
    of the record was made.
    """

    entries: int
    indexed: int
    behind: int
    record_bytes: int
    index_bytes: int
    picture_bytes: int
    scanned_at: int | None
    copied_at: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The ignore patterns of a folder; ``root_id`` is None for those of all folders."""

    root_id: int | None
    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """What patterns would do: files that leave the library, and known ones that come back."""

    leave: int
    back: int


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``deckhand doctor``: ``state`` is ok, warn or bad; ``fix`` says what to do."""

    name: str
    state: str
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A copy of the record: when it was made (UTC ms), its bytes, and why in words."""

    path: Path
    made_at: int
    size: int
    why: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a record or a copy of one holds."""

    uid: str
    assets: int
    tags: int
    events: int
    requests: int
