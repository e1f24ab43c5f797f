"""Plans the requests of the made-up year, one for each turn that a request can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.sample.model import (
    SampleDeal,
    SampleManifest,
    SampleRequest,
    SampleStatusChange,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ask:
    """A request in days before now: ``steps`` are (days ago, status, who, note)."""

    title: str
    requester: str
    steps: tuple[tuple[int, str, str, str], ...]
    content_type: str | None = None
    persona: str | None = None
    stage: str | None = None
    value: str | None = None
    audience: str | None = "external"
    language: str = "en"
    competitor: str | None = None
    wants_deal: bool = True
    needed_in: int | None = None
    myself: bool = False
    searches: tuple[str, ...] = ()
    looked: tuple[tuple[str, str], ...] = ()
    assignee: str | None = None
    reason: str | None = None
    answered: str | None = None
    delivered: str | None = None
    merged: int | None = None
    votes: tuple[str, ...] = ()


_ASKS = (
    _Ask(
        "A customer story from a company with fewer than 50 people, for kitchens that say we are "
        "too big for them", "priya",
        ((141, "submitted", "priya", ""), (140, "triage", "hana", "Three reps have asked for it."),
         (138, "accepted", "mateo", "Penrose Kitchens has agreed to be named."),
         (131, "scheduled", "mateo", "Interview in two weeks."),
         (112, "in_progress", "mateo", "Interview done."), (92, "in_review", "mateo", ""),
         (84, "delivered", "mateo", "Published. Thank you for the contact!"),
         (22, "closed", "hana", "Used on nine deals in 60 days.")),
        "case_study", "operations", "evaluate", "ease_of_use", searches=("small company story",),
        looked=(("case-bellmere", "Far too big"), ("case-harrow", "212 stores")), assignee="mateo",
        delivered="case-penrose", votes=("callum", "lena", "bram", "erik"),
    ),
    _Ask(
        "A battlecard against Isotherra, who turn up in every second pharma deal", "callum",
        ((33, "submitted", "callum", ""), (32, "triage", "hana", "28 searches for it."),
         (30, "accepted", "mateo", ""), (9, "in_progress", "mateo", "Two lost deals reviewed.")),
        "battlecard", "sales", "select", "reduce_risk", "internal_only", competitor="Isotherra",
        needed_in=12, searches=("isotherra battlecard", "isotherra"),
        looked=(("battlecard-kelvanta", "Another product"),), assignee="mateo",
        votes=("priya", "jonas", "lena", "bram", "thomas", "astrid"),
    ),
    _Ask(
        "Anything on Isotherra before my call with Nordlys", "jonas",
        ((26, "submitted", "jonas", ""), (25, "merged", "hana", "The same as Callum's request.")),
        "battlecard", "sales", "select", None, "internal_only", competitor="Isotherra",
        searches=("isotherra",), merged=1,
    ),
    _Ask(
        "A one-pager on HIPAA for the American parent of a pharmacy group", "priya",
        ((18, "submitted", "priya", ""),
         (16, "needs_info", "sofia", "Which data of patients would we hold? Today: none.")),
        "one_pager", "legal", "validate", "compliance", needed_in=20,
        searches=("hipaa one-pager",), looked=(("security-pack", "Says nothing about HIPAA"),),
        assignee="sofia", votes=("callum", "thomas"),
    ),
    _Ask(
        "A statement on FedRAMP, since two prospects with public customers ask for it", "bram",
        ((47, "submitted", "bram", ""), (45, "triage", "sofia", "Asked the security team."),
         (41, "declined", "sofia", "We sell in Europe only and hold no such authorisation.")),
        "security_pack", "security", "validate", "compliance", searches=("fedramp",),
        assignee="sofia", reason="off strategy", votes=("astrid",),
    ),
    _Ask(
        "The price list as something that I can send", "nina",
        ((60, "submitted", "nina", ""),
         (59, "answered", "ines", "Send a quote from the second sheet, never the list itself.")),
        "pricing", "procurement", "commit", "cut_cost", searches=("price list",),
        looked=(("price-list", "Internal only"),), assignee="ines", answered="price-list",
    ),
    _Ask(
        "How much energy does a cold room save? A page that a plant manager understands", "lena",
        ((20, "submitted", "lena", ""),
         (19, "answered", "hana", "We have it: NV_OP_0417_final_EN. Title will change.")),
        "one_pager", "operations", "identify", "cut_cost", searches=("energy", "cold room cost"),
        assignee="hana", answered="nv-op-0417", votes=("marek",),
    ),
    _Ask(
        "An Italian one-pager for Provenza Freschi", "chiara",
        ((29, "submitted", "chiara", ""), (27, "triage", "hana", ""),
         (24, "accepted", "ines", "Small: the text exists in four languages already."),
         (15, "scheduled", "ines", "With the next print run.")),
        "one_pager", "operations", "explore", "reduce_risk", language="it", needed_in=25,
        myself=True, searches=("italiano",), looked=(("onepager-fr", "French"),), assignee="ines",
    ),
    _Ask(
        "Airfreight: what happens on the tarmac? One slide is enough", "marek",
        ((12, "submitted", "marek", ""), (8, "accepted", "sofia", "After the roadmap review.")),
        "product_deck", "operations", "evaluate", "reduce_risk", needed_in=40,
        searches=("airfreight",), looked=(("product-route", "Only trucks"),), assignee="sofia",
        votes=("bram", "erik"),
    ),
    _Ask(
        "A talk track for heads of IT", "astrid",
        ((21, "submitted", "astrid", ""), (20, "accepted", "hana", ""),
         (13, "in_progress", "hana", ""), (3, "in_review", "hana", "With Sofia until Friday.")),
        "talk_track", "it", "explore", "ease_of_use", "internal_only", assignee="hana",
        looked=(("objections-it", "Answers, but no opening"),), votes=("callum", "nina"),
    ),
    _Ask(
        "Early renewal play, with the three meetings and the offer", "amelie",
        ((51, "submitted", "amelie", ""), (49, "accepted", "hana", ""),
         (30, "in_progress", "hana", ""), (14, "in_review", "hana", ""),
         (9, "delivered", "hana", "New in Playbooks.")),
        "playbook", "sales", "grow", "grow_revenue", "internal_only", wants_deal=False,
        assignee="hana", delivered="playbook-renewal", votes=("jonas", "erik"),
    ),
    _Ask(
        "Blood banks: a solution brief or a reference, whatever there is", "lena",
        ((6, "submitted", "lena", ""), (5, "triage", "hana", "First of its kind; demand?")),
        "solution_brief", "line_of_business", "explore", "compliance", needed_in=30,
        searches=("blood bank",), looked=(("onepager-vaccines", "Close, but no blood"),),
        votes=("astrid",),
    ),
    _Ask(
        "A list of customers who take reference calls, by industry", "callum",
        ((2, "submitted", "callum", ""),),
        None, "operations", "validate", "reduce_risk", searches=("reference list",),
        looked=(("rfp-text", "Three names at the end"),), votes=("marek",),
    ),
    _Ask(
        "A slide that compares our alarms with a Haulmetrix portal", "erik",
        ((1, "draft", "erik", ""),),
        "battlecard", "sales", "select", "time_to_value", "internal_only",
        competitor="Haulmetrix", looked=(("battlecard-haulmetrix", "Text only"),),
    ),
)  # fmt: skip


def plan_requests(
    manifest: SampleManifest, deals: Sequence[SampleDeal], *, now: datetime
) -> tuple[SampleRequest, ...]:
    """The requests in a fixed order; ``merged_into`` counts in that order."""
    paths = {asset.key: asset.relpath for asset in manifest.assets}
    return tuple(_request(ask, paths, deals, now) for ask in _ASKS)


def _request(
    ask: _Ask, paths: dict[str, str], deals: Sequence[SampleDeal], now: datetime
) -> SampleRequest:
    history = tuple(
        SampleStatusChange(_moment(now, days, index), status, person, note)
        for index, (days, status, person, note) in enumerate(ask.steps)
    )
    created = history[0].at
    needed = None if ask.needed_in is None else (now + timedelta(days=ask.needed_in)).date()
    return SampleRequest(
        title=ask.title,
        requester=ask.requester,
        created_at=created,
        content_type=ask.content_type,
        persona=ask.persona,
        stage=ask.stage,
        value_proposition=ask.value,
        audience=ask.audience,
        language=ask.language,
        competitor=ask.competitor,
        deal=_deal_of(ask, deals, created),
        needed_by=needed,
        may_make_it_myself=ask.myself,
        searches_tried=ask.searches,
        looked_at=tuple((paths[key], why) for key, why in ask.looked),
        assignee=ask.assignee,
        status=history[-1].status,
        decline_reason=ask.reason,
        answered_with=paths[ask.answered] if ask.answered else None,
        delivered_as=paths[ask.delivered] if ask.delivered else None,
        merged_into=ask.merged,
        history=history,
        votes=tuple(
            (person, min(created + timedelta(days=index + 1, hours=2), now - timedelta(hours=1)))
            for index, person in enumerate(ask.votes)
        ),
    )


def _moment(now: datetime, days: int, index: int) -> datetime:
    """A moment of that day: steps of one day follow each other by two hours and some minutes."""
    morning = now.replace(hour=9, minute=12, second=0, microsecond=0) - timedelta(days=days)
    return morning + timedelta(hours=2 * (index % 4), minutes=7 * index)


def _deal_of(ask: _Ask, deals: Sequence[SampleDeal], at: datetime) -> str | None:
    """The biggest deal of the requester that was running then: that is why they asked."""
    running = [
        deal for deal in deals
        if deal.owner == ask.requester and deal.opened_at <= at
        and (deal.closed_at is None or deal.closed_at > at)
    ]  # fmt: skip
    if not ask.wants_deal or not running:
        return None
    return max(running, key=lambda deal: deal.amount_minor).crm_id
