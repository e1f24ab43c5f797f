"""The frozen rows that leave the record: ready values for the window and the command line.

All times are UTC milliseconds since 1970 (int). Ids are database keys unless they are called uid.
Each row is loaded when it is first asked for: making one dataclass takes most of a millisecond,
and the window needs four of them to paint.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.rows.asset import AssetDetail, EventRow, PageRow
    from app.rows.find import (
        Completion,
        Elsewhere,
        FacetCounts,
        FindResult,
        Looser,
        PageHit,
        PagesFound,
        Part,
        RecentSearch,
        SavedSearch,
        TermCount,
    )
    from app.rows.library import (
        BackupRow,
        Check,
        FacetRow,
        Health,
        Holdings,
        LeavingOut,
        LeftOut,
        LibraryStatus,
        Missing,
        MissingPlace,
        PersonRow,
        ProblemRow,
        RelinkPreview,
        RootRow,
        TermRow,
    )
    from app.rows.listed import FindSpec, Hit, RankReason, TagRow
    from app.rows.reports import SearchGapRow, UnusedReport, UnusedRow, UseReport, UseRow
    from app.rows.requests import NewRequest, RequestNote, RequestRow
    from app.rows.use import Draft, ImportResult, Occasion, Opening

__all__ = [
    "OPEN_REQUEST_STATUSES", "REQUEST_STATUSES", "REQUEST_STATUS_LABELS", "ROLES", "ROLE_LABELS",
    "SHOWN_STATUSES", "SORTS", "SORT_LABELS", "STATUSES", "STATUS_LABELS", "TRUST_LABELS",
    "AssetDetail", "BackupRow", "Check", "Completion", "Draft", "Elsewhere", "EventRow",
    "FacetCounts", "FacetRow", "FindResult", "FindSpec", "Health", "Hit", "Holdings",
    "ImportResult", "LeavingOut", "LeftOut", "LibraryStatus", "Looser", "Missing",
    "MissingPlace", "NewRequest", "Occasion", "Opening", "PageHit", "PageRow", "PagesFound",
    "Part", "PersonRow", "ProblemRow",
    "RankReason", "RecentSearch", "RelinkPreview", "RequestNote", "RequestRow", "RootRow",
    "SavedSearch", "SearchGapRow",
    "TagRow", "TermCount", "TermRow", "UnusedReport", "UnusedRow", "UseReport", "UseRow",
]  # fmt: skip

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

_HOMES = {
    "asset": ("AssetDetail", "EventRow", "PageRow"),
    "find": ("Completion", "Elsewhere", "FacetCounts", "FindResult", "Looser", "PageHit",
        "PagesFound", "Part", "RecentSearch", "SavedSearch", "TermCount"),
    "library": ("BackupRow", "Check", "FacetRow", "Health", "Holdings", "LeavingOut", "LeftOut",
        "LibraryStatus", "Missing", "MissingPlace", "PersonRow", "ProblemRow", "RelinkPreview",
        "RootRow", "TermRow"),
    "listed": ("FindSpec", "Hit", "RankReason", "TagRow"),
    "reports": ("SearchGapRow", "UnusedReport", "UnusedRow", "UseReport", "UseRow"),
    "requests": ("NewRequest", "RequestNote", "RequestRow"),
    "use": ("Draft", "ImportResult", "Occasion", "Opening"),
}  # fmt: skip


def __getattr__(name: str) -> object:
    """The row called ``name``, from the module that defines it."""
    for home, names in _HOMES.items():
        if name in names:
            row = getattr(import_module(f"app.rows.{home}"), name)
            globals()[name] = row
            return row
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
