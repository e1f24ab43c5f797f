"""The sentence beside the badge."""

from __future__ import annotations

from app.catalogue import trust
from app.clock import DAY_MS

NINTH_OF_NOVEMBER = 1_794_182_400_000


def test_days_are_said_as_everywhere_in_the_window() -> None:
    now = NINTH_OF_NOVEMBER + 2 * DAY_MS
    expired = trust.badge("expired", review_due_at=None, expires_at=NINTH_OF_NOVEMBER, now=now)
    assert expired == ("expired", "Expired on 9 Nov 2026")
    due = trust.badge("published", review_due_at=NINTH_OF_NOVEMBER, expires_at=None, now=now)
    assert due == ("overdue", "Review was due on 9 Nov 2026")
