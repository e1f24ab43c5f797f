"""Time and identity: UTC milliseconds and UUIDv7.

Modules are imported inside functions: ``uuid`` brings ``platform``, which the window's first
paint would wait for.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

DAY_MS = 86_400_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def now_ms() -> int:
    """The present in UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def uuid7(at_ms: int | None = None) -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, section 5.7); ``at_ms`` is its moment, by default now."""
    import uuid

    moment = now_ms() if at_ms is None else at_ms
    noise = int.from_bytes(os.urandom(10), "big")
    value = moment << 80 | 7 << 76 | (noise >> 62 & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1
    return uuid.UUID(int=value)


def day_text(ms: int) -> str:
    """The UTC day of a moment as YYYY-MM-DD."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()


def said_day(ms: int) -> str:
    """The UTC day of a moment as people say it: "9 Nov 2026"."""
    from datetime import UTC, datetime

    day = datetime.fromtimestamp(ms / 1000, UTC)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def iso_text(ms: int) -> str:
    """A moment as ISO 8601 with seconds and Z."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(ms / 1000, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds") + "Z"


def end_of_day_ms(text: str) -> int:
    """The last millisecond of the UTC day ``text`` (YYYY-MM-DD). Raises ValueError."""
    from datetime import UTC, date, datetime

    day = date.fromisoformat(text)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(start.timestamp() * 1000) + DAY_MS - 1
