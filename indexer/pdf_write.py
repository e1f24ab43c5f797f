"""Writes a PDF from pieces of HTML, with a frame of bands and running lines around each page."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Colour = tuple[float, float, float]
A4 = (595.0, 842.0)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What surrounds the text; lengths in points, colours as red, green, blue from 0 to 1.

    ``margins`` are left, top, right, bottom. On the first page a band of ``band_height`` and of
    colour ``band`` carries ``cover_html``; a strip of colour ``accent`` lies under it. Later pages
    have a thin strip and the line ``running`` at the top. ``footer`` stands at the foot of each
    page, with the page's number.
    """

    margins: tuple[float, float, float, float] = (52, 58, 52, 62)
    band_height: float = 0
    band: Colour = (0.2, 0.2, 0.2)
    band_shade: Colour = (0.3, 0.3, 0.3)
    accent: Colour = (0.5, 0.5, 0.5)
    muted: Colour = (0.4, 0.4, 0.4)
    cover_html: str = ""
    running: str = ""
    footer: str = ""


def write_pdf(
    path: Path,
    parts: Sequence[str],
    css: str,
    *,
    page_size: tuple[float, float] = A4,
    metadata: Mapping[str, str] | None = None,
    frame: PageFrame | None = None,
) -> int:
    """Writes the parts, each a piece of an HTML body, and returns the number of pages.

    A part begins a page, unless it fits under the part before. ``page_size`` is width and height
    in points. ``metadata`` takes the keys of pymupdf's ``set_metadata`` (``title``, ``author``,
    ``creationDate`` as ``D:20250131120000Z``). Equal arguments give equal bytes.

    Raises OSError when the file cannot be written, and ValueError when a part is higher than a
    page: MuPDF repeats the backgrounds of a page on the page that continues it, so that a part
    must not flow over.
    """
    import pymupdf

    frame = frame or PageFrame()
    flowed = _place(pymupdf, parts, css, page_size, frame)
    with pymupdf.open("pdf", flowed) as document:  # type: ignore[no-untyped-call]
        for page in document:
            _decorate(pymupdf, page, frame)
        document.set_metadata(dict(metadata or {}))
        count = int(document.page_count)
        data = document.tobytes(garbage=3, deflate=True, deflate_fonts=True, no_new_id=True)
    path.write_bytes(data)
    return count


def _place(
    pymupdf: Any, parts: Sequence[str], css: str, page_size: tuple[float, float], frame: PageFrame
) -> bytes:
    """Lays out the parts; the first begins under the band."""
    width, height = page_size
    left, top, right, bottom = frame.margins
    head = frame.band_height + 24 if frame.band_height else top
    first = pymupdf.Rect(left, head, width - right, height - bottom)
    later = pymupdf.Rect(left, top, width - right, height - bottom)
    out = io.BytesIO()
    writer = pymupdf.DocumentWriter(out)
    for number, html in enumerate(_pack(pymupdf, parts, css, first, later), start=1):
        device = writer.begin_page(pymupdf.Rect(0, 0, width, height))
        if number == 1 and frame.band_height:
            cover = pymupdf.Story(frame.cover_html, user_css=css)
            cover.place(pymupdf.Rect(left, 30, width - right - 40, frame.band_height))
            cover.draw(device)
        story = pymupdf.Story(html, user_css=css)
        more, _filled = story.place(first if number == 1 else later)
        if more:
            raise ValueError(f"the text of page {number} is higher than the page: shorten it")
        story.draw(device)
        writer.end_page()
    writer.close()
    return out.getvalue()


def _pack(pymupdf: Any, parts: Sequence[str], css: str, first: Any, later: Any) -> list[str]:
    """The HTML of each page: a part joins the page before when both fit."""
    pages: list[str] = []
    for part in parts:
        if pages:
            both = pages[-1] + part
            more, _filled = pymupdf.Story(both, user_css=css).place(
                first if len(pages) == 1 else later
            )
            if not more:
                pages[-1] = both
                continue
        pages.append(part)
    return pages


def _decorate(pymupdf: Any, page: Any, frame: PageFrame) -> None:
    """Draws bands beneath the text, and the running lines."""
    width, height = page.rect.width, page.rect.height
    left, _top, right, bottom = frame.margins
    # The layout leaves its own coordinates behind; text drawn after it would stand on its head.
    page.wrap_contents()
    shape = page.new_shape()
    if page.number == 0 and frame.band_height:
        _cover_band(pymupdf, shape, width, frame)
    else:
        shape.draw_rect(pymupdf.Rect(0, 0, width, 8))
        shape.finish(color=None, fill=frame.band)
        shape.draw_rect(pymupdf.Rect(left, 0, left + 72, 8))
        shape.finish(color=None, fill=frame.accent)
    line = height - bottom + 22
    shape.draw_line((left, line), (width - right, line))
    shape.finish(color=frame.accent, width=0.6)
    shape.commit(overlay=False)
    font = pymupdf.Font("helv")
    mark = str(page.number + 1)
    words = pymupdf.TextWriter(page.rect)
    if page.number:
        words.append((left, 34), frame.running, font=font, fontsize=8.5)
    words.append((left, line + 17), frame.footer, font=font, fontsize=8)
    at = width - right - font.text_length(mark, fontsize=9)
    words.append((at, line + 17), mark, font=font, fontsize=9)
    words.write_text(page, color=frame.muted)


def _cover_band(pymupdf: Any, shape: Any, width: float, frame: PageFrame) -> None:
    """The coloured band of the first page: a quarter circle in its corner, a strip beneath."""
    tall = frame.band_height
    shape.draw_rect(pymupdf.Rect(0, 0, width, tall))
    shape.finish(color=None, fill=frame.band)
    shape.draw_circle((width, 0), tall * 0.82)
    shape.finish(color=None, fill=frame.band_shade)
    shape.draw_rect(pymupdf.Rect(0, tall, width, tall + 6))
    shape.finish(color=None, fill=frame.accent)
