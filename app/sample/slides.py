"""Draws the parts of a slide: filled shapes, text, tables and native charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.sample.brand import CORAL, FONT, INK, LINE, MUTED, WHITE, Palette, mix
from app.sample.text import Block, runs

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the slide in points from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def fill(slide: Any, area: Box, colour: str, form: str = "rectangle") -> None:
    """Draws a filled shape without outline; ``form`` is ``rectangle`` or ``oval``."""
    from pptx.enum.shapes import MSO_SHAPE

    kind = MSO_SHAPE.OVAL if form == "oval" else MSO_SHAPE.RECTANGLE
    shape = slide.shapes.add_shape(kind, *_emu(area))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour_of(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False


def box(slide: Any, area: Box) -> Any:
    """An empty text box without inner margins at its left."""
    return slide.shapes.add_textbox(*_emu(area))


def write(
    shape: Any, pieces: Pieces, size: float, colour: str, *, align: str = "left",
    anchor: str = "top",
) -> None:  # fmt: skip
    """Fills a shape with one paragraph; ``anchor`` is ``top``, ``middle`` or ``bottom``."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Pt(3)
    frame.margin_top = frame.margin_bottom = Pt(1)
    frame.vertical_anchor = {
        "top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM,
    }[anchor]  # fmt: skip
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
    spread = [(part, bold or strong) for text, bold in pieces for part, strong in runs(text)]
    for text, bold in spread:
        _run(paragraph, text, size, colour, bold=bold)


def add_table(slide: Any, block: Block, area: Box, palette: Palette) -> None:
    """Draws a native table that fills the area."""
    from pptx.util import Pt

    rows, columns = len(block.rows), len(block.rows[0])
    height = min(56.0, area.height / rows)
    size = 16 if height >= 42 and columns < 5 else 14
    frame = slide.shapes.add_table(
        rows, columns, *_emu(Box(area.left, area.top, area.width, height * rows))
    )
    table = frame.table
    _plain_style(frame)
    for column, width in enumerate(_widths(block, area.width)):
        table.columns[column].width = Pt(width)
    for index, row in enumerate(block.rows):
        table.rows[index].height = Pt(height)
        for column, text in enumerate(row):
            strong = index == 0 or column == 0
            _cell(table.cell(index, column), text, index, palette, size, strong=strong)


def _cell(cell: Any, text: str, index: int, palette: Palette, size: int, *, strong: bool) -> None:
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Pt

    cell.fill.solid()
    shade = palette.deep if index == 0 else (palette.tint if index % 2 == 0 else WHITE)
    cell.fill.fore_color.rgb = colour_of(shade)
    cell.margin_left = cell.margin_right = Pt(10)
    cell.margin_top = cell.margin_bottom = Pt(4)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    colour = WHITE if index == 0 else INK
    paragraph = cell.text_frame.paragraphs[0]
    for piece, bold in runs(text):
        _run(paragraph, piece, size, colour, bold=bold or strong)


def _plain_style(frame: Any) -> None:
    """Takes away the banding of the default table style: the cells carry their own fills."""
    table = frame.table
    table.horz_banding = False
    table.first_row = False
    style = frame._element.graphic.graphicData.tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    )
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _widths(block: Block, total: float) -> list[float]:
    """Column widths by the longest text of each column, none narrower than a sixth of an equal
    share would be."""
    longest = [max(len(row[column]) for row in block.rows) for column in range(len(block.rows[0]))]
    weights = [max(8.0, min(46.0, size)) ** 0.75 for size in longest]
    return [total * weight / sum(weights) for weight in weights]


def add_chart(slide: Any, block: Block, area: Box, palette: Palette) -> None:
    """Draws a native chart from the rows of the block: the first row names the series."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    kinds = {
        "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
        "bar": XL_CHART_TYPE.BAR_CLUSTERED,
        "line": XL_CHART_TYPE.LINE_MARKERS,
    }
    head, *body = block.rows
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [row[0] for row in body]
    for column, name in enumerate(head[1:], start=1):
        data.add_series(name, [float(row[column]) for row in body])
    frame = slide.shapes.add_chart(kinds[block.kind_of], *_emu(area), data)
    _style_chart(frame.chart, block, palette)


def _style_chart(chart: Any, block: Block, palette: Palette) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    chart.font.size, chart.font.name = Pt(13), FONT
    chart.font.color.rgb = colour_of(INK)
    chart.has_title = True
    title = chart.chart_title.text_frame.paragraphs[0]
    _run(title, block.lines[0], 15, MUTED, bold=True)
    chart.has_legend = len(block.rows[0]) > 2
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    chart.value_axis.major_gridlines.format.line.color.rgb = colour_of(LINE)
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = colour_of(mix(LINE, INK, 0.3))
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.has_major_gridlines = block.kind_of != "bar"
    if block.kind_of == "bar":
        chart.category_axis.reverse_order = True
        chart.value_axis.visible = False
    _style_series(chart, block, palette)


def _style_series(chart: Any, block: Block, palette: Palette) -> None:
    from pptx.util import Pt

    plot = chart.plots[0]
    two = len(block.rows[0]) > 2
    colours = [mix(palette.deep, WHITE, 0.62), palette.bright] if two else [palette.bright]
    if block.kind_of == "line":
        colours = [palette.bright, CORAL]
        for series, colour in zip(plot.series, colours, strict=False):
            series.smooth = False
            series.format.line.width = Pt(3)
            series.format.line.color.rgb = colour_of(colour)
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour_of(colour)
            series.marker.format.line.color.rgb = colour_of(WHITE)
        return
    plot.gap_width, plot.overlap = 60, -8
    plot.has_data_labels = True
    plot.data_labels.font.size = Pt(12)
    for series, colour in zip(plot.series, colours, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour_of(colour)


def _run(paragraph: Any, text: str, size: float, colour: str, *, bold: bool) -> None:
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.name, run.font.bold = Pt(size), FONT, bold
    run.font.color.rgb = colour_of(colour)


def colour_of(colour: str) -> Any:
    """An RRGGBB colour as python-pptx wants it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def _emu(area: Box) -> tuple[int, int, int, int]:
    return (
        round(area.left * 12700), round(area.top * 12700),
        round(area.width * 12700), round(area.height * 12700),
    )  # fmt: skip
