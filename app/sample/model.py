"""What the sample library is made of: its files, and a made-up year of people using them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

NOTICE = "Sample document – fictitious company"


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """The fictitious vendor whose collateral this is."""

    name: str
    tagline: str
    products: tuple[str, ...]
    currency: str
    notice: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody at the fictitious vendor; ``role`` is ``rep``, ``marketer`` or ``lead``."""

    key: str
    name: str
    email: str
    role: str
    team: str
    region: str


@dataclass(frozen=True, slots=True)
class SampleAsset:
    """One file of the sample library.

    ``relpath`` is POSIX, relative to the folder that was built. ``tags`` holds pairs of facet key
    and term id, in the order of the facets. ``superseded_by`` and ``copy_of`` are relpaths of
    other assets of the same manifest. ``pages`` counts pages, slides or sheets (Markdown: 1).
    ``story`` names the part this piece plays in the made-up year (see ``STORIES``), or is None.
    Times are aware and in UTC.
    """

    key: str
    relpath: str
    format: str
    title: str
    summary: str
    tags: tuple[tuple[str, str], ...]
    status: str
    created_at: datetime
    published_at: datetime | None
    last_reviewed_at: datetime | None
    review_due: date | None
    expires: date | None
    superseded_by: str | None
    copy_of: str | None
    owner: str | None
    language: str
    industry: str | None
    competitor: str | None
    pages: int
    story: str | None


STORIES = {
    "star": "used far more than the rest",
    "current": "replaces an outdated piece",
    "outdated": "superseded, with an old price and an old claim, and still sent",
    "near_copy": "a rep's own copy with a customer's name and one changed price",
    "exact_copy": "the same bytes as another piece, in a second folder",
    "never_used": "published for months, shown now and then, never used",
    "never_found": "published for months, never shown in any result",
    "bad_title": "shown often, never opened: the title says nothing",
    "opened_only": "opened now and then, never sent or copied",
    "gone_quiet": "used for months, then not at all",
    "expired": "its licence has run out, and it is still opened",
    "too_new": "published days ago: too early to judge",
    "rare_but_vital": "needed seldom, and then badly",
    "delivered": "made because a request asked for it",
}


@dataclass(frozen=True, slots=True)
class SampleManifest:
    """The sample library as built: the company, its people, and every file in ``folder``."""

    company: SampleCompany
    folder: Path
    built_for: datetime
    people: tuple[SamplePerson, ...]
    assets: tuple[SampleAsset, ...]


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A made-up customer or prospect; ``segment`` is ``smb``, ``mid`` or ``ent``."""

    key: str
    name: str
    industry: str
    segment: str
    region: str


@dataclass(frozen=True, slots=True)
class SampleDeal:
    """An opportunity as a CRM would export it.

    ``account`` and ``owner`` are keys; ``stage`` is a buying-stage term id; ``outcome`` is
    ``open``, ``won`` or ``lost`` and ``closed_at`` is set unless open. ``amount_minor`` is in
    hundredths of ``currency``. ``personas`` are persona-function term ids at the buying table.
    """

    crm_id: str
    account: str
    name: str
    stage: str
    outcome: str
    amount_minor: int
    currency: str
    opened_at: datetime
    closed_at: datetime | None
    owner: str
    personas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One deed: ``kind`` is ``view``, ``open``, ``copy``, ``share`` or ``send``.

    ``person`` and ``account`` are keys, ``asset`` a relpath, ``deal`` a ``crm_id``, ``stage`` a
    buying-stage term id, ``search`` an index into ``SampleYear.searches`` when the deed followed
    a search, and ``channel`` how it went out (``mail``, ``link``, ``chat``, ``drag``, ``file``).
    """

    at: datetime
    person: str
    asset: str
    kind: str
    deal: str | None
    account: str | None
    stage: str | None
    persona: str | None
    search: int | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class SampleSearch:
    """A settled query: ``top_ids`` are the relpaths shown, best first, at most ten."""

    at: datetime
    person: str
    query: str
    filters: tuple[tuple[str, str], ...]
    top_ids: tuple[str, ...]
    n_results: int


@dataclass(frozen=True, slots=True)
class SampleStatusChange:
    """A step in the life of a request: who set which status, when, and what was said."""

    at: datetime
    status: str
    person: str
    note: str


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A request for material: the need in one sentence, its fields, its history and votes.

    ``status`` equals the status of the last entry of ``history``. ``merged_into`` is an index into
    ``SampleYear.requests``. ``looked_at`` pairs a relpath with the reason why it did not do.
    ``votes`` pairs a person key with the time of the vote.
    """

    title: str
    requester: str
    created_at: datetime
    content_type: str | None
    persona: str | None
    stage: str | None
    value_proposition: str | None
    audience: str | None
    language: str
    competitor: str | None
    deal: str | None
    needed_by: date | None
    may_make_it_myself: bool
    searches_tried: tuple[str, ...]
    looked_at: tuple[tuple[str, str], ...]
    assignee: str | None
    status: str
    decline_reason: str | None
    answered_with: str | None
    delivered_as: str | None
    merged_into: int | None
    history: tuple[SampleStatusChange, ...]
    votes: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class SampleYear:
    """A made-up year: who works there, what they sold, searched, used and asked for."""

    people: tuple[SamplePerson, ...]
    accounts: tuple[SampleAccount, ...]
    deals: tuple[SampleDeal, ...]
    searches: tuple[SampleSearch, ...]
    events: tuple[SampleEvent, ...]
    requests: tuple[SampleRequest, ...]
