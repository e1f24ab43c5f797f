"""Versions of an asset, and what changed from one content to another, told for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import alignment, assets, files
from app.rows import PageRow
from app.rows_copies import NumberChange, PageChange, VersionDiff, VersionRow
from app.store.tables import AssetVersion, Page, PageText

_WORD = re.compile(r"[A-Za-z]+")
_HEADING = 60
_TOLD = 4
SAME_TEXT = "The text is the same; the layout, pictures or repeated lines may differ."


def diff(old: Sequence[PageRow], new: Sequence[PageRow]) -> VersionDiff:
    """What changed from the pages of ``old`` to those of ``new``.

    Each page of both is in exactly one place: equal in text, changed, added or removed.
    """
    a, b = alignment.texts(old, new)
    pairs = alignment.pairs(a, b)
    movers = alignment.moved(pairs)
    same, changes = 0, []
    for i, j, likeness in pairs:
        change = _paired(old[i], new[j], a[i], b[j], likeness, moved=i in movers)
        same += change is None or change.kind == "moved"
        if change is not None:
            changes.append(change)
    kept_old, kept_new = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    changes += [_added(page) for j, page in enumerate(new) if j not in kept_new]
    changes.sort(key=lambda change: change.new_number)
    changes += [_removed(page) for i, page in enumerate(old) if i not in kept_old]
    return told(same, len(old), len(new), changes, word_of([*new, *old]))


def told(
    same: int, old_pages: int, new_pages: int, changes: Iterable[PageChange], word: str
) -> VersionDiff:
    """A difference with its sentences."""
    listed = tuple(replace(change, sentence=_change_sentence(change)) for change in changes)
    return VersionDiff(same, old_pages, new_pages, listed, word, _sentence(listed, new_pages, word))


def _paired(
    old: PageRow,
    new: PageRow,
    a: alignment.Text,
    b: alignment.Text,
    likeness: float,
    *,
    moved: bool,
) -> PageChange | None:
    equal, notes = a.whole == b.whole, a.notes == b.notes
    if equal and notes and not moved:
        return None
    return PageChange(
        kind="moved" if equal and notes else "changed",
        old_number=old.number, new_number=new.number, old_label=old.label, new_label=new.label,
        heading=new.heading or old.heading, numbers=alignment.numbers_changed(a, b),
        similarity=round(likeness, 3), moved=moved, notes_only=equal and not notes,
    )  # fmt: skip


def _added(page: PageRow) -> PageChange:
    return PageChange("added", 0, page.number, "", page.label, page.heading)


def _removed(page: PageRow) -> PageChange:
    return PageChange("removed", page.number, 0, page.label, "", page.heading)


# ---- words ------------------------------------------------------------------------------


def word_of(pages: Sequence[PageRow]) -> str:
    """What people call a page of this content: slide, page, sheet or section."""
    words = {match[0].lower() for page in pages if (match := _WORD.match(page.label))}
    return words.pop() if len(words) == 1 else "page"


def plural(count: int, word: str) -> str:
    """ "1 slide", "3 slides"."""
    return f"{count} {word}" + ("" if count == 1 else "s")


def quoted(text: str) -> str:
    """A title or heading in quotation marks, on one line, at most 60 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"“{line if len(line) <= _HEADING else line[: _HEADING - 1] + '…'}”"


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def numbers_text(numbers: Sequence[NumberChange], *, became: bool = True) -> str:
    """ "$49 became $59, 12 became 14", or "$49 here, $59 there" where none is newer."""
    form = "{} became {}" if became else "{} here, {} there"
    parts = [form.format(number.old, number.new) for number in numbers[:_TOLD]]
    more = len(numbers) - len(parts)
    return ("; " if not became else ", ").join(parts) + (f" and {more} more" if more else "")


def _change_sentence(change: PageChange) -> str:
    name = capital(change.new_label or change.old_label)
    heading = f": {quoted(change.heading)}" if change.heading else ""
    if change.kind == "added":
        return f"{name} is new{heading}."
    if change.kind == "removed":
        return f"{name} is gone{heading}."
    if change.kind == "moved":
        return f"{capital(change.old_label)} is now {change.new_label}{heading}."
    former = f" ({change.old_label} before)" if change.moved else ""
    if change.numbers:
        return f"{name}{former}: {numbers_text(change.numbers)}."
    if change.notes_only:
        return f"{name}{former}: only its notes changed."
    return f"{name}{former} changed{heading}."


def _sentence(changes: Sequence[PageChange], pages: int, word: str) -> str:
    if not changes:
        return SAME_TEXT if pages else "Neither has text to compare."
    counts = [
        (sum(change.kind == kind for change in changes), kind)
        for kind in ("added", "removed", "changed", "moved")
    ]
    parts = [(count, kind) for count, kind in counts if count]
    head = ", ".join(
        f"{plural(count, word)} {kind}" if place == 0 else f"{count} {kind}"
        for place, (count, kind) in enumerate(parts)
    )
    numbers = [change for change in changes if change.numbers]
    tail = "; ".join(
        f"{change.new_label}: {numbers_text(change.numbers)}" for change in numbers[:_TOLD]
    )
    return head + (f"; {tail}" if tail else "") + "."


# ---- to and from the record -------------------------------------------------------------


def as_data(found: VersionDiff) -> dict[str, Any]:
    """A difference as plain data, without its sentences."""
    return {
        "same": found.same, "old": found.old_pages, "new": found.new_pages, "word": found.word,
        "changes": [
            {key: value for key, value in asdict(change).items() if value and key != "sentence"}
            for change in found.changes
        ],
    }  # fmt: skip


def from_data(data: dict[str, Any], *, turned: bool = False) -> VersionDiff:
    """The difference kept by ``as_data``; ``turned`` looks at it from the other side."""
    changes = [_change_from(dict(change)) for change in data["changes"]]
    old, new = data["old"], data["new"]
    if turned:
        mirrored = [_turned(change) for change in changes]
        kept = sorted((c for c in mirrored if c.kind != "removed"), key=lambda c: c.new_number)
        lost = sorted((c for c in mirrored if c.kind == "removed"), key=lambda c: c.old_number)
        changes, old, new = [*kept, *lost], new, old
    return told(data["same"], old, new, changes, data["word"])


def _change_from(data: dict[str, Any]) -> PageChange:
    numbers = tuple(NumberChange(**number) for number in data.pop("numbers", ()))
    blank = {"old_number": 0, "new_number": 0, "old_label": "", "new_label": "", "heading": ""}
    return PageChange(**{**blank, **data}, numbers=numbers)


def _turned(change: PageChange) -> PageChange:
    kind = {"added": "removed", "removed": "added"}.get(change.kind, change.kind)
    return replace(
        change, kind=kind,
        old_number=change.new_number, new_number=change.old_number,
        old_label=change.new_label, new_label=change.old_label,
        numbers=tuple(NumberChange(number.new, number.old) for number in change.numbers),
    )  # fmt: skip


# ---- the record -------------------------------------------------------------------------


def pages_of(session: Session, version_ids: Sequence[int]) -> dict[int, list[PageRow]]:
    """The pages of versions, in order; versions without pages have an empty list."""
    query = (
        select(
            Page.version_id, Page.page_no, Page.label, PageText.heading, PageText.body,
            PageText.notes, Page.hidden,
        )
        .join(PageText, PageText.sha == Page.sha)
        .where(Page.version_id.in_(version_ids))
        .order_by(Page.version_id, Page.page_no)
    )  # fmt: skip
    found: dict[int, list[PageRow]] = {version: [] for version in version_ids}
    for version, number, label, heading, body, notes, hidden in session.execute(query):
        found[version].append(PageRow(number, label, heading, body, notes, hidden))
    return found


def versions(session: Session, asset_id: int) -> tuple[VersionRow, ...]:
    """The versions of an asset, newest first, each with what changed against the former.

    Raises UserError when there is no such asset.
    """
    asset = assets.get(session, asset_id)
    query = (
        select(AssetVersion)
        .where(AssetVersion.asset_id == asset.id)
        .order_by(AssetVersion.seen_at, AssetVersion.id)
    )
    listed = list(session.scalars(query))
    pages = pages_of(session, [version.id for version in listed])
    where = {
        place.version_id: f"{place.root}/{place.relpath}"
        for place in reversed(files.places(session, [asset_id]).get(asset_id, []))
        if not place.missing
    }
    rows = []
    for place, version in enumerate(listed):
        change = None
        if place:
            old, new = pages[listed[place - 1].id], pages[version.id]
            change = diff(old, new) if old or new else None
        rows.append(
            VersionRow(
                version.id, place + 1, version.id == asset.current_version_id,
                version.sha256.hex(), version.kind, version.size, version.page_count,
                version.modified_at, version.seen_at, version.extract_state,
                where.get(version.id, ""), change,
                change.sentence if change else ("The first version." if not place else ""),
            )
        )  # fmt: skip
    return tuple(reversed(rows))
