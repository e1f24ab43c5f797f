"""What every page is given: the ways to the library, to the person and to the other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.rows import PersonRow
from ui.bridge import Bridge
from ui.commands import Commands
from ui.notify import Notify
from ui.state import State
from ui.theme import Theme


@dataclass
class Context:
    """One library's context; another library gets another one.

    ``navigate(key, **args)`` shows a page and passes ``args`` to its ``activate``; ``me()`` is the
    person last read, or None before the first question was answered. ``pictures`` is set by the
    window to a ``ui.pictures.Pictures`` at first use.
    """

    bridge: Bridge
    notify: Notify
    theme: Theme
    commands: Commands
    pictures: object
    state: State
    navigate: Callable[..., None]
    me: Callable[[], PersonRow | None]
