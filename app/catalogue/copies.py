"""Pairs of assets that say nearly the same, told for people who then decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.catalogue import files, trust
from app.catalogue.versions import from_data, numbers_text, plural, quoted
from app.clock import day_text, now_ms
from app.rows import STATUS_LABELS
from app.rows_copies import CopyPair, CopySide, ExactCopies, PageChange, VersionDiff
from app.store.tables import Asset, AssetFile, AssetTag, AssetVersion, Person
from app.store.tables_copies import CopyDecision, NearCopy

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
EXCERPT = 0.5
"""A file of which the other has less than this share was not copied, but copied from."""

_TOLD = 4
_NAMESAKES = 3
_RANKS = {"published": 3, "approved": 2, "under_revision": 2, "in_review": 1, "draft": 1}
_VERSION = re.compile(
    r"(?:^|[\s._-]+)(?:v|ver|vers|version|rev)[\s._-]?(\d+(?:[._]\d+)*)(?=$|[\s._)-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What decides about an asset's part in a pair, beside what is shown."""

    side: CopySide
    created_at: int
    missing_since: int | None
    superseded: bool


def pairs(session: Session, threshold: float) -> tuple[CopyPair, ...]:
    """All pairs that nobody has decided about: moves first, then by likeness.

    ``threshold`` (0.5 to 1) is the least weighted share of text of a near copy.
    """
    settled = _Settled(session)
    rows = [row for row in _near(session, threshold) if not settled.knows(row[0], row[1])]
    named = [pair for pair in _by_name(session) if not settled.knows(*pair)]
    ids = {asset for row in rows for asset in row[:2]} | {a for pair in named for a in pair}
    facts = _facts(session, sorted(ids))
    found = [
        _pair(facts[first], facts[second], forward, backward, diff, named=(first, second) in named)
        for first, second, forward, backward, diff in rows
    ]
    near = {frozenset(row[:2]) for row in rows}
    found += [
        _named_pair(facts[older], facts[newer])
        for older, newer in named
        if frozenset((older, newer)) not in near
    ]
    kinds = {"moved": 0, "near": 1, "names": 2}
    return tuple(
        sorted(
            found,
            key=lambda p: (kinds[p.kind], -p.score, p.copy.title.casefold(), p.copy.asset_id),
        )
    )


class _Settled:
    """The pairs that need no decision: decided, or of one chain of versions."""

    def __init__(self, session: Session) -> None:
        query = select(CopyDecision.first_id, CopyDecision.second_id).where(
            CopyDecision.what == "not_a_copy", CopyDecision.undone_at.is_(None)
        )
        self._not = {frozenset((first, second)) for first, second in session.execute(query)}
        chained = select(Asset.id, Asset.superseded_by_id).where(
            Asset.superseded_by_id.is_not(None)
        )
        self._by: dict[int, int] = {
            older: newer for older, newer in session.execute(chained) if newer is not None
        }

    def knows(self, first: int, second: int) -> bool:
        """Whether there is nothing to decide about the two."""
        if frozenset((first, second)) in self._not:
            return True
        return self._newest(first) == self._newest(second)

    def _newest(self, asset: int) -> int:
        seen = set()
        while asset in self._by and asset not in seen:
            seen.add(asset)
            asset = self._by[asset]
        return asset


_Near = tuple[int, int, float, float, dict[str, Any]]


def _near(session: Session, threshold: float) -> list[_Near]:
    one, other = aliased(Asset), aliased(Asset)
    query = (
        select(one.id, other.id, NearCopy.forward, NearCopy.backward, NearCopy.diff)
        .join(one, one.current_version_id == NearCopy.version_id)
        .join(other, other.current_version_id == NearCopy.other_id)
        .where(
            one.merged_into_id.is_(None), other.merged_into_id.is_(None), one.id != other.id,
            or_(NearCopy.forward >= threshold, NearCopy.backward >= threshold),
        )
    )  # fmt: skip
    return [
        (first, second, forward, backward, diff)
        for first, second, forward, backward, diff in session.execute(query)
    ]


# ---- the two sides -------------------------------------------------------------------------


def _facts(session: Session, asset_ids: Sequence[int]) -> dict[int, _Facts]:
    found: dict[int, _Facts] = {}
    for start in range(0, len(asset_ids), 500):
        part = asset_ids[start : start + 500]
        places = files.places(session, part)
        gone = _missing_since(session, part)
        tags = _tag_counts(session, part)
        query = (
            select(Asset, AssetVersion, Person.name)
            .outerjoin(AssetVersion, AssetVersion.id == Asset.current_version_id)
            .outerjoin(Person, Person.id == Asset.owner_id)
            .where(Asset.id.in_(part))
        )
        for asset, version, owner in session.execute(query):
            side = _side(asset, version, owner or "", places.get(asset.id, []))
            found[asset.id] = _Facts(
                replace(side, tags=tags.get(asset.id, 0)), asset.created_at,
                gone.get(asset.id) if side.missing else None, asset.superseded_by_id is not None,
            )  # fmt: skip
    return found


def _side(
    asset: Asset, version: AssetVersion | None, owner: str, places: Sequence[files.Place]
) -> CopySide:
    now = now_ms()
    shown = trust.shown_status(
        asset.status, expires_at=asset.expires_at,
        superseded=asset.superseded_by_id is not None, now=now,
    )  # fmt: skip
    badge, _ = trust.badge(
        shown, review_due_at=asset.review_due_at, expires_at=asset.expires_at, now=now
    )
    there = [place for place in places if not place.missing]
    shown_places = there or list(places)
    return CopySide(
        asset.id, version.id if version else 0, asset.title,
        f"{shown_places[0].root}/{shown_places[0].relpath}" if shown_places else "",
        version.kind if version else "other", version.page_count if version else 0, shown, badge,
        owner, version.modified_at if version else 0, len(there), not there, 0,
        version.sha256.hex() if version else "",
    )  # fmt: skip


def _missing_since(session: Session, asset_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(AssetFile.asset_id, func.max(AssetFile.missing_since))
        .where(AssetFile.asset_id.in_(asset_ids), AssetFile.missing_since.is_not(None))
        .group_by(AssetFile.asset_id)
    )
    return {asset: since for asset, since in session.execute(query) if since is not None}


def _tag_counts(session: Session, asset_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(AssetTag.asset_id, func.count())
        .where(AssetTag.asset_id.in_(asset_ids), AssetTag.state == "accepted")
        .group_by(AssetTag.asset_id)
    )
    return {asset: count for asset, count in session.execute(query)}


# ---- pairs -----------------------------------------------------------------------------------


def _pair(
    first: _Facts,
    second: _Facts,
    forward: float,
    backward: float,
    diff: dict[str, Any],
    *,
    named: bool,
) -> CopyPair:
    """``diff`` leads from the first to the second; the pair leads from the copy to the original."""
    moved = _moved(first, second)
    by_standing = _gives_way(second, first, backward, forward)
    backwards = by_standing if moved is None else moved is first
    copy, original = (second, first) if backwards else (first, second)
    shown = from_data(diff, turned=backwards)
    newer = _newer(copy.side, original.side)
    pair = CopyPair(
        "near" if moved is None else "moved", copy.side, original.side,
        round(max(forward, backward), 3), shown.same, shown.old_pages, newer, shown.changes, (), "",
    )  # fmt: skip
    if moved is not None:
        return replace(
            pair,
            deeds=("accept_move", "merge", "not_a_copy"),
            sentence=_moved_sentence(pair, moved),
        )
    chains = newer == "original" or named
    deeds = ("chain", "merge", "not_a_copy") if chains else ("merge", "chain", "not_a_copy")
    return replace(pair, deeds=deeds, sentence=_near_sentence(pair, shown))


def _moved(first: _Facts, second: _Facts) -> _Facts | None:
    """The one whose file is missing, when the other came as it went (FW-14)."""
    for old, new in ((first, second), (second, first)):
        if old.missing_since is None or new.side.missing:
            continue
        if new.created_at >= old.missing_since - HOUR_MS:
            return old
    return None


def _gives_way(one: _Facts, other: _Facts, own: float, others: float) -> bool:
    """Whether ``one`` is the copy. An excerpt is, of what it was taken from; else what is official
    stays, then what is there, what is newer, and what was known first.

    ``own`` and ``others`` are the shares of their pages that the other has.
    """
    if (own >= EXCERPT) != (others >= EXCERPT):
        return own > others
    return _standing(one) < _standing(other)


def _standing(facts: _Facts) -> tuple[int, bool, int, int]:
    side = facts.side
    rank = 0 if facts.superseded else _RANKS.get(side.status, 0)
    return rank, not side.missing, side.modified_at // MINUTE_MS, -side.asset_id


def _newer(copy: CopySide, original: CopySide) -> str:
    if abs(copy.modified_at - original.modified_at) < MINUTE_MS:
        return ""
    return "original" if original.modified_at > copy.modified_at else "copy"


# ---- sentences -------------------------------------------------------------------------------


def _near_sentence(pair: CopyPair, diff: VersionDiff) -> str:
    """ "11 of 12 slides are in “Overview deck v4”, which is newer; slide 7: $49 became $59." """
    parts = [_share_text(pair, diff.word)]
    parts += _differences(pair, diff.word)
    more = sum(change.kind == "added" for change in pair.differs)
    if more:
        parts.append(f"{plural(more, diff.word)} of it {'is' if more == 1 else 'are'} not here")
    return "; ".join(parts) + "."


def _share_text(pair: CopyPair, word: str) -> str:
    same, of, rest = pair.same, pair.of, f"in {quoted(pair.original.title)}{_which(pair)}"
    if same == 0:
        changed = sum(change.kind == "changed" for change in pair.differs)
        if of == 1:
            return f"Its one {word} is {rest}, with changes"
        return f"{changed} of {plural(of, word)} are {rest}, each with changes"
    if same == of:
        head = f"Its one {word} is" if of == 1 else f"Both {word}s are"
        return f"{head if of < 3 else f'All {of} {word}s are'} {rest}"
    return f"{same} of {plural(of, word)} {'is' if same == 1 else 'are'} {rest}"


def _which(pair: CopyPair) -> str:
    words = []
    status = pair.original.status
    outranks = _RANKS.get(status, 0) > _RANKS.get(pair.copy.status, 0)
    if outranks or status not in ("published", "draft"):
        words.append(STATUS_LABELS[status].lower())
    if pair.newer:
        words.append("newer" if pair.newer == "original" else "older")
    missing = " and its file is missing" if pair.original.missing else ""
    if words:
        return f", which is {' and '.join(words)}{missing}"
    return ", whose file is missing" if missing else ""


def _differences(pair: CopyPair, word: str) -> Iterator[str]:
    """What the copy's own pages say differently, numbers first."""
    became = pair.newer == "original"
    changed = [change for change in pair.differs if change.kind == "changed"]
    numbered = [change for change in changed if change.numbers]
    for change in numbered[:_TOLD]:
        yield f"{change.old_label} differs: {numbers_text(change.numbers, became=became)}"
    others = [c for c in changed if not c.notes_only and c not in numbered[:_TOLD]]
    if others and pair.same:
        yield f"{_named(others, word)} {'differs' if len(others) == 1 else 'differ'}"
    notes = [change for change in changed if change.notes_only]
    if notes:
        yield f"the notes of {_named(notes, word)} differ"
    own = [change for change in pair.differs if change.kind == "removed"]
    if own:
        yield f"{_named(own, word)} {'stands' if len(own) == 1 else 'stand'} only here"


def _named(changes: Sequence[PageChange], word: str) -> str:
    """ "slide 3", "slides 1 and 8", "5 slides"."""
    if len(changes) == 1:
        return changes[0].old_label
    if len(changes) > _TOLD:
        return plural(len(changes), word)
    labels = [change.old_label for change in changes]
    if all(label.startswith(f"{word} ") for label in labels):
        short = [label.removeprefix(f"{word} ") for label in labels]
        return f"{word}s " + ", ".join(short[:-1]) + f" and {short[-1]}"
    return ", ".join(labels[:-1]) + f" and {labels[-1]}"


def _moved_sentence(pair: CopyPair, old: _Facts) -> str:
    since = f" since {day_text(old.missing_since)}" if old.missing_since is not None else ""
    found = plural(pair.same, "page") if pair.same else "the text"
    return (
        f"{quoted(PurePosixPath(pair.original.path).name)} has been missing{since}, and this new "
        f"file has {found} of its {pair.original.page_count}: moved and edited?"
    )


# ---- versions by name ------------------------------------------------------------------------


def version_in_name(name: str) -> tuple[str, tuple[int, ...]] | None:
    """The rest of a file's name and the version that it tells; None when it tells none.

    "Deck_v2 (final).pptx" gives "deck (final)" and (2,).
    """
    stem = PurePosixPath(name).stem
    found = list(_VERSION.finditer(stem))
    if len(found) != 1:
        return None
    match = found[0]
    rest = " ".join((stem[: match.start()] + " " + stem[match.end() :]).split()).casefold()
    numbers = tuple(int(part) for part in re.split(r"[._]", match[1])[:4] if len(part) < 9)
    return (rest, numbers) if rest and numbers else None


def _by_name(session: Session) -> list[tuple[int, int]]:
    """(older, newer) of files that their names connect: neighbours that differ in the version of
    their names only (DUP-4), and files of one name in several folders (DUP-2)."""
    query = (
        select(AssetFile.root_id, AssetFile.relpath, AssetFile.asset_id, AssetFile.mtime_ns)
        .join(Asset, Asset.id == AssetFile.asset_id)
        .where(
            AssetFile.missing_since.is_(None), Asset.merged_into_id.is_(None), AssetFile.size > 0
        )
    )
    rows = list(session.execute(query))
    found = _neighbours((root, relpath, asset) for root, relpath, asset, _ in rows)
    namesakes = _namesakes((relpath, asset, changed) for _, relpath, asset, changed in rows)
    known = {frozenset(pair) for pair in found}
    return sorted(found | {pair for pair in namesakes if frozenset(pair) not in known})


def _namesakes(rows: Iterable[tuple[str, int, int]]) -> set[tuple[int, int]]:
    """Assets whose files bear one name and hold other content, the one changed earlier first.

    A name that many assets have, such as "index.html", says nothing about any two of them.
    """
    named: dict[str, dict[int, int]] = {}
    for relpath, asset, changed in rows:
        held = named.setdefault(PurePosixPath(relpath).name.casefold(), {})
        held[asset] = max(changed, held.get(asset, changed))
    found = set()
    for assets in named.values():
        if 1 < len(assets) <= _NAMESAKES:
            found |= set(pairwise(sorted(assets, key=lambda one: (assets[one], one))))
    return found


def _neighbours(rows: Iterable[tuple[int, str, int]]) -> set[tuple[int, int]]:
    series: dict[tuple[int, str, str], dict[tuple[int, ...], int]] = {}
    for root, relpath, asset in rows:
        path = PurePosixPath(relpath)
        told = version_in_name(path.name)
        if told is not None:
            rest, numbers = told
            key = (root, str(path.parent), f"{rest}\0{path.suffix.casefold()}")
            series.setdefault(key, {})[numbers] = asset
    found = set()
    for versions in series.values():
        ordered = [versions[numbers] for numbers in sorted(versions)]
        found |= {(a, b) for a, b in pairwise(ordered) if a != b}
    return found


def _named_pair(older: _Facts, newer: _Facts) -> CopyPair:
    old, new = PurePosixPath(older.side.path).name, PurePosixPath(newer.side.path).name
    if old.casefold() == new.casefold():
        sentence = f"{quoted(new)} is in two places with other content: is one an older version?"
    else:
        sentence = f"{quoted(old)} lies beside {quoted(new)}: is it an older version?"
    return CopyPair(
        "names", older.side, newer.side, 0.0, 0, older.side.page_count,
        _newer(older.side, newer.side), (), ("chain", "merge", "not_a_copy"), sentence,
    )  # fmt: skip


# ---- exact copies ----------------------------------------------------------------------------


def exact(session: Session) -> tuple[ExactCopies, ...]:
    """The assets that lie in several places now, by title (DUP-1)."""
    several = (
        select(AssetFile.asset_id)
        .where(AssetFile.missing_since.is_(None))
        .group_by(AssetFile.asset_id)
        .having(func.count() > 1)
    )
    ids = sorted(session.scalars(several))
    places: Mapping[int, list[files.Place]] = {}
    for start in range(0, len(ids), 500):
        places = {**places, **files.places(session, ids[start : start + 500])}
    query = select(Asset, AssetVersion).outerjoin(
        AssetVersion, AssetVersion.id == Asset.current_version_id
    )
    rows = []
    for asset, version in session.execute(query.where(Asset.id.in_(several))):
        there = [place for place in places.get(asset.id, []) if not place.missing]
        drifted = [p for p in there if p.version_id != asset.current_version_id]
        rows.append(
            ExactCopies(
                asset.id, asset.title, version.kind if version else "other",
                version.sha256.hex() if version else "",
                tuple(f"{p.root}/{p.relpath}" for p in there),
                tuple(f"{p.root}/{p.relpath}" for p in drifted),
                _exact_sentence(len(there), len(drifted)),
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.title.casefold(), row.asset_id)))


def _exact_sentence(places: int, drifted: int) -> str:
    if not drifted:
        return f"{places} places, the same content."
    verb = "holds" if drifted == 1 else "hold"
    return f"{places} places; {drifted} of them {verb} other content than the current version."
