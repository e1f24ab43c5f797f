"""A slide that a rep made better, offered to marketing: a request like any other."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.asking import requests
from app.changes import Changes
from app.errors import UserError
from app.rows import OPEN_REQUEST_STATUSES, NewRequest
from app.rows_copies import RadarFile, RadarReport, RadarSlide
from app.store.logs import Request

PREFIX = "Contribution: "
_LONGEST_TITLE = 200


def need_of(file: RadarFile, slide: RadarSlide) -> str:
    """The need of the request that offers a slide: "Contribution: slide 7 of “…”, from …"."""
    return f"{PREFIX}{slide.label} of “{file.title[:_LONGEST_TITLE]}”, from {file.name}"[:500]


def offer(session: Session, me_id: int, file: RadarFile, page: int) -> Changes:
    """File a request that offers a page of a local file; ``result`` is its id.

    Raises UserError when that page does not differ from the library's, or was offered already.
    The request carries the text and the file's name, never its folder.
    """
    slide = next((each for each in file.slides if each.page == page), None)
    if slide is None:
        raise UserError(f"Page {page} of {file.name} is not one that differs from the library's.")
    need = need_of(file, slide)
    known = _open_offers(session).get(need)
    if known is not None:
        raise UserError(f"{slide.label} of {file.name} was offered already: request {known}.")
    lines = [
        f"Kind: contribution to asset {file.asset_id}, “{file.title}”.",
        slide.sentence,
        f"What {slide.label} of {file.name} says:",
        slide.text,
    ]
    filed = requests.file(session, me_id, NewRequest(need=need, details="\n\n".join(lines)))
    return replace(filed, summary=f"{slide.label} offered to marketing: request {filed.result}.")


def marked(session: Session, report: RadarReport) -> RadarReport:
    """The report with the contributions that are still open."""
    known = _open_offers(session) if any(file.slides for file in report.files) else {}
    if not known:
        return report
    files = tuple(
        replace(
            file,
            slides=tuple(
                replace(slide, request_id=known.get(need_of(file, slide), 0))
                for slide in file.slides
            ),
        )
        for file in report.files
    )
    return replace(report, files=files)


def _open_offers(session: Session) -> dict[str, int]:
    query = select(Request.title, Request.id).where(
        Request.title.startswith(PREFIX), Request.status.in_(OPEN_REQUEST_STATUSES)
    )
    return {title: request for title, request in session.execute(query)}
