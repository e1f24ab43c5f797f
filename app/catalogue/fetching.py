"""Files that lie in a cloud, fetched to be read: in folders that want it, so much a day (FW-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.changes import Changes, Inverse
from app.errors import UserError
from app.settings import Settings
from app.store.tables import Root
from indexer.scan import ONLINE_ONLY, Found

if TYPE_CHECKING:
    from app.catalogue.reconcile import Known

WANTED, SPENT = "fetch", "fetched"
CAP = "index.fetch_mb_a_day"


def wants(settings: Settings, uid: str) -> bool:
    """Whether the files of a root are fetched on this machine."""
    found: list[str] = settings.fact(WANTED, [])
    return uid in found


def set_wanted(session: Session, settings: Settings, root_id: int, *, on: bool) -> Changes:
    """Say whether files of a root that are online only are fetched. Raises UserError."""
    root = session.get(Root, root_id)
    if root is None:
        raise UserError(f"There is no folder number {root_id} in the library.")
    others = [uid for uid in settings.fact(WANTED, []) if uid != str(root.uid)]
    settings.set_fact(WANTED, [*others, str(root.uid)] if on else others)
    cap = f"up to {settings.number(CAP):,.0f} MB a day"
    done = f"are fetched, {cap}" if on else "are not fetched"
    return Changes(
        frozenset({"roots"}), summary=f"Online-only files of {root.name} {done}.",
        inverse=Inverse("fetch_files", (root_id, not on)),
    )  # fmt: skip


def lifted(
    settings: Settings, uid: str, known: Sequence[Known], found: Sequence[Found]
) -> Sequence[Found]:
    """What a scan found, with those of the files that are online only to be read after all for
    which there is room in today's measure; opening a file fetches it.

    What was read once is not fetched again while it is as it was.
    """
    away = [place for place, item in enumerate(found) if item.problem == ONLINE_ONLY]
    if not away or not wants(settings, uid):
        return found
    read = {(file.relpath, file.size, file.mtime_ns) for file in known if file.read}
    today, spent = _spent(settings)
    room = int(settings.number(CAP)) * 2**20 - spent
    result = list(found)
    for place in away:
        item = found[place]
        if item.size <= room and (item.relpath, item.size, item.mtime_ns) not in read:
            room -= item.size
            spent += item.size
            result[place] = replace(item, problem=None)
    settings.set_fact(SPENT, {"day": today, "bytes": spent})
    return result


def _spent(settings: Settings) -> tuple[str, int]:
    """Today, and how many bytes were fetched since it began."""
    today = datetime.now().astimezone().date().isoformat()
    told: dict[str, Any] = settings.fact(SPENT, {})
    spent = told.get("bytes")
    return today, spent if told.get("day") == today and isinstance(spent, int) else 0
