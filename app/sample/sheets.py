"""Turns a sample text into a workbook: inputs, named cells, live formulas and native charts.

A cell of a sample table is a number (``1,200``, ``€19``, ``55 %``), a formula (``=a*b``, with a
number format behind it: ``€``, ``%``, ``0.0``, ``0.00``) or text. ``[name]`` names the cell for
formulas, a ``?`` at the end marks it as an input.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app.sample.brand import CORAL, FONT, INK, LINE, MUTED, WHITE, Palette, mix
from app.sample.model import NOTICE
from app.sample.text import Block, Section, plain

_CELL = re.compile(
    r"^(?P<body>.*?)(?:\s*\[(?P<name>\w+)\])?(?:\s*(?P<tail>€|%|0\.0+))?(?P<input>\s\?)?$"
)
_NUMBER = re.compile(r"^(€)?(-?[\d,]+(?:\.\d+)?)( %)?$")
_FORMATS = {"€": "€#,##0", "%": "0 %", "0.0": "0.0", "0.00": "€#,##0.00", "": "#,##0.##"}
_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass
class _Book:
    """A workbook while it is written: its formats, and the values of its named cells."""

    file: Any
    palette: Palette
    values: dict[str, float] = field(default_factory=dict)
    formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def style(self, **wanted: object) -> Any:
        """A cell format, made once for each set of properties."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            base = {
                "font_name": FONT,
                "font_size": 11,
                "font_color": f"#{INK}",
                "valign": "vcenter",
            }
            self.formats[key] = self.file.add_format({**base, **wanted})
        return self.formats[key]


def write_workbook(
    path: Path, title: str, sections: tuple[Section, ...], palette: Palette, *, made: datetime
) -> int:
    """Writes the workbook and returns the number of its sheets.

    Formulas are evaluated here as well, so that a reader which does not calculate shows values.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as file:
        file.set_properties({
            "title": title, "author": "Norrvane", "subject": NOTICE,
            "created": made.replace(tzinfo=None),
        })  # fmt: skip
        book = _Book(file, palette)
        for section in sections:
            _sheet(book, section)
    return len(sections)


def _sheet(book: _Book, section: Section) -> None:
    sheet = book.file.add_worksheet(section.title)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(f"#{book.palette.bright}")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(f"&L{NOTICE}&R&P")
    sheet.set_column(0, 0, 2)
    _widths(sheet, section)
    deep = f"#{book.palette.deep}"
    band = book.style(bg_color=deep, font_color=f"#{WHITE}", font_size=20, bold=True)
    for row, height in ((0, 16), (1, 30), (2, 20)):
        sheet.set_row(row, height, book.style(bg_color=deep))
    sheet.write(0, 1, "norrvane", book.style(
        bg_color=deep, font_color=f"#{book.palette.bright}", bold=True))  # fmt: skip
    sheet.write(1, 1, section.title, band)
    row = 4
    for block in section.blocks:
        row = _block(book, sheet, section.title, block, row)
    sheet.write(row, 1, NOTICE, book.style(font_size=9, font_color=f"#{MUTED}"))


def _widths(sheet: Any, section: Section) -> None:
    """Columns as wide as their longest text, within reason."""
    rows = [row for block in section.blocks if block.kind == "table" for row in block.rows]
    for column in range(max(len(row) for row in rows)):
        longest = max(len(plain(row[column])) for row in rows if column < len(row))
        formula = any(row[column].startswith("=") for row in rows if column < len(row))
        sheet.set_column(column + 1, column + 1, 16 if formula else max(12, min(58, longest + 4)))


def _block(book: _Book, sheet: Any, name: str, block: Block, row: int) -> int:
    """Writes one block from the row on and returns the row below it."""
    if block.kind == "table":
        return _table(book, sheet, name, block, row)
    if block.kind == "chart":
        return _chart(book, sheet, name, block, row)
    if block.kind == "heading":
        sheet.set_row(row, 24)
        sheet.write(row, 1, block.lines[0], book.style(
            font_size=14, bold=True, font_color=f"#{book.palette.deep}"))  # fmt: skip
        return row + 1
    # The lead of a sheet stands in its band.
    at = 2 if row == 4 else row
    pale = mix(book.palette.deep, WHITE, 0.8)
    sheet.write(at, 1, block.lines[0], book.style(
        bg_color=f"#{book.palette.deep}", font_color=f"#{pale}"))  # fmt: skip
    return row if at == 2 else row + 1


def _table(book: _Book, sheet: Any, name: str, block: Block, row: int) -> int:
    head, *body = block.rows
    style = book.style(
        bg_color=f"#{book.palette.deep}", font_color=f"#{WHITE}", bold=True, indent=1
    )
    for column, text in enumerate(head, start=1):
        sheet.write(row, column, text, style)
    for index, cells in enumerate(body, start=row + 1):
        sheet.set_row(index, 20)
        for column, text in enumerate(cells, start=1):
            shaded = (index - row) % 2 == 0
            _write_cell(book, sheet, name, (index, column), text,
                        strong=cells[0].startswith("**"), shaded=shaded)  # fmt: skip
    return row + len(block.rows) + 1


def _write_cell(
    book: _Book, sheet: Any, name: str, at: tuple[int, int], text: str, *, strong: bool,
    shaded: bool,
) -> float | None:  # fmt: skip
    """Writes one cell and returns its value, or None for text."""
    match = _CELL.match(plain(text))
    body, tail = match["body"].strip(), match["tail"] or ""  # type: ignore[index]
    look: dict[str, object] = {"bottom": 1, "bottom_color": f"#{LINE}", "bold": strong}
    if match["input"]:  # type: ignore[index]
        look["bg_color"] = "#FFF6CC"
    elif shaded or strong:
        look["bg_color"] = f"#{book.palette.tint}"
    if body.startswith("="):
        value = evaluate(body[1:], book.values)
        look["num_format"] = _FORMATS[tail]
        sheet.write_formula(*at, body, book.style(**look), round(value, 4))
    elif number := _NUMBER.match(body + (f" {tail}" if tail == "%" else "")):
        value = float(number[2].replace(",", "")) / (100 if number[3] else 1)
        look["num_format"] = "€#,##0" if number[1] else _FORMATS["%" if number[3] else ""]
        look["align"] = "right"
        sheet.write_number(*at, value, book.style(**look))
    else:
        sheet.write_string(*at, plain(text), book.style(**look, text_wrap=True, indent=1))
        return None
    if match["name"]:  # type: ignore[index]
        from xlsxwriter.utility import xl_rowcol_to_cell

        book.values[match["name"]] = value  # type: ignore[index]
        cell = xl_rowcol_to_cell(*at, row_abs=True, col_abs=True)
        book.file.define_name(match["name"], f"='{name}'!{cell}")  # type: ignore[index]
    return value


def _chart(book: _Book, sheet: Any, name: str, block: Block, row: int) -> int:
    """Writes the chart's own small table and the chart beside it."""
    below = _table(book, sheet, name, Block("table", rows=block.rows), row)
    last = row + len(block.rows) - 1
    chart = book.file.add_chart({"type": block.kind_of})
    colours = [f"#{book.palette.bright}", f"#{CORAL}"]
    for column in range(2, len(block.rows[0]) + 1):
        chart.add_series({
            "name": [name, row, column], "categories": [name, row + 1, 1, last, 1],
            "values": [name, row + 1, column, last, column], "gap": 60,
            "fill": {"color": colours[(column - 2) % 2]},
        })  # fmt: skip
    font = {"name": FONT, "size": 10, "color": f"#{INK}"}
    chart.set_title({"name": block.lines[0], "name_font": {**font, "size": 13}})
    chart.set_x_axis({"num_font": font, "label_position": "low"})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True,
                      "line": {"color": f"#{LINE}"}}})  # fmt: skip
    chart.set_legend({"none": True} if len(block.rows[0]) == 2 else {"position": "bottom"})
    chart.set_size({"width": 560, "height": 300})
    sheet.insert_chart(below, 1, chart)
    return below + 16


def evaluate(formula: str, values: dict[str, float]) -> float:
    """The value of an arithmetic formula over named values.

    Knows numbers, names, parentheses, and ``+ - * /``; anything else raises ValueError.
    """
    return _value(ast.parse(formula, mode="eval").body, values)


def _value(node: ast.AST, values: dict[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    raise ValueError(f"a sample formula cannot hold {ast.unparse(node)!r}")
