"""Draws a card that stands for a page which cannot be drawn itself: its title, its first lines."""

from html import escape
from typing import Any
from unicodedata import bidirectional

from indexer.extract.mupdf import load

_SLIDE = (640.0, 360.0)
_SHEET = (420.0, 560.0)
_INK = "#1b2430"
_SOFT = "#5b6673"
_FAINT = "#8a94a0"
_RULE = (0.87, 0.89, 0.92)
_EDGE = (0.80, 0.83, 0.87)

_ACCENTS = {
    "pptx": (0.78, 0.34, 0.18),
    "docx": (0.17, 0.38, 0.68),
    "xlsx": (0.13, 0.48, 0.32),
    "html": (0.45, 0.32, 0.62),
    "markdown": (0.25, 0.42, 0.48),
    "text": (0.40, 0.44, 0.50),
    "pdf": (0.70, 0.20, 0.22),
    "ebook": (0.55, 0.38, 0.16),
    "image": (0.16, 0.45, 0.52),
    "video": (0.36, 0.56, 0.98),
    "audio": (0.62, 0.50, 0.95),
    "link": (0.20, 0.44, 0.72),
}
_NAMES = {
    "pptx": "PowerPoint",
    "docx": "Word",
    "xlsx": "Excel",
    "html": "Web page",
    "markdown": "Markdown",
    "text": "Text",
    "pdf": "PDF",
    "ebook": "E-book",
    "image": "Picture",
    "video": "Video",
    "audio": "Recording",
    "link": "Link",
}
_WIDE = ("pptx", "xlsx", "image", "video", "audio", "link")
_PLAYED = ("video", "audio")
_NIGHT = (0.12, 0.14, 0.18)
_SOUND = (0.2, 0.5, 0.9, 0.4, 0.7, 1.0, 0.6, 0.8, 0.35, 0.55, 0.2)
_ROWS, _COLUMNS = 13, 6
_CELL = 28
_LONGEST_TITLE = 160
_LONGEST_TEXT = 1_600


def card(kind: str, title: str, text: str, label: str) -> Any:
    """Return a document of one page with the card on it.

    A slide is 16:9, a sheet of a workbook is a table, what is played has a dark ground with a
    sign for it, everything else is a sheet of paper.

    :param kind: one of :data:`indexer.extract.KINDS`.
    :param text: the page's first lines; for a workbook its rows, cells parted by tabs.
    :param label: how the page is cited, such as "slide 3".
    """
    pymupdf = load()
    document = pymupdf.open()
    width, height = _SLIDE if kind in _WIDE else _SHEET
    page = document.new_page(width=width, height=height)
    accent = _ACCENTS.get(kind, _ACCENTS["text"])
    page.draw_rect(page.rect, color=None, fill=(1, 1, 1))
    if kind == "xlsx":
        _table(page, title, text, accent)
    elif kind in _PLAYED:
        _played(page, kind, title, text, accent)
    elif kind in _WIDE:
        page.draw_rect((0, 0, 10, height), color=None, fill=accent)
        _words(page, (44, 40, width - 40, height - 46), _slide_html(title, text))
    else:
        page.draw_rect((0, 0, width, 8), color=None, fill=accent)
        _words(page, (38, 40, width - 38, height - 44), _sheet_html(title, text))
    _footer(page, kind, label)
    page.draw_rect(page.rect, color=_EDGE, width=1.5)
    return document


def _played(
    page: Any, kind: str, title: str, text: str, accent: tuple[float, float, float]
) -> None:
    """Draw a dark ground, a triangle or the ups and downs of a sound, and the title below."""
    pymupdf = load()
    width, height = page.rect.width, page.rect.height
    page.draw_rect(page.rect, color=None, fill=_NIGHT)
    middle, half = pymupdf.Point(width / 2, 118), 46
    if kind == "video":
        page.draw_circle(middle, half, color=accent, fill=None, width=3)
        corners = [(-14, -22), (-14, 22), (24, 0)]
        page.draw_polyline(
            [middle + corner for corner in corners], color=None, fill=accent, closePath=True
        )
    else:
        for place, tall in enumerate(_SOUND):
            x = width / 2 + (place - len(_SOUND) // 2) * 14
            ends = (x, middle.y - tall * half), (x, middle.y + tall * half)
            page.draw_line(*ends, color=accent, width=6, lineCap=1)
    title, lines = _head(title, text)
    told = "".join(f"<p>{escape(_short(line, 90))}</p>" for line in lines[:4])
    size = 26 if len(title) < 48 else 20
    html = f"""<style>
      body {{ margin: 0; font-family: sans-serif; font-size: 14px; line-height: 1.35;
              color: #b6c0cc; text-align: center; }}
      h1 {{ font-size: {size}px; line-height: 1.15; color: #ffffff; margin: 0 0 10px 0; }}
      p {{ margin: 0 0 3px 0; }}
    </style><body><h1>{escape(title)}</h1>{told}</body>"""
    _words(page, (48, 192, width - 48, height - 44), html)


def _words(page: Any, box: tuple[float, ...], html: str) -> None:
    """Set as many whole lines as the box has room for."""
    pymupdf = load()
    story = pymupdf.Story(html=html)
    story.place(pymupdf.Rect(box))
    # A Story draws on a device only, so its page comes in as a picture made of vectors.
    stream = _drawn(story, page.rect)
    with pymupdf.open("pdf", stream) as drawn:
        page.show_pdf_page(page.rect, drawn, 0)


def _drawn(story: Any, rect: Any) -> bytes:
    from io import BytesIO

    pymupdf = load()
    out = BytesIO()
    writer = pymupdf.DocumentWriter(out)
    device = writer.begin_page(rect)
    story.draw(device)
    writer.end_page()
    writer.close()
    return out.getvalue()


def _slide_html(title: str, text: str) -> str:
    title, lines = _head(title, text)
    size = 30 if len(title) < 48 else 24 if len(title) < 90 else 19
    body = "".join(f"<p>{escape(line)}</p>" for line in lines[:12])
    return f"""<style>
      body {{ margin: 0; font-family: sans-serif; color: {_SOFT}; font-size: 15px; line-height: 1.3;
              text-align: {_side(title)}; }}
      h1 {{ font-size: {size}px; line-height: 1.15; color: {_INK}; margin: 0 0 14px 0; }}
      p {{ margin: 0 0 5px 0; }}
    </style><body><h1>{escape(title)}</h1>{body}</body>"""


def _sheet_html(title: str, text: str) -> str:
    title, lines = _head(title, text)
    size = 22 if len(title) < 60 else 17
    body = "".join(f"<p>{escape(line)}</p>" for line in lines[:40])
    return f"""<style>
      body {{ margin: 0; font-family: serif; color: {_SOFT}; font-size: 13px; line-height: 1.4;
              text-align: {_side(title)}; }}
      h1 {{ font-family: sans-serif; font-size: {size}px; line-height: 1.2; color: {_INK};
            margin: 0 0 12px 0; }}
      p {{ margin: 0 0 7px 0; }}
    </style><body><h1>{escape(title)}</h1>{body}</body>"""


def _head(title: str, text: str) -> tuple[str, list[str]]:
    """Return a title and the lines below it; without a title the first line is one."""
    lines = [" ".join(line.split()) for line in text[:_LONGEST_TEXT].splitlines()]
    lines = [line for line in lines if line]
    title = " ".join(title.split())
    if not title and lines and len(lines[0]) <= _LONGEST_TITLE:
        title = lines.pop(0)
    elif lines and lines[0].casefold() == title.casefold():
        lines.pop(0)
    return _short(title, _LONGEST_TITLE), lines


def _table(page: Any, title: str, text: str, accent: tuple[float, float, float]) -> None:
    """Draw the first rows of a sheet as a table."""
    rows = [line.split("\t")[:_COLUMNS] for line in text[:8_000].splitlines() if line.strip()]
    rows = rows[:_ROWS]
    width, height = page.rect.width, page.rect.height
    left, top, right, bottom = 28.0, 56.0, width - 28.0, height - 34.0
    page.draw_rect((0, 0, width, 40), color=None, fill=accent)
    _words(page, (left, 8, right, 40), _line(_short(title, 60), "#ffffff", 17, bold=True))
    columns = max((len(row) for row in rows), default=1)
    step, span = (bottom - top) / _ROWS, (right - left) / columns
    for index in range(len(rows) + 1):
        y = top + index * step
        page.draw_line((left, y), (right, y), color=_RULE, width=0.8)
    _words(page, (left, top, right, bottom), _cells_html(rows, columns, step))
    for column in range(1, columns):
        x = left + column * span
        page.draw_line((x, top), (x, top + len(rows) * step), color=_RULE, width=0.5)


def _cells_html(rows: list[list[str]], columns: int, step: float) -> str:
    """Return a table whose rows are ``step`` points high."""
    longest = max(8, _CELL * _COLUMNS // max(columns, 2) // 2)
    lines: list[str] = []
    for index, row in enumerate(rows):
        tag = "th" if index == 0 else "td"
        padded = [*row, *[""] * (columns - len(row))]
        cells = (f"<{tag}>{escape(_short(cell, longest)) or '&#160;'}</{tag}>" for cell in padded)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"""<style>
      body {{ margin: 0; font-family: sans-serif; font-size: 11px; color: {_SOFT}; }}
      table {{ width: 100%; border-spacing: 0; }}
      td, th {{ text-align: left; padding: 4px 5px; height: {step - 8:.1f}px;
                width: {100 / columns:.1f}%; }}
      th {{ color: {_INK}; font-weight: bold; }}
    </style><body><table>{"".join(lines)}</table></body>"""


def _footer(page: Any, kind: str, label: str) -> None:
    width, height = page.rect.width, page.rect.height
    name, label = _NAMES.get(kind, ""), _short(label, 60)
    parts = (label if label.casefold() != name.casefold() else "", name)
    text = " · ".join(part for part in parts if part)
    left = 44 if kind in _WIDE and kind not in ("xlsx", *_PLAYED) else 30
    _words(page, (left, height - 30, width - 30, height - 6), _line(text, _FAINT, 11, bold=False))


def _line(text: str, color: str, size: int, *, bold: bool) -> str:
    weight = "bold" if bold else "normal"
    return f"""<style>
      body {{ margin: 0; font-family: sans-serif; font-size: {size}px; color: {color}; }}
      p {{ margin: 0; font-weight: {weight}; }}
    </style><body><p>{escape(text)}</p></body>"""


def _side(text: str) -> str:
    """Return the side at which lines begin, by the first letter that has a direction."""
    for character in text:
        direction = bidirectional(character)
        if direction in ("L", "R", "AL"):
            return "left" if direction == "L" else "right"
    return "left"


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
