"""The frozen rows that leave the record: ready values for the window and the command line.

All times are UTC milliseconds since 1970 (int). Ids are database keys unless they are called uid.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.rows_find import Completion as Completion
from app.rows_find import Elsewhere as Elsewhere
from app.rows_find import FacetCounts as FacetCounts
from app.rows_find import FindResult as FindResult
from app.rows_find import FindSpec as FindSpec
from app.rows_find import Hit as Hit
from app.rows_find import Part as Part
from app.rows_find import RankReason as RankReason
from app.rows_find import RecentSearch as RecentSearch
from app.rows_find import SavedSearch as SavedSearch
from app.rows_find import TagRow as TagRow
from app.rows_find import TermCount as TermCount

ROLES = ("rep", "marketer", "lead")
ROLE_LABELS = {"rep": "Rep", "marketer": "Marketer", "lead": "Enablement lead"}
STATUSES = ("draft", "in_review", "approved", "published", "under_revision", "expired", "archived")
SHOWN_STATUSES = (*STATUSES, "superseded")
STATUS_LABELS = {
    "draft": "Draft", "in_review": "In review", "approved": "Approved", "published": "Published",
    "under_revision": "Under revision", "expired": "Expired", "archived": "Archived",
    "superseded": "Superseded",
}  # fmt: skip
TRUST_LABELS = {
    "current": "Current", "overdue": "Review overdue", "expired": "Expired",
    "superseded": "Superseded", "unofficial": "Not published",
}  # fmt: skip
SORTS = ("best", "text", "newest", "used", "title")
SORT_LABELS = {
    "best": "Best match", "text": "Text match only", "newest": "Newest", "used": "Most used",
    "title": "Title",
}  # fmt: skip
REQUEST_STATUSES = (
    "draft", "submitted", "triage", "needs_info", "answered", "merged", "declined", "accepted",
    "scheduled", "in_progress", "in_review", "delivered", "closed",
)  # fmt: skip
REQUEST_STATUS_LABELS = {
    "draft": "Draft", "submitted": "Submitted", "triage": "Triage", "needs_info": "Needs info",
    "answered": "Answered with existing", "merged": "Merged", "declined": "Declined",
    "accepted": "Accepted", "scheduled": "Scheduled", "in_progress": "In progress",
    "in_review": "In review", "delivered": "Delivered", "closed": "Closed",
}  # fmt: skip
OPEN_REQUEST_STATUSES = (
    "submitted", "triage", "needs_info", "accepted", "scheduled", "in_progress", "in_review",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the library. ``counts``: True/False when set by hand, None = by the role."""

    id: int
    name: str
    role: str
    email: str
    team: str
    counts: bool | None


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of a facet: ``slug`` is the stable id, ``label`` what people read."""

    id: int
    facet: str
    slug: str
    label: str
    definition: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetRow:
    """One facet of the shared vocabulary with its active terms in order."""

    key: str
    label: str
    multi: bool
    terms: tuple[TermRow, ...]


@dataclass(frozen=True, slots=True)
class RootRow:
    """A folder whose files belong to the library. ``state``: online, offline or never_indexed."""

    id: int
    name: str
    path: str
    state: str
    reason: str
    files: int
    problems: int
    scanned_at: int | None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A file that is not fully searchable, and why."""

    asset_id: int
    root: str
    path: str
    title: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Counts of the record, and whether the search index holds them all."""

    assets: int
    files: int
    pages: int
    problems: int
    roots: int
    missing: int
    index_current: bool
    sample: bool
    updated_at: int | None


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page of an asset: its label ("slide 3"), heading, text and whether the words hit it."""

    number: int
    label: str
    heading: str
    body: str
    notes: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """One deed in the history of an asset."""

    at: int
    kind: str
    person: str
    counts: bool
    deal: str
    account: str
    stage: str
    channel: str


@dataclass(frozen=True, slots=True)
class AssetDetail:
    """Everything that the preview and ``deckhand show`` tell about one asset."""

    id: int
    uid: str
    title: str
    kind: str
    status: str
    trust: str
    trust_note: str
    owner: str
    published_at: int | None
    review_due_at: int | None
    expires_at: int | None
    superseded_by: int | None
    superseded_by_title: str
    version: int
    versions: int
    page_count: int
    size: int
    state: str
    reason: str
    sha: str
    file_path: str
    locations: tuple[str, ...]
    missing: bool
    modified_at: int
    properties: tuple[tuple[str, str], ...]
    tags: tuple[TagRow, ...]
    pages: tuple[PageRow, ...]
    uses_90d: int
    users_90d: int
    last_used_at: int | None
    history: tuple[EventRow, ...]
    internal_only: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom something is opened or sent: names as typed, matched or created when stored."""

    account: str = ""
    deal: str = ""
    stage: str = ""
    channel: str = ""
    search_uid: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """An asset ready to be opened: its file, the command that opens it at the page, or () for the
    system's default way."""

    asset_id: int
    path: str
    page: int
    command: tuple[str, ...]
    at_page: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An e-mail draft on disk and the files attached to it."""

    path: str
    subject: str
    attachments: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """One asset of the unused report.

    ``verdict``: too_new, no_use_yet, unused, gone_quiet or used; ``why``: never_shown,
    shown_not_opened, opened_not_sent or "" ; ``shown`` counts searches in the window showing it.
    """

    asset_id: int
    title: str
    path: str
    verdict: str
    why: str
    available_since: int
    last_used_at: int | None
    shown: int
    opens: int
    uses: int
    content_type: str
    owner: str
    review_due_at: int | None


@dataclass(frozen=True, slots=True)
class UnusedReport:
    """Unused content with its denominator and the excluded counts (metrics.md, section 1 and 2).

    ``excluded`` maps a reason (too_new, not_published, expired, superseded, exempt) to a count;
    ``eligible`` is the denominator; ``unused_interval`` the Wilson 95 % interval of the share.
    """

    as_of: int
    window_days: int
    grace_days: int
    log_start: int
    eligible: int
    used: int
    counts: tuple[tuple[str, int], ...]
    why: tuple[tuple[str, int], ...]
    excluded: tuple[tuple[str, int], ...]
    unused_share: float
    unused_interval: tuple[float, float]
    rows: tuple[UnusedRow, ...]


@dataclass(frozen=True, slots=True)
class UseRow:
    """Use of one asset in the window; ``users`` counts distinct people whose deeds count."""

    asset_id: int
    title: str
    path: str
    content_type: str
    opens: int
    copies: int
    shares: int
    sends: int
    uses: int
    users: int
    shown: int
    last_used_at: int | None


@dataclass(frozen=True, slots=True)
class UseReport:
    """Use by asset, most used first, by week for the chart, with what was left out of the count."""

    as_of: int
    window_days: int
    eligible: int
    used: int
    utilisation_interval: tuple[float, float]
    concentration: float
    weeks: tuple[tuple[int, int, int], ...]
    dropped: tuple[tuple[str, int], ...]
    rows: tuple[UseRow, ...]


@dataclass(frozen=True, slots=True)
class SearchGapRow:
    """A search that found nothing. ``with_filters``: only because of the filters."""

    norm: str
    query: str
    times: int
    people: int
    last_at: int
    with_filters: bool


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a rep asks for; only the need is required. ``search`` is the search tried in vain."""

    need: str
    details: str = ""
    content_type: str = ""
    persona: str = ""
    stage: str = ""
    value_proposition: str = ""
    account: str = ""
    deal: str = ""
    needed_by: int | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class RequestNote:
    """One step in a request's history."""

    at: int
    status: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request for material. ``wants`` are the wanted terms; ``votes`` counts distinct people."""

    id: int
    need: str
    details: str
    status: str
    by: str
    created_at: int
    needed_by: int | None
    assignee: str
    account: str
    deal: str
    amount_minor: int | None
    currency: str
    wants: tuple[TagRow, ...]
    search: str
    votes: int
    fulfilled_by: int | None
    fulfilled_by_title: str
    duplicate_of: int | None
    history: tuple[RequestNote, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``bad``: (line number, reason) pairs; ``repeated``: same file again."""

    rows: int
    imported: int
    skipped: int
    repeated: bool
    bad: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``deckhand doctor``: ``state`` is ok, warn or bad; ``fix`` says what to do."""

    name: str
    state: str
    detail: str
    fix: str = ""
