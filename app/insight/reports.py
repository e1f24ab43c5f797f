"""The reports: a few set-based queries that feed the pure functions beside this file."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    and_,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.errors import UserError
from app.insight import searching
from app.insight import unused as rules_of_unused
from app.insight import use as use_of
from app.insight.unused import Candidate, Evidence, Frame
from app.rows import SearchGapRow, UnusedReport, UseReport
from app.settings import Settings
from app.store.logs import SearchEvent, UsageDay, UsageEvent
from app.store.tables import Asset, AssetFile, AssetTag, Facet, LibraryMeta, Person, Root, Term
from app.usage import log
from app.usage.counting import JUST_ADDED_MS, Counted, Rules, tallies

LONGEST_WINDOW = 3650


@dataclass(frozen=True, slots=True)
class _Assets:
    """The assets that were not merged into another, and what the rules need of all."""

    candidates: tuple[Candidate, ...]
    rules: Rules
    alone: bool


def unused(session: Session, settings: Settings, window_days: int, as_of: int) -> UnusedReport:
    """Unused content as of a moment; what happened after it is not looked at.

    Statuses, tags and owners are those of now, since their history is not kept. Raises UserError
    for a window that is no number of days from 1 to 3650.
    """
    frame = _frame(session, settings, window_days, as_of)
    assets = _assets(session, as_of)
    deeds = _deeds(session, frame, assets.rules)
    before, viewed = _outside_the_window(session, frame, assets)
    shown = searching.shown(_wishes(session, frame, assets.rules), assets.rules.merged)
    evidence = Evidence(tallies(deeds.deeds), before, shown, viewed)
    return rules_of_unused.report(assets.candidates, evidence, frame)


def use(session: Session, settings: Settings, window_days: int, as_of: int) -> UseReport:
    """Use by asset and week as of a moment. Raises UserError for an impossible window."""
    frame = _frame(session, settings, window_days, as_of)
    assets = _assets(session, as_of)
    deeds = _deeds(session, frame, assets.rules)
    shown = searching.shown(_wishes(session, frame, assets.rules), assets.rules.merged)
    return use_of.report(assets.candidates, deeds, shown, frame)


def search_gaps(session: Session, window_days: int, as_of: int) -> tuple[SearchGapRow, ...]:
    """What counting people searched for and did not find. Raises UserError for such a window."""
    _check_window(window_days)
    frame = Frame(as_of, window_days, 0, 0)
    counting, _ = log.counting_people(session)
    return searching.gaps(_wishes(session, frame, Rules(counting)))


def _check_window(window_days: int) -> None:
    if not 1 <= window_days <= LONGEST_WINDOW:
        raise UserError(f"The window must be from 1 to {LONGEST_WINDOW} days, not {window_days}.")


def _frame(session: Session, settings: Settings, window_days: int, as_of: int) -> Frame:
    _check_window(window_days)
    grace = int(settings.number("unused.grace_days"))
    return Frame(as_of, window_days, grace, _log_start(session))


def _log_start(session: Session) -> int:
    """Since when use is known: the library's creation, or the first event or search if earlier."""
    meta = session.get(LibraryMeta, "created_at")
    first_day = select(func.min(UsageDay.day)).scalar_subquery()
    first_of_asset = (
        select(func.min(UsageEvent.at))
        .where(UsageEvent.asset_id == UsageDay.asset_id)
        .scalar_subquery()
    )
    moments = (
        int(meta.value) if meta is not None else None,
        session.scalar(select(func.min(first_of_asset)).where(UsageDay.day == first_day)),
        session.scalar(select(func.min(SearchEvent.at))),
    )
    return min((at for at in moments if at is not None), default=0)


def _assets(session: Session, as_of: int) -> _Assets:
    by, (_, alone) = log.rules(session), log.counting_people(session)
    types, exempt = _types(session)
    paths = _paths(session, as_of)
    query = select(
        Asset.id, Asset.title, Asset.status, Person.name, Asset.published_at, Asset.expires_at,
        Asset.review_due_at, Asset.superseded_by_id,
    ).outerjoin(Person, Person.id == Asset.owner_id)  # fmt: skip
    query = query.where(Asset.merged_into_id.is_(None))
    candidates: list[Candidate] = []
    for asset_id, title, status, owner, published, expires, review, superseded in log.plain(
        session, query
    ):
        path, present = paths.get(asset_id, ("", False))
        candidates.append(
            Candidate(
                asset_id, title, path, types.get(asset_id, ""), owner or "", status, published,
                expires, review, superseded is not None, asset_id in exempt, not present,
            )
        )  # fmt: skip
    return _Assets(tuple(candidates), by, alone)


def _types(session: Session) -> tuple[dict[int, str], set[int]]:
    """The labels of the content types of each asset, and the assets of an exempt type."""
    shown = aliased(Term)
    query = (
        select(AssetTag.asset_id, shown.label, shown.exempt)
        .join(Term, Term.id == AssetTag.term_id)
        .join(Facet, Facet.id == Term.facet_id)
        .join(shown, shown.id == func.coalesce(Term.canonical_id, Term.id))
        .where(Facet.key == "content_type", AssetTag.state == "accepted")
        .order_by(AssetTag.asset_id, shown.position)
    )
    labels: dict[int, str] = {}
    exempt: set[int] = set()
    for asset_id, label, is_exempt in log.plain(session, query):
        former = labels.get(asset_id)
        labels[asset_id] = label if former in (None, label) else f"{former}, {label}"
        if is_exempt:
            exempt.add(asset_id)
    return labels, exempt


def _paths(session: Session, as_of: int) -> dict[int, tuple[str, bool]]:
    """The path to show for each asset, and whether a file of it was there at that moment."""
    query = (
        select(AssetFile.asset_id, AssetFile.relpath, AssetFile.missing_since)
        .join(Root, Root.id == AssetFile.root_id)
        .order_by(AssetFile.id)
    )
    found: dict[int, tuple[str, bool]] = {}
    for asset_id, relpath, missing in log.plain(session, query):
        present = missing is None or missing > as_of
        if asset_id not in found or (present and not found[asset_id][1]):
            found[asset_id] = (relpath, present)
    return found


def _deeds(session: Session, frame: Frame, by: Rules) -> Counted:
    return log.uses(session, by, UsageEvent.at.between(frame.start, frame.as_of))


def _outside_the_window(
    session: Session, frame: Frame, assets: _Assets
) -> tuple[dict[int, int], set[int]]:
    """The last counted use of each asset before the window, and the assets viewed within it."""
    counting = sorted(assets.rules.counting)
    available = func.coalesce(Asset.published_at, Asset.created_at)
    just_added = and_(
        UsageEvent.at >= available, UsageEvent.at < available + JUST_ADDED_MS
    )  # fmt: skip
    counts = [
        UsageEvent.asset_id == Asset.id, UsageEvent.person_id.in_(counting),
        not_(log.is_bulk()), not_(just_added),
    ]  # fmt: skip
    if not assets.alone:
        counts.append(or_(Asset.owner_id.is_(None), UsageEvent.person_id != Asset.owner_id))
    last = (
        select(UsageEvent.at)
        .where(*counts, log.is_use(), UsageEvent.at < frame.start)
        .order_by(UsageEvent.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    seen = (
        select(UsageEvent.seq)
        .where(
            *counts, UsageEvent.kind == "view", UsageEvent.at.between(frame.start, frame.as_of)
        )
        .exists()
    )  # fmt: skip
    before: dict[int, int] = {}
    viewed: set[int] = set()
    for asset_id, used_at, is_seen in session.execute(select(Asset.id, last, seen)):
        asset = assets.rules.merged.get(asset_id, asset_id)
        if used_at is not None:
            before[asset] = max(used_at, before.get(asset, 0))
        if is_seen:
            viewed.add(asset)
    return before, viewed


def _wishes(session: Session, frame: Frame, rules: Rules) -> list[list[searching.Search]]:
    query = select(
        SearchEvent.at, SearchEvent.person_id, SearchEvent.query, SearchEvent.norm,
        SearchEvent.n_results, SearchEvent.filters, SearchEvent.top_ids,
    ).where(SearchEvent.at.between(frame.start, frame.as_of))  # fmt: skip
    return searching.chains(
        searching.Search(at, person, words, norm, n, bool(filters), tuple(ids))
        for at, person, words, norm, n, filters, ids in session.execute(query)
        if person in rules.counting
    )
