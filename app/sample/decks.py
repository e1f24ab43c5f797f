"""Turns a sample text into a presentation: cover, slides with tables and native charts, notes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from app.sample.brand import CORAL, INK, MUTED, WHITE, Palette, cover_picture, mix
from app.sample.model import NOTICE
from app.sample.slides import Box, add_chart, add_table, box, colour_of, fill, write
from app.sample.text import Block, Section

WIDTH, HEIGHT = 960, 540
LEFT, TOP, BODY_WIDTH, FLOOR = 60, 136, 840, 484
GAP = 18
ELASTIC = ("table", "stats", "bullets", "steps")


def write_deck(
    path: Path, title: str, sections: tuple[Section, ...], palette: Palette, *, made: datetime
) -> int:
    """Writes the presentation, 16:9, and returns the number of its slides."""
    from pptx import Presentation
    from pptx.util import Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for number, section in enumerate(sections, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        if number == 1:
            _cover(slide, section, palette)
        else:
            _slide(slide, section, palette, number)
        if section.notes:
            slide.notes_slide.notes_text_frame.text = section.notes
    _properties(deck, title, made)
    _thumbnail(deck, cover_picture(sections[0].title, _subtitle(sections[0]), palette))
    deck.save(str(path))
    return len(sections)


def _properties(deck: Any, title: str, made: datetime) -> None:
    core = deck.core_properties
    core.title, core.author, core.subject = title, "Norrvane", NOTICE
    core.last_modified_by, core.revision = "Norrvane", 1
    core.created = core.modified = made.replace(tzinfo=None)


def _thumbnail(deck: Any, picture: bytes) -> None:
    """Puts the cover in place of the thumbnail of the library's own template."""
    for relation in deck.part.package._rels.values():
        if relation.reltype.endswith("/thumbnail"):
            relation.target_part._blob = picture


def _subtitle(section: Section) -> str:
    return " ".join(line for block in section.blocks for line in block.lines)


def _cover(slide: Any, section: Section, palette: Palette) -> None:
    """The title slide: a dark ground, two circles, the mark, a bright strip."""
    background = slide.background.fill
    background.solid()
    background.fore_color.rgb = colour_of(palette.deep)
    for left, top, size, share in ((700, -190, 520, 0.12), (760, 290, 420, 0.22)):
        fill(slide, Box(left, top, size, size), mix(palette.deep, palette.bright, share), "oval")
    for index, height in enumerate((16, 26, 36)):
        fill(slide, Box(LEFT + index * 14, 88 - height, 9, height), palette.bright)
    write(box(slide, Box(LEFT + 50, 54, 300, 40)), [("norrvane", True)], 24, WHITE)
    title = slide.shapes.title
    _move(title, Box(LEFT, 176, 660, 130))
    write(title, [(section.title, True)], 46, WHITE, anchor="bottom")
    fill(slide, Box(LEFT + 3, 322, 96, 6), palette.bright)
    pale = mix(palette.deep, WHITE, 0.8)
    write(box(slide, Box(LEFT, 342, 640, 60)), [(_subtitle(section), False)], 22, pale)
    write(box(slide, Box(LEFT, 492, 500, 24)), [(NOTICE, False)], 10, pale)


def _slide(slide: Any, section: Section, palette: Palette, number: int) -> None:
    """A slide: title with an accent bar, the blocks one under the other, a foot line."""
    fill(slide, Box(0, 0, WIDTH, 10), palette.deep)
    fill(slide, Box(LEFT, 0, 96, 10), palette.bright)
    title = slide.shapes.title
    _move(title, Box(LEFT, 38, BODY_WIDTH, 64))
    write(title, [(section.title, True)], 32, palette.deep, anchor="middle")
    fill(slide, Box(LEFT + 3, 106, 56, 4), CORAL)
    fill(slide, Box(LEFT, 500, BODY_WIDTH, 0.8), mix(palette.bright, WHITE, 0.4))
    write(box(slide, Box(LEFT, 506, 600, 20)), [(f"norrvane  ·  {NOTICE}", False)], 9, MUTED)
    write(box(slide, Box(WIDTH - LEFT - 60, 506, 60, 20)), [(str(number), True)], 10,
          palette.deep, align="right")  # fmt: skip
    _body(slide, section.blocks, palette)


def _body(slide: Any, blocks: tuple[Block, ...], palette: Palette) -> None:
    """Shares out the height: a chart takes what the others leave, else all grow to fill it."""
    heights = [_height(block) for block in blocks]
    room = FLOOR - TOP - GAP * (len(blocks) - 1) - sum(heights)
    elastic = sum(h for b, h in zip(blocks, heights, strict=True) if b.kind in ELASTIC)
    stretch = min(1.6, 1 + room / elastic) if elastic and 0 not in heights else 1.0
    top = float(TOP)
    for block, height in zip(blocks, heights, strict=True):
        tall = height * stretch if block.kind in ELASTIC else height
        area = Box(LEFT, top, BODY_WIDTH, tall or max(room, 120))
        _draw(slide, block, area, palette, alone=len(blocks) == 1)
        top += area.height + GAP


def _height(block: Block) -> float:
    """The height that a block needs in points; 0 for a chart, which takes the rest."""
    if block.kind == "chart":
        return 0
    if block.kind in ("bullets", "steps"):
        return sum(34 if len(line) < 84 else 60 for line in block.lines) + 6
    if block.kind == "table":
        return 34 * len(block.rows)
    if block.kind == "stats":
        return 150
    if block.kind == "quote":
        return 104
    return 28 if len(block.lines[0]) < 120 else 48


def _draw(slide: Any, block: Block, area: Box, palette: Palette, *, alone: bool) -> None:
    if block.kind in ("bullets", "steps"):
        _bullets(slide, block, area, palette, alone=alone)
    elif block.kind == "table":
        add_table(slide, block, area, palette)
    elif block.kind == "stats":
        _stats(slide, block, area, palette)
    elif block.kind == "chart":
        add_chart(slide, block, area, palette)
    elif block.kind == "quote":
        _quote(slide, block, area, palette)
    else:
        write(box(slide, area), [(block.lines[0], False)], 14, MUTED)


def _bullets(slide: Any, block: Block, area: Box, palette: Palette, *, alone: bool) -> None:
    """Bullets as rows with a bright marker each; alone on a slide they get cards."""
    count = len(block.lines)
    step = min(104.0, (FLOOR - TOP) / count) if alone else area.height / count
    for index, line in enumerate(block.lines):
        top = area.top + index * step
        if alone:
            card = Box(area.left, top, area.width, step - 12)
            fill(slide, card, palette.tint)
            fill(slide, Box(area.left, top, 5, step - 12), palette.bright)
            target = box(slide, Box(area.left + 22, top, area.width - 40, step - 12))
            write(target, [(line, False)], 20, INK, anchor="middle")
        else:
            fill(slide, Box(area.left + 3, top + 11, 8, 8), palette.bright, "oval")
            target = box(slide, Box(area.left + 20, top, area.width - 24, step))
            write(target, [(line, False)], 17, INK)


def _stats(slide: Any, block: Block, area: Box, palette: Palette) -> None:
    count = len(block.rows)
    width = (area.width - GAP * (count - 1)) / count
    strong = mix(palette.deep, palette.bright, 0.25)
    middle = area.top + area.height / 2
    for index, row in enumerate(block.rows):
        left = area.left + index * (width + GAP)
        fill(slide, Box(left, area.top, width, area.height), palette.tint)
        fill(slide, Box(left, area.top, width, 5), palette.bright)
        write(box(slide, Box(left + 18, middle - 62, width - 30, 62)), [(row[0], True)], 44,
              strong, anchor="middle")  # fmt: skip
        write(box(slide, Box(left + 18, middle + 6, width - 30, 60)), [(row[1], False)], 17, INK)


def _quote(slide: Any, block: Block, area: Box, palette: Palette) -> None:
    said = " ".join(line for line in block.lines if not line.startswith("— "))
    who = " ".join(line for line in block.lines if line.startswith("— "))
    fill(slide, Box(area.left + 3, area.top, 5, area.height), CORAL)
    inner = Box(area.left + 26, area.top, area.width - 40, area.height - 26)
    write(box(slide, inner), [(f"“{said}”", False)], 24, palette.deep, anchor="middle")
    by = Box(area.left + 26, area.top + area.height - 26, area.width - 40, 24)
    write(box(slide, by), [(who, False)], 14, MUTED)


def _move(shape: Any, area: Box) -> None:
    from pptx.util import Pt

    shape.left, shape.top = Pt(area.left), Pt(area.top)
    shape.width, shape.height = Pt(area.width), Pt(area.height)
