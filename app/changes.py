"""What a mutation touched, so that screens know what to refresh, and how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

CHANGED_KINDS = (
    "assets", "tags", "vocabulary", "roots", "people", "requests", "events", "settings", "index",
    "searches",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inverse:
    """The call that takes a mutation back: ``method`` is the name of a Library method."""

    method: str
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The result of one mutation.

    ``kinds`` holds words of CHANGED_KINDS; ``asset_ids`` the assets touched (empty: perhaps all);
    ``summary`` is a sentence for people ("3 assets tagged Finance"); ``inverse`` undoes it.
    """

    kinds: frozenset[str] = frozenset()
    asset_ids: tuple[int, ...] = ()
    summary: str = ""
    inverse: Inverse | None = None
    result: object = field(default=None, compare=False)

    def touches(self, *kinds: str) -> bool:
        """Whether any of the given kinds is among those changed."""
        return not self.kinds.isdisjoint(kinds)


Listener = Callable[[Changes], None]
