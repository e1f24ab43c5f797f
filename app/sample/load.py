"""Put the sample library together: build the files, index them, and enter the made-up year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.catalogue import roots
from app.clock import uuid7
from app.errors import UserError
from app.indexing import Indexing
from app.paths import LibraryPaths
from app.sample.build import build_collateral
from app.sample.model import SampleManifest, SampleRequest, SampleYear
from app.sample.use import plan_year
from app.store.engine import Store, open_store
from app.store.logs import (
    Account,
    Deal,
    Request,
    RequestStatus,
    RequestTerm,
    RequestVote,
    SearchEvent,
    UsageEvent,
)
from app.store.people import FACT
from app.store.tables import Asset, AssetFile, AssetTag, Facet, LibraryMeta, Person, Term

Progress = Callable[[int, int, str], None]
SOURCE = "sample"


def build(progress: Progress, folder: Path) -> Path:
    """Build the sample in ``folder`` unless it stands there already; returns the folder.

    A sample that was interrupted half-way is finished. Raises UserError when the folder holds
    another library.
    """
    paths = LibraryPaths(folder)
    with open_store(paths) as store:
        with store.read() as session:
            state = _meta(session, "sample")
            own = state is None and bool(roots.live(session))
        if own:
            raise UserError(f"{folder} holds a library of your own. Choose another for the sample.")
        if state != "complete":
            _build(store, progress)
    return folder


def _meta(session: Session, key: str) -> str | None:
    row = session.get(LibraryMeta, key)
    return row.value if row is not None else None


def _build(store: Store, progress: Progress) -> None:
    now = datetime.now(UTC)
    progress(0, 4, "Writing the collateral of a fictitious company")
    store.paths.collateral.mkdir(parents=True, exist_ok=True)
    manifest = build_collateral(store.paths.collateral, now=now)
    with store.write() as session:
        session.merge(LibraryMeta(key="sample", value="begun"))
        roots.add(session, store.settings, store.paths.collateral, library=store.paths.folder)
    progress(1, 4, "Reading and indexing it")
    with Indexing(store, lambda _event: None) as indexing:
        indexing.bring_up_to_date()
        progress(2, 4, "Making up a year of use")
        year = plan_year(manifest, now=now)
        with store.write() as session:
            visitor = _Loader(session, manifest, year).load()
            store.settings.set_fact(FACT, visitor)
            session.merge(LibraryMeta(key="sample", value="complete"))
        progress(3, 4, "Indexing the titles")
        indexing.feed()
    progress(4, 4, "Ready")


def _ms(moment: datetime | date | None) -> int | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def _ms_of(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


class _Loader:
    """Enters manifest and year into an indexed, otherwise empty library."""

    def __init__(self, session: Session, manifest: SampleManifest, year: SampleYear) -> None:
        self._session = session
        self._manifest = manifest
        self._year = year
        self._people: dict[str, Person] = {}
        self._accounts: dict[str, int] = {}
        self._deals: dict[str, int] = {}
        rows = session.execute(select(AssetFile.relpath, AssetFile.asset_id))
        self._assets: dict[str, int] = {relpath: asset for relpath, asset in rows}
        terms = session.execute(
            select(Facet.key, Term.slug, Term.id).join(Facet, Facet.id == Term.facet_id)
        )
        self._terms = {(facet, slug): term for facet, slug, term in terms}

    def load(self) -> int:
        """Enter everything, in the order of the references.

        Returns the person as whom the sample is explored until the visitor says who they are.
        """
        self._load_people()
        self._load_assets()
        self._load_deals()
        searches = self._load_searches()
        self._load_events(searches)
        self._load_requests()
        return next(person.id for person in self._people.values() if person.role == "rep")

    def _load_people(self) -> None:
        for given in self._year.people:
            person = Person(
                name=given.name, email=given.email.lower(), role=given.role,
                team=given.team, region=given.region,
            )  # fmt: skip
            self._session.add(person)
            self._people[given.key] = person
        self._session.flush()

    def _person(self, key: str) -> int:
        return self._people[key].id

    def _load_assets(self) -> None:
        by_path = {asset.relpath: asset for asset in self._manifest.assets}
        curator = next(p.id for p in self._people.values() if p.role == "lead")
        for relpath, given in by_path.items():
            if given.story == "exact_copy":
                continue
            asset = self._session.get_one(Asset, self._assets[relpath])
            asset.title = given.title
            asset.published_at = _ms(given.published_at) or asset.published_at
            asset.status = given.status if given.status != "superseded" else "published"
            asset.review_due_at, asset.expires_at = _ms(given.review_due), _ms(given.expires)
            asset.created_at = _ms_of(given.created_at)
            if given.owner:
                asset.owner_id = self._person(given.owner)
            if given.superseded_by:
                asset.superseded_by_id = self._assets[given.superseded_by]
            tagged_at = asset.published_at or asset.created_at
            for facet, slug in dict.fromkeys(given.tags):
                self._session.add(
                    AssetTag(
                        asset_id=asset.id, term_id=self._terms[facet, slug], state="accepted",
                        source="human", by_id=curator, at=tagged_at,
                    )
                )  # fmt: skip
        self._session.flush()

    def _load_deals(self) -> None:
        for given in self._year.accounts:
            account = Account(
                source=SOURCE, crm_id=given.key, name=given.name, industry=given.industry,
                region=given.region,
            )  # fmt: skip
            self._session.add(account)
            self._session.flush()
            self._accounts[given.key] = account.id
        for deal in self._year.deals:
            row = Deal(
                source=SOURCE, crm_id=deal.crm_id, account_id=self._accounts[deal.account],
                name=deal.name, owner_id=self._person(deal.owner), stage_raw=deal.stage,
                stage_term_id=self._terms[("stage", deal.stage)], outcome=deal.outcome,
                amount_minor=deal.amount_minor, currency=deal.currency,
                opened_at=_ms(deal.opened_at), closed_at=_ms(deal.closed_at),
            )  # fmt: skip
            self._session.add(row)
            self._session.flush()
            self._deals[deal.crm_id] = row.id

    def _load_searches(self) -> list[Any]:
        uids, rows = [], []
        for given in self._year.searches:
            at = _ms_of(given.at)
            uids.append(uuid7(at))
            filters: dict[str, list[str]] = {}
            for facet, slug in given.filters:
                filters.setdefault(facet, []).append(slug)
            rows.append(
                {
                    "uid": uids[-1], "person_id": self._person(given.person), "at": at,
                    "received_at": at, "query": given.query,
                    "norm": " ".join(given.query.casefold().split()), "filters": filters,
                    "n_results": given.n_results,
                    "top_ids": list(dict.fromkeys(self._assets[path] for path in given.top_ids)),
                }
            )  # fmt: skip
        if rows:
            self._session.execute(insert(SearchEvent), rows)
        return uids

    def _load_events(self, searches: list[Any]) -> None:
        rows_of_assets = self._session.execute(select(Asset.id, Asset.current_version_id))
        versions = {asset: version for asset, version in rows_of_assets}
        rows = []
        for given in self._year.events:
            at, asset = _ms_of(given.at), self._assets[given.asset]
            rows.append(
                {
                    "uid": uuid7(at), "kind": given.kind, "asset_id": asset,
                    "version_id": versions[asset], "person_id": self._person(given.person),
                    "team": self._people[given.person].team, "at": at, "received_at": at,
                    "deal_id": self._deals.get(given.deal or ""),
                    "account_id": self._accounts.get(given.account or ""),
                    "stage_id": self._terms.get(("stage", given.stage or "")),
                    "search_uid": searches[given.search] if given.search is not None else None,
                    "detail": {"channel": given.channel} if given.channel else None,
                }
            )  # fmt: skip
        if rows:
            self._session.execute(insert(UsageEvent), rows)

    def _load_requests(self) -> None:
        made: list[Request] = []
        for given in self._year.requests:
            row = self._request(given)
            made.append(row)
        for given, row in zip(self._year.requests, made, strict=True):
            if given.merged_into is not None:
                row.duplicate_of_id = made[given.merged_into].id
                row.status = given.status
        self._session.flush()

    def _request(self, given: SampleRequest) -> Request:
        answer = given.delivered_as or given.answered_with
        merged = given.merged_into is not None
        row = Request(
            uid=uuid7(_ms_of(given.created_at)), title=given.title, body=_details(given),
            by_id=self._person(given.requester), created_at=_ms_of(given.created_at),
            assignee_id=self._person(given.assignee) if given.assignee else None,
            status="submitted" if merged else given.status, due_at=_ms(given.needed_by),
            deal_id=self._deals.get(given.deal or ""),
            search_norm=given.searches_tried[0].casefold() if given.searches_tried else "",
            fulfilled_by_id=self._assets[answer] if answer else None,
        )  # fmt: skip
        self._session.add(row)
        self._session.flush()
        self._session.add_all(self._parts(given, row.id))
        return row

    def _parts(self, given: SampleRequest, request: int) -> Iterable[Any]:
        wanted = {
            "content_type": given.content_type, "persona": given.persona, "stage": given.stage,
            "value_proposition": given.value_proposition,
        }  # fmt: skip
        for facet, slug in wanted.items():
            if slug:
                yield RequestTerm(request_id=request, term_id=self._terms[facet, slug])
        for step in given.history:
            yield RequestStatus(
                request_id=request, status=step.status, by_id=self._person(step.person),
                at=_ms_of(step.at), note=step.note,
            )  # fmt: skip
        for person, at in given.votes:
            yield RequestVote(request_id=request, person_id=self._person(person), at=_ms_of(at))


def _details(given: SampleRequest) -> str:
    lines = []
    if given.competitor:
        lines.append(f"Competitor: {given.competitor}.")
    lines += [f"Looked at {path}: {why}" for path, why in given.looked_at]
    if given.decline_reason:
        lines.append(f"Declined: {given.decline_reason}.")
    return "\n".join(lines)
