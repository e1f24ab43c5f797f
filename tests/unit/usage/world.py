"""A small real library for the tests: people, a folder with files, assets and their versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import DAY_MS, now_ms, uuid7
from app.paths import LibraryPaths
from app.settings import Settings
from app.store.defaults import norm
from app.store.engine import Store, open_store
from app.store.logs import SearchEvent, UsageEvent
from app.store.tables import (
    Asset,
    AssetFile,
    AssetTag,
    AssetVersion,
    Facet,
    LibraryMeta,
    Person,
    Root,
    Term,
)


@dataclass(slots=True)
class World:
    """The library in ``folder``; ``rep`` is the person of this machine."""

    folder: Path
    store: Store
    settings: Settings
    now: int
    root: int = 0
    rep: int = 0
    other: int = 0
    marketer: int = 0
    assets: dict[str, int] = field(default_factory=dict)

    @property
    def collateral(self) -> Path:
        return self.folder / "Sales collateral"

    @property
    def drafts(self) -> Path:
        return self.folder / "library" / "drafts"

    def asset(self, name: str, title: str = "", data: bytes = b"content", **facts: Any) -> int:
        """Enter a file as a published asset; ``days`` is its age."""
        path = self.collateral / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        at = self.now - int(facts.pop("days", 0)) * DAY_MS
        facts = {"status": "published", "published_at": at, "created_at": at, **facts}
        with self.store.write() as session:
            asset = Asset(title=title or Path(name).stem, **facts)
            session.add(asset)
            session.flush()
            version = AssetVersion(
                asset_id=asset.id, sha256=hashlib.sha256(name.encode() + data).digest(),
                size=len(data), kind="pdf", extract_state="indexed", properties={}, modified_at=at,
            )  # fmt: skip
            session.add(version)
            session.flush()
            asset.current_version_id = version.id
            session.add(
                AssetFile(
                    root_id=self.root, relpath=name, asset_id=asset.id, version_id=version.id,
                    size=len(data), mtime_ns=1, file_key=name,
                )
            )  # fmt: skip
            self.assets[name] = asset.id
            return asset.id

    def tag(self, asset_id: int, facet: str, slug: str) -> None:
        with self.store.write() as session:
            term = session.scalars(
                select(Term).join(Facet).where(Facet.key == facet, Term.slug == slug)
            ).one()
            session.add(
                AssetTag(
                    asset_id=asset_id, term_id=term.id, state="accepted", source="human",
                    by_id=self.rep,
                )
            )  # fmt: skip

    def deed(self, kind: str, asset_id: int, days: float, person: int = 0, **facts: Any) -> None:
        """Enter an event of ``days`` ago, by the rep unless said otherwise."""
        at = self.now - int(days * DAY_MS)
        with self.store.write() as session:
            session.add(
                UsageEvent(
                    uid=uuid7(at), kind=kind, asset_id=asset_id, person_id=person or self.rep,
                    at=at, **facts,
                )
            )  # fmt: skip

    def search(self, query: str, days: float, shown: tuple[int, ...] = (), **facts: Any) -> None:
        """Enter a search of ``days`` ago that showed some assets."""
        at = self.now - int(days * DAY_MS)
        facts = {"person_id": self.rep, "filters": {}, "n_results": len(shown), **facts}
        with self.store.write() as session:
            session.add(
                SearchEvent(
                    uid=uuid7(at), at=at, query=query, norm=norm(query), top_ids=list(shown),
                    **facts,
                )
            )  # fmt: skip

    def created(self, days: int) -> None:
        """Say that the library has been there for so many days."""
        with self.store.write() as session:
            meta = session.get(LibraryMeta, "created_at")
            assert meta is not None
            meta.value = str(self.now - days * DAY_MS)

    def events(self) -> list[dict[str, Any]]:
        """All events as plain values, oldest first."""
        columns = ("kind", "asset_id", "person_id", "version_id", "team", "deal_id", "account_id",
                   "stage_id", "search_uid", "detail", "at")  # fmt: skip
        with self.store.read() as session:
            rows = session.scalars(select(UsageEvent).order_by(UsageEvent.seq))
            return [{name: getattr(row, name) for name in columns} for row in rows]

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.store.write() as session:
            yield session


@lru_cache(maxsize=1)
def _new_library() -> bytes:
    """The database of a new library, migrated once for all tests."""
    with TemporaryDirectory() as folder:
        paths = LibraryPaths(Path(folder))
        open_store(paths).close()
        return paths.database.read_bytes()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A library with a folder, two reps and a marketer, and no assets."""
    paths = LibraryPaths(folder / "library")
    settings = Settings(paths.settings)
    paths.folder.mkdir(parents=True)
    paths.database.write_bytes(_new_library())
    made = World(folder, open_store(paths, settings), settings, now_ms())
    made.collateral.mkdir()
    with made.store.write() as session:
        root = Root(name="Sales collateral", uid=uuid7(), state="online")
        people = [
            Person(name="Ana Ruiz", role="rep", team="North", email="ana@vendor.com"),
            Person(name="Bo Lind", role="rep", team="South"),
            Person(name="Mia Mark", role="marketer"),
        ]
        session.add_all([root, *people])
        session.flush()
        made.root = root.id
        made.rep, made.other, made.marketer = (person.id for person in people)
        settings.set_fact("roots", {str(root.uid): str(made.collateral)})
    try:
        yield made
    finally:
        made.store.close()
