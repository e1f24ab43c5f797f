"""Turns a sample text into a PDF with the company's cover band, callout numbers and tables."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path

from app.sample.brand import CORAL, INK, LINE, MUTED, WHITE, Palette, mix, unit_rgb
from app.sample.model import NOTICE
from app.sample.text import Block, Section, runs
from indexer.pdf_write import PageFrame, write_pdf

BAND = 186.0
_CLOSING = (
    '<table class="stats"><tr><td class="ask">hello@norrvane.example</td>'
    '<td class="ask">Norrvane · Rotterdam · Leeds · Munich · Malmö</td></tr></table>'
)


def write_paper(
    path: Path, title: str, sections: tuple[Section, ...], palette: Palette, *, made: datetime
) -> int:
    """Writes the PDF and returns the number of its pages; ``made`` becomes its creation date."""
    first = sections[0]
    lead = first.blocks[0].lines[0] if first.blocks and first.blocks[0].kind == "paragraph" else ""
    blocks = first.blocks[1:] if lead else first.blocks
    rest = [Block("heading", (section.title,)) for section in sections[1:]]
    pages: list[str] = [""]
    for block in (*blocks, *rest):
        if block.kind == "page":
            pages.append("")
        else:
            pages[-1] += _html(block)
    pages[-1] += _CLOSING
    stamp = made.strftime("D:%Y%m%d%H%M%SZ")
    return write_pdf(
        path,
        pages,
        _css(palette),
        metadata={
            "title": title, "author": "Norrvane", "subject": NOTICE, "producer": "Deckhand",
            "creator": "Norrvane marketing", "creationDate": stamp, "modDate": stamp,
        },
        frame=PageFrame(
            band_height=BAND,
            band=unit_rgb(palette.deep),
            band_shade=unit_rgb(mix(palette.deep, palette.bright, 0.22)),
            accent=unit_rgb(palette.bright),
            muted=unit_rgb(MUTED),
            cover_html=_cover(first.title, lead),
            running=f"norrvane  ·  {title}",
            footer=NOTICE,
        ),
    )  # fmt: skip


def _cover(title: str, lead: str) -> str:
    return (
        '<body><p class="brand">norrvane</p>'
        f'<p class="cover">{escape(title)}</p><p class="lead">{escape(lead)}</p></body>'
    )


def _html(block: Block) -> str:
    """One block as HTML that the layout engine draws well: no floats, no flex."""
    if block.kind == "heading":
        return f"<h2>{_rich(block.lines[0])}</h2>"
    if block.kind == "bullets":
        return "<ul>" + "".join(f"<li>{_rich(line)}</li>" for line in block.lines) + "</ul>"
    if block.kind == "steps":
        return "<ol>" + "".join(f"<li>{_rich(line)}</li>" for line in block.lines) + "</ol>"
    if block.kind == "quote":
        return _quote(block)
    if block.kind == "table":
        return _table(block)
    if block.kind == "stats":
        return _stats(block)
    return f"<p>{_rich(block.lines[0])}</p>"


def _rich(text: str) -> str:
    return "".join(f"<b>{escape(t)}</b>" if bold else escape(t) for t, bold in runs(text))


def _quote(block: Block) -> str:
    said = [line for line in block.lines if not line.startswith("— ")]
    who = [line for line in block.lines if line.startswith("— ")]
    by = f'<p class="who">{escape(who[0])}</p>' if who else ""
    return f'<div class="quote"><p class="said">“{escape(" ".join(said))}”</p>{by}</div>'


def _table(block: Block) -> str:
    head, *body = block.rows
    cells = "".join(f"<th>{_rich(cell)}</th>" for cell in head)
    rows = [f"<tr>{cells}</tr>"]
    for index, row in enumerate(body):
        shade = ' class="odd"' if index % 2 else ""
        cells = "".join(f"<td{shade}>{_rich(cell) or '&#160;'}</td>" for cell in row)
        rows.append(f"<tr>{cells}</tr>")
    return f'<table class="grid">{"".join(rows)}</table>'


def _stats(block: Block) -> str:
    numbers = "".join(f'<td class="num">{escape(row[0])}</td>' for row in block.rows)
    labels = "".join(f'<td class="lab">{escape(row[1])}</td>' for row in block.rows)
    return f'<table class="stats"><tr>{numbers}</tr><tr>{labels}</tr></table>'


def _css(palette: Palette) -> str:
    strong = mix(palette.deep, palette.bright, 0.25)
    return f"""
    body {{ font-family: sans-serif; font-size: 12.5pt; line-height: 1.45; color: #{INK};
           margin: 0; }}
    p {{ margin: 0 0 10pt 0; }}
    h2 {{ font-size: 18pt; color: #{palette.deep}; margin: 20pt 0 8pt 0; line-height: 1.2; }}
    ul, ol {{ margin: 0 0 10pt 0; padding-left: 18pt; }}
    li {{ margin-bottom: 6pt; }}
    .brand {{ color: #{palette.bright}; font-weight: bold; font-size: 14pt; margin-bottom: 22pt; }}
    .cover {{ color: #{WHITE}; font-weight: bold; font-size: 28pt; line-height: 1.12;
             margin-bottom: 8pt; }}
    .lead {{ color: #{mix(palette.deep, WHITE, 0.8)}; font-size: 14pt; line-height: 1.3; }}
    table {{ border-spacing: 0; border-collapse: collapse; margin: 8pt 0 14pt 0; width: 100%; }}
    .grid th {{ background-color: #{palette.deep}; color: #{WHITE}; text-align: left;
               font-size: 11pt; padding: 6pt 9pt; }}
    .grid td {{ border-bottom: 0.6pt solid #{LINE}; font-size: 11.5pt; padding: 6pt 9pt;
               line-height: 1.32; vertical-align: top; }}
    .grid td.odd {{ background-color: #{palette.tint}; }}
    .stats td {{ background-color: #{palette.tint}; padding: 0 16pt; text-align: left; }}
    .stats td.num {{ font-size: 30pt; font-weight: bold; color: #{strong}; padding-top: 14pt;
                    line-height: 1.15; white-space: nowrap; }}
    .stats td.lab {{ font-size: 11pt; padding-bottom: 14pt; line-height: 1.3;
                    vertical-align: top; }}
    .stats td.ask {{ font-size: 10.5pt; color: #{palette.deep}; padding: 11pt 16pt; }}
    .quote {{ border-left: 4pt solid #{CORAL}; padding-left: 14pt; margin: 14pt 0 16pt 0; }}
    .said {{ font-size: 16pt; line-height: 1.35; color: #{palette.deep}; margin-bottom: 4pt; }}
    .who {{ font-size: 11pt; color: #{MUTED}; }}
    """
