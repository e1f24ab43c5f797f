"""How a library stands, as far as the window itself must know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.rows import LibraryStatus, PersonRow, RootRow

if TYPE_CHECKING:
    from app.library import Library


@dataclass(frozen=True, slots=True)
class Overview:
    """What the window itself must know of a library."""

    person: PersonRow | None
    roots: tuple[RootRow, ...]
    status: LibraryStatus
    picture_mb: int = 500
    office: bool = True

    @property
    def fresh(self) -> bool:
        """Whether there is nothing in it yet and nowhere to get it from."""
        return not self.roots and self.status.assets == 0


def read(library: Library) -> Overview:
    """Read it; blocks."""
    return Overview(
        library.me(), library.roots(), library.status(),
        int(library.settings.number("pictures.cache_mb")),
        library.settings.get("pictures.office") != "off",
    )  # fmt: skip
