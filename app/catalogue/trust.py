"""What a rep may trust: the shown status, the badge and its sentence (vocabulary.md, section 4)."""

from __future__ import annotations

from app.clock import DAY_MS, said_day
from app.rows import STATUS_LABELS

SOON_DAYS = 30


def shown_status(status: str, *, expires_at: int | None, superseded: bool, now: int) -> str:
    """The status as people see it: superseded and expired go before what was set."""
    if status == "archived":
        return "archived"
    if superseded:
        return "superseded"
    if status == "expired" or (expires_at is not None and expires_at <= now):
        return "expired"
    return status


def badge(
    shown: str, *, review_due_at: int | None, expires_at: int | None, now: int
) -> tuple[str, str]:
    """The trust badge (a key of rows.TRUST_LABELS) and a short note."""
    if shown in ("expired", "superseded"):
        since = f" on {said_day(expires_at)}" if shown == "expired" and expires_at else ""
        return shown, STATUS_LABELS[shown] + since
    if shown != "published":
        return "unofficial", STATUS_LABELS[shown]
    if review_due_at is not None and review_due_at <= now:
        return "overdue", f"Review was due on {said_day(review_due_at)}"
    if expires_at is not None and expires_at - now <= SOON_DAYS * DAY_MS:
        days = max(1, -(-(expires_at - now) // DAY_MS))
        return "current", f"Expires in {days} day{'s' if days != 1 else ''}"
    return "current", "Current"
