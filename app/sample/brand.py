"""The look of the fictitious company: its colours, its mark, and the cover of a deck."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

INK = "1F2D3A"
MUTED = "647482"
LINE = "D5DEE3"
CORAL = "F2704E"
WHITE = "FFFFFF"
FONT = "Arial"
COVER_TEXT_WIDTH = 740


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme as RRGGBB: a dark ground, a bright accent, a pale fill."""

    deep: str
    bright: str
    tint: str


PALETTES = {
    "core": Palette("0B3C49", "17B1A8", "E6F4F3"),
    "pharma": Palette("2B2F77", "7C83F0", "ECEDFB"),
    "food": Palette("1F5138", "5DBB6F", "E8F4EA"),
    "grocery": Palette("7A2E1D", "EF8354", "FBEDE6"),
    "logistics": Palette("5B3A00", "E2A32B", "FBF3E1"),
    "compete": Palette("5A1333", "D9507F", "FAE8EE"),
    "legacy": Palette("1B4674", "6BA5DD", "E8F0F8"),
    "internal": Palette("2C3844", "8CA3B5", "EBEFF2"),
}


def rgb(colour: str) -> tuple[int, int, int]:
    """An RRGGBB colour as three numbers from 0 to 255."""
    return int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)


def unit_rgb(colour: str) -> tuple[float, float, float]:
    """An RRGGBB colour as three numbers from 0 to 1."""
    red, green, blue = rgb(colour)
    return red / 255, green / 255, blue / 255


def mix(colour: str, other: str, share: float) -> str:
    """The colour with ``share`` (0 to 1) of the other mixed in."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def cover_picture(title: str, subtitle: str, palette: Palette) -> bytes:
    """The title slide as a JPEG of 512 by 288 pixels, for previews that cannot draw slides."""
    from PIL import Image, ImageDraw

    size = (512, 288)
    picture = Image.new("RGB", (size[0] * 2, size[1] * 2), rgb(palette.deep))
    draw = ImageDraw.Draw(picture)
    for centre, radius, share in (((940, 60), 330, 0.10), ((1010, 520), 250, 0.18)):
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        draw.ellipse(box, fill=rgb(mix(palette.deep, palette.bright, share)))
    _mark(draw, palette)
    top = _lines(draw, title, 62, (72, 200), WHITE, bold=True)
    draw.rectangle((72, top + 22, 192, top + 31), fill=rgb(palette.bright))
    _lines(draw, subtitle, 30, (72, top + 56), mix(palette.deep, WHITE, 0.78))
    out = io.BytesIO()
    small = picture.resize(size, Image.Resampling.LANCZOS)
    small.save(out, "JPEG", quality=88)
    return out.getvalue()


def _mark(draw: Any, palette: Palette) -> None:
    """Three rising bars and the name, as on the slides."""
    for index, height in enumerate((20, 32, 44)):
        left = 72 + index * 17
        draw.rectangle((left, 108 - height, left + 11, 108), fill=rgb(palette.bright))
    draw.text((136, 66), "norrvane", font=_font(38), fill=rgb(WHITE), stroke_width=1)


def _lines(
    draw: Any, text: str, size: int, at: tuple[int, int], colour: str, *, bold: bool = False
) -> int:
    """Writes text wrapped to the width of the cover and returns the y below it."""
    font = _font(size)
    # The face has no bold: a thin stroke in the same colour stands in for it.
    stroke = 1 if bold else 0
    y = at[1]
    for line in _wrap(text.split(), lambda words: draw.textlength(" ".join(words), font=font)):
        draw.text((at[0], y), line, font=font, fill=rgb(colour), stroke_width=stroke)
        y += round(size * 1.2)
    return y


def _wrap(words: Sequence[str], measure: Callable[[list[str]], float]) -> list[str]:
    lines: list[list[str]] = [[]]
    for word in words:
        if lines[-1] and measure([*lines[-1], word]) > COVER_TEXT_WIDTH:
            lines.append([])
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def _font(size: int) -> Any:
    """Pillow's own face: it is there on every machine, so that pictures come out the same."""
    from PIL import ImageFont

    return ImageFont.load_default(size)
