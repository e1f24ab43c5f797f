"""The part of the library in memory about where folders are, what is left out, and health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app import rows
from app.changes import Changes, Inverse
from app.errors import UserError
from tests.ui import fake_rows


def changes(kinds: str, summary: str = "", inverse: Inverse | None = None) -> Changes:
    return Changes(frozenset(kinds.split()), (), summary, inverse)


class FakeFolders:
    """Mixed into FakeLibrary."""

    root_rows: list[rows.RootRow]
    hits: dict[int, rows.Hit]
    patterns: dict[int | None, tuple[str, ...]]

    def _note(self, method: str) -> None:
        raise NotImplementedError

    def locate_root(self, root_id: int, path: str) -> Changes:
        self._note("locate_root")
        former = next(row.path for row in self.root_rows if row.id == root_id)
        self.root_rows = [
            replace(row, path=path) if row.id == root_id else row for row in self.root_rows
        ]
        undo = Inverse("locate_root", (root_id, former))
        return changes("roots", summary=f"It is at {path}.", inverse=undo)

    def fetch_files(self, root_id: int, on: bool) -> Changes:
        self._note("fetch_files")
        self.root_rows = [
            replace(row, fetch=on) if row.id == root_id else row for row in self.root_rows
        ]
        undo = Inverse("fetch_files", (root_id, not on))
        return changes("roots", summary="Fetched.", inverse=undo)

    def health(self) -> rows.Health:
        self._note("health")
        pages = 9 * len(self.hits)
        return rows.Health(pages, pages, 0, 9 << 20, 2 << 20, 40 << 20, fake_rows.NOW)

    def left_out(self) -> tuple[rows.LeftOut, ...]:
        self._note("left_out")
        return tuple(
            rows.LeftOut(number, name, self.patterns.get(number, ()))
            for number, name in [(None, "All folders"), *((r.id, r.name) for r in self.root_rows)]
        )

    def set_left_out(self, root_id: int | None, patterns: Sequence[str]) -> Changes:
        self._note("set_left_out")
        self.patterns[root_id] = tuple(patterns)
        return changes("roots", summary="Patterns kept.")

    def would_leave_out(self, root_id: int | None, patterns: Sequence[str]) -> rows.LeavingOut:
        self._note("would_leave_out")
        if "!" in patterns:
            raise UserError("“!” is not a valid ignore pattern: write it as in a .gitignore file.")
        back = len(set(self.patterns.get(root_id, ())) - set(patterns))
        return rows.LeavingOut(3 * len(patterns), back)

    def missing(self, root_id: int) -> rows.Missing:
        self._note("missing")
        return rows.Missing((), ())
