"""Plans a made-up year of use: who searched, opened and sent what, for which deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from app.sample.asking import plan_requests
from app.sample.model import (
    SampleAccount,
    SampleAsset,
    SampleDeal,
    SampleEvent,
    SampleManifest,
    SamplePerson,
    SampleRequest,
    SampleSearch,
    SampleYear,
)  # fmt: skip
from app.sample.queries import BROWSED, MISSED, Shelf
from app.sample.world import plan_accounts, plan_deals, stage_at

DAYS = 365
_PACE = 1.12
_WEEKDAYS = (0.95, 1.2, 1.15, 1.1, 0.6, 0.0, 0.0)
_QUIET_AFTER = timedelta(days=125)
_NEVER = frozenset({"never_used", "never_found", "bad_title"})
_STORY_WEIGHT = {
    "star": 7.0, "current": 15.0, "outdated": 3.2, "near_copy": 6.0, "exact_copy": 3.0,
    "gone_quiet": 1.8, "expired": 1.6, "opened_only": 0.8, "rare_but_vital": 0.5,
    "too_new": 0.0, "delivered": 2.6,
}  # fmt: skip
_LANGUAGE_TEAMS = {"de": "DACH", "fr": "Benelux and France"}
_SENDING = ("mail", "mail", "mail", "link", "chat")


@dataclass
class _Plan:
    """The year while it is being made; ``dice`` is the only source of chance."""

    now: datetime
    dice: Random
    shelf: Shelf
    accounts: dict[str, SampleAccount]
    deals: tuple[SampleDeal, ...]
    searches: list[SampleSearch]
    events: list[SampleEvent]

    @property
    def pieces(self) -> list[SampleAsset]:
        """All pieces in the order of the manifest."""
        return list(self.shelf.by_key.values())


def plan_year(manifest: SampleManifest, *, now: datetime, seed: int = 7) -> SampleYear:
    """The year of use that ends at ``now``; equal arguments give equal years.

    Reads nothing but the manifest, writes nothing. Nothing in the year lies after ``now``.
    """
    now = now.astimezone(UTC)
    dice = Random(seed)
    accounts = plan_accounts()
    deals = plan_deals(accounts, manifest.people, now, dice)
    shelf = Shelf({asset.key: asset for asset in manifest.assets})
    by_key = {account.key: account for account in accounts}
    plan = _Plan(now, dice, shelf, by_key, deals, [], [])
    pace = {person.key: dice.uniform(0.5, 1.5) for person in manifest.people}
    # One rep has hardly taken to the library: rep adoption below 100 % is what teams know.
    pace["thomas"] = 0.08
    first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for index in range(DAYS):
        day = first + timedelta(days=index)
        for person in manifest.people:
            _day(plan, person, day, pace[person.key] * _mood(day, index))
    _miss(plan)
    return _sorted(plan, manifest.people, plan_requests(manifest, deals, now=now))


def _mood(day: datetime, index: int) -> float:
    """How busy a day is: growth over the year, weekday, holidays."""
    growth = 0.55 + 0.75 * index / DAYS
    month_day = (day.month, day.day)
    if month_day >= (12, 20) or month_day <= (1, 4):
        growth *= 0.12
    elif day.month == 8 or (7, 20) <= month_day <= (7, 31):
        growth *= 0.5
    return growth * _WEEKDAYS[day.weekday()]


def _day(plan: _Plan, person: SamplePerson, day: datetime, pace: float) -> None:
    """One person's day: a number of sessions, each around one piece."""
    share = 1.0 if person.role == "rep" else 0.22
    mean = _PACE * share * pace
    sessions = int(mean) + (plan.dice.random() < mean % 1)
    for _ in range(sessions):
        at = day + timedelta(hours=8, seconds=plan.dice.randrange(10 * 3600))
        if at > plan.now - timedelta(minutes=30):
            continue
        if person.role == "rep":
            _session(plan, person, at)
        else:
            _check(plan, person, at)


def _check(plan: _Plan, person: SamplePerson, at: datetime) -> None:
    """Marketing looks at its own pieces, also at those that nobody uses."""
    pieces = [p for p in plan.pieces if p.published_at and plan.shelf.on_shelf(p.key, at)]
    piece = plan.dice.choice(pieces)
    kind = plan.dice.choice(("open", "open", "view", "share"))
    channel = "chat" if kind == "share" else None
    plan.events.append(
        SampleEvent(at, person.key, piece.relpath, kind, None, None, None, None, None, channel)
    )


def _session(plan: _Plan, person: SamplePerson, at: datetime) -> None:
    """A rep needs something for a deal: perhaps searches, looks, then uses it."""
    dice = plan.dice
    deal = _deal(plan, person, at)
    stage = _stage(plan, deal, at)
    industry = plan.accounts[deal.account].industry if deal else None
    pieces = plan.pieces
    weights = [_weight(plan, p, person, at, stage, industry) for p in pieces]
    piece = dice.choices(pieces, weights)[0]
    persona = dice.choice(deal.personas) if deal else None
    search = _search(plan, person, piece, at) if dice.random() < 0.42 else None
    base = SampleEvent(
        at, person.key, piece.relpath, "open", deal.crm_id if deal else None,
        deal.account if deal else None, stage if deal else None, persona, search, None,
    )  # fmt: skip
    for kind, minutes in _deeds(piece, at, dice):
        channel = _channel(kind, dice)
        moment = at + timedelta(minutes=minutes, seconds=dice.randrange(8, 50))
        plan.events.append(replace(base, at=moment, kind=kind, channel=channel))


def _deal(plan: _Plan, person: SamplePerson, at: datetime) -> SampleDeal | None:
    """A deal of the rep that is running at this time; big ones get more attention."""
    if plan.dice.random() < 0.16:
        return None
    running = [
        deal for deal in plan.deals
        if deal.owner == person.key and deal.opened_at <= at
        and (deal.closed_at is None or at < deal.closed_at)
    ]  # fmt: skip
    if not running:
        return None
    return plan.dice.choices(running, [deal.amount_minor**0.4 for deal in running])[0]


def _stage(plan: _Plan, deal: SampleDeal | None, at: datetime) -> str:
    """Where the deal stood at this time; its present or last stage is where it ends."""
    if deal is None:
        return "any"
    end = deal.closed_at or plan.now
    reached = {"identify": 0.1, "explore": 0.3, "evaluate": 0.5, "select": 0.65, "validate": 0.85}
    return stage_at((at - deal.opened_at) / (end - deal.opened_at) * reached.get(deal.stage, 1.0))


def _weight(
    plan: _Plan, piece: SampleAsset, person: SamplePerson, at: datetime, stage: str,
    industry: str | None,
) -> float:  # fmt: skip
    """How likely a rep is to take this piece now: its place in the story, stage, industry."""
    story = piece.story or ""
    if story in _NEVER or piece.status in ("archived", "in_review"):
        return 0.0
    if not plan.shelf.on_shelf(piece.key, at):
        return 0.0
    weight = _STORY_WEIGHT.get(story, 1.1) * _fade(plan, piece, at)
    if story in ("near_copy", "exact_copy"):
        mine = piece.owner == person.key if story == "near_copy" else person.team in piece.relpath
        return weight if mine else 0.0
    if piece.language in _LANGUAGE_TEAMS:
        weight *= 3.0 if person.team == _LANGUAGE_TEAMS[piece.language] else 0.0
    stages = [term for facet, term in piece.tags if facet == "stage"]
    open_minded = stage == "any" or "any" in stages
    weight *= 3.2 if stage in stages else (1.0 if open_minded else 0.35)
    if piece.industry:
        weight *= 2.2 if piece.industry == industry else 0.15
    if story == "rare_but_vital" and stage in stages:
        weight *= 2.0
    return weight


def _fade(plan: _Plan, piece: SampleAsset, at: datetime) -> float:
    """What time does to a piece: quiet ones stop, the outdated lingers, the expired is opened."""
    if piece.story == "gone_quiet":
        return 1.0 if at < plan.now - _QUIET_AFTER else 0.0
    if piece.story == "outdated":
        successor = next(p for p in plan.pieces if p.relpath == piece.superseded_by)
        return 2.2 if successor.published_at and at < successor.published_at else 0.7
    if piece.story == "expired" and piece.expires and at.date() > piece.expires:
        return 0.6
    return 1.0


def _deeds(piece: SampleAsset, at: datetime, dice: Random) -> list[tuple[str, int]]:
    """What is done with the piece, with the minutes after the beginning of the session."""
    audience = next((term for facet, term in piece.tags if facet == "audience"), "external")
    late = piece.expires is not None and at.date() > piece.expires
    looks = [("view", 0)] if dice.random() < 0.2 else [("open", 0)]
    if piece.story == "opened_only" or late:
        return looks
    if audience != "external":
        return [*looks, ("copy", 4)] if dice.random() < 0.14 else looks
    fate = dice.random()
    if fate < 0.63:
        return [*looks, ("send", dice.randrange(2, 14))]
    if fate < 0.73:
        return [*looks, ("copy", dice.randrange(1, 6))]
    if fate < 0.8:
        return [*looks, ("share", dice.randrange(1, 6))]
    return looks


def _channel(kind: str, dice: Random) -> str | None:
    if kind == "send":
        return dice.choice(_SENDING)
    return {"share": "link", "copy": dice.choice(("drag", "file"))}.get(kind)


def _search(plan: _Plan, person: SamplePerson, piece: SampleAsset, at: datetime) -> int | None:
    """The search that led to the piece, a minute or two before; its place in the list."""
    query = plan.shelf.query_for(piece.key, at, plan.dice)
    if query is None:
        return None
    _log(plan, person.key, query, (), at - timedelta(seconds=plan.dice.randrange(20, 160)))
    return len(plan.searches) - 1


def _log(
    plan: _Plan, person: str, query: str, filters: tuple[tuple[str, str], ...], at: datetime,
    *, found: bool = True,
) -> None:  # fmt: skip
    keys = plan.shelf.shown(query, at) if found else ()
    shown = tuple(plan.shelf.by_key[key].relpath for key in keys[:10])
    plan.searches.append(SampleSearch(at, person, query, filters, shown, len(keys)))


def _miss(plan: _Plan) -> None:
    """Searches that find nothing, and searches after which nobody opens anything."""
    for query, filters, people, times in MISSED:
        for _ in range(times):
            at = _workday(plan, 250)
            _log(plan, plan.dice.choice(people), query, filters, at, found=False)
    reps = sorted({deal.owner for deal in plan.deals})
    for query, times in BROWSED:
        for _ in range(times):
            _log(plan, plan.dice.choice(reps), query, (), _workday(plan, 260))


def _workday(plan: _Plan, days: int) -> datetime:
    """A moment in working hours within the last days, more often a recent one."""
    while True:
        back = days * plan.dice.random() ** 1.4 + 1
        at = (plan.now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        if _WEEKDAYS[at.weekday()]:
            return at + timedelta(hours=8, seconds=plan.dice.randrange(10 * 3600))


def _sorted(
    plan: _Plan, people: Sequence[SamplePerson], requests: tuple[SampleRequest, ...]
) -> SampleYear:
    """The year in the order of time; events keep pointing at their searches."""
    order = sorted(range(len(plan.searches)), key=lambda index: plan.searches[index].at)
    place = {old: new for new, old in enumerate(order)}
    events = [
        event if event.search is None else replace(event, search=place[event.search])
        for event in sorted(plan.events, key=lambda event: event.at)
    ]
    return SampleYear(
        people=tuple(people),
        accounts=tuple(plan.accounts.values()),
        deals=plan.deals,
        searches=tuple(plan.searches[index] for index in order),
        events=tuple(events),
        requests=requests,
    )
