"""Which methods of the Library a window asks its child for, and which of them write."""

from __future__ import annotations

from app.library import Library

KNOWN = "--known"
"""Tells a child that there was a library before: where it is gone it must not be begun anew."""

HERE = frozenset(
    ("close", "exists", "store", "finder", "indexer_command", "has_sample", "radar_scan")
)
"""What needs no record, or belongs to the command line, which asks nobody."""

WITHOUT_RECORD = frozenset(("backups", "holdings"))
"""What tells of the copies also where the record itself is gone."""

_ALSO_WRITE = frozenset(("open_asset", "draft", "import_events", "back_up", "restore"))
"""Beside the mutations, which return Changes: deeds that answer with something else."""


def _writes(method: str) -> bool:
    returned = getattr(Library, method).__annotations__.get("return")
    return returned == "Changes" or method in _ALSO_WRITE


ASKED = tuple(name for name in dir(Library) if not name.startswith("_") and name not in HERE)
WRITES = frozenset(name for name in ASKED if _writes(name))
