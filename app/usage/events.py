"""Recording deeds and searches: each an append-only row in the transaction of the deed itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.changes import Changes
from app.clock import now_ms, uuid7
from app.errors import UserError
from app.rows import FindSpec, Occasion
from app.store.defaults import norm
from app.store.logs import SearchEvent, UsageEvent
from app.store.tables import Asset, Person
from app.usage import accounts
from app.usage.text import one_line
from app.vocabulary import terms

RECORDED = ("view", "open", "copy", "share", "send")
PAST = {"view": "viewed", "open": "opened", "copy": "copied", "share": "shared", "send": "sent"}
MOST_SHOWN = 20
LONGEST_QUERY = 500
LONGEST_CHANNEL = 40


@dataclass(frozen=True, slots=True)
class Context:
    """An Occasion as it is stored: keys of deal, account and stage, and the search it came from."""

    deal_id: int | None = None
    account_id: int | None = None
    stage_id: int | None = None
    search_uid: uuid.UUID | None = None
    channel: str = ""


def context_of(session: Session, occasion: Occasion | None) -> Context:
    """Match the names of an occasion; unknown accounts and deals are entered, with source "here".

    A deal brings its account and its stage along when those are not given. Raises UserError for
    an unknown stage (naming the stages) and for a search that is no uid.
    """
    if occasion is None:
        return Context()
    # What can be wrong is looked at first, so that a bad line of an import enters no account.
    search = search_uid(occasion.search_uid)
    stage = None
    if occasion.stage.strip():
        stage = terms.load(session).term("stage", occasion.stage).id
    account = accounts.match_account(session, occasion.account)
    deal = accounts.match_deal(session, occasion.deal, account)
    if deal is not None:
        stage = stage or deal.stage_term_id
    account_id = account.id if account is not None else None
    if account_id is None and deal is not None:
        account_id = deal.account_id
    return Context(
        deal.id if deal is not None else None, account_id, stage, search,
        one_line(occasion.channel, LONGEST_CHANNEL),
    )  # fmt: skip


def search_uid(text: str) -> uuid.UUID | None:
    """The uid of a search, None for "". Raises UserError for anything else."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise UserError(f"{text!r} is not the uid of a search.") from None


def assets_of(session: Session, asset_ids: Sequence[int]) -> list[Asset]:
    """The assets in the order given, each once. Raises UserError for none and for unknown ids."""
    ids = list(dict.fromkeys(asset_ids))
    if not ids:
        raise UserError("Choose at least one asset first.")
    found = {a.id: a for a in session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    unknown = next((i for i in ids if i not in found), None)
    if unknown is not None:
        raise UserError(f"There is no asset number {unknown} in this library.")
    return [found[i] for i in ids]


def append(
    session: Session,
    me_id: int,
    kind: str,
    assets: Sequence[Asset],
    context: Context,
    detail: Mapping[str, Any] | None = None,
) -> tuple[uuid.UUID, ...]:
    """Write one event per asset, now; returns their uids.

    The event keeps the asset's current version and the person's team as they are at this moment.
    """
    person = session.get(Person, me_id)
    assert person is not None
    facts = dict(detail or {})
    if context.channel:
        facts["channel"] = context.channel
    at = now_ms()
    made = [
        UsageEvent(
            uid=uuid7(at), kind=kind, asset_id=asset.id, version_id=asset.current_version_id,
            person_id=me_id, team=person.team, at=at, deal_id=context.deal_id,
            account_id=context.account_id, stage_id=context.stage_id,
            search_uid=context.search_uid, detail=facts or None,
        )
        for asset in assets
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return tuple(event.uid for event in made)


def record(
    session: Session,
    me_id: int,
    kind: str,
    asset_ids: Sequence[int],
    occasion: Occasion | None = None,
) -> Changes:
    """Record that assets were viewed, opened, copied, shared or sent.

    ``result`` holds the uids of the events. There is no inverse: the log is append-only. Raises
    UserError for an unknown kind, asset or stage; then nothing is recorded.
    """
    if kind not in RECORDED:
        raise UserError(f"{kind!r} is no deed. Deeds are {', '.join(RECORDED)}.")
    assets = assets_of(session, asset_ids)
    uids = append(session, me_id, kind, assets, context_of(session, occasion))
    return Changes(
        frozenset({"events"}), tuple(asset.id for asset in assets), sentence(kind, assets),
        result=uids,
    )  # fmt: skip


def sentence(kind: str, assets: Sequence[Asset]) -> str:
    """What was done, for people: "3 assets copied."."""
    what = assets[0].title if len(assets) == 1 else f"{len(assets):,} assets"
    return f"{what} {PAST[kind]}."


def log_search(
    session: Session, me_id: int, spec: FindSpec, total: int, shown: Sequence[int]
) -> Changes:
    """Record a settled search and the assets it showed, best first (at most 20 are kept).

    ``norm`` keeps the order of the words, because "price list" and "list price" are two wishes
    and because a query that grows letter by letter is known by its beginning. With neither words
    nor filters nothing was searched and nothing is recorded. ``result`` is the search's uid, or
    "" then.
    """
    query = one_line(spec.text, LONGEST_QUERY)
    filters = {facet: list(slugs) for facet, slugs in spec.filters if slugs}
    if not query and not filters:
        return Changes(result="")
    at = now_ms()
    event = SearchEvent(
        uid=uuid7(at), person_id=me_id, at=at, query=query, norm=norm(query), filters=filters,
        n_results=max(0, total), top_ids=[int(i) for i in shown[:MOST_SHOWN]],
    )  # fmt: skip
    session.add(event)
    session.flush()
    return Changes(frozenset({"events"}), result=str(event.uid))
