"""What every page is given: the ways to the library, to the person and to the other pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.rows import PersonRow
    from ui.bridge import Bridge
    from ui.commands import Commands
    from ui.notify import Notify
    from ui.state import State
    from ui.theme import Theme


class Context:
    """One library's context; another library gets another one.

    ``navigate(key, **args)`` shows a page and passes ``args`` to its ``activate``; ``me()`` is the
    person last read, or None before the first question was answered. ``make_pictures`` makes the
    ``ui.pictures.Pictures`` of the library.
    """

    def __init__(
        self,
        *,
        bridge: Bridge,
        notify: Notify,
        theme: Theme,
        commands: Commands,
        state: State,
        navigate: Callable[..., None],
        me: Callable[[], PersonRow | None],
        make_pictures: Callable[[], object] | None = None,
    ) -> None:
        self.bridge = bridge
        self.notify = notify
        self.theme = theme
        self.commands = commands
        self._make_pictures = make_pictures
        self._pictures: object = None
        self.state = state
        self.navigate = navigate
        self.me = me

    @property
    def pictures(self) -> object:
        """The library's ``ui.pictures.Pictures``, made at first use; None when there are none."""
        if self._pictures is None and self._make_pictures is not None:
            self._pictures = self._make_pictures()
        return self._pictures

    @pictures.setter
    def pictures(self, pictures: object) -> None:
        """Take pictures that a page has made for itself."""
        self._pictures = pictures
