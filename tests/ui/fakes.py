"""A library in memory, made of real rows, with the methods and the manners of the real one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app import rows
from app.changes import Changes, Inverse
from app.clock import now_ms
from app.errors import UserError
from app.paths import LibraryPaths
from app.rows.found import Evidence, Related, RelatedRow, WordFound
from app.rows.listed import unwanted, wanted
from app.rows_copies import RadarReport
from app.settings import Settings
from tests.ui import fake_folders, fake_rows, fake_searches


def _changes(kinds: str, ids: Sequence[int] = (), summary: str = "", inverse: Any = None,
             result: object = None) -> Changes:  # fmt: skip
    return Changes(frozenset(kinds.split()), tuple(ids), summary, inverse, result)


class FakeLibrary(fake_folders.FakeFolders, fake_searches.FakeSearches):
    """Answers like ``app.library.Library``; keeps what it was told in plain dictionaries.

    ``calls`` lists (method, thread name) so that a test can see what ran and that nothing ran on
    the UI thread. ``fail`` maps a method's name to the error that its next call raises.
    """

    def __init__(self, folder: Path, assets: int = 24, *, me: rows.PersonRow | None = None) -> None:
        self.folder = folder
        self.paths = LibraryPaths(folder)
        self.settings = Settings(self.paths.settings)
        self.exists = True
        self.sample = False
        self.calls: list[tuple[str, str]] = []
        self.fail: dict[str, Exception] = {}
        self.hits = {n: fake_rows.hit(n) for n in range(1, assets + 1)}
        self.root_rows = list(fake_rows.roots()) if assets else []
        self.patterns = {}
        self.problem_rows = fake_rows.problems() if assets else ()
        self.request_rows = {row.id: row for row in fake_rows.requests()} if assets else {}
        self.person = me
        self.events: list[tuple[str, tuple[int, ...], rows.Occasion | None]] = []
        self.searches: list[rows.FindSpec] = []
        self.indexer = [sys.executable, "-c", "pass"]
        self.closed = False

    def _note(self, method: str) -> None:
        self.calls.append((method, threading.current_thread().name))
        error = self.fail.pop(method, None)
        if error is not None:
            raise error

    def close(self) -> None:
        self._note("close")
        self.closed = True

    def indexer_command(self, *, watch: bool = True) -> list[str]:
        return list(self.indexer)

    # ---- people and roots ----------------------------------------------------------------

    def me(self) -> rows.PersonRow | None:
        self._note("me")
        return self.person

    def set_me(self, name: str, role: str, counts: bool | None = None) -> Changes:
        self._note("set_me")
        if not name.strip():
            raise UserError("Please give a name, so that others see who opened and sent what.")
        self.person = rows.PersonRow(1, name.strip(), role, "", "", counts)
        return _changes("people", summary=f"You are {name}, {rows.ROLE_LABELS[role]}.")

    def people(self) -> tuple[rows.PersonRow, ...]:
        self._note("people")
        return (self.person,) if self.person else ()

    def roots(self) -> tuple[rows.RootRow, ...]:
        self._note("roots")
        return tuple(self.root_rows)

    def add_root(self, path: str) -> Changes:
        self._note("add_root")
        if any(row.path == path for row in self.root_rows):
            raise UserError(f"{path} is in the library already.")
        number = 1 + max((row.id for row in self.root_rows), default=0)
        row = rows.RootRow(number, Path(path).name, path, "never_indexed", "", 0, 0, None)
        self.root_rows.append(row)
        undo = Inverse("remove_root", (number,))
        return _changes("roots", summary=f"Added {row.name}", inverse=undo, result=number)

    def remove_root(self, root_id: int) -> Changes:
        self._note("remove_root")
        row = next((row for row in self.root_rows if row.id == root_id), None)
        if row is None:
            raise UserError("This folder is not in the library any more.")
        self.root_rows.remove(row)
        undo = Inverse("restore_root", (root_id, row.path))
        return _changes("roots assets", summary=f"Removed {row.name}", inverse=undo)

    def restore_root(self, root_id: int, path: str) -> Changes:
        self._note("restore_root")
        row = rows.RootRow(root_id, Path(path).name, path, "never_indexed", "", 0, 0, None)
        self.root_rows.append(row)
        undo = Inverse("remove_root", (root_id,))
        return _changes("roots assets", summary=f"Added {row.name}", inverse=undo)

    def status(self) -> rows.LibraryStatus:
        self._note("status")
        return rows.LibraryStatus(
            len(self.hits), len(self.hits) + 3, 9 * len(self.hits), len(self.problem_rows),
            len(self.root_rows), 0, True, self.sample, fake_rows.NOW,
        )  # fmt: skip

    def retry_files(self, asset_ids: Sequence[int]) -> Changes:
        self._note("retry_files")
        return _changes("roots", asset_ids, summary=f"{len(asset_ids)} files will be read again.")

    def ignore_files(self, asset_ids: Sequence[int]) -> Changes:
        self._note("ignore_files")
        before = self.problem_rows
        self.problem_rows = tuple(row for row in before if row.asset_id not in asset_ids)
        undo = Inverse("restore_ignored", (before,))
        return _changes("roots", asset_ids, summary="Left out of the library.", inverse=undo)

    def restore_ignored(self, before: object) -> Changes:
        self._note("restore_ignored")
        self.problem_rows = before
        return _changes("roots", summary="Ignored files as before.")

    def accept_missing(self, root_id: int) -> Changes:
        self._note("accept_missing")
        self.root_rows = [
            replace(row, state="online", reason="") if row.id == root_id else row
            for row in self.root_rows
        ]
        return _changes("roots", summary="Taken as it is now.")

    def problems(self) -> tuple[rows.ProblemRow, ...]:
        self._note("problems")
        return self.problem_rows

    # ---- copies --------------------------------------------------------------------------

    def copies(self) -> tuple[object, ...]:
        self._note("copies")
        return ()

    def exact_copies(self) -> tuple[object, ...]:
        self._note("exact_copies")
        return ()

    def copy_decisions(self) -> tuple[object, ...]:
        self._note("copy_decisions")
        return ()

    def versions(self, asset_id: int) -> tuple[object, ...]:
        self._note("versions")
        return ()

    def radar(self) -> RadarReport:
        self._note("radar")
        return RadarReport((), ())

    # ---- finding -------------------------------------------------------------------------

    def find(self, spec: rows.FindSpec) -> rows.FindResult:
        """Every word must occur in title, snippet or a tag; filters as the real one has them."""
        self._note("find")
        words = spec.text.lower().split()
        by_words = [one for one in self.hits.values() if _has(one, words)]
        found = [one for one in by_words if _passes(one, spec.filters)]
        if spec.sort == "title":
            found.sort(key=lambda one: one.title)
        facets = tuple(_counted(facet, by_words, spec) for facet in fake_rows.FACETS)
        part = tuple(found[spec.skip : spec.skip + spec.limit])
        return rows.FindResult(
            spec=spec, understood=" and ".join(words), hits=part,
            total=len(found), exact=True, took_ms=12.0, facets=facets, terms=tuple(words),
            filtered_out=0 if found else len(by_words), parts=fake_searches.parts(spec),
        )  # fmt: skip

    def pages_found(
        self, spec: rows.FindSpec, asset_ids: Sequence[int]
    ) -> tuple[rows.PagesFound, ...]:
        self._note("pages_found")
        ones = [self.hits[number] for number in asset_ids if number in self.hits]
        return tuple(rows.PagesFound(one.asset_id, fake_rows.found_pages(one)) for one in ones)

    def page_hits(self, spec: rows.FindSpec, asset_id: int) -> tuple[rows.PageHit, ...]:
        self._note("page_hits")
        one = self.hits[asset_id]
        return tuple(
            rows.PageHit(page, f"slide {page}", f"What slide {page} says", ((0, 4),))
            for page in fake_rows.found_pages(one)
        )

    def evidence(self, spec: rows.FindSpec, asset_id: int, page: int) -> Evidence:
        self._note("evidence")
        words = tuple(WordFound(word, ("title", "text")) for word in spec.text.split())
        return Evidence(asset_id, f"slide {page}", words, False, 9, 40, 120)

    def related(self, asset_id: int) -> Related:
        """The two assets that come after."""
        self._note("related")
        near = [self.hits[n] for n in (asset_id + 1, asset_id + 2) if n in self.hits]
        return Related(asset_id, tuple(
            RelatedRow(one.asset_id, one.title, one.kind, one.content_type, one.trust, one.status,
                       one.page, one.page_label) for one in near
        ))  # fmt: skip

    def log_search(self, spec: rows.FindSpec, total: int, shown: Sequence[int]) -> Changes:
        self._note("log_search")
        self.searches.append(spec)
        return _changes("events", result=f"search-{len(self.searches)}")

    def asset(self, asset_id: int) -> rows.AssetDetail:
        self._note("asset")
        one = self.hits.get(asset_id)
        if one is None:
            raise UserError(f"There is no asset {asset_id}.")
        return rows.AssetDetail(
            id=one.asset_id, uid=f"uid-{one.asset_id}", title=one.title, kind=one.kind,
            status=one.status, trust=one.trust, trust_note=one.trust_note, owner="Priya Raman",
            published_at=fake_rows.NOW, review_due_at=None, expires_at=None, superseded_by=None,
            superseded_by_title="", version=2, versions=2, page_count=one.page_count,
            size=1_240_000, state="ready", reason="", sha=one.sha, file_path=one.file_path,
            locations=(one.file_path,), missing=False, modified_at=one.modified_at,
            properties=(("Author", "Priya Raman"),), tags=one.tags,
            pages=fake_rows.page_rows(one), uses_90d=one.uses, users_90d=one.users,
            last_used_at=fake_rows.NOW, history=(), internal_only=False, language="en",
        )  # fmt: skip

    def asset_id_of(self, text: str) -> int:
        self._note("asset_id_of")
        return int(text)

    # ---- vocabulary and tags -------------------------------------------------------------

    def vocabulary(self) -> tuple[rows.FacetRow, ...]:
        self._note("vocabulary")
        return fake_rows.FACETS

    def tag(
        self,
        asset_ids: Sequence[int],
        add: Sequence[tuple[str, str]] = (),
        remove: Sequence[tuple[str, str]] = (),
    ) -> Changes:
        self._note("tag")
        before = {number: self.hits[number].tags for number in asset_ids}
        gone = set(remove)
        for number in asset_ids:
            kept = [t for t in self.hits[number].tags if (t.facet, t.slug) not in gone]
            known = {(t.facet, t.slug) for t in kept}
            kept += [
                rows.TagRow(facet, term, term, "Me", now_ms())
                for facet, term in add
                if (facet, term) not in known
            ]
            self.hits[number] = replace(self.hits[number], tags=tuple(kept))
        what = ", ".join(term for _, term in (*add, *remove))
        undo = Inverse("restore_tags", (before,))
        return _changes("tags", asset_ids, f"{len(asset_ids)} assets tagged {what}", undo)

    def restore_tags(self, before: Any) -> Changes:
        self._note("restore_tags")
        now = {number: self.hits[number].tags for number in before}
        for number, tags in before.items():
            self.hits[number] = replace(self.hits[number], tags=tags)
        return _changes("tags", tuple(before), "Tags put back", Inverse("restore_tags", (now,)))

    def set_status(self, asset_ids: Sequence[int], status: str) -> Changes:
        self._note("set_status")
        before = {number: self.hits[number].status for number in asset_ids}
        for number in asset_ids:
            self.hits[number] = replace(self.hits[number], status=status)
        undo = Inverse("restore_status", (before,))
        label = rows.STATUS_LABELS[status]
        return _changes("assets", asset_ids, f"{len(asset_ids)} assets set to {label}", undo)

    def restore_status(self, before: Any) -> Changes:
        self._note("restore_status")
        now = {number: self.hits[number].status for number in before}
        for number, status in before.items():
            self.hits[number] = replace(self.hits[number], status=status)
        return _changes("assets", tuple(before), "Status", Inverse("restore_status", (now,)))

    # ---- use -----------------------------------------------------------------------------

    def open_asset(
        self, asset_id: int, page: int = 0, occasion: rows.Occasion | None = None
    ) -> rows.Opening:
        self._note("open_asset")
        self.events.append(("opened", (asset_id,), occasion))
        return rows.Opening(asset_id, self.hits[asset_id].file_path, page, (), at_page=False)

    def record_use(
        self, kind: str, asset_ids: Sequence[int], occasion: rows.Occasion | None = None
    ) -> Changes:
        self._note("record_use")
        self.events.append((kind, tuple(asset_ids), occasion))
        return _changes("events", asset_ids)

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
        self._note("draft")
        self.events.append(("sent", tuple(asset_ids), occasion))
        files = tuple(self.hits[number].file_path for number in asset_ids)
        path = target or self.paths.drafts / "draft.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Date: now\nSubject: {subject}\n\n{body}", "utf-8")
        return rows.Draft(str(path), subject, files, 2_480_000)

    def accounts(self) -> tuple[str, ...]:
        self._note("accounts")
        return ("Contoso", "Northwind")

    def deals(self, account: str = "") -> tuple[str, ...]:
        self._note("deals")
        return ("Northwind renewal",) if account in ("", "Northwind") else ()

    # ---- attention -----------------------------------------------------------------------

    def unused(self, window_days: int = 90, as_of: int | None = None) -> rows.UnusedReport:
        self._note("unused")
        listed = fake_rows.unused_rows() if self.hits else ()
        return rows.UnusedReport(
            as_of=fake_rows.NOW, window_days=window_days, grace_days=30,
            log_start=fake_rows.NOW - 200 * 86_400_000, eligible=16 if listed else 0,
            used=12 if listed else 0,
            counts=(("unused", 2), ("no_use_yet", 1), ("gone_quiet", 1), ("used", 12)),
            why=(("never_shown", 1), ("shown_not_opened", 1), ("opened_not_sent", 1)),
            excluded=(("too_new", 1), ("not_published", 3), ("expired", 2), ("superseded", 2)),
            unused_share=0.25 if listed else 0.0, unused_interval=(0.1, 0.49), rows=listed,
        )  # fmt: skip

    def use(self, window_days: int = 90, as_of: int | None = None) -> rows.UseReport:
        self._note("use")
        listed = fake_rows.use_rows() if self.hits else ()
        week = 7 * 86_400_000
        return rows.UseReport(
            as_of=fake_rows.NOW, window_days=window_days, eligible=16, used=12,
            utilisation_interval=(0.51, 0.9), concentration=0.61,
            weeks=tuple((fake_rows.NOW - n * week, 40 - n, 12 + n) for n in range(12, -1, -1))
            if listed else (),
            dropped=(("not_counted_people", 14),), rows=listed,
        )  # fmt: skip

    def search_gaps(
        self, window_days: int = 90, as_of: int | None = None
    ) -> tuple[rows.SearchGapRow, ...]:
        self._note("search_gaps")
        return fake_rows.gaps() if self.hits else ()

    # ---- asking --------------------------------------------------------------------------

    def requests(self, *, open_only: bool = False) -> tuple[rows.RequestRow, ...]:
        self._note("requests")
        listed = self.request_rows.values()
        wanted = [r for r in listed if not open_only or r.status in rows.OPEN_REQUEST_STATUSES]
        return tuple(sorted(wanted, key=lambda row: -row.votes))

    def request(self, request_id: int) -> rows.RequestRow:
        self._note("request")
        if request_id not in self.request_rows:
            raise UserError(f"There is no request {request_id}.")
        return self.request_rows[request_id]

    def file_request(self, new: rows.NewRequest) -> Changes:
        self._note("file_request")
        if not new.need.strip():
            raise UserError("Please say what you need.")
        number = 1 + max(self.request_rows, default=0)
        model = fake_rows.requests()[0]
        self.request_rows[number] = replace(
            model, id=number, need=new.need, details=new.details, status="submitted",
            account=new.account, deal=new.deal, search=new.search, votes=1, wants=(),
            needed_by=new.needed_by, amount_minor=None,
        )  # fmt: skip
        undo = Inverse("withdraw_request", (number,))
        return _changes("requests", (), "Request filed", undo, number)

    def withdraw_request(self, request_id: int) -> Changes:
        self._note("withdraw_request")
        row = self.request_rows[request_id]
        self.request_rows[request_id] = replace(row, status="closed")
        return _changes("requests", (), "Request withdrawn")

    def set_request(
        self,
        request_id: int,
        status: str,
        note: str = "",
        *,
        fulfilled_by: int | None = None,
        duplicate_of: int | None = None,
    ) -> Changes:
        self._note("set_request")
        row = self.request_rows[request_id]
        step = rows.RequestNote(now_ms(), status, "Me", note)
        self.request_rows[request_id] = replace(
            row, status=status, fulfilled_by=fulfilled_by, duplicate_of=duplicate_of,
            history=(*row.history, step),
        )  # fmt: skip
        undo = Inverse("set_request", (request_id, row.status, ""))
        return _changes("requests", (), f"Request {rows.REQUEST_STATUS_LABELS[status]}", undo)

    def vote(self, request_id: int) -> Changes:
        self._note("vote")
        row = self.request_rows[request_id]
        self.request_rows[request_id] = replace(row, votes=row.votes + 1)
        return _changes("requests", (), "You need this too")

    # ---- upkeep --------------------------------------------------------------------------

    def undo(self, inverse: Inverse) -> Changes:
        changes = getattr(self, inverse.method)(*inverse.args)
        assert isinstance(changes, Changes)
        return changes


def _has(one: rows.Hit, words: Sequence[str]) -> bool:
    text = " ".join((one.title, one.snippet, *(tag.label for tag in one.tags))).lower()
    return all(word in text for word in words)


def _terms(one: rows.Hit, facet: str) -> set[str]:
    if facet == "content_type":
        return {one.content_type.lower().replace(" ", "_")}
    if facet == "status":
        return {one.status}
    return {tag.slug for tag in one.tags if tag.facet == facet}


def _passes(one: rows.Hit, filters: Sequence[tuple[str, tuple[str, ...]]]) -> bool:
    return all(
        (not wanted(slugs) or _terms(one, facet) & set(wanted(slugs)))
        and not _terms(one, facet) & set(unwanted(slugs))
        for facet, slugs in filters
    )


def unwanted_again(slugs: Sequence[str]) -> tuple[str, ...]:
    return tuple(slug for slug in slugs if slug.startswith("-"))


def _counted(
    facet: rows.FacetRow, found: Sequence[rows.Hit], spec: rows.FindSpec
) -> rows.FacetCounts:
    chosen = {slug for key, slugs in spec.filters if key == facet.key for slug in slugs}
    others = [
        (key, unwanted_again(slugs) if key == facet.key else slugs) for key, slugs in spec.filters
    ]
    left = [one for one in found if _passes(one, others)]
    return rows.FacetCounts(
        facet.key,
        facet.label,
        tuple(
            rows.TermCount(
                term.slug,
                term.label,
                sum(term.slug in _terms(one, facet.key) for one in left),
                term.slug in chosen,
            )
            for term in facet.terms
        ),
    )
