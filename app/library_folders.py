"""The part of the Library about its folders, their files and how it all stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import LibraryPaths
from app.settings import Settings

if TYPE_CHECKING:
    from app import rows
    from app.changes import Changes
    from app.store.engine import Store


class FoldersOfLibrary:
    """Mixed into ``app.library.Library``, whose store, settings and paths it uses."""

    if TYPE_CHECKING:
        folder: Path
        paths: LibraryPaths
        settings: Settings

        @property
        def store(self) -> Store:
            """The opened database."""
            ...

    # ---- roots and state -----------------------------------------------------------------

    def roots(self) -> tuple[rows.RootRow, ...]:
        """The folders of the library with their state."""
        from app.catalogue import roots

        with self.store.read() as session:
            return roots.rows_of(session, self.settings)

    def add_root(self, path: str) -> Changes:
        """Add a folder. Raises UserError when it does not exist or lies inside another root."""
        from app.catalogue import roots

        with self.store.write() as session:
            return roots.add(session, self.settings, Path(path), library=self.folder)

    def remove_root(self, root_id: int) -> Changes:
        """Take a folder out; its assets stay in the record as missing, with tags and history."""
        from app.catalogue import roots

        with self.store.write() as session:
            return roots.remove(session, self.settings, root_id)

    def restore_root(self, root_id: int, path: str) -> Changes:
        """The inverse of ``remove_root``."""
        from app.catalogue import roots

        with self.store.write() as session:
            return roots.restore(session, self.settings, root_id, path)

    def status(self) -> rows.LibraryStatus:
        """Counts of the record and whether the index is current."""
        from app.catalogue import overview

        with self.store.read() as session:
            return overview.status(session, self.paths)

    def problems(self) -> tuple[rows.ProblemRow, ...]:
        """Every file that is not fully searchable, with the reason."""
        from app.catalogue import problems

        with self.store.read() as session:
            return problems.listed(session)

    def retry_files(self, asset_ids: Sequence[int]) -> Changes:
        """Have files read again that could not be read, or not wholly. Raises UserError."""
        from app.catalogue import mending

        with self.store.write() as session:
            return mending.retry(session, asset_ids)

    def ignore_files(self, asset_ids: Sequence[int]) -> Changes:
        """Leave files out of the library; on disk nothing changes. Raises UserError."""
        from app.catalogue import mending

        with self.store.write() as session:
            return mending.ignore(session, self.settings, asset_ids)

    def restore_ignored(self, before: object) -> Changes:
        """The inverse of ``ignore_files``."""
        from app.catalogue import mending

        return mending.restore_ignored(self.settings, before)

    def accept_missing(self, root_id: int) -> Changes:
        """Say that files which vanished from a folder all at once are meant to be gone."""
        from app.catalogue import mending

        with self.store.write() as session:
            return mending.accept_missing(session, root_id)

    def fetch_files(self, root_id: int, on: bool) -> Changes:  # noqa: FBT001
        """Say whether files of a folder that are online only are fetched to be read, as many a day
        as the settings allow. Raises UserError."""
        from app.catalogue import fetching

        with self.store.write() as session:
            return fetching.set_wanted(session, self.settings, root_id, on=on)

    def locate_root(self, root_id: int, path: str) -> Changes:
        """Say where a folder of the library is on this machine now. Raises UserError."""
        from app.catalogue import roots

        with self.store.write() as session:
            return roots.locate(session, self.settings, root_id, Path(path), library=self.folder)

    def restore_place(self, root_id: int, path: str) -> Changes:
        """The inverse of ``locate_root``; an empty path says that nobody knows."""
        from app.catalogue import roots

        with self.store.write() as session:
            return roots.restore_place(session, self.settings, root_id, path)

    def health(self) -> rows.Health:
        """What the search index holds of the record, and the room on disk."""
        from app.catalogue import health

        with self.store.read() as session:
            return health.health(session, self.paths)

    def left_out(self) -> tuple[rows.LeftOut, ...]:
        """The patterns by which files are left out: for all folders, then for each."""
        from app.catalogue import leaving_out

        with self.store.read() as session:
            return leaving_out.listed(session, self.settings)

    def set_left_out(self, root_id: int | None, patterns: Sequence[str]) -> Changes:
        """Have these patterns hold for a folder, or for all (None). Raises UserError."""
        from app.catalogue import leaving_out

        with self.store.write() as session:
            return leaving_out.put(session, self.settings, root_id, patterns)

    def would_leave_out(self, root_id: int | None, patterns: Sequence[str]) -> rows.LeavingOut:
        """How many files leave and come back with these patterns. Raises UserError."""
        from app.catalogue import leaving_out

        with self.store.read() as session:
            return leaving_out.would_leave(session, self.settings, root_id, patterns)
