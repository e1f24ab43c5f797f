"""When so much has vanished from a root at once that it may not be true (FW-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.catalogue.reconcile import Known, Plan
from indexer.watch.ignore import Ignore

FEW, SHARE = 20, 0.2


def all_gone(known: Sequence[Known], ignored: Ignore) -> bool:
    """Whether a root in which nothing was found held files that should be there."""
    return any(not file.missing and not ignored.hides(file.relpath) for file in known)


def too_many(plan: Plan, known: Sequence[Known], ignored: Ignore) -> bool:
    """Whether more than a fifth of a root's files, and more than twenty, are gone for no reason.

    A file that is ignored now, or that seems to be elsewhere, has a reason.
    """
    gone = set(plan.gone) - {file.id for file in known if ignored.hides(file.relpath)}
    gone -= _found_elsewhere(known, plan)
    present = sum(not file.missing for file in known)
    return len(gone) > max(FEW, SHARE * present)


def _found_elsewhere(known: Sequence[Known], plan: Plan) -> set[int]:
    """The files of which a new one has size and time: moved, on a disk that gives no lasting ids.

    What they hold tells for sure, once it is read.
    """
    fresh = Counter((item.size, item.mtime_ns) for item in plan.read)
    found = set()
    gone = set(plan.gone)
    for file in known:
        if file.id in gone and fresh[(file.size, file.mtime_ns)] > 0:
            fresh[(file.size, file.mtime_ns)] -= 1
            found.add(file.id)
    return found


def sentence(gone: int, known: Sequence[Known]) -> str:
    """What is said of a root from which too much has vanished at once."""
    present = sum(not file.missing for file in known)
    return (
        f"{gone:,} of {present:,} files are gone at once. Nothing was forgotten. If that is right, "
        "accept it (Library page, or deckhand index --accept-missing); else check the drive."
    )
