"""The search field's side of the library in memory: pieces, completion, saved and recent."""

from __future__ import annotations

from app import rows
from app.changes import Changes, Inverse
from app.errors import UserError
from app.finding import completion, language
from app.vocabulary.terms import Vocabulary
from tests.ui import fake_rows

_VOCABULARY = Vocabulary(fake_rows.FACETS)
_WORDS = ("security", "secure", "sector", "trust", "trusted", "zero", "zero-trust")


class _Words:
    """The words of the index."""

    def completions(self, prefix: str, k: int = 8) -> list[str]:
        return [word for word in _WORDS if word.startswith(prefix.lower())][:k]


def parts(spec: rows.FindSpec) -> tuple[rows.Part, ...]:
    """The pieces of a text, read by the real language."""
    return language.parse(spec.text, _VOCABULARY, exact=spec.exact).parts


class FakeSearches:
    """Completes by the real rules; keeps saved and recent searches in plain lists."""

    recent_rows: tuple[rows.RecentSearch, ...] = ()
    saved_rows: tuple[rows.SavedSearch, ...] = ()

    def _note(self, method: str) -> None:
        raise NotImplementedError

    def complete(self, text: str, cursor: int) -> tuple[rows.Completion, ...]:
        self._note("complete")
        sources = completion.Sources(
            fake_rows.FACETS, lambda: ("Ana Lima", "Priya Raman"), lambda: ("Sales", "Sales/Decks"),
            lambda: self.recent_rows, _Words(), lambda: self.saved_rows,
        )  # fmt: skip
        return completion.complete(text, cursor, sources)

    def recent_searches(self) -> tuple[rows.RecentSearch, ...]:
        self._note("recent_searches")
        return self.recent_rows

    def saved_searches(self) -> tuple[rows.SavedSearch, ...]:
        self._note("saved_searches")
        return self.saved_rows

    def save_search(self, name: str, spec: rows.FindSpec) -> Changes:
        self._note("save_search")
        name = " ".join(name.split())
        if not name:
            raise UserError("Give the search a name.")
        same = [row for row in self.saved_rows if row.name.lower() == name.lower()]
        number = same[0].id if same else 1 + max((row.id for row in self.saved_rows), default=0)
        kept = tuple(row for row in self.saved_rows if row not in same)
        self.saved_rows = (*kept, rows.SavedSearch(number, name, spec, fake_rows.NOW))
        undo = Inverse("restore_saved_search", (same[0] if same else number,))
        again = " anew" if same else ""
        return _changed(f"Search “{name}” saved{again}.", undo, number)

    def remove_saved_search(self, search_id: int) -> Changes:
        self._note("remove_saved_search")
        row = next((row for row in self.saved_rows if row.id == search_id), None)
        if row is None:
            raise UserError("This saved search is not there any more.")
        self.saved_rows = tuple(other for other in self.saved_rows if other is not row)
        return _changed(f"Search “{row.name}” removed.", Inverse("restore_saved_search", (row,)))

    def restore_saved_search(self, before: object) -> Changes:
        self._note("restore_saved_search")
        number = before.id if isinstance(before, rows.SavedSearch) else before
        self.saved_rows = tuple(row for row in self.saved_rows if row.id != number)
        if isinstance(before, rows.SavedSearch):
            self.saved_rows = (*self.saved_rows, before)
        return _changed("Put back.", Inverse("remove_saved_search", (number,)))

    def forget_searches(self) -> Changes:
        self._note("forget_searches")
        before, self.recent_rows = self.recent_rows, ()
        undo = Inverse("remember_searches", (before,))
        return _changed("Recent searches forgotten.", undo)

    def remember_searches(self, since: object) -> Changes:
        self._note("remember_searches")
        assert isinstance(since, tuple)
        self.recent_rows = since
        return _changed("Recent searches put back.", Inverse("forget_searches"))


def _changed(summary: str, inverse: Inverse, result: object = None) -> Changes:
    return Changes(frozenset({"searches"}), (), summary, inverse, result)
