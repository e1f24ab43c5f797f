"""Everything about one asset, for the preview and ``deckhand show``."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import assets, files, problems, trust
from app.catalogue.decisions import family, into
from app.clock import DAY_MS, now_ms
from app.finding.tags import tags_of
from app.rows import AssetDetail, EventRow, PageRow
from app.store.logs import Account, Deal, UsageEvent
from app.store.tables import Asset, AssetFile, AssetVersion, Page, PageText, Person, Term
from app.usage import log as usage_log
from app.usage.counting import Rules

HISTORY = 100


def detail(session: Session, asset_id: int) -> AssetDetail:
    """The asset with its pages, tags and history. Raises UserError when there is none."""
    asset = assets.get(session, into(session, asset_id))
    asset_id = asset.id
    version = session.get(AssetVersion, asset.current_version_id or 0)
    now = now_ms()
    shown = trust.shown_status(
        asset.status, expires_at=asset.expires_at,
        superseded=asset.superseded_by_id is not None, now=now,
    )  # fmt: skip
    badge, note = trust.badge(
        shown, review_due_at=asset.review_due_at, expires_at=asset.expires_at, now=now
    )
    owner = session.get(Person, asset.owner_id or 0)
    replacement = session.get(Asset, asset.superseded_by_id or 0)
    places = files.places(session, [asset_id]).get(asset_id, [])
    state, reason = _state(session, asset, version)
    tags = tags_of(session, [asset_id]).get(asset_id, ())
    counting, _ = usage_log.counting_people(session)
    kin = family(session, asset_id)
    uses, users, last = _use(session, kin, counting, now)
    position, count = _versions(session, asset)
    current = next((p for p in places if not p.missing and p.path), None)
    return AssetDetail(
        id=asset.id, uid=str(asset.uid), title=asset.title,
        kind=version.kind if version else "other", status=shown, trust=badge, trust_note=note,
        owner=owner.name if owner else "", published_at=asset.published_at,
        review_due_at=asset.review_due_at, expires_at=asset.expires_at,
        superseded_by=asset.superseded_by_id,
        superseded_by_title=replacement.title if replacement else "",
        version=position, versions=count, page_count=version.page_count if version else 0,
        size=version.size if version else 0, state=state, reason=reason,
        sha=version.sha256.hex() if version else "",
        file_path=str(current.path) if current else "",
        locations=tuple(
            f"{p.root}/{p.relpath}" + (" (missing)" if p.missing else "") for p in places
        ),
        missing=current is None, modified_at=version.modified_at if version else 0,
        properties=_properties(version), tags=tags,
        pages=_pages(session, version.id) if version else (),
        uses_90d=uses, users_90d=users, last_used_at=last, history=_history(session, kin, counting),
        internal_only=any(t.facet == "audience" and t.slug == "internal_only" for t in tags),
    )  # fmt: skip


def _properties(version: AssetVersion | None) -> tuple[tuple[str, str], ...]:
    if version is None:
        return ()
    return tuple((key, str(value)) for key, value in sorted(version.properties.items()))


def _state(session: Session, asset: Asset, version: AssetVersion | None) -> tuple[str, str]:
    query = (
        select(AssetFile)
        .where(AssetFile.asset_id == asset.id)
        .order_by(AssetFile.missing_since.is_not(None), AssetFile.id)
    )
    file = session.scalars(query).first()
    if file is None:
        return "unreadable", "The file is no longer in any folder of the library."
    if version is None:
        return problems.state_of(file.problem, None, None)
    return problems.state_of(file.problem, version.extract_state, version.extract_reason)


def _versions(session: Session, asset: Asset) -> tuple[int, int]:
    ids = list(
        session.scalars(
            select(AssetVersion.id)
            .where(AssetVersion.asset_id == asset.id)
            .order_by(AssetVersion.seen_at, AssetVersion.id)
        )
    )
    current = asset.current_version_id
    return (ids.index(current) + 1 if current in ids else 0), len(ids)


def _pages(session: Session, version_id: int) -> tuple[PageRow, ...]:
    query = (
        select(Page, PageText)
        .join(PageText, PageText.sha == Page.sha)
        .where(Page.version_id == version_id)
        .order_by(Page.page_no)
    )
    return tuple(
        PageRow(page.page_no, page.label, text.heading, text.body, text.notes, page.hidden)
        for page, text in session.execute(query)
    )


def _use(
    session: Session, kin: Sequence[int], counting: frozenset[int], now: int
) -> tuple[int, int, int | None]:
    """Uses and users of the last 90 days, and the last use ever, of people who count."""
    # Of the whole library the rules are thirty times as many rows.
    rules = usage_log.rules_of(session, Rules(counting), kin)
    kept = usage_log.uses(session, rules, UsageEvent.asset_id.in_(kin)).deeds
    recent = [person for at, _, person, *_ in kept if at >= now - 90 * DAY_MS]
    return len(recent), len(set(recent)), max((deed[0] for deed in kept), default=None)


def _history(
    session: Session, kin: Sequence[int], counting: frozenset[int]
) -> tuple[EventRow, ...]:
    query = (
        select(UsageEvent, Person.name, Deal.name, Account.name, Term.label)
        .join(Person, Person.id == UsageEvent.person_id)
        .outerjoin(Deal, Deal.id == UsageEvent.deal_id)
        .outerjoin(Account, Account.id == func.coalesce(UsageEvent.account_id, Deal.account_id))
        .outerjoin(Term, Term.id == UsageEvent.stage_id)
        .where(UsageEvent.asset_id.in_(kin))
        .order_by(UsageEvent.at.desc())
        .limit(HISTORY)
    )
    return tuple(
        EventRow(
            event.at, event.kind, person, event.person_id in counting, deal or "", account or "",
            stage or "", str((event.detail or {}).get("channel", "")),
        )
        for event, person, deal, account, stage in session.execute(query)
    )  # fmt: skip
