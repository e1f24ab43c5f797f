"""The part of the Library about versions, copies and the radar; see ``docs/copies.md``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import LibraryPaths
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app import rows, rows_copies
    from app.changes import Changes
    from app.store.engine import Store

Progress = Callable[[int, int, str], None]


class CopiesOfLibrary:
    """Mixed into ``app.library.Library``, whose store, settings and person it uses."""

    if TYPE_CHECKING:
        paths: LibraryPaths
        settings: Settings

        @property
        def store(self) -> Store:
            """The opened database."""
            ...

        def _me(self, session: Session) -> int: ...

    # ---- versions and copies -------------------------------------------------------------

    def versions(self, asset_id: int) -> tuple[rows_copies.VersionRow, ...]:
        """The versions of an asset, newest first, with what changed. Raises UserError."""
        from app.catalogue import versions

        with self.store.read() as session:
            return versions.versions(session, asset_id)

    def copies(self) -> tuple[rows_copies.CopyPair, ...]:
        """The pairs to decide about: moves, near copies, versions by name."""
        from app.catalogue import copies

        with self.store.read() as session:
            return copies.pairs(session, self.settings.number("copies.threshold"))

    def exact_copies(self) -> tuple[rows_copies.ExactCopies, ...]:
        """The assets that lie in several places."""
        from app.catalogue import copies

        with self.store.read() as session:
            return copies.exact(session)

    def copy_decisions(self) -> tuple[rows_copies.CopyDecision, ...]:
        """What people decided about copies and still holds, newest first."""
        from app.catalogue import decisions

        with self.store.read() as session:
            return decisions.listed(session)

    def merge(self, keep: int, other: int) -> Changes:
        """Make one asset of two; ``keep`` stays as it is. Raises UserError."""
        from app.catalogue import merging

        with self.store.write() as session:
            return merging.merge(session, self._me(session), keep, other)

    def accept_move(self, old: int, new: int) -> Changes:
        """Say that the missing ``old`` was moved and edited and is ``new``. Raises UserError."""
        from app.catalogue import merging

        with self.store.write() as session:
            return merging.accept_move(session, self._me(session), old, new)

    def unmerge(self, other: int) -> Changes:
        """The inverse of ``merge`` and ``accept_move``."""
        from app.catalogue import merging

        with self.store.write() as session:
            return merging.unmerge(session, other)

    def chain(self, newer: int, older: int) -> Changes:
        """Say that ``older`` is an older version of ``newer``. Raises UserError."""
        from app.catalogue import decisions

        with self.store.write() as session:
            return decisions.chain(session, self._me(session), newer, older)

    def unchain(self, older: int) -> Changes:
        """The inverse of ``chain``."""
        from app.catalogue import decisions

        with self.store.write() as session:
            return decisions.unchain(session, older)

    def not_a_copy(self, first: int, second: int) -> Changes:
        """Remember that two assets are no copies of each other. Raises UserError."""
        from app.catalogue import decisions

        with self.store.write() as session:
            return decisions.not_a_copy(session, self._me(session), first, second)

    def forget_not_a_copy(self, first: int, second: int) -> Changes:
        """The inverse of ``not_a_copy``."""
        from app.catalogue import decisions

        with self.store.write() as session:
            return decisions.forget_not_a_copy(session, first, second)

    def relink(self, root_id: int, old_prefix: str, new_prefix: str) -> Changes:
        """Say that a file or folder has moved within a root; ``result`` counts files found.

        What is written when the program is killed stays; to say it again does the rest.
        """
        from app.catalogue import relinking

        with self.store.read() as session:
            plan = relinking.planned(session, root_id, old_prefix, new_prefix)
        done: list[tuple[int, int]] = []
        for part in relinking.portions(plan.pairs):
            with self.store.write() as session:
                done += relinking.relink(session, self._me(session), part)
        return relinking.relinked(plan, done)

    def relink_preview(self, root_id: int, old_prefix: str, new_prefix: str) -> rows.RelinkPreview:
        """What ``relink`` would find again. Raises UserError as it does."""
        from app.catalogue import relinking

        with self.store.read() as session:
            return relinking.preview(session, root_id, old_prefix, new_prefix)

    def missing(self, root_id: int) -> rows.Missing:
        """What is missing from a root, by folder and by file, and where it may be now."""
        from app.catalogue import relinking

        with self.store.read() as session:
            return relinking.missing(session, root_id)

    def unlink(
        self, root_id: int, old_prefix: str, new_prefix: str, assets: tuple[int, ...]
    ) -> Changes:
        """The inverse of ``relink``."""
        from app.catalogue import relinking

        touched: list[tuple[int, ...]] = []
        for part in relinking.portions(assets[::-1]):
            with self.store.write() as session:
                touched += relinking.unlink(session, part)
        with self.store.read() as session:
            prefixes = old_prefix, new_prefix
            return relinking.unlinked(session, root_id, prefixes, touched)

    # ---- the copy radar ------------------------------------------------------------------

    def radar(self) -> rows_copies.RadarReport:
        """The folders on the radar, and how their files stand to the library."""
        from app.asking import contributing
        from app.catalogue import radar

        with self.store.read() as session:
            report = radar.report(session, self.settings, self.paths)
            return contributing.marked(session, report)

    def radar_add(self, path: str) -> Changes:
        """Opt a folder outside the library in, on this machine. Raises UserError."""
        from app.catalogue import radar

        with self.store.read() as session:
            return radar.add(session, self.settings, Path(path), library=self.paths.folder)

    def radar_remove(self, path: str) -> Changes:
        """Opt a folder out; what was noted of its files is forgotten."""
        from app.catalogue import radar

        return radar.remove(self.settings, self.paths, Path(path))

    def radar_scan(self, progress: Progress) -> rows_copies.RadarReport:
        """Look through the opted-in folders now; ``progress(done, total, name)``."""
        from app.catalogue import radar_scan

        radar_scan.scan_all(self.store, self.settings, progress)
        return self.radar()

    def offer(self, path: str, page: int) -> Changes:
        """Offer a slide of a local file to marketing; ``result`` is the request. UserError."""
        from app.asking import contributing
        from app.catalogue import radar

        with self.store.write() as session:
            file = radar.file_at(session, self.settings, self.paths, path)
            return contributing.offer(session, self._me(session), file, page)
