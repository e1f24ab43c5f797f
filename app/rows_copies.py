"""The frozen rows about versions, copies and the copy radar: ready values for window and CLI.

All times are UTC milliseconds since 1970 (int). Texts come from files: they are data, not markup.
"""

from __future__ import annotations

from dataclasses import dataclass

PAGE_CHANGES = ("changed", "added", "removed", "moved")
COPY_KINDS = ("near", "moved", "names")
COPY_KIND_LABELS = {
    "near": "Near copy", "moved": "Moved and edited?", "names": "Told by name",
}  # fmt: skip
DEEDS = ("merge", "chain", "not_a_copy", "accept_move")
DEED_LABELS = {
    "merge": "Merge", "chain": "Chain as versions", "not_a_copy": "Not a copy",
    "accept_move": "Yes, it moved",
}  # fmt: skip
RADAR_STATES = ("outdated", "modified", "current", "unknown", "unread")
RADAR_STATE_LABELS = {
    "outdated": "Outdated", "modified": "Modified", "current": "Current", "unknown": "Unknown",
    "unread": "Not read",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number, price or percentage that stood there and what stands there now ("$49", "$59")."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """What happened to one page between two contents.

    ``kind`` is one of PAGE_CHANGES. ``old_number`` and ``new_number`` are page numbers (1-based, 0
    where there is none), the labels their words for people ("slide 7"); ``heading`` is that of the
    new page, or of the old one when it was removed. ``moved`` says that a changed page stands
    elsewhere too; ``notes_only`` that nothing but its notes changed. ``similarity``: 0 to 1.
    """

    kind: str
    old_number: int
    new_number: int
    old_label: str
    new_label: str
    heading: str
    numbers: tuple[NumberChange, ...] = ()
    similarity: float = 0.0
    moved: bool = False
    notes_only: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What changed from an older to a newer content.

    ``same`` counts pages whose text is equal, moved ones included; ``changes`` holds the rest and
    the moves, in the order of the newer content, removed pages last. ``word`` is what a page is
    called there ("slide", "page", "sheet", "section"); ``sentence`` tells all in one line.
    """

    same: int
    old_pages: int
    new_pages: int
    changes: tuple[PageChange, ...]
    word: str
    sentence: str

    def of_kind(self, kind: str) -> tuple[PageChange, ...]:
        """The changes of one kind of PAGE_CHANGES."""
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def numbers(self) -> tuple[tuple[PageChange, NumberChange], ...]:
        """Every number that changed, with its page."""
        return tuple((change, number) for change in self.changes for number in change.numbers)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of an asset. ``number`` counts from 1 (oldest); ``path`` is where its bytes are
    now, as "root/relpath", or "" when they are nowhere any more; ``diff`` is against the former
    version (None for the first, and where neither has text)."""

    version_id: int
    number: int
    current: bool
    sha: str
    kind: str
    size: int
    page_count: int
    modified_at: int
    seen_at: int
    state: str
    path: str
    diff: VersionDiff | None
    sentence: str


@dataclass(frozen=True, slots=True)
class CopySide:
    """One of the two assets of a pair. ``trust`` is a key of rows.TRUST_LABELS; ``places`` counts
    the files that hold it; ``missing`` says that none of them is there now."""

    asset_id: int
    version_id: int
    title: str
    path: str
    kind: str
    page_count: int
    status: str
    trust: str
    owner: str
    modified_at: int
    places: int
    missing: bool
    tags: int
    sha: str


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two assets that say nearly the same; ``copy`` is the one that would give way.

    ``kind`` is one of COPY_KINDS. ``score`` (0 to 1) is the share of the copy's pages, rare ones
    weighing more, that the original has too. ``same`` of ``of`` pages of the copy are equal in the
    original. ``newer`` is "original", "copy" or "" (same time). ``differs`` are the pages of the
    copy that do not stand in the original as they are (old = the copy, new = the original when
    that is newer, else the other way round: see the sentences). ``deeds`` are those of DEEDS that
    make sense here, the likeliest first. ``sentence`` is for people.
    """

    kind: str
    copy: CopySide
    original: CopySide
    score: float
    same: int
    of: int
    newer: str
    differs: tuple[PageChange, ...]
    deeds: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ExactCopies:
    """One asset that lies in several places. ``drifted`` are places that hold another version than
    the current one. ``sentence``: "3 copies; 1 of them is not the current version"."""

    asset_id: int
    title: str
    kind: str
    sha: str
    paths: tuple[str, ...]
    drifted: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class CopyDecision:
    """What a person has decided about two assets, newest first in lists; ``what`` is of DEEDS.

    ``first`` is the kept or newer asset, ``second`` the merged or older one.
    """

    what: str
    first: int
    first_title: str
    second: int
    second_title: str
    by: str
    at: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RadarSlide:
    """A page of a local file that the library's asset does not have as it is.

    ``kind`` is "changed" or "added"; ``page`` its number in the local file. ``text`` is what stands
    there (at most 4,000 characters). ``request_id`` is the contribution made of it, 0 if none.
    """

    page: int
    label: str
    kind: str
    heading: str
    numbers: tuple[NumberChange, ...]
    text: str
    sentence: str
    request_id: int = 0


@dataclass(frozen=True, slots=True)
class RadarFile:
    """A file outside the library and how it stands to it. ``state`` is one of RADAR_STATES.

    ``path`` is absolute; ``asset_id`` is 0 when nothing matches; ``score`` 0 to 1.
    """

    path: str
    name: str
    folder: str
    state: str
    asset_id: int
    title: str
    sentence: str
    slides: tuple[RadarSlide, ...]
    score: float
    size: int
    modified_at: int


@dataclass(frozen=True, slots=True)
class RadarFolder:
    """A folder outside the library that a person opted in on this machine. ``scanned_at`` is None
    before the first scan; ``reason`` is a sentence when the folder cannot be reached; ``counts``
    are (state, files) in the order of RADAR_STATES."""

    path: str
    added_at: int
    scanned_at: int | None
    reason: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RadarReport:
    """The opted-in folders and their files: outdated first, then modified, current, unknown."""

    folders: tuple[RadarFolder, ...]
    files: tuple[RadarFile, ...]
