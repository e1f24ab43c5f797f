"""From typing to an answer: asking at once, letting the newest win, noting what settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.rows import FindSpec
from ui.models.hits import PAGE

if TYPE_CHECKING:
    from app.changes import Changes
    from app.rows import FindResult, Occasion
    from ui.bridge import Bridge
    from ui.models.facets import Filters

PATIENCE_MS = 200
BETWEEN_MS = 100
WHOLE = 2 * PAGE
SETTLE_MS = 1000
KEY = "find"

# A row's text and snippet cost a fifth of a millisecond on the way to the screen: a screenful will
# do, and while one types what is in sight.
FIRST = 25


class Answer(NamedTuple):
    """An answer and how to show it: ``how`` is new, quiet (a refresh), part (a refresh of some rows
    of a long list) or more (what comes after those loaded)."""

    result: FindResult
    how: str

    @property
    def complete(self) -> bool:
        """Whether the search has no more hits than these."""
        return len(self.result.hits) < self.result.spec.limit


class Logged:
    """A settled search; ``uid`` is filled on the write lane when it has been recorded.

    Deeds queued after it on that lane (one thread) therefore see it.
    """

    __slots__ = ("spec", "uid")

    def __init__(self, spec: FindSpec | None = None) -> None:
        self.spec = spec or FindSpec()
        self.uid = ""

    def occasion(self, channel: str = "") -> Occasion:
        """The occasion of a deed that follows this search. To be called on the write lane."""
        from app.rows import Occasion

        return Occasion(channel=channel, search_uid=self.uid)


class SearchFlow(QObject):
    """Owns the search asked for last. ``answered`` carries an Answer, ``failed`` an exception,
    ``begun`` nothing. ``typing``: what was asked last was typed, and more may come. Lives on the UI
    thread.
    """

    begun = Signal()
    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._spec = self._running = FindSpec()
        self._how = "new"
        self._busy = self.typing = False
        self.in_sight: Callable[[], int] = lambda: FIRST
        """How many rows there is room for."""
        # Of what is typed while an answer is on its way, the last is asked when it has come,
        # or beside it when that takes long.
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(PATIENCE_MS)
        self._waiting.timeout.connect(self._ask_last)
        self._parts: list[tuple[int, int]] = []
        self._between = QTimer(self)
        self._between.setSingleShot(True)
        self._between.setInterval(BETWEEN_MS)
        self._between.timeout.connect(self._next_part)

    @property
    def spec(self) -> FindSpec:
        """What was asked for last."""
        return self._spec

    @property
    def busy(self) -> bool:
        """Whether a new answer is on its way."""
        return self._waiting.isActive() or (self._busy and self._how == "new")

    def entered(self, text: str) -> bool:
        """Whether this is the text asked for last, and its words were asked for as whole ones."""
        return self._spec.exact and self._spec.text == _plain(text)

    def ask(
        self, text: str, filters: Filters, sort: str, *, exact: bool = False, now: bool = False
    ) -> None:
        """Ask anew, at once; without ``now`` after the answer to what was typed before."""
        most = FIRST if now else min(FIRST, self.in_sight())
        self._spec = FindSpec(_plain(text), filters, sort, most, exact)
        waits = self._busy and self._how == "new"
        self._how, self.typing = "new", not now
        self.begun.emit()
        if now or not waits:
            self._run(self._spec)
        elif not self._waiting.isActive():
            self._waiting.start()

    def refresh(self, loaded: int = 0, seen: int = 0) -> None:
        """Ask the same again, quietly, because the library has changed, for all that is loaded.

        A long list is asked for in parts, the one that is ``seen`` first, so that neither the
        child nor the window is held up by thousands of rows that nobody looks at.
        """
        if self.busy:
            return
        coming = self._busy and self._how == "more"
        if loaded <= WHOLE and not coming:
            self.refresh_whole(loaded)
            return
        # What is coming is not asked for twice, so it has to come: the parts wait for it.
        part = seen // PAGE * PAGE
        rest = [at for at in range(0, loaded, PAGE) if at != part]
        self._parts = [(at, min(PAGE, loaded - at)) for at in (part, *rest)]
        self._next_part()

    def refresh_whole(self, loaded: int) -> None:
        """The same in one go."""
        if not self.busy:
            self._how = "quiet"
            self._run(replace(self._spec, limit=max(FIRST, loaded)))

    def _next_part(self) -> None:
        if self._parts and not self._busy:
            skip, limit = self._parts[0]
            self._how = "part"
            self._run(replace(self._spec, skip=skip, limit=limit), parts=self._parts[1:])

    def more(self, loaded: int) -> None:
        """Ask for the hits that come after those loaded; a refresh under way goes on after it."""
        if not self.busy:
            cut = self._busy and self._how != "more"
            before = [(self._running.skip, self._running.limit)] if cut else []
            self._how = "more"
            spec = replace(self._spec, skip=loaded, limit=PAGE)
            self._run(spec, parts=[*before, *self._parts])

    def _ask_last(self) -> None:
        self._run(self._spec)

    def _run(self, spec: FindSpec, *, parts: Sequence[tuple[int, int]] = ()) -> None:
        """Ask; whatever else was to be asked for is out of date, but for these parts."""
        self._waiting.stop()
        self._parts = list(parts)
        self._busy, self._running = True, spec
        self._bridge.read(
            self, lambda library: library.find(spec), self._on_result, self._on_failed, key=KEY
        )

    def _on_result(self, result: FindResult) -> None:
        self._busy = False
        if self._waiting.isActive():
            self._run(self._spec)
        else:
            self.answered.emit(Answer(result, self._how))
            if self._parts:
                self._between.start()

    def _on_failed(self, error: Exception) -> None:
        self._busy = False
        if self._waiting.isActive():
            self._run(self._spec)
        else:
            self.failed.emit(error)


class SearchLog(QObject):
    """Records settled searches (a pause of a second, or Enter) and knows the one in force."""

    def __init__(
        self, bridge: Bridge, shown: Callable[[], Sequence[int]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._shown = shown
        self._result: FindResult | None = None
        self._viewed: set[int] = set()
        self.current = Logged()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SETTLE_MS)
        self._pause.timeout.connect(self.settle)

    def note(self, result: FindResult) -> None:
        """An answer came that a person asked for; it settles when nothing newer comes."""
        self._result = result
        self._pause.start()

    def typing(self) -> None:
        """The person goes on typing: what was there had not settled."""
        self._pause.stop()
        self._result = None

    def settle(self) -> Logged:
        """Take the present search as settled, now; deeds call this first."""
        self._pause.stop()
        result, self._result = self._result, None
        if result is None or _same(result.spec, self.current.spec):
            return self.current
        self.current = logged = Logged(result.spec)
        self._viewed.clear()
        if result.spec.text or result.spec.filters:
            shown = tuple(self._shown())
            self._bridge.mutate(self, _recording(logged, result, shown), quiet=True)
        return logged

    def first_view(self, asset_id: int) -> bool:
        """Whether this asset has not been noted as viewed in the present search."""
        if asset_id in self._viewed:
            return False
        self._viewed.add(asset_id)
        return True


def _plain(text: str) -> str:
    return " ".join(text.split())


def _recording(
    logged: Logged, result: FindResult, shown: tuple[int, ...]
) -> Callable[..., Changes]:
    def record(library: object) -> Changes:
        changes: Changes = library.log_search(result.spec, result.total, shown)  # type: ignore[attr-defined]
        logged.uid = str(changes.result or "")
        return changes

    return record


def _same(one: FindSpec, other: FindSpec) -> bool:
    """Whether two searches ask for the same; the sort and the length of the list do not count."""
    return (one.text.casefold(), one.filters) == (other.text.casefold(), other.filters)
