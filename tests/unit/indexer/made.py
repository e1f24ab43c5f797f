"""Small files made in code, each with something in it that a reader can get wrong."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import xlsxwriter
from docx.enum.text import WD_BREAK
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from indexer.extract.mupdf import load

pymupdf = load()


def deck(path: Path, title: str = "") -> Path:
    """Three slides: title and notes; table, group and chart; hidden."""
    made = Presentation()
    made.core_properties.title = title
    made.core_properties.author = "Ada Writer"
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = "Harbour platform"
    first.placeholders[1].text = "For port operators"
    first.notes_slide.notes_text_frame.text = "Mention the pilot in Rotterdam"
    second = made.slides.add_slide(made.slide_layouts[5])
    second.shapes.title.text = "Prices"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in enumerate((("Plan", "Per month"), ("Crane", "€ 490"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    group = second.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(4), Inches(2), Inches(1))
    box.text_frame.text = "grouped words"
    data = CategoryChartData()
    data.categories = ["Oslo", "Genoa"]
    data.add_series("Berths served", (4, 7))
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    second.shapes.add_chart(kind, Inches(5), Inches(2), Inches(3), Inches(3), data)
    third = made.slides.add_slide(made.slide_layouts[5])
    third.shapes.title.text = "Old figures"
    third._element.set("show", "0")
    made.save(str(path))
    return path


def document(path: Path, *, breaks: bool = False) -> Path:
    """Headings, a table, a header; pages by hand where ``breaks``."""
    made = docx.Document()
    made.core_properties.title = "Word Document"
    made.add_heading("Berth guide", level=1)
    made.add_paragraph("Quay walls carry loads.")
    if breaks:
        made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    made.add_heading("Second part", level=2)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Depth"
    table.cell(0, 1).text = "14 m"
    made.sections[0].header.paragraphs[0].text = "Harbour Ltd, confidential"
    made.save(str(path))
    return path


def workbook(path: Path) -> Path:
    """A visible sheet with text, numbers, a date and a share, and a hidden one."""
    with xlsxwriter.Workbook(str(path)) as made:
        prices = made.add_worksheet("Prices")
        prices.write_row(0, 0, ["Plan", "Price", "Valid until", "Discount"])
        prices.write(1, 0, "Crane")
        prices.write(1, 1, 0.1 + 0.2)
        prices.write(1, 2, 45657, made.add_format({"num_format": "dd.mm.yyyy"}))
        prices.write(1, 3, 0.15, made.add_format({"num_format": "0%"}))
        hidden = made.add_worksheet("Costs")
        hidden.write(0, 0, "internal margin")
        hidden.hide()
    return path


def pdf(
    path: Path, pages: tuple[str, ...] = ("Tide tables\nfor pilots", "Second"), **save: object
) -> Path:
    """A PDF with a page for each text; an empty text makes a page without any."""
    with pymupdf.open() as made:
        for text in pages:
            page = made.new_page(width=400, height=300)
            if text:
                page.insert_text((40, 60), text.split("\n"), fontsize=18)
        made.save(path, **save)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], out: Path) -> Path:
    """Copy a zip, giving each part's name and bytes to ``change``; None leaves a part out."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out


def replaced(part: str, pattern: bytes, by: bytes) -> Callable[[str, bytes], bytes]:
    """A change that replaces a pattern in one part."""

    def change(name: str, data: bytes) -> bytes:
        return re.sub(pattern, by, data) if name == part else data

    return change
