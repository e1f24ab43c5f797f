"""The Library: the one object that the window and the command line hold.

Every method blocks and is safe to call from any thread but the window's: the window calls through
``ui.tasks``. The heavy modules are imported inside methods, because the window must paint before
SQLAlchemy, numpy and Whoosh have been loaded (0.4 s of CPU and more).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.clock import now_ms
from app.library_copies import CopiesOfLibrary
from app.library_finding import FindingOfLibrary
from app.library_folders import FoldersOfLibrary
from app.settings import Settings

Progress = Callable[[int, int, str], None]

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app import rows
    from app.changes import Changes, Inverse
    from app.finding.find import Finder
    from app.store.engine import Store


class Library(CopiesOfLibrary, FindingOfLibrary, FoldersOfLibrary):
    """A library folder: the database, the search index beside it, and the services over both.

    Creating one touches nothing on disk. Its methods raise ``UserError`` when the folder is on
    a network share or the database is newer than this program.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = paths.LibraryPaths(folder)
        self.settings = Settings(self.paths.settings)
        self._store: Store | None = None
        self._finder: Finder | None = None
        self._opening = threading.RLock()

    # ---- opening and closing -------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether the folder holds a library already."""
        return self.paths.database.exists()

    @property
    def store(self) -> Store:
        """The opened database (created and migrated at first use)."""
        with self._opening:
            if self._store is None:
                from app.store.engine import open_store

                self._store = open_store(self.paths, self.settings)
            return self._store

    @property
    def finder(self) -> Finder:
        """The search side, opened at first use."""
        with self._opening:
            if self._finder is None:
                from app.finding.find import Finder

                self._finder = Finder(self.store, self.paths.index, self.settings)
            return self._finder

    def close(self) -> None:
        """Release files and connections. The library can be used again afterwards."""
        if self._finder is not None:
            self._finder.close()
            self._finder = None
        if self._store is not None:
            self._store.close()
            self._store = None

    def indexer_command(self, *, watch: bool = True) -> list[str]:
        """The command line of the indexing child process for this library."""
        command = [sys.executable, "-m", "app.indexing", "--library", str(self.folder)]
        return [*command, "--watch"] if watch else command

    # ---- people --------------------------------------------------------------------------

    def me(self) -> rows.PersonRow | None:
        """The person who uses this library on this machine, or None before the first question."""
        from app.store import people

        with self.store.read() as session:
            return people.me(session, self.settings)

    def set_me(self, name: str, role: str, counts: bool | None = None) -> Changes:  # noqa: FBT001
        """Say who uses this machine; ``role`` is one of ``rows.ROLES``. Raises UserError."""
        from app.store import people

        with self.store.write() as session:
            return people.set_me(session, self.settings, name=name, role=role, counts=counts)

    def people(self) -> tuple[rows.PersonRow, ...]:
        """All people of the library by name."""
        from app.store import people

        with self.store.read() as session:
            return people.everyone(session)

    # ---- finding -------------------------------------------------------------------------

    def find(self, spec: rows.FindSpec) -> rows.FindResult:
        """Search. Never raises for anything typed."""
        return self.finder.find(spec)

    def complete(self, text: str, cursor: int) -> tuple[rows.Completion, ...]:
        """How the text could go on at the cursor: fields, terms, people, folders, words, searches.

        Quick enough for every keystroke. Never raises for anything typed.
        """
        return self.finder.complete(text, cursor)

    def recent_searches(self) -> tuple[rows.RecentSearch, ...]:
        """What the person of this machine has searched for lately, newest first."""
        from app.finding import recent

        with self.store.read() as session:
            return recent.of_me(session, self.settings)

    def forget_searches(self) -> Changes:
        """List no search made until now among the recent ones; the record keeps them."""
        from app.finding import recent

        return recent.forget(self.settings)

    def remember_searches(self, since: object) -> Changes:
        """The inverse of ``forget_searches``."""
        from app.finding import recent

        return recent.remember(self.settings, since)

    def saved_searches(self) -> tuple[rows.SavedSearch, ...]:
        """The searches that the person of this machine has kept, by name."""
        from app.finding import saved
        from app.store import people

        with self.store.read() as session:
            me = people.me(session, self.settings)
            return saved.listing(session, me.id) if me is not None else ()

    def save_search(self, name: str, spec: rows.FindSpec) -> Changes:
        """Keep a search under a name, in place of one of that name; ``result`` is its id.

        Raises UserError when the name is empty or there is nothing to search for.
        """
        from app.finding import saved

        with self.store.write() as session:
            return saved.save(session, self._me(session), name, spec)

    def remove_saved_search(self, search_id: int) -> Changes:
        """Forget a saved search. Raises UserError when there is none."""
        from app.finding import saved

        with self.store.write() as session:
            return saved.remove(session, self._me(session), search_id)

    def restore_saved_search(self, before: object) -> Changes:
        """The inverse of ``remove_saved_search`` and of replacing one."""
        from app.finding import saved

        with self.store.write() as session:
            return saved.restore(session, self._me(session), before)

    def log_search(self, spec: rows.FindSpec, total: int, shown: Sequence[int]) -> Changes:
        """Record a settled search and what it showed; ``result`` is the search's uid (str)."""
        from app.usage import events

        with self.store.write() as session:
            return events.log_search(session, self._me(session), spec, total, shown)

    def asset(self, asset_id: int) -> rows.AssetDetail:
        """Everything about one asset. Raises UserError when there is none."""
        from app.finding import detail

        with self.store.read() as session:
            return detail.detail(session, asset_id)

    def asset_id_of(self, text: str) -> int:
        """The asset meant by an id or a path. Raises UserError with what to do."""
        from app.catalogue import assets

        with self.store.read() as session:
            return assets.resolve(session, text)

    # ---- vocabulary and tags -------------------------------------------------------------

    def vocabulary(self) -> tuple[rows.FacetRow, ...]:
        """The facets with their terms, in order."""
        from app.vocabulary import terms

        with self.store.read() as session:
            return terms.vocabulary(session)

    def tag(
        self,
        asset_ids: Sequence[int],
        add: Sequence[tuple[str, str]] = (),
        remove: Sequence[tuple[str, str]] = (),
    ) -> Changes:
        """Set and take away tags, given as (facet key, term slug or label). Raises UserError."""
        from app.vocabulary import tagging

        with self.store.write() as session:
            return tagging.tag(session, self._me(session), asset_ids, add=add, remove=remove)

    def restore_tags(self, before: object) -> Changes:
        """The inverse of ``tag``: put back exactly the tags noted before."""
        from app.vocabulary import tagging

        with self.store.write() as session:
            return tagging.restore(session, self._me(session), before)

    def set_status(self, asset_ids: Sequence[int], status: str) -> Changes:
        """Set the status (one of ``rows.STATUSES``) of assets. Raises UserError."""
        from app.catalogue import assets

        with self.store.write() as session:
            return assets.set_status(session, asset_ids, status)

    def restore_status(self, before: object) -> Changes:
        """The inverse of ``set_status``."""
        from app.catalogue import assets

        with self.store.write() as session:
            return assets.restore_status(session, before)

    # ---- use -----------------------------------------------------------------------------

    def open_asset(
        self, asset_id: int, page: int = 0, occasion: rows.Occasion | None = None
    ) -> rows.Opening:
        """Record the opening and return how to do it. Raises UserError when the file is gone."""
        from app.usage import opening

        with self.store.write() as session:
            return opening.open_asset(session, self._me(session), asset_id, page, occasion)

    def record_use(
        self, kind: str, asset_ids: Sequence[int], occasion: rows.Occasion | None = None
    ) -> Changes:
        """Record that files were viewed, copied, shared (dragged out) or sent."""
        from app.usage import events

        with self.store.write() as session:
            return events.record(session, self._me(session), kind, asset_ids, occasion)

    def draft(
        self,
        asset_ids: Sequence[int],
        *,
        to: str = "",
        subject: str = "",
        body: str = "",
        occasion: rows.Occasion | None = None,
        target: Path | None = None,
    ) -> rows.Draft:
        """Write an e-mail draft (.eml, X-Unsent) with the files attached and record the sending."""
        from app.usage import sending

        with self.store.write() as session:
            return sending.draft(
                session, self._me(session), asset_ids, to=to, subject=subject, body=body,
                occasion=occasion, target=target, folder=self.paths.drafts,
            )  # fmt: skip

    def accounts(self) -> tuple[str, ...]:
        """Names of known accounts, for completion."""
        from app.usage import accounts

        with self.store.read() as session:
            return accounts.account_names(session)

    def deals(self, account: str = "") -> tuple[str, ...]:
        """Names of open deals (of one account), for completion."""
        from app.usage import accounts

        with self.store.read() as session:
            return accounts.deal_names(session, account)

    def import_events(self, file: Path) -> rows.ImportResult:
        """Import usage events from CSV; the same file twice is a no-op. Raises UserError."""
        from app.usage import importing

        with self.store.write() as session:
            return importing.import_events(session, self._me(session), file)

    # ---- attention -----------------------------------------------------------------------

    def unused(self, window_days: int = 90, as_of: int | None = None) -> rows.UnusedReport:
        """Unused content by the rules of the metrics, with denominators and exclusions."""
        from app.insight import reports

        with self.store.read() as session:
            return reports.unused(session, self.settings, window_days, as_of or now_ms())

    def use(self, window_days: int = 90, as_of: int | None = None) -> rows.UseReport:
        """Use by asset and by week."""
        from app.insight import reports

        with self.store.read() as session:
            return reports.use(session, self.settings, window_days, as_of or now_ms())

    def search_gaps(
        self, window_days: int = 90, as_of: int | None = None
    ) -> tuple[rows.SearchGapRow, ...]:
        """Searches that found nothing, most people first."""
        from app.insight import reports

        with self.store.read() as session:
            return reports.search_gaps(session, window_days, as_of or now_ms())

    # ---- asking --------------------------------------------------------------------------

    def requests(self, *, open_only: bool = False) -> tuple[rows.RequestRow, ...]:
        """Requests for material, most wanted first."""
        from app.asking import requests

        with self.store.read() as session:
            return requests.listing(session, open_only=open_only)

    def request(self, request_id: int) -> rows.RequestRow:
        """One request with its history. Raises UserError when there is none."""
        from app.asking import requests

        with self.store.read() as session:
            return requests.one(session, request_id)

    def file_request(self, new: rows.NewRequest) -> Changes:
        """File a request; ``result`` is its id. Raises UserError when the need is empty."""
        from app.asking import requests

        with self.store.write() as session:
            return requests.file(session, self._me(session), new)

    def withdraw_request(self, request_id: int) -> Changes:
        """The inverse of ``file_request``: closed, with a note; nothing is erased."""
        from app.asking import requests

        with self.store.write() as session:
            return requests.withdraw(session, self._me(session), request_id)

    def set_request(
        self,
        request_id: int,
        status: str,
        note: str = "",
        *,
        fulfilled_by: int | None = None,
        duplicate_of: int | None = None,
    ) -> Changes:
        """Move a request to another status. Raises UserError when something needed is missing."""
        from app.asking import requests

        with self.store.write() as session:
            return requests.set_status(
                session, self._me(session), request_id, status, note,
                fulfilled_by=fulfilled_by, duplicate_of=duplicate_of,
            )  # fmt: skip

    def vote(self, request_id: int) -> Changes:
        """Say "I need this too". A second vote of the same person changes nothing."""
        from app.asking import requests

        with self.store.write() as session:
            return requests.vote(session, self._me(session), request_id)

    # ---- upkeep --------------------------------------------------------------------------

    def undo(self, inverse: Inverse) -> Changes:
        """Carry out the inverse of an earlier mutation."""
        from app.changes import Changes

        changes = getattr(self, inverse.method)(*inverse.args)
        assert isinstance(changes, Changes)
        return changes

    def doctor(self) -> tuple[rows.Check, ...]:
        """Check the library and its surroundings, read only."""
        from app.catalogue import doctor

        return doctor.checks(self.store, self.paths, self.settings)

    def backups(self) -> tuple[rows.BackupRow, ...]:
        """The copies of the record that are kept beside it, newest first."""
        from app.store import backups

        return backups.listing(self.paths.backups)

    def back_up(self, file: Path | None = None) -> rows.BackupRow:
        """Copy the record now: to ``file``, or beside the others, of which ten are kept.

        Raises UserError when ``file`` is there already.
        """
        from app.store import backups

        if file is not None:
            return backups.make_at(self.store.engine, file)
        return backups.make(self.store.engine, self.paths.backups, "asked")

    def holdings(self, copy: Path | None = None) -> rows.Holdings:
        """What a copy holds, or the record itself. Raises UserError when it cannot be read."""
        from app.store import backups

        return backups.holdings(copy or self.paths.database)

    def restore(self, copy: Path, window: int = 0) -> None:
        """Put a copy in the place of the record, of which a copy is made before.

        Raises UserError for a copy of another library, LibraryBusy while it is open elsewhere
        than in the process ``window``.
        """
        from app.store import backups

        self.close()
        backups.restore(self.paths, copy, window)
        # Whatever schema the copy has, from now on it has ours.
        assert self.store.paths is self.paths

    def has_sample(self) -> bool:
        """Whether this is the made-up sample library."""
        return self.exists and self.status().sample

    def _me(self, session: Session) -> int:
        from app.store import people

        return people.my_id(session, self.settings)


def build_sample(progress: Progress, folder: Path | None = None) -> Path:
    """Build the sample library (or find it built), index it, and return its folder.

    ``progress(done, total, what)`` is called as it goes on. Raises UserError when ``folder`` holds
    another library already.
    """
    from app.sample.load import build

    return build(progress, folder or paths.sample_library())
