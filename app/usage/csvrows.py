"""One line of an events CSV, read into what the record knows: asset, person, deal, stage."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.rows import Occasion
from app.store.defaults import norm
from app.store.tables import Asset, AssetFile, Person, Root
from app.usage import events
from app.usage.text import one_line

EARLIEST = 1_000_000_000_001
MOST_CONTEXTS = 50_000
SLACK_MS = 5 * 60 * 1000
ALIASES = {
    "at": (
        "at", "time", "date", "datetime", "date time", "when", "timestamp", "event time",
        "event date",
    ),
    "kind": ("kind", "action", "event", "type", "activity", "event type"),
    "asset": (
        "asset", "file", "path", "title", "document", "content", "name", "asset id", "file path",
        "file name",
    ),
    "person": (
        "person", "user", "rep", "email", "e mail", "mail", "by", "owner", "sender", "user email",
        "user name",
    ),
    "account": ("account", "company", "customer", "client", "account name"),
    "deal": ("deal", "opportunity", "deal name", "opportunity name"),
    "stage": ("stage", "deal stage", "buying stage"),
    "channel": ("channel", "via", "medium"),
    "search": ("search", "search uid", "search id"),
}  # fmt: skip
COLUMNS = {alias: column for column, aliases in ALIASES.items() for alias in aliases}
WORDS = {
    "view": ("view", "viewed", "views", "preview", "previewed"),
    "open": ("open", "opened", "opens"),
    "copy": ("copy", "copied", "copies", "download", "downloaded", "export", "exported", "saved"),
    "share": ("share", "shared", "link", "linked", "present", "presented", "drag", "dragged"),
    "send": ("send", "sent", "mail", "mailed", "email", "emailed", "forward", "forwarded"),
}
KINDS = {word: kind for kind, words in WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class AssetKey:
    """An asset as the importer needs it."""

    id: int
    uid: uuid.UUID


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person as the importer needs them."""

    id: int
    uid: uuid.UUID
    team: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """A line understood; ``at`` is in UTC milliseconds."""

    at: int
    kind: str
    asset: AssetKey
    person: PersonKey
    account_id: int | None
    deal_id: int | None
    deal_name: str
    stage_id: int | None
    search_uid: uuid.UUID | None
    detail: dict[str, Any] | None


def moment(text: str, now: int) -> int:
    """A date, a time or epoch milliseconds as UTC milliseconds; a time without zone is UTC.

    Raises UserError for anything else, for the future and for times before September 2001.
    """
    if text.isascii() and text.isdigit() and len(text) >= 11:
        at = int(text[:20])
    else:
        try:
            given = datetime.fromisoformat(text)
            at = int((given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, OverflowError):
            raise UserError(
                f"{one_line(text, 40)!r} is no date. Write it like 2026-03-31 or 2026-03-31T14:05."
            ) from None
    if at > now + SLACK_MS:
        raise UserError(f"{one_line(text, 40)} lies in the future.")
    if at < EARLIEST:
        raise UserError(f"{one_line(text, 40)} lies before September 2001.")
    return at


class Lookup:
    """What the lines name, by what they may call it. Reads the assets once; enters new people."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_id: dict[str, AssetKey] = {}
        self._by_path: dict[str, set[AssetKey]] = {}
        self._by_title: dict[str, set[AssetKey]] = {}
        self._people: dict[str, PersonKey] = {}
        self._contexts: dict[tuple[str, str, str, str], events.Context] = {}
        self._read_assets()
        self._read_people()

    def _read_people(self) -> None:
        for found in self._session.scalars(select(Person).order_by(Person.id)):
            key = PersonKey(found.id, found.uid, found.team)
            for name in (found.email, found.name):
                if name:
                    self._people.setdefault(name.casefold(), key)

    def _read_assets(self) -> None:
        keys: dict[int, AssetKey] = {}
        merged = Asset.merged_into_id.is_(None)
        rows = select(Asset.id, Asset.uid, Asset.title).where(merged)
        for asset_id, uid, title in self._session.execute(rows):
            key = keys[asset_id] = AssetKey(asset_id, uid)
            self._by_id[str(asset_id)] = self._by_id[str(uid)] = key
            self._by_title.setdefault(norm(title), set()).add(key)
        files = select(AssetFile.asset_id, AssetFile.relpath, Root.name).join(
            Root, Root.id == AssetFile.root_id
        )
        for asset_id, relpath, root in self._session.execute(files):
            if asset_id in keys:
                for path in (relpath, f"{root}/{relpath}"):
                    self._by_path.setdefault(path, set()).add(keys[asset_id])

    def asset(self, text: str) -> AssetKey:
        """The asset of an id, a path (whole, or from its folder on) or an exact title."""
        if text.lower() in self._by_id:
            return self._by_id[text.lower()]
        shown = one_line(text, 100)
        for found in (self._at_path(text), self._by_title.get(norm(text), set())):
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise UserError(
                    f"{shown!r} means {len(found)} assets. Give the whole path or the id."
                )
        raise UserError(f"There is no asset {shown!r}. Give its id, its path or its exact title.")

    def _at_path(self, text: str) -> set[AssetKey]:
        """A path from another computer is known by its end: the root's name and what follows."""
        path = text.replace("\\", "/")
        if path in self._by_path:
            return self._by_path[path]
        parts = path.split("/")
        for start in range(1, len(parts) - 1):
            found = self._by_path.get("/".join(parts[start:]))
            if found:
                return found
        return set()

    def person(self, text: str) -> PersonKey:
        """The person of an e-mail address or a name; an unknown one is entered as a rep."""
        name = one_line(text, 200)
        if not name:
            raise UserError("The line names no person.")
        wanted = name.casefold()
        if wanted not in self._people:
            self._people[wanted] = self._enter(name)
        return self._people[wanted]

    def _enter(self, name: str) -> PersonKey:
        local, at, domain = name.partition("@")
        address = bool(at and local and "." in domain and " " not in name)
        made = Person(
            name=local.replace(".", " ").replace("_", " ").title() if address else name,
            email=name.lower() if address else None, role="rep",
        )  # fmt: skip
        self._session.add(made)
        self._session.flush()
        return PersonKey(made.id, made.uid, "")

    def context(self, occasion: Occasion) -> events.Context:
        """Account, deal, stage and search as stored. Raises UserError for an unknown stage."""
        key = (occasion.account, occasion.deal, occasion.stage, occasion.search_uid)
        if key not in self._contexts:
            if len(self._contexts) >= MOST_CONTEXTS:
                self._contexts.clear()
            self._contexts[key] = events.context_of(self._session, occasion)
        return self._contexts[key]


def read_row(values: Mapping[str, str], lookup: Lookup, now: int) -> EventLine:
    """Understand one line. Raises UserError with a sentence."""
    at = moment(values.get("at", ""), now)
    word = values.get("kind", "").lower()
    kind = KINDS.get(word)
    if kind is None:
        known = ", ".join(events.RECORDED)
        raise UserError(f"{one_line(word, 40)!r} is no kind of deed. Kinds are {known}.")
    asset = lookup.asset(values.get("asset", ""))
    occasion = Occasion(
        account=values.get("account", ""), deal=values.get("deal", ""),
        stage=values.get("stage", ""), search_uid=values.get("search", ""),
    )  # fmt: skip
    context = lookup.context(occasion)
    person = lookup.person(values.get("person", ""))
    channel = one_line(values.get("channel", ""), events.LONGEST_CHANNEL)
    # A deal's present stage says nothing about the stage at the time of an old deed.
    stage_id = context.stage_id if occasion.stage else None
    return EventLine(
        at, kind, asset, person, context.account_id, context.deal_id, occasion.deal,
        stage_id, context.search_uid, {"channel": channel} if channel else None,
    )  # fmt: skip
