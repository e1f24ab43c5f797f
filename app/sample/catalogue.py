"""Reads the texts under resources/sample and says what each piece of collateral is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import NamedTuple, cast

from app.sample.text import Section, parse_body, split_header

# Review intervals in days by content type: shared vocabulary, section 2.
REVIEW_DAYS = {
    "first_call_deck": 90, "product_deck": 90, "one_pager": 180, "datasheet": 180,
    "solution_brief": 180, "case_study": 365, "white_paper": 365, "analyst_report": 180,
    "battlecard": 60, "objection_sheet": 90, "talk_track": 90, "discovery_guide": 180,
    "demo_asset": 90, "roi_tool": 180, "security_pack": 180, "rfp_boilerplate": 180,
    "pricing": 30, "implementation": 180, "qbr_deck": 180, "email_template": 90, "video": 365,
    "playbook": 90, "template": 365,
}  # fmt: skip
_FACETS = (
    ("content_type", "type"), ("stage", "stage"), ("persona", "persona"), ("buying_role", "role"),
    ("value_proposition", "value"), ("audience", "audience"),
)  # fmt: skip
_DRAFTING = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of the sample library, its header resolved against a day.

    ``target`` is the relpath of the file to be written; ``copy_of`` the key of the piece whose
    bytes it repeats; ``based_on`` the key of the piece that a rep has changed.
    """

    key: str
    target: str
    title: str
    summary: str
    tags: tuple[tuple[str, str], ...]
    status: str
    created_at: datetime
    published_at: datetime | None
    last_reviewed_at: datetime | None
    review_due: date | None
    expires: date | None
    superseded_by: str | None
    copy_of: str | None
    based_on: str | None
    owner: str | None
    language: str
    industry: str | None
    competitor: str | None
    theme: str
    story: str | None
    sections: tuple[Section, ...]

    @property
    def format(self) -> str:
        """The extension of the target: pdf, pptx, docx, xlsx or md."""
        return self.target.rsplit(".", 1)[1]


def read_pieces(now: datetime) -> tuple[Piece, ...]:
    """All pieces in the order of their targets; ``now`` is aware, ages count back from its day."""
    sources = {
        entry.name.removesuffix(".md"): _dated(entry.read_text(encoding="utf-8"), now)
        for entry in files("resources.sample").joinpath("collateral").iterdir()
        if entry.name.endswith(".md")
    }
    pieces = [_piece(key, sources, now) for key in sources]
    return tuple(sorted(pieces, key=lambda piece: piece.target))


def _dated(source: str, now: datetime) -> str:
    """The source with its years put in: the sample has a last year at any time."""
    for mark, year in (("{last_year}", now.year - 1), ("{year}", now.year)):
        source = source.replace(mark, str(year))
    return source


def _piece(key: str, sources: Mapping[str, str], now: datetime) -> Piece:
    header, body = split_header(sources[key])
    base = cast("str | None", header.get("based_on"))
    if base is not None:
        body = split_header(sources[base])[1]
        for old, new in cast("list[list[str]]", header["replace"]):
            if old not in body:
                raise ValueError(f"{key}: {base} has no {old!r} to replace")
            body = body.replace(old, new)
    theme = header
    if base or header.get("same_as"):
        theme = split_header(sources[str(base or header["same_as"])])[0]
    status = str(header.get("status", "published"))
    times = _times(header, status, now)
    return Piece(
        key=key,
        target=str(header["target"]),
        title=str(header["title"]),
        summary=str(header["summary"]),
        tags=_tags(header),
        status=status,
        superseded_by=_text(header, "superseded_by"),
        copy_of=_text(header, "same_as"),
        based_on=base,
        owner=_text(header, "owner"),
        language=str(header.get("language", "en")),
        industry=_text(header, "industry"),
        competitor=_text(header, "competitor"),
        theme=str(theme.get("theme", "core")),
        story=_text(header, "story"),
        sections=parse_body(body),
        created_at=times.created,
        published_at=times.published,
        last_reviewed_at=times.reviewed,
        review_due=times.review_due,
        expires=times.expires,
    )


class _Times(NamedTuple):
    """The dates in the life of a piece."""

    created: datetime
    published: datetime | None
    reviewed: datetime | None
    review_due: date | None
    expires: date | None


def _times(header: Mapping[str, object], status: str, now: datetime) -> _Times:
    """The dates of a piece: born ``age`` days ago at ten in the morning, UTC."""
    morning = now.replace(hour=10, minute=0, second=0, microsecond=0)
    born = morning - timedelta(days=_days(header, "age") or 0)
    out = status in ("published", "archived", "expired")
    days = _days(header, "reviewed") if out else None
    reviewed = None if days is None else morning - timedelta(days=days)
    interval = timedelta(days=REVIEW_DAYS.get(str(header.get("type", "")), 0))
    expires = _days(header, "expires_in")
    return _Times(
        created=born - _DRAFTING,
        published=born if out else None,
        reviewed=reviewed,
        review_due=None if reviewed is None else (reviewed + interval).date(),
        expires=None if expires is None else (morning + timedelta(days=expires)).date(),
    )


def _days(header: Mapping[str, object], key: str) -> int | None:
    value = header.get(key)
    return value if isinstance(value, int) else None


def _text(header: Mapping[str, object], key: str) -> str | None:
    value = header.get(key)
    return None if value is None else str(value)


def _tags(header: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Pairs of facet and term id, in the order of the facets."""
    pairs: list[tuple[str, str]] = []
    for facet, key in _FACETS:
        value = header.get(key, [])
        terms = value if isinstance(value, list) else [value]
        pairs += [(facet, str(term)) for term in terms]
    return tuple(pairs)
