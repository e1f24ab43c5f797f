"""What typed conditions need of the record beside the snapshot: one value per asset and column.

Read when a condition is first typed and kept for as long as the snapshot is; 10,000 assets take
some tens of milliseconds. What costs more (folders, who has notes) is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import DAY_MS
from app.finding.conditions import UNKNOWN, Mask, Numbers
from app.finding.snapshot import Snapshot
from app.settings import Settings
from app.store import people
from app.store.defaults import norm
from app.store.logs import UsageEvent
from app.store.tables import Asset, AssetFile, AssetVersion, Page, PageText, Person, Root
from app.usage import log as usage_log
from app.usage.log import plain


@dataclass(frozen=True, slots=True)
class Places:
    """Where the assets are: the folders ("root/sub"), and for each present file its asset's row and
    its folder. ``unread`` are the rows of assets with a file that could not be opened."""

    folders: tuple[str, ...]
    rows: Numbers
    of: Numbers
    unread: Numbers

    def like(self, text: str, *, beginning: bool) -> list[int]:
        """The folders whose path holds these names one after the other."""
        wanted = "/" + folded(text).strip("/")
        if wanted == "/":
            return []
        if not beginning:
            wanted += "/"
        return [at for at, folder in enumerate(self.folders) if wanted in f"/{folded(folder)}/"]


@dataclass(slots=True)
class Kept:
    """What was read because it was asked for."""

    masks: dict[tuple[str, int], Mask] = field(default_factory=dict)
    places: Places | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one snapshot; ``now`` is the moment (UTC ms) that dates are counted from."""

    snapshot: Snapshot
    now: int
    owners: NDArray[np.int64]
    people: tuple[tuple[int, str], ...]
    me: int | None
    dates: dict[str, Numbers]
    pages: Numbers
    words: dict[str, NDArray[np.str_]]
    kept: Kept = field(default_factory=Kept)


@dataclass(frozen=True, slots=True)
class Sight:
    """Columns with a session for what is read only when asked for; the Facts of conditions."""

    columns: Columns
    session: Session

    # ---- who and where, as typed ---------------------------------------------------------

    def owner_ids(self, text: str, *, beginning: bool) -> tuple[int, ...]:
        """The people meant by "me", a name or a part of a name that begins a word of it."""
        wanted, people = norm(text), self.columns.people
        if wanted == "me":
            return () if self.columns.me is None else (self.columns.me,)
        whole = tuple(key for key, name in people if norm(name) == wanted)
        if whole:
            return whole
        part = f" {wanted}" if beginning else f" {wanted} "
        return tuple(key for key, name in people if part in f" {norm(name)} ")

    def knows_folder(self, text: str, *, beginning: bool) -> bool:
        """Whether any asset lies in a folder of that name."""
        return bool(self.places().like(text, beginning=beginning))

    def places(self) -> Places:
        """Where the assets are."""
        kept = self.columns.kept
        if kept.places is None:
            kept.places = _places(self.session, self.columns.snapshot)
        return kept.places

    # ---- Facts ---------------------------------------------------------------------------

    def count(self) -> int:
        """How many assets there are."""
        return len(self.columns.snapshot.ids)

    def numbers(self, column: str) -> Numbers:
        """Uses, pages, the owner's id or a date of every asset."""
        if column == "uses":
            return self.columns.snapshot.uses
        if column == "pages":
            return self.columns.pages
        return self.columns.owners if column == "owner" else self.columns.dates[column]

    def choices(self, column: str, values: frozenset[str]) -> Mask:
        """Whose format, language, state or status is one of these; who has notes."""
        if column == "has":
            return self._kept("notes", 0, self._with_notes)
        if column == "status":
            return _any([self.tagged("status", value) for value in values], self.count())
        held = self.columns.words[column]
        if column == "state":
            held = held.copy()
            held[self.places().unread] = "unreadable"
        return _any([held == value for value in values], self.count())

    def tagged(self, facet: str, slug: str) -> Mask:
        """Who carries a term, or with "" any term of the facet."""
        masks = self.columns.snapshot.masks
        if slug:
            return masks.get((facet, slug), np.zeros(self.count(), bool))
        return _any([mask for (key, _), mask in masks.items() if key == facet], self.count())

    def inside(self, folder: str, *, beginning: bool) -> Mask:
        """What lies in a folder whose path holds these names one after the other."""
        held = np.zeros(self.count(), bool)
        places = self.places()
        wanted = places.like(folder, beginning=beginning)
        held[places.rows[np.isin(places.of, wanted)]] = True
        return held

    def idle(self, days: int) -> Mask:
        """What was there and not used for so many days."""
        since = self.columns.now - days * DAY_MS
        used = self._kept("used", days, lambda: self._used_since(since))
        return np.asarray((self.columns.dates["available"] <= since) & ~used)

    def _kept(self, name: str, number: int, make: Callable[[], Mask]) -> Mask:
        masks = self.columns.kept.masks
        known = masks.get((name, number))
        if known is None:
            known = masks[name, number] = make()
        return known

    def _used_since(self, since: int) -> Mask:
        rules = usage_log.rules(self.session)
        deeds = usage_log.uses(self.session, rules, UsageEvent.at >= since).deeds
        return self._holding({deed[1] for deed in deeds})

    def _with_notes(self) -> Mask:
        query = (
            select(Asset.id)
            .join(Page, Page.version_id == Asset.current_version_id)
            .join(PageText, PageText.sha == Page.sha)
            .where(PageText.notes != "")
            .distinct()
        )
        return self._holding({row[0] for row in plain(self.session, query)})

    def _holding(self, asset_ids: set[int]) -> Mask:
        held = np.zeros(self.count(), bool)
        rows = self.columns.snapshot.rows_of(np.fromiter(asset_ids, np.int64))
        held[rows[rows >= 0]] = True
        return held


def _any(masks: list[Any], n: int) -> Mask:
    return np.asarray(np.logical_or.reduce(masks)) if masks else np.zeros(n, bool)


def folded(path: str) -> str:
    """A folder path as it is compared."""
    return "/".join(
        " ".join(name.split()) for name in path.casefold().replace("\\", "/").split("/")
    )


def read(session: Session, settings: Settings, snapshot: Snapshot, now: int) -> Columns:
    """Read the columns that belong to a snapshot."""
    query = (
        select(
            Asset.id, Asset.owner_id, Asset.expires_at, Asset.review_due_at, Asset.published_at,
            Asset.created_at, AssetVersion.modified_at, AssetVersion.page_count,
            AssetVersion.kind, AssetVersion.extract_state,
            AssetVersion.properties["language"].as_string(),
        )
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .order_by(Asset.id)
    )  # fmt: skip
    there = _present(snapshot, plain(session, query))
    ids, owner, expires, review, published, added, changed, pages, kind, state, language = (
        zip(*there, strict=True) if there else ((),) * 11
    )
    del ids
    dates = {
        "expires": _numbers(expires), "review": _numbers(review),
        "published": _numbers(published), "added": _numbers(added), "changed": _numbers(changed),
    }  # fmt: skip
    dates["available"] = np.where(dates["published"] == UNKNOWN, dates["added"], dates["published"])
    words = {
        "format": np.array([word or "other" for word in kind], np.str_),
        "language": np.array([(word or "").lower()[:2] for word in language], np.str_),
        "state": np.array([word or "unreadable" for word in state], "<U16"),
    }
    person = people.me(session, settings)
    everyone = plain(session, select(Person.id, Person.name).order_by(Person.id))
    return Columns(
        snapshot, now, _numbers(owner), tuple((key, name) for key, name in everyone),
        person.id if person else None, dates, np.array([n or 0 for n in pages], np.int64),
        words,
    )  # fmt: skip


def used_anew(known: Columns, snapshot: Snapshot) -> Columns:
    """The columns for a snapshot of the same catalogue: only who used what may differ."""
    masks = {key: mask for key, mask in known.kept.masks.items() if key[0] != "used"}
    return replace(known, snapshot=snapshot, kept=Kept(masks, known.kept.places))


def _present(snapshot: Snapshot, found: list[Any]) -> list[Any]:
    by_id = {row[0]: row for row in found}
    return [by_id[asset] for asset in snapshot.ids.tolist() if asset in by_id]


def _numbers(values: Iterable[int | None]) -> Numbers:
    return np.array([UNKNOWN if value is None else value for value in values], np.int64)


def _places(session: Session, snapshot: Snapshot) -> Places:
    query = (
        select(AssetFile.asset_id, Root.name, AssetFile.relpath, AssetFile.problem)
        .join(Root, Root.id == AssetFile.root_id)
        .where(AssetFile.missing_since.is_(None))
    )
    files = plain(session, query)
    known: dict[str, int] = {}
    of: list[int] = []
    for _, root, relpath, _ in files:
        parent = relpath.rpartition("/")[0]
        folder = f"{root}/{parent}" if parent else root
        of.append(known.setdefault(folder, len(known)))
    rows = snapshot.rows_of(np.array([file[0] for file in files], np.int64))
    there = rows >= 0
    unread = there & np.array([bool(file[3]) for file in files], bool)
    return Places(tuple(known), rows[there], np.array(of, np.int64)[there], rows[unread])
