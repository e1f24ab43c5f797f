"""What the record says of the assets that are shown, kept while nothing is written to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.catalogue import files, roots
from app.finding.tags import tags_of
from app.rows import TagRow
from app.store.prepared import Prepared
from app.store.tables import Asset, AssetVersion, Page, PageText

MOST_KEPT = 1_000
"""Assets, or pages, that are kept of one connection; with more, all are read anew."""

_KEPT = "deckhand.finding.facts"


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """An asset with its current version; of an asset without one ``version`` is 0."""

    title: str
    review_due_at: int | None
    expires_at: int | None
    published_at: int | None
    version: int = 0
    kind: str = "other"
    page_count: int = 0
    sha: str = ""
    extract_state: str = "unreadable"
    modified_at: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """By asset what is known of it, and by version and page number the label and the text."""

    assets: dict[int, AssetFacts] = field(default_factory=dict)
    places: dict[int, list[files.Place]] = field(default_factory=dict)
    tags: dict[int, tuple[TagRow, ...]] = field(default_factory=dict)
    pages: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


_ASSETS = Prepared(
    lambda marks: (
        select(
            Asset.id, Asset.title, Asset.review_due_at, Asset.expires_at, Asset.published_at,
            AssetVersion.id, AssetVersion.kind, AssetVersion.page_count, AssetVersion.sha256,
            AssetVersion.extract_state, AssetVersion.modified_at,
        )
        .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
        .where(Asset.id.in_(marks))
    )
)  # fmt: skip

_PAGES = Prepared(
    lambda marks: (
        select(
            Page.version_id, Page.page_no, Page.label,
            PageText.heading, PageText.body, PageText.notes,
        )
        .join(PageText, PageText.sha == Page.sha)
        .where(
            or_(
                *(
                    and_(Page.version_id == version, Page.page_no == number)
                    for version, number in zip(marks[::2], marks[1::2], strict=True)
                )
            )
        )
    ),
    width=2,
)  # fmt: skip


def facts_of(session: Session, page_of: Mapping[int, int]) -> Facts:
    """The facts of some assets, each with one of its pages, among those of others.

    Of the rows that a letter more brings, two in three were there before it.
    """
    kept = _kept(session)
    _read_assets(session, kept, [asset for asset in page_of if asset not in kept.assets])
    wanted = {
        (kept.assets[asset].version, max(1, page)): None
        for asset, page in page_of.items()
        if asset in kept.assets
    }
    _read_pages(session, kept, [at for at in wanted if at[0] and at not in kept.pages])
    return kept


def _kept(session: Session) -> Facts:
    """What was read through the session's connection, nothing when anything was written since.

    The connection alone can tell: it has a number for what others have written, and one for its
    own changes. Those it may still take back while it writes, so nothing is kept then.
    """
    connection = session.connection()
    if not connection.get_execution_options().get("readonly", False):
        return Facts()
    held = connection.connection.dbapi_connection
    assert held is not None
    (others,) = held.execute("PRAGMA data_version").fetchone()
    own = held.total_changes
    mark = others, own, roots.mounts(session)
    before, facts = cast("tuple[object, Facts]", connection.info.get(_KEPT, (None, Facts())))
    if before != mark or max(len(facts.assets), len(facts.pages)) > MOST_KEPT:
        facts = Facts()
        connection.info[_KEPT] = mark, facts
    return facts


def forget(session: Session) -> None:
    """Let go of what was kept with the session's connection."""
    session.connection().info.pop(_KEPT, None)


def _read_assets(session: Session, kept: Facts, asset_ids: Collection[int]) -> None:
    if not asset_ids:
        return
    ids = list(asset_ids)
    kept.places.update(files.places(session, ids))
    kept.tags.update(tags_of(session, ids))
    for row in _ASSETS.rows(session, ids):
        content = _content(*row[5:]) if row[5] is not None else ()
        kept.assets[row[0]] = AssetFacts(*row[1:5], *content)


def _read_pages(session: Session, kept: Facts, places: Collection[tuple[int, int]]) -> None:
    parts = [part for place in places for part in place]
    for version, number, label, heading, body, notes in _PAGES.rows(session, parts):
        kept.pages[version, number] = label, " ".join(f"{heading}\n{body}\n{notes}".split())


def _content(
    version: int, kind: str, pages: int, sha: bytes, state: str, modified_at: int
) -> tuple[int, str, int, str, str, int]:
    return version, kind, pages, sha.hex(), state, modified_at
