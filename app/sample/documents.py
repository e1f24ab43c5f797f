"""Turns a sample text into a Word document, and into Markdown."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from app.sample.brand import CORAL, FONT, INK, LINE, MUTED, WHITE, Palette, mix
from app.sample.model import NOTICE
from app.sample.text import Block, Section, runs

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def write_document(
    path: Path, title: str, sections: tuple[Section, ...], palette: Palette, *, made: datetime
) -> int:
    """Writes a Word document and returns the number of its pages as broken by the author."""
    from docx import Document
    from docx.enum.text import WD_BREAK
    from docx.shared import Cm

    document = Document()
    _properties(document, title, made)
    _styles(document, palette)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin, page.bottom_margin = Cm(1.8), Cm(2)
    _footer(page)
    pages = 1
    for section in sections:
        lead = section.blocks[0].lines[0] if section.blocks[0].kind == "paragraph" else ""
        _band(document, section.title, lead, palette)
        for block in section.blocks[1:] if lead else section.blocks:
            if block.kind == "page":
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
                pages += 1
            else:
                _add(document, block, palette)
    _drop_thumbnail(document)
    document.save(str(path))
    return pages


def write_markdown(path: Path, sections: tuple[Section, ...]) -> int:
    """Writes plain Markdown with the notice as its last line; returns 1, for it has no pages."""
    lines: list[str] = []
    for section in sections:
        lines += [f"# {section.title}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    lines += ["---", "", f"*{NOTICE}*"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return 1


def _markdown(block: Block) -> list[str]:
    if block.kind == "heading":
        return [f"## {block.lines[0]}"]
    if block.kind == "bullets":
        return [f"- {line}" for line in block.lines]
    if block.kind == "steps":
        return [f"{number}. {line}" for number, line in enumerate(block.lines, start=1)]
    if block.kind == "quote":
        return [f"> {line}" for line in block.lines]
    if block.kind == "table":
        head, *body = ["| " + " | ".join(row) + " |" for row in block.rows]
        return [head, "|" + " --- |" * len(block.rows[0]), *body]
    if block.kind == "stats":
        return [f"- **{row[0]}** {row[1]}" for row in block.rows]
    return list(block.lines)


def _properties(document: Any, title: str, made: datetime) -> None:
    core = document.core_properties
    core.title, core.author, core.subject, core.comments = title, "Norrvane", NOTICE, ""
    core.last_modified_by, core.revision = "Norrvane", 1
    core.created = core.modified = made.replace(tzinfo=None)


def _drop_thumbnail(document: Any) -> None:
    """Takes out the thumbnail of the library's own template: it shows another document."""
    relations = document.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype.endswith("/thumbnail")]:
        del relations[key]


def _styles(document: Any, palette: Palette) -> None:
    from docx.shared import Pt

    sizes = (("Normal", 11, INK), ("Heading 1", 24, WHITE), ("Heading 2", 16, palette.deep),
             ("List Bullet", 11, INK), ("List Number", 11, INK))  # fmt: skip
    for name, size, colour in sizes:
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = _rgb(colour)
        fonts = style.element.rPr.rFonts
        for side in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(f"{_WORD}{side}", None)
        fonts.set(f"{_WORD}ascii", FONT)
        fonts.set(f"{_WORD}hAnsi", FONT)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.2
    document.styles["Heading 2"].paragraph_format.space_before = Pt(16)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(4)


def _footer(page: Any) -> None:
    from docx.shared import Pt

    paragraph = page.footer.paragraphs[0]
    run = paragraph.add_run(f"norrvane  ·  {NOTICE}")
    run.font.size, run.font.name, run.font.color.rgb = Pt(8), FONT, _rgb(MUTED)


def _band(document: Any, title: str, lead: str, palette: Palette) -> None:
    """The title on a coloured band: a table of one cell, Word's only band that flows."""
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1, cols=1)
    table.autofit = False
    cell = table.cell(0, 0)
    cell.width = Cm(16.6)
    _shade(cell, palette.deep)
    brand = cell.paragraphs[0]
    brand.paragraph_format.space_before = Pt(10)
    _run(brand, "norrvane", 11, palette.bright, bold=True)
    heading = cell.add_paragraph(style="Heading 1")
    heading.add_run(title)
    line = cell.add_paragraph()
    line.paragraph_format.space_after = Pt(12)
    _run(line, lead, 12, mix(palette.deep, WHITE, 0.8), bold=False)
    _border(cell, "bottom", palette.bright, 36)


def _add(document: Any, block: Block, palette: Palette) -> None:
    if block.kind == "heading":
        document.add_paragraph(block.lines[0], style="Heading 2")
    elif block.kind in ("bullets", "steps"):
        style = "List Bullet" if block.kind == "bullets" else "List Number"
        for line in block.lines:
            _rich(document.add_paragraph(style=style), line)
    elif block.kind == "table":
        _table(document, block, palette)
    elif block.kind == "stats":
        _stats(document, block, palette)
    elif block.kind == "quote":
        for line in block.lines:
            _run(document.add_paragraph(), line, 13, palette.deep, bold=False)
    else:
        _rich(document.add_paragraph(), block.lines[0])


def _table(document: Any, block: Block, palette: Palette) -> None:
    table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
    for index, row in enumerate(block.rows):
        for column, text in enumerate(row):
            cell = table.cell(index, column)
            _shade(cell, palette.deep if index == 0 else (WHITE, palette.tint)[index % 2 == 0])
            paragraph = cell.paragraphs[0]
            for piece, bold in runs(text):
                strong = bold or index == 0 or column == 0
                _run(paragraph, piece, 10, WHITE if index == 0 else INK, bold=strong)
            _border(cell, "bottom", LINE, 4)
    document.add_paragraph().paragraph_format.space_after = 0


def _stats(document: Any, block: Block, palette: Palette) -> None:
    table = document.add_table(rows=1, cols=len(block.rows))
    for cell, row in zip(table.rows[0].cells, block.rows, strict=True):
        _shade(cell, palette.tint)
        _border(cell, "top", CORAL, 12)
        _run(cell.paragraphs[0], row[0], 24, palette.deep, bold=True)
        _run(cell.add_paragraph(), row[1], 10, INK, bold=False)
    document.add_paragraph()


def _rich(paragraph: Any, text: str) -> None:
    for piece, bold in runs(text):
        paragraph.add_run(piece).bold = bold or None


def _run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.font.bold = Pt(size), FONT, bold
    run.font.color.rgb = _rgb(colour)


def _shade(cell: Any, colour: str) -> None:
    """Fills a cell: python-docx has no call for it."""
    from docx.oxml import OxmlElement

    mark = OxmlElement("w:shd")
    mark.set(f"{_WORD}val", "clear")
    mark.set(f"{_WORD}color", "auto")
    mark.set(f"{_WORD}fill", colour)
    cell._tc.get_or_add_tcPr().append(mark)


def _border(cell: Any, side: str, colour: str, eighths: int) -> None:
    """Draws one border of a cell; its width is in eighths of a point."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:tcBorders")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("color", colour)):
        line.set(f"{_WORD}{name}", value)
    borders.append(line)
    # The schema wants borders before the fill.
    cell._tc.get_or_add_tcPr().insert(1, borders)


def _rgb(colour: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(colour)
